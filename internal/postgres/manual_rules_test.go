package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

func TestComparisonIsDueAtTheEndOfTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for at, want := range map[string]string{
		"2026-03-10 00:00": "2026-03-11", "2026-03-10 23:59": "2026-03-11", "2026-03-11 00:00": "2026-03-12",
		"2026-03-13 12:00": "2026-03-16",                                                                     // a weekend
		"2026-02-13 10:00": "2026-02-14", "2026-02-14 23:30": "2026-02-24", "2026-02-20 12:00": "2026-02-24", // the Spring Festival
		"2026-02-27 12:00": "2026-02-28", "2026-02-28 12:00": "2026-03-02", // a worked Saturday
		"2026-09-30 12:00": "2026-10-08", "2026-10-09 12:00": "2026-10-10", "2025-09-30 12:00": "2025-10-09", // the national day
		"2025-01-24 12:00": "2025-01-26", "2025-12-31 12:00": "2026-01-04", "2026-01-04 12:00": "2026-01-05", "2026-12-30 12:00": "2026-12-31", // year ends
	} {
		due := scan[time.Time](w, `SELECT due FROM faren.comparison_due($1::timestamp AT TIME ZONE 'Asia/Shanghai')`, at)
		if got := due.In(time.FixedZone("CST", 8*3600)).Format("2006-01-02 15:04:05"); got != want+" 23:59:59" {
			t.Errorf("submitted %s: due %s, want the end of %s", at, got, want)
		}
	}
	for _, at := range []string{"2026-12-31 12:00", "2024-12-31 12:00", "2030-05-05 12:00"} {
		got := scan[string](w, `SELECT coalesce(refused #>> '{0,code}', '') FROM faren.comparison_due($1::timestamp AT TIME ZONE 'Asia/Shanghai')`, at)
		// The first day after the last of 2024 is known, and in 2025 work is found.
		if want := map[bool]string{true: "CALENDAR_MISSING"}[at != "2024-12-31 12:00"]; got != want {
			t.Errorf("submitted %s: %q, want %q", at, got, want)
		}
	}
}

func TestUpgradeAddsMissingYearsAndKeepsImportedOnes(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	year := []account.CalendarDay{{Date: "2026-01-01", Type: "off", Name: "元旦"}}
	if _, err := w.store.ImportCalendar(ctx, w.caller(), year); err != nil {
		t.Fatal(chain(err))
	}
	w.exec(`DELETE FROM faren.calendar_year WHERE year = 2025`)
	w.exec(`DELETE FROM faren.calendar_day WHERE day < '2026-01-01'`)
	if err := postgres.Migrate(ctx, postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), nil); err != nil {
		t.Fatal(chain(err))
	}
	if got := w.list(`SELECT year || ' ' || source FROM faren.calendar_year ORDER BY year`); fmt.Sprint(got) != "[2025 statutory 2026 faren_local]" {
		t.Errorf("years: %v", got)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.calendar_day WHERE day >= '2026-01-01'`); n != 1 {
		t.Errorf("%d days of the imported year, want 1", n)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.calendar_day WHERE day < '2026-01-01'`); n == 0 {
		t.Error("the missing year was not added")
	}
}

func TestImportedYearLeavesDeadlinesThatWereTold(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	told := w.compared(abroad(1), someone(2))
	off := []account.CalendarDay{}
	for day := 11; day < 32; day++ {
		off = append(off, account.CalendarDay{Date: fmt.Sprintf("2026-03-%02d", day), Type: "off", Name: "x"})
	}
	if _, err := w.store.ImportCalendar(ctx, w.caller(), off); err != nil {
		t.Fatal(chain(err))
	}
	if a, err := w.store.Application(ctx, told.ID); err != nil || !a.Review.DueAt.Equal(*told.Review.DueAt) {
		t.Errorf("told %v, now %+v, %v", told.Review.DueAt, a.Review, err)
	}
	if later := w.compared(abroad(2), someone(3)); later.Review.DueAt.Format(time.DateOnly) != "2026-04-01" {
		t.Errorf("the next is due %v", later.Review.DueAt)
	}
}

// An application whose corrected name is another organization's goes there with everything that is its own.
func TestResubmissionUnderAnotherNameMovesEverything(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	there := w.compared(abroad(2), someone(3))
	a := w.mismatched(abroad(1), someone(2))
	r := resubmission()
	renamed := abroad(2).stated()
	r.Unit, r.Warnings = &renamed, []account.Warning{}
	r.Agent = &postgres.SealedContact{AgentID: w.agentOf(a.ID), EmailMask: new("*"), EmailSealed: []byte{2}}
	r.Documents = scans("licence")
	moved, err := w.store.Resubmit(ctx, w.caller(), a.ID, r)
	if err != nil {
		t.Fatal(chain(err))
	}
	if *moved.Organization.ID != *there.Organization.ID || moved.Status != account.PendingComparison || moved.Review.Reason != nil || len(moved.Documents) != 2 {
		t.Errorf("moved: %+v", moved)
	}
	for _, table := range w.list(`SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r' AND a.attname = 'org_id' AND c.relname NOT IN ('audit_event', 'organization', 'unit_code_claim', 'overseas_claim')`) {
		if n := scan[int](w, `SELECT count(*) FROM faren.`+table+` WHERE org_id = $1`, a.Organization.ID.UUID()); n != 0 {
			t.Errorf("%s keeps %d rows at the organization that was left", table, n)
		}
	}
	for table, want := range map[string]int{"document": 3, "verification": 1, "sms": 1} {
		if n := scan[int](w, `SELECT count(*) FROM faren.`+table+` WHERE org_id = $1 AND application_id = $2`, moved.Organization.ID.UUID(), a.ID.UUID()); n != want {
			t.Errorf("%s has %d rows at the new place, want %d", table, n, want)
		}
	}
	session, err := w.store.SignIn(ctx, w.caller(), w.attempt(someone(2), true, []byte("token")))
	if err != nil || session.Application == nil || session.Application.ID != a.ID {
		t.Errorf("sign in: %+v, %v", session, err)
	}
}

func TestIssuedCodeOfAnotherOrganizationIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	first := w.comparison(someone(2))
	if _, err := w.store.SubmitForComparison(ctx, w.caller(), w.ready(abroad(1), someone(2)), first); err != nil {
		t.Fatal(chain(err))
	}
	id := w.ready(abroad(2), someone(3))
	second := w.comparison(someone(3))
	second.IssuedCode = first.IssuedCode
	_, err := w.store.SubmitForComparison(ctx, w.caller(), id, second)
	wantCode(t, err, "TRY_AGAIN")
	if n := scan[int](w, `SELECT count(*) FROM faren.overseas_claim`); n != 1 {
		t.Errorf("%d overseas organizations are claimed, want 1", n)
	}
	if _, err := w.store.SubmitForComparison(ctx, w.caller(), id, w.comparison(someone(3))); err != nil {
		t.Errorf("with another code: %s", chain(err))
	}
}

// An applicant sees the state of the application, and a reviewer's functions are closed, however many nulls meet.
func TestApplicantsSessionCanOnlyLook(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	a := w.compared(abroad(1), someone(2))
	other := w.compared(abroad(1), someone(3))
	applicant := w.signIn(someone(2))
	session, err := w.store.CurrentSession(ctx, applicant())
	if err != nil || session.AccountID != nil || session.Role != nil || session.Application == nil || session.Application.Status != account.PendingComparison {
		t.Errorf("the session: %+v, %v", session, err)
	}
	_, err = w.store.ReviewQueue(ctx, applicant(), 10, nil)
	wantCode(t, err, "NOT_A_REVIEWER")
	_, err = w.store.ReviewApplication(ctx, applicant(), other.ID)
	wantCode(t, err, "NOT_A_REVIEWER")
	_, err = w.startCheck(other.ID, account.PurposeReview, applicant())
	wantCode(t, err, "NOT_A_REVIEWER")
	_, err = w.store.AddAgent(ctx, applicant(), postgres.NewAgent{AccountID: uuid.New(), NewUser: w.user(someone(4)), SMSID: uuid.New()})
	wantCode(t, err, "NOT_A_REVIEWER")
	approved := w.settle(other.ID, "approve")
	_, err = w.store.SetAccountStatus(ctx, applicant(), *approved.AccountID, postgres.StatusChange{Status: "disabled", SMSID: uuid.New()})
	wantCode(t, err, "NOT_A_REVIEWER")
	// Without an account there is none of the own.
	registrar := w.as("faren_registrar")
	if got := called(t, registrar, `SELECT api.revoke_session($1, $2)`, w.callerJSON(), session.ID.UUID()); len(got.Refused) != 1 || got.Refused[0]["code"] != "SESSION_NOT_FOUND" {
		t.Errorf("revoked by somebody without support's role: %v", got)
	}
	if got := called(t, registrar, `SELECT api.revoke_session($1, $2)`, w.inSession(applicant)(), session.ID.UUID()); len(got.Refused) != 0 {
		t.Errorf("revoked by its holder: %v", got.Refused)
	}
	// It ends with the application.
	again := w.signIn(someone(2))
	if _, err := w.store.WithdrawApplication(ctx, w.caller(), a.ID); err != nil {
		t.Fatal(chain(err))
	}
	_, err = w.store.CurrentSession(ctx, again())
	wantCode(t, err, "SESSION_ENDED")
}

func TestComparisonIsForTheRoleReviewer(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	a := w.compared(abroad(1), someone(2))
	decision := `{"decision": "approve", "sms_id": "` + uuid.NewString() + `"}`
	for _, roles := range [][]string{{"faren_registrar"}, {"faren_registrar", "faren_support"}} {
		got := called(t, w.as(roles...), `SELECT api.decide_application($1, $2, $3)`, w.callerJSON(), a.ID.UUID(), decision)
		if len(got.Refused) != 1 || got.Refused[0]["code"] != "FORBIDDEN" {
			t.Errorf("%v: %v", roles, got)
		}
	}
	got := called(t, w.as("faren_reviewer"), `SELECT api.decide_application($1, $2, $3)`, w.callerJSON(), a.ID.UUID(), decision)
	if len(got.Refused) != 0 || got.Result["status"] != account.Approved || got.Result["role"] != account.RoleAdministrator {
		t.Errorf("reviewer: %v", got)
	}
}

func TestSweepLeavesWhatSomebodyWorksOn(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	held := w.open(abroad(1), someone(2))
	free := w.open(abroad(2), someone(3))
	w.advance("25 hours")
	release := w.held(held)
	ended, err := w.store.ExpireApplications(ctx, w.caller(), 100)
	if err != nil || len(ended) != 1 || ended[0].ID != free || ended[0].Was != account.AwaitingIdentity {
		t.Errorf("while one is held: %+v, %v", ended, err)
	}
	release()
	ended, err = w.store.ExpireApplications(ctx, w.caller(), 100)
	if err != nil || len(ended) != 1 || ended[0].ID != held {
		t.Errorf("when it is free: %+v, %v", ended, err)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'application.expire'`); n != 2 {
		t.Errorf("%d expiries are audited, want 2", n)
	}
}

// A withdrawal that waits while the application moves to its organization finds it there.
func TestCallThatWaitsFindsTheApplicationWhereItMoved(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	id := w.ready(abroad(1), someone(2))
	tx, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // it is over by then
	text := string(must(json.Marshal(w.comparison(someone(2)))))
	var raw []byte
	if err := tx.QueryRow(`SELECT api.submit_for_comparison($1, $2, $3)`, w.callerJSON(), id.UUID(), text).Scan(&raw); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := w.store.WithdrawApplication(ctx, w.caller(), id)
		done <- err
	}()
	w.await("the withdrawal to wait", waiting)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("the withdrawal: %s", chain(err))
	}
	if a, err := w.store.Application(ctx, id); err != nil || a.Status != account.Withdrawn || a.Organization.ID == nil {
		t.Errorf("the application: %+v, %v", a, err)
	}
}

// A refused submission makes no organization, and a document's request keeps no picture.
func TestRefusedSubmissionMakesNoOrganization(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	id := w.ready(abroad(1), someone(2))
	taken := w.comparison(someone(2))
	w.compared(abroad(2), someone(2))
	before := w.contents()
	_, err := w.store.SubmitForComparison(ctx, w.caller(), id, taken)
	wantCode(t, err, "USERNAME_TAKEN")
	w.sameBut(before)
	pgtest.On(t, w.super, "2026-12-31 12:00")
	fresh := w.opening(abroad(3), someone(5))
	if _, err := w.store.StartManualApplication(ctx, w.caller(), fresh); err != nil {
		t.Fatal(chain(err))
	}
	if key := identifier.OrganizationKey(abroad(3).name); scan[int](w, `SELECT count(*) FROM faren.overseas_claim WHERE name_key = $1`, key) != 0 {
		t.Error("an organization is claimed before its user")
	}
}
