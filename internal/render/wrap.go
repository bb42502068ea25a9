package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// opening and closing stand with what follows, and with what precedes.
	opening = "（《【“‘「([<{"
	closing = "，。；：、？！）》】”’」…%)]>},.;:?!"
)

// Wrap parts a text of one line into lines of at most width columns: at blanks, and beside East Asian characters, which need none, but
// for punctuation, which never begins a line. What has no such place is parted where the line ends. width below 1 parts nothing.
func Wrap(text string, width int) []string {
	if width < 1 || cellWidth(text) <= width {
		return []string{text}
	}
	var lines []string
	line, used := "", 0
	end := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	for _, word := range words(text) {
		blank := strings.TrimSpace(word) == ""
		if blank && used == 0 && len(lines) > 0 {
			continue // of the break
		}
		size := cellWidth(word)
		if blank && used+size > width {
			continue
		}
		if used > 0 && used+size > width {
			end()
		}
		for size > width {
			head := cut(word, width)
			lines = append(lines, head)
			word = word[len(head):]
			size = cellWidth(word)
		}
		line, used = line+word, used+size
	}
	if used > 0 {
		end()
	}
	return lines
}

// cut gives the start of a word that takes at most width columns, at least one character.
func cut(word string, width int) string {
	n := 0
	for i, r := range word {
		if n += runeWidth(r); n > width && i > 0 {
			return word[:i]
		}
	}
	return word
}

// words parts a text where a line may end: runs of blanks, words, and East Asian characters with the punctuation beside them.
func words(text string) []string {
	var out []string
	var word []rune
	runes := []rune(text)
	for i, r := range runes {
		if i > 0 && mayBreak(runes[i-1], r) {
			out = append(out, string(word))
			word = word[:0]
		}
		word = append(word, r)
	}
	if len(word) > 0 {
		out = append(out, string(word))
	}
	return out
}

// mayBreak tells whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	switch {
	case before == ' ' || after == ' ':
		return before != after
	case strings.ContainsRune(opening, before), strings.ContainsRune(closing, after):
		return false
	}
	return wide(before) || wide(after)
}

// wide are the characters of a script that is written without blanks.
func wide(r rune) bool { return unicode.Is(unicode.Han, r) || runeWidth(r) == 2 && unicode.IsPunct(r) }

// Joins tells whether two lines of one text go on without a blank between them: where Chinese goes on, or its punctuation stands.
func Joins(a, b string) bool {
	before, _ := utf8.DecodeLastRuneInString(a)
	after, _ := utf8.DecodeRuneInString(b)
	if wide(before) && wide(after) {
		return true
	}
	mark := func(r rune) bool {
		return r >= utf8.RuneSelf && (strings.ContainsRune(opening, r) || strings.ContainsRune(closing, r))
	}
	return mark(before) || mark(after)
}

// TextWidth is the number of terminal columns of a text of one line.
func TextWidth(text string) int { return cellWidth(text) }
