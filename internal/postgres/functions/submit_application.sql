-- candidate_of is an application's agent as registration_obstacles takes it, in an organization; NULL: in none yet.
CREATE OR REPLACE FUNCTION faren.candidate_of(a faren.application, org uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN faren.candidate_agent(a.org_id, a.agent_id) || jsonb_build_object('application_id', a.application_id, 'org_id', org);
END
$$;
REVOKE ALL ON FUNCTION faren.candidate_of(faren.application, uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.candidate_agent(org uuid, agent uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('org_id', org, 'document_type', g.document_type, 'document_index', encode(g.document_index, 'hex'),
                                      'phone_index', encode(g.phone_index, 'hex'))
            FROM faren.agent g WHERE g.org_id = org AND g.agent_id = agent);
END
$$;
REVOKE ALL ON FUNCTION faren.candidate_agent(uuid, uuid) FROM PUBLIC;

-- claim_person claims phone and agent for an application or an account of an organization, and username, where it is given, with them.
-- It looks for obstacles after that: the claims make rivals wait, so that the look sees what they committed. NULL: they are its own.
-- Else the refusal, and nothing is kept.
CREATE OR REPLACE FUNCTION faren.claim_person(c faren.caller, org uuid, application uuid, account uuid, agent uuid, username bytea) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    g         faren.agent;
    candidate jsonb := faren.candidate_agent(org, agent) || jsonb_build_object('application_id', application, 'account_id', account,
                                                                              'username_index', encode(username, 'hex'));
    refused   jsonb;
BEGIN
    SELECT * INTO STRICT g FROM faren.agent x WHERE x.org_id = org AND x.agent_id = agent;
    FOR attempt IN 1..5 LOOP
        BEGIN
            -- The user name first, since its stale holder's row is locked for it, and rows are locked before claims everywhere.
            IF username IS NOT NULL THEN
                PERFORM faren.claim_username(c, org, application, account, username);
            END IF;
            INSERT INTO faren.agent_claim (org_id, document_index, document_type, application_id, account_id, claimed_at)
            VALUES (org, g.document_index, g.document_type, application, account, c.at);
            INSERT INTO faren.phone_claim (org_id, phone_index, application_id, account_id, claimed_at)
            VALUES (org, g.phone_index, application, account, c.at);
            refused := coalesce(faren.inactive_organization((SELECT o.unit_code FROM faren.organization o WHERE o.org_id = org)),
                                faren.obstacles_of(candidate, c.at));
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'obstacles';
            END IF;
            RETURN NULL;
        EXCEPTION
            WHEN unique_violation THEN
                refused := faren.obstacles_of(candidate, c.at);
                IF refused IS NULL AND attempt = 5 THEN
                    RAISE;
                END IF;
                -- No obstacle: the rival that we met rolled back or let go; try again.
                EXIT WHEN refused IS NOT NULL;
            WHEN SQLSTATE 'FN002' THEN
                EXIT;
        END;
    END LOOP;
    RETURN refused;
END
$$;
REVOKE ALL ON FUNCTION faren.claim_person(faren.caller, uuid, uuid, uuid, uuid, bytea) FROM PUBLIC;

-- submit_application takes an application whose face check has passed on: of a manual channel to its unit or user; else to
-- pending-review, or to an active account when the agent is the legal representative of the register (guide 一.1). With an obstacle
-- nothing is kept, and the application goes back to certified, its user name free again.
CREATE OR REPLACE FUNCTION faren.submit_application(c faren.caller, a faren.application, verification uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    g         faren.agent;
    o         faren.organization;
    refused   jsonb;
BEGIN
    IF faren.is_manual(a.channel) THEN
        UPDATE faren.application x
        SET status = CASE a.channel WHEN 'project' THEN 'awaiting-unit' ELSE 'awaiting-user' END, verification_id = verification,
            updated_at = c.at, expires_at = c.at + faren.policy_interval('registration.draft_lifetime')
        WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
        RETURN NULL;
    END IF;
    refused := faren.claim_person(c, a.org_id, a.application_id, NULL, a.agent_id, NULL);
    IF refused IS NOT NULL THEN
        UPDATE faren.application x
        SET status = 'certified', credential_id = NULL, updated_at = c.at,
            expires_at = c.at + faren.policy_interval('registration.draft_lifetime')
        WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
        PERFORM faren.release_claims(a);
        RETURN refused;
    END IF;

    SELECT * INTO STRICT g FROM faren.agent x WHERE x.org_id = a.org_id AND x.agent_id = a.agent_id;
    SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id;
    IF faren.is_representative(o.unit_code, g.name_index, g.document_type, g.document_index) THEN
        UPDATE faren.application x SET verification_id = verification, submitted_at = c.at, updated_at = c.at
        WHERE x.org_id = a.org_id AND x.application_id = a.application_id RETURNING * INTO a;
        PERFORM faren.activate_account(c, a, 'legal-representative');
    ELSE
        UPDATE faren.application x
        SET status = 'pending-review', review_kind = 'organization', verification_id = verification, submitted_at = c.at,
            updated_at = c.at, expires_at = NULL
        WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
        PERFORM faren.queue_sms(c, a.org_id, gen_random_uuid(), 'review-requested', r.agent_id, a.application_id,
                                jsonb_build_object('organization', o.name, 'applicant', g.name_mask), NULL)
        FROM faren.account r
        WHERE r.org_id = a.org_id AND r.status = 'active' AND faren.is_reviewer(r.role);
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.submit_application(faren.caller, faren.application, uuid) FROM PUBLIC;

-- activate_account makes the account of an approved application and hands it the application's claims.
CREATE OR REPLACE FUNCTION faren.activate_account(c faren.caller, a faren.application, account_role text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    id uuid := gen_random_uuid();
    g  faren.agent;
BEGIN
    SELECT * INTO STRICT g FROM faren.agent x WHERE x.org_id = a.org_id AND x.agent_id = a.agent_id;
    INSERT INTO faren.account (org_id, account_id, agent_id, credential_id, role, status, created_at, updated_at)
    VALUES (a.org_id, id, a.agent_id, a.credential_id, account_role, 'active', c.at, c.at);
    UPDATE faren.username_claim k SET account_id = id, application_id = NULL, claimed_at = c.at
    WHERE k.username_index = a.username_index AND k.application_id = a.application_id;
    UPDATE faren.phone_claim k SET account_id = id, application_id = NULL, claimed_at = c.at
    WHERE k.org_id = a.org_id AND k.phone_index = g.phone_index AND k.application_id = a.application_id;
    UPDATE faren.agent_claim k SET account_id = id, application_id = NULL, claimed_at = c.at
    WHERE k.org_id = a.org_id AND k.document_index = g.document_index AND k.document_type = g.document_type
      AND k.application_id = a.application_id;
    UPDATE faren.application x
    SET status = 'approved', role = account_role, account_id = id, expires_at = NULL, updated_at = c.at
    WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
END
$$;
REVOKE ALL ON FUNCTION faren.activate_account(faren.caller, faren.application, text) FROM PUBLIC;
