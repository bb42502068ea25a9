-- +goose Up
-- What was decided per day (统计). The audit keeps every decision; an application that is submitted again keeps its last one only.
CREATE INDEX audit_event_decisions ON faren.audit_event (at) WHERE outcome = 'done' AND action IN ('application.approve', 'application.reject');
