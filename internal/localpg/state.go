package localpg

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// phase is what the server is doing.
type phase int

const (
	phaseDown     phase = iota // no server runs on the cluster
	phaseStarting              // it starts or recovers, and will be ready
	phaseReady                 // it takes connections
	phaseStopping              // it shuts down, and will be gone
	phaseLost                  // it would take connections, but its socket is gone
)

// state is a look at the server.
type state struct {
	phase     phase
	pid       int // of the postmaster; 0 when down
	socketDir string
}

// pidFile is what postmaster.pid says. Its lines are: pid, data directory, start
// time, port, socket directory, listen address, shared memory key, status.
type pidFile struct {
	pid       int // 0: unreadable, as while the file is being written
	socketDir string
	status    string
}

// readPidFile reads postmaster.pid; false means that there is none. The file belongs
// to the server's account, so a link or pipe in its place is not followed.
func (s *Server) readPidFile() (pidFile, bool) {
	f, err := os.OpenFile(filepath.Join(s.cluster, "postmaster.pid"), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return pidFile{}, false
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, 8192))
	if err != nil {
		return pidFile{}, true
	}
	return parsePidFile(string(content)), true
}

func parsePidFile(content string) pidFile {
	lines := strings.Split(content, "\n")
	line := func(i int) string {
		if i < len(lines) {
			return strings.TrimSpace(lines[i])
		}
		return ""
	}
	var pf pidFile
	if pid, err := strconv.Atoi(line(0)); err == nil && pid > 1 {
		pf.pid = pid
	}
	pf.socketDir, pf.status = line(4), line(7)
	return pf
}

// inspect looks at the server without starting a process or a connection.
func (s *Server) inspect() state {
	pf, ok := s.readPidFile()
	if !ok || pf.pid == 0 || !s.isPostmaster(pf.pid) {
		return state{}
	}
	return pf.state()
}

// state gives the state of a server that is known to be alive.
func (pf pidFile) state() state {
	st := state{pid: pf.pid, socketDir: pf.socketDir}
	switch pf.status {
	case "ready":
		st.phase = phaseReady
		info, err := os.Lstat(filepath.Join(pf.socketDir, socketName))
		if err != nil || info.Mode().Type() != os.ModeSocket {
			st.phase = phaseLost
		}
	case "stopping":
		st.phase = phaseStopping
	default:
		st.phase = phaseStarting
	}
	return st
}

// isPostmaster tells whether a process is the server of our cluster: it belongs to
// the cluster's owner and was started on this cluster, or works in its directory.
// So a process that got a dead server's number is not taken for it. The command
// line decides first: root without CAP_SYS_PTRACE may not see the working directory.
// A zombie has neither.
func (s *Server) isPostmaster(pid int) bool {
	cluster, err := os.Stat(s.cluster)
	if err != nil {
		return false
	}
	proc := procDir(pid)
	process, err := os.Stat(proc)
	if err != nil || ownerOf(process) != ownerOf(cluster) {
		return false
	}
	cmdline, err := os.ReadFile(filepath.Join(proc, "cmdline"))
	if err != nil || len(cmdline) == 0 {
		return false
	}
	args := strings.Split(string(bytes.TrimRight(cmdline, "\x00")), "\x00")
	if name := filepath.Base(args[0]); name != "postgres" && name != "postmaster" {
		return false
	}
	for i := 1; i+1 < len(args); i++ {
		if args[i] == "-D" && args[i+1] == s.cluster {
			return true
		}
	}
	cwd, err := os.Stat(filepath.Join(proc, "cwd"))
	return err == nil && os.SameFile(cwd, cluster)
}

// isGone tells whether a process ended; one that waits to be reaped did.
func isGone(pid int) bool {
	stat, err := os.ReadFile(filepath.Join(procDir(pid), "stat"))
	if err != nil {
		return true
	}
	// The state follows the command name in brackets, which may hold anything.
	i := bytes.LastIndexByte(stat, ')')
	return i >= 0 && i+2 < len(stat) && (stat[i+2] == 'Z' || stat[i+2] == 'X')
}

func procDir(pid int) string {
	return filepath.Join("/proc", strconv.Itoa(pid))
}

// findProcesses prints the numbers of the PostgreSQL processes that work in the
// directory $1, or in one removed from its place: every process of a server does.
// $2 is the directory without symbolic links.
const findProcesses = `
for d in /proc/[0-9]*; do
	read -r name < "$d/comm" && [ "$name" = postgres ] || continue
	if [ "$d/cwd" -ef "$1" ] || [ "$(readlink "$d/cwd")" = "$2 (deleted)" ]; then
		echo "${d#/proc/}"
	fi
done 2>/dev/null
exit 0`

// processes lists the PostgreSQL processes that work in a directory. It looks as the
// server's account, who may always see the working directories of its own processes.
func (s *Server) processes(ctx context.Context, acct account, dir string) ([]int, error) {
	parent, err := filepath.EvalSymlinks(filepath.Dir(dir))
	if err != nil {
		return nil, err
	}
	real := filepath.Join(parent, filepath.Base(dir))
	out, err := s.run(ctx, acct, child{argv: []string{"/bin/sh", "-c", findProcesses, "sh", dir, real}})
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, field := range strings.Fields(out) {
		if pid, err := strconv.Atoi(field); err == nil && pid > 1 {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
