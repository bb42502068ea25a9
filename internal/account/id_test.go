package account

import (
	"bytes"
	"sort"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestIDRoundTripsAndSortsLikeItsUUID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "raw")
		a, b := ApplicationID(raw[:16]), ApplicationID(raw[16:])
		for _, id := range []ApplicationID{a, b} {
			got, err := parseID[applicationKind](id.String())
			if err != nil || got != id {
				t.Fatalf("parseID(%s) = %v, %v", id, got, err)
			}
		}
		byUUID := sort.StringsAreSorted([]string{a.UUID().String(), b.UUID().String()})
		byText := sort.StringsAreSorted([]string{a.String(), b.String()})
		if byUUID != byText {
			t.Fatalf("%s and %s sort differently from their UUIDs", a, b)
		}
	})
}

func TestParseIDRefuses(t *testing.T) {
	t.Parallel()
	good := ApplicationID(uuid.MustParse("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001")).String()
	for name, text := range map[string]string{
		"empty":         "",
		"another kind":  "acc" + good[3:],
		"short":         good[:len(good)-1],
		"long":          good + "0",
		"bad letter":    good[:len(good)-1] + "u",
		"over 128 bits": "app_z" + good[5:],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if id, err := parseID[applicationKind](text); err == nil {
				t.Fatalf("parseID(%q) = %v, want an error", text, id)
			}
		})
	}
}

func TestUnmarshalTextTakesADatabaseUUID(t *testing.T) {
	t.Parallel()
	var id ApplicationID
	if err := id.UnmarshalText([]byte("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001")); err != nil {
		t.Fatal(err)
	}
	if got := id.UUID().String(); got != "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001" {
		t.Fatalf("got %s", got)
	}
}

func TestRangeBoundsWhatBeginsWithAText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var id ApplicationID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), len(id), len(id)).Draw(t, "id"))
		text := id.String()
		first, last, ok := ApplicationRange(text[:rapid.IntRange(0, len(text)).Draw(t, "typed")])
		if !ok || bytes.Compare(first[:], id[:]) > 0 || bytes.Compare(last[:], id[:]) < 0 {
			t.Fatalf("%s is not between %s and %s", text, first, last)
		}
		// What begins otherwise is outside.
		if first, last, ok = ApplicationRange(text[:12]); !ok || first.String()[:12] != text[:12] || last.String()[:12] != text[:12] {
			t.Fatalf("%s to %s for %s", first, last, text[:12])
		}
	})
	for _, text := range []string{"acc_", "b", "app-", "app_8", "app_0u", "app_" + strings.Repeat("0", 27), "hz_legal"} {
		if first, last, ok := ApplicationRange(text); ok {
			t.Errorf("%q: %s to %s", text, first, last)
		}
	}
	if first, last, ok := ApplicationRange("APP_0"); !ok || !first.IsZero() || last.String() != "app_0"+strings.Repeat("z", 25) {
		t.Errorf("%s to %s, %v", first, last, ok)
	}
}
