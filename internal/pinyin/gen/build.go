package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	dictionary "github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// build makes the file: the same bytes from the same dictionary, since nothing in it depends on time or map order.
func build() ([]byte, error) {
	sets, err := readings()
	if err != nil {
		return nil, err
	}
	return pack(sets)
}

// readings gives for each character its set of toneless readings, sorted, joined by commas.
func readings() (map[rune]string, error) {
	all := make(map[rune][]string, len(dictionary.PinyinDict))
	for character, toned := range dictionary.PinyinDict {
		if unicode.Is(unicode.Co, rune(character)) {
			continue // the dictionary has glyphs of private use, which stand in no name
		}
		for reading := range strings.SplitSeq(toned, ",") {
			plain, err := toneless(reading)
			if err != nil {
				return nil, fmt.Errorf("U+%04X: %w", character, err)
			}
			all[rune(character)] = append(all[rune(character)], plain...)
		}
	}
	for character, extra := range surnames() {
		all[character] = append(all[character], extra...)
	}
	// Compatibility ideographs are other ways to encode the same character.
	for _, block := range [][2]rune{{0xf900, 0xfaff}, {0x2f800, 0x2fa1f}} {
		for r := block[0]; r <= block[1]; r++ {
			if unified := []rune(norm.NFC.String(string(r))); len(unified) == 1 && unified[0] != r {
				all[r] = append(all[r], all[unified[0]]...)
			}
		}
	}
	sets := make(map[rune]string, len(all))
	for character, list := range all {
		slices.Sort(list)
		if list = slices.Compact(list); len(list) > 0 {
			sets[character] = strings.Join(list, ",")
		}
	}
	return sets, nil
}

// toneless takes the tone from a syllable and gives the ways to type it in ASCII: one, or three for ü, which is v, u or,
// in passports, yu.
func toneless(toned string) ([]string, error) {
	const dieresis = '\u0308'
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == dieresis:
			return 'ü' // behind its u
		case r >= 0x300 && r <= 0x36f: // tones, and the circumflex of ê
			return -1
		}
		return r
	}, norm.NFD.String(toned))
	ways := []string{plain}
	if strings.Contains(plain, "uü") {
		ways = ways[:0]
		for _, typed := range []string{"v", "u", "yu"} {
			ways = append(ways, strings.Replace(plain, "uü", typed, 1))
		}
	}
	for _, way := range ways {
		if way == "" || strings.ContainsFunc(way, func(r rune) bool { return r < 'a' || r > 'z' }) {
			return nil, fmt.Errorf("no syllable: %q", toned)
		}
	}
	return ways, nil
}

// pack writes the format that package pinyin decodes: under gzip a line of the sets, the commonest first, so that the
// indices of most characters are small; then as unsigned varints the number of characters, the distance of each from
// the one before it, and the index of the set of each.
func pack(sets map[rune]string) ([]byte, error) {
	uses := map[string]int{}
	for _, set := range sets {
		uses[set]++
	}
	order := slices.SortedFunc(maps.Keys(uses), func(a, b string) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b))
	})
	if len(order) > math.MaxUint16 {
		return nil, fmt.Errorf("%d sets do not fit 16 bits", len(order))
	}
	index := make(map[string]uint64, len(order))
	for i, set := range order {
		index[set] = uint64(i)
	}
	characters := slices.Sorted(maps.Keys(sets))
	plain := append([]byte(strings.Join(order, ";")), '\n')
	plain = binary.AppendUvarint(plain, uint64(len(characters)))
	before := rune(0)
	for _, r := range characters {
		plain = binary.AppendUvarint(plain, uint64(r-before))
		before = r
	}
	for _, r := range characters {
		plain = binary.AppendUvarint(plain, index[sets[r]])
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return packed.Bytes(), nil
}
