package localpg

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultDataDir(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  map[string]string
		uid  int
		want string // "" means an error
	}{
		"the variable wins":                 {map[string]string{"FARENCTL_DATA_DIR": "/data/f", "HOME": "/home/u", "XDG_DATA_HOME": "/xdg"}, 1000, "/data/f"},
		"the variable wins for root":        {map[string]string{"FARENCTL_DATA_DIR": "/data/f/"}, 0, "/data/f"},
		"root has the system's directory":   {map[string]string{"HOME": "/root", "XDG_DATA_HOME": "/xdg"}, 0, "/var/lib/farenctl"},
		"a user has the XDG data directory": {map[string]string{"HOME": "/home/u", "XDG_DATA_HOME": "/xdg"}, 1000, "/xdg/farenctl"},
		"a relative XDG path is ignored":    {map[string]string{"HOME": "/home/u", "XDG_DATA_HOME": "xdg"}, 1000, "/home/u/.local/share/farenctl"},
		"a user without a home is told":     {nil, 1000, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := DefaultDataDir(func(key string) string { return c.env[key] }, c.uid)
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts Options
		word string
	}{
		"a relative data directory":    {Options{DataDir: "data"}, "data"},
		"a line break in the path":     {Options{DataDir: "/d\nx"}, "control"},
		"a relative program directory": {Options{DataDir: "/d", BinDir: "bin"}, "bin"},
		"a relative watcher":           {Options{DataDir: "/d", WatchCommand: []string{"farenctl"}}, "farenctl"},
		"a network address":            {Options{DataDir: "/d", Settings: map[string]string{"listen_addresses": "*"}}, "listen_addresses"},
		"another access file":          {Options{DataDir: "/d", Settings: map[string]string{"hba_file": "/x"}}, "hba_file"},
		"a name that is none":          {Options{DataDir: "/d", Settings: map[string]string{"Fsync = off": ""}}, "Fsync"},
		"a NUL character":              {Options{DataDir: "/d", Settings: map[string]string{"fsync": "o\x00"}}, "fsync"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := New(c.opts); err == nil || !strings.Contains(err.Error(), c.word) {
				t.Errorf("got %v, want an error that tells %q", err, c.word)
			}
		})
	}
}

func TestNewDefaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ given, want time.Duration }{
		"zero is ten minutes": {0, 10 * time.Minute},
		"negative is never":   {-1, -1},
		"any other is itself": {time.Second, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := New(Options{DataDir: "/d/", Idle: c.given})
			if err != nil || s.opts.Idle != c.want || s.cluster != "/d/cluster" {
				t.Errorf("got %v, %+v", err, s)
			}
		})
	}
}

func TestParsePidFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		want    pidFile
	}{
		"a ready server":      {"812\n/d/cluster\n1700000000\n5432\n/d/run\n\n 1048580 12\nready   \n", pidFile{812, "/d/run", "ready"}},
		"a starting server":   {"812\n/d/cluster\n1700000000\n5432\n/d/run\n\n 1048580 12\nstarting\n", pidFile{812, "/d/run", "starting"}},
		"a file just written": {"812\n/d/cluster\n1700000000\n5432\n", pidFile{812, "", ""}},
		"a single-user run":   {"-812\n/d/cluster\n", pidFile{}},
		"the init process":    {"1\n", pidFile{}},
		"an empty file":       {"", pidFile{}},
		"rubbish":             {"x\ny", pidFile{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := parsePidFile(c.content); got != c.want {
				t.Error(cmp.Diff(c.want, got, cmp.AllowUnexported(pidFile{})))
			}
		})
	}
}

func TestConnectionStrings(t *testing.T) {
	t.Parallel()
	const dir = `/a b/'c'\d&+`
	for name, c := range map[string]struct{ got, want string }{
		"keywords are quoted":      {keywordValue(dir, "r", "d"), `host='/a b/\'c\'\\d&+' port=5432 sslmode=disable user='r' dbname='d'`},
		"a URL is escaped":         {databaseURL(dir, "r", "d"), `postgresql:///d?host=%2Fa%20b%2F%27c%27%5Cd%26%2B&port=5432&user=r&sslmode=disable`},
		"no directory gives none":  {databaseURL("", "r", "d"), ""},
		"list elements are quoted": {quoteList(`/a,"b`), `"/a,""b"`},
		"globs match themselves":   {escapeGlob(`/a*[b]?\`), `/a\*\[b]\?\\`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.got != c.want {
				t.Errorf("got %s, want %s", c.got, c.want)
			}
		})
	}
}

func TestLastLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"nothing is nothing":         {"\n\n", ""},
		"few lines are joined":       {"a\n b\n", "a; b"},
		"only the last lines remain": {"1\n2\n3\n4\n5\n6\n", "3; 4; 5; 6"},
		"a long line is cut":         {strings.Repeat("数", 200), "…" + strings.Repeat("数", 133)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := lastLines(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
