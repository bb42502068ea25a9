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
	// proseFloor is what a sentence keeps: in fewer columns nobody can read it.
	proseFloor = 16
	bold       = "\x1b[1m"
	reset      = "\x1b[0m"
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
		switch {
		case c.kind == Time:
			line = localTime(line, loc)
		case c.word != nil:
			line = c.word(line)
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
	p.drawBars(columns, rows)
	heights := make([]int, len(rows))
	for i := range heights {
		heights[i] = 1
	}
	if p.options.Width > 0 {
		rows, heights = fit(columns, rows, p.options.Width)
	}
	lines, err := draw(columns, rows)
	if err != nil {
		return nil, err
	}
	if p.options.Color {
		lines[0] = bold + lines[0] + reset
	}
	return joinLines(p.grouped(lines, heights, records)), nil
}

// grouped puts a line above the first record of each group; heights are the lines of the header and of each record.
func (p *Printer) grouped(lines []string, heights []int, records []record) []string {
	out := make([]string, 0, len(lines))
	out, lines = append(out, lines[:heights[0]]...), lines[heights[0]:]
	above := ""
	for i, r := range records {
		if r.group != above {
			above = r.group
			line := sanitize(above)
			if p.options.Color {
				line = bold + line + reset
			}
			out = append(out, line)
		}
		out, lines = append(out, lines[:heights[i+1]]...), lines[heights[i+1]:]
	}
	return out
}

// objectTable draws one "label  value" line for each column, and lines without a
// label for further texts of one value. Lines without a value are left out, unless
// the wide format or --fields asks for all.
func (p *Printer) objectTable(columns []column, r record) ([]byte, error) {
	type labelled struct {
		column column
		texts  []string
	}
	var shown []labelled
	labels := 0
	for _, c := range columns {
		lines := cellTexts(r, c, p.options.Location)
		if lines[0] == noValue && p.options.format() == FormatTable && len(p.options.Fields) == 0 {
			continue
		}
		shown = append(shown, labelled{c, lines})
		labels = max(labels, cellWidth(sanitize(c.title)))
	}
	var rows [][]string
	for _, s := range shown {
		label := sanitize(s.column.title)
		point := ""
		if s.column.kind == Points && s.texts[0] != noValue {
			point = "- "
		}
		for _, line := range s.texts {
			parts := []string{line}
			if room := p.options.Width - labels - len(gap) - len(point); s.column.kind != ID && room >= proseFloor {
				parts = Wrap(line, room)
			}
			for i, part := range parts {
				if i > 0 { // below the point's text
					part = strings.Repeat(" ", len(point)) + part
				} else {
					part = point + part
				}
				rows = append(rows, []string{label, part})
				label = ""
			}
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

// floor is what a column keeps of its width; -1: all of it.
func (c column) floor() int {
	switch {
	case c.kind == Prose:
		return max(proseFloor, c.least)
	case c.kind == Text && c.align == AlignLeft && c.word == nil:
		return max(textFloor, cellWidth(c.title)) // a header is whole while anything else can give some
	}
	return -1
}

// fit makes lines of at most width columns, as far as ids, times, numbers and words of closed lists allow, which are never cut: the widest
// text gives way first, down to its floor, then, where that helps, below. Texts are cut, sentences go on in lines of their own. heights are
// how many lines each row has become.
func fit(columns []column, rows [][]string, width int) (out [][]string, heights []int) {
	widths := make([]int, len(columns))
	total := len(gap) * (len(columns) - 1)
	fixed := total
	for i, c := range columns {
		for _, row := range rows {
			widths[i] = max(widths[i], cellWidth(row[i]))
		}
		total += widths[i]
		switch {
		case c.floor() < 0:
			fixed += widths[i]
		case c.kind == Prose:
			fixed += min(widths[i], proseFloor)
		default:
			fixed += min(widths[i], 1)
		}
	}
	shrink := func(floor func(column) int) {
		for ; total > width; total-- {
			best := -1
			for i, c := range columns {
				if c.floor() >= 0 && widths[i] > floor(c) && (best < 0 || widths[i] > widths[best]) {
					best = i
				}
			}
			if best < 0 {
				return
			}
			widths[best]--
		}
	}
	shrink(column.floor)
	if fixed <= width {
		shrink(func(c column) int {
			if c.kind == Prose {
				return proseFloor
			}
			return 1
		})
	}
	for _, row := range rows {
		lines := parted(columns, row, widths)
		out, heights = append(out, lines...), append(heights, len(lines))
	}
	return out, heights
}

// parted gives the lines of one row.
func parted(columns []column, row []string, widths []int) [][]string {
	cells := make([][]string, len(row))
	height := 1
	for i, c := range columns {
		cells[i] = []string{truncate(row[i], widths[i])}
		if c.kind == Prose {
			cells[i] = Wrap(row[i], widths[i])
		}
		height = max(height, len(cells[i]))
	}
	lines := make([][]string, height)
	for n := range lines {
		lines[n] = make([]string, len(row))
		for i := range row {
			if n < len(cells[i]) {
				lines[n][i] = cells[i][n]
			}
		}
	}
	return lines
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
