package config_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
)

// write makes a configuration file.
func write(t testing.TB, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func env(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func load(flags, environment map[string]string, file string) (config.Config, error) {
	all := maps.Clone(environment)
	if all == nil {
		all = map[string]string{}
	}
	if all["HOME"] == "" {
		all["HOME"] = "/nonexistent/home"
	}
	return config.Load(config.Inputs{Flags: flags, Getenv: func(name string) string { return all[name] }, File: file, Profile: flags["profile"]})
}

const profiles = `
profile: work
profiles:
  work: {database_url: postgres://work.example.com/d, timeout: 20s, output: json, keyring: /secure/keyring.json}
  Other: {database_url: postgres://other.example.com/d, lang: zh}
  empty: {}
`

func TestDatabaseIsFoundInOrder(t *testing.T) {
	t.Parallel()
	file := write(t, profiles, 0o644)
	flag := map[string]string{"database_url": "postgres://flag.example.com/d"}
	own := []string{"FARENCTL_DATABASE_URL", "postgres://own.example.com/d"}
	pg := []string{"PGHOST", "pg.example.com"}
	for name, c := range map[string]struct {
		flags       map[string]string
		environment []string
		file        string
		want        string
		pg, private bool
	}{
		"the flag goes before all":               {flag, append(own, pg...), file, "postgres://flag.example.com/d", false, false},
		"the own variable goes before PG":        {nil, append(own, pg...), file, "postgres://own.example.com/d", false, false},
		"PGHOST goes before the profile":         {nil, pg, file, "", true, false},
		"PGSERVICE does, too":                    {nil, []string{"PGSERVICE", "x"}, file, "", true, false},
		"PGHOSTADDR does, too":                   {nil, []string{"PGHOSTADDR", "192.0.2.1"}, file, "", true, false},
		"PGDATABASE does, too":                   {nil, []string{"PGDATABASE", "x"}, file, "", true, false},
		"PGUSER alone names no server":           {nil, []string{"PGUSER", "x"}, file, "postgres://work.example.com/d", false, false},
		"the file's profile goes before nothing": {nil, nil, file, "postgres://work.example.com/d", false, false},
		"a flag chooses the profile":             {map[string]string{"profile": "other"}, []string{"FARENCTL_PROFILE", "work"}, file, "postgres://other.example.com/d", false, false},
		"a variable chooses the profile":         {nil, []string{"FARENCTL_PROFILE", "Other"}, file, "postgres://other.example.com/d", false, false},
		"a variable names the file":              {nil, []string{"FARENCTL_CONFIG", file}, "", "postgres://work.example.com/d", false, false},
		"nothing is the private server":          {nil, nil, "", "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := load(c.flags, env(c.environment...), c.file)
			if err != nil {
				t.Fatal(err)
			}
			if got.DatabaseURL != c.want || got.UsePGEnvironment != c.pg || got.Private() != c.private {
				t.Errorf("address %q, by PG variables %v, private %v", got.DatabaseURL, got.UsePGEnvironment, got.Private())
			}
		})
	}
}

func TestEverySettingComesFromFlagVariableProfileDefault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		variable              string
		flag, env, file, none string
		read                  func(config.Config) string
	}{
		"timeout":       {"FARENCTL_TIMEOUT", "1s", "2s", "3s", "1m0s", func(c config.Config) string { return c.Timeout.String() }},
		"server_idle":   {"FARENCTL_SERVER_IDLE", "1s", "2s", "3s", "10m0s", func(c config.Config) string { return c.ServerIdle.String() }},
		"output":        {"FARENCTL_OUTPUT", "json", "yaml", "csv", "table", func(c config.Config) string { return c.Output }},
		"lang":          {"FARENCTL_LANG", "zh", "en", "zh", "en", func(c config.Config) string { return string(c.Language) }},
		"timezone":      {"FARENCTL_TIMEZONE", "UTC", "Europe/Paris", "Asia/Tokyo", "Asia/Shanghai", func(c config.Config) string { return c.Location.String() }},
		"log_format":    {"FARENCTL_LOG_FORMAT", "json", "text", "json", "text", func(c config.Config) string { return c.LogFormat }},
		"keyring":       {"FARENCTL_KEYRING", "/a", "/b", "/c", "", func(c config.Config) string { return c.KeyringFile }},
		"data_dir":      {"FARENCTL_DATA_DIR", "/a", "/b", "/c", "", func(c config.Config) string { return c.DataDir }},
		"pg_bin":        {"FARENCTL_PG_BIN", "/a", "/b", "/c", "", func(c config.Config) string { return c.PGBin }},
		"sms_signature": {"FARENCTL_SMS_SIGNATURE", "a", "b", "c", "", func(c config.Config) string { return c.SMSSignature }},
		"session_file":  {"FARENCTL_SESSION_FILE", "/a", "/b", "/c", "/home/x/.local/state/farenctl/session.json", func(c config.Config) string { return c.SessionFile }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := write(t, "profiles:\n  default:\n    "+name+": "+c.file+"\n", 0o644)
			home, both := env("HOME", "/home/x"), env("HOME", "/home/x", c.variable, c.env)
			for from, x := range map[string]struct {
				flags, environment map[string]string
				file, want         string
			}{
				"the flag":     {map[string]string{name: c.flag}, both, file, c.flag},
				"the variable": {nil, both, file, c.env},
				"the profile":  {nil, home, file, c.file},
				"the default":  {nil, home, "", c.none},
			} {
				got, err := load(x.flags, x.environment, x.file)
				if err != nil {
					t.Errorf("%s: %v", from, err)
				} else if value := c.read(got); value != x.want {
					t.Errorf("from %s: %q, want %q", from, value, x.want)
				}
			}
		})
	}
}

func TestConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	const secret = "hunter22"
	password := "profiles: {default: {database_url: 'postgres://u:" + secret + "@db.example.com/d'}}"
	for name, c := range map[string]struct {
		flags       map[string]string
		environment []string
		file        string
		mode        os.FileMode
		want        account.Code
	}{
		"no duration":                       {map[string]string{"timeout": "soon"}, nil, "", 0, "CONFIG_INVALID"},
		"a duration without a unit":         {nil, []string{"FARENCTL_TIMEOUT", "30"}, "", 0, "CONFIG_INVALID"},
		"no time at all":                    {map[string]string{"timeout": "0s"}, nil, "", 0, "CONFIG_INVALID"},
		"a negative idle time":              {map[string]string{"server_idle": "-1m"}, nil, "", 0, "CONFIG_INVALID"},
		"no time zone":                      {nil, []string{"FARENCTL_TIMEZONE", "Mars/Olympus"}, "", 0, "CONFIG_INVALID"},
		"a log format that is none":         {map[string]string{"log_format": "xml"}, nil, "", 0, "CONFIG_INVALID"},
		"a language that is none":           {nil, []string{"FARENCTL_LANG", "fr"}, "", 0, "CONFIG_INVALID"},
		"a file that is none":               {nil, []string{"FARENCTL_CONFIG", "/nonexistent/config.yaml"}, "", 0, "CONFIG_INVALID"},
		"a file that is no YAML":            {nil, nil, "profiles: [" + secret, 0o600, "CONFIG_INVALID"},
		"a profile that is none":            {map[string]string{"profile": "absent"}, nil, profiles, 0o600, "CONFIG_INVALID"},
		"a profile without a file":          {map[string]string{"profile": "work"}, nil, "", 0, "CONFIG_INVALID"},
		"a variable's profile that is none": {nil, []string{"FARENCTL_PROFILE", "absent"}, profiles, 0o600, "CONFIG_INVALID"},
		"an unknown setting":                {nil, nil, "profiles: {default: {databse_url: " + secret + "}}", 0o600, "CONFIG_INVALID"},
		"a password in a flag's URL":        {map[string]string{"database_url": "postgres://u:" + secret + "@db.example.com/d"}, nil, "", 0, "SECRET_IN_ARGUMENT"},
		"a password in a query":             {map[string]string{"database_url": "postgres://db.example.com/d?password=" + secret}, nil, "", 0, "SECRET_IN_ARGUMENT"},
		"a password in a list":              {map[string]string{"database_url": "host=db.example.com password = " + secret}, nil, "", 0, "SECRET_IN_ARGUMENT"},
		"a password in a broken URL":        {map[string]string{"database_url": "postgres://u:%" + secret + "@db.example.com/d"}, nil, "", 0, "SECRET_IN_ARGUMENT"},
		"a password in a variable":          {nil, []string{"FARENCTL_DATABASE_URL", "postgres://u:" + secret + "@db.example.com/d"}, "", 0, "SECRET_IN_ARGUMENT"},
		"a hidden variable's password":      {map[string]string{"database_url": "postgres://db.example.com/d"}, []string{"FARENCTL_DATABASE_URL", "password=" + secret}, "", 0, "SECRET_IN_ARGUMENT"},
		"a password that all can read":      {nil, nil, password, 0o644, "FILE_PERMISSIONS"},
		"a password that a group can read":  {nil, nil, password, 0o640, "FILE_PERMISSIONS"},
	} {
		t.Run(name+" is "+string(c.want), func(t *testing.T) {
			t.Parallel()
			var file string
			if c.file != "" {
				file = write(t, c.file, c.mode)
			}
			_, err := load(c.flags, env(c.environment...), file)
			var f *account.Fault
			if !errors.As(err, &f) || f.Code != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if text := f.Message(account.English, time.UTC) + f.Message(account.Chinese, time.UTC) + f.Hint(account.English, time.UTC); strings.Contains(text, secret) {
				t.Errorf("the fault tells the secret: %s", text)
			}
		})
	}
}

func TestOwnersFileMayHoldAPassword(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"a URL":  "postgres://u:hunter22@db.example.com/d",
		"a list": "host=db.example.com password=hunter22",
	} {
		got, err := load(nil, nil, write(t, "profiles: {default: {database_url: '"+address+"'}}", 0o600))
		if err != nil || got.DatabaseURL != address {
			t.Errorf("%s: %q, %v", name, got.DatabaseURL, err)
		}
	}
	for name, address := range map[string]string{"a password file": "host=db.example.com passfile=/x", "a user": "postgres://u@db.example.com/d"} {
		if _, err := load(map[string]string{"database_url": address}, nil, ""); err != nil {
			t.Errorf("%s in a flag: %v", name, err)
		}
	}
}

func TestFilesStandWhereTheDesktopSays(t *testing.T) {
	t.Parallel()
	remote := map[string]string{"database_url": "postgres://db.example.com/d"}
	for name, c := range map[string]struct {
		environment      []string
		flags            map[string]string
		session, keyring string
	}{
		"the home directory":           {[]string{"HOME", "/home/x"}, remote, "/home/x/.local/state/farenctl/session.json", "/home/x/.config/farenctl/keyring.json"},
		"the XDG directories":          {[]string{"HOME", "/home/x", "XDG_STATE_HOME", "/s", "XDG_CONFIG_HOME", "/c"}, remote, "/s/farenctl/session.json", "/c/farenctl/keyring.json"},
		"the private server's keyring": {[]string{"HOME", "/home/x"}, nil, "/home/x/.local/state/farenctl/session.json", ""},
	} {
		got, err := load(c.flags, env(c.environment...), "")
		if err != nil || got.SessionFile != c.session || got.KeyringFile != c.keyring {
			t.Errorf("%s: session %q, keyring %q, %v", name, got.SessionFile, got.KeyringFile, err)
		}
	}
	home := t.TempDir()
	dir := filepath.Join(home, ".config", "farenctl")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte("profiles: {default: {output: yaml}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := load(nil, env("HOME", home), ""); err != nil || got.Output != "yaml" {
		t.Errorf("the file in its place: output %q, %v", got.Output, err)
	}
}

func TestLanguageIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flag        string
		environment []string
		want        account.Language
	}{
		"the flag":                        {"en", []string{"FARENCTL_LANG", "zh", "LC_ALL", "zh_CN.UTF-8"}, account.English},
		"the own variable":                {"", []string{"FARENCTL_LANG", "zh", "LC_ALL", "en_US.UTF-8"}, account.Chinese},
		"LC_ALL before LC_MESSAGES":       {"", []string{"LC_ALL", "zh_CN.UTF-8", "LC_MESSAGES", "en_US", "LANG", "en_US"}, account.Chinese},
		"LC_MESSAGES before LANG":         {"", []string{"LC_MESSAGES", "C", "LANG", "zh_CN.UTF-8"}, account.English},
		"LANG":                            {"", []string{"LANG", "zh_TW.UTF-8"}, account.Chinese},
		"another language is English":     {"", []string{"LANG", "fr_FR.UTF-8"}, account.English},
		"nothing is English":              {"", nil, account.English},
		"one that is none, for the fault": {"fr", []string{"LANG", "zh_CN"}, account.English},
	} {
		environment := env(c.environment...)
		if got := config.Language(c.flag, func(n string) string { return environment[n] }); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		flags := map[string]string{}
		if c.flag != "" {
			flags["lang"] = c.flag
		}
		if got, err := load(flags, environment, ""); c.flag != "fr" && (err != nil || got.Language != c.want) {
			t.Errorf("%s: loaded %s, %v, want %s", name, got.Language, err, c.want)
		}
	}
}

func TestColorCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flags       map[string]string
		environment []string
		want        bool
	}{
		"nothing said":  {nil, nil, true},
		"the flag":      {map[string]string{"no_color": "true"}, nil, false},
		"NO_COLOR":      {nil, []string{"NO_COLOR", "1"}, false},
		"a dumb screen": {nil, []string{"TERM", "dumb"}, false},
	} {
		if got, err := load(c.flags, env(c.environment...), ""); err != nil || got.Color != c.want {
			t.Errorf("%s: color %v, %v", name, got.Color, err)
		}
	}
}

func TestChartsGoByTheCharactersOfTheLocale(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environment []string
		want        bool
	}{
		"no locale":               {nil, false},
		"UTF-8":                   {[]string{"LANG", "zh_CN.UTF-8"}, true},
		"another way to write it": {[]string{"LC_CTYPE", "en_US.utf8", "LANG", "C"}, true},
		"LC_ALL before all":       {[]string{"LC_ALL", "C", "LC_CTYPE", "C.UTF-8"}, false},
		"GB 18030":                {[]string{"LANG", "zh_CN.GB18030"}, false},
	} {
		if got, err := load(nil, env(c.environment...), ""); err != nil || got.Unicode != c.want {
			t.Errorf("%s: %v, %v", name, got.Unicode, err)
		}
	}
}
