package account

import (
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// kind names what an id identifies; its prefix is what people see.
type kind interface{ prefix() string }

type (
	applicationKind  struct{}
	accountKind      struct{}
	organizationKind struct{}
	verificationKind struct{}
	sessionKind      struct{}
	smsKind          struct{}
	documentKind     struct{}
	recoveryKind     struct{}
	captchaKind      struct{}
)

func (applicationKind) prefix() string  { return "app" }
func (accountKind) prefix() string      { return "acc" }
func (organizationKind) prefix() string { return "org" }
func (verificationKind) prefix() string { return "ver" }
func (sessionKind) prefix() string      { return "ses" }
func (smsKind) prefix() string          { return "sms" }
func (documentKind) prefix() string     { return "doc" }
func (recoveryKind) prefix() string     { return "rec" }
func (captchaKind) prefix() string      { return "cap" }

// ID is a UUID that is written as its kind's prefix, an underscore and 26 base32 characters, so that a person can
// tell ids apart and a selector can refuse the wrong kind. The database holds the UUID.
type ID[K kind] uuid.UUID

type (
	// ApplicationID is an app_….
	ApplicationID = ID[applicationKind]
	// AccountID is an acc_….
	AccountID = ID[accountKind]
	// OrganizationID is an org_….
	OrganizationID = ID[organizationKind]
	// VerificationID is a ver_….
	VerificationID = ID[verificationKind]
	// SessionID is a ses_….
	SessionID = ID[sessionKind]
	// SMSID is an sms_….
	SMSID = ID[smsKind]
	// DocumentID is a doc_….
	DocumentID = ID[documentKind]
	// RecoveryID is a rec_….
	RecoveryID = ID[recoveryKind]
	// CaptchaID is a cap_….
	CaptchaID = ID[captchaKind]
)

// Crockford's alphabet in lower case: no i, l, o, u, so that an id can be read out. A UUIDv7 sorts as its text does.
const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const idLength = 26

var errBadID = errors.New("not an id")

// newID makes a UUIDv7 id: ids made later sort later.
func newID[K kind]() (ID[K], error) {
	u, err := uuid.NewV7()
	if err != nil {
		return ID[K]{}, fmt.Errorf("make an id: %w", err)
	}
	return ID[K](u), nil
}

// String gives the readable form.
func (id ID[K]) String() string {
	var k K
	// 26 characters of 5 bits hold 130 bits: two zero bits stand before the UUID, so that equal lengths sort alike.
	wide := make([]byte, 20)
	shifted := append([]byte{0}, id[:]...)
	for i := range shifted {
		b := shifted[i] << 6
		if i+1 < len(shifted) {
			b |= shifted[i+1] >> 2
		}
		wide[i] = b
	}
	text := base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding).EncodeToString(wide)
	return k.prefix() + "_" + text[:idLength]
}

// UUID gives the form that the database holds.
func (id ID[K]) UUID() uuid.UUID { return uuid.UUID(id) }

// IsZero reports whether the id is absent.
func (id ID[K]) IsZero() bool { return uuid.UUID(id) == uuid.Nil }

// MarshalText writes the readable form.
func (id ID[K]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText takes the readable form, or the UUID as the database writes it.
func (id *ID[K]) UnmarshalText(text []byte) error {
	if len(text) == 36 {
		u, err := uuid.ParseBytes(text)
		if err != nil {
			return errBadID
		}
		*id = ID[K](u)
		return nil
	}
	parsed, err := parseID[K](string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// parseID reads the readable form of one kind; case does not matter.
func parseID[K kind](s string) (ID[K], error) {
	var k K
	text, found := strings.CutPrefix(strings.ToLower(s), k.prefix()+"_")
	if !found || len(text) != idLength {
		return ID[K]{}, errBadID
	}
	wide, err := base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding).DecodeString(text + "000000")
	if err != nil || wide[0]>>6 != 0 {
		return ID[K]{}, errBadID
	}
	var id ID[K]
	for i := range id {
		id[i] = wide[i]<<2 | wide[i+1]>>6
	}
	if id.String() != k.prefix()+"_"+text {
		return ID[K]{}, errBadID
	}
	return id, nil
}

// rangeOf gives the first and the last id of a kind whose readable form begins with a text; ok is false when none does.
func rangeOf[K kind](text string) (first, last ID[K], ok bool) {
	var k K
	head := k.prefix() + "_"
	text = strings.ToLower(text)
	if len(text) < len(head) {
		if !strings.HasPrefix(head, text) {
			return first, last, false
		}
		text = head
	}
	least, most := text, text
	if len(text) == len(head) {
		most += "7" // of 130 bits the first two are zero
	}
	missing := func(s string) int { return max(0, len(head)+idLength-len(s)) }
	first, err := parseID[K](least + strings.Repeat("0", missing(least)))
	if err != nil {
		return first, last, false
	}
	last, err = parseID[K](most + strings.Repeat("z", missing(most)))
	return first, last, err == nil
}

// NewDocumentID makes the id of a document.
func NewDocumentID() (DocumentID, error) { return newID[documentKind]() }

// NewCaptchaID makes the id of a captcha.
func NewCaptchaID() (CaptchaID, error) { return newID[captchaKind]() }

// NewAccountID makes the id of an account.
func NewAccountID() (AccountID, error) { return newID[accountKind]() }

// NewRecoveryID makes the id of a recovery.
func NewRecoveryID() (RecoveryID, error) { return newID[recoveryKind]() }

// NewVerificationID makes the id of a face check.
func NewVerificationID() (VerificationID, error) { return newID[verificationKind]() }

// NewSMSID makes the id of a message.
func NewSMSID() (SMSID, error) { return newID[smsKind]() }

// NewSessionID makes the id of a session.
func NewSessionID() (SessionID, error) { return newID[sessionKind]() }

// NewApplicationID makes the id of an application.
func NewApplicationID() (ApplicationID, error) { return newID[applicationKind]() }

// ParseApplicationID reads an application's id.
func ParseApplicationID(s string) (ApplicationID, error) { return parseID[applicationKind](s) }

// ParseVerificationID reads a face check's id.
func ParseVerificationID(s string) (VerificationID, error) { return parseID[verificationKind](s) }

// ParseSessionID reads a session's id.
func ParseSessionID(s string) (SessionID, error) { return parseID[sessionKind](s) }

// ParseSMSID reads a message's id.
func ParseSMSID(s string) (SMSID, error) { return parseID[smsKind](s) }

// ParseDocumentID reads a document's id.
func ParseDocumentID(s string) (DocumentID, error) { return parseID[documentKind](s) }

// ParseAccountID reads an account's id.
func ParseAccountID(s string) (AccountID, error) { return parseID[accountKind](s) }

// ParseRecoveryID reads a recovery's id.
func ParseRecoveryID(s string) (RecoveryID, error) { return parseID[recoveryKind](s) }

// ParseCaptchaID reads a captcha's id.
func ParseCaptchaID(s string) (CaptchaID, error) { return parseID[captchaKind](s) }

// ParseOrganizationID reads an organization's id.
func ParseOrganizationID(s string) (OrganizationID, error) { return parseID[organizationKind](s) }

// ApplicationRange bounds the ids that begin with a text; ok is false when none does.
func ApplicationRange(text string) (first, last ApplicationID, ok bool) {
	return rangeOf[applicationKind](text)
}

// AccountRange bounds the ids that begin with a text; ok is false when none does.
func AccountRange(text string) (first, last AccountID, ok bool) { return rangeOf[accountKind](text) }

// SessionRange bounds the ids that begin with a text; ok is false when none does.
func SessionRange(text string) (first, last SessionID, ok bool) { return rangeOf[sessionKind](text) }

// SMSRange bounds the ids that begin with a text; ok is false when none does.
func SMSRange(text string) (first, last SMSID, ok bool) { return rangeOf[smsKind](text) }

// VerificationRange bounds the ids that begin with a text; ok is false when none does.
func VerificationRange(text string) (first, last VerificationID, ok bool) {
	return rangeOf[verificationKind](text)
}
