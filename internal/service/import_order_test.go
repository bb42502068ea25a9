package service_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// mixed makes a register of that many lines: some bad, some blank, one unit code twice, everywhere in it; and what is to be reported.
func mixed(lines int) (file string, good int64, report []account.RejectedRow) {
	var text strings.Builder
	text.WriteString(header)
	later := lines - 1 // where line 3's unit code stands again
	for line := int64(2); line <= int64(lines); line++ {
		switch {
		case line == 3:
			text.WriteString(row(1))
			report = append(report, account.RejectedRow{Line: line, Field: "unit_code", Code: "ROW_DUPLICATE", Later: int64(later)})
		case line == int64(later):
			text.WriteString(row(1))
			good++
		case line%97 == 0:
			text.WriteString("a,b\n")
			report = append(report, account.RejectedRow{Line: line, Code: "ROW_INVALID"})
		case line%101 == 0:
			text.WriteString(strings.Replace(row(int(line)), "active", "dead", 1))
			report = append(report, account.RejectedRow{Line: line, Field: "status", Code: "REGISTER_STATUS_INVALID"})
		case line%103 == 0:
			text.WriteString("\n")
		default:
			text.WriteString(row(int(line)))
			good++
		}
	}
	return text.String(), good, report
}

func TestReportOfManyPartsIsInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	file, good, report := mixed(6_000)
	for name, first := range map[string]bool{"an empty register": true, "one that is filled": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			want := good
			if !first {
				b.registered(2)
				want-- // replaced
			}
			got, err := b.ImportRegister(context.Background(), strings.NewReader(file), service.ImportOptions{})
			wantCode(t, err, "ROWS_REFUSED")
			if diff := cmp.Diff(report, got.Rejected); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
			if got.Added != want || got.Added+got.Replaced != good || got.Rows != good+int64(len(report)) {
				t.Errorf("%d added, %d replaced of %d rows, want %d added of %d", got.Added, got.Replaced, got.Rows, want, good+int64(len(report)))
			}
		})
	}
	t.Run("strict", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		got, err := b.ImportRegister(context.Background(), strings.NewReader(file), service.ImportOptions{Strict: true})
		wantCode(t, err, "ROWS_REFUSED")
		if diff := cmp.Diff(report[1:], got.Rejected); diff != "" { // doubles are the database's finding, which is not asked
			t.Errorf("rejected (-want +got):\n%s", diff)
		}
		if n := scan[int](b, `SELECT (SELECT count(*) FROM faren.register_entry) + (SELECT count(*) FROM faren.register_staging)`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// Every row is what its own line said, whichever worker sealed it.
func TestRowsOfManyPartsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	const rows = 3_000
	if _, err := b.ImportRegister(ctx, &generated{last: rows}, service.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := scan[int](b, `SELECT count(DISTINCT document_index) FROM faren.register_entry`); n != rows {
		t.Errorf("%d documents of %d rows", n, rows)
	}
	for _, n := range []int{1, 511, 512, 513, 1_024, 1_025, rows} {
		entry, err := b.RegisterEntry(ctx, uscc(n))
		if err != nil || entry.Name != orgName(n) {
			t.Errorf("entry %d: %+v, %v", n, entry, err)
		}
		if a := b.submitted(n, n); a.Status != account.Approved || a.Role == nil || *a.Role != "legal-representative" {
			t.Errorf("the representative of %d: %s", n, a.Status)
		}
	}
}

func TestNothingIsReadAfterAnImportEnded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	file := &generated{last: 1_000_000}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	told := 0
	_, err := b.ImportRegister(ctx, file, service.ImportOptions{Progress: func(n int64) {
		if told++; n > 300_000 {
			cancel()
		}
	}})
	wantCode(t, err, "INTERRUPTED")
	// The race detector sees a reader that goes on.
	if file.next >= file.last || told == 0 {
		t.Errorf("%d lines were read, progress was told %d times", file.next, told)
	}
}

func TestTextsThatMeanSomethingToCopyArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	for n, name := range []string{`\N`, `\.公司`, `杭州\t测试`, `杭州\\N有限公司\`, `A\x41公司`} {
		file := fmt.Sprintf("unit_code,name,legal_representative,document_number\n%s,%s,%s,%s\n", uscc(n+1), name, personName(n+1), residentID(n+1))
		if _, err := b.ImportRegister(ctx, strings.NewReader(file), service.ImportOptions{}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		entry, err := b.RegisterEntry(ctx, uscc(n+1))
		if err != nil || entry.Name != name {
			t.Errorf("%s arrived as %q, %v", name, entry.Name, err)
		}
	}
}
