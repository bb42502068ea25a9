package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/document/documenttest"
	"github.com/farenctl/farenctl/internal/pgtest"
)

// typing makes answers of what is typed.
func typing(lines ...string) []func() string {
	answers := make([]func() string, len(lines))
	for i, line := range lines {
		answers[i] = says(line)
	}
	return answers
}

// printed is the application on stdout.
func printed(t *testing.T, out []byte) account.Application {
	t.Helper()
	var a account.Application
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return a
}

// tells checks what was told, in this order.
func tells(t *testing.T, told string, wants ...string) {
	t.Helper()
	rest := told
	for _, want := range wants {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("not told, or not there: %s\n%s", want, told)
		}
		rest = after
	}
}

// hides checks that nothing secret was told, nor what is personal repeated.
func hides(t *testing.T, told string, secrets ...string) {
	t.Helper()
	for _, secret := range append(secrets, demoPassword) {
		if strings.Contains(told, secret) {
			t.Errorf("told: %s\n%s", secret, told)
		}
	}
}

// newCode is the newest SMS code. It may be called by any goroutine.
func (w *world) newCode() string {
	sms := strings.TrimSpace(w.run("sms", "list", "--kind", "code", "--limit", "1", "-q").stdout)
	return strings.TrimSpace(w.run("sms", "show", sms, "--reveal", "text", "--reason", "test", "--jq", `.text | capture("(?<d>[0-9]{6})").d`).stdout)
}

// faces plays the outcomes of the checks to come, each when its check waits; the result waits until all are played.
func (w *world) faces(outcomes ...string) (played func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for limit := time.Now().Add(time.Minute); len(outcomes) > 0 && time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
			var id uuid.UUID
			if err := w.super.QueryRow(`SELECT verification_id FROM faren.verification WHERE status = 'pending'`).Scan(&id); err == nil {
				w.run("verify", "face", "simulate", account.VerificationID(id).String(), "--outcome", outcomes[0])
				outcomes = outcomes[1:]
			}
		}
	}()
	return func() { <-done }
}

func (w *world) picture(name string, seed int) string {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), documenttest.Page(seed), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.path(name)
}

func TestRegistrationOnAPseudoTerminal(t *testing.T) {
	t.Parallel()

	t.Run("corrects a field and comes to an account", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := w.onPseudoTerminal("register", "--sandbox", "-o", "json")
		p.answers(
			"word or number:", "1",
			"word or number:", "market-entity",
			"name as on the licence:", "宁波样本",
			"unified social credit code:", "91330212MA00000230",
			"! the unified social credit code is not valid", "91330212ma00000239",
			"legal representative's name:", "李秀英",
			"[resident-id]:", "",
			"document number:", "330212197503150022",
			"accept the portal's terms (yes | no):", "yes",
			// The business register says otherwise: the page comes again, and what was right stays.
			"the business register says otherwise: organization_name", "宁波样本贸易有限公司",
			"unified social credit code [Enter: as before]:", "",
			"legal representative's name [Enter: as before]:", "",
			"document type (?: list) [Enter: as before]:", "",
			"document number [Enter: as before]:", "",
			"2. The user", "nb_legal",
			"password:", "weak-one",
			"! the password is too weak: character-classes", demoPassword,
			"the same again:", "Other-2026-pass",
			"the two entries differ", demoPassword,
			"the same again:", demoPassword,
			"agent's name:", "李秀英",
			"document type", "?",
			"passport", "",
			"document number:", "330212197503150022",
			"landline (optional):", "",
			"mobile:", "12345",
			"! the mobile number is not valid", "13700000009")
		if status := p.status(); status != 0 {
			t.Fatalf("exit status %d\n%s", status, p.shown())
		}
		a := printed(t, []byte(p.out.String()))
		if a.Status != account.Approved || *a.Role != "legal-representative" || *a.Username != "nb_legal" {
			t.Errorf("%+v", a)
		}
		tells(t, p.shown(), "3. The agent's face check", "the same as commands:",
			"farenctl register start --channel zhejiang --entity-type market-entity --organization-name 宁波样本贸易有限公司 --unit-code 91330212ma00000239 --legal-representative …",
			"farenctl register user "+a.ID.String()+" --username nb_legal --password-file F --agent-name … --agent-document-number … --phone … --sandbox",
			"farenctl verify face simulate ver_")
		hides(t, p.shown(), "weak-one", "Other-2026-pass")
		w.must("login", "nb_legal", "--password-file", w.path("password"), "--session-file", w.path("other.json"), "-q")
		w.holds()
	})

	for name, c := range map[string]struct {
		key    string
		hidden bool // at the password's prompt
	}{"interrupted": {"\x03", true}, "interrupted at a line": {"\x03", false}, "ended": {"\x04", false}} {
		t.Run("that is "+name+" withdraws what it opened, and shows again what is typed", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.onPseudoTerminal("register")
			p.answers("word or number:", "other-province", "name as", shanghai.name, "credit code:", shanghai.code, "representative's name:", shanghai.representative,
				"[resident-id]:", "", "document number:", shanghai.document, "(yes | no):", "y", "user name:", "sh_agent")
			if c.hidden {
				p.until("password:")
				p.silent()
			} else {
				p.answers("password:", demoPassword, "the same again:", demoPassword)
				p.until("agent's name:")
			}
			p.keys(c.key)
			if status := p.status(); status != 130 || p.out.String() != "" {
				t.Errorf("exit status %d, want 130 and nothing on stdout\n%s%s", status, p.out.String(), p.shown())
			}
			if !p.echoes() {
				t.Error("the terminal does not show what is typed")
			}
			// A read that nothing ends would leave no time for this.
			p.until("withdrawn: app_")
			if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'withdrawn'`); n != 1 {
				t.Errorf("%d applications are withdrawn", n)
			}
		})
	}
}

func TestPromptEndsWithTheTimeOfItsCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.onPseudoTerminal("login", "hz_legal", "--timeout", "1s")
	p.until("password:")
	if status := p.status(); status != 75 || !p.echoes() {
		t.Errorf("exit status %d, want 75; shows what is typed: %t\n%s", status, p.echoes(), p.shown())
	}
	p.until("TIMED_OUT")
}

func TestRegistrationOnATerminal(t *testing.T) {
	t.Parallel()
	// A user's page of zhejiang, up to the mobile.
	organization := []string{"zhejiang", "1", hangzhou.name, hangzhou.code, hangzhou.representative, "", hangzhou.document, "是"}
	employee := []string{"hz_staff", demoPassword, demoPassword, "陈小明", "", "330106199205050011", "0571-88880000"}

	t.Run("takes an SMS code and waits for the face check", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		var code string
		p := &terminal{answers: slices.Concat(typing(organization...), typing(employee...), typing("13700000002", "12345"),
			[]func() string{func() string { code = w.newCode(); return otherCode(code) }, func() string { return code }}, typing("是"))}
		played := w.faces("failed", "passed")
		status := w.onTerminal(p, "register", "-o", "json", "--lang", "zh")
		played()
		if status != 0 {
			t.Fatalf("exit status %d\n%s", status, p.told.String())
		}
		a := printed(t, p.out.Bytes())
		if a.Status != account.PendingReview || *a.Agent.Landline == "" {
			t.Errorf("%+v", a)
		}
		tells(t, p.told.String(), "单位登记所在地", "1. 信息认证", "企业、农专社、个体工商户", "2. 创建用户", "短信验证码已发送至 137****0002", "! 短信验证码错误", "! 短信验证码错误",
			"3. 经办人人脸认证", "farenctl verify face simulate ver_", "! 当前状态为 未通过", "再次发起人脸认证", "等同的命令", "--landline … --sms-code …", "farenctl verify face wait ver_")
		hides(t, p.told.String()+p.out.String(), code, "13700000002", "330106199205050011", "陈小明")
	})

	t.Run("tells an obstacle and takes other answers, the code with it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		// hz_legal has this mobile already, and this user name.
		p := &terminal{answers: slices.Concat(typing(organization...), typing("HZ_legal"), typing(employee[1:]...), typing("13700000001"),
			[]func() string{w.newCode},
			typing("hz_staff", "", "", "", "", "-", "13700000002"), []func() string{w.newCode})}
		played := w.faces("passed")
		status := w.onTerminal(p, "register", "-o", "json")
		played()
		if status != 0 {
			t.Fatalf("exit status %d\n%s", status, p.told.String())
		}
		a := printed(t, p.out.Bytes())
		if a.Status != account.PendingReview || a.Agent.Landline != nil || *a.Username != "hz_staff" {
			t.Errorf("%+v", a)
		}
		tells(t, p.told.String(), "2. The user", "! the mobile number is bound to another account", "! the user name is taken", "2. The user", "password [Enter: as before]", "landline [Enter: as before, -: none]", "sent to 137****0002")
	})

	t.Run("asks for the user again when something came in between", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		rival := w.submission(3, "agent.phone=13700000002")
		p := &terminal{answers: slices.Concat(typing(organization...), typing(employee...), typing("13700000002"), []func() string{w.newCode},
			typing("", "", "", "", "", "", "13700000003"), []func() string{w.newCode})}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
				var n int
				if err := w.super.QueryRow(`SELECT count(*) FROM faren.verification WHERE status = 'pending'`).Scan(&n); err == nil && n == 1 {
					break
				}
			}
			// The rival's own check is another one, which passes at once.
			w.run(rival...)
			w.faces("passed", "passed")()
		}()
		status := w.onTerminal(p, "register", "-o", "json")
		<-done
		if status != 0 {
			t.Fatalf("exit status %d\n%s", status, p.told.String())
		}
		if a := printed(t, p.out.Bytes()); a.Status != account.PendingReview || a.Agent.Phone != "137****0003" {
			t.Errorf("%+v", a)
		}
		tells(t, p.told.String(), "3. The agent's face check", "something came in between: create the user once more", "2. The user", "sent to 137****0003", "3. The agent's face check")
	})

	t.Run("says how to go on when it ends in the middle", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := &terminal{answers: slices.Concat(typing(organization...), typing(employee...), typing("13700000002"), []func() string{w.newCode}, typing("no"))}
		played := w.faces("failed")
		status := w.onTerminal(p, "register", "-o", "json")
		played()
		if status != 9 {
			t.Errorf("exit status %d, want 9", status)
		}
		a := printed(t, p.out.Bytes())
		tells(t, p.told.String(), "another face check", "the application stays; to go on:", "farenctl verify face start --purpose register --for "+a.ID.String(),
			"farenctl register withdraw "+a.ID.String(), `"code": "ENDED_OTHERWISE"`)
		w.must("register", "withdraw", a.ID.String(), "-q")
	})

	t.Run("turns to the other province, and to no terms at all", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := &terminal{answers: typing("1", "market-entity", shanghai.name, shanghai.code, shanghai.representative, "", shanghai.document, "yes", "", "", "", "", "", "no")}
		if status := w.onTerminal(p, "register"); status != 65 || p.out.Len() != 0 {
			t.Errorf("exit status %d, want 65", status)
		}
		tells(t, p.told.String(), "! unit_code: the unit code's division does not belong to channel zhejiang", "register in channel other-province instead",
			"name as on the licence [Enter: as before]", "TERMS_NOT_ACCEPTED")
		if n := w.count(`SELECT count(*) FROM faren.application WHERE channel <> 'zhejiang'`); n != 0 {
			t.Errorf("%d applications were opened", n)
		}
	})

	t.Run("draws a captcha where policy asks for one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.must("policy", "set", "captcha.required", "on", "--reason", "test", "-q")
		answer := func() string {
			var id uuid.UUID
			if err := w.super.QueryRow(`SELECT captcha_id FROM faren.captcha ORDER BY created_at DESC LIMIT 1`).Scan(&id); err != nil {
				return err.Error()
			}
			n, err := captchaAnswer(w.super, w.database.Keyring, account.CaptchaID(id))
			if err != nil {
				return err.Error()
			}
			return fmt.Sprintf("%04d", n)
		}
		p := &terminal{answers: slices.Concat(typing(organization...), typing(employee...), typing("13700000002", "nonsense"), []func() string{answer})}
		if status := w.onTerminal(p, "register", "--sandbox", "-q"); status != 0 || !strings.HasPrefix(p.out.String(), "app_") {
			t.Errorf("exit status %d\n%s%s", status, p.out.String(), p.told.String())
		}
		tells(t, p.told.String(), "captcha: open ", "its digits", "! the captcha", "captcha: open ", "its digits")
	})

	t.Run("uploads the scans of an overseas unit", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		pgtest.On(t, w.super, "2026-03-10 12:00")
		licence, agent := w.picture("my licence.jpg", 1), w.picture("agent.jpg", 2)
		p := &terminal{answers: typing("overseas", "示例海外有限公司", "示例海外有限公司(Example Overseas Ltd)", "何嘉怡", "hk-macao-permit", "H12345678", "13900000001", "he@example",
			"he@example.com", w.path("none.jpg"), w.path("password"), licence, agent, "yes", "overseas_demo", demoPassword, demoPassword)}
		if status := w.onTerminal(p, "register", "--sandbox", "-o", "json"); status != 0 {
			t.Fatalf("exit status %d\n%s", status, p.told.String())
		}
		a := printed(t, p.out.Bytes())
		if a.Status != account.PendingComparison || len(a.Documents) != 2 || a.Agent.DocumentType != "hk-macao-permit" {
			t.Errorf("%+v", a)
		}
		tells(t, p.told.String(), "1. The unit and its agent", "! the organization name is not valid", "! the e-mail address is not valid", "no such file", "! the file is not a JPEG picture",
			"2. The agent's face check", "3. User name and password",
			"--organization-name '示例海外有限公司(Example Overseas Ltd)' --agent-name … --agent-document-type hk-macao-permit --agent-document-number … --phone … --email … --licence-file '"+licence+"'")
		hides(t, p.told.String()+p.out.String(), "H12345678", "he@example.com", "13900000001")
		w.holds()
	})

	t.Run("comes to a project by way of its entity type", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		pgtest.On(t, w.super, "2026-03-10 12:00")
		p := &terminal{answers: typing("zhejiang", "other-unincorporated", "林小红", "", "330106199306060024", "火星", "汉", "13700000003", "yes",
			"no", "示例路道路工程(一期)", "X1330211040113985A", "no", "no", "", "X1330211040113985T", w.picture("proof.jpg", 3), "project_one", demoPassword, demoPassword)}
		if status := w.onTerminal(p, "register", "--sandbox", "-o", "json"); status != 0 {
			t.Fatalf("exit status %d\n%s", status, p.told.String())
		}
		a := printed(t, p.out.Bytes())
		if a.Channel != account.Project || a.Status != account.PendingComparison || *a.Organization.UnitCode != "X1330211040113985T" {
			t.Errorf("%+v", a)
		}
		tells(t, p.told.String(), "registers through the project channel", "1. The agent", "! the ethnic group", "2. The agent's face check", "3. The unit",
			"! the project code's check character does not fit", "3. The unit", "4. User name and password", "--has-uscc-document=false")
		w.holds()
	})
}

func TestNobodyIsLedWhereNobodyAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		args   []string
		status int
		out    string
		told   string
	}{
		"without input":              {[]string{"register", "--no-input"}, 0, "Usage:", ""},
		"as one request":             {[]string{"register", "--idempotency-key", "k"}, 2, "", "farenctl: USAGE: --dry-run and --idempotency-key are for single commands"},
		"as a trial":                 {[]string{"register", "--dry-run"}, 2, "", "farenctl: USAGE: "},
		"as a trial of a recovery":   {[]string{"recover", "-n"}, 2, "", "farenctl: USAGE: "},
		"to something that is not":   {[]string{"register", "something"}, 2, "", "farenctl: USAGE: unknown command"},
		"in a format that is not":    {[]string{"register", "--fields", "nonsense"}, 2, "", "farenctl: USAGE: "},
		"to where its input is over": {[]string{"register"}, 130, "", "where is the organization registered"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &terminal{}
			if status := w.onTerminal(p, c.args...); status != c.status || !strings.Contains(p.out.String(), c.out) || !strings.Contains(p.told.String(), c.told) {
				t.Errorf("exit status %d, want %d\n%s%s", status, c.status, p.out.String(), p.told.String())
			}
		})
	}
	t.Run("without a terminal", func(t *testing.T) {
		if r := w.run("register"); r.status != 0 || !strings.Contains(r.stdout, "Usage:") || r.stderr != "" {
			t.Errorf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
		}
	})
	t.Run("on production with the sandbox", func(t *testing.T) {
		w.exec(`UPDATE faren.setting SET environment = 'production', clock_offset = '0'`)
		p := &terminal{}
		if status := w.onTerminal(p, "register", "--sandbox"); status != 10 {
			t.Errorf("exit status %d, want 10\n%s", status, p.told.String())
		}
	})
}
