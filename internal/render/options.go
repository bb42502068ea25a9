package render

import (
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/itchyny/gojq"
)

// Options are the output flags of one command, and what it knows of its output.
type Options struct {
	Format Format
	// JQ is a jq program that runs on the JSON. Strings are printed as they are,
	// other values as compact JSON, one a line. It goes with json, with jsonl
	// (the program runs once an item), and with the default format, which then
	// means json.
	JQ string
	// Fields chooses columns and JSON keys, in this order. A dot goes down into
	// an object; below an array it means each element.
	Fields []string
	// Quiet prints the ids alone, in whatever format.
	Quiet bool
	// Width is the number of columns of the terminal, 0 when the output is no
	// terminal: then nothing is cut.
	Width int
	// Color allows bold headers.
	Color bool
	// ASCII draws bars without block characters.
	ASCII bool
	// Location is the zone of times in tables; nil means China Standard Time.
	Location *time.Location
}

// Validate checks the options without a result, so that it can run before
// anything connects. The error is a *UsageError.
func (o Options) Validate() error {
	_, err := o.compile()
	return err
}

// programs are the compiled parts of Options; each is nil when not used.
type programs struct {
	jq       *gojq.Code
	template *template.Template
}

func (o Options) compile() (programs, error) {
	if err := o.conflict(); err != nil {
		return programs{}, err
	}
	for _, field := range o.Fields {
		if strings.TrimSpace(field) == "" || slices.Contains(strings.Split(field, "."), "") {
			return programs{}, &UsageError{Option: optionFields, Problem: ProblemEmptyField, Value: strings.Join(o.Fields, ",")}
		}
	}
	var out programs
	var err error
	if o.JQ != "" {
		out.jq, err = compileJQ(o.JQ)
	} else if o.Format.name == FormatTemplate {
		out.template, err = compileTemplate(o.Format.template, o.Location)
	}
	return out, err
}

// conflict refuses options that contradict each other. Quiet wins over the
// format, since that may come from a profile, but not over the flags that
// someone typed for this one command.
func (o Options) conflict() error {
	name := o.Format.Name()
	switch {
	case o.Quiet && o.JQ != "":
		return &UsageError{Option: optionQuiet, Problem: ProblemConflict, Value: optionJQ}
	case o.Quiet && len(o.Fields) > 0:
		return &UsageError{Option: optionQuiet, Problem: ProblemConflict, Value: optionFields}
	case o.JQ != "" && !slices.Contains([]string{FormatTable, FormatJSON, FormatJSONL}, name):
		return &UsageError{Option: optionJQ, Problem: ProblemConflict, Value: optionOutput + " " + name}
	case len(o.Fields) > 0 && name == FormatName:
		return &UsageError{Option: optionFields, Problem: ProblemConflict, Value: optionOutput + " " + name}
	}
	return nil
}

// fields is Fields trimmed, without repetitions.
func (o Options) fields() []string {
	var out []string
	for _, field := range o.Fields {
		if field = strings.TrimSpace(field); !slices.Contains(out, field) {
			out = append(out, field)
		}
	}
	return out
}

// format is the name of the format that is printed in the end.
func (o Options) format() string {
	switch {
	case o.Quiet:
		return FormatName
	case o.JQ != "" && o.Format.Name() == FormatTable:
		return FormatJSON
	}
	return o.Format.Name()
}
