-- document_kinds are the documents that a channel asks for (guide 一.3, 一.4).
CREATE OR REPLACE FUNCTION faren.document_kinds(channel text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE channel WHEN 'overseas' THEN '{licence,agent-document}'::text[] WHEN 'project' THEN '{proof}' ELSE '{}' END;
END
$$;
REVOKE ALL ON FUNCTION faren.document_kinds(text) FROM PUBLIC;

-- document_refusal says why documents are not taken: each must be one that the channel asks for, within the policies document.…;
-- when all_needed, none may be missing. documents is [{document_id, kind, sha256, size, width, height}].
CREATE OR REPLACE FUNCTION faren.document_refusal(channel text, documents jsonb, all_needed boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted  text[] := faren.document_kinds(channel);
    refused jsonb;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('code', 'FIELD_REQUIRED', 'field', 'documents.' || replace(k, '-', '_')) ORDER BY k) INTO refused
    FROM unnest(wanted) k
    WHERE all_needed AND NOT EXISTS (SELECT FROM jsonb_to_recordset(nullif(documents, 'null')) AS d (kind text) WHERE d.kind = k);
    IF refused IS NOT NULL THEN
        RETURN refused;
    END IF;
    SELECT jsonb_agg(x.refused ORDER BY x.kind) INTO refused FROM (
        SELECT d.kind, CASE
            WHEN d.kind <> ALL (wanted) THEN jsonb_build_object('code', 'FIELD_NOT_ALLOWED', 'channel', channel)
            WHEN d.size > faren.policy_count('document.max_bytes') THEN
                jsonb_build_object('code', 'JPEG_INVALID', 'reason', 'too-large', 'limit', faren.policy_count('document.max_bytes'))
            WHEN d.width * d.height > faren.policy_count('document.max_pixels') THEN
                jsonb_build_object('code', 'JPEG_INVALID', 'reason', 'too-many-pixels', 'limit', faren.policy_count('document.max_pixels'))
            END || jsonb_build_object('field', 'documents.' || replace(d.kind, '-', '_')) AS refused
        FROM jsonb_to_recordset(nullif(documents, 'null')) AS d (kind text, size bigint, width bigint, height bigint)) x
    WHERE x.refused IS NOT NULL;
    RETURN refused;
END
$$;
REVOKE ALL ON FUNCTION faren.document_refusal(text, jsonb, boolean) FROM PUBLIC;

-- add_documents keeps the sealed documents of an application; one of a kind that is there already takes its place. contents are the
-- sealed bytes in the order of documents.
CREATE OR REPLACE FUNCTION faren.add_documents(c faren.caller, a faren.application, documents jsonb, contents bytea[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    d record;
BEGIN
    FOR d IN SELECT x.document, x.place FROM jsonb_array_elements(nullif(documents, 'null')) WITH ORDINALITY AS x (document, place) LOOP
        UPDATE faren.document x SET replaced_at = c.at
        WHERE x.org_id = a.org_id AND x.application_id = a.application_id AND x.kind = d.document ->> 'kind' AND x.replaced_at IS NULL;
        INSERT INTO faren.document (org_id, document_id, application_id, kind, sha256, size, width, height, content_sealed, created_at)
        VALUES (a.org_id, (d.document ->> 'document_id')::uuid, a.application_id, d.document ->> 'kind', decode(d.document ->> 'sha256', 'hex'),
                (d.document ->> 'size')::integer, (d.document ->> 'width')::integer, (d.document ->> 'height')::integer, contents[d.place], c.at);
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION faren.add_documents(faren.caller, faren.application, jsonb, bytea[]) FROM PUBLIC;

-- request_document writes down which comparing operator wants to read a document and why, and grants it as request_reveal grants a field:
-- for read_document, in a later transaction. wanted is a document's id, or a kind, which means the current one.
CREATE OR REPLACE FUNCTION api.request_document(caller jsonb, application uuid, wanted text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c   faren.caller := faren.begin_call(caller, 'request_document');
    org uuid := (SELECT x.org_id FROM faren.application x WHERE x.application_id = application);
    d   faren.document := faren.find_document(application, wanted);
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    ELSIF faren.is_blank(c.reason) THEN
        RETURN faren.refuse(c, 'document.read', 'application', application::text, org, faren.refusal('REASON_REQUIRED'));
    ELSIF org IS NULL THEN
        RETURN faren.refuse(c, 'document.read', 'application', application::text, NULL, faren.refusal('APPLICATION_NOT_FOUND'));
    ELSIF d.document_id IS NULL THEN
        RETURN faren.refuse(c, 'document.read', 'application', application::text, org, faren.refusal('DOCUMENT_NOT_FOUND', jsonb_build_object('application_id', application)));
    END IF;
    PERFORM faren.grant_look(c, 'document', d.document_id, 'content');
    RETURN faren.end_call(c, 'document.read', 'document', d.document_id::text, org, jsonb_build_object('document_id', d.document_id),
                          jsonb_build_object('application_id', application, 'kind', d.kind));
END
$$;
REVOKE ALL ON FUNCTION api.request_document(jsonb, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.request_document(jsonb, uuid, text) TO faren_reviewer;

-- read_document hands out the ciphertext of a document that request_document granted in an earlier transaction. wanted is as there. No answer
-- is kept, as in reveal.
CREATE OR REPLACE FUNCTION api.read_document(caller jsonb, application uuid, wanted text, OUT answer jsonb, OUT content bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'read_document');
    d faren.document := faren.find_document(application, wanted);
BEGIN
    IF c.replay IS NOT NULL THEN
        answer := c.replay;
    ELSIF NOT faren.use_grant(c, 'document', d.document_id, 'content') THEN
        answer := faren.refuse(c, 'document.read', 'application', application::text, d.org_id, faren.refusal('REVEAL_NOT_GRANTED'));
    ELSE
        content := d.content_sealed;
        answer := faren.end_look(c, jsonb_build_object('document_id', d.document_id, 'kind', d.kind, 'sha256', encode(d.sha256, 'hex'), 'size', d.size,
            'width', d.width, 'height', d.height, 'created_at', d.created_at, 'replaced_at', d.replaced_at));
    END IF;
END
$$;
REVOKE ALL ON FUNCTION api.read_document(jsonb, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.read_document(jsonb, uuid, text) TO faren_reviewer;

-- find_document gives a document of an application by its id, or the current one of a kind; a row of nulls when there is none.
CREATE OR REPLACE FUNCTION faren.find_document(application uuid, wanted text) RETURNS faren.document
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    org uuid := (SELECT x.org_id FROM faren.application x WHERE x.application_id = application);
    d   faren.document;
BEGIN
    SELECT * INTO d FROM faren.document x
    WHERE x.org_id = org AND x.application_id = application AND (x.document_id::text = wanted OR (x.kind = wanted AND x.replaced_at IS NULL));
    RETURN d;
END
$$;
REVOKE ALL ON FUNCTION faren.find_document(uuid, text) FROM PUBLIC;
