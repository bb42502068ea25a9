package localpg

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ordinaryTests are run again as an ordinary user when the tests run as root.
var ordinaryTests = []string{"TestColdStart", "TestEightColdProcesses", "TestKilledServer", "TestDataDirPath", "TestStopAndStatus", "TestOtherUsers"}

// nobody gives an ordinary user of this machine.
func nobody(t *testing.T) (uid, gid int) {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err = strconv.Atoi(u.Uid)
	if err != nil {
		t.Fatal(err)
	}
	gid, err = strconv.Atoi(u.Gid)
	if err != nil {
		t.Fatal(err)
	}
	return uid, gid
}

func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		s := newServer(t, time.Hour)
		acquire(t, s)
		info, err := os.Stat(procDir(s.inspect().pid))
		if err != nil || ownerOf(info) != os.Geteuid() {
			t.Errorf("the server does not run as the user: %v", err)
		}
		return
	}
	uid, gid := nobody(t)
	home := filepath.Join(baseDir(t), "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(home, uid, gid); err != nil {
		t.Fatal(err)
	}
	cmd := as(process("", "-test.v", "-test.timeout=2m", "-test.run=^("+strings.Join(ordinaryTests, "|")+")$"), uid, gid)
	cmd.Env = []string{"HOME=" + home, "TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), "LC_ALL=zh_CN.GB18030", "PGPORT=1", "PGHOST=/nonexistent"}
	cmd.Dir = home
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range ordinaryTests {
		if !strings.Contains(string(out), "--- PASS: "+name+" ") {
			t.Errorf("%s did not run:\n%s", name, out)
		}
	}
}

// TestOtherUsers needs other users' files or processes; an ordinary user finds them
// in the file system, root makes them.
func TestOtherUsers(t *testing.T) {
	t.Parallel()
	t.Run("another user's directory is refused", func(t *testing.T) {
		t.Parallel()
		dir := "/etc"
		if os.Geteuid() == 0 {
			uid, gid := nobody(t)
			dir = baseDir(t)
			if err := os.Chown(dir, uid, gid); err != nil {
				t.Fatal(err)
			}
		}
		s, err := New(testOptions(dir, time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Acquire(testContext(t))
		checkError(t, err, ErrNotOwner, dir)
	})

	if os.Geteuid() != 0 {
		return
	}
	t.Run("another user is kept out by the directory, and by the server behind it", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		lease := acquire(t, s)
		uid, gid := nobody(t)
		connect := func(role string) string {
			out, err := as(process(modeConnect, lease.DSN(role, Database)), uid, gid).CombinedOutput()
			if err == nil {
				t.Errorf("another user got in as %s", role)
			}
			return string(out)
		}
		if out := connect(RoleLocal); !strings.Contains(out, "permission denied") {
			t.Errorf("got %s", out)
		}
		if _, err := as(process(modeUse, s.dir, "1h"), uid, gid).CombinedOutput(); err == nil {
			t.Error("another user could acquire the server")
		}
		for _, path := range []string{s.dir, s.path("run"), s.path("run", socketName)} {
			if err := os.Chmod(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		for _, role := range []string{RoleLocal, RoleSuper, "nobody"} {
			if out := connect(role); !strings.Contains(out, "SQLSTATE 28000") {
				t.Errorf("as %s: got %s", role, out)
			}
		}
	})

	t.Run("the postgres user is let in beside root", func(t *testing.T) {
		t.Parallel()
		lease := acquire(t, newServer(t, time.Hour))
		acct, err := serverAccount()
		if err != nil {
			t.Fatal(err)
		}
		out, err := as(process(modeConnect, lease.DSN(RoleSuper, Database)), acct.uid, acct.gid).CombinedOutput()
		if err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})

	t.Run("a directory that the postgres user can't reach is told", func(t *testing.T) {
		t.Parallel()
		base := baseDir(t)
		if err := os.Chmod(base, 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := serverIn(t, testOptions(filepath.Join(base, "data"), time.Hour)).Acquire(testContext(t))
		checkError(t, err, ErrUnreachable, base)
	})

	t.Run("a directory made for the postgres user becomes root's", func(t *testing.T) {
		t.Parallel()
		dir := baseDir(t)
		acct, err := serverAccount()
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Chown(dir, acct.uid, acct.gid), os.Chmod(dir, 0o700)); err != nil {
			t.Fatal(err)
		}
		if err := useOnce(testContext(t), serverIn(t, testOptions(dir, time.Hour))); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(dir)
		if err != nil || ownerOf(info) != 0 || info.Mode().Perm() != 0o710 {
			t.Errorf("owner %d, mode %v: %v", ownerOf(info), info.Mode().Perm(), err)
		}
	})
}
