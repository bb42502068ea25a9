package render

import (
	"encoding/json"
	"errors"
	"strings"
	"text/template"
	"time"
)

// compileTemplate parses a Go template. Besides the built-in functions it has
//
//	json V         compact JSON of a value
//	join SEP V     the elements of a list, or one value, as text
//	upper S        lower S
//	default D V    D where V is null or ""
//	localtime V    an RFC 3339 time as tables show it
//
// none of which can reach outside the data.
func compileTemplate(text string, loc *time.Location) (*template.Template, error) {
	if len(text) > programMax {
		return nil, &UsageError{Option: optionOutput, Problem: ProblemBadTemplate, Value: tooLong}
	}
	t, err := template.New("output").Option("missingkey=error").Funcs(template.FuncMap{
		"json":  func(v any) string { return string(appendJSON(nil, templateTree(v))) },
		"join":  func(sep string, v any) string { return strings.Join(texts(templateTree(v)), sep) },
		"upper": strings.ToUpper,
		"lower": strings.ToLower,
		"default": func(fallback, v any) any {
			if v == nil || v == "" {
				return fallback
			}
			return v
		},
		"localtime": func(v any) string {
			s, ok := v.(string)
			if !ok {
				return noValue
			}
			return localTime(s, loc)
		},
	}).Parse(text)
	if err != nil {
		return nil, &UsageError{Option: optionOutput, Problem: ProblemBadTemplate, Value: sanitize(err.Error())}
	}
	return t, nil
}

// runTemplate executes a template on the maps of a tree, and ends the output
// with a line feed.
func runTemplate(t *template.Template, v any) ([]byte, error) {
	var buf boundedBuffer
	err := t.Execute(&buf, plain(v, templateNumber))
	if errors.Is(err, errOutput) {
		return nil, &ProgramError{Option: optionOutput, Reason: tooMuch}
	}
	if err != nil {
		return nil, &ProgramError{Option: optionOutput, Reason: templateReason(err)}
	}
	if out := buf.Bytes(); len(out) == 0 || out[len(out)-1] == '\n' {
		return out, nil
	}
	buf.WriteByte('\n')
	return buf.Bytes(), nil
}

// templateNumber makes whole numbers comparable with constants in a template.
// Others stay as they are written in the JSON.
func templateNumber(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	return n
}

// templateTree undoes plain for a value that a template hands to a function.
func templateTree(v any) any {
	return unplain(v, func(v any) json.Number {
		number, err := json.Marshal(v)
		if err != nil {
			return "null" // a complex constant
		}
		return json.Number(number)
	})
}

// templateReason keeps of the error of text/template the place where it failed.
// What follows can hold a value of the result.
func templateReason(err error) string {
	failed, ok := errors.AsType[template.ExecError](err)
	if !ok {
		return "the template does not execute"
	}
	message := failed.Error()
	if i := strings.Index(message, ">: "); i >= 0 {
		message = message[:i+1]
	}
	return sanitize(message)
}
