package account

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatAnApplicationCanReach(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		channel Channel
		status  string
		goals   []string
		want    bool
	}{
		"is reached where it stands":                        {Zhejiang, Certified, []string{Certified}, true},
		"is far ahead":                                      {Zhejiang, Certified, []string{Rejected}, true},
		"is one of several goals":                           {Overseas, PendingComparison, []string{AwaitingIdentity, Mismatched}, true},
		"comes back after an obstacle":                      {OtherProvince, AwaitingIdentity, []string{Certified}, true},
		"comes back after a correction":                     {Project, Mismatched, []string{PendingComparison}, true},
		"is not what another channel has":                   {Zhejiang, Certified, []string{PendingComparison, AwaitingUnit}, false},
		"is not the unit of an overseas application":        {Overseas, AwaitingIdentity, []string{AwaitingUnit}, false},
		"is not the rejection of a comparison":              {Overseas, AwaitingIdentity, []string{Rejected}, false},
		"is not what lies behind it":                        {Zhejiang, PendingReview, []string{AwaitingIdentity}, false},
		"does not expire while it waits for review":         {Zhejiang, PendingReview, []string{Expired}, false},
		"expires once a comparison found it mismatched":     {Project, PendingComparison, []string{Expired}, true},
		"is nothing after a final status":                   {Zhejiang, Rejected, []string{Approved}, false},
		"is nothing after a status that nobody has told of": {Zhejiang, "unheard-of", []string{Approved}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (Application{Channel: c.channel, Status: c.status}).CanReach(c.goals); got != c.want {
				t.Errorf("%s %s to %v: %t, want %t", c.channel, c.status, c.goals, got, c.want)
			}
		})
	}
}

func TestEveryStatusIsReachedByAChannelAndLeft(t *testing.T) {
	t.Parallel()
	starts := map[Channel]string{Zhejiang: Certified, OtherProvince: Certified, Overseas: AwaitingIdentity, Project: AwaitingIdentity}
	for _, status := range ApplicationStatuses() {
		found := false
		for channel, start := range starts {
			found = found || (Application{Channel: channel, Status: start}).CanReach([]string{status})
		}
		if !found {
			t.Errorf("no channel reaches %s", status)
		}
	}
	for channel, start := range starts {
		for _, goal := range []string{Approved, Withdrawn, Expired} {
			if !(Application{Channel: channel, Status: start}).CanReach([]string{goal}) {
				t.Errorf("%s does not reach %s", channel, goal)
			}
		}
	}
}

func TestFaceCheckReachesWhatItCan(t *testing.T) {
	t.Parallel()
	for _, status := range CheckStatuses() {
		final := status != Pending && status != ManualReview
		if got := (Verification{Status: status}).CanReach([]string{Passed}); got != (!final || status == Passed) {
			t.Errorf("%s reaches passed: %t", status, got)
		}
		if (Verification{Status: status}).Final() != final {
			t.Errorf("%s is final: %t", status, !final)
		}
	}
	if (Verification{Status: ManualReview}).CanReach([]string{Pending}) {
		t.Error("a check that staff settle does not go back to the person")
	}
}

func TestGoalsAreStatusesAndGroups(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		goals Goals
		words []string
		want  []string
	}{
		"a status":                   {ApplicationGoals(), []string{Approved}, []string{Approved}},
		"several, each once":         {ApplicationGoals(), []string{Rejected, Approved, Rejected}, []string{Rejected, Approved}},
		"decided":                    {ApplicationGoals(), []string{GoalDecided}, []string{Approved, Rejected, Mismatched}},
		"ended, and one more":        {ApplicationGoals(), []string{GoalEnded, Mismatched}, []string{Approved, Rejected, Withdrawn, Expired, Mismatched}},
		"a check that ended":         {CheckGoals(), []string{GoalEnded}, []string{Passed, Failed, Expired}},
		"no word":                    {ApplicationGoals(), nil, nil},
		"a word that nobody knows":   {ApplicationGoals(), []string{Approved, "approve"}, nil},
		"the other record's status":  {CheckGoals(), []string{Approved}, nil},
		"an empty word among others": {CheckGoals(), []string{Passed, ""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := c.goals.Resolve(c.words)
			if diff := cmp.Diff(c.want, got); diff != "" || ok != (c.want != nil) {
				t.Errorf("%t (-want +got):\n%s", ok, diff)
			}
		})
	}
	for _, g := range []Goals{ApplicationGoals(), CheckGoals()} {
		for _, word := range g.Words() {
			if _, ok := g.Resolve([]string{word}); !ok {
				t.Errorf("%s is a word and does not resolve", word)
			}
		}
		if slices.Contains(g.Words(), "") {
			t.Error("an empty word")
		}
	}
}
