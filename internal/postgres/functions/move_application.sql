-- move_application takes an application, with everything that belongs to it, from one organization to another, and gives it
-- as it is there; the caller holds its row lock. A tenant's rows never change their org_id (it is the distribution key), so
-- they are written anew and the old ones deleted. The organization that it leaves
-- goes with it when it was provisional; another stays, with its unit code.
CREATE OR REPLACE FUNCTION faren.move_application(a faren.application, to_org uuid) RETURNS faren.application
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    from_org uuid := a.org_id;
    g        faren.agent;
    k        faren.credential;
    v        faren.verification;
    d        faren.document;
    m        faren.sms;
BEGIN
    IF from_org = to_org THEN
        RETURN a;
    END IF;
    SELECT * INTO g FROM faren.agent x WHERE x.org_id = from_org AND x.agent_id = a.agent_id;
    IF FOUND THEN
        g.org_id := to_org;
        INSERT INTO faren.agent VALUES (g.*);
    END IF;
    SELECT * INTO k FROM faren.credential x WHERE x.org_id = from_org AND x.credential_id = a.credential_id;
    IF FOUND THEN
        k.org_id := to_org;
        INSERT INTO faren.credential VALUES (k.*);
        UPDATE faren.username_claim x SET org_id = to_org WHERE x.username_index = a.username_index AND x.application_id = a.application_id;
    END IF;
    a.org_id := to_org;
    INSERT INTO faren.application VALUES (a.*);
    FOR v IN SELECT * FROM faren.verification x WHERE x.org_id = from_org AND x.application_id = a.application_id LOOP
        v.org_id := to_org;
        INSERT INTO faren.verification VALUES (v.*);
    END LOOP;
    FOR d IN SELECT * FROM faren.document x WHERE x.org_id = from_org AND x.application_id = a.application_id LOOP
        d.org_id := to_org;
        INSERT INTO faren.document VALUES (d.*);
    END LOOP;
    -- Locked, so that nobody claims a message while its copy is made.
    FOR m IN SELECT * FROM faren.sms x WHERE x.org_id = from_org AND x.application_id = a.application_id AND x.agent_id = a.agent_id FOR UPDATE LOOP
        m.org_id := to_org;
        INSERT INTO faren.sms VALUES (m.*);
    END LOOP;
    DELETE FROM faren.verification x WHERE x.org_id = from_org AND x.application_id = a.application_id;
    DELETE FROM faren.document x WHERE x.org_id = from_org AND x.application_id = a.application_id;
    DELETE FROM faren.sms x WHERE x.org_id = from_org AND x.application_id = a.application_id AND x.agent_id = a.agent_id;
    -- A session is found by its organization, so the applicant signs in again.
    DELETE FROM faren.session x WHERE x.org_id = from_org AND x.application_id = a.application_id;
    DELETE FROM faren.application x WHERE x.org_id = from_org AND x.application_id = a.application_id;
    DELETE FROM faren.credential x WHERE x.org_id = from_org AND x.credential_id = a.credential_id;
    DELETE FROM faren.agent x WHERE x.org_id = from_org AND x.agent_id = a.agent_id;
    DELETE FROM faren.organization x WHERE x.org_id = from_org AND x.provisional;
    RETURN a;
END
$$;
REVOKE ALL ON FUNCTION faren.move_application(faren.application, uuid) FROM PUBLIC;
