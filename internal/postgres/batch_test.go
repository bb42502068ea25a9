package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// applicant is a row of a batch to be: p wants an account of an organization.
type applicant struct {
	organization, representative int
	p                            person
	change                       func(*postgres.BatchRow)
}

func (w *world) row(a applicant) postgres.BatchRow {
	u := w.user(a.p)
	row := postgres.BatchRow{VerificationID: uuid.New(), NewApplication: newApplication(w.facts(a.organization, someone(a.representative))),
		SealedAgent: u.Agent, SealedCredential: u.Credential, Advice: []string{}}
	if a.change != nil {
		a.change(&row)
	}
	return row
}

func (w *world) batch(all ...applicant) []postgres.BatchRow {
	rows := make([]postgres.BatchRow, len(all))
	for i, a := range all {
		rows[i] = w.row(a)
		rows[i].RowNo = i + 1
	}
	return rows
}

func (w *world) registerBatch(t testing.TB, c postgres.Caller, rows []postgres.BatchRow, sandbox bool) []postgres.BatchOutcome {
	t.Helper()
	out, _, err := w.store.RegisterBatch(context.Background(), c, rows, sandbox)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != len(rows) {
		t.Fatalf("%d outcomes of %d rows", len(out), len(rows))
	}
	return out
}

// tell is a row's outcome in short: its status, or why it was refused.
func tell(o postgres.BatchOutcome) string {
	if o.Refused != nil {
		return string(codeOf(o.Refused))
	}
	return o.Status
}

func tellAll(out []postgres.BatchOutcome) []string {
	all := make([]string, len(out))
	for i, o := range out {
		all[i] = tell(o)
	}
	return all
}

// people mixes everything that a batch can meet. Row by row it is what single registrations would meet.
func people() []applicant {
	mixed := func(document, phone, username int) person {
		return person{name: someone(document).name, document: someone(document).document, phone: someone(phone).phone, username: someone(username).username}
	}
	return []applicant{
		{1, 1, someone(2), nil},        // before the reviewer's account: nobody is told
		{1, 1, someone(1), nil},        // the legal representative
		{1, 1, someone(3), nil},        // the reviewer is told
		{1, 1, mixed(4, 3, 4), nil},    // the phone of row 3
		{1, 1, mixed(3, 5, 5), nil},    // the agent of row 3
		{1, 1, mixed(1, 6, 6), nil},    // the representative again
		{2, 7, mixed(3, 3, 7), nil},    // the same person in another organization
		{2, 7, mixed(8, 8, 3), nil},    // the user name of row 3
		{9, 9, someone(9), nil},        // an organization that is not in the register
		{1, 2, someone(10), nil},       // other facts than the register's
		{2, 7, someone(7 + 4), nil},    // goes in
		{3, 12, someone(13), nil},      // a revoked organization
		{1, 1, mixed(14, 15, 16), nil}, // goes in
		{1, 1, mixed(14, 15, 16), nil}, // the same row again
	}
}

// normal is everything that registrations leave, without ids and times.
const normal = `SELECT line FROM (
	SELECT 'application ' || concat_ws(' ', o.unit_code, a.status, a.role, a.channel, a.review_kind, encode(g.document_index, 'hex'), encode(a.username_index, 'hex'),
		a.submitted_at IS NOT NULL, a.expires_at - a.created_at, v.status, v.used_at IS NOT NULL, d.verifier) AS line
	FROM faren.application a JOIN faren.organization o USING (org_id) JOIN faren.agent g USING (org_id, agent_id) LEFT JOIN faren.verification v USING (org_id, verification_id)
	LEFT JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
	WHERE NOT o.provisional AND a.status NOT IN ('certified', 'withdrawn')
	UNION ALL SELECT 'account ' || concat_ws(' ', o.unit_code, c.role, c.status, encode(g.document_index, 'hex')) FROM faren.account c JOIN faren.organization o USING (org_id) JOIN faren.agent g USING (org_id, agent_id)
	UNION ALL SELECT 'name ' || concat_ws(' ', encode(k.username_index, 'hex'), k.account_id IS NOT NULL) FROM faren.username_claim k
	UNION ALL SELECT 'phone ' || concat_ws(' ', o.unit_code, encode(k.phone_index, 'hex'), k.account_id IS NOT NULL) FROM faren.phone_claim k JOIN faren.organization o USING (org_id)
	UNION ALL SELECT 'agent ' || concat_ws(' ', o.unit_code, encode(k.document_index, 'hex'), k.account_id IS NOT NULL) FROM faren.agent_claim k JOIN faren.organization o USING (org_id)
	UNION ALL SELECT 'sms ' || concat_ws(' ', o.unit_code, m.kind, m.params, m.to_mask, m.status, encode(m.to_index, 'hex')) FROM faren.sms m JOIN faren.organization o USING (org_id)
	UNION ALL SELECT 'organization ' || concat_ws(' ', o.unit_code, o.name, o.unit_code_type, o.entity_type) FROM faren.organization o WHERE NOT o.provisional
) t ORDER BY 1`

func TestBatchDoesWhatSingleRegistrationsDo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	prepare := func() *world {
		w := newWorld(t)
		for organization, representative := range map[int]int{1: 1, 2: 7, 3: 12} {
			w.register(organization, someone(representative))
		}
		w.exec(`UPDATE faren.register_entry SET status = 'revoked' WHERE unit_code = $1`, unitCode(3))
		return w
	}
	single := prepare()
	// The same keys, so that indexes are the same.
	together := prepare()
	together.keys = single.keys
	together.exec(`UPDATE faren.setting SET index_check = $1`, single.keys.IndexCheck())
	together.exec(`DELETE FROM faren.register_entry`)
	for organization, representative := range map[int]int{1: 1, 2: 7, 3: 12} {
		together.register(organization, someone(representative))
	}
	together.exec(`UPDATE faren.register_entry SET status = 'revoked' WHERE unit_code = $1`, unitCode(3))

	var want []string
	for _, a := range people() {
		row := single.row(a)
		want = append(want, func() string {
			made, err := single.store.CertifyOrganization(ctx, single.caller(), row.NewApplication)
			if err != nil {
				return string(codeOf(err))
			}
			if _, err := single.store.CreateUser(ctx, single.caller(), made.ID, postgres.NewUser{Agent: row.SealedAgent, Credential: row.SealedCredential, Advice: row.Advice, Sandbox: true}); err != nil {
				return string(codeOf(err))
			}
			v, err := single.startCheck(made.ID, account.PurposeRegister, single.caller())
			if err != nil {
				t.Fatal(err)
			}
			out, err := single.store.CompleteVerification(ctx, single.caller(), v, account.Passed, nil)
			if err != nil {
				t.Fatal(err)
			}
			return out.Application.Status
		}())
	}
	got := together.registerBatch(t, together.caller(), together.batch(people()...), true)
	if diff := cmp.Diff(want, tellAll(got)); diff != "" {
		t.Errorf("outcomes (-single +batch):\n%s", diff)
	}
	if diff := cmp.Diff(single.list(normal), together.list(normal)); diff != "" {
		t.Errorf("what they leave (-single +batch):\n%s", diff)
	}
	// A refused row names who holds what it wants: row 3's application.
	holder, _ := wantCode(t, got[3].Refused, "PHONE_IN_USE").Details["holder_id"].(string)
	if holder != got[2].ApplicationID.String() {
		t.Errorf("the holder is %s, want %s", holder, got[2].ApplicationID)
	}
	if n := scan[int](together, `SELECT count(*) FROM faren.audit_event WHERE action = 'application.batch' AND outcome = 'refused'`); n != 8 {
		t.Errorf("%d refusals in the audit, want 8", n)
	}
}

func TestBatchIsRepeatedWithOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(1, someone(1))
	c, rows := w.caller(), w.batch(applicant{organization: 1, representative: 1, p: someone(1)}, applicant{organization: 1, representative: 1, p: someone(1)})
	first := w.registerBatch(t, c, rows, true)
	before := w.contents()
	second := w.registerBatch(t, c, rows, true)
	if diff := cmp.Diff(tellAll(first), tellAll(second)); diff != "" || first[0].ApplicationID != second[0].ApplicationID {
		t.Errorf("the repeat (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, w.contents()); diff != "" {
		t.Errorf("the repeat changed:\n%s", diff)
	}
}

func TestBatchWithoutSandboxSpendsEachCodeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(1, someone(1))
	w.register(2, someone(2))
	coded := func(code string) func(*postgres.BatchRow) {
		return func(r *postgres.BatchRow) { r.CodeProof = w.keys.CodeProof("register", someone(3).phone, code) }
	}
	w.requestCode(t, someone(3).phone)
	third := someone(3)
	other := third
	other.username = "somebody_else"
	rows := w.batch(applicant{1, 1, third, coded("000000")}, applicant{1, 1, third, coded("123456")}, applicant{2, 2, other, coded("123456")}, applicant{2, 2, someone(4), nil})
	got := tellAll(w.registerBatch(t, w.caller(), rows, false))
	if diff := cmp.Diff([]string{"SMS_CODE_INVALID", "awaiting-identity", "SMS_CODE_INVALID", "SMS_CODE_INVALID"}, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if got := scan[string](w, `SELECT attempts || ' ' || (used_at IS NOT NULL) FROM faren.sms_code`); got != "1 true" {
		t.Errorf("the code: %s", got)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.phone_claim`); n != 0 {
		t.Errorf("%d phones are claimed before the face check", n)
	}
}

func TestSandboxAndSizeOfBatchAreTheDatabases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(1, someone(1))
	ctx := context.Background()
	_, _, err := w.store.RegisterBatch(ctx, w.caller(), nil, true)
	wantCode(t, err, "VALUE_INVALID")
	_, _, err = w.store.RegisterBatch(ctx, w.caller(), make([]postgres.BatchRow, postgres.BatchMax+1), true)
	wantCode(t, err, "VALUE_INVALID")
	// A row is known by its number: with two of one, the outcome of the one would be the other's.
	good := func() []postgres.BatchRow {
		return w.batch(applicant{organization: 1, representative: 1, p: someone(1)}, applicant{organization: 1, representative: 1, p: someone(2)})
	}
	for _, number := range []int{0, -1, 1, 1001} {
		rows := good()
		rows[1].RowNo = number
		_, _, err = w.store.RegisterBatch(ctx, w.caller(), rows, true)
		wantCode(t, err, "VALUE_INVALID")
	}
	// What staff have to compare does not come in this way.
	rows := good()
	rows[1].Channel = account.Overseas
	if got := tellAll(w.registerBatch(t, w.caller(), rows, true)); got[0] != "approved" || got[1] != "VALUE_INVALID" {
		t.Errorf("a row of a manual channel: %v", got)
	}
	c := w.caller()
	w.exec(`UPDATE faren.setting SET environment = 'production'`)
	_, _, err = w.store.RegisterBatch(ctx, c, good(), true)
	wantCode(t, err, "SANDBOX_REFUSED")
	// The same request is tried again when that is mended.
	w.exec(`UPDATE faren.setting SET environment = 'test'`)
	if got := tellAll(w.registerBatch(t, c, good(), true)); got[0] != "AGENT_ALREADY_REGISTERED" || got[1] != "pending-review" {
		t.Errorf("after the refusal of the whole: %v", got)
	}
}

// Rows whose form was refused leave gaps, and the outcomes of the others stay their own.
func TestOutcomesOfRowsWithGapsAreTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(1, someone(1))
	rows := w.batch(applicant{organization: 9, representative: 9, p: someone(9)}, applicant{organization: 1, representative: 1, p: someone(1)}, applicant{organization: 8, representative: 8, p: someone(8)})
	rows[0].RowNo, rows[1].RowNo, rows[2].RowNo = 3, 5, 1000
	got := map[int]string{}
	for _, o := range w.registerBatch(t, w.caller(), rows, true) {
		got[o.RowNo] = tell(o)
	}
	if diff := cmp.Diff(map[int]string{3: "ORGANIZATION_NOT_FOUND", 5: "approved", 1000: "ORGANIZATION_NOT_FOUND"}, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// An organization that is revoked while its batch waits for a rival is not let in.
func TestBatchSeesARevocationThatCameWhileItWaited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register(1, someone(1))
	blocker, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blocker.Exec(`INSERT INTO faren.unit_code_claim (unit_code, org_id) VALUES ($1, gen_random_uuid())`, unitCode(1)); err != nil {
		t.Fatal(err)
	}
	done := make(chan []postgres.BatchOutcome, 1)
	rows := w.batch(applicant{organization: 1, representative: 1, p: someone(1)})
	go func() {
		out, _, err := w.store.RegisterBatch(context.Background(), w.caller(), rows, true)
		if err != nil {
			t.Error(err)
		}
		done <- out
	}()
	w.await("the batch to wait", `SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	w.exec(`UPDATE faren.register_entry SET status = 'revoked'`)
	if err := blocker.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := tellAll(<-done); len(got) != 1 || got[0] != "ORGANIZATION_NOT_ACTIVE" {
		t.Errorf("outcome: %v", got)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.application`); n != 0 {
		t.Errorf("%d applications", n)
	}
}

// Batches that want each other's names and phones, in opposite order, all at once: each person gets in once.
func TestBatchesAtOnceShareWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const organizations, each = 5, 8
	var all []applicant
	for o := range organizations {
		w.register(o, someone(1000+o))
		for i := range each {
			all = append(all, applicant{organization: o, representative: 1000 + o, p: someone(o*each + i)})
		}
	}
	const batches = 8
	done := make(chan []postgres.BatchOutcome, batches)
	for b := range batches {
		rows := w.batch(all...)
		for i := range rows {
			if b%2 == 1 {
				rows[i].RowNo = len(rows) - i
			}
		}
		store := openStore(t, w.db.Local(), time.Minute)
		go func() {
			out, _, err := store.RegisterBatch(context.Background(), w.caller(), rows, true)
			if err != nil {
				t.Error(err)
			}
			done <- out
		}()
	}
	tally := map[string]int{}
	for range batches {
		for _, o := range <-done {
			tally[tell(o)]++
		}
	}
	want := map[string]int{"pending-review": len(all), "APPLICATION_PENDING": (batches - 1) * len(all)}
	if diff := cmp.Diff(want, tally); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	for _, table := range []string{"username_claim", "phone_claim", "agent_claim", "application"} {
		if n := scan[int](w, `SELECT count(*) FROM faren.`+table); n != len(all) {
			t.Errorf("%d rows of %s, want %d", n, table, len(all))
		}
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.organization`); n != organizations {
		t.Errorf("%d organizations, want %d", n, organizations)
	}
}

func TestBatchTakesTheNameOfAReservationPastItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.awaiting(1, 1, someone(2))
	w.advance("31 minutes")
	late := someone(3)
	late.username = someone(2).username
	if got := tellAll(w.registerBatch(t, w.caller(), w.batch(applicant{organization: 1, representative: 1, p: late}), true)); got[0] != "pending-review" {
		t.Errorf("outcome: %v", got)
	}
	if got := w.list(`SELECT status FROM faren.application ORDER BY created_at`); fmt.Sprint(got) != "[expired pending-review]" {
		t.Errorf("applications: %v", got)
	}
}
