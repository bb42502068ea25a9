package account

import "slices"

// move is what a command, a face check, or time makes of a record in one step. Channels: only those; none: all.
type move struct {
	from     string
	to       []string
	channels []Channel
}

// applicationMoves is the one table of how applications go on in this program; what the database does is compared with it by tests.
func applicationMoves() []move {
	certified, manual := []Channel{Zhejiang, OtherProvince}, []Channel{Overseas, Project}
	return []move{
		{Certified, []string{AwaitingIdentity, Withdrawn, Expired}, certified},
		// Certified: an obstacle arose while the person was checked.
		{AwaitingIdentity, []string{Approved, PendingReview, Certified}, certified},
		{AwaitingIdentity, []string{AwaitingUser}, []Channel{Overseas}},
		{AwaitingIdentity, []string{AwaitingUnit}, []Channel{Project}},
		{AwaitingIdentity, []string{Withdrawn, Expired}, nil},
		{AwaitingUnit, []string{AwaitingUser, Withdrawn, Expired}, []Channel{Project}},
		{AwaitingUser, []string{PendingComparison, Withdrawn, Expired}, manual},
		{PendingReview, []string{Approved, Rejected, Withdrawn}, certified},
		{PendingComparison, []string{Approved, Mismatched, Withdrawn}, manual},
		{Mismatched, []string{PendingComparison, Withdrawn, Expired}, manual},
	}
}

// checkMoves is the one table of how face checks go on.
func checkMoves() []move {
	return []move{
		{Pending, []string{Passed, Failed, ManualReview, Expired}, nil},
		{ManualReview, []string{Passed, Failed, Expired}, nil},
	}
}

// follows gives the statuses that can come right after one.
func follows(moves []move, channel Channel, status string) []string {
	var next []string
	for _, m := range moves {
		if m.from == status && (m.channels == nil || slices.Contains(m.channels, channel)) {
			next = append(next, m.to...)
		}
	}
	return next
}

// canReach tells whether one of the goals is the status or can still come after it.
func canReach(moves []move, channel Channel, status string, goals []string) bool {
	reached := []string{status}
	for i := 0; i < len(reached); i++ {
		if slices.Contains(goals, reached[i]) {
			return true
		}
		for _, s := range follows(moves, channel, reached[i]) {
			if !slices.Contains(reached, s) {
				reached = append(reached, s)
			}
		}
	}
	return false
}

// final gives the statuses of a list after which nothing comes.
func final(moves []move, statuses []string) []string {
	return slices.DeleteFunc(slices.Clone(statuses), func(s string) bool {
		return slices.ContainsFunc(moves, func(m move) bool { return m.from == s })
	})
}

// CanBecome tells whether an application of the channel can go from one status to another in one step.
func (c Channel) CanBecome(from, to string) bool {
	return slices.Contains(follows(applicationMoves(), c, from), to)
}

// CanReach tells whether the application has one of these statuses, or still can.
func (a Application) CanReach(goals []string) bool {
	return canReach(applicationMoves(), a.Channel, a.Status, goals)
}

// Final tells whether nothing comes after the application's status.
func (a Application) Final() bool {
	return slices.Contains(final(applicationMoves(), ApplicationStatuses()), a.Status)
}

// CanReach tells whether the face check has one of these statuses, or still can.
func (v Verification) CanReach(goals []string) bool {
	return canReach(checkMoves(), "", v.Status, goals)
}

// Final tells whether nothing comes after the face check's status.
func (v Verification) Final() bool {
	return slices.Contains(final(checkMoves(), CheckStatuses()), v.Status)
}

// CheckStatuses gives the statuses of face checks in the order in which they are reached.
func CheckStatuses() []string { return []string{Pending, ManualReview, Passed, Failed, Expired} }

// The words beside statuses that can be waited for.
const (
	GoalDecided = "decided"
	GoalEnded   = "ended"
)

// Goals are what can be waited for: the statuses of a record, and words that stand for several of them.
type Goals struct {
	statuses []string
	groups   []goalGroup
}

type goalGroup struct {
	word   string
	stands []string
}

// ApplicationGoals gives what can be waited for of an application. Decided is what a reviewer or staff made of it, ended whatever is final.
func ApplicationGoals() Goals {
	return Goals{ApplicationStatuses(), []goalGroup{
		{GoalDecided, []string{Approved, Rejected, Mismatched}},
		{GoalEnded, final(applicationMoves(), ApplicationStatuses())},
	}}
}

// CheckGoals gives what can be waited for of a face check.
func CheckGoals() Goals {
	return Goals{CheckStatuses(), []goalGroup{{GoalEnded, final(checkMoves(), CheckStatuses())}}}
}

// Words gives all words that Resolve knows.
func (g Goals) Words() []string {
	words := slices.Clone(g.statuses)
	for _, group := range g.groups {
		words = append(words, group.word)
	}
	return words
}

// Resolve gives the statuses that the words mean, each once, in their order. ok is false where there is none, or a word is not known.
func (g Goals) Resolve(words []string) (goals []string, ok bool) {
	for _, word := range words {
		stands := []string{word}
		if i := slices.IndexFunc(g.groups, func(group goalGroup) bool { return group.word == word }); i >= 0 {
			stands = g.groups[i].stands
		} else if !slices.Contains(g.statuses, word) {
			return nil, false
		}
		for _, s := range stands {
			if !slices.Contains(goals, s) {
				goals = append(goals, s)
			}
		}
	}
	return goals, len(goals) > 0
}
