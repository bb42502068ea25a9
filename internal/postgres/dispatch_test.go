package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/sms"
)

// claim claims up to n messages that are due.
func (w *world) claim(t testing.TB, n int) postgres.Claim {
	t.Helper()
	claim, err := w.store.ClaimMessages(context.Background(), w.caller(), postgres.ClaimWanted{Limit: n})
	if err != nil {
		t.Fatal(chain(err))
	}
	return claim
}

// tell tells one outcome of everything in a claim.
func (w *world) tell(t testing.TB, claim postgres.Claim, outcome sms.Outcome, code string) postgres.SettleCounts {
	t.Helper()
	results := make([]postgres.Settlement, len(claim.Messages))
	for i, m := range claim.Messages {
		results[i] = postgres.Settlement{ID: m.ID, Outcome: string(outcome), Code: code}
		if outcome == sms.Sent {
			results[i].Reference = "ref"
		}
	}
	counts, err := w.store.SettleMessages(context.Background(), w.caller(), claim.ID, results)
	if err != nil {
		t.Fatal(chain(err))
	}
	return counts
}

// codes puts n codes into the outbox, to as many numbers.
func (w *world) codes(t testing.TB, n int) {
	t.Helper()
	for i := range n {
		w.requestCode(t, someone(100+i).phone)
	}
}

// theMessage is the one message of the outbox, as people see it.
func (w *world) theMessage(t testing.TB) account.SMS {
	t.Helper()
	all, err := w.store.Messages(context.Background(), postgres.MessageFilter{Limit: 10})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d messages, %v", len(all), err)
	}
	return all[0].SMS
}

func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + make_interval(secs => $1)`, d.Seconds())
}

func TestClaimHandsOutWhatSendingNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	w.submitted(1, 1, someone(2)) // the representative is asked for a review
	w.codes(t, 1)
	claim := w.claim(t, 10)
	if len(claim.Messages) != 2 || claim.Lives != 2*time.Minute || claim.Expired+claim.Lost != 0 {
		t.Fatalf("claim: %+v", claim)
	}
	review, code := claim.Messages[0], claim.Messages[1]
	agent := scan[string](w, `SELECT agent_id FROM faren.account`)
	if review.Kind != "review-requested" || review.To == nil || review.To.Table != "agent" || review.To.Row.String() != agent || review.To.Column != "phone" || review.Params["organization"] == nil {
		t.Errorf("to an agent: %+v", review)
	}
	if code.Kind != "code" || code.To == nil || code.To.Table != "sms" || code.To.Row != code.ID || code.To.Column != "to" || code.Sealed == nil || code.Sealed.Column != "params" || code.Sealed.Row != code.ID {
		t.Errorf("to a number: %+v", code)
	}
	if again := w.claim(t, 10); len(again.Messages) != 0 {
		t.Errorf("claimed twice: %+v", again)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.sms WHERE status = 'sending' AND attempts = 1`); n != 2 {
		t.Errorf("%d messages in hand, want 2", n)
	}
	if got := w.tell(t, claim, sms.Sent, ""); got != (postgres.SettleCounts{Sent: 2}) {
		t.Errorf("settled: %+v", got)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.sms WHERE status = 'sent' AND sent_at IS NOT NULL AND reference = 'ref'`); n != 2 {
		t.Errorf("%d messages sent, want 2", n)
	}
}

func TestClaimOfOneChangeTakesItsMessagesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.codes(t, 2)
	id := uuid.MustParse(scan[string](w, `SELECT request_id FROM faren.sms ORDER BY created_at DESC LIMIT 1`))
	claim, err := w.store.ClaimMessages(context.Background(), w.caller(), postgres.ClaimWanted{Limit: 10, Request: &id})
	if err != nil || len(claim.Messages) != 1 {
		t.Fatalf("%d messages, %v", len(claim.Messages), err)
	}
	if got := scan[string](w, `SELECT request_id FROM faren.sms WHERE status = 'sending'`); got != id.String() {
		t.Errorf("claimed that of %s", got)
	}
}

// A repeat of a claim or a settlement after a cut connection is the same one.
func TestClaimAndSettlementMayBeAskedForTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.codes(t, 3)
	c := w.caller()
	first, err := w.store.ClaimMessages(ctx, c, postgres.ClaimWanted{Limit: 2})
	if err != nil {
		t.Fatal(chain(err))
	}
	second, err := w.store.ClaimMessages(ctx, c, postgres.ClaimWanted{Limit: 2})
	if err != nil || len(first.Messages) != 2 || fmt.Sprint(first.Messages[0].ID, first.Messages[1].ID) != fmt.Sprint(second.Messages[0].ID, second.Messages[1].ID) {
		t.Errorf("the repeat: %+v, %v", second, err)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.sms WHERE status = 'sending' AND attempts = 1`); n != 2 {
		t.Errorf("%d messages in hand, want 2", n)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.request WHERE result::text LIKE '%sealed%'`); n != 0 {
		t.Error("what was handed out is kept with the request")
	}
	d := w.caller()
	results := []postgres.Settlement{{ID: first.Messages[0].ID, Outcome: "failed"}, {ID: first.Messages[1].ID, Outcome: "sent"}}
	for range 2 {
		counts, err := w.store.SettleMessages(ctx, d, first.ID, results)
		if err != nil || counts != (postgres.SettleCounts{Sent: 1, Failed: 1}) {
			t.Errorf("settled: %+v, %v", counts, err)
		}
	}
	if got := w.tell(t, first, sms.Sent, ""); got != (postgres.SettleCounts{Ignored: 2}) {
		t.Errorf("settled again by another request: %+v", got)
	}
}

func TestFailedMessageIsTriedSixTimesWithGrowingPauses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = '3600' WHERE name = 'sms.code_lifetime'`)
	w.codes(t, 1)
	for try := 1; try <= 6; try++ {
		claim := w.claim(t, 10)
		if len(claim.Messages) != 1 {
			t.Fatalf("try %d: %d messages", try, len(claim.Messages))
		}
		outcome := sms.Failed
		if try%2 == 0 {
			outcome = sms.Limited
		}
		counts := w.tell(t, claim, outcome, "http-503")
		m := w.theMessage(t)
		if try == 6 {
			if counts != (postgres.SettleCounts{Dead: 1}) || m.Status != "dead" || m.Attempts != 6 || m.NextAttemptAt != nil || m.LastCode == nil || *m.LastCode != "http-503" {
				t.Errorf("after the last try: %+v, %+v", counts, m)
			}
			break
		}
		pause := 30 * time.Second << (try - 1)
		if counts != (postgres.SettleCounts{Failed: 1}) || m.Status != "queued" || m.Attempts != try {
			t.Errorf("after try %d: %+v, %+v", try, counts, m)
		}
		now := scan[time.Time](w, `SELECT clock_timestamp() + clock_offset FROM faren.setting`)
		if wait := m.NextAttemptAt.Sub(now); wait > pause*5/4 || wait < pause*3/4-5*time.Second {
			t.Errorf("try %d is followed by a pause of %s, want about %s", try, wait, pause)
		}
		if early := w.claim(t, 10); len(early.Messages) != 0 {
			t.Errorf("try %d is followed by another at once", try)
		}
		w.later(pause * 5 / 4)
	}
	w.later(24 * time.Hour)
	if claim := w.claim(t, 10); len(claim.Messages) != 0 {
		t.Error("a dead message was claimed")
	}
}

func TestOutcomesThatEndAMessage(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[sms.Outcome]string{sms.Refused: "dead", sms.Unknown: "unknown"} {
		t.Run(string(outcome), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.codes(t, 1)
			w.tell(t, w.claim(t, 1), outcome, "c")
			if m := w.theMessage(t); m.Status != want || *m.LastCode != "c" || m.NextAttemptAt != nil {
				t.Errorf("message: %+v", m)
			}
			w.later(4 * time.Minute)
			if claim := w.claim(t, 10); len(claim.Messages) != 0 {
				t.Error("it was claimed again")
			}
		})
	}
}

func TestReleasedMessageIsAsBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.codes(t, 1)
	claim := w.claim(t, 1)
	if got := w.tell(t, claim, postgres.OutcomeReleased, ""); got != (postgres.SettleCounts{Released: 1}) {
		t.Errorf("settled: %+v", got)
	}
	if m := w.theMessage(t); m.Status != "queued" || m.Attempts != 0 {
		t.Errorf("message: %+v", m)
	}
	if again := w.claim(t, 1); len(again.Messages) != 1 {
		t.Error("it is not due")
	}
}

// Nobody knows what a process did that is gone: its messages are never sent again by themselves. When it comes back it may still tell,
// unless somebody took the message up.
func TestClaimThatRanOutIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = '3600' WHERE name = 'sms.code_lifetime'`)
	w.codes(t, 1)
	claim := w.claim(t, 1)
	w.later(121 * time.Second)
	if m := w.theMessage(t); m.Status != "unknown" {
		t.Errorf("before anybody looked at it: %s", m.Status)
	}
	if next := w.claim(t, 1); len(next.Messages) != 0 || next.Lost != 1 {
		t.Errorf("the next claim: %+v", next)
	}
	if m := w.theMessage(t); m.Status != "unknown" || *m.LastCode != "claim-ran-out" {
		t.Errorf("message: %+v", m)
	}
	if got := w.tell(t, claim, sms.Sent, ""); got != (postgres.SettleCounts{Sent: 1}) {
		t.Errorf("told late: %+v", got)
	}

	v := newWorld(t)
	v.exec(`UPDATE faren.policy SET value = '3600' WHERE name = 'sms.code_lifetime'`)
	v.codes(t, 1)
	claim = v.claim(t, 1)
	v.later(121 * time.Second)
	if err := v.store.RetryMessage(context.Background(), v.caller(), v.theMessage(t).ID); err != nil {
		t.Fatal(chain(err))
	}
	second := v.claim(t, 1)
	if len(second.Messages) != 1 {
		t.Fatal("not queued again")
	}
	if got := v.tell(t, claim, sms.Failed, ""); got != (postgres.SettleCounts{Ignored: 1}) {
		t.Errorf("told when it was somebody else's: %+v", got)
	}
	if got := v.tell(t, second, sms.Sent, ""); got != (postgres.SettleCounts{Sent: 1}) {
		t.Errorf("the second: %+v", got)
	}
}

func TestOnlyTheClaimerSettles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.codes(t, 1)
	claim := w.claim(t, 1)
	other := openStore(t, w.db.Login(t, "faren_registrar"), time.Minute)
	counts, err := other.SettleMessages(context.Background(), w.caller(), claim.ID, []postgres.Settlement{{ID: claim.Messages[0].ID, Outcome: "sent"}})
	if err != nil || counts != (postgres.SettleCounts{Ignored: 1}) {
		t.Errorf("another login: %+v, %v", counts, err)
	}
	counts, err = w.store.SettleMessages(context.Background(), w.caller(), uuid.New(), []postgres.Settlement{{ID: claim.Messages[0].ID, Outcome: "sent"}})
	if err != nil || counts != (postgres.SettleCounts{Ignored: 1}) {
		t.Errorf("another claim: %+v, %v", counts, err)
	}
	if m := w.theMessage(t); m.Status != "sending" {
		t.Errorf("message: %+v", m)
	}
}

func TestExpiredCodeIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.codes(t, 1)
	w.later(5*time.Minute + time.Second)
	if claim := w.claim(t, 10); len(claim.Messages) != 0 || claim.Expired != 1 {
		t.Errorf("claim: %+v", claim)
	}
	m := w.theMessage(t)
	if m.Status != "dead" || *m.LastCode != "expired" || m.Attempts != 0 {
		t.Errorf("message: %+v", m)
	}
	wantCode(t, w.store.RetryMessage(context.Background(), w.caller(), m.ID), "SMS_CODE_EXPIRED")
}

func TestMessageToANumberThatChangedIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	w.submitted(1, 1, someone(2))
	w.exec(`UPDATE faren.agent SET phone_index = '\x00' WHERE agent_id = (SELECT agent_id FROM faren.sms)`)
	if claim := w.claim(t, 10); len(claim.Messages) != 0 || claim.Expired != 1 {
		t.Errorf("claim: %+v", claim)
	}
	if m := w.theMessage(t); m.Status != "dead" || *m.LastCode != "number-changed" {
		t.Errorf("message: %+v", m)
	}
}

func TestRetryIsForDeadAndUnknownOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.codes(t, 1)
	id := w.theMessage(t).ID
	if f := wantCode(t, w.store.RetryMessage(ctx, w.caller(), id), "SMS_WRONG_STATE"); f.Details["status"] != "queued" {
		t.Errorf("details: %v", f.Details)
	}
	claim := w.claim(t, 1)
	wantCode(t, w.store.RetryMessage(ctx, w.caller(), id), "SMS_WRONG_STATE")
	w.tell(t, claim, sms.Refused, "no")
	if err := w.store.RetryMessage(ctx, w.caller(), id); err != nil {
		t.Fatal(chain(err))
	}
	if m := w.theMessage(t); m.Status != "queued" || m.Attempts != 0 {
		t.Errorf("message: %+v", m)
	}
	w.tell(t, w.claim(t, 1), sms.Sent, "")
	if f := wantCode(t, w.store.RetryMessage(ctx, w.caller(), id), "SMS_WRONG_STATE"); f.Details["status"] != "sent" {
		t.Errorf("details: %v", f.Details)
	}
	wantCode(t, w.store.RetryMessage(ctx, w.caller(), account.SMSID(uuid.New())), "SMS_NOT_FOUND")
	if got := strings.Join(w.list(`SELECT action || ' ' || outcome || coalesce(' ' || code, '') FROM faren.audit_event WHERE action LIKE 'sms.%' ORDER BY event_id`), ", "); got !=
		"sms.code done, sms.retry refused SMS_WRONG_STATE, sms.claim done, sms.retry refused SMS_WRONG_STATE, sms.dead done, sms.settle done, sms.retry done, sms.claim done, sms.settle done, "+
			"sms.retry refused SMS_WRONG_STATE, sms.retry refused SMS_NOT_FOUND" {
		t.Errorf("audit: %s", got)
	}
}

func TestClaimThatFindsNothingLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.contents()
	w.claim(t, 10)
	w.sameBut(before)
}

// A message that moves with its application to another organization stays in the hands that hold it.
func TestClaimedMessageMayMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	w.submitted(1, 1, someone(2))
	claim := w.claim(t, 1)
	if len(claim.Messages) != 1 {
		t.Fatalf("claim: %+v", claim)
	}
	// As move_application does it: the copy is made of what is locked.
	tx, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`SELECT FROM faren.sms FOR UPDATE`, `CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT * FROM faren.sms`, `DELETE FROM faren.sms`,
		`UPDATE copy SET org_id = gen_random_uuid()`, `INSERT INTO faren.sms SELECT * FROM copy`,
	} {
		if _, err := tx.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan postgres.SettleCounts)
	go func() { done <- w.tell(t, claim, sms.Sent, "") }()
	w.await("the settlement to stand behind the move", `SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got != (postgres.SettleCounts{Sent: 1}) {
		t.Errorf("settled: %+v", got)
	}
}

// Somebody with a ticket waits for it: an outbox of years is listed by its indexes.
func TestMessagesAreListedByIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn, err := w.super.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // nothing is kept
	// The table is small here; what has to be told is that the index can be used.
	if _, err := conn.ExecContext(context.Background(), `SET enable_seqscan = off; SET enable_sort = off`); err != nil {
		t.Fatal(err)
	}
	for query, index := range map[string]string{
		`SELECT sms_id, status FROM api.sms WHERE created_at >= '2026-01-01' ORDER BY created_at DESC, sms_id DESC LIMIT 5`:                      "sms_by_time",
		`SELECT v.status FROM faren.sms x JOIN api.sms v ON v.sms_id = x.sms_id WHERE x.to_index = '\x00' AND x.created_at >= '2026-01-01'`:      "sms_by_recipient",
		`SELECT v.status FROM faren.sms x JOIN api.sms v ON v.sms_id = x.sms_id WHERE x.org_id = '00000000-0000-0000-0000-000000000000' LIMIT 5`: "sms_pkey",
	} {
		rows, err := conn.QueryContext(context.Background(), `EXPLAIN (COSTS OFF) `+query)
		if err != nil {
			t.Fatal(err)
		}
		var plan strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			plan.WriteString(line + "\n")
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), index) || strings.Contains(plan.String(), "Seq Scan on sms") || strings.Contains(plan.String(), "Subquery Scan") {
			t.Errorf("%s\nis read as\n%s", query, plan.String())
		}
	}
}
