// Package load writes the SQL that fills a database with accounts, for measurements and for tests of how queries stand big tables.
package load

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// perOrganization is how many accounts of the loaded ones an organization has.
const perOrganization = 10

// SQL adds accounts, as a superuser, from number first to number last (exclusive), each with everything that a registration leaves, as copies of one that was registered by
// the steps: the columns are taken from the catalogue, so that a new one is copied as well. Of fifty accounts one has an application before staff besides,
// and each got a message. Ids are in the order of numbers, indexes are not, as in life.
// template is the unit code of the organization that has the account to copy.
func SQL(template string, first, last int) string {
	var out strings.Builder
	fmt.Fprintf(&out, `SET session_replication_role = replica; SET synchronous_commit = off; SET jit = off; SET work_mem = '64MB';
CREATE FUNCTION pg_temp.uid(n bigint, kind integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1700000000000 + n * 10), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
CREATE FUNCTION pg_temp.copies(relation text, overrides jsonb, whose text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    names text; expressions text;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), string_agg(coalesce(overrides ->> a.attname, 't.' || quote_ident(a.attname)), ', ' ORDER BY a.attnum)
    INTO names, expressions
    FROM pg_attribute a WHERE a.attrelid = ('faren.' || relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '';
    EXECUTE format('INSERT INTO faren.%%I (%%s) SELECT %%s FROM faren.%%I t, generate_series(%[1]d, %[2]d) n WHERE %%s', relation, names, expressions, relation, whose);
END $$;
`, first, last-1)
	ids := map[string]string{"org_id": fmt.Sprintf("pg_temp.uid(n - n %% %d, 1)", perOrganization)}
	for i, id := range []string{"agent_id", "credential_id", "account_id", "application_id", "verification_id"} {
		ids[id] = fmt.Sprintf("CASE WHEN t.%s IS NOT NULL THEN pg_temp.uid(n, %d) END", id, i+2)
	}
	index := func(what string) string { return "sha256(('" + what + "' || n)::bytea)" }
	with := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{ids, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	const ofTemplate = "t.org_id = %s"
	head := fmt.Sprintf(" AND n %% %d = 0", perOrganization)
	person := map[string]string{"name_index": index("name"), "document_index": index("document"), "phone_index": index("phone")}
	name := map[string]string{"username_index": index("username"), "username_display": "'load_' || n"}
	type copied struct {
		table     string
		overrides map[string]string
		whose     string
	}
	org := "(SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = '" + template + "')"
	of := fmt.Sprintf(ofTemplate, org)
	for _, c := range []copied{
		{"organization", with(map[string]string{"unit_code": "'LOAD' || lpad(n::text, 14, '0')", "name": "'示例第' || n || '有限公司'", "name_key": "'示例第' || n || '有限公司'"}), of + head},
		{"unit_code_claim", with(map[string]string{"unit_code": "'LOAD' || lpad(n::text, 14, '0')"}), of + head},
		{"username_claim", with(name), of},
		{"agent_claim", with(person), of},
		{"phone_claim", with(person), of},
		{"agent", with(person), of},
		{"credential", with(name), of},
		{"account", with(map[string]string{"role": fmt.Sprintf("CASE WHEN n %% %d = 0 THEN t.role ELSE 'agent' END", perOrganization)}), of},
		{"application", with(name), of},
		{"application", with(map[string]string{"application_id": "pg_temp.uid(n, 20)", "username_index": index("other"), "username_display": "'other_' || n", "status": "'pending-comparison'",
			"channel": "'project'", "review_kind": "'comparison'", "account_id": "NULL::uuid", "role": "NULL::text", "decided_at": "NULL::timestamptz", "decided_by": "NULL::text",
			"submitted_at": "t.created_at + n * interval '1 millisecond'", "due_at": "t.created_at + interval '1 day' + n * interval '1 millisecond'"}), of + " AND n % 50 = 0"},
		{"verification", with(nil), of},
		{"audit_event", with(map[string]string{"subject_id": "(pg_temp.uid(n, 5))::text", "request_id": "pg_temp.uid(n, 21)"}), of},
	} {
		var pairs []string
		for k, v := range c.overrides {
			pairs = append(pairs, fmt.Sprintf("'%s', $e$%s$e$", k, v))
		}
		fmt.Fprintf(&out, "SELECT pg_temp.copies('%s', jsonb_build_object(%s), $w$%s$w$);\n", c.table, strings.Join(pairs, ", "), c.whose)
	}
	fmt.Fprintf(&out, `INSERT INTO faren.sms (org_id, sms_id, kind, agent_id, to_mask, to_index, params, application_id, status, attempts, created_at, sent_at)
		SELECT %s, pg_temp.uid(n, 22), 'approved', pg_temp.uid(n, 2), g.phone_mask, %s, '{"organization": "示例"}', pg_temp.uid(n, 5), 'sent', 1, g.created_at, g.created_at
		FROM faren.agent g, generate_series(%d, %d) n WHERE g.org_id = %s;
`, ids["org_id"], index("phone"), first, last-1, org)
	return out.String()
}

// Application is the id of the application before staff that the loaded account of a number has: one of fifty has one, others mean the one before them.
func Application(n int) uuid.UUID {
	n -= n % 50
	return uuid.MustParse(fmt.Sprintf("%012x7%03x8%015x", 1_700_000_000_000+n*10, 20, n))
}
