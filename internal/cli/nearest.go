package cli

import (
	"cmp"
	"slices"
	"strings"
)

// nearest gives the word that was probably meant: the one that the fewest changes of a letter lead to, if they are few for its length, or
// one that goes on where the typed word ends; "" when nothing is near.
func nearest(typed string, words []string) string {
	typed = strings.ToLower(typed)
	found, least := "", max(1, min(len(typed)/3, 4))+1
	for _, w := range words {
		if d := distance(typed, strings.ToLower(w)); d < least {
			found, least = w, d
		}
	}
	if found != "" || len(typed) < 3 {
		return found
	}
	for _, w := range words {
		if low := strings.ToLower(w); strings.HasPrefix(low, typed) || strings.HasPrefix(typed, low) && len(low) > 3 {
			return w
		}
	}
	return ""
}

// nearestFew gives the words that may have been meant, the likeliest first: the nearest, and what is as few changes away as that allows.
func nearestFew(typed string, words []string) []string {
	typed = strings.ToLower(typed)
	away := func(w string) int { return distance(typed, strings.ToLower(w)) }
	few := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return away(w) > max(1, min(len(typed)/3, 4)) })
	slices.SortStableFunc(few, func(a, b string) int { return cmp.Compare(away(a), away(b)) })
	if one := nearest(typed, words); len(few) == 0 && one != "" {
		few = []string{one}
	}
	return few
}

// distance counts the bytes to put in, take out, change, or swap with their neighbour (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
