package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// auditGoal is in which a million events are to be verified on two cores, and auditMemory what that may take over an idle process, in MiB.
const (
	auditGoal   = 30 * time.Second
	auditMemory = 64
)

// audit measures what it takes to seal and to verify as many events as the register has rows; what the other measurements wrote are a few more.
func (b *bench) audit(_, events int) error {
	const rounds = 3
	if err := b.super(fmt.Sprintf(`INSERT INTO faren.audit_event (org_id, at, operator, session_id, action, subject_kind, subject_id, outcome, ticket, request_id, details)
		SELECT gen_random_uuid(), now(), 'faren_local', gen_random_uuid(), 'application.user', 'application', gen_random_uuid(), 'done', 'T-' || n, gen_random_uuid(),
		       jsonb_build_object('channel', 'zhejiang', 'unit_code', '91330106MA0000015K', 'n', n)
		FROM generate_series(1, %d) n`, events)); err != nil {
		return err
	}
	key, dir := filepath.Join(b.work, "auditor.key"), filepath.Join(b.work, "checkpoints")
	if _, err := b.output("audit", "keygen", "--out", key, "-q"); err != nil {
		return err
	}
	verify := []string{"audit", "verify", "--checkpoints", dir, "--public-key", key + ".pub", "--skip-evidence", "-q"}
	seal := func(int) *exec.Cmd {
		return b.command(b.farenctl, "audit", "seal", "--key", key, "--out-dir", dir, "-q")
	}
	times, err := b.timed(rounds, seal, func(int) *exec.Cmd { return b.command(b.farenctl, verify...) })
	if err != nil {
		return err
	}
	limit := make([]time.Duration, rounds)
	for i := range limit {
		limit[i] = auditGoal * time.Duration(events) / 1_000_000
	}
	base := fmt.Sprintf("%s a million events", auditGoal)
	b.add(fmt.Sprintf("audit seal, %d events", events), times[0], base, limit, 0)
	b.add(fmt.Sprintf("audit verify, %d events", events), times[1], base, limit, 1)
	idle, err := b.peak(rounds, "register", "list", "-q")
	if err != nil {
		return err
	}
	peak, err := b.peak(1, verify...)
	if err != nil {
		return err
	}
	b.figures = append(b.figures, figure{Name: "audit verify", Rounds: 1, PeakMiB: peak, OverMiB: peak - idle, Baseline: "register list", Goal: auditMemory})
	return nil
}
