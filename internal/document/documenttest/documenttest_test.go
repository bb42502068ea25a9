package documenttest

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

func decoded(t *testing.T, data []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPageIsSmallAndItsSeedCounts(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for seed := range 8 {
		page := Page(seed)
		if len(page) >= 4<<10 || !bytes.Equal(page, Page(seed)) || seen[string(page)] {
			t.Errorf("page %d: %d bytes, or not its own", seed, len(page))
		}
		seen[string(page)] = true
		if size := decoded(t, page).Bounds().Size(); size != image.Pt(PageWidth, PageHeight) {
			t.Errorf("page %d: %v", seed, size)
		}
	}
}

func TestPaddedHasExactlyItsSize(t *testing.T) {
	t.Parallel()
	base := 65537 + len(Page(1))
	for size := base - 8; size < base+8; size++ {
		data := Padded(size)
		if len(data) != size {
			t.Errorf("%d bytes, want %d", len(data), size)
		}
		decoded(t, data)
	}
}

func TestVariants(t *testing.T) {
	t.Parallel()
	if _, err := png.Decode(bytes.NewReader(Variant("png"))); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"exif", "almost-two-mib", "two-mib-and-a-byte", "progressive"} {
		decoded(t, Variant(name))
	}
	if !bytes.Contains(Variant("exif"), []byte(Canary)) {
		t.Error("exif without canary")
	}
	if n := len(Variant("25-megapixels")); n < 1<<20 || n > 2<<20 {
		t.Errorf("25-megapixels has %d bytes", n)
	}
	for _, name := range []string{"many-pixels", "25-megapixels"} {
		config, err := jpeg.DecodeConfig(bytes.NewReader(Variant(name)))
		if err != nil || config.Height != 5000 {
			t.Errorf("%s: %+v, err = %v", name, config, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown variant is made")
		}
	}()
	Variant("library-card")
}

func TestTallPictureIsWholeAndNoisy(t *testing.T) {
	t.Parallel()
	for _, levels := range []byte{0, 31} {
		m := decoded(t, tall(100, 200, levels)).(*image.YCbCr)
		low, high := m.Y[0], m.Y[0]
		for y := range 200 {
			for x := range 100 {
				v := m.Y[m.YOffset(x, y)]
				low, high = min(low, v), max(high, v)
			}
		}
		if low < 200 || levels == 0 && high-low > 1 || levels > 0 && high-low < levels/2 {
			t.Errorf("%d levels: from %d to %d", levels, low, high)
		}
	}
}

func TestCodedShowsTheTile(t *testing.T) {
	t.Parallel()
	m := decoded(t, Coded(Frame{Width: 64, Height: 64, Components: Grey()})).(*image.Gray)
	for y := range 64 {
		for x := range 64 {
			if got, want := int(m.GrayAt(x, y).Y), int(Tile(x, y)); max(got-want, want-got) > 10 {
				t.Fatalf("%d at %d, %d: want about %d", got, x, y, want)
			}
		}
	}
}

// Both modes carry the same coefficients, so nothing but equal pictures shows that no scan loses a bit.
func TestCodedShowsTheSamePictureInBothModes(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		outcome string
		frame   Frame
	}{
		{"grey", Frame{Width: 64, Height: 64, Components: Grey()}},
		{"part of a block at both edges", Frame{Width: 61, Height: 131, Components: Grey()}},
		{"restart markers", Frame{Width: 64, Height: 64, Components: Grey(), Restart: 3}},
		{"4:4:4", Frame{Width: 64, Height: 64, Components: YCbCr(1, 1)}},
		{"4:2:0", Frame{Width: 64, Height: 128, Components: YCbCr(2, 2)}},
		{"4:1:0", Frame{Width: 128, Height: 64, Components: YCbCr(4, 2)}},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			sequential := decoded(t, Coded(v.frame))
			v.frame.Progressive = true
			progressive := decoded(t, Coded(v.frame))
			switch a := sequential.(type) {
			case *image.Gray:
				if !bytes.Equal(a.Pix, progressive.(*image.Gray).Pix) {
					t.Error("the pictures differ")
				}
			case *image.YCbCr:
				b := progressive.(*image.YCbCr)
				if !bytes.Equal(a.Y, b.Y) || !bytes.Equal(a.Cb, b.Cb) || !bytes.Equal(a.Cr, b.Cr) {
					t.Error("the pictures differ")
				}
			}
		})
	}
}
