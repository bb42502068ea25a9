// Package documenttest makes sample documents: good ones, and those that package document must not take. Only tests
// import it. The same call gives the same bytes for a given version of Go.
package documenttest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// Canary stands in the metadata of the variant "exif".
const Canary = "EXIF-CANARY-4711"

// The size of a page in pixels.
const (
	PageWidth  = 320
	PageHeight = 220
)

var variants = []struct {
	name  string
	build func() []byte
}{
	{"png", pngPage},
	{"truncated", func() []byte { page := Page(1); return page[:len(page)*2/3] }},
	{"huge-header", func() []byte { return WithSize(Page(1), 65535, 65535) }},
	{"trailing-archive", func() []byte { return append(Page(1), archive()...) }},
	{"ten-megabytes", func() []byte { return Padded(10 << 20) }},
	{"empty", func() []byte { return []byte{} }},
	{"text", func() []byte { return []byte("营业执照 business licence, a text that is named like a picture\n") }},
	{"exif", func() []byte { return withSegment(Page(1), Segment(0xe1, exif())) }},
	{"almost-two-mib", func() []byte { return Padded(2<<20 - 1) }},
	{"two-mib-and-a-byte", func() []byte { return Padded(2<<20 + 1) }},
	{"many-pixels", func() []byte { return tall(5001, 5000, 0) }},
	{"25-megapixels", func() []byte { return tall(5000, 5000, 31) }},
	{"progressive", func() []byte {
		return Coded(Frame{Width: 64, Height: 64, Components: Grey(), Progressive: true})
	}},
}

// Variants lists the names that [Variant] knows.
func Variants() []string {
	var names []string
	for _, v := range variants {
		names = append(names, v.name)
	}
	return names
}

// Variant makes the file of a name. It panics for one that is not in [Variants].
func Variant(name string) []byte {
	for _, v := range variants {
		if v.name == name {
			return v.build()
		}
	}
	panic("documenttest: no variant " + name)
}

// Page makes a small scanned page, baseline and under 4 KiB: a white sheet with bars for lines of text and a red round
// stamp. The seed decides where they stand.
func Page(seed int) []byte { return encode(picture(seed), 40) }

// Padded makes a page of exactly size bytes, 8 KiB or more, filled up with comments of noise.
func Padded(size int) []byte {
	page, noise := Page(1), newNoise(1)
	body := make([]byte, 65533)
	for i := range body {
		body[i] = noise.next()
	}
	var comments []byte
	for left := size - len(page); left > 0; left = size - len(page) - len(comments) {
		n := min(left, 4+len(body))
		if rest := left - n; 0 < rest && rest < 4 { // what would be left holds no segment
			n -= 4
		}
		comments = append(comments, Segment(0xfe, body[:n-4])...)
	}
	return withSegment(page, comments)
}

// WithSize writes other dimensions into the frame header of a picture and leaves the rest as it is.
func WithSize(data []byte, width, height int) []byte {
	out := bytes.Clone(data)
	for i := 2; i+9 < len(out); i += 2 + int(binary.BigEndian.Uint16(out[i+2:])) {
		if m := out[i+1]; m == 0xc0 || m == 0xc2 {
			binary.BigEndian.PutUint16(out[i+5:], uint16(height))
			binary.BigEndian.PutUint16(out[i+7:], uint16(width))
			return out
		}
	}
	panic("documenttest: no frame header")
}

// withSegment puts a segment right behind the start of a picture.
func withSegment(data, segment []byte) []byte {
	out := append(bytes.Clone(data[:2]), segment...)
	return append(out, data[2:]...)
}

func encode(m image.Image, quality int) []byte {
	var b bytes.Buffer
	must(jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}))
	return b.Bytes()
}

func picture(seed int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, PageWidth, PageHeight))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	noise := newNoise(seed)
	for y := 24; y < PageHeight-24; y += 24 {
		width := 96 + int(noise.next())%160
		draw.Draw(m, image.Rect(24, y, 24+width, y+8), image.NewUniform(color.Gray{Y: 96}), image.Point{}, draw.Src)
	}
	centre := image.Pt(232+int(noise.next())%24, 148+int(noise.next())%24)
	for y := range PageHeight {
		for x := range PageWidth {
			d := image.Pt(x, y).Sub(centre)
			if r := d.X*d.X + d.Y*d.Y; r < 8*8 || 30*30 < r && r < 36*36 {
				m.SetRGBA(x, y, color.RGBA{R: 200, G: 30, B: 40, A: 255})
			}
		}
	}
	return m
}

// tall makes a large colour picture, with noise of so many levels of brightness, quickly: it repeats a few strips, each
// the height of a unit, with a restart marker in between. Coding starts afresh there, as it did in each strip.
func tall(width, height int, levels byte) []byte {
	noise := newNoise(1)
	var head []byte
	var strips [4][]byte
	for i := range strips {
		m := image.NewYCbCr(image.Rect(0, 0, width, 16), image.YCbCrSubsampleRatio420)
		for i := range m.Y {
			m.Y[i] = 224 + noise.next()&levels
		}
		for i := range m.Cb {
			m.Cb[i], m.Cr[i] = 120+noise.next()&(levels>>1), 120+noise.next()&(levels>>1)
		}
		data := encode(m, 40)
		coded := bytes.Index(data, []byte{0xff, 0xda}) + 14 // behind the header of the scan
		head, strips[i] = data[:coded], data[coded:len(data)-2]
	}
	units := binary.BigEndian.AppendUint16(nil, uint16((width+15)/16))
	out := withSegment(WithSize(head, width, height), Segment(0xdd, units))
	for i := range (height + 15) / 16 {
		if i > 0 {
			out = append(out, 0xff, 0xd0+byte((i-1)%8))
		}
		out = append(out, strips[i%len(strips)]...)
	}
	return append(out, 0xff, 0xd9)
}

func pngPage() []byte {
	var b bytes.Buffer
	must(png.Encode(&b, picture(1)))
	return b.Bytes()
}

func archive() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("hidden.txt")
	must(err)
	_, err = w.Write([]byte("not a picture"))
	must(err)
	must(z.Close())
	return b.Bytes()
}

// exif is an APP1 body with one entry, the description of the picture (Exif 2.3, 4.5.2; TIFF 6.0).
func exif() []byte {
	text := Canary + "\x00"
	b := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0e\x00\x02")
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
	b = binary.BigEndian.AppendUint32(b, 26) // where the text starts, behind header, entry and the end of the list
	b = binary.BigEndian.AppendUint32(b, 0)
	return append(b, text...)
}

// noise is Marsaglia's xorshift32, whose bytes are the same everywhere.
type noise uint32

func newNoise(seed int) *noise {
	n := noise(uint32(seed)*2654435761 | 1)
	return &n
}

func (n *noise) next() byte {
	*n ^= *n << 13
	*n ^= *n >> 17
	*n ^= *n << 5
	return byte(*n >> 16)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
