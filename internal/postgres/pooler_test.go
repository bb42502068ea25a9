package postgres_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// pooled runs pgbouncer before a database until the test ends, and gives a connection string through it.
func pooled(t *testing.T, d pgtest.Database, settings ...string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // Debian's, which is not in everybody's PATH
	}
	dir, err := pgtest.Dir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	host := regexp.MustCompile(`host='([^']*)'`).FindStringSubmatch(d.Local())[1]
	config := filepath.Join(dir, "pgbouncer.ini")
	lines := append([]string{"[databases]", fmt.Sprintf("* = host=%s port=5432 user=faren_local", host), "[pgbouncer]", "listen_addr =", "listen_port = 5432",
		"unix_socket_dir = " + dir, "auth_type = any", "max_client_conn = 100"}, settings...)
	if err := os.WriteFile(config, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{config}
	if os.Getuid() == 0 { // which pgbouncer refuses
		args = []string{"-u", "postgres", config}
		owner, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(owner.Uid)
		if err := os.Chown(dir, uid, -1); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, args...)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start pgbouncer, Debian's package of that name: %v", err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, ".s.PGSQL.5432")); err == nil {
			break
		}
		select {
		case <-ended:
			t.Fatalf("pgbouncer ended: %s", log.String())
		default:
		}
		if time.Now().After(limit) {
			t.Fatalf("pgbouncer does not listen: %s", log.String())
		}
	}
	return strings.Replace(d.Local(), "host='"+host+"'", "host='"+dir+"'", 1)
}

func TestPoolerThatGivesSessionsIsGoodForEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dsn := pooled(t, w.db, "pool_mode = session", "default_pool_size = 60")
	first := w.register(1, someone(1))
	ctx := context.Background()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			store, err := postgres.Open(postgres.Options{DSN: dsn, Timeout: time.Minute})
			if err != nil {
				t.Error(err)
				return
			}
			defer store.Close() //nolint:errcheck // of a test
			if _, err := store.Check(ctx); err != nil {
				t.Error(chain(err))
				return
			}
			if _, err := store.CertifyOrganization(ctx, w.caller(), newApplication(first)); err != nil {
				t.Error(chain(err))
			}
		})
	}
	group.Wait()
	if n := scan[int](w, `SELECT count(*) FROM faren.application`); n != 20 {
		t.Errorf("%d applications, want 20", n)
	}
	// What limits a call holds behind the pooler, too.
	store := openStore(t, dsn, 300*time.Millisecond)
	tx, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // of a test
	if _, err := tx.Exec(`LOCK TABLE faren.request`); err != nil {
		t.Fatal(err)
	}
	_, err = store.CertifyOrganization(ctx, w.caller(), newApplication(first))
	if !account.HasCode(err, "TRY_AGAIN") && !account.HasCode(err, "TIMED_OUT") {
		t.Errorf("behind a lock: %v", chain(err))
	}
}

func TestPoolerThatGivesTransactionsIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := openStore(t, pooled(t, w.db, "pool_mode = transaction"), time.Minute)
	_, err := store.Check(context.Background())
	if f := wantCode(t, err, "CONFIG_INVALID"); !strings.Contains(f.Message(account.English, time.UTC), "pool_mode=session") {
		t.Errorf("it says: %s", f.Message(account.English, time.UTC))
	}
}

func TestPoolerThatDropsSettingsIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, mode := range []string{"session", "transaction"} {
		store := openStore(t, pooled(t, w.db, "pool_mode = "+mode,
			"ignore_startup_parameters = statement_timeout,lock_timeout,client_connection_check_interval,idle_in_transaction_session_timeout"), time.Minute)
		_, err := store.Check(context.Background())
		if f := wantCode(t, err, "CONFIG_INVALID"); !strings.Contains(f.Message(account.English, time.UTC), "ignore_startup_parameters") {
			t.Errorf("%s: it says: %s", mode, f.Message(account.English, time.UTC))
		}
	}
}
