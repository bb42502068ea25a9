package account

import "slices"

// Explanation is what the support desk's manual says of a code or a situation, beyond its message. Commands stand in backticks, whole.
type Explanation struct {
	Meaning Text
	// Causes are what leads there, the usual first.
	Causes []Text
	// Applicant is what the person can do, and Support what those who run farenctl can, with the role or session that it takes.
	Applicant, Support []Text
	// Guide are the sections of the portal's guide that tell of it; where it says nothing, none.
	Guide []string
	// Phrases are other words that people have for it, the guide's own first.
	Phrases []string
}

// explained is the row of a code.
type explained struct {
	Code Code
	Explanation
}

// explanations gives the rows by groups, in the order of the code table.
func explanations() [9][]explained {
	return [...][]explained{
		explanationsLookup, explanationsSignIn, explanationsConflict, explanationsRules, explanationsFields, explanationsInput, explanationsSystem,
		explanationsWarnings, explanationsOperators,
	}
}

// Explain gives the manual's words on a code.
func Explain(code Code) (Explanation, bool) {
	for _, group := range explanations() {
		if i := slices.IndexFunc(group, func(e explained) bool { return e.Code == code }); i >= 0 {
			return group[i].Explanation, true
		}
	}
	return Explanation{}, false
}
