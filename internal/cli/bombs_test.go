package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// bombMemory and bombTime are what a command may take for a file that is made to hurt: KiB of memory at its peak, and time on a busy machine.
const bombMemory = 128 << 10

const bombTime = 20 * time.Second

// aliases is a YAML document of a few hundred bytes that has billions of values ("billion laughs").
func aliases(first string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "a0: &a0 [%s]\n", strings.TrimSuffix(strings.Repeat("x,", 9), ","))
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	return b.String() + first + ": *a11\n"
}

// bombs are contents of a file that are no valid value of anything.
func bombs() map[string]string {
	mega := strings.Repeat("x", 2<<20)
	return map[string]string{
		"nothing": "", "zeros": strings.Repeat("\x00", 2<<20), "no text": "\xff\xfe\xfd" + strings.Repeat("\x80", 1000), "one long word": mega, "one long value": "namespace: " + mega,
		"gzip":           "\x1f\x8b\x08\x00" + strings.Repeat("\xff\x00", 600<<10),
		"aliases":        aliases("namespace"),
		"merges":         "a: &a {b: c}\n" + strings.Repeat("<<: *a\n", 50000),
		"self":           "a: &a\n  b: *a\nnamespace: *a\n",
		"deep lists":     strings.Repeat("[", 500<<10),
		"deep objects":   strings.Repeat(`{"a":`, 180<<10),
		"closed lists":   strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
		"deep JSON":      strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000),
		"deep blocks":    deepBlocks(1200),
		"deep dashes":    strings.Repeat("- ", 400<<10),
		"question marks": strings.Repeat("? ", 400<<10),
		"anchors":        strings.Repeat("&a ", 300<<10),
		"tags":           strings.Repeat("!!a ", 250<<10),
		"quotes":         strings.Repeat(`"`, 900<<10),
		"many keys":      manyKeys(60000),
		"many documents": strings.Repeat("---\na: 1\n", 90000),
		"long number":    "namespace: " + strings.Repeat("9", 900<<10),
		"JSON number":    `{"namespace": ` + strings.Repeat("9", 900<<10) + "}",
		"columns":        strings.Repeat("a,", 1<<20) + "\n" + strings.Repeat("1,", 1<<20) + "\n",
		"PEM":            strings.Repeat("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 15000),
		"PEM open":       strings.Repeat("-----BEGIN CERTIFICATE-----\n", 35000),
		"DER":            "\x30\x84\x7f\xff\xff\xff" + strings.Repeat("\x30\x80", 400<<10),
	}
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	return b.String()
}

// spent is how a process ended, and what it took.
type spent struct {
	result
	kib  int64
	took time.Duration
}

// measured runs one process to its end. Any goroutine may use it.
func (w *world) measured(stdin string, environment []string, args ...string) spent {
	p := w.process(args...)
	p.Stdin = bytes.NewReader([]byte(stdin))
	peak, err := os.CreateTemp(w.dir, ".peak-")
	if err != nil {
		w.t.Error(err)
		return spent{}
	}
	defer func() { _ = os.Remove(peak.Name()) }()
	_ = peak.Close()
	p.Env = append(append(p.Env, environment...), peakVariable+"="+peak.Name())
	began := time.Now()
	if err := p.Start(); err != nil {
		w.t.Error(err)
		return spent{}
	}
	defer time.AfterFunc(2*bombTime, func() { _ = p.Process.Kill() }).Stop()
	r := w.ended(p, p.Wait())
	s := spent{result: r, took: time.Since(began)}
	if text, err := os.ReadFile(peak.Name()); err != nil {
		w.t.Error(err)
	} else if _, err := fmt.Sscan(string(text), &s.kib); err != nil && r.status >= 0 {
		w.t.Errorf("the process did not tell its peak: %v", err)
	}
	return s
}

// peakVariable names the file in which the program, run by this test binary, tells how much memory it had at its peak. What the kernel tells of a
// process that has ended counts the memory of the one that started it, too.
const peakVariable = "FARENCTL_TEST_PEAK"

// tellPeak writes the peak in KiB.
func tellPeak() {
	path := os.Getenv(peakVariable)
	if path == "" {
		return
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			_ = os.WriteFile(path, []byte(strings.Fields(value)[0]), 0o600)
		}
	}
}

// withstood tells what is wrong with how a command ended that was given a bomb.
func (w *world) withstood(name string, s spent, statuses ...int) {
	good := false
	for _, status := range statuses {
		good = good || s.status == status
	}
	switch {
	case !good:
		w.t.Errorf("%s: exit status %d, want one of %v\n%.600s%.1200s", name, s.status, statuses, s.stdout, s.stderr)
	case actedUpon(s.stdout)+actedUpon(s.stderr) != "" || len(s.stderr) > 16<<10:
		w.t.Errorf("%s: prints %d bytes and %.60s\n%.600q", name, len(s.stderr), actedUpon(s.stdout+s.stderr), s.stderr)
	case s.kib > bombMemory:
		w.t.Errorf("%s: %d KiB at its peak, want at most %d", name, s.kib, bombMemory)
	case s.took > bombTime:
		w.t.Errorf("%s: took %s, want at most %s", name, s.took, bombTime)
	}
}

// Whatever stands in a file that a command reads, it ends with a status that tells whose fault it is, within bounds of memory and time.
func TestFilesThatAreMadeToHurtAreRefusedWithinBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type reader struct {
		name        string
		args        func(file string) []string
		environment func(file string) []string
		statuses    []int
	}
	input := []int{65}
	readers := []reader{
		{name: "document", args: func(f string) []string { return []string{"register", "submit", "-f", f, "--sandbox"} }, statuses: input},
		{name: "check", args: func(f string) []string { return []string{"register", "check", "-f", f} }, statuses: input},
		{name: "fixture", args: func(f string) []string { return []string{"fixture", "apply", "-f", f, "--namespace", "ns"} }, statuses: input},
		{name: "batch", args: func(f string) []string { return []string{"register", "batch", f, "--format", "jsonl", "--no-state"} }, statuses: []int{0, 7, 65}},
		{name: "batch CSV", args: func(f string) []string { return []string{"register", "batch", f, "--format", "csv", "--no-state"} }, statuses: input},
		{name: "register", args: func(f string) []string { return []string{"registry", "import", f} }, statuses: input},
		{name: "calendar", args: func(f string) []string { return []string{"calendar", "import", f} }, statuses: input},
		{name: "scan", args: func(f string) []string {
			return []string{"register", "check", "--channel", "project", "--proof-file", f}
		}, statuses: input},
		{name: "password", args: func(f string) []string { return []string{"login", "hz_legal", "--password-file", f} }, statuses: []int{4, 65}},
		{name: "configuration", args: func(f string) []string { return []string{"register", "list", "--config", f} }, statuses: []int{0, 78}},
		{name: "session", args: func(f string) []string { return []string{"whoami", "--session-file", f} }, statuses: []int{78}},
		{name: "keyring", args: func(string) []string {
			return []string{"agent", "show", "phone:13700000001", "--unit-code", hangzhou.code}
		},
			environment: func(f string) []string { return []string{"FARENCTL_KEYRING=" + f} }, statuses: []int{78}},
	}
	type trial struct {
		name string
		reader
		file string
	}
	var trials []trial
	n := 0
	for what, content := range bombs() {
		n++
		file := w.write(fmt.Sprintf("bomb%d", n), content)
		for _, r := range readers {
			trials = append(trials, trial{r.name + ", " + what, r, file})
		}
	}
	inParallel(trials, func(one trial) {
		var environment []string
		if one.environment != nil {
			environment = one.environment(one.file)
		}
		s := w.measured("", environment, one.args(one.file)...)
		w.withstood(one.name, s, one.statuses...)
	})
}

// A program or template of one's own costs no more than its time limit, and prints no more than anybody can use.
func TestProgramsThatAreMadeToHurtEndWithinBounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deep := strings.Repeat("(", 60000)
	var trials [][]string
	for _, program := range []string{
		"[range(1e10)]", "[limit(1e10; repeat(1))] | length", "def f: f; f", "def f: 1 + f; f", "repeat(.)", `"x" * 1e6 | . * 1e6`, ".[1e9] = 1", "[.] | until(false; . + .)",
		`[range(1e8)] | combinations`, "reduce range(1e9) as $i (\"\"; . + \"xxxxxxxxxxxxxxxx\")", `"a" * 100000 | test("(a*)*b")`, "input", "env", "$ENV | length", "error(\"\u001b[31m\")",
		deep + "1" + strings.ReplaceAll(deep, "(", ")"), deep, strings.Repeat("[", 60000), strings.Repeat("-", 60000) + "1", "1" + strings.Repeat("|1", 60000), strings.Repeat("{a:", 30000), "@base32d", "[splits(\"\")]", "getpath([range(1e5)])",
		"reduce range(1e5) as $i (null; [.])", "reduce range(1e6) as $i (null; {a: .}) | tojson | length",
	} {
		trials = append(trials, []string{"policy", "list", "--timeout", "2s", "--jq", program})
	}
	for _, text := range []string{
		"{{range 10000000000}}x{{end}}", "{{range 10000000000}}{{end}}", `{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`, "{{" + deep, "{{" + deep + "1" + strings.ReplaceAll(deep, "(", ")") + "}}",
		strings.Repeat("{{if 1}}", 8000) + strings.Repeat("{{end}}", 8000), strings.Repeat("{{if 1}}", 1000) + strings.Repeat("{{end}}", 1000), `{{printf "%1000000000d" 1}}`, `{{printf "%[1]*d" 1000000000 1}}`, "{{.items.items}}", "{{call .items}}", "{{index .items 99999999999}}",
		"{{slice .items 5 1}}", `{{range 100000}}{{printf "%0999999d" 1}}{{end}}`, "{{len 5}}", "{{html .}}{{js .}}{{urlquery .}}",
	} {
		trials = append(trials, []string{"policy", "list", "--timeout", "2s", "-o", "template=" + text})
	}
	inParallel(trials, func(args []string) {
		s := w.measured("", nil, args...)
		s.kib -= 3 * bombMemory // a program gets some, and is watched every few milliseconds only
		w.withstood(fmt.Sprintf("%.80q", args[5]), s, 0, 2, 65, 75)
	})
}
