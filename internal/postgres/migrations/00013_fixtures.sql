-- +goose Up
-- Test accounts for CI (fixtures), outside production: what each namespace made, so that it is made once and can be taken away again.
-- An organization of a fixture, with all that is in it, belongs to one namespace.

-- +goose StatementBegin
-- One process at a time changes a namespace: claimed_by is its run, until claimed_until by the real clock, since tests move the rules' one.
CREATE TABLE faren.fixture (
    namespace     text PRIMARY KEY,
    claimed_by    uuid,
    claimed_until timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT fixture_namespace CHECK (namespace ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    CONSTRAINT fixture_claim CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
);

-- spec is a keyed hash of what was asked for. unit_code, or of an overseas unit name_key, says which organization it is; applications and
-- codes are the ids that were to be made, written down before they were, so that what a killed process left is found. made is a list of
-- {key, application_id, account_id, status, role, unit_code}; it is there, with finished_at, once all of it is made.
CREATE TABLE faren.fixture_organization (
    namespace    text NOT NULL,
    key          text NOT NULL,
    spec         text NOT NULL,
    unit_code    text,
    name_key     text,
    applications uuid[] NOT NULL,
    codes        uuid[] NOT NULL,
    made         jsonb NOT NULL DEFAULT '[]',
    created_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    PRIMARY KEY (namespace, key),
    CONSTRAINT fixture_organization_key CHECK (num_nonnulls(unit_code, name_key) = 1),
    CONSTRAINT fixture_organization_made CHECK (jsonb_typeof(made) = 'array')
);
CREATE UNIQUE INDEX fixture_organization_unit_code ON faren.fixture_organization (unit_code) WHERE unit_code IS NOT NULL;
CREATE UNIQUE INDEX fixture_organization_name ON faren.fixture_organization (name_key) WHERE name_key IS NOT NULL;

-- Applications that have no organization yet, by the one that they mean.
CREATE INDEX organization_stated_code ON faren.organization (unit_code) WHERE provisional;
CREATE INDEX organization_stated_name ON faren.organization (name_key) WHERE provisional;
-- +goose StatementEnd
