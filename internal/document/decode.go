package document

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io"
	"runtime/debug"
)

// Bytes of memory; ours.
const (
	// decodeBudget is what decoding a picture may allocate. With the file itself and the buffers it was read through it
	// stays under the 64 MiB of the memory promise.
	decodeBudget = 48 << 20
	// decodeOverhead is an upper bound of what the decoder allocates beside samples and coefficients: its own state and
	// what the allocator rounds up.
	decodeOverhead = 128 << 10
	// freeAbove is where the garbage of a decoded picture is worth a collection of its own.
	freeAbove = 8 << 20
)

// decode has the standard library decode the picture, if that fits into decodeBudget, and returns the reason not to take
// it, "" for none. It wants a file that the walk found in order.
func (f frame) decode(data []byte) (reason string) {
	defer func() {
		if recover() != nil { // none is known; a strange file must not end the process
			reason = ReasonDamaged
		}
	}()
	// The decoder's own view of the headers, among them the sampling factors, which decodeBytes relies on.
	if _, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil {
		return reasonOf(err)
	}
	need := f.decodeBytes()
	if need > decodeBudget {
		return ""
	}
	if need > freeAbove {
		// Without it the next document's picture comes on top of this one's, which the collector would leave for later.
		defer debug.FreeOSMemory()
	}
	_, err := jpeg.Decode(bytes.NewReader(data))
	return reasonOf(err)
}

func reasonOf(err error) string {
	var unsupported jpeg.UnsupportedError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return ReasonTruncated
	case errors.As(err, &unsupported):
		return ReasonUnsupported
	}
	return ReasonDamaged
}

// decodeBytes is an upper bound of the bytes that image/jpeg allocates for the picture: a byte for each sample of whole
// minimum coded units; in progressive mode, the coefficients of all scans as 32-bit numbers; and another picture of four
// bytes for each pixel where CMYK or RGB is made of the components.
func (f frame) decodeBytes() int64 {
	h, v := f.factors(0)
	units := ceil(f.width, 8*h) * ceil(f.height, 8*v)
	samples := int64(0)
	for c := range f.components {
		h, v := f.factors(c)
		samples += 64 * h * v * units
	}
	need := decodeOverhead + samples
	if f.progressive {
		need += 4 * samples
	}
	if f.components == 4 || f.components == 3 && f.rgb {
		need += 4 * int64(f.width) * int64(f.height)
	}
	return need
}

// factors returns the sampling factors of a component. They mean nothing where it is the only one (T.81, A.2.2).
func (f frame) factors(component int) (h, v int64) {
	if f.components == 1 {
		return 1, 1
	}
	return int64(f.sampling[component] >> 4), int64(f.sampling[component] & 0x0f)
}

func ceil(n int, by int64) int64 {
	return (int64(n) + by - 1) / by
}
