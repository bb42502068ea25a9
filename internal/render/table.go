package render

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

const (
	gap       = "  " // between columns
	textFloor = 8    // columns that a text keeps while another can still give some
	bold      = "\x1b[1m"
	reset     = "\x1b[0m"
)

// cellTexts are the safe lines of one cell, at least one.
func cellTexts(r record, c column, loc *time.Location) []string {
	var lines []string
	if c.own >= 0 {
		lines = r.own(c.own)
	} else {
		value, _ := lookup(r.tree, c.key)
		lines = texts(value)
	}
	out := make([]string, 0, max(len(lines), 1))
	for _, line := range lines {
		if c.kind == Time {
			line = localTime(line, loc)
		}
		if line = strings.TrimSpace(sanitize(line)); line != "" {
			out = append(out, line)
		}
	}
	if len(out) == 0 {
		return []string{noValue}
	}
	return out
}

// listTable draws a header line and one line for each record; nothing without
// records.
func (p *Printer) listTable(columns []column, records []record) ([]byte, error) {
	if len(records) == 0 || len(columns) == 0 {
		return nil, nil
	}
	rows := make([][]string, 0, len(records)+1)
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = sanitize(c.title)
	}
	rows = append(rows, header)
	for _, r := range records {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = strings.Join(cellTexts(r, c, p.options.Location), ", ")
		}
		rows = append(rows, row)
	}
	if p.options.Width > 0 {
		fit(columns, rows, p.options.Width)
	}
	lines, err := draw(columns, rows)
	if err != nil {
		return nil, err
	}
	if p.options.Color {
		lines[0] = bold + lines[0] + reset
	}
	return joinLines(lines), nil
}

// objectTable draws one "label  value" line for each column, and lines without a
// label for further texts of one value. Lines without a value are left out, unless
// the wide format or --fields asks for all.
func (p *Printer) objectTable(columns []column, r record) ([]byte, error) {
	var rows [][]string
	for _, c := range columns {
		label := sanitize(c.title)
		lines := cellTexts(r, c, p.options.Location)
		if lines[0] == noValue && p.options.format() == FormatTable && len(p.options.Fields) == 0 {
			continue
		}
		for _, line := range lines {
			rows = append(rows, []string{label, line})
			label = ""
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	lines, err := draw(make([]column, 2), rows)
	if err != nil {
		return nil, err
	}
	if p.options.Color {
		for i, row := range rows {
			if row[0] != "" {
				lines[i] = bold + row[0] + reset + strings.TrimPrefix(lines[i], row[0])
			}
		}
	}
	return joinLines(lines), nil
}

// fit cuts cells so that lines are at most width columns, as far as ids allow:
// the widest text column first, down to textFloor; then the widest of all columns
// that are no ids, times and right-aligned numbers among them.
func fit(columns []column, rows [][]string, width int) {
	widths := make([]int, len(columns))
	total := len(gap) * (len(columns) - 1)
	for i := range columns {
		for _, row := range rows {
			widths[i] = max(widths[i], cellWidth(row[i]))
		}
		total += widths[i]
	}
	widest := func(floor int, cuttable func(column) bool) int {
		best := -1
		for i, c := range columns {
			if cuttable(c) && widths[i] > floor && (best < 0 || widths[i] > widths[best]) {
				best = i
			}
		}
		return best
	}
	for ; total > width; total-- {
		i := widest(textFloor, func(c column) bool { return c.kind == Text && c.align == AlignLeft })
		if i < 0 {
			i = widest(1, func(c column) bool { return c.kind != ID })
		}
		if i < 0 {
			break
		}
		widths[i]--
	}
	for _, row := range rows {
		for i := range row {
			row[i] = truncate(row[i], widths[i])
		}
	}
}

// draw pads the rows to columns, without borders, header lines or blanks at the
// end of a line. It returns one line for each row.
func draw(columns []column, rows [][]string) ([]string, error) {
	align := make(tw.Alignment, len(columns))
	for i, c := range columns {
		align[i] = tw.AlignLeft
		if c.align == AlignRight {
			align[i] = tw.AlignRight
		}
	}
	// tablewriter swallows write errors, so it draws into a buffer.
	var buf bytes.Buffer
	table := tablewriter.NewTable(&buf,
		tablewriter.WithEastAsian(tw.Off), // Chinese is wide anyway; this would widen "…" and "·" too
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(align),
		tablewriter.WithPadding(tw.Padding{Right: gap, Overwrite: true}),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
	)
	if err := table.Bulk(rows); err != nil {
		return nil, fmt.Errorf("build table: %w", err)
	}
	if err := table.Render(); err != nil {
		return nil, fmt.Errorf("draw table: %w", err)
	}
	lines := strings.Split(strings.TrimSuffix(buf.String(), "\n"), "\n")
	if len(lines) != len(rows) {
		return nil, fmt.Errorf("draw table: %d lines for %d rows", len(lines), len(rows))
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines, nil
}

func joinLines(lines []string) []byte {
	return []byte(strings.Join(lines, "\n") + "\n")
}
