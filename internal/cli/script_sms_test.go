package cli_test

import (
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/sms/smstest"
)

type gatewayKey struct{}

func smsCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"gateway": scriptGateway, "answers": scriptAnswers, "delivered": scriptDelivered}
}

// gatewayEnvironment makes the program send through a gateway; secret is the file with its key.
func gatewayEnvironment(url, secret string) map[string]string {
	return map[string]string{"FARENCTL_SMS_SENDER": "http", "FARENCTL_SMS_HTTP_URL": url, "FARENCTL_SMS_HTTP_SECRET_FILE": secret}
}

// scriptGateway is `gateway`: the script goes on with a gateway of its own that takes every message.
func scriptGateway(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: gateway")
	}
	held, ok := ts.Value(gatewayKey{}).(**smstest.Gateway)
	if !ok || *held != nil {
		ts.Fatalf("the script has a gateway already")
	}
	g := smstest.New()
	ts.Defer(g.Close)
	*held = g
	writeSecret(ts, "gateway-secret", []byte(smstest.Secret+"\n"))
	for name, value := range gatewayEnvironment(g.URL, ts.MkAbs("gateway-secret")) {
		ts.Setenv(name, value)
	}
}

func gatewayOf(ts *testscript.TestScript) *smstest.Gateway {
	held, ok := ts.Value(gatewayKey{}).(**smstest.Gateway)
	if !ok || *held == nil {
		ts.Fatalf("the script has no gateway")
	}
	return *held
}

// scriptAnswers is `answers STATUS [BODY]`: what the gateway answers from now on; 200 without a body: as usual.
func scriptAnswers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: answers STATUS [BODY]")
	}
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	if status == 200 && len(args) == 1 {
		gatewayOf(ts).Answer(nil)
		return
	}
	gatewayOf(ts).Answer(smstest.Status(status, append(args, "")[1]))
}

// scriptDelivered is `delivered N [FILE]`: the gateway has got so many messages by now, and none that was badly signed; the text and number
// of the newest go to the file.
func scriptDelivered(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: delivered N [FILE]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := gatewayOf(ts).Messages()
	if len(got) != want || gatewayOf(ts).Wrong() != 0 {
		ts.Fatalf("the gateway got %d messages and %d bad requests, want %d and none", len(got), gatewayOf(ts).Wrong(), want)
	}
	if len(args) == 2 {
		newest := got[len(got)-1]
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(newest.To+" "+newest.Text+"\n"), 0o600))
	}
}
