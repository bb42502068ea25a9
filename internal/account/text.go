package account

import (
	"encoding/json"
	"fmt"
)

// Text is a text in both languages, for a detail that is made where the language of messages is not known. In JSON it is English, as
// every detail is.
type Text struct{ English, Chinese string }

// Say makes a text; args go into the verbs of both, as fmt has them. An argument that is a [Text] goes into each in its language.
func Say(en, zh string, args ...any) Text {
	if len(args) == 0 {
		return Text{en, zh}
	}
	in := func(l Language) []any {
		out := make([]any, len(args))
		for i, arg := range args {
			if t, ok := arg.(Text); ok {
				arg = t.In(l)
			}
			out[i] = arg
		}
		return out
	}
	return Text{fmt.Sprintf(en, in(English)...), fmt.Sprintf(zh, in(Chinese)...)}
}

// In gives the text of the language.
func (t Text) In(l Language) string { return l.Pick(t.English, t.Chinese) }

// String gives the English text.
func (t Text) String() string { return t.English }

// MarshalJSON writes the English text.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.English) }
