package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// prompter asks on the terminal, line by line: plain text, which a screen reader reads and a script can play.
type prompter struct {
	app *App
	in  *bufio.Reader
	// commands are those that would have done the same, as far as it went.
	commands []string
}

func (app *App) prompter() *prompter { return &prompter{app: app, in: bufio.NewReader(app.std.In)} }

// walkable refuses to lead through several steps what stands for one request.
func (app *App) walkable(command string) error {
	if app.global.dryRun || app.global.key != "" {
		return account.NewFault("USAGE", "problem", app.tr("--dry-run and --idempotency-key are for single commands", "--dry-run、--idempotency-key 仅用于单个命令"), "command", command)
	}
	return nil
}

// await reads in the background, so that an interruption ends the command at once: nothing else ends a read from a terminal. Who was
// interrupted reads no more.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	type line struct {
		text string
		err  error
	}
	done := make(chan line, 1)
	go func() {
		text, err := read()
		done <- line{text, err}
	}()
	select {
	case l := <-done:
		return l.text, l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// typed asks for a line, which may be empty. INTERRUPTED tells that there are no more.
func (p *prompter) typed(ctx context.Context, label string) (string, error) {
	fmt.Fprint(p.app.std.Err, label+p.app.tr(": ", "：")) //nolint:errcheck // a prompt that cannot be shown still reads
	text, err := await(ctx, func() (string, error) { return p.in.ReadString('\n') })
	text = strings.TrimSpace(text)
	if err == nil || text != "" && ctx.Err() == nil {
		return text, nil
	}
	fmt.Fprintln(p.app.std.Err) //nolint:errcheck // as above
	return "", unanswered(ctx, err)
}

// unanswered tells why nothing was typed: the time was up, or whoever was asked left.
func unanswered(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return account.NewFault("TIMED_OUT").WithCause(err)
	case errors.Is(err, io.EOF):
		err = nil
	}
	return account.NewFault("INTERRUPTED").WithCause(err)
}

// line asks for a line until one is typed.
func (p *prompter) line(ctx context.Context, label string) (string, error) {
	for {
		if text, err := p.typed(ctx, label); text != "" || err != nil {
			return text, err
		}
	}
}

// choice is a word that can be chosen, and what it means; "": the word says it.
type choice struct{ word, meaning string }

// choose asks for one of some words until one, or its number, is typed.
func (p *prompter) choose(ctx context.Context, label string, choices []choice) (string, error) {
	p.app.note(label)
	p.offer(choices)
	for {
		typed, err := p.line(ctx, p.app.tr("word or number", "请输入名称或序号"))
		if err != nil {
			return "", err
		}
		if word, ok := chosen(choices, typed); ok {
			return word, nil
		}
	}
}

// offer lists what can be chosen.
func (p *prompter) offer(choices []choice) {
	width := 0
	for _, c := range choices {
		width = max(width, len(c.word))
	}
	for i, c := range choices {
		p.app.note(strings.TrimRight(fmt.Sprintf("  %d  %-*s  %s", i+1, width, c.word, c.meaning), " "))
	}
}

func chosen(choices []choice, typed string) (string, bool) {
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(choices) {
		return choices[n-1].word, true
	}
	i := slices.IndexFunc(choices, func(c choice) bool { return c.word == strings.ToLower(typed) })
	if i < 0 {
		return "", false
	}
	return choices[i].word, true
}

// plain are words that need no meaning.
func plain(words []string) []choice {
	choices := make([]choice, len(words))
	for i, w := range words {
		choices[i] = choice{word: w}
	}
	return choices
}

// confirm asks for yes or no.
func (p *prompter) confirm(ctx context.Context, label string) (bool, error) {
	for {
		typed, err := p.line(ctx, label+p.app.tr(" (yes | no)", "（是 | 否）"))
		if err != nil {
			return false, err
		}
		switch strings.ToLower(typed) {
		case "yes", "y", "是":
			return true, nil
		case "no", "n", "否":
			return false, nil
		}
	}
}

// tell tells a fault and what to do about it, where the walk goes on.
func (p *prompter) tell(err error) {
	f := p.app.fault(err)
	for _, f := range allOf(f) {
		p.app.note("! " + f.Message(p.app.lang, p.app.location()))
		// How a command is called is not what is asked here.
		if hint := f.Hint(p.app.lang, p.app.location()); hint != "" && f.Code != "USAGE" {
			p.app.note("  " + hint)
		}
	}
}

// question is a field of a page. What was typed before stays with an empty line, so that a page can be gone through again.
type question struct {
	field, label string // as faults name it, and as people do
	value        *string
	words        []string // a closed list
	usual        string   // what an empty line means at first
	optional     bool
}

// allOf gives the single faults of one.
func allOf(f *account.Fault) []*account.Fault {
	if len(f.All) == 0 {
		return []*account.Fault{f}
	}
	return f.All
}

// tellHere is tell of the field that is just asked for, which need not be named.
func (p *prompter) tellHere(err error) {
	for _, f := range allOf(p.app.fault(err)) {
		here := maps.Clone(f.Details)
		delete(here, "field")
		p.tell(&account.Fault{Code: f.Code, Details: here})
	}
}

// fill asks for a field until check has nothing against it.
func (p *prompter) fill(ctx context.Context, q question, check func() error) error {
	before := *q.value
	for {
		*q.value = before
		typed, err := p.typed(ctx, q.label+p.emptyMeans(q))
		if err != nil {
			return err
		}
		if typed == "?" && len(q.words) > 0 {
			p.offer(plain(q.words))
			continue
		}
		switch {
		case typed == "" && before == "":
			if typed = q.usual; typed == "" && !q.optional {
				continue
			}
		case typed == "":
			typed = before
		case typed == "-" && q.optional:
			typed = ""
		}
		if word, ok := chosen(plain(q.words), typed); ok {
			typed = word
		}
		*q.value = typed
		wrong := check()
		if wrong == nil {
			return nil
		}
		p.tellHere(wrong)
	}
}

func (p *prompter) emptyMeans(q question) string {
	label := ""
	if len(q.words) > 0 {
		label = p.app.tr(" (?: list)", "（？ 列出可选项）")
	}
	switch {
	case *q.value != "" && q.optional:
		return label + p.app.tr(" [Enter: as before, -: none]", "[回车：不变，-：不填]")
	case *q.value != "":
		return label + p.app.tr(" [Enter: as before]", "[回车：不变]")
	case q.usual != "":
		return label + " [" + q.usual + "]"
	case q.optional:
		return label + p.app.tr(" (optional)", "（选填）")
	}
	return label
}

// faultsOf gives the faults of one field, as one; nil: none.
func faultsOf(faults []*account.Fault, field string) error {
	return account.JoinFaults(slices.DeleteFunc(slices.Clone(faults), func(f *account.Fault) bool { return f.Details["field"] != field }))
}

// password asks for a password, unseen, twice, until check has nothing against it; an empty one is given back as it is.
func (p *prompter) password(ctx context.Context, label string, check func(string) error) (string, error) {
	for {
		typed, err := p.app.ask(ctx, label)
		if err != nil || typed == "" {
			return typed, err
		}
		if err := check(typed); err != nil {
			p.tellHere(err)
			continue
		}
		again, err := p.app.ask(ctx, p.app.tr("the same again", "再次输入"))
		if err != nil {
			return "", err
		}
		if typed == again {
			return typed, nil
		}
		p.app.note(p.app.tr("the two entries differ", "两次输入不一致"))
	}
}

// captcha draws a captcha into a file, and asks for its answer, which the next step takes along.
func (p *prompter) captcha(ctx context.Context, s *service.Service) error {
	drawn, picture, err := s.NewCaptcha(ctx)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "farenctl-captcha-*.png")
	if err != nil {
		return fileFault(os.TempDir(), err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // whoever cleans the directory finds it
	if _, err := file.Write(picture); err != nil {
		return fileFault(file.Name(), errors.Join(err, file.Close()))
	}
	if err := file.Close(); err != nil {
		return fileFault(file.Name(), err)
	}
	p.app.note(p.app.tr("captcha: open ", "图形验证码，请打开：") + file.Name())
	answer, err := p.line(ctx, p.app.tr("its digits", "图中数字"))
	s.AnswerCaptcha(drawn.ID.String() + ":" + answer)
	return err
}

// faceCheck starts a face check, shows it, and waits for it; sandbox lets the sandbox play that it passes.
func (p *prompter) faceCheck(ctx context.Context, s *service.Service, subject service.FaceSubject, purpose, selector string, sandbox bool) (account.Verification, error) {
	v, err := s.StartFaceCheck(ctx, subject, purpose)
	if err != nil {
		return v, err
	}
	p.commands = append(p.commands, "farenctl verify face start --purpose "+purpose+" --for "+selector)
	if sandbox {
		p.commands = append(p.commands, "farenctl verify face simulate "+v.ID.String()+" --outcome passed")
		p.app.note(p.app.tr("the sandbox lets it pass", "由沙箱模拟通过"))
		out, err := s.SimulateFaceCheck(ctx, v.ID, service.Simulation{Outcome: account.Passed})
		return out.Verification, err
	}
	p.app.tellCheck(v, true)
	c, err := p.app.config()
	if err != nil {
		return v, err
	}
	// As long as the person has, unless told otherwise.
	limit := v.ExpiresAt.Sub(v.CreatedAt) + time.Second
	if p.app.given["timeout"] != "" {
		limit = c.Timeout
	}
	p.commands = append(p.commands, "farenctl verify face wait "+v.ID.String())
	return s.WaitForFaceCheck(ctx, v.ID, []string{account.Passed}, limit)
}

// tellCommands tells what would have done the same. What is secret or personal is not in it.
func (p *prompter) tellCommands() {
	p.app.note("\n" + p.app.tr("the same as commands:", "等同的命令："))
	for _, c := range p.commands {
		p.app.note("  " + c)
	}
}
