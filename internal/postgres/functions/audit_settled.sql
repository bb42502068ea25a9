-- audit_settled tells what can be sealed: the newest event, and which transactions may still commit an older one. Numbers are taken in
-- order but committed in any. Whoever takes one holds the table's ROW EXCLUSIVE lock from before that to the end of the transaction, so that
-- with no such lock left, once newest was seen, nothing up to newest can come any more. Nobody is kept waiting by this look. Prepared
-- transactions keep their locks, too; a standby does not see them, and tells so.
CREATE OR REPLACE FUNCTION api.audit_settled() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- In this order, each by a snapshot of its own: a writer that is gone by the second look was seen whole by whoever reads after it.
    newest  bigint := (SELECT e.event_id FROM faren.audit_event e ORDER BY e.event_id DESC, e.org_id DESC LIMIT 1);
    writers jsonb := (SELECT coalesce(jsonb_agg(DISTINCT l.virtualtransaction), '[]') FROM pg_locks l
                      WHERE l.locktype = 'relation' AND l.relation = 'faren.audit_event'::regclass AND l.granted
                        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                        AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                        AND l.pid IS DISTINCT FROM pg_backend_pid());
BEGIN
    RETURN jsonb_build_object('result', jsonb_build_object('newest', coalesce(newest, 0), 'writers', writers, 'standby', pg_is_in_recovery()));
END
$$;
REVOKE ALL ON FUNCTION api.audit_settled() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.audit_settled() TO faren_auditor, faren_admin;

-- audit_evidence lists the checks of which a signed proof was kept, from after on, at most many, and counts them all. The proofs themselves
-- are handed out by verification_evidence, to others.
CREATE OR REPLACE FUNCTION api.audit_evidence(after uuid, many integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object('result', jsonb_build_object(
        'all', (SELECT count(*) FROM faren.verification v WHERE v.evidence_sealed IS NOT NULL),
        'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('verification', x.verification_id, 'provider', x.provider, 'status', x.status) ORDER BY x.verification_id), '[]')
                  FROM (SELECT v.verification_id, v.provider, v.status FROM faren.verification v
                        WHERE v.evidence_sealed IS NOT NULL AND (after IS NULL OR v.verification_id > after)
                        ORDER BY v.verification_id LIMIT least(many, 1000)) x)));
END
$$;
REVOKE ALL ON FUNCTION api.audit_evidence(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.audit_evidence(uuid, integer) TO faren_auditor, faren_reviewer;
