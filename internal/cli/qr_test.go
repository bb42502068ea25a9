package cli_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"
)

var halfBlock = regexp.MustCompile(`(?:\x1b\[38;5;(\d+);48;5;(\d+)m)?▀`)

// A QR code on a terminal has colours of its own, dark on light, and a margin, so that it is right on every terminal.
func TestAQRCodeOnATerminalIsTheOneOfTheLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.openID(time.Second)
	recovery := w.must("recover", "start", "--by", "username", "--username", "hz_legal", "-q")
	terminal := &terminal{}
	if status := w.onTerminal(terminal, "verify", "face", "start", "--purpose", "recover", "--for", recovery, "-o", "json"); status != 0 {
		t.Fatalf("exit status %d\n%s", status, terminal.told.String())
	}
	var check struct {
		QR string `json:"qr_uri"`
	}
	if err := json.Unmarshal(terminal.out.Bytes(), &check); err != nil || check.QR == "" {
		t.Fatalf("%v: %s", err, terminal.out.String())
	}
	code, err := qr.Encode(check.QR, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	const margin = 4
	var drawn int
	for line := range strings.Lines(terminal.told.String()) {
		if !strings.Contains(line, "▀") {
			continue
		}
		upper, lower := "", ""
		for x, cell := range halfBlock.FindAllStringSubmatch(line, -1) {
			if cell[1] != "" {
				upper, lower = cell[1], cell[2]
			}
			for y, got := range map[int]string{2*drawn - margin: upper, 2*drawn + 1 - margin: lower} {
				want := map[bool]string{true: "16", false: "231"}[code.Black(x-margin, y)]
				if got != want {
					t.Fatalf("module %d,%d is %s, want %s", x-margin, y, got, want)
				}
			}
		}
		if columns := strings.Count(line, "▀"); columns != code.Size+2*margin || columns > 80 {
			t.Fatalf("%d columns, want %d and at most 80", columns, code.Size+2*margin)
		}
		drawn++
	}
	if drawn < (code.Size+2*margin)/2 {
		t.Fatalf("%d lines of %d rows", drawn, code.Size+2*margin)
	}
	for _, want := range []string{"scan, or open: " + check.QR, "until 20"} {
		if !strings.Contains(terminal.told.String(), want) {
			t.Errorf("%q is not told", want)
		}
	}
	// Without colours nothing can be sure to be right; the link remains.
	w.environment = append(w.environment, "NO_COLOR=1")
	terminal.told.Reset()
	terminal.out.Reset()
	if status := w.onTerminal(terminal, "verify", "face", "start", "--purpose", "recover", "--for", recovery); status != 0 || strings.Contains(terminal.told.String(), "▀") {
		t.Errorf("exit status %d without colours\n%s", status, terminal.told.String())
	}
}
