-- +goose Up
-- Sealing keys change (密钥轮换). A key is named by what every value that it sealed begins with, in hexadecimal: suite, fingerprint and id.

-- +goose StatementBegin
-- sealing_key is the newest key; null while the first one was never changed. Whoever seals with one of retired_keys is refused, since nobody
-- could open it any more.
ALTER TABLE faren.setting
    ADD COLUMN sealing_key text,
    ADD COLUMN retired_keys text[] NOT NULL DEFAULT '{}';
-- The key that the client seals with; null when it has none.
ALTER TYPE faren.caller ADD ATTRIBUTE sealing_key text;

-- Runs that seal everything anew. They are handed out sealed values, which needs a row of theirs that is committed: transaction is the one that
-- wrote it, within which it is worth nothing. expires_at is by the real clock.
CREATE TABLE faren.resealing (
    run_id      uuid PRIMARY KEY,
    operator    name NOT NULL,
    transaction xid8 NOT NULL,
    expires_at  timestamptz NOT NULL
);
-- +goose StatementEnd
