-- is_open tells the states of an application that is not decided and not ended; this is the one list of them in the database's functions.
CREATE OR REPLACE FUNCTION faren.is_open(status text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN status IN ('certified', 'awaiting-identity', 'awaiting-unit', 'awaiting-user', 'pending-review', 'pending-comparison', 'mismatched');
END
$$;
REVOKE ALL ON FUNCTION faren.is_open(text) FROM PUBLIC;

-- is_reviewer tells the roles that may review (guide 二.1). The role organization is that of a session by certificate or e-licence; no
-- account has it. An applicant's session has none.
CREATE OR REPLACE FUNCTION faren.is_reviewer(role text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(role IN ('legal-representative', 'administrator', 'organization'), false);
END
$$;
REVOKE ALL ON FUNCTION faren.is_reviewer(text) FROM PUBLIC;

-- is_manual tells the channels whose applications staff compare (guide 一.3, 一.4: 人工认证渠道).
CREATE OR REPLACE FUNCTION faren.is_manual(channel text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(channel IN ('overseas', 'project'), false);
END
$$;
REVOKE ALL ON FUNCTION faren.is_manual(text) FROM PUBLIC;

-- applicant_may_look tells the states that an applicant of a manual channel may sign in to see (guide 一.3: 查看比对结果).
CREATE OR REPLACE FUNCTION faren.applicant_may_look(status text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN status IN ('pending-comparison', 'mismatched', 'approved');
END
$$;
REVOKE ALL ON FUNCTION faren.applicant_may_look(text) FROM PUBLIC;
