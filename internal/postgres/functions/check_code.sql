-- check_code tries an SMS code: the newest of its purpose sent to the number. It counts a wrong try, which commits
-- even though the step is refused; a right code is spent only by spend_code, when the step succeeds.
-- The row lock makes parallel guesses queue up, so that never more than the allowed tries are evaluated.
-- proof is a keyed value of purpose, number and code: the code itself never reaches the database.
CREATE OR REPLACE FUNCTION faren.check_code(c faren.caller, phone bytea, wanted_purpose text, proof bytea, OUT refused jsonb, OUT code_id uuid)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    code  faren.sms_code;
    tries bigint := faren.policy_count('sms.code_attempts');
BEGIN
    SELECT * INTO code FROM faren.sms_code k
    WHERE k.phone_index = phone AND k.purpose = wanted_purpose
    ORDER BY k.created_at DESC, k.code_id DESC LIMIT 1 FOR UPDATE;
    IF NOT FOUND OR code.used_at IS NOT NULL OR proof IS NULL THEN
        refused := faren.refusal('SMS_CODE_INVALID');
    ELSIF code.expires_at <= c.at THEN
        refused := faren.refusal('SMS_CODE_EXPIRED');
    ELSIF code.attempts >= tries THEN
        refused := faren.refusal('SMS_CODE_EXHAUSTED');
    ELSIF code.code_hash <> sha256(code.salt || proof) THEN
        UPDATE faren.sms_code k SET attempts = k.attempts + 1 WHERE k.phone_index = phone AND k.code_id = code.code_id;
        refused := faren.refusal('SMS_CODE_INVALID', jsonb_build_object('tries_left', tries - code.attempts - 1));
    ELSE
        code_id := code.code_id;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.check_code(faren.caller, bytea, text, bytea) FROM PUBLIC;

-- check_step_code is check_code for a step of a registration, where the sandbox may stand in for the code outside production. A dry run leaves
-- the code unexamined. step is {code_proof, sandbox}.
CREATE OR REPLACE FUNCTION faren.check_step_code(c faren.caller, phone bytea, purpose text, step jsonb, OUT refused jsonb, OUT code_id uuid)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF coalesce((step ->> 'sandbox')::boolean, false) THEN
        IF c.environment = 'production' THEN
            refused := faren.refusal('SANDBOX_REFUSED');
        END IF;
    ELSIF NOT c.dry_run THEN
        SELECT * INTO refused, code_id FROM faren.check_code(c, phone, purpose, decode(step ->> 'code_proof', 'hex'));
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.check_step_code(faren.caller, bytea, text, jsonb) FROM PUBLIC;

-- spend_code ends a code that did its work; NULL, which the sandbox has, is none.
CREATE OR REPLACE FUNCTION faren.spend_code(c faren.caller, phone bytea, id uuid) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE faren.sms_code k SET used_at = c.at WHERE k.phone_index = phone AND k.code_id = id AND k.used_at IS NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.spend_code(faren.caller, bytea, uuid) FROM PUBLIC;
