package render

import "strings"

// Report is a result of several parts. In JSON and YAML it is Value itself, in tables its sections, one below the other, and in CSV and
// JSON lines, which are one record a line, its rows. It has no id.
type Report[T, R any] struct {
	Value T
	// Sections lists the parts of a table. It is called with the zero value before there is data, and gives the same sections then.
	Sections func(T) []Section
	Rows     func(T) []R
	// Columns of the rows, in CSV; without any, one for each field of R.
	Columns []Column[R]
}

// Section is one part of a report's table: a List or an Object below its title.
type Section struct {
	// Key is the JSON path of what the section shows, by which --fields chooses it.
	Key, Title string
	View       View
}

// lines tells the formats that are one record a line.
func lines(format string) bool { return format == FormatCSV || format == FormatJSONL }

func (r Report[T, R]) rows() List[R] {
	return List[R]{Items: r.Rows(r.Value), Columns: r.Columns, ID: Unnamed[R]}
}

func (r Report[T, R]) layout(format string) layout {
	if lines(format) {
		return r.rows().layout(format)
	}
	out := newLayout[T](nil, Unnamed[T])
	out.sections = r.Sections(r.Value)
	return out
}

func (r Report[T, R]) records(format string) ([]record, error) {
	if lines(format) {
		return r.rows().records(format)
	}
	return Object[T]{Value: r.Value, ID: Unnamed[T]}.records(format)
}

// reportTable draws the sections, or those that the fields ask for; a field that is none of them is a labelled line.
func (p *Printer) reportTable(l layout, r record) ([]byte, error) {
	if len(p.options.Fields) == 0 {
		return p.sections(l.sections)
	}
	var out []byte
	for _, field := range p.options.Fields {
		var chosen []Section
		for _, s := range l.sections {
			if s.Key == field || strings.HasPrefix(s.Key, field+".") {
				chosen = append(chosen, s)
			}
		}
		part, err := p.sections(chosen)
		if len(chosen) == 0 {
			part, err = p.objectTable([]column{plainColumn(field)}, r)
		} else if len(out) > 0 {
			out = append(out, '\n')
		}
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

func (p *Printer) sections(sections []Section) ([]byte, error) {
	part := *p
	part.options.Fields = nil // they chose the sections
	var out []byte
	for i, s := range sections {
		records, err := s.View.records(FormatTable)
		if err != nil {
			return nil, err
		}
		table, err := part.table(s.View.layout(FormatTable), records)
		if err != nil {
			return nil, err
		}
		if len(table) == 0 {
			table = []byte(noValue + "\n")
		}
		if i > 0 {
			out = append(out, '\n')
		}
		title := sanitize(s.Title)
		if p.options.Color {
			title = bold + title + reset
		}
		out = append(append(append(out, title...), '\n'), table...)
	}
	return out, nil
}
