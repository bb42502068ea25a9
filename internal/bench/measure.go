package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// importRounds is few: each is a million rows, three times.
const importRounds = 3

// importRegister compares the import of a register into an empty one, with its checks and sealing, with psql copying the same lines into a
// table that has the same unique key, and with psql copying the rows sealed already into a table that has the register's indexes.
func (b *bench) importRegister(_, rows int) error {
	file, sealed := filepath.Join(b.work, "register.csv"), filepath.Join(b.work, "sealed.copy")
	if err := writeRegister(file, rows); err != nil {
		return err
	}
	if _, err := b.output("db", "status"); err != nil {
		return err
	}
	url, err := b.output("server", "start", "--jq", ".database_url")
	if err != nil {
		return err
	}
	b.url = url
	if _, err := b.output("registry", "import", file, "-q"); err != nil {
		return err
	}
	if err := b.super(`CREATE TABLE public.plain (unit_code text PRIMARY KEY, name text, legal_representative text, document_type text,
		document_number text, status text)`, `CREATE TABLE public.sealed (LIKE faren.register_entry INCLUDING ALL)`,
		`\copy (SELECT * FROM faren.register_entry ORDER BY unit_code) TO '`+sealed+`'`); err != nil {
		return err
	}
	var failed error
	// A table is emptied, and what that leaves to write is written, before the clock starts.
	prepared := func(table string, cmd func() *exec.Cmd) func(int) *exec.Cmd {
		return func(int) *exec.Cmd {
			failed = errors.Join(failed, b.super("TRUNCATE "+table, "CHECKPOINT"))
			return cmd()
		}
	}
	copied := func(table, file, with string) func(int) *exec.Cmd {
		return prepared(table, func() *exec.Cmd {
			return b.command(b.psql, "-X", "-q", b.superURL(), "-c", `\copy `+table+` FROM '`+file+`'`+with)
		})
	}
	times, err := b.timed(importRounds, copied("public.plain", file, " WITH (FORMAT csv, HEADER)"), copied("public.sealed", sealed, ""),
		prepared("faren.register_entry", func() *exec.Cmd { return b.command(b.farenctl, "registry", "import", file, "-q") }))
	if err := errors.Join(failed, err); err != nil {
		return err
	}
	if err := b.super("DROP TABLE public.plain, public.sealed"); err != nil {
		return err
	}
	const clear, same = "\\copy, clear rows", "\\copy, sealed rows, same indexes"
	b.add(clear, times[0], "", nil, 0)
	b.add(same, times[1], "", nil, 0)
	b.add(fmt.Sprintf("registry import, %d rows", rows), times[2], same, times[1], 1)
	b.add("  the same", times[2], clear, times[0], 0)
	return nil
}

func (b *bench) superURL() string { return strings.Replace(b.url, "faren_local", "faren_super", 1) }

// super runs statements of the database's superuser.
func (b *bench) super(statements ...string) error {
	args := []string{"-X", "-q", "-v", "ON_ERROR_STOP=1", b.superURL()}
	for _, s := range statements {
		args = append(args, "-c", s)
	}
	if out, err := b.command(b.psql, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%.200s: %w: %s", strings.Join(statements, "; "), err, out)
	}
	return nil
}

// coldStart compares whole processes with psql answering `select 1` on the same server, and with a Cobra program that does nothing.
func (b *bench) coldStart(rounds, _ int) error {
	document, err := b.document(0)
	if err != nil {
		return err
	}
	id, err := b.output("register", "submit", "-f", document, "--sandbox", "-q")
	if err != nil {
		return err
	}
	bare := filepath.Join(b.work, "bare")
	build := exec.Command("go", "build", "-trimpath", "-o", bare, "github.com/farenctl/farenctl/internal/bench/bare")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as farenctl itself is built
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the bare program: %w: %s", err, out)
	}
	const psql, cobra = "psql -c 'select 1'", "a bare Cobra program"
	times, err := b.timed(rounds,
		func(int) *exec.Cmd { return b.command(b.psql, "-X", "-At", "-c", "select 1", b.url) },
		func(int) *exec.Cmd { return b.command(bare, "version") },
		func(int) *exec.Cmd { return b.command(b.farenctl, "version") },
		func(int) *exec.Cmd { return b.command(b.farenctl, "register", "show", id) })
	if err != nil {
		return err
	}
	b.add(psql, times[0], "", nil, 0)
	b.add(cobra, times[1], "", nil, 0)
	b.add("version", times[2], psql, times[0], 1.2)
	b.add("  the same", times[2], cobra, times[1], 0)
	b.add("register show", times[3], psql, times[0], 1.2)
	return nil
}

// submit measures one whole registration in one process, and where its time goes.
func (b *bench) submit(rounds, _ int) error {
	steps := map[string][]time.Duration{}
	var order []string
	var whole []time.Duration
	for round := range rounds {
		document, err := b.document(round + 1)
		if err != nil {
			return err
		}
		cmd := b.command(b.farenctl, "register", "submit", "-f", document, "--sandbox", "-q", "-v", "--log-format", "json")
		var log strings.Builder
		cmd.Stderr = &log
		start := time.Now()
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("register submit: %w: %s", err, log.String())
		}
		whole = append(whole, time.Since(start))
		for line := range strings.Lines(log.String()) {
			var entry struct{ What, Took string }
			if json.Unmarshal([]byte(line), &entry) != nil || entry.What == "" {
				continue
			}
			took, err := time.ParseDuration(entry.Took)
			if err != nil {
				return err
			}
			if _, seen := steps[entry.What]; !seen {
				order = append(order, entry.What)
			}
			steps[entry.What] = append(steps[entry.What], took)
		}
	}
	b.add("register submit --sandbox", whole, "", nil, 0)
	for _, step := range order {
		b.add("  of it "+step, steps[step], "", nil, 0)
	}
	return nil
}

// recovery compares the start of a recovery of an account that is not there with one that is: nothing, their time neither, may tell.
func (b *bench) recovery(rounds, _ int) error {
	const base = "recover start, known user name"
	start := func(username string) func(int) *exec.Cmd {
		return func(int) *exec.Cmd {
			return b.command(b.farenctl, "recover", "start", "--by", "username", "--username", username, "-q")
		}
	}
	times, err := b.timed(20*rounds, start("bench_0"), start("bench_nobody"))
	if err != nil {
		return err
	}
	b.add(base, times[0], "", nil, 0)
	b.add("recover start, unknown user name", times[1], base, times[0], 1.05)
	return nil
}

// document writes the registration of the legal representative of one organization of the made-up register.
func (b *bench) document(n int) (string, error) {
	path := filepath.Join(b.work, fmt.Sprintf("registration-%d.json", n))
	person := residentID(n)
	text := fmt.Sprintf(`{"channel":"zhejiang","entity_type":"market-entity","organization_name":%q,"unit_code":%q,
		"legal_representative":{"name":"王示例","document_number":%q},"accept_terms":true,"username":"bench_%d","password":"Bench-2026-pass",
		"agent":{"name":"王示例","document_number":%q,"phone":"137%08d"}}`, organization(n), unitCode(n), person, n, person, n)
	return path, os.WriteFile(path, []byte(text), 0o600)
}

func organization(n int) string { return fmt.Sprintf("浙江示例第%d有限公司", n) }

// unitCode makes a USCC with the check characters of GB 32100-2015 and GB 11714.
func unitCode(n int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	base := fmt.Sprintf("%08d", n)
	sum := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(base[i]-'0') * w
	}
	code := "91330100" + base + string("0X987654321"[sum%11])
	sum, weight := 0, 1
	for i := range code {
		sum += strings.IndexByte(alphabet, code[i]) * weight
		weight = weight * 3 % 31
	}
	return code + string(alphabet[(31-sum%31)%31])
}

// residentID makes a number with the check character of GB 11643; of a made-up person.
func residentID(n int) string {
	born := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%14000)
	code := fmt.Sprintf("330106%s%03d", born.Format("20060102"), n/14000)
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(code[i]-'0') * w
	}
	return code + string("10X98765432"[sum%11])
}

func writeRegister(path string, rows int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(w, "unit_code,name,legal_representative,document_type,document_number,status")
	for n := range rows {
		fmt.Fprintf(w, "%s,%s,王示例,resident-id,%s,active\n", unitCode(n), organization(n), residentID(n))
	}
	return w.Flush()
}
