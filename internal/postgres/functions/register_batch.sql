-- register_batch runs many registrations of the channels zhejiang and other-province in one transaction, by the rules of the single steps:
-- certification, user, and with sandbox the face check, until pending-review or an active account; without it until awaiting-identity.
-- Each of rows is {row_no (1, 2, …), …} with what certify_organization and create_user take; without sandbox each with its code_proof.
-- What is refused is told for its row, and nothing of it is kept; the others go in. A row that wants what an earlier one of the batch has
-- got is refused with that one as the holder.
-- It answers {rows: [{row_no, application_id, status, role, account_id} or {row_no, refused: [{code, …}]}]}.
CREATE OR REPLACE FUNCTION api.register_batch(caller jsonb, rows jsonb, sandbox boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    c        faren.caller := faren.begin_call(caller, 'register_batch');
    live     faren.batch_row[]; -- not settled yet
    chosen   faren.batch_row[];
    batch    faren.batch_row[];
    answers  jsonb[] := '{}'; -- by row_no: an object, or the refusals
    codes    uuid[] := '{}';
    code     uuid;
    refused  jsonb;
    r        record;
    attempts integer := 0;
    made     integer := 0;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    sandbox := coalesce(sandbox, false);
    batch := CASE WHEN jsonb_typeof(rows) = 'array' THEN faren.batch_rows(rows) ELSE '{}' END;
    -- A row is known by its number, so that no two may have one; and a captcha is good for one step, not for many.
    c.captcha_id := NULL;
    refused := coalesce(CASE WHEN cardinality(batch) NOT BETWEEN 1 AND 1000
                                  OR (SELECT count(DISTINCT b.row_no) FROM unnest(batch) b WHERE b.row_no BETWEEN 1 AND 1000) <> cardinality(batch)
                             THEN faren.refusal('VALUE_INVALID', '{"field": "rows"}')
                             WHEN sandbox AND c.environment = 'production' THEN faren.refusal('SANDBOX_REFUSED') END, faren.check_captcha(c));
    IF refused IS NOT NULL THEN
        refused := faren.refuse(c, 'application.batch', 'batch', c.request_id::text, NULL, refused);
        -- Nothing of it is kept for a repeat: what stands against the whole batch is mended outside it, and the same rows come again.
        DELETE FROM faren.request q WHERE q.request_key = c.request_key;
        RETURN refused;
    END IF;
    FOR r IN SELECT b.row_no, coalesce(t.refused, faren.strict_advice(b.advice),
                        CASE WHEN faren.is_manual(b.channel) THEN faren.refusal('VALUE_INVALID', '{"field": "channel", "allowed": ["zhejiang", "other-province"]}') END) AS refused
             FROM unnest(batch) b LEFT JOIN faren.certifications(rows) t ON t.row_no = b.row_no
             WHERE t.row_no IS NOT NULL OR b.advice -> 0 IS NOT NULL OR faren.is_manual(b.channel) LOOP
        answers[r.row_no] := r.refused;
    END LOOP;
    FOR r IN SELECT b.row_no FROM unnest(batch) b WHERE faren.is_weak(c, b.params) LOOP
        answers[r.row_no] := coalesce(answers[r.row_no], faren.refusal('PASSWORD_PARAMS_REFUSED', '{"field": "password_hash"}'));
    END LOOP;
    FOR r IN SELECT b.row_no FROM unnest(batch) b JOIN faren.application a ON a.application_id = b.application_id LOOP
        answers[r.row_no] := coalesce(answers[r.row_no], faren.refusal('ID_TAKEN'));
    END LOOP;
    live := ARRAY(SELECT b FROM unnest(batch) b WHERE answers[b.row_no] IS NULL);

    WHILE cardinality(live) > 0 LOOP
        -- In every round, since a row that went in has spent its code.
        FOR r IN SELECT b.row_no, b.phone_index, b.code_proof FROM unnest(live) b WHERE NOT sandbox ORDER BY b.phone_index, b.row_no LOOP
            SELECT t.refused, t.code_id INTO refused, code FROM faren.check_step_code(c, r.phone_index, 'register', jsonb_build_object('code_proof', r.code_proof)) t;
            answers[r.row_no] := refused;
            codes[r.row_no] := code;
        END LOOP;
        live := ARRAY(SELECT b FROM unnest(live) b WHERE answers[b.row_no] IS NULL);
        FOR r IN SELECT l.row_no, l.refused FROM faren.obstacle_lists((
                     SELECT jsonb_agg(jsonb_build_object('row_no', b.row_no, 'org_id', k.org_id, 'document_type', b.document_type,
                         'document_index', encode(b.document_index, 'hex'), 'phone_index', encode(b.phone_index, 'hex'),
                         'username_index', encode(b.username_index, 'hex')))
                     FROM unnest(live) b LEFT JOIN faren.unit_code_claim k ON k.unit_code = b.unit_code), c.at) l LOOP
            answers[r.row_no] := r.refused;
        END LOOP;
        live := ARRAY(SELECT b FROM unnest(live) b WHERE answers[b.row_no] IS NULL);
        -- Of rows that want the same, the first goes in now, and the others meet it in the next round.
        chosen := ARRAY(SELECT b FROM unnest(live) b JOIN (
            SELECT x.row_no, row_number() OVER (PARTITION BY x.unit_code, x.document_index, x.document_type ORDER BY x.row_no)
                           + row_number() OVER (PARTITION BY CASE WHEN sandbox THEN x.unit_code END, x.phone_index ORDER BY x.row_no)
                           + row_number() OVER (PARTITION BY x.username_index ORDER BY x.row_no) AS places
            FROM unnest(live) x) w ON w.row_no = b.row_no AND w.places = 3);
        EXIT WHEN cardinality(chosen) = 0;
        -- A reservation past its time ends here, as for a single registration.
        FOR r IN SELECT k.application_id FROM unnest(chosen) b JOIN faren.username_claim k ON k.username_index = b.username_index
                 WHERE k.application_id IS NOT NULL ORDER BY 1 LOOP
            PERFORM faren.lock_application(c, r.application_id);
        END LOOP;
        BEGIN
            FOR r IN SELECT t.row_no, t.answer, b.phone_index FROM faren.insert_batch(c, chosen, sandbox) t JOIN unnest(chosen) b ON b.row_no = t.row_no LOOP
                answers[r.row_no] := r.answer;
                IF codes[r.row_no] IS NOT NULL THEN
                    PERFORM faren.spend_code(c, r.phone_index, codes[r.row_no]);
                END IF;
            END LOOP;
            -- Looked at after the claims, which may have waited for a rival.
            IF EXISTS (SELECT FROM unnest(chosen) b JOIN faren.register_entry e ON e.unit_code = b.unit_code WHERE e.status <> 'active') THEN
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'inactive';
            END IF;
            made := made + cardinality(chosen);
        EXCEPTION
            WHEN unique_violation THEN
                -- Somebody took something between the look and the claim: look again, so that the holder can be named.
                attempts := attempts + 1;
                IF attempts = 20 THEN
                    RAISE;
                END IF;
            WHEN SQLSTATE 'FN002' THEN
                FOR r IN SELECT b.row_no, b.unit_code FROM unnest(chosen) b LOOP
                    answers[r.row_no] := faren.inactive_organization(r.unit_code);
                END LOOP;
        END;
        live := ARRAY(SELECT b FROM unnest(live) b WHERE answers[b.row_no] IS NULL);
    END LOOP;

    PERFORM faren.audit_all(c, 'application.batch', 'unit_code', 'refused', array_agg(b.unit_code ORDER BY b.row_no), NULL,
                            array_agg(answers[b.row_no] -> 0 ->> 'code' ORDER BY b.row_no), NULL)
    FROM unnest(batch) b WHERE jsonb_typeof(answers[b.row_no]) = 'array';
    RETURN faren.end_call(c, 'application.batch', 'batch', c.request_id::text, NULL,
        jsonb_build_object('rows', (SELECT jsonb_agg(CASE WHEN jsonb_typeof(answers[b.row_no]) = 'array' THEN jsonb_build_object('row_no', b.row_no, 'refused', answers[b.row_no])
                                                          ELSE answers[b.row_no] END ORDER BY b.row_no) FROM unnest(batch) b)),
        jsonb_build_object('made', made, 'refused', cardinality(batch) - made, 'sandbox', sandbox));
END
$$;
REVOKE ALL ON FUNCTION api.register_batch(jsonb, jsonb, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.register_batch(jsonb, jsonb, boolean) TO faren_registrar;

CREATE OR REPLACE FUNCTION faren.batch_rows(rows jsonb) RETURNS faren.batch_row[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ARRAY(SELECT ROW(x.row_no, x.application_id, x.verification_id, x.channel, x.entity_type, x.name, x.name_key, x.unit_code, x.warnings, x.agent_id,
            x.name_mask, decode(x.name_index, 'hex'), decode(x.name_sealed, 'hex'), x.document_type, x.document_mask,
            decode(x.document_index, 'hex'), decode(x.document_sealed, 'hex'), x.phone_mask, decode(x.phone_index, 'hex'),
            decode(x.phone_sealed, 'hex'), x.email_mask, decode(x.email_sealed, 'hex'), x.landline_mask, decode(x.landline_sealed, 'hex'),
            x.credential_id, decode(x.username_index, 'hex'), x.username_display, decode(x.username_sealed, 'hex'), x.params,
            decode(x.salt, 'hex'), decode(x.derived, 'hex'), x.code_proof, x.advice, decode(x.email_index, 'hex'),
            decode(x.landline_index, 'hex'))::faren.batch_row
        FROM jsonb_to_recordset(rows) AS x (row_no integer, application_id uuid, verification_id uuid, channel text, entity_type text, name text, name_key text,
            unit_code text, warnings jsonb, agent_id uuid, name_mask text, name_index text, name_sealed text, document_type text, document_mask text,
            document_index text, document_sealed text, phone_mask text, phone_index text, phone_sealed text, email_mask text, email_sealed text,
            landline_mask text, landline_sealed text, credential_id uuid, username_index text, username_display text, username_sealed text,
            params jsonb, salt text, derived text, code_proof text, advice jsonb, email_index text, landline_index text)
        ORDER BY x.row_no);
END
$$;
REVOKE ALL ON FUNCTION faren.batch_rows(jsonb) FROM PUBLIC;

-- insert_batch writes rows that nothing stands against. It raises unique_violation when a rival has meanwhile taken what one of them wants.
-- Claims are taken in the order of their keys, so that two batches wait for each other in one direction only.
CREATE OR REPLACE FUNCTION faren.insert_batch(c faren.caller, chosen faren.batch_row[], sandbox boolean) RETURNS TABLE (row_no integer, answer jsonb)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    checked  timestamptz := c.at + faren.policy_interval('identity.lifetime');
    reserved timestamptz := c.at + faren.policy_interval('registration.identity_lifetime');
BEGIN
    WITH new AS (
        INSERT INTO faren.unit_code_claim AS k (unit_code, org_id)
        SELECT DISTINCT b.unit_code, gen_random_uuid() FROM (SELECT DISTINCT x.unit_code FROM unnest(chosen) x) b ORDER BY b.unit_code
        ON CONFLICT (unit_code) DO NOTHING RETURNING k.unit_code, k.org_id)
    INSERT INTO faren.organization (org_id, name, name_key, unit_code, unit_code_type, entity_type, created_at)
    SELECT DISTINCT ON (new.unit_code) new.org_id, b.name, b.name_key, new.unit_code, 'uscc', b.entity_type, c.at
    FROM new JOIN unnest(chosen) b ON b.unit_code = new.unit_code ORDER BY new.unit_code, b.row_no;

    RETURN QUERY
    WITH r AS MATERIALIZED (
        SELECT b.*, k.org_id AS org, t.representative,
               CASE WHEN t.representative THEN gen_random_uuid() END AS account,
               CASE WHEN NOT sandbox THEN 'awaiting-identity' WHEN t.representative THEN 'approved' ELSE 'pending-review' END AS new_status
        FROM unnest(chosen) b JOIN faren.unit_code_claim k ON k.unit_code = b.unit_code,
             LATERAL (SELECT sandbox AND faren.is_representative(b.unit_code, b.name_index, b.document_type, b.document_index) AS representative OFFSET 0) t),
    names AS (
        INSERT INTO faren.username_claim (username_index, org_id, application_id, account_id, claimed_at)
        SELECT r.username_index, r.org, CASE WHEN r.account IS NULL THEN r.application_id END, r.account, c.at FROM r ORDER BY r.username_index),
    people AS (
        INSERT INTO faren.agent_claim (org_id, document_index, document_type, application_id, account_id, claimed_at)
        SELECT r.org, r.document_index, r.document_type, CASE WHEN r.account IS NULL THEN r.application_id END, r.account, c.at FROM r
        WHERE sandbox ORDER BY r.org, r.document_index),
    phones AS (
        INSERT INTO faren.phone_claim (org_id, phone_index, application_id, account_id, claimed_at)
        SELECT r.org, r.phone_index, CASE WHEN r.account IS NULL THEN r.application_id END, r.account, c.at FROM r
        WHERE sandbox ORDER BY r.org, r.phone_index),
    agents AS (
        INSERT INTO faren.agent (org_id, agent_id, name_mask, name_index, name_sealed, document_type, document_mask, document_index, document_sealed,
                                 phone_mask, phone_index, phone_sealed, email_mask, email_sealed, landline_mask, landline_sealed, email_index,
                                 landline_index, created_at)
        SELECT r.org, r.agent_id, r.name_mask, r.name_index, r.name_sealed, r.document_type, r.document_mask, r.document_index, r.document_sealed,
               r.phone_mask, r.phone_index, r.phone_sealed, r.email_mask, r.email_sealed, r.landline_mask, r.landline_sealed, r.email_index,
               r.landline_index, c.at FROM r),
    credentials AS (
        INSERT INTO faren.credential (org_id, credential_id, username_index, username_display, username_sealed, params, salt, verifier, changed_at)
        SELECT r.org, r.credential_id, r.username_index, r.username_display, r.username_sealed, r.params, r.salt, sha256(r.derived), c.at FROM r),
    accounts AS (
        INSERT INTO faren.account (org_id, account_id, agent_id, credential_id, role, status, created_at, updated_at)
        SELECT r.org, r.account, r.agent_id, r.credential_id, 'legal-representative', 'active', c.at, c.at FROM r WHERE r.account IS NOT NULL),
    applications AS (
        INSERT INTO faren.application (org_id, application_id, agent_id, credential_id, username_display, username_index, channel, entity_type, status, role,
                                       account_id, review_kind, verification_id, warnings, created_at, updated_at, submitted_at, expires_at)
        SELECT r.org, r.application_id, r.agent_id, r.credential_id, r.username_display, r.username_index, r.channel, r.entity_type, r.new_status,
               CASE WHEN r.representative THEN 'legal-representative' END, r.account,
               CASE r.new_status WHEN 'pending-review' THEN 'organization' ELSE 'none' END, CASE WHEN sandbox THEN r.verification_id END, r.warnings, c.at, c.at,
               CASE WHEN sandbox THEN c.at END, CASE WHEN NOT sandbox THEN reserved END FROM r),
    checks AS (
        INSERT INTO faren.verification (org_id, verification_id, purpose, application_id, agent_id, provider, reference, qr_uri, status, created_at,
                                        completed_at, used_at, expires_at)
        SELECT r.org, r.verification_id, 'register', r.application_id, r.agent_id, 'sandbox', r.verification_id::text, '', 'passed', c.at, c.at, c.at, checked
        FROM r WHERE sandbox)
    SELECT r.row_no, jsonb_strip_nulls(jsonb_build_object('row_no', r.row_no, 'application_id', r.application_id, 'status', r.new_status,
        'role', CASE WHEN r.representative THEN 'legal-representative' END, 'account_id', r.account))
    FROM r;

    PERFORM faren.audit_all(c, 'application.batch', 'application', 'done', array_agg(b.application_id::text ORDER BY b.row_no), array_agg(k.org_id ORDER BY b.row_no),
                            NULL, array_agg(jsonb_build_object('channel', b.channel, 'unit_code', b.unit_code, 'sandbox', sandbox) ORDER BY b.row_no))
    FROM unnest(chosen) b JOIN faren.unit_code_claim k ON k.unit_code = b.unit_code;
    IF sandbox THEN
        -- A reviewer hears of every application that came after the reviewer's own account.
        PERFORM faren.queue_sms(c, a.org_id, gen_random_uuid(), 'review-requested', x.agent_id, a.application_id,
                                jsonb_build_object('organization', o.name, 'applicant', b.name_mask), NULL)
        FROM unnest(chosen) b
        JOIN faren.application a ON a.application_id = b.application_id AND a.status = 'pending-review'
        JOIN faren.organization o ON o.org_id = a.org_id
        JOIN faren.account x ON x.org_id = a.org_id AND x.status = 'active' AND faren.is_reviewer(x.role)
        WHERE NOT EXISTS (SELECT FROM unnest(chosen) y WHERE y.agent_id = x.agent_id AND y.row_no > b.row_no);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.insert_batch(faren.caller, faren.batch_row[], boolean) FROM PUBLIC;
