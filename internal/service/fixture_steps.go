package service

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
	"github.com/farenctl/farenctl/internal/postgres"
)

// reach takes an account to the state it is asked for in, or, where that is an end of an account, to an active account.
func (w *crew) reach(ctx context.Context, i int) error {
	a, ids := w.o.Accounts[i], w.ids.applications[i]
	if a.State == account.AccountPending {
		added, _, err := w.acting.AddAgent(ctx, account.UserForm{Username: a.Username, Password: a.Password, Agent: a.Agent}, true)
		w.keep(i, nil, &added.ID)
		return err
	}
	for _, id := range ids {
		var reached account.Application
		var err error
		if w.o.Channel.Manual() {
			reached, err = w.reachManual(ctx, i, id)
		} else {
			reached, err = w.reachCertified(ctx, i, id)
		}
		if err != nil {
			return err
		}
		w.keep(i, &id, reached.AccountID)
	}
	return nil
}

// reachCertified goes the way of the channels zhejiang and other-province (guide 一.1, 一.2).
func (w *crew) reachCertified(ctx context.Context, i int, id account.ApplicationID) (account.Application, error) {
	a := w.o.Accounts[i]
	form, warnings, _ := account.OrganizationForm{Channel: w.o.Channel, EntityType: w.o.EntityType, OrganizationName: w.o.Name, UnitCode: w.o.UnitCode,
		Representative: w.o.Representative, AcceptTerms: true}.Check(today())
	reached, err := w.s.startRegistration(ctx, id, form, warnings)
	if err != nil || a.State == account.Certified {
		return reached, err
	}
	if a.State == fixture.SMSAbandoned {
		_, err = w.s.requestSMSCode(ctx, w.ids.codes[i], a.Agent.Phone, account.PurposeRegister)
		return reached, err
	}
	if reached, err = w.s.CreateUser(ctx, id, account.UserForm{Username: a.Username, Password: a.Password, Agent: a.Agent}, true); err != nil {
		return reached, err
	}
	if done, err := w.beforeIdentity(ctx, a.State, id); done || err != nil {
		return reached, err
	}
	if reached, err = w.s.passFaceCheck(ctx, id); err != nil {
		return reached, err
	}
	switch {
	case a.State == account.PendingReview || a.Role == account.RoleRepresentative:
		return reached, nil
	case a.State == account.Rejected:
		return w.acting.Reject(ctx, id, "测试数据：申请材料不符", "")
	}
	check, err := w.acting.StartFaceCheck(ctx, FaceSubject{Application: &id}, account.PurposeReview)
	if err != nil {
		return reached, err
	}
	if _, err := w.acting.SimulateFaceCheck(ctx, check.ID, Simulation{Outcome: account.Passed}); err != nil {
		return reached, err
	}
	return w.acting.Approve(ctx, Approval{Application: id})
}

// beforeIdentity goes to the states that an application has around the face check, and tells whether a is one of them.
func (w *crew) beforeIdentity(ctx context.Context, state string, id account.ApplicationID) (done bool, err error) {
	outcome := account.Failed
	switch state {
	case account.AwaitingIdentity:
		return true, nil
	case account.Withdrawn:
		_, err := w.s.Withdraw(ctx, id)
		return true, err
	case fixture.ManualReview:
		outcome = account.ManualReview
	case fixture.FaceFailed:
	default:
		return false, nil
	}
	check, err := w.s.StartFaceCheck(ctx, FaceSubject{Application: &id}, account.PurposeRegister)
	if err != nil {
		return true, err
	}
	_, err = w.s.SimulateFaceCheck(ctx, check.ID, Simulation{Outcome: outcome})
	return true, err
}

// reachManual goes the way of the channels overseas and project (guide 一.3, 一.4).
func (w *crew) reachManual(ctx context.Context, i int, id account.ApplicationID) (account.Application, error) {
	a := w.o.Accounts[i]
	form := account.ManualForm{Channel: w.o.Channel, Agent: a.Agent, AcceptTerms: true}
	files := account.DocumentFiles{Proof: scanPath}
	if w.o.Channel == account.Overseas {
		form.OrganizationName, files = w.o.Name, account.DocumentFiles{Licence: scanPath, AgentDocument: scanPath}
	}
	scans, err := readDocuments(files, openScan, nil)
	if err != nil {
		return account.Application{}, err
	}
	first := scans
	if w.o.Channel == account.Project {
		first = nil
	}
	reached, err := w.s.startManualAs(ctx, id, form, first, true)
	if err != nil {
		return reached, err
	}
	if a.State == fixture.SMSAbandoned {
		_, err = w.s.requestSMSCode(ctx, w.ids.codes[i], a.Agent.Phone, account.PurposeRegister)
		return reached, err
	}
	if done, err := w.beforeIdentity(ctx, a.State, id); done || err != nil {
		return reached, err
	}
	if reached, err = w.s.passFaceCheck(ctx, id); err != nil || a.State == account.AwaitingUnit {
		return reached, err
	}
	if w.o.Channel == account.Project {
		without := false
		unit, kind, warnings, _ := account.UnitForm{HasUSCCDocument: &without, OrganizationName: w.o.Name, UnitCode: w.o.UnitCode}.Check(today())
		if reached, err = w.s.recordUnit(ctx, id, statedUnit(unit, kind), warnings, scans); err != nil {
			return reached, err
		}
	}
	if a.State == account.AwaitingUser {
		return reached, nil
	}
	if reached, err = w.s.submitForComparison(ctx, id, account.CredentialForm{Username: a.Username, Password: a.Password}, nil); err != nil {
		return reached, err
	}
	switch a.State {
	case account.PendingComparison:
		return reached, nil
	case account.Mismatched:
		return w.s.Reject(ctx, id, "测试数据：材料与单位信息不符", "")
	}
	return w.s.Approve(ctx, Approval{Application: id})
}

// end takes an active account to the end that it is asked for with.
func (w *crew) end(ctx context.Context, i int) error {
	a := w.o.Accounts[i]
	if !a.HasAccount() || a.State == account.AccountPending {
		return nil
	}
	id := (*account.AccountID)(w.made[i].AccountID)
	if id == nil {
		return fmt.Errorf("%s of the fixture has no account", a.Key)
	}
	if a.Role == account.RoleAdministrator && i != w.o.Lead() {
		if _, err := w.acting.SetAccountRole(ctx, *id, account.RoleAdministrator); err != nil {
			return err
		}
	}
	switch a.State {
	case account.AccountDisabled, account.AccountDeactivated:
		_, err := w.acting.SetAccountStatus(ctx, *id, a.State, true)
		return err
	case account.AccountLocked:
		return w.s.lockOut(ctx, a.Username)
	}
	return nil
}

// lockTries is the most that policy sign_in.failures asks for.
const lockTries = 100

// lockOut fails to sign in until the account is locked (policies sign_in.…).
func (s *Service) lockOut(ctx context.Context, username string) error {
	b, err := s.keyed(ctx)
	if err != nil {
		return err
	}
	index := usernameIndex(b.keys, normalUsername(username))
	derived, err := deriveFor(ctx, b, index, "not the password")
	if err != nil {
		return err
	}
	for range lockTries {
		id, err := account.NewSessionID()
		if err != nil {
			return err
		}
		c, err := s.caller(b)
		if err != nil {
			return err
		}
		unused := sha256.Sum256([]byte(id.String()))
		_, err = b.store.SignIn(ctx, c, postgres.SignInAttempt{UsernameIndex: index, Derived: derived, SessionID: id.UUID(), TokenHash: unused[:]})
		switch {
		case account.HasCode(err, "ACCOUNT_LOCKED"):
			return nil
		case !account.HasCode(err, "INVALID_CREDENTIALS"):
			return err
		}
	}
	return fmt.Errorf("no lock after %d failed sign-ins", lockTries)
}
