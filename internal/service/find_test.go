package service_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func TestSelectorFindsTheApplication(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1, 2)
	first := b.submitted(1, 2)
	if _, err := b.Withdraw(ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	closed := registration(1, 4)
	for range 2 {
		a, err := b.SubmitRegistration(ctx, closed, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Withdraw(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	current := b.submitted(1, 2)
	elsewhere := registration(2, 2)
	elsewhere.Username = "elsewhere_1"
	second, err := b.SubmitRegistration(ctx, elsewhere, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		selector, unitCode string
		want               account.ApplicationID
		code               account.Code
	}{
		"an id":                            {first.ID.String(), "", first.ID, ""},
		"an id in capitals":                {strings.ToUpper(first.ID.String()), "", first.ID, ""},
		"a user name gives the open one":   {"agent_00002", "", current.ID, ""},
		"a user name in another case":      {"AGENT_00002", "", current.ID, ""},
		"a phone within its organization":  {"phone:" + mobile(2), uscc(1), current.ID, ""},
		"a phone written otherwise":        {"phone:+86 139-0000-0002", strings.ToLower(uscc(1)), current.ID, ""},
		"the phone in another one":         {"phone:" + mobile(2), uscc(2), second.ID, ""},
		"a document number":                {"document:" + residentID(2), uscc(2), second.ID, ""},
		"a document number in other case":  {"document: " + strings.ToLower(residentID(2)), " " + uscc(1), current.ID, ""},
		"nobody's user name":               {"nobody_here", "", account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
		"nobody's phone":                   {"phone:" + mobile(77), uscc(1), account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
		"a phone that is none":             {"phone:1", uscc(1), account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
		"an unknown organization":          {"phone:" + mobile(2), uscc(9), account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
		"closed ones alone are ambiguous":  {"agent_00004", "", account.ApplicationID{}, "SELECTOR_AMBIGUOUS"},
		"an id of another kind is no id":   {"acc_" + first.ID.String()[4:], "", account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
		"an SQL wildcard is no wildcard":   {"agent_0000%", "", account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
		"a selector with a quote is plain": {`x' OR '1'='1`, "", account.ApplicationID{}, "APPLICATION_NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := b.FindApplication(ctx, c.selector, c.unitCode)
			if codeOf(err) != c.code || (err == nil) != (c.code == "") || got != c.want {
				t.Errorf("got %s, %v, want %s %s", got, err, c.want, c.code)
			}
		})
	}
}

// pages walks through a list and gives all of its ids in their order.
func pages[T any](t *testing.T, limit int, id func(T) string, list func(service.Paging) (account.Page[T], error)) []string {
	t.Helper()
	var all []string
	p := service.Paging{Limit: limit}
	for range 100 {
		page, err := list(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) > limit || (page.NextToken != "" && len(page.Items) != limit) {
			t.Errorf("a page of %d items with limit %d and token %q", len(page.Items), limit, page.NextToken)
		}
		for _, item := range page.Items {
			all = append(all, id(item))
		}
		if page.NextToken == "" {
			return all
		}
		p.Token = page.NextToken
	}
	t.Fatal("the pages do not end")
	return nil
}

func TestPagesHaveNoGapAndNoDouble(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	const n = 7
	for p := range n {
		b.submitted(1, 10+p)
		if _, err := b.StartRegistration(ctx, registration(1, 99).OrganizationForm); err != nil {
			t.Fatal(err)
		}
		if _, err := b.SignIn(ctx, "agent_00001", password); err != nil {
			t.Fatal(err)
		}
	}
	// Messages of one moment are told apart by their ids.
	b.exec(`UPDATE faren.sms SET created_at = date_trunc('day', created_at)`)
	applications := func(p service.Paging) (account.Page[account.Application], error) {
		return b.Applications(ctx, service.ApplicationQuery{Paging: p})
	}
	pending := func(p service.Paging) (account.Page[account.Application], error) {
		return b.Applications(ctx, service.ApplicationQuery{Status: account.PendingReview, Channel: "zhejiang", UnitCode: strings.ToLower(uscc(1)), Paging: p})
	}
	reviews := func(p service.Paging) (account.Page[account.Application], error) { return b.Reviews(ctx, p) }
	sessions := func(p service.Paging) (account.Page[account.Session], error) {
		return b.Sessions(ctx, service.SessionQuery{Status: "active", Paging: p})
	}
	messages := func(p service.Paging) (account.Page[account.SMS], error) {
		return b.Messages(ctx, service.MessageQuery{Kind: "review-requested", Paging: p})
	}
	appID := func(a account.Application) string { return a.ID.String() }
	for limit := 1; limit <= n+1; limit++ {
		got := map[string][]string{
			"applications": pages(t, limit, appID, applications),
			"pending":      pages(t, limit, appID, pending),
			"reviews":      pages(t, limit, appID, reviews),
			"sessions":     pages(t, limit, func(s account.Session) string { return s.ID.String() }, sessions),
			"messages":     pages(t, limit, func(m account.SMS) string { return m.ID.String() }, messages),
		}
		for what, want := range map[string]int{"applications": 2*n + 1, "pending": n, "reviews": n, "sessions": n, "messages": n} {
			unique := slices.Compact(slices.Sorted(slices.Values(got[what])))
			if len(got[what]) != want || len(unique) != want {
				t.Errorf("%s, %d a page: %d items, %d different, want %d", what, limit, len(got[what]), len(unique), want)
			}
		}
		newestFirst := slices.Clone(got["pending"])
		slices.Sort(newestFirst)
		if !slices.Equal(newestFirst, got["reviews"]) {
			t.Errorf("reviews are not the longest waiting first: %v", got["reviews"])
		}
		slices.Reverse(newestFirst)
		if !slices.Equal(newestFirst, got["pending"]) {
			t.Errorf("applications are not the newest first: %v", got["pending"])
		}
	}
}

func TestEmptyListsAreNotNil(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	applications, err := b.Applications(ctx, service.ApplicationQuery{})
	if err != nil || applications.Items == nil || len(applications.Items) != 0 || applications.NextToken != "" {
		t.Errorf("applications: %+v, %v", applications, err)
	}
	sessions, err := b.Sessions(ctx, service.SessionQuery{})
	if err != nil || sessions.Items == nil {
		t.Errorf("sessions: %+v, %v", sessions, err)
	}
	messages, err := b.Messages(ctx, service.MessageQuery{})
	if err != nil || messages.Items == nil {
		t.Errorf("messages: %+v, %v", messages, err)
	}
}

func TestUnknownRecordsAreNotFound(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	id := uuid.New()
	_, application := b.Application(ctx, account.ApplicationID(id))
	_, check := b.FaceCheck(ctx, account.VerificationID(id))
	_, message := b.Message(ctx, account.SMSID(id), "")
	_, entry := b.RegisterEntry(ctx, uscc(1))
	_, session := b.RevokeSession(ctx, account.SessionID(id))
	_, user := b.CreateUser(ctx, account.ApplicationID(id), registration(1, 2).UserForm, true)
	for code, err := range map[account.Code]error{"VERIFICATION_NOT_FOUND": check, "SMS_NOT_FOUND": message, "REGISTER_ENTRY_NOT_FOUND": entry,
		"SESSION_NOT_FOUND": session, "APPLICATION_NOT_FOUND": application} {
		wantCode(t, err, code)
	}
	wantCode(t, user, "APPLICATION_NOT_FOUND")
}

// A submission that fails half-way frees what it took, so that the corrected document goes through.
func TestFailedSubmissionLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 2)
	r := registration(1, 3)
	r.Agent.Phone = mobile(2)
	_, err := b.SubmitRegistration(ctx, r, true, nil)
	wantCode(t, err, "PHONE_IN_USE")
	if open := scan[string](b, `SELECT coalesce(string_agg(status, ' '), '') FROM api.application WHERE status = 'certified'`); open != "" {
		t.Errorf("left open: %s", open)
	}
	r.Agent.Phone = mobile(3)
	if a, err := b.SubmitRegistration(ctx, r, true, nil); err != nil || a.Status != account.PendingReview {
		t.Errorf("the corrected document: %s, %v", a.Status, err)
	}
	if n := scan[int](b, `SELECT count(*) FROM api.application WHERE status = 'pending-review'`); n != 2 {
		t.Errorf("%d wait for review", n)
	}
}

func TestWrongStateNamesTheNextCommand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	a := b.submitted(1, 2)
	_, err := b.StartFaceCheck(context.Background(), service.FaceSubject{Application: &a.ID}, account.PurposeRegister)
	f := wantCode(t, err, "WRONG_STATE")
	if next := fmt.Sprint(f.Details["next"]); !strings.Contains(next, "farenctl review approve "+a.ID.String()) {
		t.Errorf("next is %q", next)
	}
}
