package render

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// Printer prints results to one output. It holds no result and may be used again.
type Printer struct {
	out      io.Writer
	options  Options
	programs programs
}

// New makes a printer that writes to out. It fails as [Options.Validate] does.
func New(out io.Writer, options Options) (*Printer, error) {
	compiled, err := options.compile()
	if err != nil {
		return nil, err
	}
	options.Fields = options.fields()
	return &Printer{out: out, options: options, programs: compiled}, nil
}

// Check tells whether the options fit a kind of result, from its type and columns
// alone: call it with the empty view before anything connects. The error is a
// *UnknownFieldError, or a *UsageError where ids are asked for and there are none.
func (p *Printer) Check(v View) error {
	l := v.layout(p.options.format())
	if p.options.format() == FormatName && !l.ownID && !l.schema.knows(idKey) {
		return p.noID()
	}
	for _, field := range p.options.Fields {
		_, isColumn := p.column(l, field)
		if !l.schema.knows(field) && !(isColumn && p.tabular()) {
			return &UnknownFieldError{Field: field, Known: p.known(l)}
		}
	}
	return nil
}

// Print writes a result in one write. Besides the errors of Check it returns a
// *ProgramError, the error of ctx when that ends a jq program, and write errors;
// it has written nothing then, except what a failed write
// left behind.
func (p *Printer) Print(ctx context.Context, v View) error {
	if err := p.Check(v); err != nil {
		return err
	}
	format := p.options.format()
	records, err := v.records(format)
	if err != nil {
		return err
	}
	out, err := p.format(ctx, v.layout(format), records)
	if err != nil || len(out) == 0 {
		return err
	}
	n, err := p.out.Write(out)
	if err == nil && n < len(out) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

func (p *Printer) format(ctx context.Context, l layout, records []record) ([]byte, error) {
	switch p.options.format() {
	case FormatName:
		return p.names(records)
	case FormatCSV:
		return p.onTerminal(csvTable(p.columns(l), records)), nil
	case FormatJSON, FormatJSONL, FormatYAML, FormatTemplate:
		return p.data(ctx, l, records)
	}
	return p.table(l, records)
}

// table prints the formats for people.
func (p *Printer) table(l layout, records []record) ([]byte, error) {
	switch {
	case l.sections != nil:
		return p.reportTable(l, records[0])
	case l.list:
		return p.listTable(p.columns(l), records)
	}
	return p.objectTable(p.columns(l), records[0])
}

// data prints the formats that show the JSON.
func (p *Printer) data(ctx context.Context, l layout, records []record) ([]byte, error) {
	items := make([]any, len(records))
	for i, r := range records {
		items[i] = r.tree
	}
	if len(p.options.Fields) > 0 {
		pick := newSelection(p.options.Fields)
		for i, item := range items {
			items[i] = pick.pick(item)
		}
	}
	notes := l.notes
	if len(p.options.Fields) > 0 {
		notes = nil
	}
	var document any
	switch {
	case !l.list:
		if one, ok := items[0].(object); ok {
			items[0] = append(slices.Clip(one), notes...)
		}
		document = items[0]
	case l.pageToken == "":
		document = append(object{{"items", items}, {"next_page_token", nil}}, notes...)
	default:
		document = append(object{{"items", items}, {"next_page_token", l.pageToken}}, notes...)
	}

	format := p.options.format()
	switch {
	case p.programs.jq != nil:
		inputs := []any{document}
		if format == FormatJSONL {
			inputs = items
		}
		var out []byte
		for _, input := range inputs {
			var err error
			if out, err = runJQ(ctx, out, p.programs.jq, input); err != nil {
				return nil, err
			}
		}
		return p.onTerminal(out), nil
	case p.programs.template != nil:
		out, err := runTemplate(p.programs.template, document)
		return p.onTerminal(out), err
	case format == FormatYAML:
		return yamlDocument(document)
	case format == FormatJSONL:
		var out []byte
		for _, item := range items {
			out = append(appendJSON(out, item), '\n')
		}
		return out, nil
	}
	out, err := indentJSON(document)
	return append(out, '\n'), err
}

// names prints one id a line.
func (p *Printer) names(records []record) ([]byte, error) {
	var out []byte
	for _, r := range records {
		var id string
		if r.id != nil {
			if id = r.id(); id == "" {
				continue // it has none
			}
		} else if value, ok := lookup(r.tree, idKey); ok {
			id = text(value)
		}
		if id == "" {
			return nil, p.noID()
		}
		out = append(append(out, sanitize(id)...), '\n')
	}
	return out, nil
}

func (p *Printer) noID() error {
	option := optionOutput
	if p.options.Quiet {
		option = optionQuiet
	}
	return &UsageError{Option: option, Problem: ProblemNoID}
}

// onTerminal keeps raw data from acting upon a terminal.
func (p *Printer) onTerminal(out []byte) []byte {
	if p.options.Width <= 0 {
		return out
	}
	return []byte(Clean(string(out)))
}

// tabular reports whether the output has columns.
func (p *Printer) tabular() bool {
	return slices.Contains([]string{FormatTable, FormatWide, FormatCSV}, p.options.format())
}

func (p *Printer) column(l layout, key string) (column, bool) {
	i := slices.IndexFunc(l.columns, func(c column) bool { return c.key == key })
	if i < 0 {
		return column{}, false
	}
	return l.columns[i], true
}

// columns are those that the fields ask for (a field that is no column shows its
// JSON value), or those of the format.
func (p *Printer) columns(l layout) []column {
	var out []column
	for _, field := range p.options.Fields {
		c, ok := p.column(l, field)
		if !ok {
			c = plainColumn(field)
		}
		out = append(out, c)
	}
	if len(p.options.Fields) > 0 {
		return out
	}
	for _, c := range l.columns {
		if !c.wide || p.options.format() != FormatTable {
			out = append(out, c)
		}
	}
	return out
}

// known are the field names of the output.
func (p *Printer) known(l layout) []string {
	var out []string
	if p.tabular() {
		for _, c := range l.columns {
			out = append(out, c.key)
		}
	}
	for _, path := range l.schema.paths() {
		if !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out
}
