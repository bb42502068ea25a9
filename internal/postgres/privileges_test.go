package postgres_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/postgres"
)

// The role sets of the matrix. A reviewer may what support may, an admin what registrar and reviewer may.
var (
	everybody  = []string{"faren_registrar", "faren_support", "faren_reviewer", "faren_admin", "faren_auditor", "faren_fixture"}
	registrars = []string{"faren_registrar", "faren_admin"}
	lookers    = []string{"faren_registrar", "faren_support", "faren_reviewer", "faren_admin"}
	deciders   = []string{"faren_registrar", "faren_reviewer", "faren_admin"}
	reviewers  = []string{"faren_reviewer", "faren_admin"}
	admins     = []string{"faren_admin"}
	auditors   = []string{"faren_admin", "faren_auditor"}
	nobody     = []string{}
)

// functionMatrix is who may execute what.
var functionMatrix = map[string][]string{
	"api.diagnose(jsonb)":                                   lookers,
	"api.find_accounts(jsonb)":                              lookers,
	"api.set_account_role(jsonb, uuid, jsonb)":              deciders,
	"api.set_account_status(jsonb, uuid, jsonb)":            deciders,
	"api.timeline(jsonb, jsonb)":                            lookers,
	"api.unlock_account(jsonb, uuid)":                       []string{"faren_support", "faren_reviewer", "faren_admin"},
	"api.start_recovery(jsonb, jsonb)":                      registrars,
	"api.look_at_recovery(jsonb, uuid)":                     registrars,
	"api.request_recovery_code(jsonb, jsonb)":               registrars,
	"api.prove_recovery(jsonb, uuid, jsonb)":                registrars,
	"api.reset_password(jsonb, uuid, jsonb)":                registrars,
	"api.add_agent(jsonb, jsonb)":                           registrars,
	"api.update_agent(jsonb, uuid, jsonb)":                  deciders,
	"api.make_captcha(jsonb, jsonb)":                        registrars,
	"api.certify_organization(jsonb, jsonb)":                registrars,
	"api.audit_state()":                                     everybody,
	"api.review_stats(jsonb)":                               lookers,
	"api.sms_stats(jsonb)":                                  lookers,
	"api.claim_messages(jsonb, jsonb)":                      registrars,
	"api.settle_messages(jsonb, jsonb)":                     registrars,
	"api.retry_message(jsonb, uuid)":                        []string{"faren_support", "faren_reviewer", "faren_admin"},
	"api.check_registration(jsonb)":                         lookers,
	"api.check_organization(jsonb)":                         registrars,
	"api.comparison_queue(jsonb)":                           lookers,
	"api.complete_verification(jsonb, uuid, text, jsonb)":   registrars,
	"api.create_user(jsonb, uuid, jsonb)":                   registrars,
	"api.current_session(jsonb)":                            registrars,
	"api.decide_application(jsonb, uuid, jsonb)":            deciders,
	"api.expire_applications(jsonb, integer)":               lookers,
	"api.earlier_answer(jsonb, text)":                       registrars,
	"api.find_applications(jsonb)":                          lookers,
	"api.has_reviewer(uuid)":                                lookers,
	"api.application_documents(uuid, uuid)":                 lookers,
	"api.keep_selection(jsonb, jsonb)":                      lookers,
	"api.import_calendar(jsonb, jsonb)":                     admins,
	"api.merge_register(jsonb, uuid, boolean)":              admins,
	"api.read_document(jsonb, uuid, text)":                  reviewers,
	"api.record_unit(jsonb, uuid, jsonb, bytea[])":          registrars,
	"api.request_sms_code(jsonb, jsonb)":                    registrars,
	"api.resolve_verification(jsonb, uuid, text)":           reviewers,
	"api.resubmit_application(jsonb, uuid, jsonb, bytea[])": registrars,
	"api.request_reveal(jsonb, jsonb)":                      reviewers,
	"api.request_document(jsonb, uuid, text)":               reviewers,
	"api.find_messages(jsonb)":                              lookers,
	"api.message_state(uuid)":                               lookers,
	"api.code_limits(jsonb)":                                lookers,
	"api.reveal(jsonb, jsonb)":                              reviewers,
	"api.review_queue(jsonb, jsonb)":                        registrars,
	"api.register_batch(jsonb, jsonb, boolean)":             registrars,
	"api.revoke_session(jsonb, uuid)":                       lookers,
	"api.set_policy(jsonb, text, text)":                     admins,
	"api.open_sign_in(jsonb, jsonb)":                        registrars,
	"api.set_clock(jsonb, jsonb)":                           {"faren_admin", "faren_fixture"},
	"api.fixture_open(jsonb, jsonb)":                        {"faren_admin", "faren_fixture"},
	"api.fixture_finish(jsonb, jsonb)":                      {"faren_admin", "faren_fixture"},
	"api.fixture_close(jsonb, text, uuid)":                  {"faren_admin", "faren_fixture"},
	"api.fixture_delete(jsonb, jsonb)":                      {"faren_admin", "faren_fixture"},
	"api.claim_poll(jsonb, uuid)":                           registrars,
	"api.answer_poll(jsonb, uuid, boolean)":                 registrars,
	"api.sign_in(jsonb, jsonb)":                             registrars,
	"api.sign_in_challenge(uuid)":                           registrars,
	"api.sign_in_organization(jsonb, jsonb)":                registrars,
	"api.verification_evidence(jsonb, uuid)":                reviewers,
	"api.sign_in_parameters(text)":                          registrars,
	"api.sign_out(jsonb)":                                   registrars,
	"api.start_manual_application(jsonb, jsonb, bytea[])":   registrars,
	"api.start_verification(jsonb, jsonb)":                  registrars,
	"api.submit_for_comparison(jsonb, uuid, jsonb)":         registrars,
	"api.withdraw_application(jsonb, uuid)":                 registrars,
	"api.audit_settled()":                                   auditors,
	"api.audit_evidence(uuid, integer)":                     {"faren_reviewer", "faren_admin", "faren_auditor"},
	"api.sealing_keys()":                                    admins,
	"api.rotate_key(jsonb, text, boolean)":                  admins,
	"api.retire_key(jsonb, text)":                           admins,
	"api.begin_resealing(jsonb)":                            admins,
	"api.reseal(jsonb, uuid, jsonb)":                        admins,

	"faren.demand_strong(faren.caller, jsonb)":         nobody,
	"faren.is_weak(faren.caller, jsonb)":               nobody,
	"faren.fixture_busy(faren.fixture, uuid, jsonb)":   nobody,
	"faren.fixture_plan(text, jsonb)":                  nobody,
	"faren.fixture_promise(faren.caller, text, jsonb)": nobody,
	"faren.fixture_refusal(faren.caller, text)":        nobody,
	"faren.fixture_remove(text, text[])":               nobody,
	"faren.fixture_state(jsonb)":                       nobody,
	"faren.fixture_taken(text, jsonb)":                 nobody,
	"faren.fixture_until(jsonb)":                       nobody,

	"faren.key_name(text)":                     nobody,
	"faren.key_of(bytea)":                      nobody,
	"faren.key_use()":                          nobody,
	"faren.outdated_refusal(text)":             nobody,
	"faren.sealed_places()":                    nobody,
	"faren.sealed_row(text, text, text, text)": nobody,
	"faren.reseal_value(integer, uuid, text, text, bytea, bytea, bytea)":               nobody,
	"faren.values_to_reseal(integer, jsonb, integer, bytea, timestamp with time zone)": nobody,

	"faren.account_findings(jsonb, jsonb, timestamp with time zone)":                                                     nobody,
	"faren.application_findings(jsonb, timestamp with time zone)":                                                        nobody,
	"faren.face_checks_begun(uuid, text, uuid, uuid, uuid, date)":                                                        nobody,
	"faren.finding(text, text, uuid, text, uuid, text, uuid, timestamp with time zone, timestamp with time zone, jsonb)": nobody,
	"faren.message_findings(jsonb, jsonb, timestamp with time zone)":                                                     nobody,
	"faren.candidates_of(jsonb, jsonb, timestamp with time zone)":                                                        nobody,
	"faren.holders_json(jsonb, uuid[], uuid[])":                                                                          nobody,
	"faren.obstacle_findings(jsonb, timestamp with time zone)":                                                           nobody,
	"faren.organization_findings(jsonb, jsonb, timestamp with time zone)":                                                nobody,
	"faren.people(jsonb)":                                                              nobody,
	"faren.record_ids(jsonb, text)":                                                    nobody,
	"faren.unproven_sign_ins(uuid, date)":                                              nobody,
	"faren.verification_findings(jsonb, timestamp with time zone)":                     nobody,
	"faren.concerned(jsonb, integer)":                                                  nobody,
	"faren.sign_in_subject(bytea)":                                                     nobody,
	"faren.audit_message(faren.caller, faren.sms, text, text)":                         nobody,
	"faren.organizations_of(text)":                                                     nobody,
	"faren.account_json(uuid)":                                                         nobody,
	"faren.claimed_messages(uuid, interval, integer, integer)":                         nobody,
	"faren.clear_register_staging(uuid, name)":                                         nobody,
	"faren.clock_json()":                                                               nobody,
	"faren.lock_message(uuid)":                                                         nobody,
	"faren.care_refusal(faren.caller, faren.account, boolean)":                         nobody,
	"faren.lock_account(uuid)":                                                         nobody,
	"faren.recoverable_account(jsonb)":                                                 nobody,
	"faren.recovery_json(uuid)":                                                        nobody,
	"faren.lock_recovery(uuid)":                                                        nobody,
	"faren.unproven_refusal(faren.caller, faren.recovery)":                             nobody,
	"faren.code_free_at(timestamp with time zone[])":                                   nobody,
	"faren.number_may_have_code(faren.caller, bytea)":                                  nobody,
	"faren.by_reviewer(jsonb)":                                                         nobody,
	"faren.candidate_agent(uuid, uuid)":                                                nobody,
	"faren.check_captcha(faren.caller)":                                                nobody,
	"faren.spend_captcha(faren.caller)":                                                nobody,
	"faren.activate_account(faren.caller, faren.application, text)":                    nobody,
	"faren.add_documents(faren.caller, faren.application, jsonb, bytea[])":             nobody,
	"faren.applicant_may_look(text)":                                                   nobody,
	"faren.application_json(uuid)":                                                     nobody,
	"faren.audit(faren.caller, text, text, text, uuid, text, text, jsonb)":             nobody,
	"faren.audit_all(faren.caller, text, text, text, text[], uuid[], text[], jsonb[])": nobody,
	"faren.keep_answer(faren.caller, jsonb)":                                           nobody,
	"faren.obstacle_lists(jsonb, timestamp with time zone)":                            nobody,
	"faren.batch_rows(jsonb)":                                                          nobody,
	"faren.certifications(jsonb)":                                                      nobody,
	"faren.insert_batch(faren.caller, faren.batch_row[], boolean)":                     nobody,
	"faren.is_representative(text, bytea, text, bytea)":                                nobody,
	"faren.begin_call(jsonb, text)":                                                    nobody,
	"faren.candidate_of(faren.application, uuid)":                                      nobody,
	"faren.certification(jsonb)":                                                       nobody,
	"faren.check_code(faren.caller, bytea, text, bytea)":                               nobody,
	"faren.check_step_code(faren.caller, bytea, text, jsonb)":                          nobody,
	"faren.claim_person(faren.caller, uuid, uuid, uuid, uuid, bytea)":                  nobody,
	"faren.claim_request(faren.caller, text)":                                          nobody,
	"faren.claim_username(faren.caller, uuid, uuid, uuid, bytea)":                      nobody,
	"faren.comparison_due(timestamp with time zone)":                                   nobody,
	"faren.comparison_refusal(faren.caller, faren.application)":                        nobody,
	"faren.document_kinds(text)":                                                       nobody,
	"faren.document_refusal(text, jsonb, boolean)":                                     nobody,
	"faren.end_application(faren.caller, faren.application, text)":                     nobody,
	"faren.end_call(faren.caller, text, text, text, uuid, jsonb, jsonb)":               nobody,
	"faren.end_look(faren.caller, jsonb)":                                              nobody,
	"faren.enter_comparison(faren.caller, faren.application)":                          nobody,
	"faren.fill_register(uuid, name, timestamp with time zone)":                        nobody,
	"faren.inactive_organization(text)":                                                nobody,
	"faren.insert_agent(faren.caller, uuid, jsonb)":                                    nobody,
	"faren.insert_credential(faren.caller, uuid, jsonb)":                               nobody,
	"faren.is_blank(text)":                                                             nobody,
	"faren.is_manual(text)":                                                            nobody,
	"faren.is_own_agent(faren.caller, uuid, uuid)":                                     nobody,
	"faren.is_open(text)":                                                              nobody,
	"faren.is_reviewer(text)":                                                          nobody,
	"faren.is_working_day(date)":                                                       nobody,
	"faren.known_organization(faren.organization)":                                     nobody,
	"faren.lock_application(faren.caller, uuid)":                                       nobody,
	"faren.lock_verification(faren.caller, uuid)":                                      nobody,
	"faren.move_application(faren.application, uuid)":                                  nobody,
	"faren.obstacles_of(jsonb, timestamp with time zone)":                              nobody,
	"faren.open_application(faren.caller, jsonb)":                                      nobody,
	"faren.policy_count(text)":                                                         nobody,
	"faren.policy_interval(text)":                                                      nobody,
	"faren.queue_sms(faren.caller, uuid, uuid, text, uuid, uuid, jsonb, bytea)":        nobody,
	"faren.refusal(text, jsonb)":                                                       nobody,
	"faren.refuse(faren.caller, text, text, text, uuid, jsonb)":                        nobody,
	"faren.refuse_commit()":                                                            nobody,
	"faren.refuse_audit_change()":                                                      nobody,
	"faren.registration_obstacles(jsonb, timestamp with time zone)":                    nobody,
	"faren.revealable(text, uuid, text)":                                               nobody,
	"faren.grant_look(faren.caller, text, uuid, text)":                                 nobody,
	"faren.use_grant(faren.caller, text, uuid, text)":                                  nobody,
	"faren.find_document(uuid, text)":                                                  nobody,
	"faren.code_json(faren.sms, faren.sms_code, timestamp with time zone)":             nobody,
	"faren.release_claims(faren.application)":                                          nobody,
	"faren.release_person(faren.application)":                                          nobody,
	"faren.review_refusal(faren.caller, faren.application)":                            nobody,
	"faren.sealed_field(text, uuid, text, bytea)":                                      nobody,
	"faren.session_json(uuid)":                                                         nobody,
	"faren.settle_comparison(faren.caller, faren.application, boolean, uuid, bytea)":   nobody,
	"faren.settle_organization(faren.caller, faren.organization, text)":                nobody,
	"faren.settle_verification(faren.caller, faren.verification, text, text, text)":    nobody,
	"faren.spend_code(faren.caller, bytea, uuid)":                                      nobody,
	"faren.stated_organization(faren.organization, jsonb)":                             nobody,
	"faren.strict_advice(jsonb)":                                                       nobody,
	"faren.submit_application(faren.caller, faren.application, uuid)":                  nobody,
	"faren.unit_refusal(jsonb)":                                                        nobody,
	"faren.verification_ends(faren.caller, jsonb)":                                     nobody,
	"faren.verification_json(uuid)":                                                    nobody,
	"faren.wake(text)":                                                                 nobody,
	"faren.organizations_json(uuid[])":                                                 nobody,
	"faren.stats_period(jsonb, timestamp with time zone)":                              nobody,

	"api.add_operator(jsonb, jsonb)":                                    admins,
	"api.remove_operator(jsonb, text)":                                  admins,
	"api.set_operator_roles(jsonb, text, jsonb)":                        admins,
	"faren.begin_operators(jsonb, text)":                                nobody,
	"faren.is_last_admin(text)":                                         nobody,
	"faren.operator_json(text)":                                         nobody,
	"faren.operator_refusal(faren.caller, text, text, text[], boolean)": nobody,
	"faren.take_roles(text, text[])":                                    nobody,

	"api.open_attempt(jsonb, jsonb)":                                   registrars,
	"faren.forget_guesses(faren.caller, text, bytea, bytea)":           nobody,
	"faren.guess_proof(bytea)":                                         nobody,
	"faren.is_recorded(faren.caller, text, bytea, bytea)":              nobody,
	"faren.lock_failures(faren.caller, bytea)":                         nobody,
	"faren.open_guesses(text, bytea, bytea, timestamp with time zone)": nobody,
	"faren.record_guess(faren.caller, text, bytea, bytea)":             nobody,
	"faren.settle_guess(faren.caller, text, bytea, bytea)":             nobody,

	"faren_operator.demand(text, boolean)":                            nobody,
	"faren_operator.groups()":                                         nobody,
	"faren_operator.is_name(text)":                                    nobody,
	"faren_operator.obstacle(text, boolean)":                          nobody,
	"faren_operator.set_access(text, text, timestamp with time zone)": nobody,
	"faren_operator.set_role(text, text, boolean)":                    nobody,
	"faren_operator.shut(text, boolean)":                              nobody,
}

// viewMatrix is who may select from what.
var viewMatrix = map[string][]string{
	"api.account":        lookers,
	"api.audit_event":    auditors,
	"api.application":    lookers,
	"api.calendar_day":   lookers,
	"api.calendar_year":  lookers,
	"api.operator":       everybody,
	"api.policy":         everybody,
	"api.register_entry": lookers,
	"api.session":        lookers,
	"api.sms":            lookers,
	"api.status":         everybody,
	"api.verification":   lookers,
}

// stagingColumns are what an administrator's COPY writes: neither the operator nor anything else of the table.
var stagingColumns = []string{"document_index", "document_mask", "document_sealed", "document_type", "import_id", "line", "name", "name_key",
	"organization_code", "registration_number", "representative_index", "representative_mask", "representative_sealed", "status", "unit_code"}

const signatures = `SELECT n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')'
	FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') `

func sorted(m map[string][]string) []string { return slices.Sorted(maps.Keys(m)) }

func TestEveryFunctionIsExecutableByItsRolesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if diff := cmp.Diff(sorted(functionMatrix), slices.Sorted(slices.Values(w.list(signatures)))); diff != "" {
		t.Errorf("functions of the database (-matrix +catalogue):\n%s", diff)
	}
	for signature, want := range functionMatrix {
		got := w.list(`SELECT r FROM unnest($1::text[]) WITH ORDINALITY AS x (r, i) WHERE has_function_privilege(r, $2, 'EXECUTE') ORDER BY i`,
			"{"+strings.Join(postgres.GroupRoles(), ",")+"}", signature)
		if !slices.Equal(got, want) {
			t.Errorf("%s: executable by %v, want %v", signature, got, want)
		}
	}
	public := w.list(signatures + `AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)`)
	if len(public) > 0 {
		t.Errorf("executable by PUBLIC: %v", public)
	}
}

func TestEveryFunctionIsPinnedToItsOwnerAndPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := `NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false) ORDER BY 1`
	for name, query := range map[string]string{
		"not owned by faren_owner":    signatures + `AND p.proowner <> CASE n.nspname WHEN 'faren_operator' THEN 'faren_operators' ELSE 'faren_owner' END::regrole`,
		"api without definer rights":  signatures + `AND n.nspname = 'api' AND NOT p.prosecdef`,
		"helpers with definer rights": signatures + `AND n.nspname = 'faren' AND p.prosecdef`,
		"another search path":         signatures + `AND ` + path,
		"not PL/pgSQL":                signatures + `AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')`,
	} {
		if got := w.list(query); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestViewsAreReadableByTheirRolesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	views := w.list(`SELECT 'api.' || relname FROM pg_class WHERE relnamespace = 'api'::regnamespace AND relkind <> 'c' ORDER BY 1`)
	if diff := cmp.Diff(sorted(viewMatrix), views); diff != "" {
		t.Errorf("relations of the schema api (-matrix +catalogue):\n%s", diff)
	}
	for view, want := range viewMatrix {
		var got []string
		for _, role := range postgres.GroupRoles() {
			if scan[bool](w, `SELECT has_table_privilege($1, $2, 'SELECT')`, role, view) {
				got = append(got, role)
			}
			for _, privilege := range []string{"INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"} {
				if scan[bool](w, `SELECT has_table_privilege($1, $2, $3)`, role, view, privilege) {
					t.Errorf("%s has %s on %s", role, privilege, view)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: readable by %v, want %v", view, got, want)
		}
	}
}

func TestNoTableIsOpenToOperators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	roles := append(postgres.GroupRoles(), "public")
	for _, table := range w.tables() {
		for _, role := range roles {
			for _, privilege := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"} {
				if scan[bool](w, `SELECT has_table_privilege($1, $2, $3)`, role, table, privilege) {
					t.Errorf("%s has %s on %s", role, privilege, table)
				}
			}
			open := w.list(`SELECT a.attname || ' ' || x.p FROM pg_attribute a, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS x (p)
				WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege($2, a.attrelid, a.attnum, x.p) ORDER BY 1`, table, role)
			var want []string
			if role == "faren_admin" && table == "faren.register_staging" {
				for _, column := range stagingColumns {
					want = append(want, column+" INSERT")
				}
			}
			if !slices.Equal(open, want) {
				t.Errorf("%s: columns of %s open: %v, want %v", role, table, open, want)
			}
		}
	}
}

func TestSchemasGiveNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.list(`SELECT r || ' ' || s || ' ' || p FROM unnest($1::text[]) r, unnest(ARRAY['faren', 'api']) s, unnest(ARRAY['USAGE', 'CREATE']) p
		WHERE has_schema_privilege(r, s, p) ORDER BY 1`, "{"+strings.Join(append(postgres.GroupRoles(), "public"), ",")+"}")
	want := []string{"faren_admin api USAGE", "faren_admin faren USAGE", "faren_auditor api USAGE", "faren_fixture api USAGE",
		"faren_registrar api USAGE", "faren_reviewer api USAGE", "faren_support api USAGE"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schema privileges (-want +got):\n%s", diff)
	}
	if sequences := w.list(`SELECT s.relname || ' ' || r FROM pg_class s, unnest($1::text[]) r WHERE s.relkind = 'S' AND s.relnamespace = 'faren'::regnamespace
		AND has_sequence_privilege(r, s.oid, 'USAGE, SELECT, UPDATE')`, "{"+strings.Join(postgres.GroupRoles(), ",")+"}"); len(sequences) > 0 {
		t.Errorf("open sequences: %v", sequences)
	}
}

// What a person may not see even masked: ciphertext, verifiers, hashes and blind indexes.
func TestViewsShowNoSealedColumn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.list(`SELECT attrelid::regclass || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'api'::regnamespace AND a.attnum > 0 AND (a.atttypid = 'bytea'::regtype OR a.attname ~ '(_index|verifier|_hash|secret|salt)$')
		AND a.attname <> 'functions_hash'`); len(got) > 0 {
		t.Errorf("sealed columns in views: %v", got)
	}
}

// What the catalogue promises is what happens: every function of the schema api is called as each role. Nothing that it does is kept.
func TestEveryFunctionIsCallableByItsRolesOnly(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	for _, role := range postgres.GroupRoles() {
		conn := w.as(role)
		for signature, may := range functionMatrix {
			name, arguments, _ := strings.Cut(strings.TrimSuffix(signature, ")"), "(")
			if !strings.HasPrefix(name, "api.") {
				continue
			}
			var values []string
			for argument := range strings.SplitSeq(arguments, ", ") {
				if argument != "" {
					values = append(values, "CAST(NULL AS "+argument+")")
				}
			}
			tx, err := conn.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = tx.ExecContext(ctx, `SELECT `+name+`(`+strings.Join(values, ", ")+`)`)
			_ = tx.Rollback()
			var pqErr *pq.Error
			refused := errors.As(err, &pqErr) && pqErr.Code == "42501" && strings.HasPrefix(pqErr.Message, "permission denied for function")
			if refused == slices.Contains(may, role) {
				t.Errorf("%s as %s: %v", signature, role, err)
			}
		}
	}
}
