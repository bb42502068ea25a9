package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/viper"

	"github.com/farenctl/farenctl/internal/account"
)

// Config is every setting, resolved.
type Config struct {
	// DatabaseURL is a URL or keyword list; empty with UsePGEnvironment says that the PG… variables name the server, and
	// empty without means the private server.
	DatabaseURL      string
	UsePGEnvironment bool
	DataDir          string        // of the private server; empty: its default
	PGBin            string        // directory of PostgreSQL's programs; empty: looked for
	ServerIdle       time.Duration // disuse after which the private server stops
	KeyringFile      string        // empty: beside the private server, or KeyringDefault
	SessionFile      string
	Output           string
	Language         account.Language
	Location         *time.Location
	Timeout          time.Duration
	SMSSignature     string
	// CertificateAuthorities and CertificateCRL are the files of those whose certificates sign organizations in, and of their revocation
	// lists, or "none". CertificateUnitCode is the attribute of the subject that has the unit code.
	CertificateAuthorities, CertificateCRL, CertificateUnitCode string
	// Identity is the provider of face checks, ELicence that of e-licences, SMS how messages leave.
	Identity, ELicence Identity
	SMS                SMS

	Verbose   bool
	LogFormat string
	Color     bool
}

// Private reports whether the private server is used.
func (c Config) Private() bool { return c.DatabaseURL == "" && !c.UsePGEnvironment }

// Inputs are what a configuration is made of. Flags holds the flags that were given, by setting.
type Inputs struct {
	Flags   map[string]string
	Getenv  func(string) string
	Profile string // --profile
	File    string // --config
}

// settings maps a setting to its environment variable. A setting in a profile has the same name.
var settings = map[string]string{
	"database_url":  "FARENCTL_DATABASE_URL",
	"data_dir":      "FARENCTL_DATA_DIR",
	"pg_bin":        "FARENCTL_PG_BIN",
	"server_idle":   "FARENCTL_SERVER_IDLE",
	"keyring":       "FARENCTL_KEYRING",
	"session_file":  "FARENCTL_SESSION_FILE",
	"output":        "FARENCTL_OUTPUT",
	"lang":          "FARENCTL_LANG",
	"timezone":      "FARENCTL_TIMEZONE",
	"timeout":       "FARENCTL_TIMEOUT",
	"sms_signature": "FARENCTL_SMS_SIGNATURE",
	"log_format":    "FARENCTL_LOG_FORMAT",

	"certificate_authorities": "FARENCTL_CERTIFICATE_AUTHORITIES",
	"certificate_crl":         "FARENCTL_CERTIFICATE_CRL",
	"certificate_unit_code":   "FARENCTL_CERTIFICATE_UNIT_CODE",
}

// Load resolves the configuration. Everything wrong is CONFIG_INVALID, or SECRET_IN_ARGUMENT for a password in a flag
// or variable, or FILE_PERMISSIONS for a file with one that others can read.
func Load(in Inputs) (Config, error) {
	v := viper.New()
	v.SetDefault("output", "table")
	v.SetDefault("timezone", "Asia/Shanghai")
	v.SetDefault("timeout", "60s")
	v.SetDefault("server_idle", "10m")
	v.SetDefault("log_format", "text")
	v.SetDefault("certificate_unit_code", "serialNumber")
	for _, name := range []string{"database_url"} {
		for _, given := range []string{in.Flags[name], in.Getenv(settings[name])} {
			if hasPassword(given) {
				return Config{}, account.NewFault("SECRET_IN_ARGUMENT", "field", name)
			}
		}
	}
	if err := readProfile(v, in); err != nil {
		return Config{}, err
	}
	for name, variable := range settings {
		if value := in.Getenv(variable); value != "" {
			v.Set(name, value)
		}
		if value, ok := in.Flags[name]; ok {
			v.Set(name, value)
		}
	}
	c := Config{
		DatabaseURL: v.GetString("database_url"), DataDir: v.GetString("data_dir"), PGBin: v.GetString("pg_bin"),
		KeyringFile: v.GetString("keyring"), SessionFile: v.GetString("session_file"), Output: v.GetString("output"),
		SMSSignature: v.GetString("sms_signature"), LogFormat: v.GetString("log_format"),
		CertificateAuthorities: v.GetString("certificate_authorities"), CertificateCRL: v.GetString("certificate_crl"), CertificateUnitCode: v.GetString("certificate_unit_code"),
		Verbose: in.Flags["verbose"] == "true",
		Color:   in.Flags["no_color"] != "true" && in.Getenv("NO_COLOR") == "" && in.Getenv("TERM") != "dumb",
	}
	// A profile's address gives way to PG… variables, as the environment goes before the file.
	given := in.Flags["database_url"] != "" || in.Getenv(settings["database_url"]) != ""
	if !given && pgEnvironment(in.Getenv) {
		c.DatabaseURL, c.UsePGEnvironment = "", true
	}
	var err error
	if c.Timeout, err = duration(v, "timeout"); err != nil {
		return Config{}, err
	}
	if c.ServerIdle, err = duration(v, "server_idle"); err != nil {
		return Config{}, err
	}
	if c.Location, err = time.LoadLocation(v.GetString("timezone")); err != nil {
		return Config{}, invalid("timezone is no time zone")
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return Config{}, invalid("log_format is text or json")
	}
	if c.Language, err = language(v.GetString("lang"), in.Getenv); err != nil {
		return Config{}, err
	}
	if c.SessionFile == "" {
		c.SessionFile = xdg(in.Getenv, "XDG_STATE_HOME", ".local/state", "session.json")
	}
	if c.KeyringFile == "" && !c.Private() {
		c.KeyringFile = xdg(in.Getenv, "XDG_CONFIG_HOME", ".config", "keyring.json")
	}
	return c, nil
}

// Language finds the language of messages before anything else is known: flag, FARENCTL_LANG, then the locale.
func Language(flag string, getenv func(string) string) account.Language {
	if flag == "" {
		flag = getenv(settings["lang"])
	}
	lang, err := language(flag, getenv)
	if err != nil {
		return account.English
	}
	return lang
}

func language(given string, getenv func(string) string) (account.Language, error) {
	switch given {
	case "zh":
		return account.Chinese, nil
	case "en":
		return account.English, nil
	case "":
	default:
		return "", invalid("lang is zh or en")
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return account.Chinese, nil
			}
			return account.English, nil
		}
	}
	return account.English, nil
}

func invalid(problem string) error { return account.NewFault("CONFIG_INVALID", "problem", problem) }

func duration(v *viper.Viper, name string) (time.Duration, error) {
	d, err := time.ParseDuration(v.GetString(name))
	if err != nil || d <= 0 {
		return 0, invalid(name + " is no duration such as 30s or 5m")
	}
	return d, nil
}

func pgEnvironment(getenv func(string) string) bool {
	for _, name := range []string{"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"} {
		if getenv(name) != "" {
			return true
		}
	}
	return false
}

// hasPassword finds a password in a URL's user part or query, or in a keyword list.
func hasPassword(dsn string) bool {
	if strings.Contains(dsn, "://") {
		u, err := url.Parse(dsn)
		if err != nil {
			// Not a URL that can be read: an at sign behind a colon still looks like one.
			return strings.Contains(dsn, "@")
		}
		_, has := u.User.Password()
		return has || u.Query().Has("password") || u.Query().Has("sslpassword")
	}
	// libpq allows white space around the equals sign.
	return strings.Contains(strings.Join(strings.Fields(dsn), ""), "password=")
}

func xdg(getenv func(string) string, variable, fallback, file string) string {
	base := getenv(variable)
	if base == "" {
		home := getenv("HOME")
		if home == "" {
			home = "/"
		}
		base = filepath.Join(home, fallback)
	}
	return filepath.Join(base, "farenctl", file)
}

// readProfile merges the profile of the configuration file. The file may hold a password, so it must be its owner's alone
// if it does.
func readProfile(v *viper.Viper, in Inputs) error {
	path, profile, explicit := in.File, in.Profile, true
	if path == "" {
		path = in.Getenv("FARENCTL_CONFIG")
	}
	if profile == "" {
		profile = in.Getenv("FARENCTL_PROFILE")
	}
	if path == "" {
		path, explicit = xdg(in.Getenv, "XDG_CONFIG_HOME", ".config", "config.yaml"), false
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !explicit && profile == "" {
		return nil
	}
	if err != nil {
		return invalid("the configuration file cannot be read")
	}
	file := viper.New()
	file.SetConfigFile(path)
	file.SetConfigType("yaml")
	if err := file.ReadInConfig(); err != nil {
		return invalid("the configuration file is not YAML")
	}
	if profile == "" {
		profile = file.GetString("profile")
	}
	named := profile != ""
	if !named {
		profile = "default"
	}
	values := file.GetStringMap("profiles." + profile)
	if len(values) == 0 && named {
		return invalid(fmt.Sprintf("the configuration file has no profile %q", profile))
	}
	for name := range values {
		if _, known := settings[name]; !known {
			return invalid(fmt.Sprintf("profile %q has an unknown setting %q", profile, name))
		}
	}
	if hasPassword(fmt.Sprint(values["database_url"])) && info.Mode().Perm()&0o077 != 0 {
		return account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	if err := v.MergeConfigMap(values); err != nil {
		return invalid("the configuration file's profile cannot be read")
	}
	return nil
}
