package identifier

import (
	"testing"
	"time"
)

func TestCompletedNumbersAreValid(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	uscc, ok := CompleteUSCC("91330106", "MA000001")
	if !ok || uscc != "91330106MA0000015K" {
		t.Errorf("a USCC of the sample register: %s %t", uscc, ok)
	}
	project, ok := CompleteProjectCode("X1330211040113985")
	if r := Check(ProjectCode, project, day); !ok || !r.Valid || len(r.Warnings) > 0 || project != "X1330211040113985T" {
		t.Errorf("the guide's project code: %s %t %+v", project, ok, r)
	}
	resident, ok := CompleteResidentID("330106", "19800101", "001")
	if !ok || resident != "330106198001010013" {
		t.Errorf("a resident ID of the sample register: %s %t", resident, ok)
	}
}

func TestBodiesOfAnotherFormAreNotCompleted(t *testing.T) {
	t.Parallel()
	for name, made := range map[string]func() (string, bool){
		"short division":     func() (string, bool) { return CompleteUSCC("9133010", "MA000001") },
		"letter in division": func() (string, bool) { return CompleteUSCC("9133010A", "MA000001") },
		"letter I":           func() (string, bool) { return CompleteUSCC("91330106", "IA000001") },
		"no project":         func() (string, bool) { return CompleteProjectCode("X2330211040113985") },
		"short project":      func() (string, bool) { return CompleteProjectCode("X133021104011398") },
		"no day":             func() (string, bool) { return CompleteResidentID("330106", "19800231", "001") },
		"letter in sequence": func() (string, bool) { return CompleteResidentID("330106", "19800101", "00X") },
	} {
		if got, ok := made(); ok || got != "" {
			t.Errorf("%s: %s %t", name, got, ok)
		}
	}
}
