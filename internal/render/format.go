package render

import "strings"

// Names of the output formats, as --output takes them. FormatTemplate is
// followed by "=" and a text of Go's text/template.
const (
	FormatTable    = "table"
	FormatWide     = "wide"
	FormatJSON     = "json"
	FormatJSONL    = "jsonl"
	FormatYAML     = "yaml"
	FormatCSV      = "csv"
	FormatName     = "name"
	FormatTemplate = "template"
)

// FormatNames lists the values of --output in the order of their documentation,
// for help texts and completion.
func FormatNames() []string {
	return []string{
		FormatTable, FormatWide, FormatJSON, FormatJSONL, FormatYAML, FormatCSV, FormatName, FormatTemplate + "=",
	}
}

// Format is a parsed value of --output. The zero value is the table format.
type Format struct {
	name     string
	template string
}

// ParseFormat reads a value of --output; "" is the table format. The error is a
// *UsageError. The text of a template is compiled by [Options.Validate].
func ParseFormat(s string) (Format, error) {
	if name, text, found := strings.Cut(s, "="); found && name == FormatTemplate && text != "" {
		return Format{name: name, template: text}, nil
	}
	switch s {
	case "":
		return Format{name: FormatTable}, nil
	case FormatTable, FormatWide, FormatJSON, FormatJSONL, FormatYAML, FormatCSV, FormatName:
		return Format{name: s}, nil
	case FormatTemplate, FormatTemplate + "=":
		return Format{}, &UsageError{Option: optionOutput, Problem: ProblemEmptyTemplate, Value: FormatTemplate}
	}
	return Format{}, &UsageError{Option: optionOutput, Problem: ProblemUnknownFormat, Value: s}
}

// Name is one of the Format constants.
func (f Format) Name() string {
	if f.name == "" {
		return FormatTable
	}
	return f.name
}

// String is the value that [ParseFormat] takes.
func (f Format) String() string {
	if f.name == FormatTemplate {
		return f.name + "=" + f.template
	}
	return f.Name()
}

// Structured reports whether the format is json, jsonl or yaml: then errors are
// printed as one object too.
func (f Format) Structured() bool {
	switch f.name {
	case FormatJSON, FormatJSONL, FormatYAML:
		return true
	}
	return false
}
