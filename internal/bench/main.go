// Command bench measures farenctl from outside, as a shell script meets it: whole processes on a private server, each
// figure beside a baseline of the same run, medians of several rounds. It prints a table and, with -json, writes the
// figures to a file. It is run by `make bench`.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// figure is one measurement. Ratio is Median over Baseline's median; 0 where there is none. Of memory, MedianMS and MinMS are 0, PeakMiB is
// the largest resident set of any round, and Goal what it may be over the Baseline's.
type figure struct {
	Name     string  `json:"name"`
	MedianMS float64 `json:"median_ms"`
	MinMS    float64 `json:"min_ms"`
	Rounds   int     `json:"rounds"`
	Baseline string  `json:"baseline,omitempty"`
	Ratio    float64 `json:"ratio,omitempty"`
	Goal     float64 `json:"goal,omitempty"`
	PeakMiB  float64 `json:"peak_mib,omitempty"`
	OverMiB  float64 `json:"over_baseline_mib,omitempty"`
}

type bench struct {
	farenctl, psql, work, url string
	env                       []string
	figures                   []figure
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == peakWord {
		os.Exit(runForPeak(os.Args[2:]))
	}
	rounds := flag.Int("rounds", 20, "rounds of each measurement")
	rows := flag.Int("rows", 1_000_000, "rows of the register import")
	accounts := flag.Int("scale", 0, "instead: measure at ten thousand accounts and at this many")
	out := flag.String("json", "", "file for the figures")
	flag.Parse()
	if err := run(*rounds, *rows, *accounts, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds, rows, accounts int, out string) error {
	b := &bench{farenctl: os.Getenv("FARENCTL")}
	if b.farenctl == "" {
		return fmt.Errorf("FARENCTL names the program to measure")
	}
	psql, err := realPsql()
	if err != nil {
		return err
	}
	b.psql = psql
	if b.work, err = os.MkdirTemp("", "farenctl-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.work)
	if err := os.Chmod(b.work, 0o711); err != nil {
		return err
	}
	// As it is installed. Pages of a file that the linker has just written are mapped in smaller pieces, which a start takes longer for.
	installed := filepath.Join(b.work, "farenctl")
	if out, err := exec.Command("cp", b.farenctl, installed).CombinedOutput(); err != nil {
		return fmt.Errorf("install the program: %w: %s", err, out)
	}
	b.farenctl = installed
	b.env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "FARENCTL_") || strings.HasPrefix(v, "PG") || strings.HasPrefix(v, "LC_ALL=")
	}), "FARENCTL_DATA_DIR="+filepath.Join(b.work, "data"), "FARENCTL_SESSION_FILE="+filepath.Join(b.work, "session.json"), "HOME="+b.work, "LC_ALL=C.UTF-8")
	defer b.output("server", "stop", "-q") //nolint:errcheck // a server that is not there is stopped
	measures, size := []func(int, int) error{b.importRegister, b.coldStart, b.submit, b.batch, b.recovery, b.dispatch, b.upload, b.diagnoseAtScale, b.audit}, rows
	if accounts > 0 {
		measures, size = []func(int, int) error{b.everythingAtScale}, accounts
	}
	for _, measure := range measures {
		if err := measure(rounds, size); err != nil {
			return err
		}
	}
	b.print()
	if out == "" {
		return nil
	}
	text, err := json.MarshalIndent(b.figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(text, '\n'), 0o644)
}

// realPsql is psql itself; Debian's /usr/bin/psql is a Perl wrapper that takes three times as long.
func realPsql() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/psql")
	if err != nil || len(found) == 0 {
		return exec.LookPath("psql")
	}
	return found[len(found)-1], nil
}

func (b *bench) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = b.env
	return cmd
}

func (b *bench) output(args ...string) (string, error) {
	var errs strings.Builder
	cmd := b.command(b.farenctl, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("farenctl %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// timed runs the commands in turn, so that what else the machine does falls on all alike, and keeps each one's times.
func (b *bench) timed(rounds int, commands ...func(round int) *exec.Cmd) ([][]time.Duration, error) {
	times := make([][]time.Duration, len(commands))
	for round := range rounds {
		for i, make := range commands {
			cmd := make(round)
			start := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, out)
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	return times, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// add keeps a measurement; times[0] is the baseline's when base names one.
func (b *bench) add(name string, times []time.Duration, base string, baseTimes []time.Duration, goal float64) {
	sorted := slices.Sorted(slices.Values(times))
	f := figure{Name: name, MedianMS: ms(sorted[len(sorted)/2]), MinMS: ms(sorted[0]), Rounds: len(times), Baseline: base, Goal: goal}
	if base != "" {
		sortedBase := slices.Sorted(slices.Values(baseTimes))
		f.Ratio = f.MedianMS / ms(sortedBase[len(sortedBase)/2])
	}
	b.figures = append(b.figures, f)
}

func (b *bench) print() {
	fmt.Printf("%-34s %10s %10s %7s %7s %6s  %s\n", "WHAT", "MEDIAN ms", "MIN ms", "ROUNDS", "RATIO", "GOAL", "BASELINE")
	memory := false
	for _, f := range b.figures {
		if f.PeakMiB > 0 {
			memory = true
			continue
		}
		ratio, goal := "-", "-"
		if f.Ratio > 0 {
			ratio = fmt.Sprintf("%.2f", f.Ratio)
		}
		if f.Goal > 0 {
			goal = fmt.Sprintf("%.2f", f.Goal)
		}
		fmt.Printf("%-34s %10.1f %10.1f %7d %7s %6s  %s\n", f.Name, f.MedianMS, f.MinMS, f.Rounds, ratio, goal, f.Baseline)
	}
	if memory {
		fmt.Printf("\n%-34s %10s %10s %7s %7s  %s\n", "MEMORY", "PEAK MiB", "OVER MiB", "ROUNDS", "GOAL", "BASELINE")
	}
	for _, f := range b.figures {
		if f.PeakMiB > 0 {
			fmt.Printf("%-34s %10.1f %10.1f %7d %7.0f  %s\n", f.Name, f.PeakMiB, f.OverMiB, f.Rounds, f.Goal, f.Baseline)
		}
	}
}
