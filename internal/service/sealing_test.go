package service_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/document/documenttest"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/service"
)

// contents is every row of every table of the database as text, and every bytea of it in clear.
func (b *bench) contents() string {
	b.t.Helper()
	rows, err := b.super.Query(`SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	var all strings.Builder
	tables := 0
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			b.t.Fatal(err)
		}
		tables++
		all.WriteString(scan[string](b, `SELECT coalesce(string_agg(x::text, E'\n'), '') FROM `+table+` x`) + "\n")
	}
	if err := rows.Err(); err != nil || tables < 20 {
		b.t.Fatalf("%d tables: %v", tables, err)
	}
	return all.String()
}

func TestNothingPersonalStandsInTheDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	r := registration(1, 2)
	r.Username, r.Agent.Email, r.Agent.Landline = "Zhang.Hidden@mail.example.com", "Zhang.Private@mail.example.com", "0571-87654321"
	representative := registration(1, 1)
	representative.Username = mobile(1)
	if _, err := b.SubmitRegistration(ctx, representative, true, nil); err != nil {
		t.Fatal(err)
	}
	a, err := b.SubmitRegistration(ctx, r, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Every use case that writes, refused ones too.
	if _, err := b.SignIn(ctx, mobile(1), password); err != nil {
		t.Fatal(err)
	}
	_, err = b.SignIn(ctx, r.Username, "Wrong1!pass")
	wantCode(t, err, "INVALID_CREDENTIALS")
	_, err = b.SubmitRegistration(ctx, r, true, nil)
	wantCode(t, err, "APPLICATION_PENDING")
	if _, err := b.RequestSMSCode(ctx, mobile(3), account.PurposeRegister); err != nil {
		t.Fatal(err)
	}
	if _, err := b.RevealedApplication(ctx, a.ID, "phone"); err != nil {
		t.Fatal(err)
	}
	const why = "材料不全 please send it again"
	if _, err := b.Reject(ctx, a.ID, why, "portal"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Reviews(ctx, service.Paging{}); err != nil {
		t.Fatal(err)
	}

	text := b.contents()
	if !strings.Contains(text, a.ID.UUID().String()) || !strings.Contains(text, "杭州测试1有限公司") {
		t.Fatal("the search does not find what stands there in clear")
	}
	folded := strings.ToLower(text)
	planted := []string{residentID(1), residentID(2), personName(1), personName(2), mobile(1), mobile(2), mobile(3), r.Username, r.Agent.Email,
		r.Agent.Landline, "87654321", password, "Wrong1!pass"}
	for _, secret := range planted {
		for form, x := range map[string]string{"in clear": secret, "as hexadecimal": hex.EncodeToString([]byte(secret)),
			"as base64": base64.StdEncoding.EncodeToString([]byte(secret))[:len(secret)/3*4], "escaped": strings.Trim(fmt.Sprintf("%+q", secret), `"`)} {
			if strings.Contains(folded, strings.ToLower(x)) {
				t.Errorf("%q stands in the database %s", secret, form)
			}
		}
	}
}

// sealedPlaces is every sealed column with the key of its row.
var sealedPlaces = map[string]struct {
	row     string
	columns []string
}{
	"agent":          {"agent_id", []string{"name", "document", "phone", "email", "landline", "ethnic_group"}},
	"document":       {"document_id", []string{"content"}},
	"credential":     {"credential_id", []string{"username"}},
	"register_entry": {"unit_code", []string{"representative", "document"}},
	"sms":            {"sms_id", []string{"to", "params"}},
	"verification":   {"verification_id", []string{"evidence", "secret"}},
}

func TestSealedFieldsOpenAtTheirPlaceOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	r := registration(1, 2)
	r.Agent.Email, r.Agent.Landline = "zhang.private@mail.example.com", "0571-87654321"
	if _, err := b.SubmitRegistration(ctx, r, true, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.RequestSMSCode(ctx, mobile(3), account.PurposeRegister); err != nil {
		t.Fatal(err)
	}
	pgtest.On(t, b.super, workday)
	if _, err := b.SubmitRegistration(ctx, project(4), true, pictures); err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Load(b.db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	leaf := b.signInWithCertificate(1)
	places := scan[int](b, `SELECT count(*) FROM information_schema.columns WHERE table_schema = 'faren' AND column_name LIKE '%_sealed' AND table_name <> 'register_staging'`)
	opened := map[string]string{}
	for table, place := range sealedPlaces {
		places -= len(place.columns)
		for _, column := range place.columns {
			rows, err := b.super.Query(`SELECT ` + place.row + `::text, ` + column + `_sealed FROM faren.` + table + ` WHERE ` + column + `_sealed IS NOT NULL`)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var key string
				var sealed []byte
				if err := rows.Scan(&key, &sealed); err != nil {
					t.Fatal(err)
				}
				plain, err := keys.Open(sealed, seal.AAD{Table: table, Row: key, Column: column})
				if err != nil {
					t.Errorf("%s.%s: %v", table, column, err)
				}
				opened[table+"."+column] += string(plain) + " "
				for _, elsewhere := range []seal.AAD{{Table: table + "x", Row: key, Column: column}, {Table: table, Row: uuid.NewString(), Column: column}, {Table: table, Row: key, Column: column + "x"}} {
					if _, err := keys.Open(sealed, elsewhere); err == nil {
						t.Errorf("%s.%s opens at %v", table, column, elsewhere)
					}
				}
				if bytes.Contains(sealed, plain) {
					t.Errorf("%s.%s is not sealed", table, column)
				}
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if places != 0 {
		t.Errorf("%d sealed columns are not looked at", places)
	}
	for place, want := range map[string]string{"agent.name": personName(2), "agent.document": residentID(2), "agent.phone": mobile(2), "agent.email": r.Agent.Email,
		"agent.landline": r.Agent.Landline, "agent.ethnic_group": "01", "document.content": string(documenttest.Page(1)), "credential.username": r.Username, "register_entry.representative": personName(1),
		"register_entry.document": residentID(1), "sms.to": mobile(3), "sms.params": `"code":"`, "verification.evidence": leaf} {
		if !strings.Contains(opened[place], want) {
			t.Errorf("%s holds %q, want %q in it", place, opened[place], want)
		}
	}
}

func TestRevealGivesTheFieldAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	r := registration(1, 2)
	r.Agent.Landline = "0571-87654321"
	a, err := b.SubmitRegistration(ctx, r, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{"name": personName(2), "document_number": residentID(2), "phone": mobile(2), "landline": "0571-87654321", "username": r.Username} {
		got, err := b.RevealedApplication(ctx, a.ID, field)
		if err != nil {
			t.Errorf("%s: %v", field, err)
			continue
		}
		shown := map[string]string{"name": got.Agent.Name, "document_number": got.Agent.DocumentNumber, "phone": got.Agent.Phone, "landline": *got.Agent.Landline, "username": *got.Username}
		for other, value := range shown {
			if other != "username" && (value == want) != (other == field) {
				t.Errorf("revealing %s shows %s as %q", field, other, value)
			}
		}
		if n := scan[int](b, `SELECT count(*) FROM faren.audit_event WHERE action = 'reveal' AND outcome = 'done' AND reason = 'a test' AND details ->> 'field' = $1`, field); n != 1 {
			t.Errorf("%s: %d events", field, n)
		}
	}
	_, err = b.RevealedApplication(ctx, a.ID, "email")
	wantCode(t, err, "FIELD_EMPTY")
	without := open(t, b.db, func(o *service.Options) { o.Reason = "" })
	_, err = without.RevealedApplication(ctx, a.ID, "phone")
	wantCode(t, err, "REASON_REQUIRED")
	b.exec(`UPDATE faren.setting SET environment = 'production'`)
	code, err := b.RequestSMSCode(ctx, mobile(3), account.PurposeRegister)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Message(ctx, code.ID, "text")
	wantCode(t, err, "CODE_REVEAL_REFUSED")
	if m, err := b.Message(ctx, code.ID, ""); err != nil || !strings.Contains(m.Text, "******") || strings.Contains(m.To, mobile(3)) {
		t.Errorf("the message as lists show it: %+v, %v", m, err)
	}
}

func TestUserNamesThatArePersonalAreMasked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	for username, want := range map[string]string{mobile(2): "139****0002", "Zhang.Hidden@mail.example.com": "Zha***@mail.example.com", "Plain_Name1": "Plain_Name1"} {
		n := 10 + len(want)
		if username == mobile(2) {
			n = 2
		}
		r := registration(1, n)
		r.Username = username
		a, err := b.SubmitRegistration(context.Background(), r, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		if *a.Username != want {
			t.Errorf("%q is shown as %q, want %q", username, *a.Username, want)
		}
		id, err := b.FindApplication(context.Background(), strings.ToUpper(username), "")
		if err != nil || id != a.ID {
			t.Errorf("looking up %q: %s, %v, want %s", username, id, err, a.ID)
		}
	}
	all, err := b.Applications(context.Background(), service.ApplicationQuery{})
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%+v", all)
	for _, a := range all.Items {
		shown += *a.Username + a.Agent.Name + a.Agent.Phone + a.Agent.DocumentNumber
	}
	for _, secret := range []string{mobile(2), "Hidden", personName(2), residentID(2)} {
		if strings.Contains(shown, secret) {
			t.Errorf("the list shows %q", secret)
		}
	}
}

func TestPasswordAdviceFollowsThePolicy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	r := registration(1, 2)
	r.Agent.Name, r.Password = "张三", "Zhang_San88"
	a, err := b.SubmitRegistration(ctx, r, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Warnings) == 0 || a.Warnings[len(a.Warnings)-1] != (account.Warning{Code: "PASSWORD_ADVICE", Found: "name-pinyin"}) {
		t.Errorf("warnings under the policy warn: %v", a.Warnings)
	}
	b.exec(`UPDATE faren.policy SET value = 'strict' WHERE name = 'password.advice'`)
	strict := open(t, b.db, nil)
	for name, change := range map[string]func(*account.UserForm){
		"name-pinyin": func(f *account.UserForm) { f.Agent.Name = "李小龙"; f.Password = "Xiaolong_Li1" },
		"mobile":      func(f *account.UserForm) { f.Password = "Ab!" + f.Agent.Phone },
		"landline":    func(f *account.UserForm) { f.Agent.Landline, f.Password = "0571-87654321", "Ab!87654321" },
		"birth-date":  func(f *account.UserForm) { f.Password = "Ab!" + f.Agent.DocumentNumber[6:14] },
	} {
		r := registration(1, 3)
		change(&r.UserForm)
		_, err := strict.SubmitRegistration(ctx, r, true, nil)
		f := wantCode(t, err, "PASSWORD_WEAK")
		if got := fmt.Sprint(f.Details["broken"]); got != "["+name+"]" {
			t.Errorf("%s: broken %s", name, got)
		}
	}
	if _, err := strict.SubmitRegistration(ctx, registration(1, 4), true, nil); err != nil {
		t.Errorf("a good password under the policy strict: %v", err)
	}
}
