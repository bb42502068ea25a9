package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/bench/load"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// scaled is one look or change whose time must not grow with the database.
type scaled struct {
	name string
	goal float64
	cmd  func(round, size int) *exec.Cmd
}

// loadStep bounds what one transaction of the loader writes, in accounts.
const loadStep = 500_000

// scale measures the same commands on a server of its own at two sizes, in accounts.
func (b *bench) scale(rounds, small, large int, goals func(s *bench, id string) []scaled) error {
	s := &bench{farenctl: b.farenctl, psql: b.psql, work: filepath.Join(b.work, "scale")}
	if err := os.Mkdir(s.work, 0o711); err != nil {
		return err
	}
	s.env = append(slices.DeleteFunc(slices.Clone(b.env), func(v string) bool { return strings.HasPrefix(v, "FARENCTL_") }),
		"FARENCTL_DATA_DIR="+filepath.Join(s.work, "data"), "FARENCTL_SESSION_FILE="+filepath.Join(s.work, "session.json"))
	defer os.RemoveAll(s.work)
	defer s.output("server", "stop", "-q") //nolint:errcheck // a server that is not there is stopped
	url, err := s.output("server", "start", "--jq", ".database_url")
	if err != nil {
		return err
	}
	s.url = url
	register := filepath.Join(s.work, "register.csv")
	if err := writeRegister(register, 10_000); err != nil {
		return err
	}
	if _, err := s.output("registry", "import", register, "-q"); err != nil {
		return err
	}
	document, err := s.document(0)
	if err != nil {
		return err
	}
	id, err := s.output("register", "submit", "-f", document, "--sandbox", "-q")
	if err != nil {
		return err
	}
	commands := goals(s, id)
	var times [2][][]time.Duration
	loaded, started := 0, time.Now()
	for i, size := range []int{small, large} {
		for ; loaded < size; loaded = min(loaded+loadStep, size) {
			if err := s.super(load.SQL(unitCode(0), loaded, min(loaded+loadStep, size))); err != nil {
				return err
			}
		}
		if err := s.settle(); err != nil {
			return err
		}
		if i == 1 {
			fmt.Fprintf(os.Stderr, "%d accounts loaded in %s\n", size, time.Since(started).Round(time.Second))
			if err := s.sizes(size); err != nil {
				return err
			}
		}
		run := make([]func(int) *exec.Cmd, len(commands))
		for n, c := range commands {
			run[n] = func(round int) *exec.Cmd { return c.cmd(round+i*rounds, size) }
		}
		if _, err := s.timed(2, run...); err != nil { // what is read from disk is read before the clock starts
			return err
		}
		for n := range run {
			inner := run[n]
			run[n] = func(round int) *exec.Cmd { return inner(round + 2*rounds) }
		}
		if times[i], err = s.timed(rounds, run...); err != nil {
			return err
		}
	}
	for n, c := range commands {
		base := fmt.Sprintf("%s, %d accounts", c.name, small)
		b.add(base, times[0][n], "", nil, 0)
		b.add(fmt.Sprintf("%s, %d", c.name, large), times[1][n], base, times[0][n], c.goal)
	}
	return nil
}

// sizes tells what an account takes on disk, table by table, with its indexes.
func (b *bench) sizes(accounts int) error {
	out, err := b.command(b.psql, "-X", "-At", "-F", "\t", b.superURL(), "-c", `SELECT relname, pg_total_relation_size(oid) FROM pg_class
		WHERE relnamespace = 'faren'::regnamespace AND relkind = 'r' AND pg_total_relation_size(oid) > 1000000 ORDER BY 2 DESC`).Output()
	if err != nil {
		return fmt.Errorf("read sizes: %w", err)
	}
	fmt.Fprintf(os.Stderr, "bytes an account, with indexes:\n")
	for line := range strings.Lines(string(out)) {
		var table string
		var size int64
		if _, err := fmt.Sscanf(line, "%s\t%d", &table, &size); err != nil {
			return fmt.Errorf("read sizes: %w", err)
		}
		fmt.Fprintf(os.Stderr, "  %-20s %6d\n", table, size/int64(accounts))
	}
	return nil
}

// diagnoseAtScale is the goal of the support desk: a ticket is answered as fast among a million accounts as among a thousand.
func (b *bench) diagnoseAtScale(rounds, _ int) error {
	return b.scale(rounds, 1_000, 1_000_000, func(s *bench, _ string) []scaled {
		return []scaled{{"diagnose --phone --unit-code", 1.5, s.diagnosis}}
	})
}

func (b *bench) diagnosis(int, int) *exec.Cmd {
	return b.command(b.farenctl, "diagnose", "--phone", "13700000000", "--unit-code", unitCode(0), "-o", "json")
}

// everythingAtScale measures what people and scripts do most, at ten thousand accounts and at large.
func (b *bench) everythingAtScale(rounds, large int) error {
	const goal = 1.2
	gateway := smstest.New()
	defer gateway.Close()
	return b.scale(rounds, 10_000, large, func(s *bench, id string) []scaled {
		farenctl := func(args ...string) func(int, int) *exec.Cmd {
			return func(int, int) *exec.Cmd { return s.command(s.farenctl, args...) }
		}
		return []scaled{
			{"register show, by id", goal, farenctl("register", "show", id)},
			{"agent show, by user name", goal, farenctl("agent", "show", "bench_0")},
			{"agent show, by document", goal, farenctl("agent", "show", "document:"+residentID(0), "--unit-code", unitCode(0))},
			{"register submit --sandbox", goal, func(round, _ int) *exec.Cmd {
				document, err := s.document(round + 1)
				if err != nil {
					return exec.Command("false")
				}
				return s.command(s.farenctl, "register", "submit", "-f", document, "--sandbox", "-q")
			}},
			{"review list, first page", goal, farenctl("review", "list", "--kind", "comparison", "-q")},
			{"review list, a deep page", goal, func(_, size int) *exec.Cmd {
				return s.command(s.farenctl, "review", "list", "--kind", "comparison", "-q", "--page-token", account.ApplicationID(load.Application(size/50*45)).String())
			}},
			{"review stats", 0, farenctl("review", "stats", "-o", "json")},
			{"diagnose --phone --unit-code", goal, s.diagnosis},
			{"sms dispatch, 100 messages", goal, func(int, int) *exec.Cmd { return s.dispatching(gateway, 100) }},
		}
	})
}

// settle gives the planner what it knows in life, and writes what is still to be written, before a clock starts.
func (b *bench) settle() error { return b.super("VACUUM (ANALYZE)", "CHECKPOINT") }
