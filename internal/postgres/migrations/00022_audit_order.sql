-- +goose Up
-- The audit is read, sealed and proven in the order of its events.
CREATE INDEX audit_event_by_id ON faren.audit_event (event_id, org_id);

-- The checks of which a signed proof is kept are few among all.
CREATE INDEX verification_with_evidence ON faren.verification (verification_id) WHERE evidence_sealed IS NOT NULL;

-- How long events are kept at least, which is a promise: nothing here deletes one.
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('audit.retention', 'seconds', '94608000', '94608000', 31536000, 3153600000, NULL, 'how long audit events are kept at least; farenctl deletes none', '审计记录的最短保留时间；本程序从不删除'),
    ('audit.seal_interval', 'seconds', '86400', '86400', 300, 2592000, NULL, 'age from which doctor calls the newest audit checkpoint old', '最新审计检查点超过此时间即由 doctor 提示');
