package account

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	// auditing are the calls that write an audit event: their action is a literal, or a variable of that name.
	auditing = regexp.MustCompile(`faren\.(?:end_call|refuse|audit|audit_all)\(\s*c,\s*('[^']*'|CASE [^,]*? END|\w+)`)
	settling = regexp.MustCompile(`faren\.settle_verification\(c, .*'([a-z_.]+)'\);`)
	literal  = regexp.MustCompile(`'([a-z_]+(?:\.[a-z_]+)?)'`)
	chosen   = regexp.MustCompile(`action\s+text := CASE [^;]*;`)
	recorded = regexp.MustCompile(`'([a-z]+\.[a-z_]+)'(?:,| AS action)`)
)

// actionsOf are the actions that the functions of the database write down.
func actionsOf(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "postgres", "functions", "*.sql"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files of functions: %v", len(files), err)
	}
	var all []string
	take := func(text string) {
		for _, m := range literal.FindAllStringSubmatch(text, -1) {
			all = append(all, m[1])
		}
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		for _, m := range auditing.FindAllStringSubmatch(text, -1) {
			switch {
			case strings.HasPrefix(m[1], "'"):
				take(m[1])
			case strings.HasPrefix(m[1], "CASE"):
				for _, part := range regexp.MustCompile(`(?:THEN|ELSE) '[^']*'`).FindAllString(m[1], -1) {
					take(part)
				}
			case m[1] != "action":
				t.Errorf("%s: the action of an event is %s, which this test cannot read", file, m[1])
			}
		}
		for _, m := range chosen.FindAllString(text, -1) {
			for _, part := range regexp.MustCompile(`(?:THEN|ELSE) '[^']*'`).FindAllString(m, -1) {
				take(part)
			}
		}
		for _, m := range settling.FindAllStringSubmatch(text, -1) {
			all = append(all, m[1])
		}
		if filepath.Base(file) == "timeline.sql" {
			_, own, _ := strings.Cut(text, "), own AS")
			own, _, _ = strings.Cut(own, "), everything AS")
			for _, m := range recorded.FindAllStringSubmatch(own, -1) {
				all = append(all, m[1])
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestEveryActionHasWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	found := actionsOf(t)
	for _, known := range []string{"account.authorize", "account.enable", "application.approve", "application.expire", "reveal", "session.sign_in", "sms.dead", "sms.sent", "verification.complete", "verification.resolve"} {
		if !slices.Contains(found, known) {
			t.Errorf("%s is not found in the functions", known)
		}
	}
	han := regexp.MustCompile(`\p{Han}`)
	for _, action := range found {
		words := actionWords[action]
		if words.English == "" || !han.MatchString(words.Chinese) || han.MatchString(words.English) {
			t.Errorf("%s: %q in English, %q in Chinese", action, words.English, words.Chinese)
		}
	}
	for _, action := range Actions() {
		if !slices.Contains(found, action) {
			t.Errorf("%s has words, and nothing writes it", action)
		}
	}
}

func TestSentencesOfEvents(t *testing.T) {
	t.Parallel()
	code, reason, operator, user := Code("REASON_REQUIRED"), "no stamp", "zhou", "hz_legal"
	for name, c := range map[string]struct {
		event       Event
		named       bool
		en, zh, who string
	}{
		"a decision": {Event{Action: "application.reject", Operator: &operator, Username: &user, Reason: &reason, Details: map[string]any{"kind": "comparison"},
			Subject: EventSubject{Kind: "application", ID: "app_1"}}, false, "reject the application: comparison; reason: no stamp", "审核拒绝：人工比对；原因：no stamp", "zhou (hz_legal)"},
		"a refusal of one of several": {Event{Action: "document.read", Operator: &operator, Code: &code, Outcome: Refused, Subject: EventSubject{Kind: "document", ID: "doc_1"}}, true,
			"read a document (REASON_REQUIRED: a reason is required) doc_1", "查阅文件（REASON_REQUIRED：必须填写原因） doc_1", "zhou"},
		"what was done elsewhere": {Event{Action: "account.enable", Part: Actor, Subject: EventSubject{Kind: "account", ID: "acc_1"}}, false, "enable the account acc_1", "恢复账号 acc_1", ""},
		"a message of old":        {Event{Action: "sms.queued", Subject: EventSubject{Kind: "sms", ID: "sms_1"}, Details: map[string]any{"kind": "approved", "status": "dead"}}, false, "a message is to be sent: approved, now dead", "短信待发送：审核通过、现为发送失败", ""},
		"a successor":             {Event{Action: "account.update", Details: map[string]any{"new_person": true, "phone": true}}, false, "change the agent: another person", "变更经办人信息：更换为他人", ""},
		"an action of the future": {Event{Action: "moon.land"}, false, "moon.land", "moon.land", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.event.Sentence(English, time.UTC, c.named); got != c.en {
				t.Errorf("English: %q, want %q", got, c.en)
			}
			if got := c.event.Sentence(Chinese, time.UTC, c.named); got != c.zh {
				t.Errorf("Chinese: %q, want %q", got, c.zh)
			}
			if got := c.event.Who(English); got != c.who {
				t.Errorf("who: %q, want %q", got, c.who)
			}
		})
	}
}
