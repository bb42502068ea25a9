package document

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io"
	"runtime"
	"testing"

	"github.com/farenctl/farenctl/internal/document/documenttest"
)

// adobe is the APP14 segment that tells how the components are to be understood.
func adobe(transform byte) []byte {
	return documenttest.Segment(app14, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), transform))
}

func components(factors ...int) []documenttest.Component {
	var all []documenttest.Component
	for i, f := range factors {
		all = append(all, documenttest.Component{ID: byte(1 + i), H: f, V: f})
	}
	return all
}

// frames are the kinds of picture that the decoder treats differently, in both modes.
func frames(width, height int) map[string]documenttest.Frame {
	named := components(1, 1, 1)
	named[0].ID, named[1].ID, named[2].ID = 'R', 'G', 'B'
	kinds := map[string]documenttest.Frame{
		"grey":                    {Components: documenttest.Grey()},
		"grey with factors":       {Components: components(2)},
		"4:4:4":                   {Components: documenttest.YCbCr(1, 1)},
		"4:2:2":                   {Components: documenttest.YCbCr(2, 1)},
		"4:4:0":                   {Components: documenttest.YCbCr(1, 2)},
		"4:2:0":                   {Components: documenttest.YCbCr(2, 2)},
		"4:1:1":                   {Components: documenttest.YCbCr(4, 1)},
		"4:1:0":                   {Components: documenttest.YCbCr(4, 2)},
		"4:4:4 with factors of 2": {Components: components(2, 2, 2)},
		"RGB by its names":        {Components: named},
		"RGB by Adobe":            {Components: documenttest.YCbCr(1, 1), Extra: adobe(0)},
		"YCbCr by Adobe":          {Components: documenttest.YCbCr(2, 2), Extra: adobe(1)},
		"CMYK":                    {Components: components(1, 1, 1, 1), Extra: adobe(0)},
		"CMYK subsampled":         {Components: components(2, 1, 1, 2), Extra: adobe(0)},
		"YCbCrK":                  {Components: components(1, 1, 1, 1), Extra: adobe(2)},
	}
	all := map[string]documenttest.Frame{}
	for name, f := range kinds {
		f.Width, f.Height = width, height
		all[name] = f
		f.Progressive = true
		all["progressive "+name] = f
	}
	return all
}

// allocated is what a function allocates, in bytes. No other test may run at the same time.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func TestDecodeBytesIsATightUpperBound(t *testing.T) {
	// Large enough for coefficients and conversions to stand out from decodeOverhead, and no multiple of a unit.
	for name, frame := range frames(301, 251) {
		t.Run(name, func(t *testing.T) {
			data := documenttest.Coded(frame)
			f, reason := walk(data)
			if reason != "" {
				t.Fatal(reason)
			}
			need := f.decodeBytes()
			got := allocated(func() {
				if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
					t.Error(err)
				}
			})
			if got > need || need-got > decodeOverhead {
				t.Errorf("decoding allocates %d, the estimate is %d", got, need)
			}
		})
	}
}

func TestDecodeBytesCountsWholeUnits(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		outcome string
		frame   frame
		want    int64
	}{
		{"grey", frame{width: 17, height: 9, components: 1, sampling: [4]byte{0x22}}, 64 * 3 * 2},
		{"progressive grey", frame{width: 17, height: 9, components: 1, sampling: [4]byte{0x11}, progressive: true}, 5 * 64 * 3 * 2},
		{"4:2:0", frame{width: 17, height: 9, components: 3, sampling: [4]byte{0x22, 0x11, 0x11}}, 64 * 6 * 2},
		{"4:1:0", frame{width: 33, height: 9, components: 3, sampling: [4]byte{0x42, 0x11, 0x11}}, 64 * 10 * 2},
		{"RGB", frame{width: 17, height: 9, components: 3, sampling: [4]byte{0x11, 0x11, 0x11}, rgb: true}, 64*3*6 + 4*17*9},
		{"CMYK", frame{width: 17, height: 9, components: 4, sampling: [4]byte{0x22, 0x11, 0x11, 0x22}}, 64*10*2 + 4*17*9},
		{"the limit of pixels", frame{width: 5000, height: 5000, components: 3, sampling: [4]byte{0x22, 0x11, 0x11}}, 64 * 6 * 313 * 313},
	} {
		if got := v.frame.decodeBytes() - decodeOverhead; got != v.want {
			t.Errorf("%s: %d, want %d", v.outcome, got, v.want)
		}
	}
}

func TestCheckStaysWithinTheBudget(t *testing.T) {
	over := documenttest.WithSize(documenttest.Variant("progressive"), 5000, 5000)
	for _, v := range []struct {
		outcome string
		data    []byte
		most    int64
		reason  string
	}{
		{"not decoded over the budget", over, 64 << 10, ""},
		{"not decoded over the limit of pixels", documenttest.Variant("huge-header"), 1 << 10, ReasonTooManyPixels},
		{"decoded, the heaviest at 4:2:0", documenttest.Variant("25-megapixels"), decodeBudget, ""},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			var err error
			got := allocated(func() { _, err = Check(v.data) })
			var e *Error
			if errors.As(err, &e) != (v.reason != "") || e != nil && e.Reason != v.reason || got > v.most {
				t.Errorf("%d bytes allocated, err = %v", got, err)
			}
		})
	}
}

func TestCheckTakesWhatItDoesNotDecode(t *testing.T) {
	t.Parallel()
	// Its entropy-coded data hold 64 by 64 pixels only. See the comment of Check.
	over := documenttest.WithSize(documenttest.Variant("progressive"), 5000, 5000)
	if got := reason(t, over); got != "" {
		t.Errorf("reason %q", got)
	}
	if got := reason(t, documenttest.WithSize(over, 2000, 2000)); got != ReasonDamaged {
		t.Errorf("within the budget: %q", got)
	}
}

func TestCheckTakesEveryKindThatIsDecoded(t *testing.T) {
	t.Parallel()
	for name, frame := range frames(131, 77) {
		if got := reason(t, documenttest.Coded(frame)); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := reason(t, documenttest.Coded(documenttest.Frame{Width: 64, Height: 64, Components: components(1, 1, 1, 1)})); got != ReasonUnsupported {
		t.Errorf("four components of an unknown model: %q", got)
	}
}

func TestReasonOfAnErrorOfTheDecoder(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		err    error
		reason string
	}{
		{nil, ""},
		{io.ErrUnexpectedEOF, ReasonTruncated},
		{io.EOF, ReasonTruncated},
		{jpeg.UnsupportedError("x"), ReasonUnsupported},
		{jpeg.FormatError("x"), ReasonDamaged},
		{errors.New("x"), ReasonDamaged},
	} {
		if got := reasonOf(v.err); got != v.reason {
			t.Errorf("%v: %q", v.err, got)
		}
	}
}
