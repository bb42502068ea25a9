package render

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// schema answers which JSON paths values of a type can have, so that --fields is
// checked before there is data, and on empty lists.
type schema struct {
	root reflect.Type
}

// jsonField is one key of a struct's JSON.
type jsonField struct {
	key string
	typ reflect.Type
}

// knows reports whether path can exist. Below a map, an interface or a type with
// its own MarshalJSON anything can.
func (s schema) knows(path string) bool {
	t := element(s.root)
	for rest := path; rest != ""; {
		if opaque(t) {
			return true
		}
		var key string
		key, rest, _ = strings.Cut(rest, ".")
		fields := structFields(t)
		i := slices.IndexFunc(fields, func(f jsonField) bool { return f.key == key })
		if i < 0 {
			return false
		}
		t = element(fields[i].typ)
	}
	return true
}

// paths lists every path in the order of the JSON, objects before their keys.
func (s schema) paths() []string { return s.walk(false) }

// leaves lists the paths that hold a plain value, not one in an array.
func (s schema) leaves() []string { return s.walk(true) }

func (s schema) walk(leaves bool) []string {
	var out []string
	var visit func(t reflect.Type, prefix string, above []reflect.Type)
	visit = func(t reflect.Type, prefix string, above []reflect.Type) {
		if slices.Contains(above, t) {
			return // a type that holds itself
		}
		above = append(slices.Clip(above), t)
		for _, f := range structFields(t) {
			below := element(f.typ)
			inArray := isArray(f.typ)
			nested := len(structFields(below)) > 0
			if !leaves || !nested || inArray {
				out = append(out, prefix+f.key)
			}
			if nested && (!leaves || !inArray) {
				visit(below, prefix+f.key+".", above)
			}
		}
	}
	visit(element(s.root), "", nil)
	return out
}

// element takes pointers, slices and arrays off a type, except []byte and types
// that encode themselves.
func element(t reflect.Type) reflect.Type {
	for {
		switch {
		case encodesItself(t):
			return t
		case t.Kind() == reflect.Pointer || isArray(t):
			t = t.Elem()
		default:
			return t
		}
	}
}

func isArray(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		return isArray(t.Elem())
	}
	return !encodesItself(t) &&
		(t.Kind() == reflect.Array || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8)
}

func encodesItself(t reflect.Type) bool {
	return implements[json.Marshaler](t) || implements[encoding.TextMarshaler](t)
}

func implements[I any](t reflect.Type) bool {
	i := reflect.TypeFor[I]()
	return t.Implements(i) || t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(i)
}

// opaque reports whether the keys of a type are known only from its values. A
// type that is also a text, such as time.Time, has none.
func opaque(t reflect.Type) bool {
	if encodesItself(t) {
		return !implements[encoding.TextMarshaler](t)
	}
	return t.Kind() == reflect.Map || t.Kind() == reflect.Interface
}

// structFields are the keys of a struct in the order that encoding/json writes
// them, with those of embedded structs in their place; nil for other types.
func structFields(t reflect.Type) []jsonField {
	if t.Kind() != reflect.Struct || encodesItself(t) {
		return nil
	}
	var out []jsonField
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Tag.Get("json") == "-" {
			continue
		}
		if f.Anonymous && name == "" {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				out = append(out, structFields(inner)...)
				continue
			}
		}
		if !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		out = append(out, jsonField{name, f.Type})
	}
	return out
}

// selection is a set of paths as a tree, in the order they were asked for.
type selection struct {
	whole bool // the value itself, with all that is below
	keys  []string
	below map[string]*selection
}

func newSelection(paths []string) *selection {
	root := &selection{}
	for _, path := range paths {
		at := root
		for key := range strings.SplitSeq(path, ".") {
			if at.below == nil {
				at.below = map[string]*selection{}
			}
			if at.below[key] == nil {
				at.below[key] = &selection{}
				at.keys = append(at.keys, key)
			}
			at = at.below[key]
		}
		at.whole = true
	}
	return root
}

// pick keeps the selected keys of a tree. A key that the value lacks is null, so
// that every item has the same shape.
func (s *selection) pick(v any) any {
	if s.whole {
		return v
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = s.pick(element)
		}
		return out
	case object:
		out := make(object, 0, len(s.keys))
		for _, key := range s.keys {
			value, _ := v.get(key)
			out = append(out, member{key, s.below[key].pick(value)})
		}
		return out
	}
	return nil
}
