package render

import (
	"strconv"
	"strings"
)

const (
	// barMax and barMin bound the columns of the longest bar.
	barMax = 40
	barMin = 8
)

// eighths are the parts of a block, from none to seven eighths.
var eighths = [...]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

// bar draws a value as a bar that takes width columns at the largest. What is more than nothing shows.
func bar(value, largest float64, width int, ascii bool) string {
	if value <= 0 || largest <= 0 {
		return ""
	}
	size := max(int(value/largest*float64(8*width)+0.5), 1) // in eighths of a column
	if ascii {
		return strings.Repeat("#", max((size+4)/8, 1))
	}
	return strings.Repeat("█", size/8) + eighths[size%8]
}

// drawBars puts bars before the numbers of the columns of that kind, in the room that the other columns leave. rows begin with the header.
func (p *Printer) drawBars(columns []column, rows [][]string) {
	for i, c := range columns {
		if c.kind != Bar {
			continue
		}
		largest := 0.0
		values := make([]float64, len(rows))
		for n, row := range rows[1:] {
			values[n+1], _ = strconv.ParseFloat(row[i], 64) // what is no number has no bar
			largest = max(largest, values[n+1])
		}
		width := barMax
		if p.options.Width > 0 {
			// The number stands behind its bar.
			number := cellWidth(strconv.FormatFloat(largest, 'f', -1, 64)) + 1
			width = min(max(p.options.Width-others(columns, rows, i)-number, barMin), barMax)
		}
		for n, row := range rows[1:] {
			row[i] = strings.TrimSpace(bar(values[n+1], largest, width, p.options.ASCII) + " " + row[i])
		}
	}
}

// others is the width of all columns but one, with the gaps.
func others(columns []column, rows [][]string, but int) int {
	total := len(gap) * (len(columns) - 1)
	for i := range columns {
		widest := 0
		for _, row := range rows {
			widest = max(widest, cellWidth(row[i]))
		}
		if i != but {
			total += widest
		}
	}
	return total
}
