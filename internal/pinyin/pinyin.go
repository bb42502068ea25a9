package pinyin

import (
	"slices"
	"sync"
	"unicode"

	_ "embed" // for the readings
)

//go:embed readings.bin.gz
var compressed string

// dictionary is decoded by the first call, in a few milliseconds. A file that is none can only be linked by a broken
// build, which the tests of gen find.
var dictionary = sync.OnceValue(func() table {
	t, err := decode(compressed)
	if err != nil {
		panic("pinyin: embedded readings: " + err.Error())
	}
	return t
})

// Readings gives, for each Han character of the name in order, all its readings in lower-case ASCII without tones,
// sorted, those as a surname among them. ü is given in the three ways in which it is typed: lv, lu and, as passports
// have it, lyu. Other characters are left out; a Han character whose reading is not known has none. The slices belong to
// the caller.
func Readings(name string) [][]string {
	readings := [][]string{}
	for _, r := range name {
		if isHan(r) {
			readings = append(readings, slices.Clone(dictionary().of(r)))
		}
	}
	return readings
}

// isHan counts the planes of ideographs as a whole, so that extensions younger than the standard library's Unicode
// keep their place in a name.
func isHan(r rune) bool {
	return r >= 0x20000 && r <= 0x3ffff || unicode.Is(unicode.Han, r)
}
