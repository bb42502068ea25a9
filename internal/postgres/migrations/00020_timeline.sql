-- +goose Up
-- What the history of a person shows beside the events of their records: what was done in their sessions, and who read their documents, also
-- when document or session is gone.

-- +goose StatementBegin
CREATE INDEX audit_event_by_session ON faren.audit_event (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX audit_event_by_application ON faren.audit_event ((details ->> 'application_id')) WHERE subject_kind IN ('document', 'session');
-- +goose StatementEnd
