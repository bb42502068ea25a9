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

func TestRoomIsToldBeforeThereIsNone(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	for name, c := range map[string]struct {
		room         room
		status, told string
	}{
		"much":                      {room{free: 50 * gib, size: 100 * gib, freeFiles: 900, files: 1000}, CheckOK, "50 GiB of 100 GiB"},
		"no bound on files":         {room{free: 5 * gib, size: 100 * gib}, CheckOK, "5120 MiB of 100 GiB"},
		"under a gigabyte":          {room{free: gib - 1, size: 2 * gib}, CheckWarning, "1023 MiB"},
		"under a twentieth":         {room{free: 4 * gib, size: 100 * gib}, CheckWarning, "4096 MiB of 100 GiB"},
		"under a hundred megabytes": {room{free: 100<<20 - 1, size: gib}, CheckFailed, "99 MiB"},
		"few files":                 {room{free: 50 * gib, size: 100 * gib, freeFiles: 49, files: 1000}, CheckWarning, "49 of 1000"},
		"no file":                   {room{free: 50 * gib, size: 100 * gib, files: 1000}, CheckFailed, "no file"},
	} {
		d := &doctor{s: New(Options{Config: config.Config{Language: account.English}})}
		f := d.room("/data", c.room)
		if f.Status != c.status || !strings.Contains(f.Message, c.told) || strings.Contains(f.Hint, "/data") != (c.status != CheckOK) {
			t.Errorf("%s: %+v, want %s with %q", name, f, c.status, c.told)
		}
	}
}

func TestTheRoomOfADirectoryIsRead(t *testing.T) {
	t.Parallel()
	d := &doctor{s: New(Options{Config: config.Config{Language: account.English, DataDir: t.TempDir()}})}
	if f := d.disk(context.Background()); f.Status == CheckSkipped || !strings.Contains(f.Message, "iB of ") && !strings.Contains(f.Message, "files") {
		t.Errorf("%+v", f)
	}
	d.s.opts.Config.DataDir += "/absent"
	if f := d.disk(context.Background()); f.Status != CheckSkipped {
		t.Errorf("no directory: %+v", f)
	}
}
