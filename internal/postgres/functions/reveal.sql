-- request_reveal writes down who wants to see one sealed field and why, and counts it (policies reveal.daily, reveal.ticket). What it grants is
-- worth something only when it is committed: to the same login, for this field, once, within a minute. What it refuses is not counted.
-- request is {kind: application | account | sms, id, field}. It answers {field, shown, limit, until}: how many fields the login was shown
-- today, out of how many, and when the next day begins.
CREATE OR REPLACE FUNCTION api.request_reveal(caller jsonb, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'request_reveal');
    kind    text := request ->> 'kind';
    id      uuid := (request ->> 'id')::uuid;
    field   text := request ->> 'field';
    most    bigint := faren.policy_count('reveal.daily');
    today   date := (c.at AT TIME ZONE 'Asia/Shanghai')::date;
    until   timestamptz := (today + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
    found   record;
    number  bigint;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT * INTO found FROM faren.revealable(kind, id, field);
    IF faren.is_blank(c.reason) THEN
        refused := faren.refusal('REASON_REQUIRED');
    ELSIF faren.is_blank(c.ticket) AND (SELECT p.value = 'required' FROM faren.policy p WHERE p.name = 'reveal.ticket') THEN
        refused := faren.refusal('REVEAL_TICKET_REQUIRED');
    ELSIF found.absent IS NOT NULL THEN
        refused := faren.refusal(found.absent);
    ELSIF found.is_code AND c.environment = 'production' THEN
        refused := faren.refusal('CODE_REVEAL_REFUSED');
    ELSIF found.sealed IS NULL THEN
        refused := faren.refusal('FIELD_EMPTY', jsonb_build_object('field', field));
    ELSE
        -- All of one login queue up here, so that the count is exact.
        INSERT INTO faren.reveal_day AS d (operator, day, shown) SELECT c.operator, today, 1 WHERE most > 0
        ON CONFLICT (operator, day) DO UPDATE SET shown = d.shown + 1 WHERE d.shown < most
        RETURNING d.shown INTO number;
        IF number IS NULL THEN
            refused := faren.refusal('REVEAL_LIMIT', jsonb_build_object('limit', most, 'until', until));
        END IF;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'reveal', coalesce(kind, 'none'), coalesce(id, c.request_id)::text, found.org, refused);
    END IF;
    -- A day is kept until nobody's clock is before it any more.
    DELETE FROM faren.reveal_day d WHERE d.operator = c.operator AND d.day < today - 2;
    PERFORM faren.grant_look(c, kind, id, field);
    RETURN faren.end_call(c, 'reveal', kind, id::text, found.org, jsonb_build_object('field', field, 'shown', number, 'limit', most, 'until', until),
                          jsonb_build_object('field', field));
END
$$;
REVOKE ALL ON FUNCTION api.request_reveal(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.request_reveal(jsonb, jsonb) TO faren_reviewer;

-- reveal hands out one sealed field that request_reveal granted in an earlier transaction; only a holder of the sealing key can open it.
-- request is that of request_reveal. A live code is never handed out on production. No answer is kept: a repeat of the same request gets
-- it again while the grant lives, and nobody else.
CREATE OR REPLACE FUNCTION api.reveal(caller jsonb, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'reveal');
    kind    text := request ->> 'kind';
    id      uuid := (request ->> 'id')::uuid;
    field   text := request ->> 'field';
    found   record;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT * INTO found FROM faren.revealable(kind, id, field);
    IF NOT faren.use_grant(c, kind, id, field) THEN
        refused := faren.refusal('REVEAL_NOT_GRANTED');
    ELSIF found.is_code AND c.environment = 'production' THEN
        refused := faren.refusal('CODE_REVEAL_REFUSED');
    ELSIF found.sealed IS NULL THEN
        refused := faren.refusal('FIELD_EMPTY', jsonb_build_object('field', field));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'reveal', coalesce(kind, 'none'), coalesce(id, c.request_id)::text, found.org, refused);
    END IF;
    RETURN faren.end_look(c, found.sealed);
END
$$;
REVOKE ALL ON FUNCTION api.reveal(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.reveal(jsonb, jsonb) TO faren_reviewer;

-- revealable finds a sealed field: org of its record, absent the refusal where there is no such record, sealed NULL where the field is
-- empty or none of the record's. is_code: it is the text of an SMS code.
CREATE OR REPLACE FUNCTION faren.revealable(kind text, id uuid, field text, OUT org uuid, OUT absent text, OUT sealed jsonb, OUT is_code boolean)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    agent      uuid;
    credential uuid;
    g          faren.agent;
    m          faren.sms;
    d          faren.credential;
BEGIN
    is_code := false;
    IF kind = 'application' THEN
        SELECT x.org_id, x.agent_id, x.credential_id INTO org, agent, credential FROM faren.application x WHERE x.application_id = id;
    ELSIF kind = 'account' THEN
        SELECT x.org_id, x.agent_id, x.credential_id INTO org, agent, credential FROM faren.account x WHERE x.account_id = id;
    ELSIF kind = 'sms' THEN
        SELECT * INTO m FROM faren.sms x WHERE x.sms_id = id;
        org := m.org_id;
        agent := m.agent_id;
        is_code := coalesce(m.kind = 'code' AND field = 'text', false);
    END IF;
    IF org IS NULL THEN
        absent := CASE kind WHEN 'application' THEN 'APPLICATION_NOT_FOUND' WHEN 'account' THEN 'ACCOUNT_NOT_FOUND' ELSE 'SMS_NOT_FOUND' END;
        RETURN;
    END IF;
    SELECT * INTO g FROM faren.agent x WHERE x.org_id = org AND x.agent_id = agent;
    IF kind = 'sms' THEN
        sealed := CASE field
            WHEN 'text' THEN faren.sealed_field('sms', m.sms_id, 'params', m.params_sealed)
            WHEN 'to' THEN CASE WHEN m.to_sealed IS NULL THEN faren.sealed_field('agent', g.agent_id, 'phone', g.phone_sealed)
                                ELSE faren.sealed_field('sms', m.sms_id, 'to', m.to_sealed) END
        END;
        RETURN;
    END IF;
    SELECT * INTO d FROM faren.credential x WHERE x.org_id = org AND x.credential_id = credential;
    sealed := CASE field
        WHEN 'name' THEN faren.sealed_field('agent', g.agent_id, 'name', g.name_sealed)
        WHEN 'document_number' THEN faren.sealed_field('agent', g.agent_id, 'document', g.document_sealed)
        WHEN 'phone' THEN faren.sealed_field('agent', g.agent_id, 'phone', g.phone_sealed)
        WHEN 'email' THEN faren.sealed_field('agent', g.agent_id, 'email', g.email_sealed)
        WHEN 'landline' THEN faren.sealed_field('agent', g.agent_id, 'landline', g.landline_sealed)
        WHEN 'ethnic_group' THEN faren.sealed_field('agent', g.agent_id, 'ethnic_group', g.ethnic_group_sealed)
        WHEN 'username' THEN faren.sealed_field('credential', d.credential_id, 'username', d.username_sealed)
    END;
END
$$;
REVOKE ALL ON FUNCTION faren.revealable(text, uuid, text) FROM PUBLIC;

-- grant_look lets the caller's login look at one field of one record, once and within a minute, in another transaction than this one.
CREATE OR REPLACE FUNCTION faren.grant_look(c faren.caller, kind text, id uuid, field text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO faren.reveal_grant (operator, grant_id, kind, subject_id, field, transaction, granted_at, expires_at)
    VALUES (c.operator, c.request_id, kind, id, field, pg_current_xact_id(), c.at, c.at + interval '1 minute');
    DELETE FROM faren.reveal_grant g USING (
        SELECT x.operator, x.grant_id FROM faren.reveal_grant x WHERE x.expires_at < c.at - interval '1 hour'
        ORDER BY x.expires_at LIMIT 10 FOR UPDATE SKIP LOCKED) old
    WHERE g.operator = old.operator AND g.grant_id = old.grant_id;
END
$$;
REVOKE ALL ON FUNCTION faren.grant_look(faren.caller, text, uuid, text) FROM PUBLIC;

-- use_grant spends a grant of the caller's login, and tells whether there was one. What this very transaction granted could still be rolled
-- back, and its trace with it, so that it does not count; pg_current_xact_id is that of the whole transaction, below a savepoint as well.
-- What another transaction wrote is seen here only when it is committed.
CREATE OR REPLACE FUNCTION faren.use_grant(c faren.caller, wanted_kind text, id uuid, wanted_field text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own   xid8 := pg_current_xact_id();
    taken uuid;
BEGIN
    -- One that another process is using is passed over; only if there is no other, it may be this same request whose answer was lost.
    SELECT g.grant_id INTO taken FROM faren.reveal_grant g
    WHERE g.operator = c.operator AND g.kind = wanted_kind AND g.subject_id = id AND g.field = wanted_field AND g.transaction <> own
      AND g.expires_at > c.at AND (g.used_at IS NULL OR g.used_by = c.request_id)
    ORDER BY g.used_at IS NULL, g.granted_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        SELECT g.grant_id INTO taken FROM faren.reveal_grant g
        WHERE g.operator = c.operator AND g.kind = wanted_kind AND g.subject_id = id AND g.field = wanted_field AND g.transaction <> own
          AND g.expires_at > c.at AND (g.used_at IS NULL OR g.used_by = c.request_id)
        ORDER BY g.used_at IS NULL, g.granted_at LIMIT 1 FOR UPDATE;
    END IF;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE faren.reveal_grant g SET used_at = c.at, used_by = c.request_id WHERE g.operator = c.operator AND g.grant_id = taken;
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION faren.use_grant(faren.caller, text, uuid, text) FROM PUBLIC;

-- A sealed value with what it is bound to; NULL when there is none.
CREATE OR REPLACE FUNCTION faren.sealed_field(table_name text, row_id uuid, column_name text, sealed bytea) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF sealed IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('table', table_name, 'row', row_id, 'column', column_name, 'sealed', encode(sealed, 'hex'));
END
$$;
REVOKE ALL ON FUNCTION faren.sealed_field(text, uuid, text, bytea) FROM PUBLIC;
