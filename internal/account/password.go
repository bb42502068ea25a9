package account

import (
	"slices"
	"strings"
)

// The rules of passwords (guide 一.1): 8-20 printable ASCII characters, at least three of digit, upper case, lower case and
// special, and not containing the user name.
const (
	passwordMin = 8
	passwordMax = 20
)

// CheckPassword names every rule that a password breaks; none when it is good. It compares the user name without case.
func CheckPassword(password, username string) []string {
	broken := []string{}
	if len(password) < passwordMin || len(password) > passwordMax {
		broken = append(broken, "length")
	}
	var digit, upper, lower, special, other bool
	for _, r := range password {
		switch {
		case r >= '0' && r <= '9':
			digit = true
		case r >= 'A' && r <= 'Z':
			upper = true
		case r >= 'a' && r <= 'z':
			lower = true
		case r > ' ' && r < 0x7f:
			special = true
		default:
			other = true
		}
	}
	if other {
		broken = append(broken, "printable-ascii")
	}
	classes := 0
	for _, has := range []bool{digit, upper, lower, special} {
		if has {
			classes++
		}
	}
	if classes < 3 {
		broken = append(broken, "character-classes")
	}
	if username != "" && strings.Contains(strings.ToLower(password), strings.ToLower(username)) {
		broken = append(broken, "contains-username")
	}
	return broken
}

// PasswordAdvice names what a password had better not contain (guide 一.1: 尽量不要以姓名拼音、电话号码以及出生日期等作为密码或者密码的组成部分):
// a pinyin reading of the name in either order, the mobile, the landline, the birth date in the document number.
// What stands between letters and digits does not hide them: Zhang_San, 1985-06-15. readings are the pinyin readings of
// each character of the name; mobile and landline are normalized, birthDate is YYYYMMDD; each may be empty.
func PasswordAdvice(password string, readings [][]string, mobile, landline, birthDate string) []string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, password)
	found := []string{}
	if containsReading(folded, readings) {
		found = append(found, "name-pinyin")
	}
	if mobile != "" && strings.Contains(folded, mobile) {
		found = append(found, "mobile")
	}
	if number := localNumber(landline); number != "" && strings.Contains(folded, number) {
		found = append(found, "landline")
	}
	// The six digits of the usual short form are also the end of all eight.
	if len(birthDate) == 8 && strings.Contains(folded, birthDate[2:]) {
		found = append(found, "birth-date")
	}
	return found
}

// localNumber gives the part of a landline that people know it by, without area code and extension; all digits of a
// 400 number, which has neither.
func localNumber(landline string) string {
	if parts := strings.Split(landline, "-"); len(parts) > 1 && len(parts[1]) >= 7 {
		return parts[1]
	}
	return onlyDigits(landline)
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// containsReading reports whether the text holds the name's reading, family name (of one character, or of two) first or
// last. One syllable alone is too short to mean the name.
func containsReading(text string, readings [][]string) bool {
	if len(readings) < 2 {
		return false
	}
	orders := [][][]string{readings, append(slices.Clone(readings[1:]), readings[0])}
	if len(readings) > 2 {
		orders = append(orders, append(slices.Clone(readings[2:]), readings[:2]...))
	}
	for _, order := range orders {
		for start := range text {
			if readsAt(text[start:], order) {
				return true
			}
		}
	}
	return false
}

func readsAt(text string, readings [][]string) bool {
	if len(readings) == 0 {
		return true
	}
	for _, r := range readings[0] {
		if rest, ok := strings.CutPrefix(text, r); ok && readsAt(rest, readings[1:]) {
			return true
		}
	}
	return false
}
