package service_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/service"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// bench is one database with a service on it.
type bench struct {
	*service.Service
	t     testing.TB
	db    pgtest.Database
	super *sql.DB
}

func newBench(t testing.TB) *bench {
	t.Helper()
	db := pgtest.New(t)
	return &bench{Service: open(t, db, nil), t: t, db: db, super: pgtest.Open(t, db.Super())}
}

// open makes a service with a session file of its own.
func open(t testing.TB, db pgtest.Database, change func(*service.Options)) *service.Service {
	t.Helper()
	o := service.Options{Reason: "a test", Getenv: func(string) string { return "" }, Config: config.Config{
		KeyringFile: db.Keyring, SessionFile: filepath.Join(t.TempDir(), "session.json"),
		Timeout: time.Minute, Language: account.English}}
	if db.Name != "" {
		o.Config.DatabaseURL = db.Local()
	}
	if change != nil {
		change(&o)
	}
	s := service.New(o)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func scan[T any](b *bench, query string, args ...any) T {
	b.t.Helper()
	var v T
	if err := b.super.QueryRow(query, args...).Scan(&v); err != nil {
		b.t.Fatalf("%s: %v", query, err)
	}
	return v
}

func (b *bench) exec(query string, args ...any) {
	b.t.Helper()
	if _, err := b.super.Exec(query, args...); err != nil {
		b.t.Fatalf("%s: %v", query, err)
	}
}

// residentID makes a number by GB 11643; n tells persons apart.
func residentID(n int) string {
	body := "330106" + time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n/1000).Format("20060102") + fmt.Sprintf("%03d", n%1000)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + "10X98765432"[sum%11:][:1]
}

// uscc makes a code by GB 32100-2015 of an enterprise in Hangzhou.
func uscc(n int) string { return usccIn("330106", n) }

func usccIn(division string, n int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	organization := fmt.Sprintf("%08d", n)
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(organization[i]-'0') * weight
	}
	body := "91" + division + organization + "0123456789X"[(11-sum%11)%11:][:1]
	sum = 0
	weight := 1
	for _, c := range body {
		sum += strings.IndexRune(alphabet, c) * weight
		weight = weight * 3 % 31
	}
	return body + alphabet[(31-sum%31)%31:][:1]
}

func personName(n int) string { return "测试" + string(rune(0x4e00+n%20000)) }
func mobile(n int) string     { return fmt.Sprintf("139%08d", n) }
func orgName(n int) string    { return fmt.Sprintf("杭州测试%d有限公司", n) }

const password = "Kx7#mQ2!vB"

const header = "unit_code,name,legal_representative,document_type,document_number,status\n"

func row(n int) string {
	return strings.Join([]string{uscc(n), orgName(n), personName(n), "resident-id", residentID(n), "active"}, ",") + "\n"
}

// registered loads organizations, each represented by the person of its number.
func (b *bench) registered(numbers ...int) {
	b.t.Helper()
	var file strings.Builder
	file.WriteString(header)
	for _, n := range numbers {
		file.WriteString(row(n))
	}
	if _, err := b.ImportRegister(context.Background(), strings.NewReader(file.String()), service.ImportOptions{}); err != nil {
		b.t.Fatalf("import: %v", err)
	}
}

// registration is a good document: of organization n, by person p.
func registration(n, p int) account.Registration {
	return account.Registration{
		OrganizationForm: account.OrganizationForm{Channel: account.Zhejiang, EntityType: "market-entity", OrganizationName: orgName(n), UnitCode: uscc(n),
			Representative: account.RepresentativeForm{Name: personName(n), DocumentNumber: residentID(n)}, AcceptTerms: true},
		UserForm: account.UserForm{Username: fmt.Sprintf("agent_%05d", p), Password: password,
			Agent: account.AgentForm{Name: personName(p), DocumentNumber: residentID(p), Phone: mobile(p)}},
	}
}

func (b *bench) submitted(n, p int) account.Application {
	b.t.Helper()
	a, err := b.SubmitRegistration(context.Background(), registration(n, p), true, nil)
	if err != nil {
		b.t.Fatalf("submit: %v", err)
	}
	return a
}

func codeOf(err error) account.Code {
	var f *account.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func wantCode(t testing.TB, err error, code account.Code) *account.Fault {
	t.Helper()
	var f *account.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("got %v (%s), want %s", err, codeOf(err), code)
	}
	return f
}
