package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/farenctl/farenctl/internal/document/documenttest"
)

// uploadGoal is what an upload may need over an idle process, in MiB.
const uploadGoal = 64

// upload measures the memory of whole processes that upload two scans each, beside one that only looks: small ones, the largest files,
// the largest pictures.
func (b *bench) upload(_, _ int) error {
	const rounds = 3
	const base = "register list"
	idle, err := b.peak(rounds, "register", "list", "-q")
	if err != nil {
		return err
	}
	b.figures = append(b.figures, figure{Name: base, Rounds: rounds, PeakMiB: idle})
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"two pages", documenttest.Page(1)}, {"two files of almost 2 MiB", documenttest.Variant("almost-two-mib")},
		{"two of 25 megapixels", documenttest.Variant("25-megapixels")},
	} {
		path := filepath.Join(b.work, "scan.jpg")
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			return err
		}
		peak, err := b.peak(rounds, "register", "start", "--channel", "overseas", "--organization-name", "示例海外有限公司(Example Overseas Ltd)",
			"--agent-name", "王示例", "--agent-document-number", residentID(1), "--phone", "13700000001", "--email", "wang@example.com",
			"--licence-file", path, "--agent-document-file", path, "--accept-terms", "--sandbox", "-q")
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		b.figures = append(b.figures, figure{Name: "upload of " + c.name, Rounds: rounds, PeakMiB: peak, OverMiB: peak - idle, Baseline: base, Goal: uploadGoal})
	}
	return nil
}

// peakWord makes this program run a command and print its largest resident set, in KiB. A process starts with the peak of the one that
// started it, so that one has to be small, as the bench itself, which made pictures, is not.
const peakWord = "peak"

// runForPeak is the small process.
func runForPeak(args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	_ = cmd.Run() // its status tells
	if cmd.ProcessState == nil {
		return 1
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		fmt.Println(usage.Maxrss)
	}
	return cmd.ProcessState.ExitCode()
}

// peak is the largest resident set of the rounds, in MiB.
func (b *bench) peak(rounds int, args ...string) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	most := 0.0
	for range rounds {
		cmd := b.command(self, append([]string{peakWord, b.farenctl}, args...)...)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			return 0, fmt.Errorf("farenctl %s: %w: %s", strings.Join(args, " "), err, errs.String())
		}
		kib, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			return 0, fmt.Errorf("this system does not tell how much memory a process had: %w", err)
		}
		most = max(most, kib/1024)
	}
	return most, nil
}
