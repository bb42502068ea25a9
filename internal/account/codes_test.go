package account

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

func TestTheCodeTableIsSortedAndUnique(t *testing.T) {
	t.Parallel()
	rank := func(e Entry) int {
		if e.Status == StatusWarningsOnly {
			return math.MaxInt
		}
		return e.Status
	}
	all := Entries()
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Code, b.Code)) >= 0 {
			t.Errorf("%s (%d) must not stand before %s (%d)", a.Code, a.Status, b.Code, b.Status)
		}
	}
	seen := map[Code]bool{}
	for _, e := range all {
		if seen[e.Code] {
			t.Errorf("%s stands there twice", e.Code)
		}
		seen[e.Code] = true
	}
}

func places(text string) []string {
	found := regexp.MustCompile(`\{[^}]*\}?`).FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryCodeIsWhole(t *testing.T) {
	t.Parallel()
	known := map[int]bool{StatusWarningsOnly: true}
	for _, s := range Statuses() {
		if s.English == "" || s.Chinese == "" || known[s.Status] {
			t.Errorf("status %d: %+v", s.Status, s)
		}
		known[s.Status] = true
	}
	code := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	place := regexp.MustCompile(`^\{[a-z_]+\}$`)
	for _, e := range Entries() {
		t.Run(string(e.Code), func(t *testing.T) {
			t.Parallel()
			if !code.MatchString(string(e.Code)) {
				t.Error("the code is not written as one")
			}
			if !known[e.Status] || e.Status == StatusDone {
				t.Errorf("no failure ends with status %d", e.Status)
			}
			if e.English == "" || e.Chinese == "" || (e.HintEnglish == "") != (e.HintChinese == "") {
				t.Error("a language is missing")
			}
			for _, pair := range [][2]string{{e.English, e.Chinese}, {e.HintEnglish, e.HintChinese}} {
				if a, b := places(pair[0]), places(pair[1]); !slices.Equal(a, b) {
					t.Errorf("places %q in English, %q in Chinese", a, b)
				}
				for _, p := range places(pair[0]) {
					if !place.MatchString(p) {
						t.Errorf("%q is no place", p)
					}
				}
				if strings.Count(pair[0], "`") != strings.Count(pair[1], "`") {
					t.Error("one language has a command that the other lacks")
				}
			}
		})
	}
}

func TestEveryCodeOfIdentifierIsInTheTable(t *testing.T) {
	t.Parallel()
	for _, code := range identifier.Codes() {
		e, ok := Find(Code(code))
		if !ok {
			t.Errorf("%s is missing", code)
			continue
		}
		want := StatusInput
		if !strings.HasSuffix(code, "_INVALID") && code != identifier.CodeKindUnknown {
			want = StatusWarningsOnly
		}
		if e.Status != want {
			t.Errorf("%s has status %d, want %d", code, e.Status, want)
		}
	}
}

// The texts of guide 三, to the letter: people search for them.
func TestTheGuidesTextsAreItsOwn(t *testing.T) {
	t.Parallel()
	for code, want := range map[Code]string{
		"PHONE_IN_USE":          "同一企业/组织下的账号绑定的手机号不可重复",
		"APPLICATION_PENDING":   "您在该企业下已有一条经办人账号申请还在审核中,请耐心等待法定代表人或管理员审核",
		"DAILY_REJECTION_LIMIT": "您的经办人账号申请当天已达次数限制,请明天再尝试",
		"AGENT_HAS_APPLICATION": "当前添加的经办人已提交了账号注册申请,请前往【经办人申请】去审核",
	} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			if got := NewFault(code).Message(Chinese, time.UTC); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// The statuses that scripts were promised (sysexits.h where it has a fitting one).
func TestStatusesOfCodes(t *testing.T) {
	t.Parallel()
	for status, codes := range map[int][]Code{
		StatusConflict:  {"PHONE_IN_USE", "USERNAME_TAKEN", "APPLICATION_PENDING", "ALREADY_DECIDED", "WRONG_STATE", "AGENT_HAS_APPLICATION", "AGENT_ALREADY_REGISTERED"},
		StatusRefused:   {"DAILY_REJECTION_LIMIT", "SMS_TOO_FREQUENT", "SMS_CODE_INVALID", "SMS_CODE_EXPIRED", "SMS_CODE_EXHAUSTED", "IDENTITY_MISMATCH", "ORGANIZATION_MISMATCH", "ORGANIZATION_NOT_FOUND", "ORGANIZATION_NOT_ACTIVE", "REGION_MISMATCH", "FACE_CHECK_REQUIRED"},
		StatusInput:     {"USCC_INVALID", "PASSWORD_WEAK", "USERNAME_INVALID", "TERMS_NOT_ACCEPTED", "USE_PROJECT_CHANNEL"},
		StatusForbidden: {"NOT_A_REVIEWER", "OWN_APPLICATION"},
	} {
		for _, code := range codes {
			if got := NewFault(code).Status(); got != status {
				t.Errorf("%s ends with %d, want %d", code, got, status)
			}
		}
	}
}

func TestAnUnknownCodeIsUnexpected(t *testing.T) {
	t.Parallel()
	if _, ok := Find("NO_SUCH_CODE"); ok {
		t.Error("found")
	}
	if f := NewFault("NO_SUCH_CODE"); f.Status() != StatusUnexpected || f.Error() != "unexpected error" {
		t.Errorf("status %d, %s", f.Status(), f)
	}
}

func TestEntriesBelongToTheCaller(t *testing.T) {
	t.Parallel()
	Entries()[0].Code = "CHANGED"
	if Entries()[0].Code == "CHANGED" {
		t.Error("the table was changed")
	}
}
