package account

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// guideSections are those of the portal's guide.
var guideSections = []string{"一.1", "一.2", "一.3", "一.4", "一.5", "二.1", "二.2", "三.1", "三.2", "三.3", "三.4", "四", "五"}

var inBackticks = regexp.MustCompile("`[^`]*`")

// checkExplanation looks whether an explanation is whole.
func checkExplanation(t *testing.T, x Explanation) {
	t.Helper()
	all := append([]Text{x.Meaning}, slices.Concat(x.Causes, x.Applicant, x.Support)...)
	if len(x.Causes) == 0 || len(x.Applicant) == 0 || len(x.Support) == 0 {
		t.Error("a part is missing")
	}
	for _, text := range all {
		if strings.TrimSpace(text.English) == "" || !strings.ContainsFunc(text.Chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("a language is missing: %+v", text)
		}
		if strings.ContainsAny(text.English+text.Chinese, "{}\n") {
			t.Errorf("a place that nothing fills: %+v", text)
		}
		en, zh := inBackticks.FindAllString(text.English, -1), inBackticks.FindAllString(text.Chinese, -1)
		slices.Sort(en)
		slices.Sort(zh)
		if !slices.Equal(en, zh) {
			t.Errorf("commands differ: %q, %q", en, zh)
		}
	}
	for i, section := range x.Guide {
		if !slices.Contains(guideSections, section) || slices.Contains(x.Guide[:i], section) {
			t.Errorf("no section of the guide, or twice: %s", section)
		}
	}
	for _, phrase := range x.Phrases {
		if newPhrase(phrase).size < fewest {
			t.Errorf("too short to be told from others: %s", phrase)
		}
	}
}

func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	seen := map[Code]bool{}
	for _, group := range explanations() {
		last := -1
		for _, e := range group {
			at := slices.IndexFunc(table, func(row Entry) bool { return row.Code == e.Code })
			switch {
			case at < 0:
				t.Errorf("%s is explained and no code", e.Code)
			case seen[e.Code]:
				t.Errorf("%s is explained twice", e.Code)
			case at < last:
				t.Errorf("%s stands behind a code that follows it in the table", e.Code)
			}
			seen[e.Code], last = true, at
			t.Run(string(e.Code), func(t *testing.T) {
				t.Parallel()
				checkExplanation(t, e.Explanation)
			})
		}
	}
	for _, e := range table {
		if x, ok := Explain(e.Code); !ok || x.Meaning.English == "" {
			t.Errorf("%s is not explained", e.Code)
		}
	}
	if _, ok := Explain("NO_SUCH_CODE"); ok {
		t.Error("explained what is no code")
	}
}

func TestEverySectionOfTheGuideIsInTheManual(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, e := range table {
		x, _ := Explain(e.Code)
		for _, section := range x.Guide {
			named[section] = true
		}
	}
	for code, section := range map[Code]string{"PHONE_IN_USE": "三.1", "APPLICATION_PENDING": "三.2", "DAILY_REJECTION_LIMIT": "三.3", "AGENT_HAS_APPLICATION": "三.4"} {
		if x, _ := Explain(code); x.Guide[0] != section {
			t.Errorf("%s: %q, want %s first", code, x.Guide, section)
		}
	}
	for _, s := range Situations() {
		for _, section := range s.Guide {
			named[section] = true
		}
	}
	for _, section := range guideSections {
		if !named[section] {
			t.Errorf("nothing names %s", section)
		}
	}
}

func TestSituationsAreSortedNamedAndWhole(t *testing.T) {
	t.Parallel()
	all := Situations()
	for i, s := range all {
		if !situationForm.MatchString(s.Name) && s.Name != strings.ToLower(s.Name) || strings.ContainsAny(s.Name, "_ ") {
			t.Errorf("%s is no name", s.Name)
		}
		if i > 0 && all[i-1].Name >= s.Name {
			t.Errorf("%s must not stand before %s", all[i-1].Name, s.Name)
		}
		if _, ok := Find(Code(strings.ToUpper(s.Name))); ok {
			t.Errorf("%s is a code", s.Name)
		}
		if got, ok := FindSituation(s.Name); !ok || got.Title != s.Title || s.Title.English == "" || s.Title.Chinese == "" {
			t.Errorf("%s is not found, or has no title", s.Name)
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			checkExplanation(t, s.Explanation)
		})
	}
	all[0].Name = "changed"
	if Situations()[0].Name == "changed" {
		t.Error("the table was changed")
	}
}
