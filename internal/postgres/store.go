package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
)

// Options say how to reach a database. DSN is a URL or a keyword list as libpq takes them; empty means that the PG…
// variables say it. Role, when set, is switched to at connection. Timeout bounds a statement.
type Options struct {
	DSN     string
	Role    string
	Timeout time.Duration
	// ReadOnly has the server refuse every change.
	ReadOnly bool
	// Trace, when set, is told how long each exchange with the database took. what is the name of a function or view.
	Trace func(what string, took time.Duration)
	// Queued, when set, is called after the commit of every change that put messages into the outbox, before its answer is given.
	Queued func(ctx context.Context, c Caller)
	// DryRun runs everything in one transaction that Close rolls back.
	DryRun bool
}

// Store is an open database. It connects at its first use and is safe for concurrent use.
type Store struct {
	db     *sqlx.DB
	dry    *dryRun // nil: changes are made
	trace  func(string, time.Duration)
	queued func(context.Context, Caller)
	near   bool // on this machine
	mode   pq.SSLMode
	listen string // the address for [Store.Watch]
	// replayed tells whether the newest change's answer was that of an earlier request.
	replayed atomic.Bool
}

// Open prepares a store without connecting. It returns CONFIG_INVALID for an address that cannot be right, and never tells the address.
func Open(o Options) (*Store, error) {
	config, err := configure(o)
	if err != nil {
		return nil, err
	}
	connector, err := newConnector(config)
	if err != nil {
		return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("the database address cannot be read", "数据库地址无法识别")).WithCause(scrub(err))
	}
	db := sql.OpenDB(connector)
	// One command is one call; the second connection is for the parallel halves of bulk work.
	db.SetMaxOpenConns(2)
	socket, loopback := places(config)
	store := &Store{db: sqlx.NewDb(db, "postgres"), trace: o.Trace, queued: o.Queued, near: socket || loopback, mode: config.SSLMode,
		listen: listenAddress(o.DSN, config)}
	if o.DryRun {
		store.dry, store.queued = &dryRun{}, nil
	}
	return store, nil
}

// Replayed tells whether the newest change was answered with what an earlier request of the same idempotency key had done.
func (s *Store) Replayed() bool { return s.replayed.Load() }

// Quiet is the same store, of whose exchanges nobody is told.
func (s *Store) Quiet() *Store { return &Store{db: s.db, near: s.near, mode: s.mode} }

// timed traces one exchange.
func (s *Store) timed(query string, run func() error) error {
	if s.trace == nil {
		return mayRun(run(), asked(query))
	}
	start := time.Now()
	err := run()
	what := cmp.Or(asked(query), "database")
	s.trace(what, time.Since(start))
	return mayRun(err, what)
}

// asked is the function or view of the schema api that a query names first; "" when it names none.
func asked(query string) string {
	_, rest, _ := strings.Cut(query, "api.")
	return rest[:strings.IndexFunc(rest+" ", func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })]
}

// Place tells which database this is, and as which login: what was begun in one does not go on in another.
func (s *Store) Place(ctx context.Context) (database, login string, err error) {
	type place struct {
		Database string `db:"database"`
		Login    string `db:"login"`
	}
	found, _, err := one[place](ctx, s, `SELECT current_database() AS database, session_user AS login`)
	return found.Database, found.Login, err
}

// Close closes the connections; what a dry run did is undone.
func (s *Store) Close() error {
	if s.dry != nil {
		s.dry.end()
	}
	return s.db.Close()
}

func configure(o Options) (pq.Config, error) {
	config, err := pq.NewConfig(o.DSN)
	if err != nil {
		// The driver's message may quote the address, password and all.
		return pq.Config{}, account.NewFault("CONFIG_INVALID", "problem", account.Say("the database address cannot be read", "数据库地址无法识别")).WithCause(scrub(err))
	}
	if config.TargetSessionAttrs == "prefer-standby" {
		return pq.Config{}, account.NewFault("CONFIG_INVALID", "problem", account.Say("target_session_attrs=prefer-standby is not supported", "不支持 target_session_attrs=prefer-standby"))
	}
	if err := secure(&config, o.DSN); err != nil {
		return pq.Config{}, err
	}
	config.ApplicationName = "farenctl"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if config.Runtime == nil {
		config.Runtime = map[string]string{}
	}
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = time.Minute
	}
	config.Runtime["statement_timeout"] = strconv.FormatInt(timeout.Milliseconds(), 10)
	config.Runtime["lock_timeout"] = strconv.FormatInt((timeout / 2).Milliseconds(), 10)
	// A call whose client is gone is ended by the server before it does what nobody will hear of.
	config.Runtime["client_connection_check_interval"] = "1000"
	config.Runtime["idle_in_transaction_session_timeout"] = strconv.FormatInt(timeout.Milliseconds(), 10)
	if o.ReadOnly {
		config.Runtime["default_transaction_read_only"] = "on"
	}
	if o.Role != "" {
		config.Options = strings.TrimSpace(config.Options + " -c role=" + o.Role)
	}
	return config, nil
}

// secure keeps passwords and personal data from crossing a network in clear: over TCP the server's certificate is
// checked unless the caller chose another way that encrypts, and no encryption is for loopback only. Every host of a
// list counts, and an address goes before the name beside it, as the driver dials them.
func secure(config *pq.Config, dsn string) error {
	local, loopback := places(*config)
	if local {
		return nil
	}
	given := sslmodeOf(dsn)
	if given == "" && config.SSLMode != "" && config.SSLMode != pq.SSLModeRequire {
		given = string(config.SSLMode)
	}
	switch {
	case given == "" && loopback:
		config.SSLMode = pq.SSLModeDisable
	case given == "":
		config.SSLMode = pq.SSLModeVerifyFull
	case !loopback && (given == "disable" || given == "allow" || given == "prefer"):
		// The last two encrypt only if the server, or whoever stands between, likes to.
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("sslmode=%s is for loopback addresses only", "sslmode=%s 仅可用于本机地址", given))
	}
	return nil
}

// places tells whether all hosts are sockets, and whether all are on this machine.
func places(config pq.Config) (local, loopback bool) {
	local, loopback = true, true
	for _, h := range append([]pq.ConfigMultihost{{Host: config.Host, Hostaddr: config.Hostaddr}}, config.Multi...) {
		socket, near := place(h)
		local = local && socket
		loopback = loopback && (socket || near)
	}
	return local, loopback
}

// place tells whether a host is a socket, and whether it is on this machine.
func place(h pq.ConfigMultihost) (socket, near bool) {
	if h.Hostaddr.IsValid() {
		return false, h.Hostaddr.IsLoopback()
	}
	if strings.HasPrefix(h.Host, "/") || strings.HasPrefix(h.Host, "@") {
		return true, true
	}
	addr, err := netip.ParseAddr(strings.Trim(h.Host, "[]"))
	return false, h.Host == "localhost" || err == nil && addr.IsLoopback()
}

// sslmodeOf finds the sslmode that an address itself names; "" when it leaves it to the driver.
func sslmodeOf(dsn string) string {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		if u, err := url.Parse(dsn); err == nil {
			return u.Query().Get("sslmode")
		}
		return ""
	}
	for _, word := range strings.Fields(dsn) {
		if value, ok := strings.CutPrefix(word, "sslmode="); ok {
			return strings.Trim(value, "'")
		}
	}
	return ""
}

// Status is what a client must know of a database before its first command.
type Status struct {
	SchemaVersion int64  `db:"schema_version"`
	FunctionsHash string `db:"functions_hash"`
	Environment   string `db:"environment"`
	Suite         string `db:"suite"`
	IndexCheck    string `db:"index_check"`
	// Settled tells that the server goes by what the connection asked for at its start.
	Settled bool `db:"settled"`
}

// Check reads the database's status and refuses a schema that is not this program's: SCHEMA_MISSING, SCHEMA_OLDER,
// SCHEMA_NEWER.
func (s *Store) Check(ctx context.Context) (Status, error) {
	status, err := s.status(ctx)
	if err != nil {
		return Status{}, err
	}
	if !status.Settled {
		return Status{}, account.NewFault("CONFIG_INVALID", "problem", account.Say("what stands before the database drops the settings of a connection: take them out of the pooler's ignore_startup_parameters",
			"数据库前的连接池丢弃了连接参数：请从连接池的 ignore_startup_parameters 中去掉这些参数"))
	}
	return status, compare(status)
}

func (s *Store) status(ctx context.Context) (Status, error) {
	var status Status
	// Constant text without arguments goes as one simple query: one round trip.
	const query = `SELECT schema_version, functions_hash, environment, suite, index_check,
		current_setting('client_connection_check_interval') = '1s' AS settled FROM api.status`
	go currentSchema() // while the server is busy with the connection; it is asked for next
	// Beside the transaction of a dry run, which a schema that is not there would end.
	err := s.timed(query, func() error {
		return s.retry(ctx, func() error { return s.db.GetContext(ctx, &status, query) })
	})
	var fault *account.Fault
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Status{}, account.NewFault("SCHEMA_MISSING")
	case errors.As(err, &fault) && (fault.Code == codeUndefined):
		return Status{}, account.NewFault("SCHEMA_MISSING").WithCause(err)
	}
	return status, err
}

func compare(status Status) error {
	want := currentSchema()
	switch {
	case status.SchemaVersion < want.version:
		return account.NewFault("SCHEMA_OLDER", "schema", status.SchemaVersion, "program", want.version)
	case status.SchemaVersion > want.version:
		return account.NewFault("SCHEMA_NEWER", "schema", status.SchemaVersion, "program", want.version)
	case status.FunctionsHash != want.functions:
		// The same tables with other functions: whoever migrates last decides, so say what brings them in line.
		return account.NewFault("SCHEMA_OLDER", "schema", status.SchemaVersion, "program", want.version)
	}
	return nil
}
