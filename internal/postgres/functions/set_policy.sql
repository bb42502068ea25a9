-- set_policy gives a policy a value, or its default back. It applies at once, to every call that begins after it; what was told before
-- (a deadline, the end of a lock) stays. NULL and default mean the default.
CREATE OR REPLACE FUNCTION api.set_policy(caller jsonb, policy text, new_value text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'set_policy');
    p       faren.policy;
    wanted  text;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT * INTO p FROM faren.policy x WHERE x.name = policy FOR UPDATE;
    wanted := coalesce(nullif(new_value, 'default'), p.default_value);
    IF p.name IS NULL THEN
        refused := faren.refusal('POLICY_NOT_FOUND');
    ELSIF p.kind = 'choice' AND wanted <> ALL (p.choices) THEN
        refused := faren.refusal('VALUE_INVALID', jsonb_build_object('field', p.name, 'allowed', to_jsonb(p.choices)));
    ELSIF p.kind <> 'choice' AND wanted !~ '^[0-9]{1,15}$' OR p.kind <> 'choice' AND wanted::bigint NOT BETWEEN p.minimum AND p.maximum THEN
        refused := faren.refusal('POLICY_VALUE_INVALID', jsonb_build_object('field', p.name, 'minimum', p.minimum, 'maximum', p.maximum));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'policy.set', 'policy', left(policy, 100), NULL, refused);
    END IF;
    UPDATE faren.policy x SET value = wanted, updated_at = c.at, updated_by = c.operator WHERE x.name = policy;
    RETURN faren.end_call(c, 'policy.set', 'policy', policy, NULL, (SELECT to_jsonb(v) FROM api.policy v WHERE v.name = policy),
                          jsonb_build_object('from', p.value, 'to', wanted));
END
$$;
REVOKE ALL ON FUNCTION api.set_policy(jsonb, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.set_policy(jsonb, text, text) TO faren_admin;
