package service_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/service"
)

// nowhere is a service whose database cannot be reached: whatever connects is told by DATABASE_UNAVAILABLE.
func nowhere(t *testing.T) *service.Service {
	t.Helper()
	return open(t, pgtest.Database{}, func(o *service.Options) {
		o.Config.DatabaseURL, o.Reason = "host="+t.TempDir()+" user=nobody", ""
		o.Config.KeyringFile = "/nonexistent/keyring.json"
	})
}

func TestFormIsCheckedBeforeAnyConnection(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := nowhere(t)
	good := registration(1, 2)
	id := account.ApplicationID(uuid.New())
	organization := func(change func(*account.OrganizationForm)) func() error {
		form := good.OrganizationForm
		change(&form)
		return func() error {
			_, checked := s.CheckOrganization(ctx, form)
			_, started := s.StartRegistration(ctx, form)
			if codeOf(checked) != codeOf(started) {
				return errors.New("checking and starting differ")
			}
			return started
		}
	}
	user := func(change func(*account.UserForm)) func() error {
		form := good.UserForm
		change(&form)
		return func() error { _, err := s.CreateUser(ctx, id, form, true); return err }
	}
	list := func(p service.Paging) func() error {
		return func() error {
			var codes []account.Code
			_, err := s.Applications(ctx, service.ApplicationQuery{Paging: p})
			codes = append(codes, codeOf(err))
			_, err = s.Sessions(ctx, service.SessionQuery{Paging: p})
			codes = append(codes, codeOf(err))
			_, err = s.Messages(ctx, service.MessageQuery{Paging: p})
			codes = append(codes, codeOf(err))
			_, err = s.Reviews(ctx, p)
			if codes = slices.Compact(append(codes, codeOf(err))); len(codes) != 1 {
				return errors.New("the lists differ")
			}
			return err
		}
	}
	for name, c := range map[string]struct {
		code account.Code
		call func() error
	}{
		"a bad unit code":         {"USCC_INVALID", organization(func(f *account.OrganizationForm) { f.UnitCode = "91330100799655058C" })},
		"terms not accepted":      {"TERMS_NOT_ACCEPTED", organization(func(f *account.OrganizationForm) { f.AcceptTerms = false })},
		"another region":          {"REGION_MISMATCH", organization(func(f *account.OrganizationForm) { f.UnitCode = usccIn("310104", 7) })},
		"a unit without licence":  {"USE_PROJECT_CHANNEL", organization(func(f *account.OrganizationForm) { f.EntityType = "other-unincorporated" })},
		"several things at once":  {"INPUT_INVALID", organization(func(f *account.OrganizationForm) { *f = account.OrganizationForm{Channel: account.Zhejiang} })},
		"a weak password":         {"PASSWORD_WEAK", user(func(f *account.UserForm) { f.Password = "password" })},
		"another person's mobile": {"USERNAME_INVALID", user(func(f *account.UserForm) { f.Username = mobile(99) })},
		"a bad document number":   {"DOCUMENT_NUMBER_INVALID", user(func(f *account.UserForm) { f.Agent.DocumentNumber = "330102199901011234" })},
		"a bad phone":             {"PHONE_INVALID", user(func(f *account.UserForm) { f.Agent.Phone = "12345" })},
		"a missing SMS code":      {"FIELD_REQUIRED", func() error { _, err := s.CreateUser(ctx, id, good.UserForm, false); return err }},
		"a document with two faults": {"INPUT_INVALID", func() error {
			r := good
			r.AcceptTerms, r.Password = false, "short"
			_, err := s.SubmitRegistration(ctx, r, true, nil)
			return err
		}},
		"a code to no number":        {"PHONE_INVALID", func() error { _, err := s.RequestSMSCode(ctx, "12345", "register"); return err }},
		"a rejection without reason": {"REASON_REQUIRED", func() error { _, err := s.Reject(ctx, id, " \t", "portal"); return err }},
		"a reason too long":          {"INPUT_TOO_LARGE", func() error { _, err := s.Reject(ctx, id, strings.Repeat("x", 1001), "portal"); return err }},
		"a negative page":            {"USAGE", list(service.Paging{Limit: -1})},
		"a page too large":           {"USAGE", list(service.Paging{Limit: 1001})},
		"a token that is none":       {"USAGE", list(service.Paging{Token: "app_zzz"})},
		"a phone without unit code":  {"USAGE", func() error { _, err := s.FindApplication(ctx, "phone:"+mobile(1), ""); return err }},
		"a document without one":     {"USAGE", func() error { _, err := s.FindApplication(ctx, "document:"+residentID(1), ""); return err }},
		"a file without columns": {"FILE_INVALID", func() error {
			_, err := s.ImportRegister(ctx, strings.NewReader("a,b,c\n"), service.ImportOptions{})
			return err
		}},
		"good input connects":  {"DATABASE_UNAVAILABLE", organization(func(*account.OrganizationForm) {})},
		"a good user connects": {"DATABASE_UNAVAILABLE", user(func(*account.UserForm) {})},
	} {
		t.Run(name+" is "+string(c.code), func(t *testing.T) {
			t.Parallel()
			wantCode(t, c.call(), c.code)
		})
	}
}

func TestEveryFaultOfADocumentIsToldAtOnce(t *testing.T) {
	t.Parallel()
	r := registration(1, 2)
	r.AcceptTerms, r.UnitCode, r.Password, r.Agent.Phone = false, "x", "short", "y"
	_, err := nowhere(t).SubmitRegistration(context.Background(), r, true, nil)
	f := wantCode(t, err, "INPUT_INVALID")
	var got []string
	for _, one := range f.All {
		got = append(got, string(one.Code))
	}
	if want := []string{"USCC_INVALID", "TERMS_NOT_ACCEPTED", "PASSWORD_WEAK", "PHONE_INVALID"}; !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
}

func TestAnIDNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	id := account.ApplicationID(uuid.New())
	got, err := nowhere(t).FindApplication(context.Background(), strings.ToUpper(id.String()), "")
	if err != nil || got != id {
		t.Errorf("got %s, %v, want %s", got, err, id)
	}
}
