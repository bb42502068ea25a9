package account

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// produced holds, for every code with places, the details that its producers give: the forms, the services, and the
// database's refusals, whose numbers and times come as JSON.
func produced() map[Code][]any {
	until := "2026-03-03T00:00:00+08:00"
	app, acc := "app_01k5ttmkxvfk68qvfex7zzy001", "acc_01k5ttmkxvfk68qvfex7zzy001"
	return map[Code][]any{
		"USAGE":                   {"problem", "unknown flag: --x", "command", "farenctl register start"},
		"DATABASE_UNAVAILABLE":    {"problem", "nothing listens there"},
		"FIELD_EMPTY":             {"field", "email"},
		"AGENT_HAS_APPLICATION":   {"holder_kind", "application", "holder_id", app, "since", until},
		"AGENT_REQUIRED":          {"channel", "zhejiang"},
		"CALENDAR_MISSING":        {"year", float64(2027)},
		"DOCUMENT_NOT_FOUND":      {"application_id", app},
		"ACCOUNT_LOCKED":          {"until", until},
		"ACCOUNT_NOT_ACTIVE":      {"status", "pending-review", "application_id", app},
		"ALREADY_DECIDED":         {"status", "approved"},
		"APPLICATION_PENDING":     {"holder_kind", "application", "holder_id", app, "since", until},
		"FILE_EXISTS":             {"file", "out.jpg"},
		"PHONE_IN_USE":            {"holder_kind", "account", "holder_id", acc, "since", until},
		"SELECTOR_AMBIGUOUS":      {"count", 2, "ids", []string{app, acc}},
		"VERIFICATION_ENDED":      {"status", "expired"},
		"WRONG_STATE":             {"status", "approved", "channel", "zhejiang", "next", "farenctl login"},
		"DAILY_REJECTION_LIMIT":   {"holder_kind", "application", "holder_id", app, "since", until, "until", until},
		"FACE_CHECK_LIMIT":        {"until", until},
		"FACE_CHECK_REQUIRED":     {"application_id", app},
		"ORGANIZATION_MISMATCH":   {"fields", []any{"organization_name", "legal_representative.name"}},
		"ORGANIZATION_NOT_ACTIVE": {"status", "revoked"},
		"REGION_MISMATCH":         {"field", "unit_code", "channel", "zhejiang", "use", "other-province"},
		"SMS_TOO_FREQUENT":        {"until", until},
		"RECOVERY_WRONG_STATE":    {"status", "expired"},
		"ACCOUNT_NOT_LOCKED":      {"status", "active"},
		"ACCOUNT_WRONG_STATE":     {"status", "deactivated"},
		"ROLE_UNCHANGED":          {"role", "administrator"},
		"PERIOD_INVALID":          {"since", "2026-03-10", "until", "2026-03-09"},
		"POLICY_VALUE_INVALID":    {"field", "session.idle", "minimum", float64(60), "maximum", float64(86400)},
		"ROWS_REFUSED":            {"count", 3},
		"WAIT_TIMEOUT":            {"status", "pending"},
		"ENDED_OTHERWISE":         {"status", "certified", "goals", []string{"awaiting-unit", "mismatched"}},
		"DOCUMENT_TYPE_INVALID":   {"field", "agent.document_type", "allowed", DocumentTypeNames()},
		"ENTITY_TYPE_INVALID":     {"field", "entity_type", "allowed", EntityTypeNames()},
		"FIELD_NOT_ALLOWED":       {"field", "entity_type", "channel", "other-province"},
		"FILE_INVALID":            {"format", "CSV", "problem", "header"},
		"FIXTURE_BUSY":            {"until", until},
		"FIXTURE_INVALID":         {"line", 3, "problem", "unknown key"},
		"FIXTURE_TAKEN":           {"key", "acme", "unit_code", "91330106MA0000015K"},
		"INPUT_INVALID":           {"count", 2, "errors", []map[string]any{}},
		"INPUT_TOO_LARGE":         {"field", "reason", "limit", 1000},
		"PASSWORD_WEAK":           {"field", "password", "broken", []string{"length", "character-classes"}},
		"ROW_DUPLICATE":           {"line", int64(2), "field", "unit_code", "later", int64(3)},
		"VALUE_INVALID":           {"field", "channel", "allowed", Channels()},
		"VALUES_INVALID":          {"count", 2},
		"SERVER_FAILED":           {"log", "server.log"},
		"CONFIG_INVALID":          {"problem", "data directory"},
		"KEYRING_MISSING":         {"file", "keyring.json"},
		"KEYRING_INVALID":         {"file", "keyring.json"},
		"KEYRING_IN_USE":          {"file", "keyring.json"},
		"KEYRING_NEWER":           {"file", "keyring.json"},
		"KEYRING_OUTDATED":        {"key", "k2"},
		"KEYRING_PASSPHRASE":      {"file", "keyring.json"},
		"KEYRING_WRAPPED":         {"file", "keyring.json"},
		"KEY_ACTIVE":              {"key", "k2"},
		"KEY_IN_USE":              {"key", "k1", "count", 7},
		"KEY_NOT_FOUND":           {"key", "k1"},
		"KEY_ROTATION_UNFINISHED": {"file", "keyring.json.next"},
		"PASSPHRASE_SHORT":        {"minimum", 12},
		"VALUES_UNREADABLE":       {"count", 2},
		"DOCTOR_FAILED":           {"count", 2},
		"FILE_PERMISSIONS":        {"file", "session.json"},
		"FILE_UNWRITABLE":         {"file", "report.jsonl"},
		"ROW_INVALID_JSON":        {"problem", "unknown field \"x\""},
		"BATCH_FILE_CHANGED":      {"file", "report.jsonl"},
		"BATCH_UNFINISHED":        {"file", "people.jsonl.state"},
		"BATCH_IN_USE":            {"file", "people.jsonl.state"},
		"SECRET_IN_CONFIGURATION": {"field", "sms.http.secret", "use", "sms.http.secret_file"},
		"PASSWORD_ADVICE":         {"found", "name-pinyin"},

		"LOGIN_PASSWORD_WEAK":   {"field", "password", "problem", "without the login's name"},
		"OPERATOR_EXISTS":       {"name", "chen"},
		"OPERATOR_FOREIGN":      {"statements", "REVOKE faren_support FROM chen;"},
		"OPERATOR_PROTECTED":    {"statements", "GRANT faren_support TO postgres;"},
		"OPERATORS_UNAVAILABLE": {"statements", "CREATE ROLE chen LOGIN; GRANT faren_support TO chen;"},
		"ROLE_HELD":             {"role", "faren_support"},
		"ROLE_NOT_HELD":         {"role", "faren_support"},

		"CERTIFICATE_EXPIRED":       {"at", until},
		"CERTIFICATE_NOT_YET_VALID": {"at", until},
		"CERTIFICATE_REVOKED":       {"at", until},
		"SIGN_IN_NOT_PROVEN":        {"status", "failed"},
		"REVEAL_LIMIT":              {"limit", float64(50), "until", until},
		"SIGN_IN_LIMIT":             {"until", until},
		"SMS_WRONG_STATE":           {"status", "sent"},
		"NOT_SANDBOX":               {"provider", "oidc"},

		"CHECK_INVALID":           {"count", 2},
		"CHECK_REFUSED":           {"count", 2},
		"FACE_CHECK_OPEN":         {"status", "pending"},
		"REGISTRATION_ENDED":      {"status", "rejected"},
		"REGISTRATION_UNFINISHED": {"status", "certified"},
		"SMS_NOT_DELIVERED":       {"status", "dead"},

		"AUDIT_BROKEN":         {"problem", "event 7 was edited"},
		"AUDIT_KEY_INVALID":    {"file", "auditor.key"},
		"AUDIT_SEAL_REFUSED":   {"problem", "event 7 was edited"},
		"AUDIT_SEAL_RUNNING":   {"dir", "checkpoints"},
		"AUDIT_UNSETTLED":      {"count", 1},
		"CHECKPOINT_INVALID":   {"file", "000001.checkpoint", "key", "farenctl-audit"},
		"CHECKPOINT_NOT_FOUND": {"file", "checkpoints"},
		"EVIDENCE_BROKEN":      {"count", 1, "verification", "ver_1"},
	}
}

func TestEveryPlaceIsFilledByTheDetailsOfItsProducers(t *testing.T) {
	t.Parallel()
	details := produced()
	for _, e := range Entries() {
		t.Run(string(e.Code), func(t *testing.T) {
			t.Parallel()
			given, ok := details[e.Code]
			if !ok && len(places(e.English))+len(places(e.HintEnglish)) > 0 {
				t.Fatal("the code has places; what its producers give is not told here")
			}
			f := NewFault(e.Code, given...)
			for _, lang := range []Language{English, Chinese} {
				message, hint := f.Message(lang, time.UTC), f.Hint(lang, time.UTC)
				if message == "" || len(places(message+hint)) > 0 || strings.Contains(message, "…") || strings.Contains(message+hint, "<nil>") {
					t.Errorf("%s: %q, hint %q", lang, message, hint)
				}
				if (hint == "") != (e.HintEnglish == "") {
					t.Errorf("%s: hint %q", lang, hint)
				}
			}
		})
	}
	for _, code := range slices.Sorted(maps.Keys(details)) {
		if _, ok := Find(code); !ok {
			t.Errorf("%s is not in the table", code)
		}
	}
}

// Whatever a producer forgets, nobody reads a {place}.
func TestNoPlaceIsShownUnfilled(t *testing.T) {
	t.Parallel()
	for _, e := range Entries() {
		for _, f := range []*Fault{NewFault(e.Code), {Code: e.Code, Details: map[string]any{"status": nil, "until": nil, "next": nil, "holder_id": nil}}} {
			for _, lang := range []Language{English, Chinese} {
				message, hint := f.Message(lang, time.UTC), f.Hint(lang, time.UTC)
				if message == "" || len(places(message+hint)) > 0 || strings.Contains(message+hint, "<nil>") {
					t.Errorf("%s in %s: %q, hint %q", e.Code, lang, message, hint)
				}
			}
		}
	}
}

func TestMessage(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("CST", 8*60*60)
	for _, c := range []struct {
		outcome          string
		fault            *Fault
		english, chinese string
	}{
		{"time from the database in the local zone", NewFault("ACCOUNT_LOCKED", "until", "2026-03-02T16:00:00.5Z"),
			"too many failed sign-ins: locked until 2026-03-03 00:00:00 +08:00", "登录失败次数过多，已锁定至 2026-03-03 00:00:00 +08:00"},
		{"time as such", NewFault("ACCOUNT_LOCKED", "until", time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)),
			"too many failed sign-ins: locked until 2026-03-03 00:00:00 +08:00", "登录失败次数过多，已锁定至 2026-03-03 00:00:00 +08:00"},
		{"list of words", NewFault("ORGANIZATION_MISMATCH", "fields", []any{"a", "b"}),
			"the business register says otherwise: a, b", "与登记信息不一致：a、b"},
		{"big number of a JSON object", NewFault("ROWS_REFUSED", "count", float64(12_000_000)), "rows that were not taken: 12000000", "有 12000000 行未被接受"},
		{"field in front and reason behind", NewFault("USCC_INVALID", "field", "unit_code", "reason", "check-character"),
			"unit_code: the unified social credit code is not valid (the check character does not fit)", "unit_code：统一社会信用代码无效（校验位不符）"},
		{"field that the text names itself", NewFault("FIELD_EMPTY", "field", "email"), "the record has no email to reveal", "该记录没有可显示的 email"},
		{"reason that is no word of ours is left out", NewFault("NAME_INVALID", "reason", "typed by somebody"), "the name is not valid", "姓名无效"},
		{"detail that looks like a place", NewFault("FILE_INVALID", "format", "{problem}", "problem", "{format}"),
			"the file cannot be read as {problem}: {format}", "文件不是有效的 {problem}：{format}"},
		{"missing detail", NewFault("ALREADY_DECIDED"), "the application has been decided: …", "该申请已审核：…"},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			if got := c.fault.Message(English, shanghai); got != c.english {
				t.Errorf("got %q, want %q", got, c.english)
			}
			if got := c.fault.Message(Chinese, shanghai); got != c.chinese {
				t.Errorf("got %q, want %q", got, c.chinese)
			}
		})
	}
}

func TestHintIsOmittedWhenADetailIsMissing(t *testing.T) {
	t.Parallel()
	if got := NewFault("ACCOUNT_NOT_ACTIVE", "status", "locked").Hint(English, time.UTC); got != "" {
		t.Errorf("got %q", got)
	}
	if got, want := NewFault("REGION_MISMATCH", "use", "zhejiang").Hint(Chinese, time.UTC), "请使用 --channel zhejiang"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFaultsAreErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := fmt.Errorf("wrapped: %w", NewFault("USERNAME_TAKEN").WithCause(cause))
	if !errors.Is(err, &Fault{Code: "USERNAME_TAKEN"}) || errors.Is(err, &Fault{Code: "PHONE_IN_USE"}) || !errors.Is(err, cause) {
		t.Errorf("%v is not told apart by its code and cause", err)
	}
	if !HasCode(err, "USERNAME_TAKEN") || HasCode(err, "PHONE_IN_USE") || HasCode(cause, "USERNAME_TAKEN") || HasCode(nil, "USERNAME_TAKEN") {
		t.Error("HasCode is wrong")
	}
	if strings.Contains(NewFault("USERNAME_TAKEN").WithCause(cause).Error(), "cause") {
		t.Error("the cause is shown")
	}
}

func TestJoinFaults(t *testing.T) {
	t.Parallel()
	first, second := NewFault("NAME_INVALID", "field", "agent.name"), NewFault("FIELD_REQUIRED", "field", "password")
	if err := JoinFaults(nil); err != nil {
		t.Errorf("none gives %v", err)
	}
	if err := JoinFaults([]*Fault{first}); !errors.Is(err, first) || HasCode(err, "INPUT_INVALID") {
		t.Errorf("one gives %v", err)
	}
	var all *Fault
	if err := JoinFaults([]*Fault{first, second}); !errors.As(err, &all) {
		t.Fatalf("two give %v", err)
	}
	if all.Status() != StatusInput || all.Error() != "2 things are wrong" || !slices.Equal(all.All, []*Fault{first, second}) {
		t.Errorf("status %d, %q, %v", all.Status(), all.Error(), all.All)
	}
	if got, want := fmt.Sprint(all.Details["errors"]), "[map[code:NAME_INVALID field:agent.name] map[code:FIELD_REQUIRED field:password]]"; got != want {
		t.Errorf("errors %s, want %s", got, want)
	}
}

func TestWarningsAndRejectedRowsTellTheirText(t *testing.T) {
	t.Parallel()
	if got, want := (Warning{Code: "PASSWORD_ADVICE", Found: "mobile"}).Message(English), "the password contains mobile"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := (Warning{Code: "USCC_PREFIX_UNKNOWN", Reason: "prefix"}).Message(Chinese), "登记管理部门及机构类别代码未知"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	row := RejectedRow{Line: 2, Field: "unit_code", Code: "ROW_DUPLICATE", Later: 5}
	if got, want := row.Fault().Message(English, time.UTC), "unit_code: line 5 has the same unit code and was taken instead"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLapsesAreToldInTheirTwoLargestUnits(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		-time.Second:                          {"0s", "0秒"},
		59*time.Second + 499*time.Millisecond: {"59s", "59秒"},
		time.Minute:                           {"1m 0s", "1分0秒"},
		time.Hour - time.Second:               {"59m 59s", "59分59秒"},
		25*time.Hour + 59*time.Minute:         {"1d 1h", "1天1小时"},
		23*time.Hour + 59*time.Minute:         {"23h 59m", "23小时59分"},
	} {
		if en, zh := Lapse(English, d), Lapse(Chinese, d); en != want[0] || zh != want[1] {
			t.Errorf("%s: %s, %s, want %v", d, en, zh, want)
		}
	}
}
