package localpg

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// socketName is the file that PostgreSQL makes in the socket directory.
const socketName = ".s.PGSQL." + port

// maxSocketPath is the longest path, in bytes, that fits sun_path with its end mark.
const maxSocketPath = 107

// recordName is the file that tells the short socket directory.
const recordName = "socket-dir"

// fits tells whether clients can use a socket in dir: its path fits a socket address,
// and has no comma, at which they would split it into several hosts.
func fits(dir string) bool {
	return len(filepath.Join(dir, socketName)) <= maxSocketPath && !strings.ContainsRune(dir, ',')
}

// knownSocketDir gives the socket directory without making one: run/ below the data
// directory, or the recorded short one; "" if it is needed but was never made.
func (s *Server) knownSocketDir() string {
	if dir := s.path("run"); fits(dir) {
		return dir
	}
	record, err := os.ReadFile(s.path(recordName))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(record), "\n")
}

// makeSocketDir gives the socket directory and makes sure it is there and private.
// A recorded short directory that is gone, or that somebody else made again under
// the same name, is replaced by a new one. The caller holds setup.lock.
func (s *Server) makeSocketDir(acct account) (string, error) {
	dir := s.knownSocketDir()
	if dir == s.path("run") {
		return dir, makeDir(dir, acct.uid, acct.gid)
	}
	if dir != "" {
		info, err := os.Lstat(dir)
		if err == nil && info.IsDir() && ownerOf(info) == acct.uid && info.Mode().Perm() == 0o700 && fits(dir) {
			return dir, nil
		}
	}
	parent := "/tmp"
	if dir := s.getenv("XDG_RUNTIME_DIR"); !acct.dropped && filepath.IsAbs(dir) && fits(filepath.Join(dir, "farenctl-0123456789")) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() && ownerOf(info) == acct.uid {
			parent = dir
		}
	}
	dir, err := os.MkdirTemp(parent, "farenctl-")
	if err != nil {
		return "", fmt.Errorf("socket directory: %w", err)
	}
	if acct.dropped {
		if err := os.Lchown(dir, acct.uid, acct.gid); err != nil {
			return "", fmt.Errorf("socket directory: %w", err)
		}
	}
	return dir, s.writeFile(acct, recordName, dir+"\n")
}

// databaseURL is a connection URL that libpq's programs and lib/pq take alike. The
// port is named because PGPORT would move it otherwise.
func databaseURL(socketDir, role, database string) string {
	if socketDir == "" {
		return ""
	}
	escape := func(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") }
	return "postgresql:///" + escape(database) + "?host=" + escape(socketDir) + "&port=" + port +
		"&user=" + escape(role) + "&sslmode=disable"
}

// keywordValue is the same as a keyword/value string.
func keywordValue(socketDir, role, database string) string {
	quote := func(v string) string {
		return "'" + strings.ReplaceAll(strings.ReplaceAll(v, `\`, `\\`), "'", `\'`) + "'"
	}
	return "host=" + quote(socketDir) + " port=" + port + " sslmode=disable user=" + quote(role) + " dbname=" + quote(database)
}
