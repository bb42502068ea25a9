package account

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

// Language is a language of messages. JSON, codes and flags are never translated.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Pick gives the text of the language.
func (l Language) Pick(en, zh string) string {
	if l == Chinese {
		return zh
	}
	return en
}

// Fault is an expected failure: a code of the table, details that are safe to show (never personal data, a secret or
// a DSN), and the cause for logs. Everything that is not a Fault prints as INTERNAL.
type Fault struct {
	Code    Code
	Details map[string]any
	// All are the single faults where several things are wrong at once; the Fault itself is then the first of them, or
	// INPUT_INVALID.
	All   []*Fault
	Cause error
	// Advice stands for the table's hint where more is known than the table knows.
	Advice Text
}

// NewFault makes a fault; details are pairs of name and value.
func NewFault(code Code, details ...any) *Fault {
	f := &Fault{Code: code}
	if len(details) > 0 {
		f.Details = make(map[string]any, len(details)/2)
	}
	for i := 0; i+1 < len(details); i += 2 {
		f.Details[fmt.Sprint(details[i])] = details[i+1]
	}
	return f
}

// With adds a detail.
func (f *Fault) With(name string, value any) *Fault {
	if f.Details == nil {
		f.Details = map[string]any{}
	}
	f.Details[name] = value
	return f
}

// WithCause keeps what led to the fault for errors.Is and for logs; it is never shown to users.
func (f *Fault) WithCause(err error) *Fault {
	f.Cause = err
	return f
}

// WithAdvice puts a hint in the place of the table's.
func (f *Fault) WithAdvice(t Text) *Fault {
	f.Advice = t
	return f
}

// AboutProject tells, where a unit code that was taken for a USCC is a project code, where that goes.
func (f *Fault) AboutProject(unitCode string) *Fault {
	if len(identifier.Check(identifier.ProjectCode, unitCode, time.Time{}).Errors) > 0 {
		return f
	}
	return f.WithAdvice(Say("it is a project code: a project without any licence registers with --channel project and states it by `farenctl register unit`",
		"这是工程编码：无任何证照的临时项目请使用 --channel project，并通过 `farenctl register unit` 填写"))
}

// toldMax is how many of the faults of one input are told: whoever made thousands of them does not read them.
const toldMax = 100

// JoinFaults makes one fault of several: none is nil, one is itself. It counts them all and keeps the first hundred.
func JoinFaults(all []*Fault) error {
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	told := all[:min(len(all), toldMax)]
	errs := make([]map[string]any, len(told))
	for i, f := range told {
		errs[i] = f.Object(English)
	}
	joined := &Fault{Code: "INPUT_INVALID", Details: map[string]any{"count": len(all), "errors": errs}, All: told}
	for _, f := range all {
		if f.Advice != (Text{}) {
			joined.Advice = f.Advice
			break
		}
	}
	return joined
}

// Object is the fault as a JSON object inside another one: its code and its details.
func (f *Fault) Object(Language) map[string]any {
	object := map[string]any{"code": string(f.Code)}
	for k, v := range f.Details {
		object[k] = v
	}
	return object
}

// Error gives the English message; it is as safe to show as the code.
func (f *Fault) Error() string { return f.Message(English, time.UTC) }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Is makes errors.Is(err, &Fault{Code: …}) compare codes.
func (f *Fault) Is(target error) bool {
	var other *Fault
	return errors.As(target, &other) && other.Code == f.Code
}

// Message gives the text of the code in the language, its places filled from the details; times are told in loc. A place
// without a detail is told as an ellipsis.
func (f *Fault) Message(lang Language, loc *time.Location) string {
	entry := Lookup(f.Code)
	text, _ := f.fill(lang.Pick(entry.English, entry.Chinese), lang, loc)
	if field, ok := f.Details["field"].(string); ok && !strings.Contains(entry.English, "{field}") {
		text = field + lang.Pick(": ", "：") + text
	}
	if reason, ok := f.Details["reason"].(string); ok {
		if known, ok := reasons[reason]; ok {
			text += lang.Pick(" ("+known.english+")", "（"+known.chinese+"）")
		}
	}
	if line, ok := f.Details["line"].(int); ok {
		text = fmt.Sprintf(lang.Pick("line %d: ", "第 %d 行："), line) + text
	}
	return text
}

// Hint tells what to do next; it is empty when there is nothing to do, or when a detail that it needs is not known: half
// a command helps nobody.
func (f *Fault) Hint(lang Language, loc *time.Location) string {
	if f.Advice != (Text{}) {
		return f.Advice.In(lang)
	}
	entry := Lookup(f.Code)
	hint, complete := f.fill(lang.Pick(entry.HintEnglish, entry.HintChinese), lang, loc)
	if !complete {
		return ""
	}
	return hint
}

// Status is the exit status of the fault.
func (f *Fault) Status() int { return Lookup(f.Code).Status }

// fill puts the details into the {places} of a text, each once: braces in a detail are only braces. complete is false
// when a place has no detail.
func (f *Fault) fill(text string, lang Language, loc *time.Location) (filled string, complete bool) {
	var b strings.Builder
	complete = true
	for {
		before, behind, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String(), complete
		}
		name, after, _ := strings.Cut(behind, "}")
		if detail, ok := f.Details[name]; ok && detail != nil {
			b.WriteString(show(detail, lang, loc))
		} else {
			b.WriteString("…")
			complete = false
		}
		text = after
	}
}

func show(v any, lang Language, loc *time.Location) string {
	switch v := v.(type) {
	case Text:
		return v.In(lang)
	case string:
		if word, ok := inChinese(v); ok && lang == Chinese {
			return word
		}
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t.In(loc).Format("2006-01-02 15:04:05 -07:00")
		}
		return v
	case time.Time:
		return v.In(loc).Format("2006-01-02 15:04:05 -07:00")
	case float64: // a number of a JSON object
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []string:
		words := make([]string, len(v))
		for i := range v {
			words[i] = show(v[i], lang, loc)
		}
		return strings.Join(words, lang.Pick(", ", "、"))
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = show(v[i], lang, loc)
		}
		return strings.Join(words, lang.Pick(", ", "、"))
	}
	return fmt.Sprint(v)
}

// HasCode reports whether the error is a fault of the code.
func HasCode(err error, code Code) bool {
	var f *Fault
	return errors.As(err, &f) && f.Code == code
}
