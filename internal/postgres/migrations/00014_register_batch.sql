-- +goose Up
-- A row of a batch of registrations, as register_batch works on it.

-- +goose StatementBegin
CREATE TYPE faren.batch_row AS (
    row_no           integer,
    application_id   uuid,
    verification_id  uuid,
    channel          text,
    entity_type      text,
    name             text,
    name_key         text,
    unit_code        text,
    warnings         jsonb,
    agent_id         uuid,
    name_mask        text,
    name_index       bytea,
    name_sealed      bytea,
    document_type    text,
    document_mask    text,
    document_index   bytea,
    document_sealed  bytea,
    phone_mask       text,
    phone_index      bytea,
    phone_sealed     bytea,
    email_mask       text,
    email_sealed     bytea,
    landline_mask    text,
    landline_sealed  bytea,
    credential_id    uuid,
    username_index   bytea,
    username_display text,
    username_sealed  bytea,
    params           jsonb,
    salt             bytea,
    derived          bytea,
    code_proof       text,
    advice           jsonb
);
-- +goose StatementEnd
