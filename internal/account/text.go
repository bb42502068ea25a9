package account

import (
	"encoding/json"
	"fmt"
	"time"
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

// Both is a text that data has in both languages: {"en": …, "zh": …}.
type Both struct {
	English string `json:"en"`
	Chinese string `json:"zh"`
}

// In gives the text of the language.
func (b Both) In(l Language) string { return l.Pick(b.English, b.Chinese) }

// Lapse tells how long something took or takes, as finely as people care: its two largest units.
func Lapse(l Language, d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	seconds, minutes, hours, days := int(d.Seconds())%60, int(d.Minutes())%60, int(d.Hours())%24, int(d.Hours())/24
	switch {
	case days > 0:
		return fmt.Sprintf(l.Pick("%dd %dh", "%d天%d小时"), days, hours)
	case hours > 0:
		return fmt.Sprintf(l.Pick("%dh %dm", "%d小时%d分"), hours, minutes)
	case minutes > 0:
		return fmt.Sprintf(l.Pick("%dm %ds", "%d分%d秒"), minutes, seconds)
	}
	return fmt.Sprintf(l.Pick("%ds", "%d秒"), seconds)
}
