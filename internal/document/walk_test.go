package document

import (
	"bytes"
	"slices"
	"testing"

	"github.com/farenctl/farenctl/internal/document/documenttest"
)

func TestCheckTakesOnlyJPEG(t *testing.T) {
	t.Parallel()
	for outcome, data := range map[string]string{
		"GIF": "GIF89a\x01\x00\x01\x00\x00\x00\x00;", "ZIP": "PK\x03\x04", "HTML": "<!doctype html>", "PDF": "%PDF-1.7", "JPEG 2000": "\xff\x4f\xff\x51",
		"picture after a line feed": "\n" + string(documenttest.Page(1)), "one byte": "\xff", "end marker alone": "\xff\xd9",
	} {
		if got := reason(t, []byte(data)); got != ReasonNotJPEG {
			t.Errorf("%s: %q", outcome, got)
		}
	}
}

func TestCheckFollowsTheMarkers(t *testing.T) {
	t.Parallel()
	page := documenttest.Page(1)
	head, scan, coded, end := sections(page)
	start, rest := head[:2:2], page[2:]
	segment := documenttest.Segment
	sof := bytes.Index(head, []byte{0xff, sof0})
	second := head[sof : sof+2+int(head[sof+3])]
	frame := func(marker byte, body ...byte) []byte { // the page with another frame header, or another segment in its place
		return join(head[:sof], segment(marker, body), head[sof+len(second):], scan, coded, end)
	}
	as := func(marker byte) []byte { // the page with another start of frame
		data := bytes.Clone(page)
		data[sof+1] = marker
		return data
	}
	for _, v := range []struct {
		outcome string
		data    []byte
		reason  string
	}{
		{"extended sequential", as(sof0 + 1), ""},
		{"fill bytes before every kind of marker", join(start, []byte{0xff, 0xff}, rest[:len(rest)-2], []byte{0xff, 0xff, 0xff}, end), ""},
		{"comment behind the scan", join(head, scan, coded, segment(com, []byte("x")), end), ""},
		{"picture inside a segment", join(start, segment(app0+1, documenttest.Page(2)), rest), ""},
		{"restart markers", documenttest.Coded(documenttest.Frame{Width: 64, Height: 64, Components: documenttest.Grey(), Restart: 3}), ""},
		{"start and end alone", join(start, end), ReasonDamaged},
		{"no scan", join(head, end), ReasonDamaged},
		{"no frame", join(start, scan, coded, end), ReasonDamaged},
		{"second frame before the scan", join(head, second, scan, coded, end), ReasonDamaged},
		{"second frame behind the scan", join(head, scan, coded, second, scan, coded, end), ReasonDamaged},
		{"second start", join(start, page), ReasonDamaged},
		{"bytes between two segments", join(start, []byte("PK"), rest), ReasonDamaged},
		{"segment shorter than its length", join(start, []byte{0xff, com, 0, 1}, rest), ReasonDamaged},
		{"segment longer than the file", join(start, []byte{0xff, com, 0xff, 0xff}, rest), ReasonTruncated},
		{"restart marker outside a scan", join(start, []byte{0xff, rst0}, rest), ReasonDamaged},
		{"reserved marker", frame(0x02), ReasonDamaged},
		{"null as marker behind fill bytes", join(head, scan, coded, []byte{0xff, 0xff, 0x00}, end), ReasonDamaged},
		{"frame header without components", frame(sof0, 8, 0, 1, 0, 1), ReasonDamaged},
		{"frame header longer than its components", frame(sof0, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0), ReasonDamaged},
		{"repeated component", frame(sof0, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 1, 0x11, 0, 1, 0x11, 0), ReasonDamaged},
		{"factor of zero", frame(sof0, 8, 0, 8, 0, 8, 3, 1, 0x00, 0, 2, 0x00, 0, 3, 0x00, 0), ReasonDamaged},
		{"factor of three", frame(sof0, 8, 0, 8, 0, 8, 3, 1, 0x31, 0, 2, 0x11, 0, 3, 0x11, 0), ReasonUnsupported},
		{"12 bit", frame(sof0+1, 12, 0, 8, 0, 8, 1, 1, 0x11, 0), ReasonUnsupported},
		{"two components", frame(sof0, 8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0), ReasonUnsupported},
		{"no component", frame(sof0, 8, 0, 8, 0, 8, 0), ReasonUnsupported},
		{"lossless", as(0xc3), ReasonUnsupported},
		{"hierarchical", as(0xc5), ReasonUnsupported},
		{"arithmetic", as(0xc9), ReasonUnsupported},
		{"conditioning of arithmetic coding", frame(0xcc, 0, 0), ReasonUnsupported},
		{"number of lines", join(head, scan, coded, segment(0xdc, []byte{0, 220}), end), ReasonUnsupported},
		{"extension", frame(0xf0), ReasonUnsupported},
		{"more scans than any encoder writes", join(head, bytes.Repeat(join(scan, coded), maxScans+1), end), ReasonUnsupported},
		{"entropy-coded data of the last scan are missing", join(head, scan, coded, scan, end), ReasonDamaged},
		{"frame marked as progressive", as(sof0 + 2), ReasonDamaged},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			if got := reason(t, v.data); got != v.reason {
				t.Errorf("reason %q, want %q", got, v.reason)
			}
		})
	}
}

// The decoder finds these too, but it does not see a picture over the budget.
func TestWalkAloneFindsBrokenStructure(t *testing.T) {
	t.Parallel()
	head, scan, coded, end := sections(documenttest.Page(1))
	for outcome, data := range map[string][]byte{
		"no scan": join(head, end), "null as marker": join(head, scan, coded, []byte{0xff, 0xff, 0x00}, end),
	} {
		if _, reason := walk(data); reason != ReasonDamaged {
			t.Errorf("%s: %q", outcome, reason)
		}
	}
}

func TestWalkTakesLinearTime(t *testing.T) {
	t.Parallel()
	head, scan, _, _ := sections(documenttest.Page(1))
	for _, filler := range []string{"\xff", "\xff\x00", "\xff\xd0", "\xff\xff\xd0", "\xff\xfe\x00\x02", "\xff\xff\xff\xfe\x00\x02", "\x00"} {
		for _, start := range [][]byte{head, join(head, scan)} {
			data := append(slices.Clone(start), bytes.Repeat([]byte(filler), (MaxBytes-len(start))/len(filler))...)
			for range 2 { // with quadratic time it takes many minutes
				if _, reason := walk(data); reason != ReasonTruncated && reason != ReasonDamaged {
					t.Fatalf("%q: %q", filler, reason)
				}
			}
		}
	}
}

func TestWalkAllocatesNothing(t *testing.T) {
	for _, data := range [][]byte{documenttest.Page(1), documenttest.Variant("progressive"), documenttest.Variant("huge-header")} {
		if n := testing.AllocsPerRun(10, func() { walk(data) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}
