package service_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/service"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// through makes a service send through a gateway.
func through(t *testing.T, url string) func(*service.Options) {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(smstest.Secret), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(o *service.Options) {
		o.Config.SMS = config.SMS{Sender: config.SenderHTTP, HTTP: config.HTTPSender{URL: url, SecretFile: secret}}
	}
}

func newGateway(t *testing.T) *smstest.Gateway {
	t.Helper()
	g := smstest.New()
	t.Cleanup(g.Close)
	return g
}

func TestOutboxKeepsEveryMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := b.RequestSMSCode(context.Background(), mobile(1), account.PurposeRegister); err != nil {
		t.Fatal(err)
	}
	_, err := b.Dispatch(context.Background(), service.DispatchOptions{})
	wantCode(t, err, "SMS_SENDER_MISSING")
	if got := scan[string](b, `SELECT status || attempts FROM faren.sms`); got != "queued0" {
		t.Errorf("message: %s", got)
	}
}

// A process that cannot open what is sealed leaves sending to one that can.
func TestIndexOnlyKeyringLeavesSendingToOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	b.submitted(1, 1)
	b.submitted(1, 2)
	keys, err := seal.Load(b.db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "index")
	if err := keys.IndexOnly().Create(file); err != nil {
		t.Fatal(err)
	}
	g := newGateway(t)
	configure := through(t, g.URL)
	searcher := open(t, b.db, func(o *service.Options) {
		configure(o)
		o.Config.KeyringFile = file
	})
	ctx := context.Background()
	_, err = searcher.Dispatch(ctx, service.DispatchOptions{})
	wantCode(t, err, "KEYRING_INDEX_ONLY")
	id := account.SMSID{}
	if page, err := searcher.Messages(ctx, service.MessageQuery{}); err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v, %v", page, err)
	} else {
		id = page.Items[0].ID
	}
	b.exec(`UPDATE faren.sms SET status = 'dead', next_attempt_at = NULL`)
	if m, err := searcher.RetryMessage(ctx, id); err != nil || m.Status != "queued" || m.Attempts != 0 || len(g.Messages()) != 0 {
		t.Errorf("%+v, %v; %d messages sent", m, err, len(g.Messages()))
	}
	// One with all keys may send it.
	if got, err := open(t, b.db, configure).Dispatch(ctx, service.DispatchOptions{}); err != nil || got != (account.Dispatch{Claimed: 1, Sent: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsSentIsTheWholeMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	b.submitted(1, 1)
	b.submitted(1, 2)
	if _, err := b.RequestSMSCode(context.Background(), mobile(3), account.PurposeRegister); err != nil {
		t.Fatal(err)
	}
	g := newGateway(t)
	if got, err := open(t, b.db, through(t, g.URL)).Dispatch(context.Background(), service.DispatchOptions{Workers: 1}); err != nil || got.Sent != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	got := g.Messages()
	review, code := got[0], got[1]
	if review.To != mobile(1) || !strings.Contains(review.Text, "“"+orgName(1)+"”") || review.Params["organization"] != orgName(1) || !strings.HasPrefix(review.Params["applicant"], "*") {
		t.Errorf("review requested: %+v", review)
	}
	if code.To != mobile(3) || len(code.Params["code"]) != 6 || !strings.Contains(code.Text, "验证码为"+code.Params["code"]+"，") || code.Params["minutes"] != "5" {
		t.Errorf("code: %+v", code)
	}
	if strings.Contains(b.contents(), code.Params["code"]+"，") || strings.Contains(b.contents(), mobile(3)) {
		t.Error("what was sent stands in the database")
	}
}

// A dispatcher that watches gets over a database that is away for a while, and sends what comes later.
func TestWatchingDispatcherGoesOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	g := newGateway(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	type end struct {
		sum account.Dispatch
		err error
	}
	done := make(chan end, 1)
	told := make(chan error, 100)
	d := open(t, b.db, through(t, g.URL))
	go func() {
		sum, err := d.Dispatch(ctx, service.DispatchOptions{Watch: true, Interval: 10 * time.Millisecond, Told: func(err error) {
			select {
			case told <- err:
			default:
			}
		}})
		done <- end{sum, err}
	}()
	sent := func(n int) {
		t.Helper()
		for limit := time.Now().Add(time.Minute); len(g.Messages()) < n; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatalf("%d messages, want %d", len(g.Messages()), n)
			}
		}
	}
	request := func(i int) {
		t.Helper()
		if _, err := b.RequestSMSCode(ctx, mobile(i), account.PurposeRegister); err != nil {
			t.Fatal(err)
		}
	}
	request(1)
	sent(1)
	super := pgtest.Open(t, b.db.Super())
	// The gateway has a message before the database knows: what follows must not keep that from being told.
	for settled := 0; settled == 0; time.Sleep(5 * time.Millisecond) {
		if err := super.QueryRow(`SELECT count(*) FROM faren.sms WHERE status = 'sent'`).Scan(&settled); err != nil {
			t.Fatal(err)
		}
	}
	// Its calls wait for this lock longer than the server lets them.
	tx, err := super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`LOCK TABLE faren.setting IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	stopBlocked := func() bool {
		var n int
		if err := super.QueryRow(`SELECT count(*) FROM (SELECT pg_cancel_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%claim_messages%') x`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n > 0
	}
	for limit := time.Now().Add(time.Minute); !stopBlocked(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the dispatcher does not look any more")
		}
	}
	select {
	case err := <-told:
		// Whichever is first: the cancellation, or the server's own limit for locks.
		if !account.HasCode(err, "TRY_AGAIN") && !account.HasCode(err, "TIMED_OUT") {
			t.Fatalf("told %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing was told")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	request(2)
	sent(2)
	stop()
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if diff := cmp.Diff(account.Dispatch{Claimed: 2, Sent: 2}, got.sum); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSenderThatCannotBeMadeIsTold(t *testing.T) {
	t.Parallel()
	db := newBench(t).db
	shared := filepath.Join(t.TempDir(), "shared")
	if err := os.WriteFile(shared, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sms   config.SMS
		debug string
		want  account.Code
	}{
		"no secret":         {config.SMS{Sender: "http", HTTP: config.HTTPSender{URL: "https://sms.example.com", SecretFile: "/nowhere"}}, "", "CONFIG_INVALID"},
		"a shared secret":   {config.SMS{Sender: "http", HTTP: config.HTTPSender{URL: "https://sms.example.com", SecretFile: shared}}, "", "FILE_PERMISSIONS"},
		"the SDK's own log": {config.SMS{Sender: "aliyun", Aliyun: config.AliyunSender{AccessKeyID: "x", AccessKeySecretFile: shared}}, "dara,tea", "CONFIG_INVALID"},
		"no access key":     {config.SMS{Sender: "aliyun", Aliyun: config.AliyunSender{AccessKeyID: "x", AccessKeySecretFile: "/nowhere"}}, "", "CONFIG_INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, db, func(o *service.Options) {
				o.Config.SMS = c.sms
				o.Getenv = func(name string) string { return map[string]string{"DEBUG": c.debug}[name] }
			})
			_, err := s.Dispatch(context.Background(), service.DispatchOptions{})
			wantCode(t, err, c.want)
		})
	}
}
