-- lock_account takes the row lock of an account, and before it that of its organization: rules about who is left are of all accounts
-- together. NULL fields when there is no such account.
CREATE OR REPLACE FUNCTION faren.lock_account(id uuid) RETURNS faren.account
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    t faren.account;
BEGIN
    PERFORM FROM faren.organization o WHERE o.org_id = (SELECT x.org_id FROM faren.account x WHERE x.account_id = id) FOR NO KEY UPDATE;
    SELECT * INTO t FROM faren.account x
    WHERE x.org_id = (SELECT o.org_id FROM faren.account o WHERE o.account_id = id) AND x.account_id = id
    FOR UPDATE;
    RETURN t;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_account(uuid) FROM PUBLIC;

-- is_own_agent tells that an agent is the person of the caller's session: by the document, and in a session of the organization, whose
-- person is whoever was named, by the name as well, since one person has several documents.
CREATE OR REPLACE FUNCTION faren.is_own_agent(c faren.caller, org uuid, agent uuid) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM faren.agent me JOIN faren.agent them ON them.org_id = me.org_id
        WHERE me.org_id = c.org_id AND me.org_id = org AND me.agent_id = c.agent_id AND them.agent_id = agent
          AND (them.document_index = me.document_index AND them.document_type = me.document_type
               OR c.role = 'organization' AND them.name_index = me.name_index));
END
$$;
REVOKE ALL ON FUNCTION faren.is_own_agent(faren.caller, uuid, uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.account_json(id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT to_jsonb(a) FROM api.account a WHERE a.account_id = id);
END
$$;
REVOKE ALL ON FUNCTION faren.account_json(uuid) FROM PUBLIC;

-- care_refusal says why the caller may not care for an account, or NULL. A reviewer's session cares for the accounts of its
-- organization; administrators are cared for by the legal representative and by a session of the organization itself only (guide 一.5:
-- 法人数字证书登录、法定代表人的法人账号登录变更经办人信息), or, where there is no legal representative, by an administrator; the legal
-- representative by a legal representative alone, since whoever changes that account could make administrators with it. Where nobody is left, an operator of the role reviewer does it for a ticket. An account
-- of another organization is answered like one that does not exist.
CREATE OR REPLACE FUNCTION faren.care_refusal(c faren.caller, t faren.account, by_representative boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF c.session_id IS NULL THEN
        IF t.account_id IS NULL OR NOT pg_has_role(c.operator, 'faren_reviewer', 'USAGE') OR EXISTS (
            SELECT FROM faren.account r WHERE r.org_id = t.org_id AND r.status = 'active' AND faren.is_reviewer(r.role)) THEN
            RETURN faren.refusal(c.session_problem);
        ELSIF faren.is_blank(c.ticket) THEN
            RETURN faren.refusal('TICKET_REQUIRED');
        END IF;
        RETURN NULL;
    ELSIF NOT faren.is_reviewer(c.role) THEN
        RETURN faren.refusal('NOT_A_REVIEWER', jsonb_build_object('role', c.role));
    ELSIF t.account_id IS NULL OR t.org_id <> c.org_id THEN
        RETURN faren.refusal('ACCOUNT_NOT_FOUND');
    ELSIF c.role = 'organization' AND t.role = 'legal-representative' THEN
        RETURN faren.refusal('NOT_LEGAL_REPRESENTATIVE', jsonb_build_object('role', c.role));
    ELSIF (by_representative OR t.role <> 'agent') AND c.role NOT IN ('legal-representative', 'organization') AND EXISTS (
        SELECT FROM faren.account r WHERE r.org_id = t.org_id AND r.status = 'active' AND r.role = 'legal-representative') THEN
        RETURN faren.refusal('NOT_LEGAL_REPRESENTATIVE', jsonb_build_object('role', c.role));
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.care_refusal(faren.caller, faren.account, boolean) FROM PUBLIC;

-- set_account_status disables an active account, enables a disabled one, or deactivates (注销) one for good: its sessions end, and its
-- phone and agent are free (guide 三.1: 请注销或拒绝申请后,可重新绑定); the user name stays, since it tells who acted. The holder may
-- deactivate their own. wanted is {status, force, sms_id}: without force the last reviewer of an organization with applications to
-- decide stays.
CREATE OR REPLACE FUNCTION api.set_account_status(caller jsonb, account uuid, wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'set_account_status');
    target  text := wanted ->> 'status';
    action  text := CASE wanted ->> 'status' WHEN 'disabled' THEN 'account.disable' WHEN 'active' THEN 'account.enable' ELSE 'account.deactivate' END;
    t       faren.account;
    own     boolean;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    t := faren.lock_account(account);
    own := CASE WHEN c.role = 'organization' THEN faren.is_own_agent(c, t.org_id, t.agent_id) ELSE coalesce(t.account_id = c.account_id, false) END;
    IF coalesce(target NOT IN ('disabled', 'active', 'deactivated'), true) THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "status", "allowed": ["disabled", "active", "deactivated"]}');
    ELSIF own AND target <> 'deactivated' AND t.org_id = c.org_id THEN
        refused := faren.refusal('OWN_ACCOUNT');
    ELSIF NOT own OR c.role = 'organization' THEN
        refused := faren.care_refusal(c, t, false);
    END IF;
    IF refused IS NULL AND NOT (t.status = 'active' AND target <> 'active' OR t.status = 'disabled' AND target <> 'disabled' OR t.status = 'pending' AND target = 'deactivated') THEN
        refused := faren.refusal('ACCOUNT_WRONG_STATE', jsonb_build_object('status', t.status));
    END IF;
    IF refused IS NULL AND target <> 'active' AND NOT coalesce((wanted ->> 'force')::boolean, false) AND t.status = 'active' AND faren.is_reviewer(t.role)
       AND NOT EXISTS (SELECT FROM faren.account r WHERE r.org_id = t.org_id AND r.account_id <> t.account_id AND r.status = 'active' AND faren.is_reviewer(r.role))
       AND EXISTS (SELECT FROM faren.application p WHERE p.org_id = t.org_id AND p.status = 'pending-review') THEN
        refused := faren.refusal('LAST_REVIEWER');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, action, 'account', account::text, t.org_id, refused);
    END IF;
    UPDATE faren.account x SET status = target, updated_at = c.at WHERE x.org_id = t.org_id AND x.account_id = account;
    IF target <> 'active' THEN
        UPDATE faren.session s SET revoked_at = c.at, revoked_by = c.operator
        WHERE s.org_id = t.org_id AND s.account_id = account AND s.revoked_at IS NULL;
    END IF;
    IF target = 'deactivated' THEN
        DELETE FROM faren.phone_claim k USING faren.agent g
        WHERE g.org_id = t.org_id AND g.agent_id = t.agent_id AND k.org_id = t.org_id AND k.phone_index = g.phone_index AND k.account_id = account;
        DELETE FROM faren.agent_claim k USING faren.agent g
        WHERE g.org_id = t.org_id AND g.agent_id = t.agent_id AND k.org_id = t.org_id AND k.document_index = g.document_index
          AND k.document_type = g.document_type AND k.account_id = account;
    END IF;
    PERFORM faren.queue_sms(c, t.org_id, (wanted ->> 'sms_id')::uuid, CASE target WHEN 'deactivated' THEN 'deactivated' ELSE 'agent-changed' END, t.agent_id, NULL,
        jsonb_strip_nulls(jsonb_build_object('organization', (SELECT o.name FROM faren.organization o WHERE o.org_id = t.org_id),
            'change', CASE target WHEN 'disabled' THEN '已停用' WHEN 'active' THEN '已恢复使用' END)), NULL);
    RETURN faren.end_call(c, action, 'account', account::text, t.org_id, faren.account_json(account), jsonb_build_object('from', t.status));
END
$$;
REVOKE ALL ON FUNCTION api.set_account_status(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.set_account_status(jsonb, uuid, jsonb) TO faren_registrar, faren_reviewer;

-- set_account_role makes an agent an administrator or an administrator an agent (guide 二.1: 已授权的管理员账号). wanted is {role, sms_id}.
-- Whoever holds the organization's certificate is not thereby the legal representative, who alone decides this.
CREATE OR REPLACE FUNCTION api.set_account_role(caller jsonb, account uuid, wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'set_account_role');
    target  text := wanted ->> 'role';
    action  text := CASE wanted ->> 'role' WHEN 'administrator' THEN 'account.authorize' ELSE 'account.deauthorize' END;
    t       faren.account;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    t := faren.lock_account(account);
    refused := faren.care_refusal(c, t, true);
    IF refused IS NULL AND c.role = 'organization' THEN
        refused := faren.refusal('NOT_LEGAL_REPRESENTATIVE', jsonb_build_object('role', c.role));
    ELSIF refused IS NULL AND coalesce(target NOT IN ('administrator', 'agent'), true) THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "role", "allowed": ["administrator", "agent"]}');
    ELSIF refused IS NULL AND t.status NOT IN ('active', 'disabled') THEN
        refused := faren.refusal('ACCOUNT_WRONG_STATE', jsonb_build_object('status', t.status));
    ELSIF refused IS NULL AND (t.role = target OR t.role = 'legal-representative') THEN
        refused := faren.refusal('ROLE_UNCHANGED', jsonb_build_object('role', t.role));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, action, 'account', account::text, t.org_id, refused);
    END IF;
    UPDATE faren.account x SET role = target, updated_at = c.at WHERE x.org_id = t.org_id AND x.account_id = account;
    PERFORM faren.queue_sms(c, t.org_id, (wanted ->> 'sms_id')::uuid, 'agent-changed', t.agent_id, NULL,
        jsonb_build_object('organization', (SELECT o.name FROM faren.organization o WHERE o.org_id = t.org_id),
            'change', CASE target WHEN 'administrator' THEN '已被授权为管理员' ELSE '的管理员授权已取消' END), NULL);
    RETURN faren.end_call(c, action, 'account', account::text, t.org_id, faren.account_json(account), jsonb_build_object('from', t.role));
END
$$;
REVOKE ALL ON FUNCTION api.set_account_role(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.set_account_role(jsonb, uuid, jsonb) TO faren_registrar, faren_reviewer;

-- unlock_account ends the lock that failed sign-ins set, and forgets the failures. It is for support.
CREATE OR REPLACE FUNCTION api.unlock_account(caller jsonb, account uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'unlock_account');
    t faren.account;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    t := faren.lock_account(account);
    IF t.account_id IS NULL THEN
        RETURN faren.refuse(c, 'account.unlock', 'account', account::text, NULL, faren.refusal('ACCOUNT_NOT_FOUND'));
    END IF;
    DELETE FROM faren.sign_in_failure f USING faren.credential d
    WHERE d.org_id = t.org_id AND d.credential_id = t.credential_id AND f.username_index = d.username_index AND f.locked_until > c.at;
    IF NOT FOUND THEN
        RETURN faren.refuse(c, 'account.unlock', 'account', account::text, t.org_id, faren.refusal('ACCOUNT_NOT_LOCKED', jsonb_build_object('status', t.status)));
    END IF;
    PERFORM faren.forget_guesses(c, 'sign_in', d.username_index, NULL) FROM faren.credential d WHERE d.org_id = t.org_id AND d.credential_id = t.credential_id;
    RETURN faren.end_call(c, 'account.unlock', 'account', account::text, t.org_id, faren.account_json(account), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.unlock_account(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.unlock_account(jsonb, uuid) TO faren_support;
