package service

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/localpg"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// backend is an open database, what it says of itself, and the keyring.
type backend struct {
	store  *postgres.Store
	status postgres.Status
	lease  *localpg.Lease
	keys   *seal.Keyring // nil until a use case needs it
	// keyFile is the file that keys were read from.
	keyFile os.FileInfo
}

func (b *backend) close() error {
	err := b.store.Close()
	if b.lease != nil {
		err = errors.Join(err, b.lease.Close())
	}
	return err
}

// dataDir is the private server's directory: the configured one, or the user's own.
func (s *Service) dataDir() (string, error) {
	dir := s.opts.Config.DataDir
	if dir == "" {
		var err error
		if dir, err = localpg.DefaultDataDir(s.opts.Getenv, s.opts.UID); err != nil {
			return "", account.NewFault("CONFIG_INVALID", "problem", account.Say("the data directory cannot be told", "无法确定数据目录")).WithCause(err)
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", account.NewFault("CONFIG_INVALID", "problem", account.Say("the data directory cannot be told", "无法确定数据目录")).WithCause(err)
	}
	return dir, nil
}

// server gives the private server of the configuration without touching it.
func (s *Service) server() (*localpg.Server, error) {
	dir, err := s.dataDir()
	if err != nil {
		return nil, err
	}
	server, err := localpg.New(localpg.Options{
		DataDir: dir, BinDir: s.opts.Config.PGBin, Idle: s.opts.Config.ServerIdle, Getenv: s.opts.Getenv,
		WatchCommand: append(append([]string{}, s.opts.WatchCommand...), "--data-dir", dir, "--idle", s.opts.Config.ServerIdle.String()), WatchExecutable: s.opts.WatchExecutable,
	})
	if err != nil {
		return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("the private server cannot be set up with these settings", "私有服务无法按当前配置使用")).WithCause(err)
	}
	return server, nil
}

// serverFault maps the private server's failures to codes; a fault keeps its own.
func (s *Service) serverFault(ctx context.Context, err error) error {
	var known *account.Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	dir, dirErr := s.dataDir()
	if dirErr != nil {
		return dirErr
	}
	switch {
	case errors.Is(err, localpg.ErrNoPostgres):
		return account.NewFault("POSTGRES_MISSING").WithCause(err)
	case errors.Is(err, localpg.ErrInUse):
		return account.NewFault("SERVER_IN_USE").WithCause(err)
	case errors.Is(err, localpg.ErrNotOwner), errors.Is(err, localpg.ErrUnreachable):
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("the private server's directory %s belongs to somebody else or cannot be reached", "私有服务的目录 %s 属于其他用户或无法访问", dir)).WithCause(err)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return account.NewFault("TIMED_OUT").WithCause(err)
	case errors.Is(ctx.Err(), context.Canceled):
		return account.NewFault("INTERRUPTED").WithCause(err)
	}
	return account.NewFault("SERVER_FAILED", "log", filepath.Join(dir, "log", "server.log")).WithCause(err)
}

// reach finds the database: the configured one, or the private server, which is started when needed and not [Options.Passive].
// admin asks for the private server's superuser.
func (s *Service) reach(ctx context.Context, admin bool) (postgres.Options, *localpg.Lease, error) {
	c := s.opts.Config
	if !c.Private() {
		return postgres.Options{DSN: c.DatabaseURL, Timeout: c.Timeout, ReadOnly: s.opts.Passive, Trace: s.opts.Trace}, nil, nil
	}
	server, err := s.server()
	if err != nil {
		return postgres.Options{}, nil, err
	}
	if s.opts.Passive {
		status, err := server.Status(ctx)
		if err == nil && !status.Running {
			err = account.NewFault("DATABASE_UNAVAILABLE", "problem", account.Say("the private server does not run", "私有服务未运行"))
		}
		return postgres.Options{DSN: status.DatabaseURL, Timeout: c.Timeout, ReadOnly: true, Trace: s.opts.Trace}, nil, s.serverFault(ctx, err)
	}
	start := time.Now()
	lease, err := server.Acquire(ctx)
	s.trace("private_server", start)
	if err != nil {
		return postgres.Options{}, nil, s.serverFault(ctx, err)
	}
	role := localpg.RoleLocal
	if admin {
		role = localpg.RoleSuper
	}
	return postgres.Options{DSN: lease.DSN(role, localpg.Database), Timeout: c.Timeout, Trace: s.opts.Trace}, lease, nil
}

func (s *Service) connect(ctx context.Context) (*backend, error) {
	o, lease, err := s.reach(ctx, false)
	if err != nil {
		return nil, err
	}
	b := &backend{lease: lease}
	o.Queued = func(ctx context.Context, c postgres.Caller) { s.sendOwn(ctx, b, c) }
	o.DryRun = s.opts.DryRun
	if b.store, err = postgres.Open(o); err != nil {
		return nil, errors.Join(err, closeLease(lease))
	}
	b.status, err = b.store.Check(ctx)
	if account.HasCode(err, "SCHEMA_MISSING") && s.opts.Config.Private() && !s.opts.Passive {
		// A private server is nobody else's: it is set up by whoever first needs it.
		err = s.initDatabase(ctx, InitRequest{Environment: "development"})
		if err == nil || account.HasCode(err, "DATABASE_NOT_EMPTY") {
			b.status, err = b.store.Check(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func closeLease(lease *localpg.Lease) error {
	if lease == nil {
		return nil
	}
	return lease.Close()
}

// keyringFile is the configured keyring, or that beside the private server.
func (s *Service) keyringFile() string {
	if s.opts.Config.KeyringFile != "" {
		return s.opts.Config.KeyringFile
	}
	dir, err := s.dataDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "keyring.json")
}

// loadKeys reads a keyring, with the configured passphrase when it is wrapped.
func (s *Service) loadKeys(path string) (*seal.Keyring, error) {
	keys, err := seal.Load(path)
	if errors.Is(err, seal.ErrWrapped) && s.opts.Config.KeyringPassphraseFile != "" {
		passphrase, err := config.ReadSecret(s.opts.Config.KeyringPassphraseFile)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		keys, err = seal.LoadWrapped(path, passphrase)
		s.trace("keyring_passphrase", start)
		return keys, keyringFault(path, err)
	}
	return keys, keyringFault(path, err)
}

// keyringFault maps what is wrong with a keyring's file to codes.
func keyringFault(path string, err error) error {
	code := account.Code("KEYRING_INVALID")
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seal.ErrMissing):
		code = "KEYRING_MISSING"
	case errors.Is(err, seal.ErrPermissions), errors.Is(err, os.ErrPermission):
		code = "FILE_PERMISSIONS"
	case errors.Is(err, seal.ErrNewer):
		code = "KEYRING_NEWER"
	case errors.Is(err, seal.ErrWrapped):
		code = "KEYRING_WRAPPED"
	case errors.Is(err, seal.ErrPassphrase):
		code = "KEYRING_PASSPHRASE"
	case errors.Is(err, seal.ErrInUse):
		code = "KEYRING_IN_USE"
	case errors.Is(err, seal.ErrFull):
		code = "KEYRING_FULL"
	case errors.Is(err, seal.ErrNoSealingKey):
		code = "KEYRING_INDEX_ONLY"
	}
	return account.NewFault(code, "file", path).WithCause(err)
}

// InitRequest says what a new database is for. An empty Suite is the keyring's, or aes for a new one.
type InitRequest struct {
	Environment string
	Suite       string
}

// InitDatabase makes schema, roles and settings in an empty database, and a keyring when there is none at its place.
// The login must be a superuser, or own the database and be allowed to create roles.
// It tells the keyring's place, too.
// A dry run says what is there.
func (s *Service) InitDatabase(ctx context.Context, r InitRequest) (status postgres.MigrationStatus, keyring string, err error) {
	if s.opts.DryRun {
		status, err = s.DatabaseStatus(ctx)
		if err == nil && status.State != "missing" {
			err = account.NewFault("DATABASE_NOT_EMPTY")
		}
		return status, s.keyringFile(), err
	}
	if err := s.initDatabase(ctx, r); err != nil {
		return postgres.MigrationStatus{}, "", err
	}
	status, err = s.DatabaseStatus(ctx)
	return status, s.keyringFile(), err
}

func (s *Service) initDatabase(ctx context.Context, r InitRequest) error {
	o, lease, err := s.reach(ctx, true)
	if err != nil {
		return err
	}
	defer closeLease(lease) //nolint:errcheck // a lease that is lost ends with the process
	setup := postgres.Setup{Environment: r.Environment}
	if s.opts.Config.Private() {
		setup.Grant = localpg.RoleLocal
	}
	// A keyring is made for a database that is about to be set up, never beside one that has its own.
	if state, err := databaseState(ctx, o); err != nil {
		return err
	} else if state.State != "missing" {
		return account.NewFault("DATABASE_NOT_EMPTY")
	}
	path := s.keyringFile()
	keys, err := s.loadKeys(path)
	if account.HasCode(err, "KEYRING_MISSING") {
		suite := seal.SuiteAES
		if r.Suite != "" {
			suite = seal.Suite(r.Suite)
		}
		keys, err = s.makeKeys(path, suite)
	}
	if err != nil {
		return err
	}
	if setup.Suite = string(keys.Suite()); r.Suite != "" && r.Suite != setup.Suite {
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("the keyring is of suite %s", "密钥环的密码套件为 %s", keys.Suite()))
	}
	setup.IndexCheck = keys.IndexCheck()
	params, err := json.Marshal(seal.DefaultPasswordParams(keys.Suite()))
	if err != nil {
		return fmt.Errorf("encode the password's parameters: %w", err)
	}
	setup.PasswordParams = string(params)
	return postgres.Migrate(ctx, o, calendar.Statutory(), &setup)
}

// makeKeys makes a keyring; of several processes at once one wins and the others use its file.
func (s *Service) makeKeys(path string, suite seal.Suite) (*seal.Keyring, error) {
	keys, err := seal.Generate(suite, rand.Reader, time.Now())
	if err != nil {
		return nil, fmt.Errorf("make a keyring: %w", err)
	}
	err = keys.Create(path)
	switch {
	case errors.Is(err, seal.ErrExists):
		return s.loadKeys(path)
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("the keyring cannot be written to %s", "密钥环无法写入 %s", path)).WithCause(err)
	case err != nil:
		return nil, fmt.Errorf("write the keyring: %w", err)
	}
	return keys, nil
}

// MigrateDatabase brings the schema to this program's version. A dry run says what is there.
func (s *Service) MigrateDatabase(ctx context.Context) (postgres.MigrationStatus, error) {
	if s.opts.DryRun {
		return s.DatabaseStatus(ctx)
	}
	o, lease, err := s.reach(ctx, true)
	if err != nil {
		return postgres.MigrationStatus{}, err
	}
	defer closeLease(lease) //nolint:errcheck // a lease that is lost ends with the process
	if err := postgres.Migrate(ctx, o, calendar.Statutory(), nil); err != nil {
		return postgres.MigrationStatus{}, ownerOnly(err)
	}
	return s.DatabaseStatus(ctx)
}

// ownerOnly says who may change the schema.
func ownerOnly(err error) error {
	var f *account.Fault
	if errors.As(err, &f) && f.Code == "FORBIDDEN" {
		return f.WithAdvice(account.Say("use the login that set the database up, or a superuser", "请使用初始化该数据库的用户或超级用户"))
	}
	return err
}

// DatabaseStatus compares the database's schema with this program.
func (s *Service) DatabaseStatus(ctx context.Context) (postgres.MigrationStatus, error) {
	o, lease, err := s.reach(ctx, false)
	if err != nil {
		return postgres.MigrationStatus{}, err
	}
	defer closeLease(lease) //nolint:errcheck // a lease that is lost ends with the process
	return databaseState(ctx, o)
}

func databaseState(ctx context.Context, o postgres.Options) (postgres.MigrationStatus, error) {
	store, err := postgres.Open(o)
	if err != nil {
		return postgres.MigrationStatus{}, err
	}
	defer store.Close() //nolint:errcheck // nothing is written
	return store.MigrationStatus(ctx)
}

// StartServer starts the private server.
func (s *Service) StartServer(ctx context.Context) (localpg.Status, error) {
	if err := s.noDryRun(); err != nil {
		return localpg.Status{}, err
	}
	return s.onServer(ctx, func(*localpg.Server) error {
		// Reaching the database also sets it up when it is new.
		_, err := s.backend(ctx)
		return err
	})
}

// StopServer stops it when no command uses it.
func (s *Service) StopServer(ctx context.Context) (localpg.Status, error) {
	if err := s.noDryRun(); err != nil {
		return localpg.Status{}, err
	}
	return s.onServer(ctx, func(server *localpg.Server) error { return server.Stop(ctx) })
}

// ServerStatus tells whether it runs.
func (s *Service) ServerStatus(ctx context.Context) (localpg.Status, error) {
	return s.onServer(ctx, func(*localpg.Server) error { return nil })
}

// WatchServer waits until the private server has been unused for its idle time, and stops it.
func (s *Service) WatchServer(ctx context.Context) error {
	server, err := s.server()
	if err != nil {
		return err
	}
	return s.serverFault(ctx, server.Watch(ctx))
}

func (s *Service) onServer(ctx context.Context, act func(*localpg.Server) error) (localpg.Status, error) {
	if !s.opts.Config.Private() {
		return localpg.Status{}, account.NewFault("USAGE", "problem", account.Say("a database address is configured, so the private server is not used", "已配置数据库地址，不使用私有服务")).
			WithAdvice(account.Say("`farenctl config show --origin` tells where it is set; `farenctl db status` asks that database", "可运行 `farenctl config show --origin` 查看来源；该数据库的状态请运行 `farenctl db status`"))
	}
	server, err := s.server()
	if err != nil {
		return localpg.Status{}, err
	}
	if err := act(server); err != nil {
		return localpg.Status{}, s.serverFault(ctx, err)
	}
	status, err := server.Status(ctx)
	return status, s.serverFault(ctx, err)
}
