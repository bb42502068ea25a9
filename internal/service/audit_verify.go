package service

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/postgres"
)

// publicKey reads the file of a public key.
func publicKey(path string) (note.Verifier, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("the public key %s cannot be read", "无法读取公钥 %s", path)).WithCause(err)
	}
	key, err := audit.Verifier(string(text))
	if err != nil {
		return nil, account.NewFault("AUDIT_KEY_INVALID", "file", path).WithCause(err)
	}
	return key, nil
}

// VerifyRequest says by which checkpoints, a directory or one file, and by whose public key the audit is verified.
type VerifyRequest struct {
	Checkpoints, PublicKeyFile string
	Evidence                   bool // check the proofs of checks as well
}

// VerifyAudit tells whether the events are those that were sealed. AUDIT_BROKEN and EVIDENCE_BROKEN come with the result.
func (s *Service) VerifyAudit(ctx context.Context, r VerifyRequest) (found account.AuditCheck, err error) {
	key, err := publicKey(r.PublicKeyFile)
	if err != nil {
		return found, err
	}
	points, err := readCheckpoints(r.Checkpoints, key)
	if err != nil {
		return found, err
	}
	if len(points) == 0 {
		return found, account.NewFault("CHECKPOINT_NOT_FOUND", "file", r.Checkpoints)
	}
	dir := r.Checkpoints
	if points[0].File == r.Checkpoints {
		dir = filepath.Dir(dir)
	}
	newest := points[len(points)-1]
	found = account.AuditCheck{Status: account.AuditIntact, Checkpoints: len(points), Newest: newest.Number, SealedAt: newest.At.UTC(), Events: newest.Size, Last: newest.Last}
	b, err := s.backend(ctx)
	if err != nil {
		return found, err
	}
	if _, found.Leaves, err = goodLeaves(dir, points); err != nil {
		return found, err
	}
	if i := contradiction(points); i >= 0 {
		found.Status = account.AuditBroken
		found.FirstBad = &account.AuditDifference{What: account.CheckpointsTwo, After: points[i-1].Last, UpTo: points[i].Last}
		return found, broken(*found.FirstBad)
	}
	replayed, err := replay(ctx, b.store, newest.Last, points, nil)
	if err != nil {
		return found, err
	}
	if found.Unsealed, err = b.store.AuditCount(ctx, newest.Last); err != nil {
		return found, err
	}
	if replayed.bad >= 0 {
		first, all, err := firstDifference(ctx, b.store, dir, points, replayed.bad)
		if err != nil {
			return found, err
		}
		found.Status, found.FirstBad, found.Differences = account.AuditBroken, &first, all
		return found, broken(first)
	}
	if found.Leaves == account.LeavesGood {
		found.Differences = &account.AuditDifferences{}
	}
	if r.Evidence {
		if found.Evidence, err = s.checkEvidence(ctx, b); err != nil {
			return found, err
		}
		if found.Evidence.Bad > 0 {
			found.Status = account.AuditBroken
			return found, account.NewFault("EVIDENCE_BROKEN", "count", found.Evidence.Bad, "verification", found.Evidence.FirstBad.String())
		}
	}
	return found, nil
}

func broken(first account.AuditDifference) error {
	return account.NewFault("AUDIT_BROKEN", "problem", tellDifference(first), "event_id", first.EventID, "what", first.What)
}

// checkEvidence checks every proof again that was kept of a check. Each look is an event of its own. What this login, keyring or configuration
// does not allow is counted, with the first reason.
func (s *Service) checkEvidence(ctx context.Context, b *backend) (*account.EvidenceCheck, error) {
	out := &account.EvidenceCheck{}
	closed := map[string]account.Code{} // providers whose proofs cannot be checked
	var after *account.VerificationID
	for first := true; ; first = false {
		kept, all, err := b.store.Evidence(ctx, after, MaxPage)
		if err != nil {
			return nil, err
		}
		if first {
			out.All = all
		}
		for _, k := range kept {
			why, isClosed := closed[k.Provider]
			holds := false
			if !isClosed {
				holds, why, err = s.evidenceHolds(ctx, k)
				if err != nil {
					return nil, err
				}
			}
			switch {
			case why != "":
				if why != "KEYRING_MISMATCH" { // which is of one key of several
					closed[k.Provider] = why
				}
				out.NotChecked++
				if out.Why == nil {
					out.Why = &why
				}
			case holds:
				out.Good++
			default:
				out.Bad++
				if out.FirstBad == nil {
					id := k.ID
					out.FirstBad = &id
				}
			}
		}
		if len(kept) < MaxPage {
			return out, nil
		}
		after = &kept[len(kept)-1].ID
	}
}

// evidenceHolds tells whether a check's proof still proves it; of one that did not pass nothing is to be proven. why is the code for which it cannot
// be looked at.
func (s *Service) evidenceHolds(ctx context.Context, k postgres.KeptEvidence) (holds bool, why account.Code, err error) {
	if s.opts.DryRun {
		return false, "DRY_RUN_IMPOSSIBLE", nil // a look is an event
	}
	var valid bool
	if k.Provider == "certificate" {
		var e account.Evidence
		e, err = s.Evidence(ctx, k.ID)
		valid = e.SignatureValid && e.CertificateValid
	} else {
		var e account.FaceEvidence
		e, err = s.FaceEvidence(ctx, k.ID)
		valid = e.TokenValid && e.PersonMatches
	}
	var f *account.Fault
	switch {
	case err == nil:
		return valid || k.Status != account.Passed, "", nil
	case ctx.Err() != nil:
		return false, "", err
	case !errors.As(err, &f):
		return false, "", nil //nolint:nilerr // it does not open, or is none: it proves nothing
	}
	switch f.Code {
	case "FORBIDDEN", "KEYRING_MISSING", "KEYRING_MISMATCH", "KEYRING_INDEX_ONLY", "KEYRING_INVALID", "FILE_PERMISSIONS", "CERTIFICATES_NOT_CONFIGURED", "CONFIG_INVALID":
		return false, f.Code, nil
	}
	return false, "", err
}
