package postgres_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// world is one database with a store, and the shortest ways to put applications into it.
type world struct {
	t     testing.TB
	db    pgtest.Database
	super *sql.DB
	store *postgres.Store
	keys  *seal.Keyring
}

func newWorld(t testing.TB) *world {
	t.Helper()
	db := pgtest.New(t)
	keys, err := seal.Load(db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, db: db, super: pgtest.Open(t, db.Super()), store: openStore(t, db.Local(), time.Minute), keys: keys}
}

func openStore(t testing.TB, dsn string, timeout time.Duration) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(postgres.Options{DSN: dsn, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func (w *world) caller() postgres.Caller {
	return postgres.Caller{RequestID: uuid.New(), IndexCheck: w.keys.IndexCheck()}
}

func (w *world) callerJSON() string {
	return fmt.Sprintf(`{"request_id": %q, "index_check": %q}`, uuid.New(), w.keys.IndexCheck())
}

// exec runs a statement as the superuser.
func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(query, args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

// scan reads one value as the superuser.
func scan[T any](w *world, query string, args ...any) T {
	w.t.Helper()
	var v T
	if err := w.super.QueryRow(query, args...).Scan(&v); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return v
}

// person is made up; number tells persons apart.
type person struct{ name, document, phone, username string }

func someone(number int) person {
	return person{
		name: "测试" + string(rune(0x4e00+number)), document: fmt.Sprintf("11010519900101%04d", number),
		phone: fmt.Sprintf("139%08d", number), username: fmt.Sprintf("agent_%05d", number),
	}
}

// unitCode makes a code that only the tests know; the database does not check its form.
func unitCode(number int) string { return fmt.Sprintf("91330100%09dA", number) }

func (w *world) facts(number int, representative person) postgres.CertificationFacts {
	return postgres.CertificationFacts{
		UnitCode: unitCode(number), NameKey: fmt.Sprintf("测试%d有限公司", number), DocumentType: "resident-id",
		RepresentativeIndex: w.keys.Index("person-name", representative.name),
		DocumentIndex:       w.keys.Index("document-number", representative.document),
	}
}

// register puts an organization into the business register.
func (w *world) register(number int, representative person) postgres.CertificationFacts {
	w.t.Helper()
	f := w.facts(number, representative)
	w.exec(`INSERT INTO faren.register_entry (unit_code, name, name_key, representative_mask, representative_index, representative_sealed,
		document_type, document_mask, document_index, document_sealed, status, updated_at)
		VALUES ($1, $2, $2, '*', $3, '\x00', $4, '*', $5, '\x00', 'active', now()) ON CONFLICT DO NOTHING`,
		f.UnitCode, f.NameKey, []byte(f.RepresentativeIndex), f.DocumentType, []byte(f.DocumentIndex))
	return f
}

func newApplication(f postgres.CertificationFacts) postgres.NewApplication {
	return postgres.NewApplication{CertificationFacts: f, ApplicationID: must(uuid.NewV7()), Channel: account.Zhejiang,
		Name: f.NameKey, Warnings: []account.Warning{}}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (w *world) certify(f postgres.CertificationFacts) account.ApplicationID {
	w.t.Helper()
	a, err := w.store.CertifyOrganization(context.Background(), w.caller(), newApplication(f))
	if err != nil {
		w.t.Fatalf("certify: %v", err)
	}
	return a.ID
}

func (w *world) user(p person) postgres.NewUser {
	derived := sha256.Sum256([]byte("derived of " + p.username))
	phoneMask := "139****0000"
	return postgres.NewUser{Sandbox: true,
		Agent: postgres.SealedAgent{NameMask: "*", NameIndex: w.keys.Index("person-name", p.name), NameSealed: []byte{1},
			DocumentType: "resident-id", DocumentMask: "1****************0", DocumentIndex: w.keys.Index("document-number", p.document),
			DocumentSealed: []byte{1}, SealedContact: postgres.SealedContact{AgentID: must(uuid.NewV7()), PhoneMask: &phoneMask,
				PhoneIndex: w.keys.Index("phone", p.phone), PhoneSealed: []byte{1}}},
		Credential: postgres.SealedCredential{CredentialID: must(uuid.NewV7()), UsernameIndex: w.keys.Index("username", p.username),
			UsernameDisplay: "u", UsernameSealed: []byte{1}, Params: json.RawMessage(`{"scheme": "argon2id"}`), Salt: make([]byte, 16), Derived: derived[:]},
	}
}

// awaiting makes an application of p that awaits its face check.
func (w *world) awaiting(organization, representative int, p person) account.ApplicationID {
	w.t.Helper()
	id := w.certify(w.register(organization, someone(representative)))
	if _, err := w.store.CreateUser(context.Background(), w.caller(), id, w.user(p)); err != nil {
		w.t.Fatalf("create the user: %v", err)
	}
	return id
}

func (w *world) startCheck(id account.ApplicationID, purpose string, c postgres.Caller) (account.VerificationID, error) {
	v := must(account.NewVerificationID())
	_, err := w.store.StartVerification(context.Background(), c, postgres.NewVerification{VerificationID: v.UUID(), Purpose: purpose,
		ApplicationID: (*uuid.UUID)(&id), Provider: "sandbox", Reference: "r", QRURI: "q"})
	return v, err
}

// submitted makes an application of p whose face check has passed.
func (w *world) submitted(organization, representative int, p person) account.Application {
	w.t.Helper()
	v, err := w.startCheck(w.awaiting(organization, representative, p), account.PurposeRegister, w.caller())
	if err != nil {
		w.t.Fatalf("start the face check: %v", err)
	}
	out, err := w.store.CompleteVerification(context.Background(), w.caller(), v, account.Passed, nil)
	if err != nil {
		w.t.Fatalf("complete the face check: %v", err)
	}
	return *out.Application
}

// signIn opens a session of p and gives a caller maker that holds it.
func (w *world) signIn(p person) func() postgres.Caller {
	w.t.Helper()
	token := sha256.Sum256([]byte(uuid.NewString()))
	session, err := w.store.SignIn(context.Background(), w.caller(), w.attempt(p, true, token[:]))
	if err != nil {
		w.t.Fatalf("sign in: %v", err)
	}
	return func() postgres.Caller {
		c := w.caller()
		c.SessionOrg, c.SessionToken = &session.Organization.ID, token[:]
		return c
	}
}

func (w *world) attempt(p person, right bool, token []byte) postgres.SignInAttempt {
	derived := sha256.Sum256([]byte("derived of " + p.username))
	if !right {
		derived[0]++
	}
	return postgres.SignInAttempt{UsernameIndex: w.keys.Index("username", p.username), Derived: derived[:], SessionID: must(uuid.NewV7()), TokenHash: token}
}

// counts counts the rows of every table of the schema faren.
func (w *world) counts() map[string]int {
	w.t.Helper()
	counts := map[string]int{}
	for _, table := range w.tables() {
		counts[table] = scan[int](w, `SELECT count(*) FROM `+table)
	}
	return counts
}

func (w *world) tables() []string {
	w.t.Helper()
	return w.list(`SELECT 'faren.' || relname FROM pg_class WHERE relnamespace = 'faren'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`)
}

// list reads one column of text as the superuser.
func (w *world) list(query string, args ...any) []string {
	w.t.Helper()
	rows, err := w.super.Query(query, args...)
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// as gives a connection of a new login with the given group roles, which ends with the test.
func (w *world) as(roles ...string) *sql.Conn {
	w.t.Helper()
	conn, err := pgtest.Open(w.t, w.db.Login(w.t, roles...)).Conn(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// wantCode fails the test when err is not a fault of the code.
func wantCode(t testing.TB, err error, code account.Code) *account.Fault {
	t.Helper()
	var f *account.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("got %v (%s), want %s", err, codeOf(err), code)
	}
	return f
}

func codeOf(err error) account.Code {
	var f *account.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// await waits until the query, run as the superuser, says true.
func (w *world) await(what, query string, args ...any) {
	w.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !scan[bool](w, query, args...) {
		if time.Now().After(deadline) {
			w.t.Fatalf("waited too long for %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// chain is the text of an error and of everything that it wraps.
func chain(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			text += "\n" + chain(e)
		}
	}
	var f *account.Fault
	if errors.As(err, &f) {
		text += "\n" + fmt.Sprint(f.Details)
	}
	return strings.TrimSpace(text + "\n" + chain(errors.Unwrap(err)))
}
