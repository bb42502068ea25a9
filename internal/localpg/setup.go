package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The database and the roles of a new cluster.
const (
	// Database is where farenctl keeps its tables; its owner is RoleSuper.
	Database = "farenctl"
	// RoleSuper is the bootstrap superuser, for migrations.
	RoleSuper = "faren_super"
	// RoleLocal is the login of every other command. It is no superuser; migrations
	// make it a member of the group roles.
	RoleLocal = "faren_local"
)

// firstStatements are run in single-user mode, where a line is a statement.
const firstStatements = "CREATE ROLE " + RoleLocal + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS\n" +
	"CREATE DATABASE " + Database + " OWNER " + RoleSuper + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'\n"

// draftPattern names clusters in the making.
const draftPattern = "cluster.init-*"

// makeCluster makes the cluster with its roles and database in a directory beside,
// then renames it into place: a cluster is there whole or not at all. The programs
// inherit setup.lock, so that one that outlives us, when we are killed, still keeps
// the next run waiting. The caller holds setup.lock.
func (s *Server) makeCluster(ctx context.Context, acct account, lock *os.File) (err error) {
	bin, err := s.binDir()
	if err != nil {
		return err
	}
	if err := s.removeDrafts(ctx, acct); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(s.dir, draftPattern)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	defer func() {
		if err != nil {
			// ctx may be over, and then the next run removes what is left.
			_ = s.removeDrafts(context.WithoutCancel(ctx), acct)
		}
	}()
	if err := makeDir(draft, acct.uid, acct.gid); err != nil {
		return err
	}
	initdb := []string{
		filepath.Join(bin, "initdb"), "-D", draft, "--username=" + RoleSuper, "--encoding=UTF8", "--locale=C",
		"--data-checksums", "--auth-local=peer", "--auth-host=reject", "--no-instructions",
	}
	if s.opts.Settings["fsync"] == "off" {
		initdb = append(initdb, "--no-sync")
	}
	if _, err := s.run(ctx, acct, child{argv: initdb, keep: []*os.File{lock}}); err != nil {
		return fmt.Errorf("%w: initdb: %w", ErrSetup, err)
	}
	single := append([]string{filepath.Join(bin, "postgres"), "--single", "-D", draft, "-c", "exit_on_error=on"}, s.extraArgs()...)
	single = append(single, "postgres")
	if _, err := s.run(ctx, acct, child{argv: single, stdin: firstStatements, keep: []*os.File{lock}}); err != nil {
		return fmt.Errorf("%w: first roles: %w", ErrSetup, err)
	}
	if err := os.Rename(draft, s.cluster); err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	return syncDir(s.dir)
}

// removeDrafts removes what a killed run left of an unfinished cluster, and ends
// what may still write there.
func (s *Server) removeDrafts(ctx context.Context, acct account) error {
	drafts, err := filepath.Glob(filepath.Join(escapeGlob(s.dir), draftPattern))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	for _, draft := range drafts {
		if err := s.endProcesses(ctx, acct, draft, 0); err != nil {
			return err
		}
		if err := os.RemoveAll(draft); err != nil {
			return fmt.Errorf("%w: %w", ErrSetup, err)
		}
	}
	return nil
}

// escapeGlob makes a path match itself.
func escapeGlob(path string) string {
	var out []byte
	for i := range len(path) {
		switch path[i] {
		case '*', '?', '[', '\\':
			out = append(out, '\\')
		}
		out = append(out, path[i])
	}
	return string(out)
}

// syncDir makes a rename survive a power cut.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	return nil
}

// hasCluster tells whether the cluster was made.
func (s *Server) hasCluster() (bool, error) {
	_, err := os.Lstat(filepath.Join(s.cluster, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		// Something else in its place is not ours to remove; the rename will refuse it.
		return false, nil
	}
	return err == nil, err
}
