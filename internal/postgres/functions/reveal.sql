-- reveal hands out one sealed field after it wrote down who asked and why; only a holder of the sealing key can open it.
-- request is {kind: application | sms, id, field}. A live code is never handed out on production.
CREATE OR REPLACE FUNCTION api.reveal(caller jsonb, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'reveal');
    id      uuid := (request ->> 'id')::uuid;
    field   text := request ->> 'field';
    org     uuid;
    g       faren.agent;
    m       faren.sms;
    d       faren.credential;
    p       faren.application;
    answer  jsonb;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF faren.is_blank(c.reason) THEN
        refused := faren.refusal('REASON_REQUIRED');
    ELSIF request ->> 'kind' = 'application' THEN
        SELECT * INTO p FROM faren.application x WHERE x.application_id = id;
        SELECT * INTO g FROM faren.agent x WHERE x.org_id = p.org_id AND x.agent_id = p.agent_id;
        SELECT * INTO d FROM faren.credential x WHERE x.org_id = p.org_id AND x.credential_id = p.credential_id;
        org := p.org_id;
        answer := CASE field
            WHEN 'name' THEN faren.sealed_field('agent', g.agent_id, 'name', g.name_sealed)
            WHEN 'document_number' THEN faren.sealed_field('agent', g.agent_id, 'document', g.document_sealed)
            WHEN 'phone' THEN faren.sealed_field('agent', g.agent_id, 'phone', g.phone_sealed)
            WHEN 'email' THEN faren.sealed_field('agent', g.agent_id, 'email', g.email_sealed)
            WHEN 'landline' THEN faren.sealed_field('agent', g.agent_id, 'landline', g.landline_sealed)
            WHEN 'ethnic_group' THEN faren.sealed_field('agent', g.agent_id, 'ethnic_group', g.ethnic_group_sealed)
            WHEN 'username' THEN faren.sealed_field('credential', d.credential_id, 'username', d.username_sealed)
        END;
    ELSE
        SELECT * INTO m FROM faren.sms x WHERE x.sms_id = id;
        SELECT * INTO g FROM faren.agent x WHERE x.org_id = m.org_id AND x.agent_id = m.agent_id;
        org := m.org_id;
        IF m.kind = 'code' AND field = 'text' AND c.environment = 'production' THEN
            refused := faren.refusal('CODE_REVEAL_REFUSED');
        END IF;
        answer := CASE field
            WHEN 'text' THEN faren.sealed_field('sms', m.sms_id, 'params', m.params_sealed)
            WHEN 'to' THEN CASE WHEN m.to_sealed IS NULL THEN faren.sealed_field('agent', g.agent_id, 'phone', g.phone_sealed)
                                ELSE faren.sealed_field('sms', m.sms_id, 'to', m.to_sealed) END
        END;
    END IF;
    IF refused IS NULL AND answer IS NULL THEN
        refused := faren.refusal('FIELD_EMPTY', jsonb_build_object('field', field));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'reveal', request ->> 'kind', id::text, org, refused);
    END IF;
    RETURN faren.end_call(c, 'reveal', request ->> 'kind', id::text, org, answer, jsonb_build_object('field', field));
END
$$;
REVOKE ALL ON FUNCTION api.reveal(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.reveal(jsonb, jsonb) TO faren_reviewer;

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
