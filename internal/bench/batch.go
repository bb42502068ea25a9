package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/farenctl/farenctl/internal/seal"
)

// Sizes of the batches: rows whose passwords are hashed already, and rows with clear ones.
const (
	batchRows   = 20_000
	batchClear  = 600
	batchRounds = 3
)

// The goals: what a batch may take of the time in which 10,000 accounts a second come about, and of that of one plain INSERT of the same rows
// (a rate of at least 0.3 of its); and of the time that hashing alone takes (a rate of at least 0.95).
const (
	secondGoal = 1.0
	insertGoal = 1 / 0.3
	hashGoal   = 1 / 0.95
)

// copied are the tables that a batch writes, in the order of one plain INSERT of all.
var copied = []string{"organization", "unit_code_claim", "username_claim", "agent_claim", "phone_claim", "agent", "credential", "account", "application", "verification",
	"audit_event"}

// batch measures a batch of registrations, each of the legal representative of an organization of its own, who becomes an active account.
func (b *bench) batch(_, rows int) error {
	if need := batchRounds*batchRows + batchClear*batchRounds + 10_000; rows < need {
		return fmt.Errorf("the batches need a register of %d rows", need)
	}
	super := strings.Replace(b.url, "faren_local", "faren_super", 1)
	var whole, inserts, second []time.Duration
	first := 10_000
	for range batchRounds {
		file, err := b.people(first, batchRows, fmt.Sprintf(`"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$%s"`, strings.Repeat("A", 43)))
		if err != nil {
			return err
		}
		start := time.Now()
		if _, err := b.output("register", "batch", file, "--sandbox", "--no-state", "-q"); err != nil {
			return err
		}
		whole = append(whole, time.Since(start))
		took, err := b.plainInsert(super, first)
		if err != nil {
			return err
		}
		first += batchRows
		inserts = append(inserts, took)
		second = append(second, batchRows*time.Second/10_000)
	}
	base := fmt.Sprintf("one INSERT of these %d rows", batchRows)
	b.add(base, inserts, "", nil, 0)
	b.add(fmt.Sprintf("register batch, %d rows", batchRows), whole, base, inserts, insertGoal)
	b.add("  beside 10,000 a second", whole, "10,000 accounts a second", second, secondGoal)

	var clear, hashes []time.Duration
	for range batchRounds {
		file, err := b.people(first, batchClear, `"password":"Bench-2026-pass"`)
		if err != nil {
			return err
		}
		first += batchClear
		took, err := hashAlone(batchClear)
		if err != nil {
			return err
		}
		hashes = append(hashes, took)
		start := time.Now()
		if _, err := b.output("register", "batch", file, "--sandbox", "--no-state", "-q"); err != nil {
			return err
		}
		clear = append(clear, time.Since(start))
	}
	base = fmt.Sprintf("Argon2id of %d passwords", batchClear)
	b.add(base, hashes, "", nil, 0)
	b.add(fmt.Sprintf("register batch, %d clear passwords", batchClear), clear, base, hashes, hashGoal)
	return nil
}

// people writes a batch of the legal representatives of n organizations of the made-up register, from first on.
func (b *bench) people(first, n int, password string) (string, error) {
	path := filepath.Join(b.work, "people.jsonl")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", err
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	for i := first; i < first+n; i++ {
		person := residentID(i)
		fmt.Fprintf(w, `{"channel":"zhejiang","entity_type":"market-entity","organization_name":%q,"unit_code":%q,"legal_representative":{"name":"王示例","document_number":%q},`+
			`"accept_terms":true,"username":"batch_%d",%s,"agent":{"name":"王示例","document_number":%q,"phone":"138%08d","email":"a%d@example.com"}}`+"\n",
			organization(i), unitCode(i), person, i, password, person, i, i)
	}
	return path, w.Flush()
}

// plainInsert inserts the rows of a batch once more, into copies of its tables with the same keys, indexes and checks, by one statement:
// what the same rows cost without a rule, a message, a foreign key or a client.
func (b *bench) plainInsert(super string, first int) (time.Duration, error) {
	setup := []string{`DROP SCHEMA IF EXISTS bench CASCADE`, `CREATE SCHEMA bench`, fmt.Sprintf(`CREATE UNLOGGED TABLE bench.wanted AS SELECT org_id FROM faren.application
		WHERE username_display LIKE 'batch\_%%' AND substr(username_display, 7)::integer BETWEEN %d AND %d`, first, first+batchRows-1)}
	inserts := make([]string, len(copied))
	for i, table := range copied {
		setup = append(setup, fmt.Sprintf(`CREATE TABLE bench.%s (LIKE faren.%[1]s INCLUDING ALL)`, table),
			fmt.Sprintf(`CREATE UNLOGGED TABLE bench.%s_rows AS SELECT t.* FROM faren.%[1]s t JOIN bench.wanted USING (org_id)`, table))
		inserts[i] = fmt.Sprintf(`i%d AS (INSERT INTO bench.%s OVERRIDING SYSTEM VALUE SELECT * FROM bench.%[2]s_rows)`, i, table)
	}
	run := func(statement string) error {
		if out, err := b.command(b.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", super, "-c", statement).CombinedOutput(); err != nil {
			return fmt.Errorf("the plain insert: %w: %s", err, out)
		}
		return nil
	}
	if err := run(strings.Join(setup, ";\n")); err != nil {
		return 0, err
	}
	start := time.Now()
	err := run("WITH " + strings.Join(inserts, ",\n") + " SELECT 1")
	return time.Since(start), err
}

// hashAlone derives as many passwords as the machine has cores at once, in this process.
func hashAlone(n int) (time.Duration, error) {
	params := seal.DefaultPasswordParams(seal.SuiteAES)
	errs := make([]error, runtime.NumCPU())
	start := time.Now()
	var group sync.WaitGroup
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	for worker := range errs {
		group.Go(func() {
			for i := range next {
				if _, err := seal.DerivePassword([]byte("Bench-2026-pass"), fmt.Appendf(nil, "salt%12d", i), params); err != nil {
					errs[worker] = err
				}
			}
		})
	}
	group.Wait()
	return time.Since(start), errors.Join(errs...)
}
