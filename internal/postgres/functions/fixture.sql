-- fixture_open compares what a document asks for with what its namespace has, and, where it is to be applied, claims the namespace for one
-- run, removes what is not as asked and writes down what the run is about to make, register entries included. What is as asked stays
-- untouched, and where all of it is, nothing is written. The unit is an organization with its accounts: the steps of one account lean on
-- another's. wanted is {namespace, run, claim, force, seconds, organizations: [{key, spec, unit_code | name_key, applications, codes,
-- entry}]}; entry is a row of the business register, or null. seconds is how long the claim lasts, force takes it from another run.
-- Without organizations (null) it looks at all that there is. The result is {busy_until} while another run has the namespace, else
-- {changes, organizations: [{key, unit_code, change: none | create | replace | delete, why, made}]}.
CREATE OR REPLACE FUNCTION api.fixture_open(caller jsonb, wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'fixture_open');
    space   text := wanted ->> 'namespace';
    run     uuid := (wanted ->> 'run')::uuid;
    claim   boolean := coalesce((wanted ->> 'claim')::boolean, false);
    f       faren.fixture;
    plan    jsonb;
    changes bigint;
    item    jsonb;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.fixture_refusal(c, space);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'fixture.open', 'fixture', coalesce(space, ''), NULL, refused);
    END IF;
    IF claim THEN
        -- Two runs at once queue up here. One statement makes the row or waits for its lock: between two, a deletion could remove it.
        INSERT INTO faren.fixture (namespace, created_at, updated_at) VALUES (space, c.at, c.at)
        ON CONFLICT (namespace) DO UPDATE SET namespace = excluded.namespace RETURNING * INTO f;
        IF faren.fixture_busy(f, run, wanted) THEN
            RETURN faren.end_look(c, jsonb_build_object('busy_until', f.claimed_until));
        END IF;
    END IF;
    plan := faren.fixture_plan(space, wanted -> 'organizations');
    changes := (SELECT count(*) FROM jsonb_array_elements(plan) p WHERE p ->> 'change' <> 'none');
    IF NOT claim OR changes = 0 THEN
        DELETE FROM faren.fixture x WHERE x.namespace = space AND claim AND x.created_at = c.at
            AND NOT EXISTS (SELECT FROM faren.fixture_organization o WHERE o.namespace = space);
        RETURN faren.end_look(c, jsonb_build_object('changes', changes, 'organizations', plan));
    END IF;
    refused := faren.fixture_taken(space, wanted -> 'organizations');
    IF refused IS NULL THEN
        BEGIN
            PERFORM faren.fixture_remove(space, ARRAY(SELECT p ->> 'key' FROM jsonb_array_elements(plan) p WHERE p ->> 'change' IN ('replace', 'delete')));
            FOR item IN SELECT o FROM jsonb_array_elements(wanted -> 'organizations') o JOIN jsonb_array_elements(plan) p ON p ->> 'key' = o ->> 'key'
                        WHERE p ->> 'change' IN ('create', 'replace') LOOP
                PERFORM faren.fixture_promise(c, space, item);
            END LOOP;
        EXCEPTION WHEN unique_violation THEN
            -- Somebody else made one of them since the look.
            refused := faren.refusal('FIXTURE_TAKEN');
        END;
    END IF;
    IF refused IS NOT NULL THEN
        DELETE FROM faren.fixture x WHERE x.namespace = space AND NOT EXISTS (SELECT FROM faren.fixture_organization o WHERE o.namespace = space);
        RETURN faren.refuse(c, 'fixture.open', 'fixture', space, NULL, refused);
    END IF;
    UPDATE faren.fixture x SET claimed_by = run, claimed_until = faren.fixture_until(wanted), updated_at = c.at WHERE x.namespace = space;
    RETURN faren.end_call(c, 'fixture.open', 'fixture', space, NULL, jsonb_build_object('changes', changes, 'organizations', plan), jsonb_build_object('changes', changes));
END
$$;
REVOKE ALL ON FUNCTION api.fixture_open(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.fixture_open(jsonb, jsonb) TO faren_fixture, faren_admin;

-- fixture_refusal: fixtures are never on production. NULL: go on.
CREATE OR REPLACE FUNCTION faren.fixture_refusal(c faren.caller, space text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF c.environment = 'production' THEN
        RETURN faren.refusal('SANDBOX_REFUSED');
    ELSIF coalesce(space !~ '^[a-z0-9][a-z0-9._-]{0,62}$', true) THEN
        RETURN faren.refusal('NAMESPACE_INVALID');
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_refusal(faren.caller, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.fixture_busy(f faren.fixture, run uuid, wanted jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(f.claimed_by <> run AND f.claimed_until > clock_timestamp(), false) AND NOT coalesce((wanted ->> 'force')::boolean, false);
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_busy(faren.fixture, uuid, jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.fixture_until(wanted jsonb) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN clock_timestamp() + make_interval(secs => least(greatest(coalesce((wanted ->> 'seconds')::integer, 60), 10), 600));
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_until(jsonb) FROM PUBLIC;

-- fixture_plan says of each organization what applying would do, and why. organizations null: nothing is asked for or missed.
CREATE OR REPLACE FUNCTION faren.fixture_plan(space text, organizations jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asked boolean := jsonb_typeof(organizations) = 'array';
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('key', t.key, 'unit_code', t.unit_code, 'change', t.change, 'why', t.why, 'made', coalesce(t.made, '[]')) ORDER BY t.place, t.key), '[]')
    FROM (
        SELECT coalesce(w.o ->> 'key', h.key) AS key, coalesce(w.o ->> 'unit_code', h.unit_code) AS unit_code, h.made, w.place, d.why,
               CASE WHEN h.key IS NULL THEN 'create' WHEN w.o IS NULL AND asked THEN 'delete' WHEN d.why IS NOT NULL THEN 'replace' ELSE 'none' END AS change
        FROM jsonb_array_elements(CASE WHEN asked THEN organizations ELSE '[]' END) WITH ORDINALITY AS w (o, place)
        FULL JOIN (SELECT * FROM faren.fixture_organization x WHERE x.namespace = space) h ON h.key = w.o ->> 'key'
        CROSS JOIN LATERAL (SELECT CASE WHEN h.key IS NULL THEN NULL WHEN w.o IS NULL AND asked THEN 'not-asked-for' WHEN h.finished_at IS NULL THEN 'unfinished'
            WHEN w.o ->> 'spec' <> h.spec THEN 'asked-otherwise'
            WHEN EXISTS (SELECT FROM jsonb_array_elements(h.made) m WHERE faren.fixture_state(m) <> m) THEN 'changed-since' END AS why) d) t);
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_plan(text, jsonb) FROM PUBLIC;

-- fixture_state is an account or application of a fixture as it is now: {key, application_id, account_id, status, role, unit_code}.
CREATE OR REPLACE FUNCTION faren.fixture_state(made jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    application uuid := (made ->> 'application_id')::uuid;
    account     uuid := (made ->> 'account_id')::uuid;
    status      text;
    role        text;
    code        text;
BEGIN
    IF application IS NOT NULL THEN
        SELECT a.status, a.unit_code, coalesce(account, a.account_id) INTO status, code, account FROM api.application a WHERE a.application_id = application;
    END IF;
    IF account IS NOT NULL THEN
        SELECT a.status, a.role, a.unit_code INTO status, role, code FROM api.account a WHERE a.account_id = account;
    END IF;
    RETURN jsonb_build_object('key', made ->> 'key', 'application_id', application, 'account_id', account, 'status', coalesce(status, 'gone'), 'role', role, 'unit_code', code);
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_state(jsonb) FROM PUBLIC;

-- fixture_taken refuses an organization that is there already and not this namespace's: a fixture takes away all of what it has.
CREATE OR REPLACE FUNCTION faren.fixture_taken(space text, organizations jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found jsonb;
BEGIN
    SELECT jsonb_strip_nulls(jsonb_build_object('key', o ->> 'key', 'unit_code', o ->> 'unit_code', 'namespace',
        (SELECT x.namespace FROM faren.fixture_organization x WHERE x.unit_code = o ->> 'unit_code' OR x.name_key = o ->> 'name_key'))) INTO found
    FROM jsonb_array_elements(organizations) o
    WHERE NOT EXISTS (SELECT FROM faren.fixture_organization x WHERE x.namespace = space AND (x.unit_code = o ->> 'unit_code' OR x.name_key = o ->> 'name_key'))
      AND (EXISTS (SELECT FROM faren.register_entry e WHERE e.unit_code = o ->> 'unit_code')
           OR EXISTS (SELECT FROM faren.unit_code_claim k WHERE k.unit_code = o ->> 'unit_code')
           OR EXISTS (SELECT FROM faren.overseas_claim k WHERE k.name_key = o ->> 'name_key')
           OR EXISTS (SELECT FROM faren.organization p WHERE p.provisional AND (p.unit_code = o ->> 'unit_code' OR p.unit_code IS NULL AND p.name_key = o ->> 'name_key'))
           OR EXISTS (SELECT FROM faren.fixture_organization x WHERE x.unit_code = o ->> 'unit_code' OR x.name_key = o ->> 'name_key'))
    LIMIT 1;
    RETURN CASE WHEN found IS NOT NULL THEN faren.refusal('FIXTURE_TAKEN', found) END;
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_taken(text, jsonb) FROM PUBLIC;

-- fixture_promise writes down what is about to be made, and the organization's entry in the business register.
CREATE OR REPLACE FUNCTION faren.fixture_promise(c faren.caller, space text, item jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    e jsonb := nullif(item -> 'entry', 'null');
BEGIN
    INSERT INTO faren.fixture_organization (namespace, key, spec, unit_code, name_key, applications, codes, created_at)
    VALUES (space, item ->> 'key', item ->> 'spec', item ->> 'unit_code', item ->> 'name_key',
            ARRAY(SELECT t::uuid FROM jsonb_array_elements_text(item -> 'applications') t), ARRAY(SELECT t::uuid FROM jsonb_array_elements_text(item -> 'codes') t), c.at);
    IF e IS NOT NULL THEN
        INSERT INTO faren.register_entry (unit_code, name, name_key, representative_mask, representative_index, representative_sealed, document_type,
                                          document_mask, document_index, document_sealed, status, registration_number, organization_code, updated_at)
        VALUES (item ->> 'unit_code', e ->> 'name', e ->> 'name_key', e ->> 'representative_mask', decode(e ->> 'representative_index', 'hex'),
                decode(e ->> 'representative_sealed', 'hex'), e ->> 'document_type', e ->> 'document_mask', decode(e ->> 'document_index', 'hex'),
                decode(e ->> 'document_sealed', 'hex'), 'active', e ->> 'registration_number', e ->> 'organization_code', c.at);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.fixture_promise(faren.caller, text, jsonb) FROM PUBLIC;

-- fixture_finish ends the making of one organization of a run, and lengthens the run's claim. done is {namespace, run, key, seconds, status,
-- made: [{key, application_id, account_id}]}; status is the organization's in the business register from now on, or null. The result is
-- what is there now, as fixture_state gives it.
CREATE OR REPLACE FUNCTION api.fixture_finish(caller jsonb, done jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'fixture_finish');
    space   text := done ->> 'namespace';
    f       faren.fixture;
    code    text;
    states  jsonb;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.fixture_refusal(c, space);
    IF refused IS NULL THEN
        SELECT * INTO f FROM faren.fixture x WHERE x.namespace = space FOR UPDATE;
        IF f.claimed_by IS DISTINCT FROM (done ->> 'run')::uuid THEN
            refused := faren.refusal('FIXTURE_BUSY', jsonb_build_object('until', f.claimed_until));
        END IF;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'fixture.make', 'fixture', coalesce(space, ''), NULL, refused);
    END IF;
    SELECT coalesce(jsonb_agg(faren.fixture_state(m) ORDER BY n), '[]') INTO states FROM jsonb_array_elements(done -> 'made') WITH ORDINALITY AS t (m, n);
    UPDATE faren.fixture_organization x SET made = states, finished_at = c.at WHERE x.namespace = space AND x.key = done ->> 'key' RETURNING x.unit_code INTO code;
    UPDATE faren.register_entry e SET status = done ->> 'status', updated_at = c.at WHERE e.unit_code = code AND done ->> 'status' IS NOT NULL AND e.status <> done ->> 'status';
    UPDATE faren.fixture x SET claimed_until = faren.fixture_until(done), updated_at = c.at WHERE x.namespace = space;
    RETURN faren.end_call(c, 'fixture.make', 'fixture', space || '/' || (done ->> 'key'), NULL, states, jsonb_build_object('accounts', jsonb_array_length(states)));
END
$$;
REVOKE ALL ON FUNCTION api.fixture_finish(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.fixture_finish(jsonb, jsonb) TO faren_fixture, faren_admin;

-- fixture_close gives the namespace back; one of which nothing was made goes.
CREATE OR REPLACE FUNCTION api.fixture_close(caller jsonb, space text, run uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'fixture_close');
    refused jsonb := faren.fixture_refusal(c, space);
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'fixture.close', 'fixture', coalesce(space, ''), NULL, refused);
    END IF;
    UPDATE faren.fixture x SET claimed_by = NULL, claimed_until = NULL, updated_at = c.at WHERE x.namespace = space AND x.claimed_by = run;
    IF NOT FOUND THEN
        RETURN faren.end_look(c, '{}');
    END IF;
    DELETE FROM faren.fixture x WHERE x.namespace = space AND NOT EXISTS (SELECT FROM faren.fixture_organization o WHERE o.namespace = space);
    RETURN faren.end_call(c, 'fixture.close', 'fixture', space, NULL, '{}', '{}');
END
$$;
REVOKE ALL ON FUNCTION api.fixture_close(jsonb, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.fixture_close(jsonb, text, uuid) TO faren_fixture, faren_admin;
