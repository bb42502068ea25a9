package pinyin

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReadings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome, name string
		want          [][]string
	}{
		{"one reading each", "张三丰", [][]string{{"zhang"}, {"san"}, {"feng"}}},
		{"ü in three ways", "吕", [][]string{{"lu", "lv", "lyu"}}},
		{"üe in three ways", "略虐", [][]string{{"lue", "lve", "lyue"}, {"nue", "nve", "nyue"}}},
		{"only Han characters", "A张·b 三１。", [][]string{{"zhang"}, {"san"}}},
		{"no Han character at all", "John Smith", [][]string{}},
		{"empty", "", [][]string{}},
		{"broken bytes", "\xff张\xe5", [][]string{{"zhang"}}},
		{"character of a later plane", "\U00020001", [][]string{{"qi"}}},
		{"character without a known reading keeps its place", "张\U000323b0", [][]string{{"zhang"}, {}}},
		{"compatibility ideograph", "\uf9d1", [][]string{{"liu", "lu"}}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			if got := Readings(c.name); !slices.EqualFunc(got, c.want, slices.Equal) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReadingsHoldThoseOfSurnames(t *testing.T) {
	t.Parallel()
	for name, pinyin := range map[string]string{
		"单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "盖": "ge", "朴": "piao", "覃": "qin", "缪": "miao",
		"翟": "zhai", "繁": "po", "种": "chong", "折": "she", "黑": "he", "秘": "bi", "祭": "zhai", "宓": "fu", "员": "yun", "乐": "yue",
		"任": "ren", "华": "hua", "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "长孙": "zhang sun", "单于": "chan yu",
		"令狐": "ling hu", "皇甫": "huang fu", "欧阳": "ou yang", "司马": "si ma", "诸葛": "zhu ge", "夏侯": "xia hou", "吐谷浑": "tu yu hun",
	} {
		t.Run(name+" is "+pinyin, func(t *testing.T) {
			t.Parallel()
			got := Readings(name)
			for i, syllable := range strings.Fields(pinyin) {
				if !slices.Contains(got[i], syllable) {
					t.Errorf("character %d: %q lacks %s", i+1, got[i], syllable)
				}
			}
		})
	}
}

func TestReadingsBelongToTheCaller(t *testing.T) {
	t.Parallel()
	Readings("丰")[0][0] = "changed"
	if got := Readings("丰")[0][0]; got != "feng" {
		t.Errorf("got %q", got)
	}
}

func TestTheWholeTableIsToneless(t *testing.T) {
	t.Parallel()
	all := dictionary()
	if len(all.characters) < 40_000 || !slices.IsSorted(all.characters) {
		t.Fatalf("%d characters", len(all.characters))
	}
	for _, r := range all.characters {
		if !isHan(r) {
			t.Errorf("U+%04X is no Han character", r)
		}
	}
	for _, set := range all.sets {
		if !slices.IsSorted(set) || len(slices.Compact(slices.Clone(set))) != len(set) {
			t.Errorf("%q is not sorted, or holds one twice", set)
		}
		for _, reading := range set {
			if reading == "" || len(reading) > 7 || strings.Trim(reading, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("%q is no reading", reading)
			}
		}
	}
}

func TestDecodeRefusesWhatIsNoTable(t *testing.T) {
	t.Parallel()
	for outcome, packed := range map[string]string{
		"nothing":      "",
		"not gzip":     "readings",
		"cut in half":  compressed[:len(compressed)/2],
		"byte changed": compressed[:len(compressed)-8] + "\x00\x00\x00\x00" + compressed[len(compressed)-4:],
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			if _, err := decode(packed); err == nil {
				t.Error("no error")
			}
		})
	}
}

// The first call decodes the table, which may take milliseconds; it must never become seconds, also under the race
// detector on a busy machine.
func TestDecodingIsQuick(t *testing.T) {
	t.Parallel()
	start := time.Now()
	if _, err := decode(compressed); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %s", took)
	}
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, err := decode(compressed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadings(b *testing.B) {
	for b.Loop() {
		Readings("诸葛亮")
	}
}
