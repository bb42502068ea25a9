package cli_test

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/pgtest"
)

// pair is a primary and a standby that follows it, each commit of the one waiting for the other (synchronous_standby_names), as Patroni sets them up.
type pair struct {
	t          *testing.T
	dir        string
	credential *syscall.Credential // nil: ourselves
}

func newPair(t *testing.T) *pair {
	t.Helper()
	dir, err := pgtest.Dir()
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{t: t, dir: dir}
	if os.Geteuid() == 0 { // whom PostgreSQL refuses
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		p.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, name := range []string{"one", "two"} {
			_ = p.command("pg_ctl", "-D", p.path(name), "-m", "immediate", "stop").Run() // one is dead already
		}
		_ = os.RemoveAll(dir)
	})
	for _, name := range []string{"one", "two"} {
		p.run("mkdir", "-m", "755", p.socket(name))
	}
	p.run("initdb", "-D", p.path("one"), "-U", "faren_super", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	p.start("one")
	p.run("psql", "-X", "-q", "-h", p.socket("one"), "-U", "faren_super", "-c", "CREATE DATABASE farenctl", "postgres")
	p.run("pg_basebackup", "-D", p.path("two"), "-h", p.socket("one"), "-U", "faren_super", "-R", "-C", "-S", "two", "-c", "fast", "--no-sync")
	p.start("two")
	p.run("psql", "-X", "-q", "-h", p.socket("one"), "-U", "faren_super", "-c", "ALTER SYSTEM SET synchronous_standby_names = '*'", "-c", "SELECT pg_reload_conf()", "postgres")
	return p
}

func (p *pair) path(name string) string { return filepath.Join(p.dir, name) }

// socket is the directory of a server's socket.
func (p *pair) socket(name string) string { return p.path("socket-" + name) }

func (p *pair) command(name string, args ...string) *exec.Cmd {
	if name != "mkdir" {
		name = pgtest.Program(p.t, name)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	if p.credential != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.credential}
	}
	return cmd
}

func (p *pair) run(name string, args ...string) {
	p.t.Helper()
	if out, err := p.command(name, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// start starts a server with its socket in its own directory.
func (p *pair) start(name string) {
	p.t.Helper()
	start := p.command("pg_ctl", "-D", p.path(name), "-w", "-l", p.path(name+".log"), "-o", "-k "+p.socket(name)+" -c listen_addresses='' -c fsync=off", "start")
	if err := start.Run(); err != nil {
		log, _ := os.ReadFile(p.path(name + ".log"))
		p.t.Fatalf("start the server %s: %v\n%s", name, err, log)
	}
}

func (p *pair) dsn(login string, more string, names ...string) string {
	hosts := make([]string, len(names))
	for i, name := range names {
		hosts[i] = p.socket(name)
	}
	return fmt.Sprintf("host='%s' port=%s user=%s dbname=farenctl sslmode=disable%s", strings.Join(hosts, ","), strings.TrimSuffix(strings.Repeat("5432,", len(names)), ","), login, more)
}

// TestPromotedStandbyGoesOnWithAllThatWasAcknowledged runs registrations through an address that names both servers, kills the primary, and promotes the standby.
func TestPromotedStandbyGoesOnWithAllThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := newPair(t)
	w.environment = []string{"FARENCTL_DATABASE_URL=" + p.dsn("faren_super", "", "one"), "FARENCTL_KEYRING=" + w.path("keyring.json"), "FARENCTL_SESSION_FILE=" + w.path("pair.json")}
	w.must("db", "init", "--environment", "test", "-q")
	p.run("psql", "-X", "-q", "-h", p.socket("one"), "-U", "faren_super", "-c", "CREATE ROLE op LOGIN IN ROLE faren_admin", "farenctl")
	both := "FARENCTL_DATABASE_URL=" + p.dsn("op", " target_session_attrs=read-write", "one", "two")
	w.environment[0] = both
	sample, err := filepath.Abs(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	w.must("registry", "import", sample, "-q")
	start := append([]string{"register", "start", "-q", "--entity-type", "market-entity"}, organizationArgs(hangzhou)...)
	first := w.must(start...)

	// The standby alone answers looks, and says of changes that they are not to be had there.
	w.environment[0] = "FARENCTL_DATABASE_URL=" + p.dsn("op", "", "two")
	if out := w.must("register", "show", first, "--jq", ".status"); out != "certified" {
		t.Errorf("the standby shows %q", out)
	}
	if r := w.run(start...); r.status != 69 || r.code() != "DATABASE_UNAVAILABLE" || !strings.Contains(r.stderr, "read-only") {
		t.Errorf("a change on the standby: exit status %d\n%s", r.status, r.stderr)
	}

	w.environment[0] = both
	acknowledged := []string{first}
	var died, promoted, recovered time.Time
	for limit := time.Now().Add(2 * time.Minute); len(acknowledged) < 40; {
		if time.Now().After(limit) {
			t.Fatalf("%d registrations in two minutes", len(acknowledged))
		}
		if len(acknowledged) == 20 && died.IsZero() {
			died = time.Now()
			p.run("pg_ctl", "-D", p.path("one"), "-m", "immediate", "-W", "stop")
			p.run("pg_ctl", "-D", p.path("two"), "-w", "promote")
			promoted = time.Now()
		}
		r := w.run(start...)
		switch {
		case r.status == 0:
			if !died.IsZero() && recovered.IsZero() {
				recovered = time.Now()
			}
			acknowledged = append(acknowledged, strings.TrimSpace(r.stdout))
		case r.status != 69 && r.status != 75:
			t.Fatalf("exit status %d\n%s", r.status, r.stderr)
		}
	}
	t.Logf("recovered %s after the promotion", recovered.Sub(promoted))
	if took := recovered.Sub(promoted); took > 5*time.Second {
		t.Errorf("recovered %s after the promotion", took)
	}
	two, err := sql.Open("postgres", p.dsn("faren_super", "", "two"))
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close() //nolint:errcheck // only read
	var kept int
	if err := two.QueryRow(`SELECT count(*) FROM faren.application`).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if kept < len(acknowledged) {
		t.Errorf("%d applications, %d were acknowledged", kept, len(acknowledged))
	}
	slices.Sort(acknowledged)
	for id := range slices.Values(slices.Compact(acknowledged)) {
		if r := w.run("register", "show", id, "-q"); r.status != 0 {
			t.Errorf("%s was acknowledged and is not there: %s", id, r.stderr)
		}
	}
}
