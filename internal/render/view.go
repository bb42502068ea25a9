package render

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Align places a cell in its column.
type Align uint8

// Alignments of a column; AlignLeft is the zero value.
const (
	AlignLeft Align = iota
	AlignRight
)

// Kind says what a column holds, which decides how it is shown and cut.
type Kind uint8

// Kinds of a column; Text is the zero value.
const (
	Text   Kind = iota // cut when the terminal is narrow, unless aligned right
	ID                 // never cut, and never parted
	Time               // an RFC 3339 value, shown in the location of the options; never cut
	Prose              // a sentence: parted into several lines when the terminal is narrow
	Points             // sentences, each a point: a hyphen stands before it
	Bar                // of a list: a number, drawn as a bar in the room that the other columns leave; the largest is the longest
)

// Column is one column of a table, or one labelled line of an object.
type Column[T any] struct {
	// Key is the field's name for --fields and in the CSV header: its path in the
	// JSON of T, such as "organization.name".
	Key string
	// Title heads the column or labels the line; "" is Key in upper case.
	Title string
	// Wide columns show in the wide format only (and in CSV).
	Wide  bool
	Align Align
	Kind  Kind
	// Least is how many columns a sentence keeps while another text can still give some; 0: a few.
	Least int
	// Word, when set, translates the JSON value, a code of a closed list, for tables. It is never cut. Data keeps the code.
	Word func(code string) string
	// Value makes the text of a table cell where the JSON value at Key does not
	// serve as it is, such as a translated status. CSV uses it only where the
	// JSON has no such Key.
	Value func(T) string
	// Lines is used instead of Value where there are several texts: several
	// lines of an object, joined by ", " in a list.
	Lines func(T) []string
}

// View is a result that a [Printer] can print: a [List], an [Object] or a [Report]. What it has to show may depend on the format.
type View interface {
	layout(format string) layout
	records(format string) ([]record, error)
}

// List is a result of many items. In JSON it is {"items": [...],
// "next_page_token": "…"|null}.
type List[T any] struct {
	Items []T
	// NextPageToken is "" on the last page: null in JSON.
	NextPageToken string
	// Columns of the table, in order; without any, one for each field of T,
	// or one for the whole of a T that has no fields.
	Columns []Column[T]
	// ID names an item for the name format; nil takes the JSON key "id". An item whose ID is "" has no name, and nothing is printed.
	ID func(T) string
	// Group, when set, puts a line of its own above the first item of a table that has another group than the one before, such as a day.
	Group func(T) string
}

// Object is a single result. In JSON it is the value itself, in a table one
// labelled line for each of its columns.
type Object[T any] struct {
	Value T
	// Columns are the labelled lines of the table, in order; without any, one for
	// each field of T.
	Columns []Column[T]
	// ID names the value for the name format; nil takes the JSON key "id". A value whose ID is "" has no name, and nothing is printed.
	ID func(T) string
}

// Annotated is a view with more members of its JSON document, which say how the result came about. They are of no
// column, and --fields leaves them out.
type Annotated struct {
	View
	Notes []Note
}

// Note is a member of a JSON document.
type Note struct {
	Key   string
	Value any // as encoding/json takes it
}

func (a Annotated) layout(format string) layout {
	out := a.View.layout(format)
	for _, note := range a.Notes {
		// What cannot be encoded is a bug of the caller's, and null.
		data, _ := json.Marshal(note.Value)
		value, _ := decodeTree(data)
		out.notes = append(out.notes, member{note.Key, value})
	}
	return out
}

// layout is what a view knows before it has data.
type layout struct {
	schema    schema
	columns   []column
	ownID     bool
	list      bool
	pageToken string
	notes     object
	sections  []Section // of a report
}

// column is a Column without its type parameter.
type column struct {
	key, title string
	wide       bool
	least      int
	align      Align
	kind       Kind
	word       func(string) string
	own        int // index of the Column with a Value or Lines, or -1: the JSON value
}

// record is one item of a view.
type record struct {
	tree any                    // its JSON, see decodeTree
	own  func(own int) []string // the texts of a column with a Value or Lines
	id   func() string          // nil: the key "id" of the tree
	// group is what stands above it, if that is another than above the one before.
	group string
}

func (l List[T]) layout(string) layout {
	out := newLayout(l.Columns, l.ID)
	out.list, out.pageToken = true, l.NextPageToken
	return out
}

func (l List[T]) records(string) ([]record, error) {
	out := make([]record, 0, len(l.Items))
	for _, item := range l.Items {
		r, err := newRecord(item, l.Columns, l.ID)
		if err != nil {
			return nil, err
		}
		if l.Group != nil {
			r.group = l.Group(item)
		}
		out = append(out, r)
	}
	return out, nil
}

func (o Object[T]) layout(string) layout { return newLayout(o.Columns, o.ID) }

func (o Object[T]) records(string) ([]record, error) {
	r, err := newRecord(o.Value, o.Columns, o.ID)
	if err != nil {
		return nil, err
	}
	return []record{r}, nil
}

func newLayout[T any](columns []Column[T], id func(T) string) layout {
	out := layout{schema: schema{root: reflect.TypeFor[T]()}, ownID: id != nil}
	for i, c := range columns {
		own := -1
		if c.Value != nil || c.Lines != nil {
			own = i
		}
		title := c.Title
		if title == "" {
			title = strings.ToUpper(c.Key)
		}
		out.columns = append(out.columns, column{
			key: c.Key, title: title, wide: c.Wide, least: c.Least, align: c.Align, kind: c.Kind, word: c.Word, own: own,
		})
	}
	if len(columns) == 0 {
		for _, path := range out.schema.leaves() {
			out.columns = append(out.columns, plainColumn(path))
		}
	}
	if len(out.columns) == 0 { // no struct: the whole value
		out.columns = []column{{title: "VALUE", own: -1}}
	}
	return out
}

// plainColumn shows the JSON value at a path as it is.
func plainColumn(path string) column {
	kind := Text
	if path == idKey {
		kind = ID
	}
	return column{key: path, title: strings.ToUpper(path), kind: kind, own: -1}
}

func newRecord[T any](item T, columns []Column[T], id func(T) string) (record, error) {
	data, err := json.Marshal(item)
	if err != nil {
		return record{}, fmt.Errorf("encode result: %w", err)
	}
	tree, err := decodeTree(data)
	if err != nil {
		return record{}, fmt.Errorf("encode result: %w", err)
	}
	r := record{tree: tree, own: func(i int) []string {
		if columns[i].Lines != nil {
			return columns[i].Lines(item)
		}
		return []string{columns[i].Value(item)}
	}}
	if id != nil {
		r.id = func() string { return id(item) }
	}
	return r, nil
}

// Unnamed is the ID of a result that has none, such as a count or a state: the name format prints nothing.
func Unnamed[T any](T) string { return "" }
