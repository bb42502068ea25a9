-- registration_obstacles is the one place of the rules that compare a registration with what is already there
-- (guide 三): for each row {row_no, application_id, account_id, org_id, document_type, document_index, phone_index, username_index} every obstacle with
-- the record that holds it, since when, and when it passes by itself. It takes rows so that one registration and a
-- batch run the same statement. A null field is not examined; what the application or account itself holds is no obstacle, nor
-- is a reservation past its time, which the claiming function ends.
-- precedence orders what is told first: what concerns the person, then the phone, then the user name.
CREATE OR REPLACE FUNCTION faren.registration_obstacles(candidates jsonb, at timestamptz)
RETURNS TABLE (row_no integer, precedence integer, code text, holder_kind text, holder_id uuid, since timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    WITH candidate AS MATERIALIZED (
        SELECT x.row_no, x.application_id, x.account_id, x.org_id, x.document_type, decode(x.document_index, 'hex') AS document_index,
               decode(x.phone_index, 'hex') AS phone_index, decode(x.username_index, 'hex') AS username_index
        FROM jsonb_to_recordset(candidates) AS x (row_no integer, application_id uuid, account_id uuid, org_id uuid, document_type text,
                                                  document_index text, phone_index text, username_index text)
    )
    SELECT r.row_no, 1, CASE WHEN k.account_id IS NOT NULL THEN 'AGENT_ALREADY_REGISTERED' ELSE 'APPLICATION_PENDING' END,
           CASE WHEN k.account_id IS NOT NULL THEN 'account' ELSE 'application' END, coalesce(k.account_id, k.application_id),
           k.claimed_at, NULL::timestamptz
    FROM candidate r
    JOIN faren.agent_claim k ON k.org_id = r.org_id AND k.document_index = r.document_index AND k.document_type = r.document_type
    WHERE (r.application_id IS NULL OR k.application_id IS DISTINCT FROM r.application_id)
      AND (r.account_id IS NULL OR k.account_id IS DISTINCT FROM r.account_id)
    UNION ALL
    SELECT r.row_no, 2, 'DAILY_REJECTION_LIMIT', 'application', j.application_id, j.rejected_at,
           ((at AT TIME ZONE 'Asia/Shanghai')::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    FROM candidate r
    JOIN faren.rejection j ON j.org_id = r.org_id AND j.document_index = r.document_index AND j.document_type = r.document_type
         AND j.day = (at AT TIME ZONE 'Asia/Shanghai')::date
    WHERE j.slot = (SELECT faren.policy_count('registration.daily_rejections'))
      AND r.account_id IS NULL -- it limits applications, not what a reviewer does
    UNION ALL
    SELECT r.row_no, 3, 'PHONE_IN_USE', CASE WHEN k.account_id IS NOT NULL THEN 'account' ELSE 'application' END,
           coalesce(k.account_id, k.application_id), k.claimed_at, NULL::timestamptz
    FROM candidate r
    JOIN faren.phone_claim k ON k.org_id = r.org_id AND k.phone_index = r.phone_index
    WHERE (r.application_id IS NULL OR k.application_id IS DISTINCT FROM r.application_id)
      AND (r.account_id IS NULL OR k.account_id IS DISTINCT FROM r.account_id)
    UNION ALL
    SELECT r.row_no, 4, 'USERNAME_TAKEN', CASE WHEN k.account_id IS NOT NULL THEN 'account' ELSE 'application' END,
           coalesce(k.account_id, k.application_id), k.claimed_at, a.expires_at
    FROM candidate r
    JOIN faren.username_claim k ON k.username_index = r.username_index
    LEFT JOIN faren.application a ON a.org_id = k.org_id AND a.application_id = k.application_id
    WHERE (r.application_id IS NULL OR k.application_id IS DISTINCT FROM r.application_id)
      AND (r.account_id IS NULL OR k.account_id IS DISTINCT FROM r.account_id)
      AND (a.expires_at IS NULL OR a.expires_at > at)
    ORDER BY 1, 2;
END
$$;
REVOKE ALL ON FUNCTION faren.registration_obstacles(jsonb, timestamptz) FROM PUBLIC;

-- obstacle_lists gives for each candidate that has obstacles all of them, the first to be told first, as the list that refuse takes.
CREATE OR REPLACE FUNCTION faren.obstacle_lists(candidates jsonb, at timestamptz) RETURNS TABLE (row_no integer, refused jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT o.row_no, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', o.code, 'holder_kind', o.holder_kind,
                         'holder_id', o.holder_id, 'since', o.since, 'until', o.until)) ORDER BY o.precedence)
    FROM faren.registration_obstacles(candidates, at) o GROUP BY o.row_no;
END
$$;
REVOKE ALL ON FUNCTION faren.obstacle_lists(jsonb, timestamptz) FROM PUBLIC;

-- obstacles_of is that of one candidate; NULL when there are none.
CREATE OR REPLACE FUNCTION faren.obstacles_of(candidate jsonb, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT l.refused FROM faren.obstacle_lists(jsonb_build_array(candidate || '{"row_no": 0}'), at) l);
END
$$;
REVOKE ALL ON FUNCTION faren.obstacles_of(jsonb, timestamptz) FROM PUBLIC;
