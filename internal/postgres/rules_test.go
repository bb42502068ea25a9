package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// town is an organization with a representative (1), an agent whose application waits for review (2), one who was
// rejected as often as a day allows (3), one who awaits the face check (4), and one who may sign in as an agent (5).
type town struct {
	*world
	reviewer                func() postgres.Caller
	representative, pending account.Application
	awaits                  account.ApplicationID
}

func newTown(t testing.TB) town {
	t.Helper()
	w := newWorld(t)
	v := town{world: w, representative: w.submitted(1, 1, someone(1))}
	v.reviewer = w.signIn(someone(1))
	for range 3 {
		w.decide(v.reviewer, w.submitted(1, 1, someone(3)).ID, "reject")
	}
	v.pending = w.submitted(1, 1, someone(2))
	w.decide(v.reviewer, w.submitted(1, 1, someone(5)).ID, "approve")
	v.awaits = w.awaiting(1, 1, someone(4))
	return v
}

func (w *world) decide(reviewer func() postgres.Caller, id account.ApplicationID, decision string) account.Application {
	w.t.Helper()
	ctx := context.Background()
	if decision == "approve" {
		v, err := w.startCheck(id, account.PurposeReview, reviewer())
		if err != nil {
			w.t.Fatalf("start the reviewer's check: %v", err)
		}
		if _, err := w.store.CompleteVerification(ctx, w.caller(), v, account.Passed, nil); err != nil {
			w.t.Fatalf("complete the reviewer's check: %v", err)
		}
	}
	a, err := w.store.DecideApplication(ctx, reviewer(), id, decisionOf(decision))
	if err != nil {
		w.t.Fatalf("%s: %v", decision, err)
	}
	return a
}

func decisionOf(decision string) postgres.Decision {
	d := postgres.Decision{Decision: decision, SMSID: uuid.New()}
	if decision == "reject" {
		d.Reason = new("because")
	}
	return d
}

func TestObstaclesOfManyRowsComeInOneCall(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	org := v.representative.Organization.ID.UUID()
	row := func(n int, org, application uuid.UUID, document, phone, username int) map[string]any {
		r := map[string]any{"row_no": n, "application_id": application, "org_id": org, "document_type": "resident-id"}
		for key, x := range map[string]struct {
			number     int
			domain, of string
		}{"document_index": {document, "document-number", someone(document).document}, "phone_index": {phone, "phone", someone(phone).phone},
			"username_index": {username, "username", someone(username).username}} {
			if x.number != 0 {
				r[key] = fmt.Sprintf("%x", v.keys.Index(x.domain, x.of))
			}
		}
		return r
	}
	other := uuid.New()
	rows := []map[string]any{
		row(0, org, uuid.New(), 90, 91, 92),                // nobody knows this one
		row(1, org, uuid.New(), 1, 2, 4),                   // everything is somebody's
		row(2, org, uuid.New(), 2, 2, 90),                  // waits for review
		row(3, org, uuid.New(), 3, 1, 90),                  // rejected too often, with the representative's phone
		row(4, org, v.pending.ID.UUID(), 2, 2, 2),          // its own claims
		row(5, org, uuid.New(), 0, 0, 0),                   // nothing to examine
		row(6, other, uuid.New(), 1, 1, 1),                 // another organization: only the user name is everywhere unique
		row(7, org, uuid.New(), 4, 4, 90),                  // an application that awaits its check holds neither
		row(1000, org, uuid.New(), 5, 90, 5),               // an account of an agent
		{"row_no": 8, "org_id": org, "document_type": nil}, // absent fields
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	got := v.list(`SELECT concat_ws(' ', row_no, precedence, code, holder_kind, holder_id = ANY ($2::uuid[]), until > clock_timestamp())
		FROM faren.registration_obstacles($1, clock_timestamp())`, text,
		"{"+strings.Join([]string{v.representative.AccountID.UUID().String(), v.pending.ID.UUID().String(), v.awaits.UUID().String()}, ",")+"}")
	want := []string{
		"1 1 AGENT_ALREADY_REGISTERED account t", "1 3 PHONE_IN_USE application t", "1 4 USERNAME_TAKEN application t t",
		"2 1 APPLICATION_PENDING application t", "2 3 PHONE_IN_USE application t",
		"3 2 DAILY_REJECTION_LIMIT application f t", "3 3 PHONE_IN_USE account t",
		"6 4 USERNAME_TAKEN account t",
		"1000 1 AGENT_ALREADY_REGISTERED account f", "1000 4 USERNAME_TAKEN account f",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("obstacles (-want +got):\n%s", diff)
	}
	tomorrow := scan[bool](v.world, `SELECT until = ((now() AT TIME ZONE 'Asia/Shanghai')::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
		FROM faren.registration_obstacles($1, now()) WHERE code = 'DAILY_REJECTION_LIMIT'`, text)
	if !tomorrow {
		t.Error("the daily limit does not end at midnight in Shanghai")
	}
}

// contents is a digest of every table.
func (w *world) contents() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for _, table := range w.tables() {
		all[table] = scan[string](w, `SELECT count(*) || ' ' || md5(coalesce(string_agg(x::text, E'\n' ORDER BY x::text), '')) FROM `+table+` x`)
	}
	return all
}

func TestRefusedCallsLeaveOnlyTheirTrace(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	ctx := context.Background()
	id := func(a account.Application, err error) error { return err }
	user := func(application account.ApplicationID, p person) func() error {
		return func() error { return id(v.store.CreateUser(ctx, v.caller(), application, v.user(p))) }
	}
	mixed := func(document, phone, username int) person {
		return person{name: "测试甲", document: someone(document).document, phone: someone(phone).phone, username: someone(username).username}
	}
	fresh := func() account.ApplicationID { return v.certify(v.register(1, someone(1))) }
	revoked := v.register(7, someone(1))
	v.exec(`UPDATE faren.register_entry SET status = 'revoked' WHERE unit_code = $1`, revoked.UnitCode)
	unknown := account.ApplicationID(uuid.New())
	agent := v.signIn(someone(5))
	passed := v.startedAndPassed()
	v.requestCode(t, someone(8).phone)
	withCode := v.user(someone(8))
	withCode.Sandbox, withCode.CodeProof = false, v.keys.CodeProof("register", someone(8).phone, "000000")
	noCode := v.user(someone(9))
	noCode.Sandbox, noCode.CodeProof = false, withCode.CodeProof
	failures := []string{"faren.sign_in_failure", "faren.guess"}
	a, b, c, d, e, f, g := fresh(), fresh(), fresh(), fresh(), fresh(), fresh(), fresh()

	for _, refused := range []struct {
		name string
		code account.Code
		also []string // counters, besides request and audit
		call func() error
	}{
		{"an unknown organization", "ORGANIZATION_NOT_FOUND", nil, func() error {
			return id(v.store.CertifyOrganization(ctx, v.caller(), newApplication(v.facts(99, someone(1)))))
		}},
		{"another representative", "ORGANIZATION_MISMATCH", nil, func() error {
			return id(v.store.CertifyOrganization(ctx, v.caller(), newApplication(v.facts(1, someone(2)))))
		}},
		{"a revoked organization", "ORGANIZATION_NOT_ACTIVE", nil, func() error {
			return id(v.store.CertifyOrganization(ctx, v.caller(), newApplication(revoked)))
		}},
		{"a user of an unknown application", "APPLICATION_NOT_FOUND", nil, user(unknown, someone(9))},
		{"a second user", "WRONG_STATE", nil, user(v.awaits, someone(9))},
		{"the user name of an account", "USERNAME_TAKEN", nil, user(a, mixed(9, 9, 1))},
		{"a reserved user name", "USERNAME_TAKEN", nil, user(b, mixed(9, 9, 4))},
		{"a registered agent", "AGENT_ALREADY_REGISTERED", nil, user(c, mixed(1, 9, 9))},
		{"a waiting agent", "APPLICATION_PENDING", nil, user(d, mixed(2, 9, 9))},
		{"an agent rejected too often", "DAILY_REJECTION_LIMIT", nil, user(e, mixed(3, 9, 9))},
		{"a phone in use", "PHONE_IN_USE", nil, user(f, mixed(9, 1, 9))},
		{"a wrong code", "SMS_CODE_INVALID", []string{"faren.sms_code"}, func() error { return id(v.store.CreateUser(ctx, v.caller(), g, withCode)) }},
		{"a code that nobody asked for", "SMS_CODE_INVALID", nil, func() error { return id(v.store.CreateUser(ctx, v.caller(), g, noCode)) }},
		{"a second code at once", "SMS_TOO_FREQUENT", []string{"faren.sms_number"}, func() error { return v.code(someone(8).phone) }},
		{"a check of an unknown application", "APPLICATION_NOT_FOUND", nil, func() error { _, err := v.startCheck(unknown, "register", v.caller()); return err }},
		{"a check too early", "WRONG_STATE", nil, func() error { _, err := v.startCheck(g, "register", v.caller()); return err }},
		{"a check too late", "WRONG_STATE", nil, func() error { _, err := v.startCheck(v.pending.ID, "register", v.caller()); return err }},
		{"a reviewer's check without a session", "NOT_SIGNED_IN", nil, func() error { _, err := v.startCheck(v.pending.ID, "review", v.caller()); return err }},
		{"an agent's review check", "NOT_A_REVIEWER", nil, func() error { _, err := v.startCheck(v.pending.ID, "review", agent()); return err }},
		{"an outcome of an unknown check", "VERIFICATION_NOT_FOUND", nil, func() error {
			_, err := v.store.CompleteVerification(ctx, v.caller(), account.VerificationID(uuid.New()), "passed", nil)
			return err
		}},
		{"a second outcome", "VERIFICATION_ENDED", nil, func() error {
			_, err := v.store.CompleteVerification(ctx, v.caller(), passed, "passed", nil)
			return err
		}},
		{"a resolution of an ended check", "VERIFICATION_ENDED", nil, func() error {
			_, err := v.store.ResolveVerification(ctx, v.caller(), passed, "passed")
			return err
		}},
		{"a withdrawal of nothing", "APPLICATION_NOT_FOUND", nil, func() error { return id(v.store.WithdrawApplication(ctx, v.caller(), unknown)) }},
		{"a withdrawal after the decision", "WRONG_STATE", nil, func() error { return id(v.store.WithdrawApplication(ctx, v.caller(), v.representative.ID)) }},
		{"a decision without a session", "NOT_SIGNED_IN", nil, func() error {
			return id(v.store.DecideApplication(ctx, v.caller(), v.pending.ID, decisionOf("reject")))
		}},
		{"an agent's decision", "NOT_A_REVIEWER", nil, func() error { return id(v.store.DecideApplication(ctx, agent(), v.pending.ID, decisionOf("reject"))) }},
		{"an approval without a check", "FACE_CHECK_REQUIRED", nil, func() error {
			return id(v.store.DecideApplication(ctx, v.reviewer(), v.pending.ID, decisionOf("approve")))
		}},
		{"a decision once more", "ALREADY_DECIDED", nil, func() error {
			return id(v.store.DecideApplication(ctx, v.reviewer(), v.representative.ID, decisionOf("reject")))
		}},
		{"a wrong password", "INVALID_CREDENTIALS", failures, func() error {
			_, err := v.store.SignIn(ctx, v.caller(), v.attempt(someone(5), false, []byte("t")))
			return err
		}},
		{"an unknown user name", "INVALID_CREDENTIALS", failures, func() error {
			_, err := v.store.SignIn(ctx, v.caller(), v.attempt(someone(77), true, []byte("t")))
			return err
		}},
		{"an applicant's sign-in", "ACCOUNT_NOT_ACTIVE", []string{"faren.guess"}, func() error {
			_, err := v.store.SignIn(ctx, v.caller(), v.attempt(someone(2), true, []byte("t")))
			return err
		}},
		{"the end of an unknown session", "SESSION_NOT_FOUND", nil, func() error {
			_, err := v.store.RevokeSession(ctx, v.caller(), account.SessionID(uuid.New()))
			return err
		}},
		{"signing out without a session", "NOT_SIGNED_IN", nil, func() error { _, err := v.store.SignOut(ctx, v.caller()); return err }},
		{"a look without a reason", "REASON_REQUIRED", nil, func() error {
			_, _, err := v.store.Reveal(ctx, v.caller(), "application", v.pending.ID.UUID(), "phone")
			return err
		}},
	} {
		before, traces := v.contents(), v.counts()
		err := refused.call()
		if codeOf(err) != refused.code {
			t.Errorf("%s: %s, want %s", refused.name, chain(err), refused.code)
			continue
		}
		after := v.contents()
		for table := range after {
			trace := table == "faren.audit_event" || table == "faren.request"
			if trace && scan[int](v.world, `SELECT count(*) FROM `+table) != traces[table]+1 {
				t.Errorf("%s: %s has not one row more", refused.name, table)
			}
			if !trace && before[table] != after[table] && !slices.Contains(refused.also, table) {
				t.Errorf("%s changed %s", refused.name, table)
			}
		}
		last := scan[string](v.world, `SELECT outcome || ' ' || code FROM faren.audit_event ORDER BY event_id DESC LIMIT 1`)
		if last != "refused "+string(refused.code) {
			t.Errorf("%s: the audit says %q", refused.name, last)
		}
	}
}

// startedAndPassed is a register check that has ended.
func (v town) startedAndPassed() account.VerificationID {
	v.t.Helper()
	return account.VerificationID(uuid.MustParse(scan[string](v.world, `SELECT verification_id FROM faren.verification WHERE status = 'passed' LIMIT 1`)))
}

func (w *world) code(phone string) error {
	_, err := w.store.RequestSMSCode(context.Background(), w.caller(), postgres.NewCode{SMSID: uuid.New(), CodeID: uuid.New(), Purpose: "register",
		PhoneIndex: w.keys.Index("phone", phone), PhoneMask: "*", PhoneSealed: []byte{1}, ParamsSealed: []byte{1}, Proof: w.keys.CodeProof("register", phone, "123456")})
	return err
}

func (w *world) requestCode(t testing.TB, phone string) {
	t.Helper()
	if err := w.code(phone); err != nil {
		t.Fatalf("ask for a code: %v", err)
	}
}

func TestSMSCodeIsTriedFiveTimesAndSpentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	p := someone(2)
	w.requestCode(t, p.phone)
	try := func(code string) error {
		u := w.user(p)
		u.Sandbox, u.CodeProof = false, w.keys.CodeProof("register", p.phone, code)
		_, err := w.store.CreateUser(ctx, w.caller(), w.certify(w.register(1, someone(1))), u)
		return err
	}
	for i := range 4 {
		if f := wantCode(t, try("000000"), "SMS_CODE_INVALID"); f.Details["tries_left"] != float64(4-i) {
			t.Errorf("tries left after wrong try %d: %v", i+1, f.Details["tries_left"])
		}
	}
	if err := try("123456"); err != nil {
		t.Fatalf("the right code at the fifth try: %v", err)
	}
	wantCode(t, try("123456"), "SMS_CODE_INVALID")
	w.exec(`UPDATE faren.sms_code SET created_at = created_at - interval '61 seconds'`)
	w.requestCode(t, p.phone)
	for range 5 {
		wantCode(t, try("000000"), "SMS_CODE_INVALID")
	}
	wantCode(t, try("123456"), "SMS_CODE_EXHAUSTED")
	w.exec(`UPDATE faren.sms_code SET created_at = created_at - interval '301 seconds', expires_at = expires_at - interval '301 seconds', attempts = 0`)
	wantCode(t, try("123456"), "SMS_CODE_EXPIRED")
}

func TestStaleReservationGivesWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stale := w.awaiting(1, 1, someone(2))
	w.exec(`UPDATE faren.application SET expires_at = clock_timestamp() - interval '1 second'`)
	rival := person{name: "测试乙", document: someone(3).document, phone: someone(3).phone, username: someone(2).username}
	if _, err := w.store.CreateUser(context.Background(), w.caller(), w.certify(w.register(2, someone(1))), w.user(rival)); err != nil {
		t.Fatalf("take the stale user name: %v", err)
	}
	if a, err := w.store.Application(context.Background(), stale); err != nil || a.Status != account.Expired {
		t.Errorf("the stale holder: %s, %v", a.Status, err)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'application.expire'`); n != 1 {
		t.Errorf("%d expiry events", n)
	}
}

// Of many processes at once one wins what is unique, and the others learn who holds it.
func TestRivalsForOnePersonEndWithOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const rivals = 8
	errs := make(chan error, rivals)
	checks := make([]account.VerificationID, rivals)
	for i := range checks {
		p := someone(2)
		p.username = someone(20 + i).username
		v, err := w.startCheck(w.awaiting(1, 1, p), account.PurposeRegister, w.caller())
		if err != nil {
			t.Fatal(err)
		}
		checks[i] = v
	}
	for _, v := range checks {
		store := openStore(t, w.db.Local(), time.Minute)
		go func() {
			_, err := store.CompleteVerification(context.Background(), w.caller(), v, account.Passed, nil)
			errs <- err
		}()
	}
	won := 0
	for range rivals {
		switch err := <-errs; {
		case err == nil:
			won++
		case !account.HasCode(err, "APPLICATION_PENDING"):
			t.Errorf("a rival: %s", chain(err))
		}
	}
	if pending := scan[int](w, `SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); won != 1 || pending != 1 {
		t.Errorf("%d won, %d wait for review", won, pending)
	}
	if claims := scan[int](w, `SELECT (SELECT count(*) FROM faren.agent_claim) + (SELECT count(*) FROM faren.phone_claim) + (SELECT count(*) FROM faren.username_claim)`); claims != 3 {
		t.Errorf("%d claims are left, want 3", claims)
	}
}
