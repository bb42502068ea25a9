package localpg

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// port is part of the socket's name; nothing listens on the network.
const port = "5432"

// ownSettings are the settings that the package rests on, so that callers may not
// set them.
var ownSettings = [...]string{
	"config_file", "data_directory", "external_pid_file", "hba_file", "ident_file", "listen_addresses", "port",
	"unix_socket_directories", "unix_socket_group", "unix_socket_permissions",
}

// checkSettings refuses settings that would undo the server's privacy and names
// that are no setting names.
func checkSettings(settings map[string]string) error {
	for name, value := range settings {
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") != "" {
			return fmt.Errorf("%q is not the name of a PostgreSQL setting", name)
		}
		if slices.Contains(ownSettings[:], name) {
			return fmt.Errorf("the setting %s of the private server can't be changed", name)
		}
		if strings.ContainsRune(value, 0) {
			return fmt.Errorf("the setting %s has a NUL character", name)
		}
	}
	return nil
}

// serverArgs are the server's settings as arguments, which win over every file in
// the cluster. Errors of statements are not logged, since their texts may quote
// personal data: they go to the client alone.
func (s *Server) serverArgs(socketDir string) []string {
	args := []string{
		"-D", s.cluster,
		"-c", "listen_addresses=",
		"-c", "port=" + port,
		"-c", "unix_socket_directories=" + quoteList(socketDir),
		"-c", "unix_socket_permissions=0700",
		"-c", "hba_file=" + s.path("hba.conf"),
		"-c", "ident_file=" + s.path("ident.conf"),
		"-c", "logging_collector=off",
		"-c", "log_destination=stderr",
		"-c", "log_min_messages=log",
		"-c", "log_error_verbosity=terse",
		"-c", "log_checkpoints=off",
		"-c", "log_timezone=UTC",
		"-c", "timezone=UTC",
		"-c", "max_connections=200",
	}
	return append(args, s.extraArgs()...)
}

// extraArgs are the caller's settings, in a stable order.
func (s *Server) extraArgs() []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(s.opts.Settings)) {
		args = append(args, "-c", name+"="+s.opts.Settings[name])
	}
	return args
}

// quoteList quotes the one element of a list setting.
func quoteList(path string) string {
	return `"` + strings.ReplaceAll(path, `"`, `""`) + `"`
}

// writeAccess writes who may connect. Operating system users come in by peer
// authentication only, and only as our two roles.
func (s *Server) writeAccess(acct account) error {
	var ident strings.Builder
	for _, peer := range acct.peers {
		for _, role := range []string{RoleSuper, RoleLocal} {
			fmt.Fprintf(&ident, "farenctl \"%s\" %s\n", peer, role)
		}
	}
	if err := s.writeFile(acct, "ident.conf", ident.String()); err != nil {
		return err
	}
	return s.writeFile(acct, "hba.conf", "local all all peer map=farenctl\n")
}

// writeFile replaces a file of the data directory that the server may read, and
// under root only read. The caller holds setup.lock.
func (s *Server) writeFile(acct account, name, content string) error {
	path, draft := s.path(name), s.path(name+".new")
	if err := os.WriteFile(draft, []byte(content), 0o600); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if acct.dropped {
		if err := os.Chown(draft, 0, acct.gid); err != nil {
			return fmt.Errorf("data directory: %w", err)
		}
		if err := os.Chmod(draft, 0o640); err != nil {
			return fmt.Errorf("data directory: %w", err)
		}
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	return nil
}
