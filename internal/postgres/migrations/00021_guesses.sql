-- +goose Up
-- A password or code is examined only once it is on record that it was tried: what is rolled back is known all the same to whoever asked.
-- subject is the user name's index, or the id of a recovery; proof a hash of what was given, under the secret of this database. settled_at: it
-- counts as a failure elsewhere, or was right.
CREATE TABLE faren.guess (
    kind        text NOT NULL,
    subject     bytea NOT NULL,
    proof       bytea NOT NULL,
    operator    name NOT NULL,
    transaction xid8 NOT NULL,
    opened_at   timestamptz NOT NULL,
    settled_at  timestamptz,
    PRIMARY KEY (kind, subject, proof),
    CONSTRAINT guess_kind CHECK (kind IN ('sign_in', 'recovery'))
);
CREATE INDEX guess_age ON faren.guess (opened_at);
