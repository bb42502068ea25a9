// Package pgtest gives every test a fresh, migrated database on a throw-away PostgreSQL server. Only tests import it.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/localpg"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// watchWord makes the test binary run the watcher that ends the server of a test process which was killed.
const watchWord = "pgtest-watch"

const (
	template = "farenctl_template"
	// logins is the group of the logins that Login makes.
	logins = "test_logins"
	// PasswordLogin is a name that the server lets in by its password; whoever tests that makes the login.
	PasswordLogin = "test_password_login"
	// orphaned is how long the server of a killed test process lives on.
	orphaned = 20 * time.Second
)

type cluster struct {
	dir     string
	server  *localpg.Server
	lease   *localpg.Lease
	super   *sql.DB
	keyring string
	err     error
}

var (
	start  sync.Once
	shared cluster
	number atomic.Int64
)

// Run runs the tests of a package and stops the server afterwards. Call it from TestMain.
func Run(m *testing.M) int {
	if len(os.Args) > 2 && os.Args[1] == watchWord {
		return watch(os.Args[2])
	}
	defer stop()
	return m.Run()
}

func options(dir string) localpg.Options {
	// Nothing here must survive a crash, and a test's time goes into fsync otherwise.
	return localpg.Options{DataDir: dir, BinDir: os.Getenv("FARENCTL_PG_BIN"), Idle: orphaned,
		Settings: map[string]string{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "4GB"}}
}

func watch(dir string) int {
	server, err := localpg.New(options(dir))
	if err == nil {
		err = server.Watch(context.Background())
	}
	if err != nil {
		slog.Error("watch the test server", "err", err)
		return 1
	}
	if os.RemoveAll(dir) != nil {
		return 1
	}
	return 0
}

func stop() {
	if shared.super != nil {
		_ = shared.super.Close()
	}
	if shared.lease != nil {
		_ = shared.lease.Close()
		_ = shared.server.Stop(context.Background())
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
}

// Dir makes a directory that the server's user can reach, which t.TempDir is not when root runs the tests. It is in
// memory where the machine allows it.
func Dir() (string, error) {
	base := os.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "farenctl-test-")
	if err != nil {
		return "", fmt.Errorf("make a directory: %w", err)
	}
	return dir, os.Chmod(dir, 0o711)
}

func boot() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	shared.err = func() error {
		var err error
		if shared.dir, err = Dir(); err != nil {
			return err
		}
		o := options(filepath.Join(shared.dir, "data"))
		if o.WatchExecutable, err = os.Executable(); err != nil {
			return err
		}
		o.WatchCommand = []string{"pgtest", watchWord, o.DataDir}
		if shared.server, err = localpg.New(o); err != nil {
			return err
		}
		if shared.lease, err = shared.server.Acquire(ctx); err != nil {
			return err
		}
		keys, err := seal.Generate(seal.SuiteAES, rand.Reader, time.Now())
		if err != nil {
			return err
		}
		shared.keyring = filepath.Join(shared.dir, "keyring.json")
		if err := keys.Create(shared.keyring); err != nil {
			return err
		}
		if shared.super, err = sql.Open("postgres", shared.lease.DSN(localpg.RoleSuper, "postgres")); err != nil {
			return err
		}
		for _, statement := range []string{`CREATE DATABASE ` + template, `CREATE ROLE ` + logins} {
			if _, err := shared.super.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		if err := admitLogins(ctx, o.DataDir); err != nil {
			return err
		}
		params, err := json.Marshal(seal.DefaultPasswordParams(keys.Suite()))
		if err != nil {
			return err
		}
		return postgres.Migrate(ctx, postgres.Options{DSN: shared.lease.DSN(localpg.RoleSuper, template)},
			calendar.Statutory(), &postgres.Setup{Environment: "test", Suite: string(keys.Suite()), IndexCheck: keys.IndexCheck(), PasswordParams: string(params), Grant: localpg.RoleLocal})
	}()
}

// admitLogins lets the logins of tests in, whom the server's own rules do not know.
func admitLogins(ctx context.Context, dataDir string) error {
	rules, err := os.OpenFile(filepath.Join(dataDir, "hba.conf"), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(rules.Name())
	if err != nil {
		return errors.Join(err, rules.Close())
	}
	// The first rule that fits counts.
	_, err = rules.WriteAt(append([]byte("local all +"+logins+" trust\nlocal all "+PasswordLogin+" scram-sha-256\n"), old...), 0)
	if err := errors.Join(err, rules.Close()); err != nil {
		return err
	}
	_, err = shared.super.ExecContext(ctx, `SELECT pg_reload_conf()`)
	return err
}

// Program is one of PostgreSQL's programs beside the server's.
func Program(t testing.TB, name string) string {
	t.Helper()
	start.Do(boot)
	if shared.err != nil {
		t.Fatalf("start the test server: %v", shared.err)
	}
	dir, err := shared.server.Programs()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// Another starts a server of its own, with nothing in it, until the test ends. It gives the connection string of a role (localpg.RoleSuper,
// localpg.RoleLocal) for a database.
func Another(t testing.TB) func(role, database string) string {
	t.Helper()
	ctx := context.Background()
	dir, err := Dir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	o := options(filepath.Join(dir, "data"))
	if o.WatchExecutable, err = os.Executable(); err != nil {
		t.Fatal(err)
	}
	o.WatchCommand = []string{"pgtest", watchWord, o.DataDir}
	server, err := localpg.New(o)
	if err != nil {
		t.Fatal(err)
	}
	lease, err := server.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(lease.Close(), server.Stop(ctx)); err != nil {
			t.Errorf("stop the other server: %v", err)
		}
	})
	return lease.DSN
}

// Database is a database of one test.
type Database struct {
	Name    string
	Keyring string // file; the keyring of all databases of one test process
}

// Super is the connection string of the superuser.
func (d Database) Super() string { return shared.lease.DSN(localpg.RoleSuper, d.Name) }

// Local is the connection string of a login that is a member of every group role.
func (d Database) Local() string { return shared.lease.DSN(localpg.RoleLocal, d.Name) }

// As is the connection string of any login.
func (d Database) As(login string) string { return shared.lease.DSN(login, d.Name) }

// Login makes a login with the given group roles that ends with the test, and gives its connection string. Roles belong to the whole
// server, so a test that changes what a login may do uses one of its own.
func (d Database) Login(t testing.TB, roles ...string) string {
	t.Helper()
	ctx := context.Background()
	login := fmt.Sprintf("test_login_%d_%x", number.Add(1), os.Getpid())
	if _, err := shared.super.ExecContext(ctx, `CREATE ROLE `+login+` LOGIN IN ROLE `+strings.Join(append([]string{logins}, roles...), ", ")); err != nil {
		t.Fatalf("create a login: %v", err)
	}
	t.Cleanup(func() {
		if _, err := shared.super.ExecContext(ctx, `DROP ROLE `+login); err != nil {
			t.Errorf("drop the test's login: %v", err)
		}
	})
	return shared.lease.DSN(login, d.Name)
}

// New makes a migrated database of environment test that ends with the test.
func New(t testing.TB) Database {
	t.Helper()
	return granted(t, create(t, template))
}

// Copy makes another database with the same contents, to which nobody may be connected meanwhile.
func (d Database) Copy(t testing.TB) Database {
	t.Helper()
	return granted(t, create(t, d.Name))
}

func granted(t testing.TB, d Database) Database {
	t.Helper()
	ctx := context.Background()
	// What a database grants is not copied from its template.
	for _, statement := range []string{
		`REVOKE ALL ON DATABASE ` + d.Name + ` FROM PUBLIC`,
		`GRANT CONNECT ON DATABASE ` + d.Name + ` TO faren_owner, faren_registrar, faren_support, faren_auditor, faren_fixture, ` + logins,
	} {
		if _, err := shared.super.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return d
}

// Empty makes a database without a schema.
func Empty(t testing.TB) Database {
	t.Helper()
	return create(t, "template0")
}

func create(t testing.TB, from string) Database {
	t.Helper()
	start.Do(boot)
	if shared.err != nil {
		t.Fatalf("start the test server: %v", shared.err)
	}
	d := Database{Name: fmt.Sprintf("test_%d_%s", number.Add(1), strings.ToLower(fmt.Sprintf("%x", os.Getpid()))), Keyring: shared.keyring}
	ctx := context.Background()
	if _, err := shared.super.ExecContext(ctx, `CREATE DATABASE `+d.Name+` TEMPLATE `+from); err != nil {
		t.Fatalf("create a database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := shared.super.ExecContext(ctx, `DROP DATABASE `+d.Name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return d
}

// Open opens a database with a connection string of it, until the test ends.
func Open(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// On sets the rules' clock of a database, which super is a superuser's connection of, to a time in China: 2006-01-02 15:04. The
// working-day calendar has 2025 and 2026, so that a test of a deadline names its day and does not depend on when it runs.
func On(t testing.TB, super *sql.DB, at string) {
	t.Helper()
	if _, err := super.ExecContext(context.Background(), `UPDATE faren.setting SET clock_offset = ($1::timestamp AT TIME ZONE 'Asia/Shanghai') - clock_timestamp()`, at); err != nil {
		t.Fatalf("set the test clock: %v", err)
	}
}
