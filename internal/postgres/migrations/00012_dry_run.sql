-- +goose Up
-- A dry run is a change whose transaction cannot be committed: so nobody can pass a step whose code, captcha or password a dry run leaves
-- unexamined.

-- +goose StatementBegin
ALTER TYPE faren.caller ADD ATTRIBUTE dry_run boolean;
-- Which of several calls of one function this is, within one command.
ALTER TYPE faren.caller ADD ATTRIBUTE part integer;
-- The hash of a command's words and flags, beside that of everything it was given.
ALTER TYPE faren.caller ADD ATTRIBUTE command_hash text;

CREATE TABLE faren.dry_run (
    request_id uuid NOT NULL
);

CREATE FUNCTION faren.refuse_commit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a dry run is never committed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE CONSTRAINT TRIGGER dry_run_guard AFTER INSERT ON faren.dry_run
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION faren.refuse_commit();
-- +goose StatementEnd
