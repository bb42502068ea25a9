package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/document"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// OpenFile opens a document by the path that stands in a registration or flag.
type OpenFile func(path string) (io.ReadCloser, error)

// scan is a document that was read and checked, before it is sealed.
type scan struct {
	kind string
	data []byte
	info document.Info
}

// readDocuments reads and checks the scans that files names, before anything connects. What is wrong with them joins faults, which
// are of the form: all are told at once.
func readDocuments(files account.DocumentFiles, open OpenFile, faults []*account.Fault) ([]scan, error) {
	var scans []scan
	for _, kind := range account.DocumentKinds() {
		path := files.Of(kind)
		if path == "" {
			continue
		}
		file, err := open(path)
		if err != nil {
			return nil, err
		}
		data, info, err := document.Read(file)
		err = errors.Join(err, file.Close())
		var refused *document.Error
		switch {
		case errors.As(err, &refused):
			f := account.NewFault("JPEG_INVALID", "field", account.DocumentField(kind), "reason", refused.Reason)
			if refused.Limit > 0 {
				f = f.With("limit", refused.Limit)
			}
			faults = append(faults, f)
		case err != nil:
			return nil, account.NewFault("FILE_INVALID", "field", account.DocumentField(kind), "format", "JPEG", "problem", account.Say("it cannot be read", "无法读取")).WithCause(err)
		default:
			scans = append(scans, scan{kind, data, info})
		}
	}
	return scans, account.JoinFaults(faults)
}

// CheckDocuments checks scans as the step does that takes them, and sends nothing.
func (s *Service) CheckDocuments(files account.DocumentFiles, open OpenFile) error {
	_, err := readDocuments(files, open, nil)
	return err
}

// sealDocuments seals each scan as a whole. The pictures' clear bytes are not used after it, so that memory holds one form of each.
func sealDocuments(keys *seal.Keyring, scans []scan) ([]postgres.SealedDocument, error) {
	sealed := make([]postgres.SealedDocument, 0, len(scans))
	for i := range scans {
		id, err := account.NewDocumentID()
		if err != nil {
			return nil, err
		}
		content, err := keys.Seal(scans[i].data, documentAAD(id))
		if err != nil {
			return nil, fmt.Errorf("seal a document: %w", err)
		}
		scans[i].data = nil
		info := scans[i].info
		sealed = append(sealed, postgres.SealedDocument{DocumentID: id.UUID(), Kind: scans[i].kind, SHA256: info.SHA256[:], Size: info.Size,
			Width: info.Width, Height: info.Height, Content: content})
	}
	return sealed, nil
}

func documentAAD(id account.DocumentID) seal.AAD {
	return seal.AAD{Table: "document", Row: id.UUID().String(), Column: "content"}
}

// StartManual opens an application of a manual channel (guide 一.3, 一.4). sandbox stands in for the SMS code, where the database
// allows it.
func (s *Service) StartManual(ctx context.Context, form account.ManualForm, files account.DocumentFiles, sandbox bool, open OpenFile) (account.Application, error) {
	form, faults := form.Check(today(), !sandbox)
	scans, err := readDocuments(files, open, faults)
	if err != nil {
		return account.Application{}, err
	}
	return s.startManual(ctx, form, scans, sandbox)
}

func (s *Service) startManual(ctx context.Context, form account.ManualForm, scans []scan, sandbox bool) (account.Application, error) {
	id, err := account.NewApplicationID()
	if err != nil {
		return account.Application{}, err
	}
	return s.startManualAs(ctx, id, form, scans, sandbox)
}

func (s *Service) startManualAs(ctx context.Context, id account.ApplicationID, form account.ManualForm, scans []scan, sandbox bool) (account.Application, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.Application{}, err
	}
	application := postgres.NewManualApplication{ApplicationID: id.UUID(), Channel: form.Channel, Sandbox: sandbox, Warnings: []account.Warning{}}
	if form.OrganizationName != "" {
		key := identifier.OrganizationKey(form.OrganizationName)
		application.Name, application.NameKey = &form.OrganizationName, &key
	}
	if application.Agent, err = sealAgent(b.keys, form.Agent); err != nil {
		return account.Application{}, err
	}
	if !sandbox {
		application.CodeProof = s.proof(b.keys, notCheckedCode, account.PurposeRegister, form.Agent.Phone, form.SMSCode)
	}
	if application.Documents, err = sealDocuments(b.keys, scans); err != nil {
		return account.Application{}, err
	}
	a, err := b.store.StartManualApplication(ctx, c, application)
	if err != nil {
		return account.Application{}, err
	}
	return s.next(a), nil
}

// sealingOperator is operator with the keys that seal.
func (s *Service) sealingOperator(ctx context.Context) (*backend, postgres.Caller, error) {
	b, err := s.sealing(ctx)
	if err != nil {
		return nil, postgres.Caller{}, err
	}
	c, err := s.caller(b)
	return b, c, err
}

// RecordUnit gives a project's application its unit (guide 一.4: 法人单位信息比对). proof is the path of the stamped document.
func (s *Service) RecordUnit(ctx context.Context, id account.ApplicationID, form account.UnitForm, proof string, open OpenFile) (account.Application, error) {
	form, kind, warnings, faults := form.Check(today())
	scans, err := readDocuments(account.DocumentFiles{Proof: proof}, open, faults)
	if err != nil {
		return account.Application{}, err
	}
	return s.recordUnit(ctx, id, statedUnit(form, kind), warnings, scans)
}

// statedUnit is a unit as the database takes it; an overseas one has no code.
func statedUnit(form account.UnitForm, kind identifier.Kind) postgres.StatedUnit {
	unit := postgres.StatedUnit{Name: form.OrganizationName, NameKey: identifier.OrganizationKey(form.OrganizationName)}
	if form.UnitCode != "" {
		codeType := string(kind)
		unit.UnitCode, unit.UnitCodeType = &form.UnitCode, &codeType
	}
	return unit
}

func (s *Service) recordUnit(ctx context.Context, id account.ApplicationID, unit postgres.StatedUnit, warnings []account.Warning, scans []scan) (account.Application, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.Application{}, err
	}
	unit.Warnings = warnings
	if unit.Documents, err = sealDocuments(b.keys, scans); err != nil {
		return account.Application{}, err
	}
	a, err := b.store.RecordUnit(ctx, c, id, unit)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	return s.next(a), nil
}

// SubmitForComparison gives an application of a manual channel its user name and password and puts it before staff (guide 一.3, 一.4).
// What the password had better not contain of the agent's data is not known here, where only the database has that data, sealed.
func (s *Service) SubmitForComparison(ctx context.Context, id account.ApplicationID, form account.CredentialForm) (account.Application, error) {
	form, faults := form.Check(today(), "")
	if err := account.JoinFaults(faults); err != nil {
		return account.Application{}, err
	}
	return s.submitForComparison(ctx, id, form, nil)
}

func (s *Service) submitForComparison(ctx context.Context, id account.ApplicationID, form account.CredentialForm, advice []string) (account.Application, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.Application{}, err
	}
	start := time.Now()
	r := postgres.NewComparison{Advice: advice}
	if r.Credential, err = s.sealCredential(b.keys, form.Username, form.Password, form.PasswordHash); err != nil {
		return account.Application{}, err
	}
	s.trace("derive_password", start)
	if identifier.Check(identifier.Mobile, form.Username, today()).Valid {
		r.UsernamePhoneIndex = b.keys.Index(domainPhone, form.Username)
	}
	if r.IssuedCode, err = identifier.IssueOverseasCode(rand.Reader); err != nil {
		return account.Application{}, err
	}
	a, err := b.store.SubmitForComparison(ctx, c, id, r)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	return s.next(warnOf(a, advice)), nil
}

// submitManual runs all steps of a registration through a manual channel: with sandbox until staff compare, without to the face
// check. faults are of its form.
func (s *Service) submitManual(ctx context.Context, r account.Registration, faults []*account.Fault, sandbox bool, open OpenFile) (account.Application, error) {
	scans, err := readDocuments(r.Documents, open, faults)
	if err != nil {
		return account.Application{}, err
	}
	first, later := scans, []scan(nil)
	if r.Channel == account.Project {
		first, later = nil, scans
	}
	form, _ := r.Manual().Check(today(), !sandbox)
	a, err := s.startManual(ctx, form, first, sandbox)
	if err != nil || !sandbox {
		return a, err
	}
	done, err := func() (account.Application, error) {
		if _, err := s.passFaceCheck(ctx, a.ID); err != nil {
			return a, err
		}
		if r.Channel == account.Project {
			unit, kind, warnings, _ := r.Unit().Check(today())
			if _, err := s.recordUnit(ctx, a.ID, statedUnit(unit, kind), warnings, later); err != nil {
				return a, err
			}
		}
		birthDate := account.BirthDigits(identifier.Check(identifier.Kind(form.Agent.DocumentType), form.Agent.DocumentNumber, today()))
		credentials, _ := r.Credentials().Check(today(), form.Agent.Phone)
		return s.submitForComparison(ctx, a.ID, credentials, advice(r.Password, form.Agent, birthDate))
	}()
	return done, s.submitted(ctx, a.ID, err)
}

// Resubmit puts a mismatched application before staff again, with what was corrected (guide 一.3: 按照短信告知的内容重新上传资料提交). sandbox
// stands in for the SMS code to a new phone.
func (s *Service) Resubmit(ctx context.Context, id account.ApplicationID, form account.CorrectionForm, sandbox bool, open OpenFile) (account.Application, error) {
	scans, err := readDocuments(form.Documents, open, nil)
	if err != nil {
		return account.Application{}, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return account.Application{}, err
	}
	agent, standing, err := b.store.AgentOf(ctx, id)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	form, stated, kind, warnings, faults := form.Check(standing, today(), !sandbox)
	if err := account.JoinFaults(faults); err != nil {
		return account.Application{}, err
	}
	r := postgres.Resubmission{Sandbox: sandbox}
	if stated {
		unit := statedUnit(form.UnitForm, kind)
		r.Unit, r.Warnings = &unit, warnings
	}
	if r.IssuedCode, err = identifier.IssueOverseasCode(rand.Reader); err != nil {
		return account.Application{}, err
	}
	if r.Agent, err = changedAgent(b.keys, agent, account.AgentForm{Phone: form.Phone, Email: form.Email, EthnicGroup: form.EthnicGroup}); err != nil {
		return account.Application{}, err
	}
	if form.Phone != "" && !sandbox {
		r.CodeProof = s.proof(b.keys, notCheckedCode, account.PurposeRegister, form.Phone, form.SMSCode)
	}
	if r.Documents, err = sealDocuments(b.keys, scans); err != nil {
		return account.Application{}, err
	}
	c, err := s.caller(b)
	if err != nil {
		return account.Application{}, err
	}
	a, err := b.store.Resubmit(ctx, c, id, r)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	return s.next(a), nil
}

// changedAgent seals what changes of an agent's contact; nil when nothing does.
func changedAgent(keys *seal.Keyring, id uuid.UUID, form account.AgentForm) (*postgres.SealedContact, error) {
	if form == (account.AgentForm{}) {
		return nil, nil
	}
	sealed, failed := agentSealer(keys, id)
	contact := sealContact(keys, id, form, sealed)
	return &contact, failed()
}

// sweep is how many applications one call of ExpireApplications ends.
const sweep = 500

// ExpireApplications ends every application past its time and tells which. Nothing depends on it: whatever touches such an
// application ends it as well.
func (s *Service) ExpireApplications(ctx context.Context) ([]account.ExpiredApplication, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, err
	}
	all := []account.ExpiredApplication{}
	for part := 0; ; part++ {
		c, err := s.caller(b)
		if err != nil {
			return all, err
		}
		c.Part = part
		ended, err := b.store.ExpireApplications(ctx, c, sweep)
		all = append(all, ended...)
		if err != nil || len(ended) < sweep {
			return all, err
		}
	}
}
