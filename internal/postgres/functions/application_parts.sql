-- The parts of the view api.application that few rows have. They are functions so that a look at one application does not plan, on a
-- connection that is always new, what it will not run: that costs as much as all the rest.

-- has_reviewer tells whether somebody of the organization may decide on its applications.
CREATE OR REPLACE FUNCTION api.has_reviewer(org uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM faren.account r
                   WHERE r.org_id = org AND r.status = 'active' AND r.role IN ('legal-representative', 'administrator'));
END
$$;
REVOKE ALL ON FUNCTION api.has_reviewer(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.has_reviewer(uuid) TO faren_registrar, faren_support;

-- application_documents lists the scans that an application stands on, without what they show.
CREATE OR REPLACE FUNCTION api.application_documents(org uuid, application uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('document_id', d.document_id, 'kind', d.kind, 'size', d.size, 'width', d.width, 'height', d.height,
                       'sha256', encode(d.sha256, 'hex'), 'created_at', d.created_at) ORDER BY array_position(ARRAY['licence', 'agent-document', 'proof'], d.kind)), '[]')
            FROM faren.document d WHERE d.org_id = org AND d.application_id = application AND d.replaced_at IS NULL);
END
$$;
REVOKE ALL ON FUNCTION api.application_documents(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.application_documents(uuid, uuid) TO faren_registrar, faren_support;
