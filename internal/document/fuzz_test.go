package document

import (
	"bytes"
	"errors"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/farenctl/farenctl/internal/document/documenttest"
)

func FuzzCheck(f *testing.F) {
	for _, name := range documenttest.Variants() {
		switch name {
		case "ten-megabytes", "almost-two-mib", "two-mib-and-a-byte", "many-pixels", "25-megapixels": // too slow to mutate
		default:
			f.Add(documenttest.Variant(name))
		}
	}
	for _, frame := range frames(24, 17) {
		f.Add(documenttest.Coded(frame))
	}
	f.Add(documenttest.Coded(documenttest.Frame{Width: 64, Height: 64, Components: documenttest.Grey(), Restart: 3}))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := Check(data)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || !slices.Contains(Reasons(), e.Reason) {
				t.Fatalf("error %v", err)
			}
			return
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != info.Width || config.Height != info.Height || info.Width*info.Height > MaxPixels {
			t.Fatalf("taken as %d by %d, header of %d by %d, err = %v", info.Width, info.Height, config.Width, config.Height, err)
		}
		if frame, _ := walk(data); frame.decodeBytes() > decodeBudget {
			return
		}
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("taken, and does not decode: %v", err)
		}
		if size := m.Bounds().Size(); size.X != info.Width || size.Y != info.Height {
			t.Fatalf("taken as %d by %d, decoded as %v", info.Width, info.Height, size)
		}
	})
}
