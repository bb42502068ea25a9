package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// idKey is the JSON key that names a result.
const idKey = "id"

// object is a JSON object that keeps the order of its keys. Trees consist of
// nil, bool, json.Number, string, []any and object.
type object []member

type member struct {
	key   string
	value any
}

func (o object) get(key string) (any, bool) {
	for _, m := range o {
		if m.key == key {
			return m.value, true
		}
	}
	return nil, false
}

// decodeTree reads one JSON value that encoding/json wrote.
func decodeTree(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return decodeValue(dec)
}

func decodeValue(dec *json.Decoder) (any, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		out := object{}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			value, err := decodeValue(dec)
			if err != nil {
				return nil, err
			}
			name, _ := key.(string) // the decoder accepts no other key
			out = append(out, member{name, value})
		}
		_, err = dec.Token()
		return out, err
	case json.Delim('['):
		out := []any{}
		for dec.More() {
			value, err := decodeValue(dec)
			if err != nil {
				return nil, err
			}
			out = append(out, value)
		}
		_, err = dec.Token()
		return out, err
	}
	return token, nil
}

// appendJSON appends a tree as compact JSON.
func appendJSON(dst []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v)
	case json.Number:
		return append(dst, v...)
	case string:
		return appendString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, element)
		}
		return append(dst, ']')
	case object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, m.key), ':')
			dst = appendJSON(dst, m.value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendString appends a JSON string. Unlike encoding/json it leaves '<', '>'
// and '&' alone, and escapes every character that a terminal may act upon or
// hide; a parser gets the same string back.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s { // invalid UTF-8 becomes U+FFFD, as in encoding/json
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case !unsafeRune(r):
			dst = utf8.AppendRune(dst, r)
		case r >= 0x10000:
			r -= 0x10000
			dst = fmt.Appendf(dst, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			dst = fmt.Appendf(dst, `\u%04x`, r)
		}
	}
	return append(dst, '"')
}

// indentJSON appends a tree as JSON with two spaces of indent.
func indentJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, appendJSON(nil, v), "", "  "); err != nil {
		return nil, fmt.Errorf("indent JSON: %w", err)
	}
	return out.Bytes(), nil
}

// lookup finds the value at a dotted path; below an array it collects the values
// of the elements that have one.
func lookup(v any, path string) (any, bool) {
	if path == "" {
		return v, true
	}
	switch v := v.(type) {
	case object:
		key, rest, _ := strings.Cut(path, ".")
		value, ok := v.get(key)
		if !ok {
			return nil, false
		}
		return lookup(value, rest)
	case []any:
		found := []any{}
		for _, element := range v {
			if value, ok := lookup(element, path); ok {
				found = append(found, value)
			}
		}
		return found, true
	}
	return nil, false
}

// plain turns a tree into the maps that jq and templates work on, with numbers
// as convert makes them.
func plain(v any, convert func(json.Number) any) any {
	switch v := v.(type) {
	case json.Number:
		return convert(v)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = plain(element, convert)
		}
		return out
	case object:
		out := make(map[string]any, len(v))
		for _, m := range v {
			out[m.key] = plain(m.value, convert)
		}
		return out
	}
	return v
}

// unplain turns maps back into a tree, with sorted keys. Values that a tree can't
// hold are numbers, written by convert.
func unplain(v any, convert func(any) json.Number) any {
	switch v := v.(type) {
	case nil, bool, string, json.Number:
		return v
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = unplain(element, convert)
		}
		return out
	case map[string]any:
		out := make(object, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, member{key, unplain(v[key], convert)})
		}
		return out
	}
	return convert(v)
}

// texts are the lines that a JSON value has in a table: none for null, one for
// each element of an array of plain values, compact JSON for anything deeper.
func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, element := range v {
			out = append(out, text(element))
		}
		return out
	}
	return []string{text(v)}
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return string(appendJSON(nil, v))
}
