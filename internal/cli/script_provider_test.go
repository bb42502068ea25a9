package cli_test

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/farenctl/farenctl/internal/identity/identitytest"
)

type providerKey struct{}

func providerCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"openid": scriptOpenID, "phone": scriptPhone, "provider": scriptProvider,
		"check": scriptCheck, "ended": scriptEnded}
}

func providerOf(ts *testscript.TestScript) *identitytest.Provider {
	holder, ok := ts.Value(providerKey{}).(**identitytest.Provider)
	if !ok || *holder == nil {
		ts.Fatalf("the script has no provider")
	}
	return *holder
}

// scriptOpenID is `openid INTERVAL`: an OpenID provider starts, and the script's profile is set up for it, for face checks and e-licences.
func scriptOpenID(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: openid INTERVAL")
	}
	interval, err := time.ParseDuration(args[0])
	ts.Check(err)
	p, err := identitytest.New(interval)
	ts.Check(err)
	ts.Defer(p.Close)
	if holder, ok := ts.Value(providerKey{}).(**identitytest.Provider); ok {
		*holder = p
	}
	writeSecret(ts, "client-secret", []byte(identitytest.ClientSecret+"\n"))
	identity := map[string]any{"provider": "oidc", "issuer": p.URL, "client_id": identitytest.ClientID, "client_secret_file": ts.MkAbs("client-secret"),
		"algorithms": []string{"ES256"}, "claims": map[string]string{"name": "person_name"}, "document_types": map[string]string{"01": "resident-id"}}
	text, err := yaml.Marshal(map[string]any{"profiles": map[string]any{"default": map[string]any{"identity": identity, "e_licence": identity}}})
	ts.Check(err)
	writeSecret(ts, "config.yaml", text)
	ts.Setenv("FARENCTL_CONFIG", ts.MkAbs("config.yaml"))
	ts.Setenv("ISSUER", p.URL)
}

// scriptPhone is `phone approve|deny|expire URI [name=N] [document=D] [type=T] [unit-code=C] [amr=A]`: the person with the phone acts.
func scriptPhone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: phone approve|deny|expire URI [field=value]...")
	}
	person := identitytest.Person{Name: "王建国", DocumentType: "01", DocumentNumber: "330106198001010013", UnitCode: hangzhou.code}
	for _, change := range args[2:] {
		field, value, _ := strings.Cut(change, "=")
		switch field {
		case "name":
			person.Name = value
		case "document":
			person.DocumentNumber = value
		case "type":
			person.DocumentType = value
		case "unit-code":
			person.UnitCode = value
		case "amr":
			person.AMR = []string{value}
		}
	}
	p := providerOf(ts)
	switch args[0] {
	case "approve":
		ts.Check(p.Approve(args[1], person))
	case "deny":
		ts.Check(p.Deny(args[1]))
	case "expire":
		ts.Check(p.Expire(args[1]))
	default:
		ts.Fatalf("phone: no act %s", args[0])
	}
}

// scriptProvider is `provider down|up|delay SPAN|forge|replay|rotate|slow N|claim NAME JSON|polls MAX`: how the provider behaves from now on, or with the
// next token; the last tells that it was asked at most so often.
func scriptProvider(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: provider ACT [argument]...")
	}
	p := providerOf(ts)
	number := func() int {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		return n
	}
	switch args[0] {
	case "down", "up":
		p.Down(args[0] == "down")
	case "delay":
		delay, err := time.ParseDuration(args[1])
		ts.Check(err)
		p.Delay(delay)
	case "forge":
		ts.Check(p.Forge())
	case "replay":
		p.Replay()
	case "rotate":
		ts.Check(p.Rotate())
	case "slow":
		p.Slow(number())
	case "claim":
		var value any
		ts.Check(json.Unmarshal([]byte(args[2]), &value))
		p.Change(func(claims map[string]any) { claims[args[1]] = value })
	case "polls":
		if got := p.Polls(); got > number() {
			ts.Fatalf("the provider was asked %d times, want at most %s", got, args[1])
		}
	default:
		ts.Fatalf("provider: no act %s", args[0])
	}
}

// scriptCheck is `check`: a face check for $PURPOSE (register) of $SUBJECT (hz_legal) starts; VER is its id, URI its QR code.
func scriptCheck(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: check")
	}
	subject := cmp.Or(ts.Getenv("SUBJECT"), "hz_legal")
	purpose := cmp.Or(ts.Getenv("PURPOSE"), "register")
	scriptRun(ts, false, []string{"0", "farenctl", "verify", "face", "start", "--purpose", purpose, "--for", subject, "-o", "json"})
	scriptJQValue(ts, false, []string{"VER", ".id"})
	scriptJQValue(ts, false, []string{"URI", ".qr_uri"})
}

// scriptEnded is `ended FAILURE`: the check ends, and not well; ” means that its time ran out.
func scriptEnded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ended FAILURE")
	}
	scriptRun(ts, false, []string{"9", "farenctl", "verify", "face", "wait", ts.Getenv("VER"), "--timeout", "60s", "-o", "json"})
	want := "failed"
	if args[0] == "" {
		want = "expired"
	}
	out := ts.ReadFile("stdout")
	if got := query(ts, out, ".status"); got != want {
		ts.Fatalf("status %s, want %s", got, want)
	}
	if got := query(ts, out, `.failure // ""`); got != args[0] {
		ts.Fatalf("failure %s, want %s", got, args[0])
	}
}
