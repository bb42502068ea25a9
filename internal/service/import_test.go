package service_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func TestRegisterIsImported(t *testing.T) {
	t.Parallel()
	quoted := fmt.Sprintf(`"%s","杭州""测试"",有限公司","%s",resident-id,%s,active`, uscc(1), personName(1), residentID(1)) + "\n"
	long := residentID(1)
	old := long[:6] + long[8:17] // as they were until 1999
	type want struct {
		added, replaced, rows int64
		rejected              []account.RejectedRow
		code                  account.Code
	}
	bad := func(line int64, field string, code account.Code, reason string) want {
		return want{added: 1, rows: 2, code: "ROWS_REFUSED", rejected: []account.RejectedRow{{Line: line, Field: field, Code: code, Reason: reason}}}
	}
	for name, c := range map[string]struct {
		file   string
		strict bool
		want   want
	}{
		"plain rows":                       {header + row(1) + row(2), false, want{added: 2, rows: 2}},
		"a byte order mark":                {"\uFEFF" + header + row(1), false, want{added: 1, rows: 1}},
		"CRLF":                             {strings.ReplaceAll(header+row(1)+row(2), "\n", "\r\n"), false, want{added: 2, rows: 2}},
		"no line break at the end":         {header + strings.TrimSuffix(row(1), "\n"), false, want{added: 1, rows: 1}},
		"blank lines":                      {header + "\n  \n" + row(1) + "\r\n\n", false, want{added: 1, rows: 1}},
		"quoted fields":                    {header + quoted, false, want{added: 1, rows: 1}},
		"a header alone":                   {header, false, want{}},
		"capitals and spaces in a header":  {strings.ReplaceAll(strings.ToUpper(header), ",", " , ") + row(1), false, want{added: 1, rows: 1}},
		"unknown columns":                  {"x," + strings.TrimSuffix(header, "\n") + ",y\n" + "1," + strings.TrimSuffix(row(1), "\n") + ",2\n", false, want{added: 1, rows: 1}},
		"no optional column":               {"unit_code,name,legal_representative,document_number\n" + uscc(1) + "," + orgName(1) + "," + personName(1) + "," + residentID(1) + "\n", false, want{added: 1, rows: 1}},
		"a 15-digit number":                {header + strings.Replace(row(1), long, old, 1), false, want{added: 1, rows: 1}},
		"values in small letters":          {header + strings.Replace(row(1), uscc(1), strings.ToLower(uscc(1)), 1), false, want{added: 1, rows: 1}},
		"GBK bytes":                        {header + strings.Replace(row(1), orgName(1), "\xba\xbc\xd6\xdd\xb2\xe2\xca\xd4", 1) + row(2), false, bad(2, "name", "ORGANIZATION_NAME_INVALID", "encoding")},
		"a wrong check character":          {header + strings.Replace(row(1), uscc(1), "91330100799655058C", 1) + row(2), false, bad(2, "unit_code", "USCC_INVALID", "check-character")},
		"a wrong status":                   {header + strings.Replace(row(1), "active", "dead", 1) + row(2), false, bad(2, "status", "REGISTER_STATUS_INVALID", "")},
		"an empty field":                   {header + strings.Replace(row(1), personName(1), "", 1) + row(2), false, bad(2, "legal_representative", "FIELD_REQUIRED", "")},
		"a field too few":                  {header + "a,b\n" + row(2), false, bad(2, "", "ROW_INVALID", "")},
		"a field too many":                 {header + strings.TrimSuffix(row(1), "\n") + ",x\n" + row(2), false, bad(2, "", "ROW_INVALID", "")},
		"an unclosed quote":                {header + strings.Replace(row(1), orgName(1), `"`+orgName(1), 1) + row(2), false, bad(2, "", "ROW_INVALID", "")},
		"a bare quote":                     {header + strings.Replace(row(1), orgName(1), orgName(1)+`"x`, 1) + row(2), false, bad(2, "", "ROW_INVALID", "")},
		"a NUL":                            {header + strings.Replace(row(1), orgName(1), orgName(1)+"\x00", 1) + row(2), false, bad(2, "name", "ORGANIZATION_NAME_INVALID", "control-character")},
		"strict takes good rows":           {header + row(1) + row(2), true, want{added: 2, rows: 2}},
		"strict takes none with a bad one": {header + row(1) + "a,b\n", true, want{rows: 2, code: "ROWS_REFUSED", rejected: []account.RejectedRow{{Line: 3, Code: "ROW_INVALID"}}}},
		"of doubles the last one": {header + row(1) + row(2) + row(1) + row(1), false, want{added: 2, rows: 4, code: "ROWS_REFUSED", rejected: []account.RejectedRow{
			{Line: 2, Field: "unit_code", Code: "ROW_DUPLICATE", Later: 4}, {Line: 4, Field: "unit_code", Code: "ROW_DUPLICATE", Later: 5}}}},
		"a missing column":  {strings.Replace(header, "legal_representative", "representative", 1) + row(1), false, want{code: "FILE_INVALID"}},
		"an empty file":     {"", false, want{code: "FILE_INVALID"}},
		"a line too long":   {header + row(1) + strings.Repeat("x", 70_000) + "\n", false, want{code: "FILE_INVALID"}},
		"a header in GBK":   {"\xb5\xa5\xce\xbb,name\n", false, want{code: "FILE_INVALID"}},
		"a header too long": {strings.Repeat("x", 70_000), false, want{code: "FILE_INVALID"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			got, err := b.ImportRegister(context.Background(), strings.NewReader(c.file), service.ImportOptions{Strict: c.strict})
			if codeOf(err) != c.want.code || (err == nil) != (c.want.code == "") {
				t.Fatalf("got %v, want %q", err, c.want.code)
			}
			if got.Added != c.want.added || got.Replaced != c.want.replaced || got.Rows != c.want.rows {
				t.Errorf("added %d, replaced %d of %d rows, want %+v", got.Added, got.Replaced, got.Rows, c.want)
			}
			if diff := cmp.Diff(c.want.rejected, got.Rejected); diff != "" && len(c.want.rejected)+len(got.Rejected) > 0 {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
			if n := scan[int64](b, `SELECT count(*) FROM faren.register_entry`); n != c.want.added {
				t.Errorf("%d entries in the register", n)
			}
			if n := scan[int](b, `SELECT count(*) FROM faren.register_staging`); n != 0 {
				t.Errorf("%d staged rows are left", n)
			}
		})
	}
}

func TestImportedOldNumberMatchesTheNewOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	long := residentID(1)
	file := header + strings.Replace(row(1), long, long[:6]+long[8:17], 1)
	if _, err := b.ImportRegister(context.Background(), strings.NewReader(file), service.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if a := b.submitted(1, 1); a.Status != account.Approved || a.Role == nil || *a.Role != "legal-representative" {
		t.Errorf("the representative with an 18-digit number: %s", a.Status)
	}
}

func TestSecondImportReplaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1, 2)
	changed := strings.Replace(row(2), "active", "revoked", 1)
	got, err := b.ImportRegister(ctx, strings.NewReader(header+changed+row(3)), service.ImportOptions{})
	if err != nil || got.Added != 1 || got.Replaced != 1 {
		t.Errorf("added %d, replaced %d, %v", got.Added, got.Replaced, err)
	}
	entry, err := b.RegisterEntry(ctx, strings.ToLower(uscc(2)))
	if err != nil || entry.Status != "revoked" || entry.LegalRepresentative.Name == personName(2) || entry.LegalRepresentative.DocumentNumber == residentID(2) {
		t.Errorf("the entry: %+v, %v", entry, err)
	}
	stats, err := b.RegisterStats(ctx)
	if err != nil || stats.Total != 3 || stats.Revoked != 1 || stats.Active != 2 || stats.Zhejiang != 3 {
		t.Errorf("stats: %+v, %v", stats, err)
	}
	_, err = b.CheckOrganization(ctx, registration(2, 2).OrganizationForm)
	wantCode(t, err, "ORGANIZATION_NOT_ACTIVE")
}

// generated gives the lines of a register without ever holding it.
type generated struct {
	next, last int
	rest       string
}

func (g *generated) Read(p []byte) (int, error) {
	if g.rest == "" {
		if g.next > g.last {
			return 0, io.EOF
		}
		g.rest = header
		if g.next > 0 {
			g.rest = row(g.next)
		}
		g.next++
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

func TestBigRegisterIsImportedInLittleMemory(t *testing.T) {
	b := newBench(t)
	const rows = 100_000
	stop := make(chan struct{})
	sampled := make(chan uint64)
	go func() {
		var peak uint64
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				sampled <- peak
				return
			case <-ticker.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
		}
	}()
	var read atomic.Int64
	got, err := b.ImportRegister(context.Background(), &generated{last: rows}, service.ImportOptions{Progress: func(n int64) { read.Store(n) }})
	close(stop)
	peak := <-sampled
	if err != nil || got.Added != rows || got.Rows != rows {
		t.Fatalf("added %d of %d rows: %v", got.Added, got.Rows, err)
	}
	if want := int64(len(header) + rows*80); read.Load() < want {
		t.Errorf("progress ended at %d bytes, want at least %d", read.Load(), want)
	}
	if limit := uint64(64 << 20); peak > limit {
		t.Errorf("the heap grew to %d MiB, want at most %d", peak>>20, limit>>20)
	}
	if n := scan[int](b, `SELECT count(*) FROM faren.register_entry`); n != rows {
		t.Errorf("%d entries", n)
	}
}

func TestTooManyBadRowsEndTheImport(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.ImportRegister(context.Background(), strings.NewReader(header+row(1)+strings.Repeat("a,b\n", 10_001)), service.ImportOptions{})
	wantCode(t, err, "FILE_INVALID")
	if n := scan[int](b, `SELECT count(*) FROM faren.register_entry`); n != 0 {
		t.Errorf("%d entries", n)
	}
}

func TestInterruptedImportLeavesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := b.ImportRegister(ctx, &generated{last: 1_000_000}, service.ImportOptions{Progress: func(n int64) {
		if n > 500_000 {
			cancel()
		}
	}})
	wantCode(t, err, "INTERRUPTED")
	if n := scan[int](b, `SELECT (SELECT count(*) FROM faren.register_entry) + (SELECT count(*) FROM faren.register_staging) + (SELECT count(*) FROM faren.audit_event)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
