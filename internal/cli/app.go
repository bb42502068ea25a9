package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// globals are the flags of every command.
type globals struct {
	output, jq, profile, file, databaseURL, sessionFile, lang, ticket, reason, captcha, logFormat, key string
	fields                                                                                             []string
	timeout                                                                                            time.Duration
	quiet, noInput, noColor, verbose, yes, dryRun                                                      bool
}

// App is what the commands share. Costly parts are made when a command first asks for them, so that help and usage
// errors open nothing.
type App struct {
	std    Streams
	lang   account.Language
	global globals
	given  map[string]string // the global flags that stand on the command line, by setting
	parsed bool              // a command's own code runs: errors are no longer about usage
	// finishes says that the command finishes what it has in hand when it is interrupted.
	finishes bool
	format   render.Format

	inputs    inputs
	flagKinds []flagKind

	svc      atomic.Pointer[service.Service]
	cfg      *config.Config
	broken   error         // why there is no configuration, for the command that tells
	begun    chan struct{} // closed when begin has settled all of the above
	deadline chan struct{}
	cancel   context.CancelFunc
}

func newApp(std Streams, lang account.Language) *App {
	return &App{std: std, lang: lang, begun: make(chan struct{}), deadline: make(chan struct{})}
}

// tr gives the text of the language.
func (app *App) tr(en, zh string) string { return app.lang.Pick(en, zh) }

// words gives how tables tell the codes of a closed list.
func (app *App) words(list account.TermList) func(string) string {
	return func(code string) string { return account.Term(app.lang, list, code) }
}

func (app *App) addGlobalFlags(flags *pflag.FlagSet) {
	g := &app.global
	flags.StringVarP(&g.output, "output", "o", "", app.tr("table, wide, json, jsonl, yaml, csv, name or template=…", "输出格式：table、wide、json、jsonl、yaml、csv、name 或 template=…"))
	flags.StringVar(&g.jq, "jq", "", app.tr("filter the JSON with a jq program", "用 jq 程序筛选 JSON"))
	flags.StringSliceVar(&g.fields, "fields", nil, app.tr("columns or keys to print", "要输出的列或键"))
	flags.BoolVarP(&g.quiet, "quiet", "q", false, app.tr("print only ids; nothing where there are none", "只输出编号；没有编号的结果不输出"))
	flags.BoolVarP(&g.dryRun, "dry-run", "n", false, app.tr("try it and undo it: nothing is changed or sent", "试运行：不作任何更改，不发送短信"))
	flags.StringVar(&g.key, "idempotency-key", "", app.tr("a repeat with the same key gives the first result and does nothing", "幂等键：同一键重复运行时返回首次结果，不再执行"))
	flags.BoolVarP(&g.yes, "yes", "y", false, app.tr("skip prompts for confirmation", "跳过确认提示"))
	flags.BoolVar(&g.noInput, "no-input", false, app.tr("never prompt", "从不提示输入"))
	flags.StringVar(&g.ticket, "ticket", "", app.tr("ticket, recorded in the audit", "工单号，记入审计"))
	flags.StringVar(&g.reason, "reason", "", app.tr("reason, recorded in the audit", "原因，记入审计"))
	flags.StringVar(&g.captcha, "captcha", "", app.tr("answer of a captcha, as ID:ANSWER, where policy asks for one", "图形验证码，格式为 ID:ANSWER（策略要求时）"))
	flags.StringVar(&g.lang, "lang", "", app.tr("language of messages: zh or en", "消息语言：zh 或 en"))
	flags.StringVar(&g.profile, "profile", "", app.tr("profile of the configuration file", "配置文件中的配置名"))
	flags.StringVar(&g.file, "config", "", app.tr("configuration file", "配置文件"))
	flags.StringVar(&g.databaseURL, "database-url", "", app.tr("database address, without a password", "数据库地址（不含密码）"))
	flags.StringVar(&g.sessionFile, "session-file", "", app.tr("file that holds the session", "会话文件"))
	flags.DurationVar(&g.timeout, "timeout", 0, app.tr("time limit (default 60s)", "时限（默认 60s）"))
	flags.BoolVar(&g.noColor, "no-color", false, app.tr("no colours, and charts in ASCII", "不使用颜色，并以 ASCII 绘制图表"))
	flags.BoolVarP(&g.verbose, "verbose", "v", false, app.tr("log to stderr", "在标准错误输出日志"))
	flags.StringVar(&g.logFormat, "log-format", "", app.tr("text or json", "日志格式：text 或 json"))
}

// begin is what happens between parsing and a command's own code.
func (app *App) begin(cmd *cobra.Command) error {
	defer close(app.begun)
	if cmd.Name() == cobra.ShellCompRequestCmd {
		// Whoever completes looks for what they need, and tells nothing.
		app.parsed = true
		return nil
	}
	app.take(cmd.Flags())
	app.guessFormat(app.global.output)
	app.parsed = true
	app.finishes = cmd.Annotations[finishing] != ""
	if err := app.inputs.begin(app, cmd); err != nil {
		return err
	}
	c, err := app.config()
	if err != nil && (cmd.Annotations[diagnoses] != "" || cmd.Annotations[unconfigured] != "") {
		app.broken, err = err, nil
		c = app.withoutConfig()
	}
	if err == nil {
		app.guessFormat(c.Output)
	}
	if !cmd.Hidden {
		app.warnMisspelt()
	}
	limit := cmd.Annotations[unlimited]
	if err != nil || limit == always || limit == byDefault && app.given["timeout"] == "" {
		return err
	}
	timeout := c.Timeout
	if limit == waits {
		timeout += grace
	}
	var ctx context.Context
	ctx, app.cancel = context.WithTimeout(cmd.Context(), timeout)
	cmd.SetContext(ctx)
	go func() {
		<-ctx.Done()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			close(app.deadline)
		}
	}()
	return nil
}

// take keeps the flags that were given.
func (app *App) take(flags *pflag.FlagSet) {
	app.given = map[string]string{}
	flags.Visit(func(f *pflag.Flag) {
		app.given[strings.ReplaceAll(f.Name, "-", "_")] = f.Value.String()
	})
}

// unlimited marks commands that run as long as their work takes: always, or unless --timeout is given.
const (
	unlimited = "unlimited"
	always    = "always"
	byDefault = "default"
	waits     = "waits" // its limit is a result of its own; the hard one comes a grace later
)

// finishing marks commands that finish what they have in hand when they are interrupted, for as long as patience.
const finishing = "finishing"

// diagnoses marks the command that is for finding out what is wrong, with the configuration as well.
const diagnoses = "diagnoses"

// unconfigured marks commands that tell of the program itself, which a broken configuration does not keep from it.
const unconfigured = "unconfigured"

// withoutConfig is the least that a command needs where the configuration cannot be loaded: how to print, and how long.
func (app *App) withoutConfig() config.Config {
	output := firstOf(app.global.output, app.std.Getenv("FARENCTL_OUTPUT"), render.FormatTable)
	c := config.Config{Output: output, Language: app.lang, Location: time.UTC, Timeout: time.Minute, LogFormat: "text"}
	app.cfg = &c
	return c
}

// guessFormat settles how errors are told, before the configuration is known.
func (app *App) guessFormat(flag string) {
	if f, err := render.ParseFormat(firstOf(flag, app.std.Getenv("FARENCTL_OUTPUT"), render.FormatTable)); err == nil {
		app.format = f
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func (app *App) config() (config.Config, error) {
	if app.cfg != nil {
		return *app.cfg, nil
	}
	flags := map[string]string{}
	for _, name := range []string{"database_url", "session_file", "lang", "output", "timeout", "log_format", "verbose", "no_color", "data_dir"} {
		if value, ok := app.given[name]; ok {
			flags[name] = value
		}
	}
	// The watcher's own flag.
	if idle, ok := app.given["idle"]; ok {
		flags["server_idle"] = idle
	}
	c, err := config.Load(config.Inputs{Flags: flags, Getenv: app.std.Getenv, Profile: app.global.profile, File: app.global.file})
	if err != nil {
		return config.Config{}, err
	}
	app.cfg, app.lang = &c, c.Language
	return c, nil
}

// options give how results are printed.
func (app *App) options() (render.Options, error) {
	c, err := app.config()
	if err != nil {
		return render.Options{}, err
	}
	format, err := render.ParseFormat(c.Output)
	if err != nil {
		return render.Options{}, err
	}
	o := render.Options{Format: format, JQ: app.global.jq, Fields: app.global.fields, Quiet: app.global.quiet, Location: c.Location, Color: c.Color && app.std.OutTTY,
		ASCII: !c.Color || !c.Unicode}
	if app.std.OutTTY {
		o.Width = max(app.std.Width, 0)
		if o.Width == 0 {
			o.Width = 80 // one that does not tell how wide it is, a terminal all the same
		}
	}
	return o, o.Validate()
}

// service makes the service; it connects when a use case first needs the database.
func (app *App) service() (*service.Service, error) {
	if made := app.svc.Load(); made != nil {
		return made, nil
	}
	c, err := app.config()
	if err != nil {
		return nil, err
	}
	made := service.New(app.serviceOptions(c))
	app.svc.Store(made)
	return made, nil
}

func (app *App) serviceOptions(c config.Config) service.Options {
	return service.Options{
		Config: c, Ticket: app.global.ticket, Reason: app.global.reason, Captcha: app.global.captcha, Getenv: app.std.Getenv, UID: app.std.UID,
		DryRun: app.global.dryRun, IdempotencyKey: app.global.key, Arguments: app.inputs.given,
		// The first word stays the program's name, whatever file it runs from.
		WatchCommand: []string{"farenctl", "server", "watch"}, WatchExecutable: app.std.Executable, Trace: app.tracer(),
	}
}

func (app *App) close() error {
	if app.cancel != nil {
		app.cancel()
	}
	if made := app.svc.Load(); made != nil {
		return made.Close()
	}
	return nil
}

// settled tells whether begin is over, so that what it settled can be read while the command still runs.
func (app *App) settled() bool {
	select {
	case <-app.begun:
		return true
	default:
		return false
	}
}

// grace is how long the command may take to end when its time is up: longer while messages are being sent, or an identity provider gives
// the one answer that it gives.
func (app *App) grace() time.Duration {
	made := app.svc.Load()
	if app.settled() && (app.finishes || made != nil && made.Asking()) {
		return patience
	}
	return grace
}

func (app *App) requestID() *string {
	if made := app.svc.Load(); made != nil {
		return made.LastRequest()
	}
	return nil
}

func (app *App) location() *time.Location {
	if app.cfg != nil {
		return app.cfg.Location
	}
	return time.UTC
}

// expired is closed when the command has run out of time or was interrupted.
func (app *App) expired(ctx context.Context) <-chan struct{} {
	out := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
		case <-app.deadline:
		}
		close(out)
	}()
	return out
}

// tracer tells with --verbose how long each costly step took.
func (app *App) tracer() func(string, time.Duration) {
	if !app.global.verbose {
		return nil
	}
	logger := app.logger()
	return func(what string, took time.Duration) {
		logger.Info("step", "what", what, "took", took.Round(time.Microsecond).String())
	}
}

func (app *App) logger() *slog.Logger {
	if app.cfg != nil && app.cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(app.std.Err, nil))
	}
	return slog.New(slog.NewTextHandler(app.std.Err, nil))
}

// log writes what led to an error, for --verbose. Causes carry no personal data.
func (app *App) log(err error) {
	if !app.global.verbose {
		return
	}
	causes := []string{}
	for e := err; e != nil; e = errors.Unwrap(e) {
		causes = append(causes, fmt.Sprintf("%T: %v", e, e))
	}
	app.logger().Error("command failed", "causes", causes)
}

// interactive reports whether a prompt may be shown.
func (app *App) interactive() bool {
	return app.std.InTTY && app.std.ErrTTY && !app.global.noInput && app.std.ReadPassword != nil
}
