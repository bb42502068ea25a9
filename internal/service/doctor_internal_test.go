package service

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/postgres"
)

func TestConnectionsAreJudged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		link postgres.Link
		want string
	}{
		"a checked certificate":    {postgres.Link{TLS: true, Verified: true}, CheckOK},
		"this machine":             {postgres.Link{Near: true}, CheckOK},
		"an unchecked certificate": {postgres.Link{TLS: true}, CheckWarning},
		"clear text over a net":    {postgres.Link{}, CheckFailed},
	} {
		d := &doctor{s: New(Options{Config: config.Config{Language: account.English}}), link: c.link}
		f := d.transport(context.Background())
		if f.Status != c.want || (f.Hint == "") != (c.want == CheckOK) {
			t.Errorf("%s: %+v, want %s", name, f, c.want)
		}
	}
}

func TestClocksThatDifferAreTold(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]struct{ status, told string }{
		0:                               {CheckOK, ""},
		5 * time.Second:                 {CheckOK, ""},
		-5 * time.Second:                {CheckOK, ""},
		5*time.Second + time.Nanosecond: {CheckWarning, "5s ahead"},
		-90 * time.Second:               {CheckWarning, "1m30s behind"},
	} {
		d := &doctor{s: New(Options{Config: config.Config{Language: account.English}}), link: postgres.Link{Ahead: ahead}}
		f := d.clock(context.Background())
		if f.Status != want.status || !strings.Contains(f.Message, want.told) || (f.Hint == "") != (want.status == CheckOK) {
			t.Errorf("%s: %+v, want %+v", ahead, f, want)
		}
	}
}

func TestEveryCheckNeedsOneBeforeIt(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"": true}
	for _, c := range checks {
		if !seen[c.needs] || seen[c.name] {
			t.Errorf("%s needs %q", c.name, c.needs)
		}
		seen[c.name] = true
	}
}
