-- fixture_delete removes what a namespace made. wanted is {namespace, run, force, keys}: keys are those of its organizations, null all of
-- them. The result is {busy_until} while another run has the namespace, else {organizations: [{key, unit_code, made}]}: those that were there.
CREATE OR REPLACE FUNCTION api.fixture_delete(caller jsonb, wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'fixture_delete');
    space   text := wanted ->> 'namespace';
    f       faren.fixture;
    gone    jsonb;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.fixture_refusal(c, space);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'fixture.delete', 'fixture', coalesce(space, ''), NULL, refused);
    END IF;
    SELECT * INTO f FROM faren.fixture x WHERE x.namespace = space FOR UPDATE;
    IF faren.fixture_busy(f, (wanted ->> 'run')::uuid, wanted) THEN
        RETURN faren.end_look(c, jsonb_build_object('busy_until', f.claimed_until));
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('key', x.key, 'unit_code', x.unit_code, 'made', x.made) ORDER BY x.key), '[]') INTO gone
    FROM faren.fixture_organization x
    WHERE x.namespace = space AND (coalesce(jsonb_typeof(wanted -> 'keys'), 'null') = 'null' OR wanted -> 'keys' ? x.key);
    PERFORM faren.fixture_remove(space, ARRAY(SELECT g ->> 'key' FROM jsonb_array_elements(gone) g));
    DELETE FROM faren.fixture x WHERE x.namespace = space AND x.claimed_by IS DISTINCT FROM (wanted ->> 'run')::uuid
        AND NOT EXISTS (SELECT FROM faren.fixture_organization o WHERE o.namespace = space);
    IF gone = '[]' THEN
        RETURN faren.end_look(c, jsonb_build_object('organizations', gone));
    END IF;
    RETURN faren.end_call(c, 'fixture.delete', 'fixture', space, NULL, jsonb_build_object('organizations', gone),
                          jsonb_build_object('organizations', jsonb_array_length(gone)));
END
$$;
REVOKE ALL ON FUNCTION api.fixture_delete(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.fixture_delete(jsonb, jsonb) TO faren_fixture, faren_admin;

-- fixture_remove takes organizations of a namespace away with everything in them, whoever put it there: applications, accounts, sessions,
-- checks, documents, messages, claims, register entries. What stays is the audit, the kept answers of requests (policy request.retention)
-- and that a provider's token was spent. A number is forgotten, with its codes, where nobody else has it.
CREATE OR REPLACE FUNCTION faren.fixture_remove(space text, keys text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    units  text[];
    names  text[];
    drafts uuid[];
    codes  uuid[];
    orgs   uuid[];
    users  bytea[];
    phones bytea[];
BEGIN
    IF cardinality(keys) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(f.unit_code) FILTER (WHERE f.unit_code IS NOT NULL), array_agg(f.name_key) FILTER (WHERE f.name_key IS NOT NULL) INTO units, names
    FROM faren.fixture_organization f WHERE f.namespace = space AND f.key = ANY (keys);
    SELECT array_agg(u) INTO drafts FROM faren.fixture_organization f, unnest(f.applications) u WHERE f.namespace = space AND f.key = ANY (keys);
    SELECT array_agg(u) INTO codes FROM faren.fixture_organization f, unnest(f.codes) u WHERE f.namespace = space AND f.key = ANY (keys);
    -- An application without an organization is a tenant of its own, under its own id.
    orgs := ARRAY(SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = ANY (units)
        UNION SELECT k.org_id FROM faren.overseas_claim k WHERE k.name_key = ANY (names)
        UNION SELECT o.org_id FROM faren.organization o WHERE o.provisional AND o.unit_code = ANY (units)
        UNION SELECT o.org_id FROM faren.organization o WHERE o.provisional AND o.unit_code IS NULL AND o.name_key = ANY (names)
        UNION SELECT o.org_id FROM faren.organization o WHERE o.provisional AND o.org_id = ANY (drafts));
    -- Locked first, parents before children as everywhere, so that nobody puts something in between.
    PERFORM FROM faren.application x WHERE x.org_id = ANY (orgs) ORDER BY x.org_id, x.application_id FOR UPDATE;
    PERFORM FROM faren.organization x WHERE x.org_id = ANY (orgs) ORDER BY x.org_id FOR UPDATE;
    PERFORM FROM faren.account x WHERE x.org_id = ANY (orgs) ORDER BY x.org_id, x.account_id FOR UPDATE;
    PERFORM FROM faren.agent x WHERE x.org_id = ANY (orgs) ORDER BY x.org_id, x.agent_id FOR UPDATE;
    PERFORM FROM faren.credential x WHERE x.org_id = ANY (orgs) ORDER BY x.org_id, x.credential_id FOR UPDATE;
    PERFORM FROM faren.recovery x WHERE x.org_id = ANY (orgs) ORDER BY x.org_id, x.recovery_id FOR UPDATE;

    users := ARRAY(SELECT d.username_index FROM faren.credential d WHERE d.org_id = ANY (orgs)
        UNION SELECT a.username_index FROM faren.application a WHERE a.org_id = ANY (orgs) AND a.username_index IS NOT NULL);
    DELETE FROM faren.sign_in_failure x WHERE x.username_index = ANY (users)
        AND NOT EXISTS (SELECT FROM faren.username_claim k WHERE k.username_index = x.username_index AND k.org_id <> ALL (orgs));
    DELETE FROM faren.guess x WHERE x.kind = 'sign_in' AND x.subject = ANY (users)
        AND NOT EXISTS (SELECT FROM faren.username_claim k WHERE k.username_index = x.subject AND k.org_id <> ALL (orgs));
    DELETE FROM faren.guess x USING faren.recovery r WHERE x.kind = 'recovery' AND r.org_id = ANY (orgs) AND x.subject = uuid_send(r.recovery_id);
    phones := ARRAY(SELECT g.phone_index FROM faren.agent g WHERE g.org_id = ANY (orgs) AND g.phone_index IS NOT NULL
        EXCEPT SELECT g.phone_index FROM faren.agent g WHERE g.org_id <> ALL (orgs));
    DELETE FROM faren.sms_code x WHERE x.phone_index = ANY (phones);
    DELETE FROM faren.sms_number x WHERE x.phone_index = ANY (phones);
    -- Of a number that others have, too, only the codes that were asked for here.
    DELETE FROM faren.sms_code x USING faren.sms m WHERE m.org_id = ANY (codes) AND x.phone_index = m.to_index AND x.created_at = m.created_at;
    DELETE FROM faren.sms_number x USING faren.sms m WHERE m.org_id = ANY (codes) AND x.phone_index = m.to_index AND x.requested_at = m.created_at;
    DELETE FROM faren.sms x WHERE x.org_id = ANY (orgs) OR x.org_id = ANY (codes) OR x.kind = 'code' AND x.to_index = ANY (phones);

    DELETE FROM faren.session x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.verification x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.document x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.recovery_rate x USING faren.recovery r WHERE r.org_id = ANY (orgs) AND x.selector_index = r.selector_index;
    DELETE FROM faren.recovery x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.rejection x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.username_claim x WHERE x.username_index = ANY (users) AND x.org_id = ANY (orgs);
    DELETE FROM faren.phone_claim x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.agent_claim x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.application x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.account x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.credential x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.agent x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.overseas_claim x WHERE x.name_key = ANY (names) AND x.org_id = ANY (orgs);
    DELETE FROM faren.unit_code_claim x USING faren.organization o WHERE o.org_id = ANY (orgs) AND x.unit_code = o.unit_code AND x.org_id = o.org_id;
    DELETE FROM faren.organization x WHERE x.org_id = ANY (orgs);
    DELETE FROM faren.register_entry x WHERE x.unit_code = ANY (units);
    DELETE FROM faren.fixture_organization x WHERE x.namespace = space AND x.key = ANY (keys);
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_remove(text, text[]) FROM PUBLIC;
