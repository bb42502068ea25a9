-- +goose Up
-- An application has one table from its first step on. Until its organization is known it is a tenant of its own: its
-- org_id is its own id, and a provisional organization of that id holds what the application says of it.

-- +goose StatementBegin
DROP VIEW IF EXISTS api.draft CASCADE;
DROP FUNCTION IF EXISTS faren.organization_of_draft(faren.caller, faren.draft);
DROP FUNCTION IF EXISTS faren.lock_draft(faren.caller, uuid);

ALTER TABLE faren.organization
    ADD COLUMN provisional boolean NOT NULL DEFAULT false,
    ALTER COLUMN name DROP NOT NULL,
    ALTER COLUMN name_key DROP NOT NULL,
    ALTER COLUMN unit_code DROP NOT NULL,
    ALTER COLUMN unit_code_type DROP NOT NULL,
    ADD CONSTRAINT organization_name CHECK ((name IS NULL) = (name_key IS NULL)),
    ADD CONSTRAINT organization_unit_code CHECK ((unit_code IS NULL) = (unit_code_type IS NULL)),
    ADD CONSTRAINT organization_known CHECK (provisional OR num_nulls(name, name_key, unit_code, unit_code_type) = 0);

ALTER TABLE faren.application
    ALTER COLUMN agent_id DROP NOT NULL,
    ALTER COLUMN username_display DROP NOT NULL,
    ALTER COLUMN username_index DROP NOT NULL,
    ADD CONSTRAINT application_agent CHECK (agent_id IS NOT NULL OR status IN ('certified', 'withdrawn', 'expired')),
    ADD CONSTRAINT application_username CHECK ((username_index IS NULL) = (username_display IS NULL));

INSERT INTO faren.organization (org_id, name, name_key, unit_code, unit_code_type, entity_type, created_at, provisional)
SELECT d.application_id, d.name, d.name_key, d.unit_code, d.unit_code_type, d.entity_type, d.created_at, true FROM faren.draft d;
INSERT INTO faren.application (org_id, application_id, channel, entity_type, status, review_kind, warnings, created_at, updated_at, expires_at)
SELECT d.application_id, d.application_id, d.channel, d.entity_type, d.status, 'none', d.warnings, d.created_at, d.updated_at, d.expires_at FROM faren.draft d;
DROP TABLE faren.draft;
-- +goose StatementEnd
