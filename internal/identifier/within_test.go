package identifier

import "testing"

func TestMaskWithinATextHidesWhatIsPersonalAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"请联系13700000001":                           "请联系137****0001",
		"call 13700000001, or li@example.com":      "call 137****0001, or l***@example.com",
		"ID 330106198001010013 does not fit":       "ID 3****************3 does not fit",
		"unit 914403001922038216":                  "unit 914403001922038216",
		"330106198001010012 has another check":     "330106198001010012 has another check",
		"app_06f013700000001abcdefghjkm":           "app_06f013700000001abcdefghjkm",
		"due 2026-11-25T09:00:00.123456Z, 3 times": "due 2026-11-25T09:00:00.123456Z, 3 times",
		"tel13700000001，_13700000001_":             "tel137****0001，_137****0001_",
		"137 0000 0001 or 137-0000-0001":           "137****0001 or 137****0001",
		"2026-11-25 137-0000-0001 13700000001":     "2026-11-25 137****0001 137****0001",
		"手机１３７０００００００１":                            "手机137****0001",
		"13700000001@example.com, 13700000001x":    "137***@example.com, 137****0001x",
		"01a21252-0137-7214-8800-137000000010":     "01a21252-0137-7214-8800-137000000010",
		"":                                         "",
	} {
		if got := MaskWithin(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
