package postgres_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// What the auditors read, what is sealed and what the table has are the same columns.
func TestEveryColumnOfTheAuditIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	columns := func(relation string) []string {
		return w.list(`SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname`, relation)
	}
	want := slices.Sorted(slices.Values(audit.Columns()))
	for _, relation := range []string{"faren.audit_event", "api.audit_event"} {
		if diff := cmp.Diff(want, columns(relation)); diff != "" {
			t.Errorf("%s (-sealed +there):\n%s", relation, diff)
		}
	}
}

// raw reads every event as seals do.
func raw(t *testing.T, dsn string) map[int64]string {
	t.Helper()
	found := map[int64]string{}
	store := openStore(t, dsn, time.Minute)
	err := store.RawEvents(context.Background(), math.MinInt64, math.MaxInt64, func(number int64, columns [][]byte) error {
		var e audit.Encoder
		parts := make([]string, len(columns))
		for i, c := range columns {
			parts[i] = "NULL"
			if c != nil {
				parts[i] = fmt.Sprintf("%q", c)
			}
		}
		found[number] = fmt.Sprintf("%x %s", e.Leaf(number, columns).Digest, strings.Join(parts, " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A leaf depends on the event alone: not on who reads it, nor on the settings of login, database or server.
func TestAnEventIsReadAlikeByEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	w.exec(`INSERT INTO faren.audit_event (org_id, at, recorded_at, operator, session_id, action, subject_kind, subject_id, outcome, code, ticket, reason, request_id, details) VALUES
		('01a2124f-f951-7126-9489-80e492b2148d', '2026-03-10 04:00:00.120300+00', '1999-12-31 23:59:59.999999+00', 'Chen 陈', '01a2124f-f951-7126-9489-80e492b2148d', 'a', 'b', '', 'done', '', 'T "1" \', E'two\nlines', NULL,
		 '{"b": 1.50, "aa": [true, null, 1e3], "a": "\u4e2d\t", "b": 2.10}')`)
	want := raw(t, w.db.Super())
	newest := scan[int64](w, `SELECT max(event_id) FROM faren.audit_event`)
	if tail := `"{\"a\": \"中\\t\", \"b\": 2.10, \"aa\": [true, null, 1000]}"`; !strings.HasSuffix(want[newest], tail) || !strings.Contains(want[newest], ` "2026-03-10 04:00:00.1203" "1999-12-31 23:59:59.999999" `) {
		t.Errorf("read %s", want[newest])
	}
	auditor := w.db.Login(t, "faren_auditor")
	name := scan[string](w, `SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND pg_has_role(oid, 'faren_auditor', 'MEMBER') AND NOT rolsuper AND rolname <> 'faren_local' AND has_database_privilege(oid, current_database(), 'CONNECT') ORDER BY oid DESC LIMIT 1`)
	for _, setting := range []string{`timezone = 'America/St_Johns'`, `datestyle = 'German, DMY'`, `extra_float_digits = 0`, `bytea_output = 'escape'`, `intervalstyle = 'iso_8601'`,
		`lc_monetary = 'C'`, `quote_all_identifiers = on`, `search_path = faren, public`} {
		w.exec(`ALTER ROLE "` + name + `" IN DATABASE "` + w.db.Name + `" SET ` + setting)
	}
	if diff := cmp.Diff(want, raw(t, auditor)); diff != "" {
		t.Errorf("by settings of the login (-want +got):\n%s", diff)
	}
}

// Events are settled when nobody who was writing when the newest was seen still is.
func TestWritersOfTheAuditAreSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	auditor := openStore(t, w.db.Login(t, "faren_auditor"), time.Minute)
	settled := func() postgres.AuditSettled {
		t.Helper()
		found, err := auditor.AuditSettled(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := settled(); found.Newest != 0 || len(found.Writers) > 0 || found.Standby {
		t.Errorf("of an empty audit: %+v", found)
	}
	w.certify(w.register(1, someone(1)))
	newest := settled().Newest
	if newest != scan[int64](w, `SELECT max(event_id) FROM faren.audit_event`) {
		t.Errorf("newest %d", newest)
	}
	// A number is taken and not given back, also inside a subtransaction; a reader is no writer.
	reader, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback()
	if _, err := reader.Exec(`SELECT count(*) FROM faren.audit_event`); err != nil {
		t.Fatal(err)
	}
	if found := settled(); len(found.Writers) > 0 {
		t.Errorf("a reader counts: %+v", found)
	}
	other := pgtest.Open(t, w.db.Super())
	writer, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Rollback()
	for _, statement := range []string{`SAVEPOINT a`, `INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, details) VALUES (gen_random_uuid(), now(), 'x', 'x', 'x', '', 'done', '{}')`, `RELEASE a`} {
		if _, err := writer.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	found := settled()
	if len(found.Writers) != 1 || found.Newest != newest {
		t.Errorf("with a writer: %+v", found)
	}
	if err := writer.Commit(); err != nil {
		t.Fatal(err)
	}
	if found := settled(); len(found.Writers) != 0 || found.Newest != newest+1 {
		t.Errorf("after it: %+v", found)
	}
}

// refusing are the actions that some function refuses, by the files of the functions.
func refusing(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(postgres.Files, "functions/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	call := regexp.MustCompile(`faren\.refuse\(c, '([a-z._]+)'[,\s]`)
	for _, name := range names {
		text, err := fs.ReadFile(postgres.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range call.FindAllSubmatch(text, -1) {
			all[string(found[1])] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Every function that takes a caller is called with what cannot go through. Whatever is answered with a refusal has left its event, with its code,
// its ticket, its reason, its request and its login.
func TestEveryRefusalIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = 'on' WHERE name = 'captcha.required'`)
	const nobodys = "01a2124f-f951-7126-9489-80e492b2148d"
	db := w.local()
	missing := map[string]bool{}
	for _, action := range refusing(t) {
		missing[action] = true
	}
	for _, f := range w.list(`SELECT p.proname || ' ' || oidvectortypes(p.proargtypes) FROM pg_proc p WHERE p.pronamespace = 'api'::regnamespace AND p.proargnames[1] = 'caller' ORDER BY 1`) {
		name, types, _ := strings.Cut(f, " ")
		for _, argument := range []string{`{}`, `[]`, `{"name": "faren_local", "roles": ["faren_support"]}`,
			`{"kind": "application", "id": "` + nobodys + `", "field": "phone", "unit_code": "x", "namespace": "n", "username_index": "ab", "derived": "ab", "purpose": "x", "sms_id": "` + nobodys + `"}`,
			`{"purpose": "register", "application_id": "` + nobodys + `", "account_id": "` + nobodys + `", "verification_id": "` + nobodys + `", "recovery_id": "` + nobodys + `", "method": "username"}`} {
			text := "no such thing"
			if argument == `[]` {
				text = "000000000000016b" // has the form of a key's header
			}
			before := scan[int](w, `SELECT count(*) FROM faren.audit_event`)
			c := w.caller()
			arguments := []any{fmt.Sprintf(`{"request_id": %q, "index_check": %q, "reason": "tried", "ticket": "T-1"}`, c.RequestID, c.IndexCheck)}
			places := []string{"$1"}
			for i, kind := range strings.Split(types, ", ")[1:] {
				places = append(places, fmt.Sprintf("$%d", i+2))
				arguments = append(arguments, map[string]any{"jsonb": argument, "uuid": nobodys, "text": text, "integer": 1, "boolean": false, "bytea[]": "{}"}[kind])
			}
			var code *string
			if err := db.QueryRow(`SELECT api.`+name+`(`+strings.Join(places, ", ")+`) #>> '{refused,0,code}'`, arguments...).Scan(&code); err != nil || code == nil {
				continue // a fault of the client's, which commits nothing, or no refusal
			}
			events := w.list(`SELECT action || ' ' || outcome || ' ' || coalesce(code, '') || ' ' || operator || ' ' || ticket || ' ' || reason || ' ' || request_id
				FROM faren.audit_event ORDER BY event_id OFFSET $1`, before)
			if len(events) != 1 || !strings.HasSuffix(events[0], " refused "+*code+" faren_local T-1 tried "+c.RequestID.String()) {
				t.Errorf("%s is refused with %s, on record is %q", name, *code, events)
				continue
			}
			action, _, _ := strings.Cut(events[0], " ")
			delete(missing, action)
		}
	}
	// It takes a register in which a line stands twice.
	if got := slices.Sorted(maps.Keys(missing)); !slices.Equal(got, []string{"register.import"}) {
		t.Errorf("never refused: %v", got)
	}
}
