package account

import (
	"sort"
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
