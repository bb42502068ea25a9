package postgres_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// 2
func TestUnknownUserNameLooksLikeAKnownOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.user(someone(1))
	u.Credential.Params = json.RawMessage(`{"scheme": "argon2id", "memory": 19456, "time": 2, "parallelism": 1, "key_len": 32}`)
	if _, err := w.store.CreateUser(context.Background(), w.caller(), w.certify(w.register(1, someone(1))), u); err != nil {
		t.Fatal(err)
	}
	shape := func(p person) string {
		return scan[string](w, `SELECT (x -> 'result' -> 'params')::text || ' ' || length(x -> 'result' ->> 'salt')
			FROM api.sign_in_parameters(encode($1, 'hex')) x`, w.keys.Index("username", p.username))
	}
	if diff := cmp.Diff(shape(someone(1)), shape(someone(2))); diff != "" {
		t.Errorf("an unknown name is told by its parameters (-known +unknown):\n%s", diff)
	}
}

// 3
func TestObstaclesOfACandidateWithoutApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.submitted(1, 1, someone(1))
	p := someone(1)
	got := w.list(`SELECT code FROM faren.registration_obstacles(jsonb_build_array(jsonb_build_object('row_no', 0, 'org_id', $1::uuid, 'document_type', 'resident-id',
		'document_index', encode($2, 'hex'), 'phone_index', encode($3, 'hex'), 'username_index', encode($4, 'hex'))), now())`,
		a.Organization.ID.UUID(), w.keys.Index("document-number", p.document), w.keys.Index("phone", p.phone), w.keys.Index("username", p.username))
	if diff := cmp.Diff([]string{"AGENT_ALREADY_REGISTERED", "PHONE_IN_USE", "USERNAME_TAKEN"}, got); diff != "" {
		t.Errorf("obstacles (-want +got):\n%s", diff)
	}
}

// 4
func TestPlainConnectionsStayOnLoopback(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{
		"a loopback name with another address":          "host=localhost hostaddr=192.0.2.7 user=u",
		"a loopback address with another":               "host=127.0.0.1 hostaddr=192.0.2.7 user=u",
		"a socket with another address":                 "host=/tmp hostaddr=192.0.2.7 user=u",
		"a list that begins with loopback":              "host=localhost,db.example.com user=u",
		"a list that begins with a socket":              "host=/tmp,db.example.com user=u",
		"a list of loopback and server, disable":        "host=localhost,db.example.com sslmode=disable",
		"a loopback name with another address, disable": "host=localhost hostaddr=192.0.2.7 sslmode=disable",
		"allow, which starts in plain":                  "host=db.example.com sslmode=allow",
		"prefer, which falls back to plain":             "host=db.example.com sslmode=prefer",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := postgres.Configure(postgres.Options{DSN: dsn})
			if err == nil && config.SSLMode != pq.SSLModeVerifyFull {
				t.Errorf("sslmode %q is neither refused nor verify-full", config.SSLMode)
			}
		})
	}
}

// 5
func TestIPv6LoopbackInAURLIsLoopback(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"postgres://u@[::1]/d", "postgres://u@[::1]/d?sslmode=disable"} {
		config, err := postgres.Configure(postgres.Options{DSN: dsn})
		if err != nil || config.SSLMode != pq.SSLModeDisable {
			t.Errorf("%s: %q, %v", dsn, config.SSLMode, err)
		}
	}
}

// 6
func TestServersContextIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := someone(2)
	c := w.caller()
	c.Reason = p.phone + " asked\x00"
	_, err := w.store.WithdrawApplication(context.Background(), c, account.ApplicationID(uuid.New()))
	if err == nil {
		t.Fatal("no error")
	}
	quiet(t, err, p.phone)
}

// 7
func TestForgedOutcomeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v, err := w.startCheck(w.awaiting(1, 1, someone(2)), account.PurposeRegister, w.caller())
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.store.CompleteVerification(context.Background(), w.caller(), v, "pending", nil)
	if err == nil {
		t.Errorf("the outcome pending is taken; completed_at is %v", scan[*string](w, `SELECT completed_at::text FROM faren.verification`))
	}
}

// 8
func TestResolvingNeedsAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v, err := w.startCheck(w.awaiting(1, 1, someone(2)), account.PurposeRegister, w.caller())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.CompleteVerification(context.Background(), w.caller(), v, account.ManualReview, nil); err != nil {
		t.Fatal(err)
	}
	_, err = w.store.ResolveVerification(context.Background(), w.caller(), v, account.Passed)
	wantCode(t, err, "REASON_REQUIRED")
}

// An application is there at every moment of its way from its first step to its organization.
func TestApplicationIsFoundWhileItsUserIsCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	reader := openStore(t, w.db.Local(), time.Minute)
	for n := range 150 {
		id := w.certify(w.register(1, someone(1)))
		done := make(chan error, 1)
		go func() {
			_, err := w.store.CreateUser(ctx, w.caller(), id, w.user(someone(100+n)))
			done <- err
		}()
		for running := true; running; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				running = false
			default:
				if _, err := reader.Application(ctx, id); err != nil {
					t.Fatalf("application %d: %v", n, err)
				}
			}
		}
	}
}
