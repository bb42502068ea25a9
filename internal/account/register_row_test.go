package account

import (
	"slices"
	"testing"
)

func goodRow() RegisterRow {
	return RegisterRow{UnitCode: "91330100799655058B", Name: "杭州某某贸易有限公司", Representative: "张三", DocumentType: "resident-id",
		DocumentNumber: "330106200002290010", Status: "active"}
}

func TestCheckRegisterRow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome string
		change  func(*RegisterRow)
		want    []string
	}{
		{"good", func(*RegisterRow) {}, nil},
		{"good with all optional columns", func(r *RegisterRow) { r.RegistrationNumber, r.OrganizationCode = "330100400013364", "79965505-8" }, nil},
		{"good with blank optional columns", func(r *RegisterRow) { r.RegistrationNumber, r.OrganizationCode = " ", " " }, nil},
		{"revoked", func(r *RegisterRow) { r.Status = "revoked" }, nil},
		{"cancelled", func(r *RegisterRow) { r.Status = "cancelled" }, nil},
		{"unknown status", func(r *RegisterRow) { r.Status = "Active" }, []string{"status REGISTER_STATUS_INVALID"}},
		{"short name of the organization", func(r *RegisterRow) { r.Name = "甲" }, []string{"name ORGANIZATION_NAME_INVALID length"}},
		{"short name of the representative", func(r *RegisterRow) { r.Representative = "甲" }, []string{"legal_representative NAME_INVALID length"}},
		{"unknown document type", func(r *RegisterRow) { r.DocumentType = "library-card" }, []string{"document_type DOCUMENT_TYPE_INVALID"}},
		{"15 digits of another document", func(r *RegisterRow) { r.DocumentType, r.DocumentNumber = "hmt-residence-permit", "330211850615002" },
			[]string{"document_number DOCUMENT_NUMBER_INVALID length"}},
		{"nothing filled in", func(r *RegisterRow) { *r = RegisterRow{} },
			[]string{"unit_code FIELD_REQUIRED", "name FIELD_REQUIRED", "legal_representative FIELD_REQUIRED", "document_number FIELD_REQUIRED"}},
		{"everything wrong", func(r *RegisterRow) {
			*r = RegisterRow{UnitCode: "9", Name: "\x00", Representative: "李4", DocumentNumber: "3", Status: "?", RegistrationNumber: "1", OrganizationCode: "2"}
		}, []string{
			"unit_code USCC_INVALID length", "name ORGANIZATION_NAME_INVALID control-character", "legal_representative NAME_INVALID alphabet",
			"document_number DOCUMENT_NUMBER_INVALID length", "status REGISTER_STATUS_INVALID",
			"registration_number REGISTRATION_NUMBER_INVALID length", "organization_code ORGANIZATION_CODE_INVALID length"}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			row := goodRow()
			c.change(&row)
			_, faults := CheckRegisterRow(row, testDay())
			if got := told(faults); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestRegisterRowIsNormalized(t *testing.T) {
	t.Parallel()
	got, faults := CheckRegisterRow(RegisterRow{UnitCode: " 91330100799655058b", Name: " 杭州某某贸易有限公司", Representative: "张三 ",
		DocumentNumber: "110105491231002", RegistrationNumber: " ", OrganizationCode: "79965505-8"}, testDay())
	want := RegisterRow{UnitCode: "91330100799655058B", Name: "杭州某某贸易有限公司", Representative: "张三", DocumentType: "resident-id",
		DocumentNumber: "11010519491231002X", Status: "active", OrganizationCode: "799655058"}
	if len(faults) > 0 || got != want {
		t.Errorf("got %+v, faults %q", got, told(faults))
	}
}
