package render

import (
	"cmp"
	"strings"
)

// csvTable writes a header of keys and one record for each item.
func csvTable(columns []column, records []record) []byte {
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = cmp.Or(c.key, strings.ToLower(c.title))
	}
	out := appendCSV(nil, fields)
	for _, r := range records {
		for i, c := range columns {
			value, ok := lookup(r.tree, c.key)
			if !ok && c.own >= 0 {
				fields[i] = strings.Join(r.own(c.own), ", ")
			} else {
				fields[i] = text(value)
			}
		}
		out = appendCSV(out, fields)
	}
	return out
}

// appendCSV appends one record by RFC 4180, ended by a line feed. Fields with
// blanks at an end are quoted too, since some readers trim others; so is a lone
// empty field, whose record would be a blank line that readers skip.
func appendCSV(dst []byte, fields []string) []byte {
	for i, field := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		if strings.ContainsAny(field, "\",\r\n") || strings.TrimSpace(field) != field || field == "" && len(fields) == 1 {
			field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
		}
		dst = append(dst, field...)
	}
	return append(dst, '\n')
}
