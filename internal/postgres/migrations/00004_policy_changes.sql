-- +goose Up
-- Who changed a policy last, and when; NULL: it has its first value. The audit has every change.

-- +goose StatementBegin
ALTER TABLE faren.policy
    ADD COLUMN updated_at timestamptz,
    ADD COLUMN updated_by text,
    ADD CONSTRAINT policy_changed CHECK ((updated_at IS NULL) = (updated_by IS NULL)),
    ADD CONSTRAINT policy_range CHECK (kind = 'choice' OR value::bigint BETWEEN minimum AND maximum),
    ADD CONSTRAINT policy_choice CHECK (kind <> 'choice' OR value = ANY (choices));
UPDATE faren.policy SET description_en = 'how long an application waits for its next step, certified or in a manual channel', description_zh = '信息认证后、人工认证渠道各步骤的等待时限'
WHERE name = 'registration.draft_lifetime';
-- +goose StatementEnd
