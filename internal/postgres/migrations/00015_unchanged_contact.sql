-- +goose Up
-- What tells that an e-mail address or landline stays as it is, so that nobody hears of a change that is none. Null: not known, of an agent
-- from before.

-- +goose StatementBegin
ALTER TABLE faren.agent ADD COLUMN email_index bytea, ADD COLUMN landline_index bytea;
ALTER TYPE faren.batch_row ADD ATTRIBUTE email_index bytea, ADD ATTRIBUTE landline_index bytea;

-- Chinese has its own punctuation.
UPDATE faren.policy SET description_zh = '上传文件的大小上限（字节）' WHERE name = 'document.max_bytes';
UPDATE faren.policy SET description_zh = '发送失败后重试的间隔，每次加倍' WHERE name = 'sms.backoff';
-- +goose StatementEnd
