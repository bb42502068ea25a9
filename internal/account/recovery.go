package account

import (
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

// RecoveryForm is the page 确认账号 of a recovery (guide 一.5: 找回方式): By tells which of the fields count. UnitCode is any that was given at
// registration: USCC, registration number, organization code, project code, or one that the system issued.
type RecoveryForm struct {
	By, Username, Phone, DocumentNumber, UnitCode string
}

// Check checks the form and gives it normalized.
func (f RecoveryForm) Check(today time.Time) (RecoveryForm, []*Fault) {
	c := &checks{today: today}
	switch f.By {
	case "username":
		if f.Username = strings.TrimSpace(f.Username); f.Username == "" {
			c.add("FIELD_REQUIRED", "username")
		}
		if report := identifier.Check(identifier.Username, f.Username, today); report.Valid {
			f.Username = report.Value
		}
		return f, c.faults
	case "phone":
		f.Phone = c.value("phone", identifier.Mobile, f.Phone).Value
	case "document":
		// Of any type: what it is was said at registration.
		if f.DocumentNumber = identifier.NormalizeCode(f.DocumentNumber); f.DocumentNumber == "" {
			c.add("FIELD_REQUIRED", "document_number")
		}
	default:
		c.add("VALUE_INVALID", "by", "allowed", RecoveryMethods())
		return f, c.faults
	}
	f.UnitCode = c.unitCode(f.UnitCode)
	return f, c.faults
}

// unitCode checks a unit code of whatever kind its shape tells.
func (c *checks) unitCode(code string) string {
	if strings.TrimSpace(code) == "" {
		c.add("FIELD_REQUIRED", "unit_code")
		return ""
	}
	kind, known := identifier.UnitCodeKind(code)
	if !known {
		c.add("UNIT_CODE_INVALID", "unit_code")
		return ""
	}
	return c.value("unit_code", kind, code).Value
}
