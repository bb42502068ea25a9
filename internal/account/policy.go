package account

import (
	"strconv"
	"strings"
	"time"
)

// The kinds of policies: a number, a time in seconds, one word of a list.
const (
	PolicyCount   = "count"
	PolicySeconds = "seconds"
	PolicyChoice  = "choice"
)

// Policy is one of the numbers that the rules go by. Value and Default are numbers, or words of Choices; a time is in seconds. Minimum
// and Maximum bound a number. UpdatedAt and UpdatedBy are null while nobody has changed it.
type Policy struct {
	Name        string     `json:"name"`
	Kind        string     `json:"kind"`
	Value       any        `json:"value"`
	Default     any        `json:"default"`
	Minimum     *int64     `json:"minimum"`
	Maximum     *int64     `json:"maximum"`
	Choices     []string   `json:"choices"`
	Description string     `json:"description"`
	UpdatedAt   *time.Time `json:"updated_at"`
	UpdatedBy   *string    `json:"updated_by"`
}

// Text writes a policy's value as people read it: a time as 24h or 1m30s.
func (p Policy) Text(value any) string {
	switch v := value.(type) {
	case int64:
		if p.Kind == PolicySeconds {
			return shortDuration(time.Duration(v) * time.Second)
		}
		return strconv.FormatInt(v, 10)
	case string:
		return v
	}
	return ""
}

// Range tells what a policy may be.
func (p Policy) Range() string {
	if p.Kind == PolicyChoice {
		return strings.Join(p.Choices, " | ")
	}
	if p.Minimum == nil || p.Maximum == nil {
		return ""
	}
	return p.Text(*p.Minimum) + " – " + p.Text(*p.Maximum)
}

// shortDuration leaves out the parts that are nothing: 24h, not 24h0m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	text = strings.TrimSuffix(text, "0s")
	if text == "" {
		return "0s"
	}
	if hours, ok := strings.CutSuffix(text, "h0m"); ok {
		return hours + "h"
	}
	return text
}

// PolicyValue is a policy's value as it is typed: a time may be written as a duration (90s, 30m, 24h), and becomes seconds. What is no
// duration stays for the database to judge, which knows the policy's kind and range.
func PolicyValue(typed string) string {
	typed = strings.TrimSpace(typed)
	if d, err := time.ParseDuration(typed); err == nil && d >= 0 && d%time.Second == 0 && typed != "0" {
		return strconv.FormatInt(int64(d/time.Second), 10)
	}
	return typed
}
