package render

import (
	"strings"
	"testing"
)

func TestBarsAreDrawnInProportion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, largest float64
		blocks, ascii  string
	}{
		{0, 8, "", ""},
		{0, 0, "", ""},
		{-1, 8, "", ""},
		{8, 8, "████████", "########"},
		{4, 8, "████", "####"},
		{4.5, 8, "████▌", "#####"},
		{1, 64, "▏", "#"},
		{1, 100000, "▏", "#"},
	} {
		if got := bar(c.value, c.largest, 8, false); got != c.blocks {
			t.Errorf("%v of %v: %q, want %q", c.value, c.largest, got, c.blocks)
		}
		if got := bar(c.value, c.largest, 8, true); got != c.ascii {
			t.Errorf("%v of %v in ASCII: %q, want %q", c.value, c.largest, got, c.ascii)
		}
	}
}

type daily struct {
	Date string `json:"date"`
	Kind string `json:"kind"`
	N    int64  `json:"n"`
}

func days() List[daily] {
	return List[daily]{Items: []daily{{"2026-03-10", "单位审核", 250}, {"2026-03-11", "人工比对", 125}, {"2026-03-12", "人工比对", 0}}, ID: Unnamed[daily],
		Columns: []Column[daily]{{Key: "date", Kind: ID}, {Key: "kind", Title: "类型"}, {Key: "n", Title: "合计", Kind: Bar}}}
}

func TestBarsTakeTheRoomThatIsLeft(t *testing.T) {
	t.Parallel()
	o := options(t, "table")
	o.ASCII = true
	for width, longest := range map[int]int{0: 40, 200: 40, 60: 34, 50: 24, 20: 8} {
		o.Width = width
		lines := strings.Split(mustRender(t, o, days()), "\n")
		if got := strings.Count(lines[1], "#"); got != longest {
			t.Errorf("%d columns: a bar of %d, want %d", width, got, longest)
		}
		if half := strings.Count(lines[2], "#"); half != (longest+1)/2 {
			t.Errorf("%d columns: half a bar is %d", width, half)
		}
		for _, line := range lines {
			if size := cellWidth(line); width >= 50 && size > width {
				t.Errorf("%d columns: a line of %d: %s", width, size, line)
			}
		}
	}
}

func TestBarsHaveTheirNumberBehindThem(t *testing.T) {
	t.Parallel()
	o := options(t, "table")
	o.Width = 40
	want := `DATE        类型      合计
2026-03-10  单位审核  ██████████████ 250
2026-03-11  人工比对  ███████ 125
2026-03-12  人工比对  0
`
	if got := mustRender(t, o, days()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := mustRender(t, options(t, "csv"), days()); got != "date,kind,n\n2026-03-10,单位审核,250\n2026-03-11,人工比对,125\n2026-03-12,人工比对,0\n" {
		t.Errorf("CSV: %s", got)
	}
}
