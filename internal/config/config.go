package config

import (
	"net/url"
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
	// KeyringPassphraseFile holds the passphrase of a wrapped keyring; empty: there is none.
	KeyringPassphraseFile string
	SessionFile           string
	Output                string
	Language              account.Language
	Location              *time.Location
	Timeout               time.Duration
	SMSSignature          string
	// CertificateAuthorities and CertificateCRL are the files of those whose certificates sign organizations in, and of their revocation
	// lists, or "none". CertificateUnitCode is the attribute of the subject that has the unit code.
	CertificateAuthorities, CertificateCRL, CertificateUnitCode string
	// AuditCheckpoints is the directory of the audit's checkpoints, AuditPublicKey the file of the key that proves them; empty: not set.
	AuditCheckpoints, AuditPublicKey string
	// Identity is the provider of face checks, ELicence that of e-licences, SMS how messages leave.
	Identity, ELicence Identity
	SMS                SMS

	Verbose   bool
	LogFormat string
	Color     bool
	Unicode   bool // the locale's characters are UTF-8

	// Settings tells of every setting, in the order of the table, for people to look at.
	Settings []Setting
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

// Origin says where a value is from: flag (Name is the flag), variable (Name is it), profile (Name is it, in File), or default.
type Origin struct{ Kind, Name, File string }

// The kinds of origin.
const (
	FromFlag     = "flag"
	FromVariable = "variable"
	FromProfile  = "profile"
	FromDefault  = "default"
)

// Setting is one setting as it was settled. Value has no secret: a password in a database address is taken out.
type Setting struct {
	Name, Variable   string // Variable is empty where only the file can say it
	Kind             Kind
	Value            string
	Origin           Origin
	English, Chinese string // what it is
}

// Load resolves the configuration. Everything wrong is CONFIG_INVALID, or SECRET_IN_ARGUMENT for a password in a flag
// or variable, SECRET_IN_CONFIGURATION for another secret that stands where its file belongs, or FILE_PERMISSIONS for a file with a
// password that others can read.
func Load(in Inputs) (Config, error) {
	rows := settings()
	if err := refuseSecrets(rows, in); err != nil {
		return Config{}, err
	}
	p, err := readProfile(rows, in)
	if err != nil {
		return Config{}, err
	}
	v, err := layers(rows, p, in)
	if err != nil {
		return Config{}, err
	}
	c := Config{
		Verbose: in.Flags["verbose"] == "true",
		Color:   in.Flags["no_color"] != "true" && in.Getenv("NO_COLOR") == "" && in.Getenv("TERM") != "dumb",
		Unicode: unicodeLocale(in.Getenv),
	}
	for _, row := range rows {
		found, origin := row.settle(v, p, in, &c)
		if problem := row.put(&c, found); problem != (account.Text{}) {
			return Config{}, invalid("%s %s", "%s %s", row.name, problem)
		}
		shown := Setting{Name: row.name, Variable: variable(row.name), Kind: row.kind, Value: found.shown(row.kind), Origin: origin, English: row.en, Chinese: row.zh}
		if row.kind == Map {
			shown.Variable = ""
		}
		if row.name == "database_url" {
			shown.Value = withoutPassword(shown.Value)
		}
		c.Settings = append(c.Settings, shown)
	}
	return c, complete(c)
}

// refuseSecrets refuses a password in the address of the database, but for the file's, and a variable with a secret.
func refuseSecrets(rows []setting, in Inputs) error {
	for _, given := range []string{in.Flags["database_url"], in.Getenv(variable("database_url"))} {
		if hasPassword(given) {
			return account.NewFault("SECRET_IN_ARGUMENT", "field", "database_url")
		}
	}
	for _, row := range rows {
		secret := variable(strings.TrimSuffix(row.name, secretSuffix))
		if row.kind == SecretFile && in.Getenv(secret) != "" {
			return secretInConfiguration(secret, variable(row.name))
		}
	}
	return nil
}

func secretInConfiguration(field, use string) error {
	return account.NewFault("SECRET_IN_CONFIGURATION", "field", field, "use", use)
}

// layers puts everything that was given into viper, which knows what goes before what.
func layers(rows []setting, p profile, in Inputs) (*viper.Viper, error) {
	v := viper.New()
	file := map[string]any{}
	for _, row := range rows {
		v.SetDefault(row.name, row.fallback)
		if given, found := p.values[row.name]; found && row.kind == List {
			file[row.name] = strings.Join(given.words, " ")
		} else if found && row.kind != Map {
			file[row.name] = given.text
		}
		if given := row.own(in.Getenv); given != "" {
			v.Set(row.name, given)
		}
		if given, found := in.Flags[row.name]; found {
			v.Set(row.name, given)
		}
	}
	// A profile's address gives way to PG… variables, as the environment goes before the file.
	if given := v.GetString("database_url"); given == "" && pgEnvironment(in.Getenv) != "" {
		delete(file, "database_url")
	}
	if err := v.MergeConfigMap(file); err != nil {
		return nil, invalid("the configuration file's profile cannot be read", "配置文件中的配置无法读取")
	}
	return v, nil
}

// settle finds the value of a setting and where it is from.
func (s setting) settle(v *viper.Viper, p profile, in Inputs, c *Config) (value, Origin) {
	given := value{text: v.GetString(s.name)}
	switch s.kind {
	case List:
		given = value{words: split(given.text)}
	case Map:
		given = p.values[s.name]
	}
	_, flag := in.Flags[s.name]
	_, file := p.values[s.name]
	switch own := s.own(in.Getenv); {
	case s.find != nil && given.text == "":
		found, from := s.find(in.Getenv, c)
		if from != "" {
			return value{text: found}, Origin{Kind: FromVariable, Name: from}
		}
		return value{text: found}, Origin{Kind: FromDefault}
	case s.name == "database_url" && given.text == "" && pgEnvironment(in.Getenv) != "":
		c.UsePGEnvironment = true
		return given, Origin{Kind: FromVariable, Name: pgEnvironment(in.Getenv)}
	case flag:
		return given, Origin{Kind: FromFlag, Name: "--" + strings.ReplaceAll(s.name, "_", "-")}
	case own != "":
		return given, Origin{Kind: FromVariable, Name: variable(s.name)}
	case file:
		return given, Origin{Kind: FromProfile, Name: p.name, File: p.file}
	}
	return given, Origin{Kind: FromDefault}
}

func defaultSessionFile(getenv func(string) string, _ *Config) (string, string) {
	return xdg(getenv, "XDG_STATE_HOME", ".local/state", "session.json"), ""
}

// defaultKeyring leaves the keyring beside the private server to whoever knows where that is.
func defaultKeyring(getenv func(string) string, c *Config) (string, string) {
	if c.Private() {
		return "", ""
	}
	return xdg(getenv, "XDG_CONFIG_HOME", ".config", "keyring.json"), ""
}

// Language finds the language of messages before anything else is known: flag, FARENCTL_LANG, then the locale.
func Language(flag string, getenv func(string) string) account.Language {
	if flag == "" {
		flag = getenv(variable("lang"))
	}
	if flag == "" {
		flag, _ = locale(getenv, nil)
	}
	if flag == string(account.Chinese) {
		return account.Chinese
	}
	return account.English
}

// locale gives the language of the locale, and the variable that names it.
func locale(getenv func(string) string, _ *Config) (string, string) {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return string(account.Chinese), name
			}
			return string(account.English), name
		}
	}
	return string(account.English), ""
}

// unicodeLocale tells whether the locale's characters are UTF-8. Without a locale they are ASCII.
func unicodeLocale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := getenv(name); value != "" {
			return strings.Contains(strings.ReplaceAll(strings.ToLower(value), "-", ""), "utf8")
		}
	}
	return false
}

// invalid is CONFIG_INVALID with what is wrong, in both languages.
func invalid(en, zh string, args ...any) error {
	return account.NewFault("CONFIG_INVALID", "problem", account.Say(en, zh, args...))
}

// pgEnvironment gives the PG… variable that names a server; "" when none does.
func pgEnvironment(getenv func(string) string) string {
	for _, name := range []string{"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"} {
		if getenv(name) != "" {
			return name
		}
	}
	return ""
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

// hidden stands for what is not shown.
const hidden = "(hidden)"

// withoutPassword gives an address of a database without what it may hold of a password. Where that cannot be told apart for sure, all is
// hidden.
func withoutPassword(dsn string) string {
	if !strings.Contains(dsn, "://") {
		if hasPassword(dsn) {
			return hidden
		}
		return dsn
	}
	u, err := url.Parse(dsn)
	// A slash, question mark or hash that is not escaped ends the user part early, and the rest of a password is behind it.
	if err != nil || strings.Contains(u.EscapedPath()+u.RawQuery+u.Fragment, "@") {
		return hidden
	}
	query := u.Query()
	for name := range query {
		if strings.Contains(strings.ToLower(name), "password") {
			query.Set(name, hidden)
			u.RawQuery = query.Encode()
		}
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username())
	}
	return u.String()
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
