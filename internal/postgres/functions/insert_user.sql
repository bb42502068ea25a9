-- insert_agent writes an agent of an organization. person is {agent_id, name_mask, name_index, name_sealed, document_type,
-- document_mask, document_index, document_sealed, phone_…, and, where there, email_…, landline_…, ethnic_group_sealed}.
-- Only whoever signs in for an organization has no phone.
CREATE OR REPLACE FUNCTION faren.insert_agent(c faren.caller, org uuid, person jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF person ->> 'phone_index' IS NULL AND c.function_name <> 'open_sign_in' THEN
        RAISE EXCEPTION 'an agent without a phone' USING ERRCODE = 'not_null_violation';
    END IF;
    INSERT INTO faren.agent (org_id, agent_id, name_mask, name_index, name_sealed, document_type, document_mask, document_index,
                             document_sealed, phone_mask, phone_index, phone_sealed, email_mask, email_sealed, landline_mask,
                             landline_sealed, ethnic_group_sealed, email_index, landline_index, created_at)
    VALUES (org, (person ->> 'agent_id')::uuid, person ->> 'name_mask', decode(person ->> 'name_index', 'hex'),
            decode(person ->> 'name_sealed', 'hex'), person ->> 'document_type', person ->> 'document_mask',
            decode(person ->> 'document_index', 'hex'), decode(person ->> 'document_sealed', 'hex'), person ->> 'phone_mask',
            decode(person ->> 'phone_index', 'hex'), decode(person ->> 'phone_sealed', 'hex'), person ->> 'email_mask',
            decode(person ->> 'email_sealed', 'hex'), person ->> 'landline_mask', decode(person ->> 'landline_sealed', 'hex'),
            decode(person ->> 'ethnic_group_sealed', 'hex'), decode(person ->> 'email_index', 'hex'), decode(person ->> 'landline_index', 'hex'), c.at);
END
$$;
REVOKE ALL ON FUNCTION faren.insert_agent(faren.caller, uuid, jsonb) FROM PUBLIC;

-- insert_credential writes a user name and what its password is compared with. secret is {credential_id, username_index,
-- username_display, username_sealed, params, salt, derived}: the derived password is hashed once more here.
CREATE OR REPLACE FUNCTION faren.insert_credential(c faren.caller, org uuid, secret jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM faren.demand_strong(c, secret -> 'params');
    INSERT INTO faren.credential (org_id, credential_id, username_index, username_display, username_sealed, params, salt, verifier, changed_at)
    VALUES (org, (secret ->> 'credential_id')::uuid, decode(secret ->> 'username_index', 'hex'), secret ->> 'username_display',
            decode(secret ->> 'username_sealed', 'hex'), secret -> 'params', decode(secret ->> 'salt', 'hex'),
            sha256(decode(secret ->> 'derived', 'hex')), c.at);
END
$$;
REVOKE ALL ON FUNCTION faren.insert_credential(faren.caller, uuid, jsonb) FROM PUBLIC;

-- is_weak tells, on production, a password that is cheaper to guess than this database's own parameters make it: those are for throw-away
-- accounts elsewhere. What others recommend instead (less memory, more passes) is worth nine tenths of the default, which is enough.
CREATE OR REPLACE FUNCTION faren.is_weak(c faren.caller, params jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own jsonb;
BEGIN
    IF c.environment <> 'production' THEN
        RETURN false;
    END IF;
    SELECT s.password_params INTO STRICT own FROM faren.setting s;
    RETURN NOT coalesce(CASE params ->> 'scheme'
        WHEN 'argon2id' THEN 10 * (params ->> 'memory')::bigint * (params ->> 'time')::bigint >= 9 * coalesce((own ->> 'memory')::bigint * (own ->> 'time')::bigint, 19456 * 2)
        WHEN 'pbkdf2-sm3' THEN (params ->> 'iterations')::bigint >= coalesce((own ->> 'iterations')::bigint, 600000) END, false);
END
$$;
REVOKE ALL ON FUNCTION faren.is_weak(faren.caller, jsonb) FROM PUBLIC;

-- demand_strong raises FN001 PASSWORD_PARAMS_REFUSED for a weak one: this program sends none to production.
CREATE OR REPLACE FUNCTION faren.demand_strong(c faren.caller, params jsonb) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF faren.is_weak(c, params) THEN
        RAISE EXCEPTION 'PASSWORD_PARAMS_REFUSED' USING ERRCODE = 'FN001';
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.demand_strong(faren.caller, jsonb) FROM PUBLIC;

-- strict_advice makes a refusal of what a password had better not contain, where policy password.advice says so.
CREATE OR REPLACE FUNCTION faren.strict_advice(advice jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF advice -> 0 IS NOT NULL AND (SELECT p.value FROM faren.policy p WHERE p.name = 'password.advice') = 'strict' THEN
        RETURN faren.refusal('PASSWORD_WEAK', jsonb_build_object('field', 'password', 'broken', advice));
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.strict_advice(jsonb) FROM PUBLIC;
