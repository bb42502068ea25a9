package config_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

func TestAFileThatTakesItselfOverIsRefused(t *testing.T) {
	t.Parallel()
	merges := func(n int) string {
		text := "profile: default\nprofiles:\n  m0: &m0 {output: json}\n"
		for i := 1; i <= n; i++ {
			last := strings.ReplaceAll("*mX, *mX", "X", string(rune('0'+(i-1)%10)))
			text += "  m" + string(rune('0'+i%10)) + ": &m" + string(rune('0'+i%10)) + " {<<: [" + last + "]}\n"
		}
		return text + "  default: {<<: *m" + string(rune('0'+n%10)) + "}\n"
	}
	if got, err := load(nil, nil, write(t, merges(2), 0o600)); err != nil || got.Output != "json" {
		t.Errorf("a profile that takes over another: %q, %v", got.Output, err)
	}
	for name, text := range map[string]string{
		"doubling":  merges(9),
		"itself":    "profiles:\n  default: &d\n    <<: *d\n",
		"thousands": "profiles:\n  a: &a {output: json}\n  default:\n    <<: [" + strings.Repeat("*a, ", 5000) + "*a]\n",
		"twice":     "profiles:\n  default: {output: json, output: table}\n",
		"huge":      "profiles: {default: {output: json}} #" + strings.Repeat("x", 256<<10),
	} {
		began := time.Now()
		var f *account.Fault
		if _, err := load(nil, nil, write(t, text, 0o600)); !errors.As(err, &f) || f.Code != "CONFIG_INVALID" || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(began))
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(profiles)
	f.Add(providers)
	f.Add("profiles:\n  a: &a {output: json}\n  default: {<<: [*a, *a]}\n")
	f.Add("profiles: {default: &d {<<: *d}}")
	f.Add("profile: !!binary aGk=\nprofiles: [a]")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := load(nil, nil, write(t, text, 0o600))
		var fault *account.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("an error without a code: %v", err)
		}
	})
}
