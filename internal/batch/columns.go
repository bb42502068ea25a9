package batch

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
)

// column puts a value of CSV into its field; false: the field is true or false, and the value neither.
type column func(*account.Registration, string) bool

// columns are the fields of a registration document by their dotted names, and booleans those that are true or false.
var columns, booleans = documentColumns()

// Columns gives the names that a CSV header can have, in the order of the document.
func Columns() []string {
	var names []string
	walk(reflect.TypeFor[account.Registration](), "", nil, func(name string, _ []int, _ reflect.Type) { names = append(names, name) })
	return names
}

func documentColumns() (map[string]column, map[string]bool) {
	all, flags := map[string]column{}, map[string]bool{}
	walk(reflect.TypeFor[account.Registration](), "", nil, func(name string, index []int, kind reflect.Type) {
		pointer := kind.Kind() == reflect.Pointer
		if pointer || kind.Kind() == reflect.Bool {
			flags[name] = true
			all[name] = func(r *account.Registration, value string) bool {
				if value != "true" && value != "false" {
					return false
				}
				truth, field := value == "true", reflect.ValueOf(r).Elem().FieldByIndex(index)
				if pointer {
					field.Set(reflect.ValueOf(&truth))
				} else {
					field.SetBool(truth)
				}
				return true
			}
			return
		}
		all[name] = func(r *account.Registration, value string) bool {
			reflect.ValueOf(r).Elem().FieldByIndex(index).SetString(value)
			return true
		}
	})
	return all, flags
}

// walk visits the fields of the document by their JSON names; embedded forms are ours, not the document's.
func walk(t reflect.Type, prefix string, index []int, visit func(name string, index []int, kind reflect.Type)) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int{}, index...), i)
		name := prefix + f.Tag.Get("json")
		switch {
		case f.Anonymous:
			walk(f.Type, prefix, at, visit)
		case f.Type.Kind() == reflect.Struct:
			walk(f.Type, name+".", at, visit)
		default:
			visit(name, at, f.Type)
		}
	}
}

// FieldProblem tells which field of a document is unknown or of the wrong kind, without its value.
func FieldProblem(err error) account.Text {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return account.Say("no JSON, from its byte %d on", "自第 %d 字节起不是 JSON", syntax.Offset)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return account.Say("no JSON: its end is missing", "JSON 不完整")
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		// Embedded forms are ours, not the document's.
		field := kind.Field
		for _, form := range []string{"OrganizationForm.", "UserForm."} {
			field = strings.TrimPrefix(field, form)
		}
		if field == "" {
			return account.Say("no object", "不是对象")
		}
		if kind.Type.Kind() == reflect.Bool {
			return account.Say("%s: true or false", "%s：须为 true 或 false", field)
		}
		return account.Say("%s: not a %s", "%s：类型须为 %s", field, kind.Type.Kind())
	}
	// encoding/json has no type for this one; its text names the field only.
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return account.Say("unknown field %s", "未知的字段 %s", fieldName(strings.Trim(name, `"`)))
	}
	return account.Say("the document is not one of a registration", "不是注册信息文档")
}

// fieldName is a name that could be a field's, in quotes. What stands there by mistake may be somebody's number, and is not told.
func fieldName(name string) account.Text {
	for _, r := range name {
		if r != '_' && r != '.' && (r < 'a' || r > 'z') {
			return account.Say("(it is no field's name)", "（不是字段名）")
		}
	}
	if len(name) > 60 {
		return account.Say("(it is no field's name)", "（不是字段名）")
	}
	return account.Say("%q", "%q", name)
}
