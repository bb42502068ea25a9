package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const middleDot = '·' // U+00B7, between the parts of a name

// isDotLike tells whether r is written for the middle dot by mistake.
func isDotLike(r rune) bool { return r == '.' || r == '．' || r == '･' || foldRune(r) == middleDot }

// checkPersonName: 2 to 50 code points, either Han with single middle dots
// (U+00B7) inside, or, for foreign documents, Latin letters, spaces and -'.,
// beginning with a letter.
func checkPersonName(c *checking) {
	name := []rune(c.Value)
	if len(name) < 2 || len(name) > 50 {
		c.fail(reasonLength, "2-50")
		return
	}
	if strings.ContainsFunc(c.Value, isHan) {
		c.hanName(name)
		return
	}
	for i, r := range name {
		if !isLatin(r) && (i == 0 || !strings.ContainsRune(" -'.,", r)) {
			c.fail(reasonAlphabet, position(i))
			return
		}
	}
}

func (c *checking) hanName(name []rune) {
	for i, r := range name {
		switch {
		case isHan(r):
		case r == middleDot:
			if i == 0 || i == len(name)-1 || name[i-1] == middleDot {
				c.fail("middle-dot", position(i))
				return
			}
		case isDotLike(r):
			c.fail("middle-dot", position(i)+", expected U+00B7")
			return
		default:
			c.fail(reasonAlphabet, position(i))
			return
		}
	}
}

// isLatin leaves out ligatures and full-width letters, which are another way to
// type the same name.
func isLatin(r rune) bool {
	return r < 0xfb00 && unicode.Is(unicode.Latin, r) && unicode.IsLetter(r)
}

// checkOrganizationName: 2 to 100 code points that can be seen, a letter or
// ideograph among them.
func checkOrganizationName(c *checking) {
	if n := utf8.RuneCountInString(c.Value); n < 2 || n > 100 {
		c.fail(reasonLength, "2-100")
		return
	}
	c.organizationText(c.Value)
}

func (c *checking) organizationText(name string) bool {
	at, letters := 0, false
	for _, r := range name {
		// U+FFFD stands where an earlier conversion lost a character.
		if !isHan(r) && !unicode.IsGraphic(r) || r == utf8.RuneError {
			c.fail(reasonAlphabet, position(at))
			return false
		}
		letters = letters || isHan(r) || unicode.IsLetter(r)
		at++
	}
	if !letters {
		c.fail(reasonAlphabet, "expected a letter")
	}
	return letters
}

// checkOverseasName: an organization name of the form 中文名称(English Name)
// (guide 一.3), 2 to 100 code points in all. Full-width brackets are accepted,
// either half may have brackets of its own. The first half has at least two
// characters, Han among them, the second at least two, Latin letters among them
// and no Han. They are told as facts.
func checkOverseasName(c *checking) {
	if n := utf8.RuneCountInString(c.Value); n < 2 || n > 100 {
		c.fail(reasonLength, "2-100")
		return
	}
	if !c.organizationText(c.Value) {
		return
	}
	chinese, english, ok := splitOverseasName(c.Value)
	if !ok {
		c.fail(reasonFormat, "expected 中文名称(English Name)")
		return
	}
	if utf8.RuneCountInString(chinese) < 2 || !strings.ContainsFunc(chinese, isHan) {
		c.fail("chinese-name", "")
	}
	if utf8.RuneCountInString(english) < 2 || !strings.ContainsFunc(english, isLatin) || strings.ContainsFunc(english, isHan) {
		c.fail("english-name", "")
	}
	c.fact("chinese_name", chinese)
	c.fact("english_name", english)
}

// splitOverseasName cuts at the bracket that the last character closes.
func splitOverseasName(s string) (chinese, english string, ok bool) {
	runes := []rune(s)
	end := len(runes) - 1
	if end < 0 || runes[end] != ')' && runes[end] != '）' {
		return "", "", false
	}
	depth := 0
	for i := end; i >= 0; i-- {
		switch runes[i] {
		case ')', '）':
			depth++
		case '(', '（':
			depth--
		}
		if depth == 0 {
			return strings.TrimSpace(string(runes[:i])), strings.TrimSpace(string(runes[i+1 : end])), true
		}
	}
	return "", "", false
}
