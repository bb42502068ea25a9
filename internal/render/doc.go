// Package render prints the result of a command in every output format: table,
// wide, json, jsonl, yaml, csv, name, a Go template, and what a jq program makes
// of the JSON.
//
// It owns the look of standard output and nothing else: it never opens a file,
// asks a terminal for its size, prints notes or errors, or knows what a result
// means. It alone imports tablewriter and gojq, and both run only when a format
// needs them.
//
// A command describes its result once, as a [List], an [Object], or where it has
// several parts a [Report], and hands it to a [Printer]:
//
//	view := render.List[Application]{
//		Columns: []render.Column[Application]{
//			{Key: "id", Kind: render.ID},
//			{Key: "organization.name", Title: "ORGANIZATION"},
//			{Key: "status"},
//			{Key: "created_at", Title: "CREATED", Kind: render.Time},
//			{Key: "channel", Wide: true},
//		},
//	}
//	if err := printer.Check(view); err != nil { … } // before anything connects
//	view.Items, view.NextPageToken = …
//	err := printer.Print(ctx, view)
//
// # Data
//
// Values go through encoding/json of their declared types once; every other
// format is made from that JSON, so that keys, their order and numbers (kept as
// written, never as floats) are the same everywhere.
//
//   - json: two spaces of indent, on a terminal and in a pipe alike. A list is
//     {"items": [...], "next_page_token": "…"|null}.
//   - jsonl: one compact object a line; a list has no page token here.
//   - yaml: the same data, keys in the order of JSON.
//   - csv: a header of field keys, then the JSON values: times in RFC 3339, null
//     as an empty field, arrays and objects as compact JSON. Quoted by RFC 4180,
//     with a line feed at the end of a record. The data is not changed, also
//     where it begins with '=', '+', '-' or '@': a spreadsheet may take such a
//     field for a formula, so import it as text.
//   - name: one id a line.
//   - a report is its whole value in JSON and YAML, its sections in tables, and
//     its rows in CSV and JSON lines.
//   - table, wide: see below. Empty lists print nothing at all in table, wide,
//     jsonl and name; the caller tells the user on standard error.
//
// # Tables
//
// Lists are borderless, with a header line and two spaces between columns;
// objects are one "label  value" a line and are never cut, but go on under their
// value on a narrow terminal; lines without a value
// show in wide only. A cell without a value is "-", a line break is "⏎". East Asian wide characters count two
// columns. When the width of the terminal is known, text cells that don't fit
// end in "…", the widest column first, and sentences go on in further lines;
// ids, times, numbers and words of closed lists stay whole. A column may
// translate the codes of a closed list, in tables alone. A column of bars shows
// its numbers as block characters, or as '#' where there are none.
//
// # Safety
//
// No control, format or other invisible character of the data reaches a table, a
// list of names, or anything printed on a terminal: it is shown as an escape such
// as \u202e. JSON and YAML write those characters as escapes of their own, which
// loses nothing. CSV, templates and raw jq strings keep them in a pipe.
//
// Error texts never hold values of the result, since they may be personal data.
package render
