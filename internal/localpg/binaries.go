package localpg

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// debianBins is where Debian and Ubuntu put server binaries, out of PATH.
const debianBins = "/usr/lib/postgresql/*/bin"

// binDir finds the directory of initdb and postgres: Options.BinDir alone if set;
// for an existing cluster the packaged server of its version; PATH; then the newest
// packaged server.
func (s *Server) binDir() (string, error) {
	if s.opts.BinDir != "" {
		if hasServer(s.opts.BinDir) {
			return s.opts.BinDir, nil
		}
		return "", fmt.Errorf("%w: no initdb and postgres in %s", ErrNoPostgres, s.opts.BinDir)
	}
	packaged, err := filepath.Glob(debianBins)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoPostgres, err)
	}
	slices.SortFunc(packaged, func(a, b string) int { return cmp.Compare(packagedVersion(b), packagedVersion(a)) })
	var places []string
	if version, err := os.ReadFile(filepath.Join(s.cluster, "PG_VERSION")); err == nil {
		for _, dir := range packaged {
			if strings.TrimSpace(string(version)) == filepath.Base(filepath.Dir(dir)) {
				places = append(places, dir)
			}
		}
	}
	for _, dir := range filepath.SplitList(s.getenv("PATH")) {
		if filepath.IsAbs(dir) {
			places = append(places, dir)
		}
	}
	for _, dir := range append(places, packaged...) {
		if hasServer(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("%w: looked in PATH and %s", ErrNoPostgres, debianBins)
}

// Programs is the directory of the server's programs: initdb, postgres, and
// those that come with them.
func (s *Server) Programs() (string, error) { return s.binDir() }

// packagedVersion reads 15 out of /usr/lib/postgresql/15/bin.
func packagedVersion(dir string) float64 {
	v, err := strconv.ParseFloat(filepath.Base(filepath.Dir(dir)), 64)
	if err != nil {
		return 0
	}
	return v
}

// hasServer tells whether both programs we run are there.
func hasServer(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			return false
		}
	}
	return true
}
