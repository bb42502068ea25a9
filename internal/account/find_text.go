package account

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Match is a code or a situation that a text fits. Score goes from 0 to 1, which is the very text.
type Match struct {
	Code      Code
	Situation string // "" where there is a code
	Score     float64
}

// Name is the code or the situation's name.
func (m Match) Name() string { return cmp.Or(string(m.Code), m.Situation) }

// Scores of matches. The tests hold what they have to tell apart.
const (
	goodScore = 0.5  // below, two texts have only common words together
	nearScore = 0.35 // below, there is nothing to be reminded of
	gapScore  = 0.08 // a match that is this much better than the next is meant
	// fewest is how much has to stand in another text to count, in Chinese characters; three letters are one.
	fewest = 2.5
	most   = 8
)

var (
	codeForm      = regexp.MustCompile(`^[A-Za-z]+(_[A-Za-z]+)+$`)
	situationForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	codeInText    = regexp.MustCompile(`[A-Z]+(?:_[A-Z]+)*`)
	// values are what is filled into a message and is no word: ids and times.
	values = regexp.MustCompile(`\b[a-z]{3}_[0-9a-z]{26}\b|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?)?(?: ?[+-]\d\d:\d\d|Z)?`)
	// spellings are other ways to write the same word, the guide's among them.
	spellings = strings.NewReplacer("登陆", "登录", "帐号", "账号", "帐户", "账户")
)

// FindByText gives the codes and situations that a text tells of, the best first: a code or name in any case, a message in either language or
// a sentence of the portal's guide, whole or in part, with values in its places, other punctuation and width, or small mistakes. What is
// written like a code (A_B) or a name (a-b) is that code, situation or state, or nothing.
func FindByText(text string) []Match { return found(text, goodScore) }

// NearText gives what a text reminds of where FindByText gives nothing.
func NearText(text string) []Match { return found(text, nearScore) }

// Clear gives the match that is meant, where one is clearly better than all others.
func Clear(matches []Match) (Match, bool) {
	if len(matches) == 0 || len(matches) > 1 && matches[0].Score-matches[1].Score < gapScore {
		return Match{}, false
	}
	return matches[0], true
}

func found(text string, least float64) []Match {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if e, ok := Find(Code(strings.ToUpper(text))); ok {
		return []Match{{Code: e.Code, Score: 1}}
	}
	if s, ok := FindSituation(strings.ToLower(text)); ok {
		return []Match{{Situation: s.Name, Score: 1}}
	}
	if codeForm.MatchString(text) {
		return nil
	} else if situationForm.MatchString(text) {
		least = 1 // a state, such as pending-comparison
	}
	// An error that was pasted names its code.
	var matches []Match
	for _, word := range codeInText.FindAllString(text, -1) {
		e, ok := Find(Code(word))
		if m := (Match{Code: e.Code, Score: 1}); ok && !slices.Contains(matches, m) {
			matches = append(matches, m)
		}
	}
	if len(matches) > 0 {
		return matches[:min(len(matches), most)]
	}
	all := known()
	asked := newPhrase(values.ReplaceAllString(text, " "))
	asked.tells = all.weigh(asked.pairs)
	best := map[Match]float64{} // by what it is, without a score
	for i := range all.phrases {
		if p := &all.phrases[i]; asked.whole != "" {
			best[p.of] = max(best[p.of], all.score(&asked, p))
		}
	}
	for _, p := range all.phrases { // in the order of the tables
		score := best[p.of]
		delete(best, p.of)
		if score >= least {
			m := p.of
			m.Score = math.Round(score*1000) / 1000
			matches = append(matches, m)
		}
	}
	slices.SortStableFunc(matches, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return matches[:min(len(matches), most)]
}

// phrase is a text by which something is known, as it is compared.
type phrase struct {
	of        Match
	fragments []string // what stands between the places
	whole     string
	size      float64 // of whole, in Chinese characters
	pairs     map[string]int
	tells     float64 // how telling the pairs are, together
}

func newPhrase(text string) phrase {
	var p phrase
	for i, part := range strings.Split(text, "{") {
		if i > 0 { // behind a place
			_, part, _ = strings.Cut(part, "}")
		}
		if part = bare(part); part != "" {
			p.fragments = append(p.fragments, part)
		}
	}
	p.whole = strings.Join(p.fragments, "")
	p.size = size(p.whole)
	p.pairs = map[string]int{}
	runes := []rune(p.whole)
	for i := 1; i < len(runes); i++ {
		p.pairs[string(runes[i-1:i+1])]++
	}
	return p
}

// bare takes away what people and screens write in different ways: width, case, punctuation, white space. And numbers, which are
// values.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, spellings.Replace(norm.NFKC.String(text)))
}

func size(text string) float64 {
	n := 0.0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			n++
		} else {
			n += 1. / 3
		}
	}
	return n
}

// phrases are all that is known, and how telling each pair of neighbouring characters is: the rarer the more.
type phrases struct {
	phrases []phrase
	telling map[string]float64
}

// known is made when somebody asks, not at every start.
var known = sync.OnceValue(func() *phrases {
	all := &phrases{telling: map[string]float64{}}
	add := func(of Match, texts ...string) {
		for _, text := range texts {
			if p := newPhrase(text); p.whole != "" {
				p.of = of
				all.phrases = append(all.phrases, p)
			}
		}
	}
	for _, e := range table {
		x, _ := Explain(e.Code)
		add(Match{Code: e.Code}, append([]string{e.English, e.Chinese}, x.Phrases...)...)
		if strings.Contains(string(e.Code), "_") { // else it is a common word
			add(Match{Code: e.Code}, string(e.Code))
		}
	}
	for _, s := range situations {
		add(Match{Situation: s.Name}, append([]string{s.Name, s.Title.English, s.Title.Chinese}, s.Phrases...)...)
	}
	for i := range all.phrases {
		for pair := range all.phrases[i].pairs {
			all.telling[pair]++
		}
	}
	for pair, times := range all.telling {
		all.telling[pair] = math.Log(float64(len(all.phrases)) / times)
	}
	for i := range all.phrases {
		all.phrases[i].tells = all.weigh(all.phrases[i].pairs)
	}
	return all
})

// score compares what is asked with a phrase: the same, the one within the other, or else by the pairs of characters that both have
// (Sørensen-Dice, each pair as much as it tells; or, of a part with mistakes, by how many of the shorter one's the longer one has).
func (all *phrases) score(asked, p *phrase) float64 {
	if asked.whole == p.whole {
		return 1
	}
	share := min(asked.size, p.size) / max(asked.size, p.size)
	if p.size >= fewest && inOrder(asked.whole, p.fragments) || asked.size >= fewest && strings.Contains(p.whole, asked.whole) {
		return 0.6 + 0.39*share
	}
	both := 0.0
	for pair, n := range asked.pairs {
		if m := p.pairs[pair]; m > 0 {
			both += all.telling[pair] * float64(min(n, m))
		}
	}
	if both == 0 {
		return 0
	}
	dice := 2 * both / (asked.tells + p.tells)
	if asked.size < fewest {
		return min(dice, goodScore-0.01) // a word or two of many texts
	}
	part := 0.0
	if min(asked.size, p.size) >= 2*fewest {
		part = both / min(asked.tells, p.tells) * (0.6 + 0.4*share)
	}
	return 0.95 * max(dice, part)
}

// weigh adds up how telling pairs are; one that no phrase has is as telling as the rarest.
func (all *phrases) weigh(pairs map[string]int) float64 {
	sum := 0.0
	for pair, n := range pairs {
		w, ok := all.telling[pair]
		if !ok {
			w = math.Log(float64(len(all.phrases)))
		}
		sum += w * float64(n)
	}
	return sum
}

// inOrder tells whether the parts stand in the text one behind the other.
func inOrder(text string, parts []string) bool {
	for _, part := range parts {
		_, behind, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = behind
	}
	return true
}
