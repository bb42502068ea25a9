package postgres_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// sealedScans are the contents that go beside documents.
func sealedScans(documents []postgres.SealedDocument) pq.ByteaArray {
	all := pq.ByteaArray{}
	for _, d := range documents {
		all = append(all, d.Content)
	}
	return all
}

// employee is hz's agent with an account, beside the legal representative, who is signed in.
func (w *world) employee(t testing.TB) (account.AccountID, func() postgres.Caller) {
	t.Helper()
	w.submitted(1, 1, someone(1))
	reviewer := w.signIn(someone(1))
	id := w.submitted(1, 1, someone(2)).ID
	w.passReview(t, id, reviewer)
	a, err := w.store.DecideApplication(context.Background(), reviewer(), id, decisionOf("approve"))
	if err != nil {
		t.Fatal(chain(err))
	}
	return *a.AccountID, reviewer
}

func (w *world) recovery(t testing.TB) account.RecoveryID {
	t.Helper()
	w.submitted(1, 1, someone(1))
	id := must(account.NewRecoveryID())
	if _, err := w.store.StartRecovery(context.Background(), w.caller(), postgres.RecoverySelector{RecoveryID: id.UUID(), Method: "username",
		UsernameIndex: w.keys.Index("username", someone(1).username), SelectorIndex: w.keys.Index("recovery", "x")}); err != nil {
		t.Fatal(chain(err))
	}
	return id
}

func (w *world) coded(t testing.TB) account.RecoveryID {
	t.Helper()
	id := w.recovery(t)
	if _, err := w.store.RequestRecoveryCode(context.Background(), w.caller(), postgres.RecoveryCode{RecoveryID: id.UUID(), SMSID: uuid.New(),
		ParamsSealed: []byte{1}, Proof: w.keys.CodeProof("recover", id.String(), "123456")}); err != nil {
		t.Fatal(chain(err))
	}
	return id
}

// signing is a sign-in of an organization of the register, by a person without a phone.
func (w *world) signing(n int, p person) postgres.OrganizationSignIn {
	w.register(n, someone(1))
	agent := w.user(p).Agent
	agent.PhoneMask, agent.PhoneIndex, agent.PhoneSealed = nil, nil, nil
	return postgres.OrganizationSignIn{VerificationID: uuid.New(), UnitCode: unitCode(n), Agent: agent, Provider: "certificate", Reference: "nonce"}
}

func (w *world) opened(t testing.TB, signing postgres.OrganizationSignIn) account.VerificationID {
	t.Helper()
	v, err := w.store.OpenSignIn(context.Background(), w.caller(), signing)
	if err != nil {
		t.Fatal(chain(err))
	}
	return v.ID
}

// What a document of the manual channels, of the care of accounts and of recovery lacks, no function does without.
func TestLaterCallWithoutWhatItNeedsNeverSucceeds(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, w *world) guarded{
		"start_manual_application, overseas": func(_ *testing.T, w *world) guarded {
			a := w.opening(abroad(1), someone(2))
			return guarded{query: `SELECT api.start_manual_application($1, $2, $3)`, args: []any{sealedScans(a.Documents)}, document: a,
				optional: []string{"code_proof", "agent.landline_mask", "agent.landline_sealed"}}
		},
		"start_manual_application, project, with an SMS code": func(t *testing.T, w *world) guarded {
			w.requestCode(t, someone(2).phone)
			a := w.opening(site(1), someone(2))
			a.Sandbox, a.CodeProof = false, w.keys.CodeProof("register", someone(2).phone, "123456")
			return guarded{query: `SELECT api.start_manual_application($1, $2, $3)`, args: []any{sealedScans(nil)}, document: a,
				optional: []string{"name", "name_key", "sandbox", "documents", "agent.landline_mask", "agent.landline_sealed", "agent.email_mask", "agent.email_sealed"}}
		},
		"record_unit, project code": func(_ *testing.T, w *world) guarded {
			unit := site(1).proven()
			return guarded{query: `SELECT api.record_unit($1, $3, $2, $4)`, args: []any{w.passed(site(1), someone(2)).UUID(), sealedScans(unit.Documents)}, document: unit}
		},
		"record_unit, USCC": func(_ *testing.T, w *world) guarded {
			unit := w.licensed(7).proven()
			return guarded{query: `SELECT api.record_unit($1, $3, $2, $4)`, args: []any{w.passed(site(1), someone(2)).UUID(), sealedScans(unit.Documents)}, document: unit}
		},
		"submit_for_comparison": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.submit_for_comparison($1, $3, $2)`, args: []any{w.ready(abroad(1), someone(2)).UUID()},
				document: w.comparison(someone(2)), optional: []string{"advice", "username_phone_index"}}
		},
		"submit_for_comparison of a user name that is a mobile": func(_ *testing.T, w *world) guarded {
			c := w.comparison(someone(2))
			c.UsernamePhoneIndex = w.keys.Index("phone", someone(2).phone)
			return guarded{query: `SELECT api.submit_for_comparison($1, $3, $2)`, args: []any{w.ready(site(1), someone(2)).UUID()},
				document: c, optional: []string{"advice", "username_phone_index", "issued_code"}}
		},
		"decide_application to reject a comparison": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.decide_application($1, $3, $2)`, args: []any{w.compared(abroad(1), someone(2)).ID.UUID()},
				document: decisionOf("reject"), optional: []string{"verification_id", "params_sealed", "channel"}}
		},
		"decide_application to approve a comparison": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.decide_application($1, $3, $2)`, args: []any{w.compared(abroad(1), someone(2)).ID.UUID()},
				document: decisionOf("approve"), optional: []string{"reason", "verification_id", "params_sealed", "channel"}}
		},
		"import_calendar": func(_ *testing.T, _ *world) guarded {
			return guarded{query: `SELECT api.import_calendar($1, $2)`, document: []account.CalendarDay{{Date: "2027-01-01", Type: "off", Name: "元旦"}}}
		},
		"make_captcha": func(_ *testing.T, _ *world) guarded {
			return guarded{query: `SELECT api.make_captcha($1, $2)`, document: map[string]any{"captcha_id": uuid.New(), "proof": "01"}}
		},
		"set_account_status": func(t *testing.T, w *world) guarded {
			id, reviewer := w.employee(t)
			return guarded{query: `SELECT api.set_account_status($1, $3, $2)`, args: []any{id.UUID()}, caller: w.inSession(reviewer),
				document: postgres.StatusChange{Status: "deactivated", SMSID: uuid.New()}, optional: []string{"force"}}
		},
		"set_account_role": func(t *testing.T, w *world) guarded {
			id, reviewer := w.employee(t)
			return guarded{query: `SELECT api.set_account_role($1, $3, $2)`, args: []any{id.UUID()}, caller: w.inSession(reviewer),
				document: postgres.RoleChange{Role: "administrator", SMSID: uuid.New()}}
		},
		"add_agent": func(t *testing.T, w *world) guarded {
			_, reviewer := w.employee(t)
			return guarded{query: `SELECT api.add_agent($1, $2)`, caller: w.inSession(reviewer),
				document: postgres.NewAgent{AccountID: uuid.New(), NewUser: w.user(someone(3)), SMSID: uuid.New()},
				optional: []string{"advice", "code_proof", "agent.email_mask", "agent.email_sealed", "agent.landline_mask", "agent.landline_sealed"}}
		},
		"update_agent of the contact": func(t *testing.T, w *world) guarded {
			id, reviewer := w.employee(t)
			mask := "*"
			return guarded{query: `SELECT api.update_agent($1, $3, $2)`, args: []any{id.UUID()}, caller: w.inSession(reviewer),
				document: postgres.AgentUpdate{Sandbox: true, SMSID: uuid.New(), Agent: postgres.SealedContact{AgentID: must(w.store.AccountAgent(context.Background(), id)),
					PhoneMask: &mask, PhoneIndex: w.keys.Index("phone", someone(9).phone), PhoneSealed: []byte{1}}},
				optional: []string{"new_person", "code_proof", "agent.phone_index", "agent.email_mask", "agent.email_sealed", "agent.landline_mask", "agent.landline_sealed",
					"agent.ethnic_group_sealed"}}
		},
		"update_agent of the person": func(t *testing.T, w *world) guarded {
			id, reviewer := w.employee(t)
			return guarded{query: `SELECT api.update_agent($1, $3, $2)`, args: []any{id.UUID()}, caller: w.inSession(reviewer),
				document: postgres.AgentUpdate{Sandbox: true, NewPerson: true, SMSID: uuid.New(), Agent: w.user(someone(3)).Agent},
				optional: []string{"code_proof", "agent.email_mask", "agent.email_sealed", "agent.landline_mask", "agent.landline_sealed"}}
		},
		"start_verification of an account's agent": func(t *testing.T, w *world) guarded {
			_, reviewer := w.employee(t)
			id := uuid.New()
			if _, err := w.store.AddAgent(context.Background(), reviewer(), postgres.NewAgent{AccountID: id, NewUser: w.user(someone(3)), SMSID: uuid.New()}); err != nil {
				t.Fatal(chain(err))
			}
			return guarded{query: `SELECT api.start_verification($1, $2)`, document: map[string]any{"verification_id": uuid.New(), "purpose": "agent",
				"account_id": id, "provider": "sandbox", "reference": "r", "qr_uri": "q"}}
		},
		"start_recovery": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.start_recovery($1, $2)`, document: map[string]any{"recovery_id": uuid.New(), "method": "phone",
				"phone_index": "01", "unit_code": "x", "selector_index": "01"}, optional: []string{"phone_index", "unit_code"}}
		},
		"start_verification of a recovery": func(t *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.start_verification($1, $2)`, document: map[string]any{"verification_id": uuid.New(), "purpose": "recover",
				"recovery_id": w.recovery(t).UUID(), "provider": "sandbox", "reference": "r", "qr_uri": "q"}}
		},
		"request_recovery_code": func(t *testing.T, w *world) guarded {
			id := w.recovery(t)
			return guarded{query: `SELECT api.request_recovery_code($1, $2)`, document: postgres.RecoveryCode{RecoveryID: id.UUID(), SMSID: uuid.New(),
				ParamsSealed: []byte{1}, Proof: w.keys.CodeProof("recover", id.String(), "123456")}}
		},
		"prove_recovery by a code": func(t *testing.T, w *world) guarded {
			id := w.coded(t)
			w.opens(map[string]any{"kind": "recovery", "recovery_id": id.UUID(), "code_proof": w.keys.CodeProof("recover", id.String(), "123456")})
			return guarded{query: `SELECT api.prove_recovery($1, $3, $2)`, args: []any{id.UUID()},
				document: postgres.RecoveryProof{CodeProof: w.keys.CodeProof("recover", id.String(), "123456")}, optional: []string{"verification_id"}}
		},
		"reset_password": func(t *testing.T, w *world) guarded {
			id := w.coded(t)
			if _, err := w.store.ProveRecovery(context.Background(), w.caller(), id, postgres.RecoveryProof{CodeProof: w.keys.CodeProof("recover", id.String(), "123456")}); err != nil {
				t.Fatal(chain(err))
			}
			return guarded{query: `SELECT api.reset_password($1, $3, $2)`, args: []any{id.UUID()}, document: postgres.NewPassword{Params: json.RawMessage(`{"scheme": "argon2id"}`),
				Salt: make([]byte, 16), Derived: make([]byte, 32), SMSID: uuid.New()}, optional: []string{"advice"}}
		},
		"claim_messages": func(t *testing.T, w *world) guarded {
			w.requestCode(t, someone(2).phone)
			return guarded{query: `SELECT api.claim_messages($1, $2)`, document: map[string]any{"limit": 1, "request_id": uuid.New()}, optional: []string{"request_id"}}
		},
		"settle_messages": func(t *testing.T, w *world) guarded {
			w.requestCode(t, someone(2).phone)
			claim := w.claim(t, 1)
			return guarded{query: `SELECT api.settle_messages($1, $2)`, document: map[string]any{"claim_id": claim.ID, "results": []any{
				map[string]any{"sms_id": claim.Messages[0].ID, "outcome": "sent"}}}}
		},
		"set_clock": func(_ *testing.T, _ *world) guarded {
			return guarded{query: `SELECT api.set_clock($1, $2)`, document: map[string]any{"set": "2026-03-01T00:00:00Z"}}
		},
		"set_clock by seconds": func(_ *testing.T, _ *world) guarded {
			return guarded{query: `SELECT api.set_clock($1, $2)`, document: map[string]any{"advance_seconds": 5}}
		},
		"open_sign_in": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.open_sign_in($1, $2)`, document: w.signing(1, someone(4)), optional: []string{"agent.phone_mask", "agent.phone_index",
				"agent.phone_sealed", "agent.email_mask", "agent.email_sealed", "agent.landline_mask", "agent.landline_sealed"}}
		},
		"complete_verification of a certificate": func(t *testing.T, w *world) guarded {
			v := w.opened(t, w.signing(1, someone(4)))
			return guarded{query: `SELECT api.complete_verification($1, $3, 'passed', $2)`, args: []any{v.UUID()},
				document: map[string]any{"unit_code": unitCode(1), "evidence_sealed": "01"}}
		},
		"sign_in_organization": func(t *testing.T, w *world) guarded {
			v := w.opened(t, w.signing(1, someone(4)))
			if _, err := w.store.CompleteVerification(context.Background(), w.caller(), v, account.Passed, &postgres.SeenPerson{UnitCode: unitCode(1), Evidence: []byte{1}}); err != nil {
				t.Fatal(chain(err))
			}
			return guarded{query: `SELECT api.sign_in_organization($1, $2)`, document: postgres.OrganizationAttempt{VerificationID: v.UUID(), SessionID: uuid.New(), TokenHash: make([]byte, 32)}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newOffice(t)
			w.needsAll(t, prepare(t, w))
		})
	}
}

// Documents without their contents, or with too few of them, are not taken.
func TestDocumentsWithoutTheirContentsAreNotTaken(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	a := w.opening(abroad(1), someone(2))
	text := string(must(json.Marshal(a)))
	db := w.local()
	for name, contents := range map[string]any{"null": nil, "none": pq.ByteaArray{}, "one of two": pq.ByteaArray{{1}}, "one null": pq.ByteaArray{{1}, nil}} {
		if ok, told := accepts(t, db, `SELECT api.start_manual_application($1, $2, $3)`, w.callerJSON(), text, contents); ok {
			t.Errorf("%s: taken: %s", name, told)
		}
	}
}
