package pinyin

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// table holds the characters in ascending order, for each the index of its set, and the sets of readings.
type table struct {
	characters []rune
	indices    []uint16
	sets       [][]string
}

// of gives the readings of a character, never nil.
func (t table) of(r rune) []string {
	i, found := slices.BinarySearch(t.characters, r)
	if !found {
		return []string{}
	}
	return t.sets[t.indices[i]]
}

var errBroken = errors.New("not a table of readings")

// decode reads what gen writes: under gzip a line of the sets ("a,e;ba;…"), then as unsigned varints the number of
// characters, the distance of each from the one before it, and the index of the set of each.
func decode(packed string) (table, error) {
	r, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return table{}, fmt.Errorf("decompress: %w", err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return table{}, fmt.Errorf("decompress: %w", err)
	}
	line, numbers, found := strings.Cut(string(data), "\n")
	if !found {
		return table{}, errBroken
	}
	var t table
	for set := range strings.SplitSeq(line, ";") {
		t.sets = append(t.sets, strings.Split(set, ","))
	}
	rest := []byte(numbers)
	next := func(limit int) int {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(limit) {
			rest, err = nil, errBroken
			return 0
		}
		rest = rest[size:]
		return int(n)
	}
	count := next(len(rest))
	t.characters, t.indices = make([]rune, count), make([]uint16, count)
	at := 0
	for i := range t.characters {
		at += next(0x10ffff)
		t.characters[i] = rune(at)
	}
	for i := range t.indices {
		t.indices[i] = uint16(next(len(t.sets) - 1))
	}
	if err == nil && len(rest) > 0 {
		err = errBroken
	}
	return t, err
}
