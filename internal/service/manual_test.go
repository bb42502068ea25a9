package service_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/document/documenttest"
	"github.com/farenctl/farenctl/internal/pgtest"
)

// workday is a Tuesday before a Wednesday that is worked.
const workday = "2026-03-10 12:00"

// pictures opens page-N.jpg as a picture of its own, and any other name as the variant of that name.
func pictures(path string) (io.ReadCloser, error) {
	if n, found := strings.CutPrefix(path, "page-"); found {
		seed, err := strconv.Atoi(strings.TrimSuffix(n, ".jpg"))
		return io.NopCloser(bytes.NewReader(documenttest.Page(seed))), err
	}
	return io.NopCloser(bytes.NewReader(documenttest.Variant(path))), nil
}

// overseas is a good document of an overseas unit, by person p.
func overseas(p int) account.Registration {
	return account.Registration{
		OrganizationForm: account.OrganizationForm{Channel: account.Overseas, OrganizationName: "示例海外有限公司(Example Overseas Ltd)", AcceptTerms: true},
		UserForm: account.UserForm{Username: fmt.Sprintf("agent_%05d", p), Password: password,
			Agent: account.AgentForm{Name: personName(p), DocumentNumber: residentID(p), Phone: mobile(p), Email: fmt.Sprintf("agent%d@example.com", p)}},
		Documents: account.DocumentFiles{Licence: "page-1.jpg", AgentDocument: "page-2.jpg"},
	}
}

// project is a good document of a project without a licence, by person p.
func project(p int) account.Registration {
	no := false
	return account.Registration{
		OrganizationForm: account.OrganizationForm{Channel: account.Project, OrganizationName: "示例路道路工程", UnitCode: "X1330211040113985T", AcceptTerms: true},
		UserForm: account.UserForm{Username: fmt.Sprintf("agent_%05d", p), Password: password,
			Agent: account.AgentForm{Name: personName(p), DocumentNumber: residentID(p), Phone: mobile(p), EthnicGroup: "汉"}},
		HasUSCCDocument: &no, Documents: account.DocumentFiles{Proof: "page-1.jpg"},
	}
}

// What is wrong with the form and with every scan is told at once, before anything connects.
func TestEveryFaultOfAManualRegistrationIsToldAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, pgtest.Database{}, nil)
	for name, c := range map[string]struct {
		change func(*account.Registration)
		want   []string
	}{
		"nothing of an overseas unit": {func(r *account.Registration) {
			*r = account.Registration{OrganizationForm: account.OrganizationForm{Channel: account.Overseas}}
		},
			[]string{"FIELD_REQUIRED agent.document_number", "FIELD_REQUIRED agent.email", "FIELD_REQUIRED agent.name", "FIELD_REQUIRED agent.phone",
				"FIELD_REQUIRED documents.agent_document", "FIELD_REQUIRED documents.licence", "FIELD_REQUIRED organization_name",
				"FIELD_REQUIRED password", "FIELD_REQUIRED sms_code", "FIELD_REQUIRED username", "TERMS_NOT_ACCEPTED accept_terms"}},
		"both scans are none": {func(r *account.Registration) { r.Documents.Licence, r.Documents.AgentDocument = "png", "truncated" },
			[]string{"FIELD_REQUIRED sms_code", "JPEG_INVALID documents.agent_document", "JPEG_INVALID documents.licence"}},
		"what other channels have": {func(r *account.Registration) {
			r.EntityType, r.UnitCode, r.Representative.Name, r.Agent.Landline, r.Agent.EthnicGroup = "market-entity", "X1330211040113985T", "王建国", "0571-87654321", "汉"
			r.ConfirmCode, r.HasUSCCDocument, r.Documents.Proof = true, new(bool), "page-3.jpg"
		}, []string{"FIELD_NOT_ALLOWED agent.ethnic_group", "FIELD_NOT_ALLOWED agent.landline", "FIELD_NOT_ALLOWED confirm_code", "FIELD_NOT_ALLOWED documents.proof",
			"FIELD_NOT_ALLOWED entity_type", "FIELD_NOT_ALLOWED has_uscc_document", "FIELD_NOT_ALLOWED legal_representative", "FIELD_NOT_ALLOWED unit_code", "FIELD_REQUIRED sms_code"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := overseas(1)
			c.change(&r)
			_, err := s.SubmitRegistration(context.Background(), r, false, pictures)
			var f *account.Fault
			if !errors.As(err, &f) || f.Status() != account.StatusInput {
				t.Fatalf("got %v", err)
			}
			all := f.All
			if len(all) == 0 {
				all = []*account.Fault{f}
			}
			var got []string
			for _, one := range all {
				got = append(got, fmt.Sprintf("%s %s", one.Code, one.Details["field"]))
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}
