package account

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome, password, username string
		want                        []string
	}{
		{"good with three classes", "Tr0ubadour", "hz_zhang", nil},
		{"good with lower, digit and special", "tr0u-badour", "hz_zhang", nil},
		{"good at 8", "Abcdef1x", "", nil},
		{"good at 20", "Abcdefghijklmnopqr12", "", nil},
		{"too short at 7", "Abcde1x", "", []string{"length"}},
		{"too long at 21", "Abcdefghijklmnopqr123", "", []string{"length"}},
		{"two classes", "abcdefg1", "", []string{"character-classes"}},
		{"one class", "abcdefgh", "", []string{"character-classes"}},
		{"space", "Abcdef 1x", "", []string{"printable-ascii"}},
		{"tab", "Abcdef1\tx", "", []string{"printable-ascii"}},
		{"Han", "Abcdef1张", "", []string{"printable-ascii"}},
		{"broken bytes", "Abcdef1\xff", "", []string{"printable-ascii"}},
		{"contains the username in another case", "1-HZ_zhang-x", "hz_Zhang", []string{"contains-username"}},
		{"contains a mobile as username", "A13700000001b", "13700000001", []string{"contains-username"}},
		{"everything at once", "zhāng", "zh", []string{"length", "printable-ascii", "character-classes", "contains-username"}},
		{"empty", "", "hz_zhang", []string{"length", "character-classes"}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			if got := CheckPassword(c.password, c.username); got == nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPasswordAdvice(t *testing.T) {
	t.Parallel()
	zhangSan := [][]string{{"zhang"}, {"san"}}
	lvShan := [][]string{{"lu", "lv", "lyu"}, {"chan", "dan", "shan"}}
	ouyangFeng := [][]string{{"ou"}, {"yang"}, {"feng"}}
	zhugeKongming := [][]string{{"zhu"}, {"ge"}, {"kong"}, {"ming"}}
	for _, c := range []struct {
		outcome, password          string
		readings                   [][]string
		mobile, landline, birthday string
		want                       []string
	}{
		{"nothing", "Tr0ubadour!", zhangSan, "13700000001", "0571-88880000", "19850615", nil},
		{"nothing is known", "Zhangsan1", nil, "", "", "", nil},
		{"name", "Zhangsan1!", zhangSan, "", "", "", []string{"name-pinyin"}},
		{"name with the given name first", "1!sanZHANG", zhangSan, "", "", "", []string{"name-pinyin"}},
		{"name in the middle", "x1zhangsan!", zhangSan, "", "", "", []string{"name-pinyin"}},
		{"name with something between", "Zhang_San85", zhangSan, "", "", "", []string{"name-pinyin"}},
		{"name with another reading of each character", "Lyushan1!", lvShan, "", "", "", []string{"name-pinyin"}},
		{"name with v", "1!danlv", lvShan, "", "", "", []string{"name-pinyin"}},
		{"surname of two characters last", "FengOuyang1", ouyangFeng, "", "", "", []string{"name-pinyin"}},
		{"surname and name of two characters each", "kongmingZhuge1", zhugeKongming, "", "", "", []string{"name-pinyin"}},
		{"family name alone", "Zhang!2026", zhangSan, "", "", "", nil},
		{"name of one syllable", "Zhang!2026", [][]string{{"zhang"}}, "", "", "", nil},
		{"half of a longer name", "Zhugekong1", zhugeKongming, "", "", "", nil},
		{"character without a known reading", "Zhang!2026", [][]string{{"zhang"}, {}}, "", "", "", nil},
		{"mobile", "Ab13700000001", zhangSan, "13700000001", "", "", []string{"mobile"}},
		{"mobile in groups", "A137-0000-0001b", zhangSan, "13700000001", "", "", []string{"mobile"}},
		{"part of the mobile", "Ab0000001!", zhangSan, "13700000001", "", "", nil},
		{"landline with hyphen", "Ab0571-88880000", nil, "", "0571-88880000", "", []string{"landline"}},
		{"landline without hyphen", "Ab057188880000", nil, "", "0571-88880000", "", []string{"landline"}},
		{"landline without area code and extension", "Ab!88880000", nil, "", "0571-88880000-123", "", []string{"landline"}},
		{"400 number", "Ab400-888-0000", nil, "", "4008880000", "", []string{"landline"}},
		{"area code alone", "Ab!0571x", nil, "", "0571-88880000", "", nil},
		{"birth date", "Ab!19850615", nil, "", "", "19850615", []string{"birth-date"}},
		{"birth date with hyphens", "A1985-06-15b", nil, "", "", "19850615", []string{"birth-date"}},
		{"short birth date", "Ab!850615", nil, "", "", "19850615", []string{"birth-date"}},
		{"year of birth alone", "Ab!1985xyz", nil, "", "", "19850615", nil},
		{"all of them", "zhangsan13700000001-88880000-850615", zhangSan, "13700000001", "0571-88880000", "19850615",
			[]string{"name-pinyin", "mobile", "landline", "birth-date"}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			got := PasswordAdvice(c.password, c.readings, c.mobile, c.landline, c.birthday)
			if got == nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPasswordAdviceEndsSoonForALongName(t *testing.T) {
	t.Parallel()
	name := slices.Repeat([][]string{{"n", "ng", "en", "e"}}, 50)
	if got := PasswordAdvice(strings.Repeat("eng", 40), name, "", "", ""); len(got) > 1 {
		t.Errorf("got %q", got)
	}
}
