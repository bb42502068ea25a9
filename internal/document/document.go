package document

import (
	"crypto/sha256"
	"fmt"
	"io"
)

// The limits of one document: the size of the file in bytes, and width times height of the picture.
const (
	MaxBytes  = 2 << 20
	MaxPixels = 25_000_000
)

// The reasons for which a file is not taken.
const (
	ReasonEmpty         = "empty"            // no byte at all
	ReasonNotJPEG       = "not-jpeg"         // does not start as a JPEG does, whatever its name says
	ReasonTruncated     = "truncated"        // ends before the picture does
	ReasonTooLarge      = "too-large"        // more than MaxBytes
	ReasonTooManyPixels = "too-many-pixels"  // more than MaxPixels
	ReasonTrailingData  = "trailing-data"    // something follows the picture: an archive, a second picture
	ReasonUnsupported   = "unsupported-jpeg" // a JPEG of a kind that few programs show: lossless, arithmetic, 12 bit
	ReasonDamaged       = "damaged"          // breaks the rules of JPEG in another way
)

// Reasons lists every reason, in the order of the checks.
func Reasons() []string {
	return []string{ReasonEmpty, ReasonTooLarge, ReasonNotJPEG, ReasonUnsupported, ReasonTooManyPixels, ReasonTruncated,
		ReasonTrailingData, ReasonDamaged}
}

// Error says why a file is not taken. It never holds anything out of the file.
type Error struct {
	Reason string // one of Reasons
	Limit  int    // the limit that the file breaks, in bytes or pixels; 0 where there is none
}

func (e *Error) Error() string {
	if e.Limit > 0 {
		return fmt.Sprintf("document not taken: %s, the limit is %d", e.Reason, e.Limit)
	}
	return "document not taken: " + e.Reason
}

func refuse(reason string) *Error {
	e := &Error{Reason: reason}
	switch reason {
	case ReasonTooLarge:
		e.Limit = MaxBytes
	case ReasonTooManyPixels:
		e.Limit = MaxPixels
	}
	return e
}

// Info is what is known of a document that is taken.
type Info struct {
	Width, Height int // in pixels, as stored: a rotation in the metadata is not applied
	Size          int // in bytes
	SHA256        [sha256.Size]byte
}

// Read reads a document and checks it as [Check] does. It asks r for no more than MaxBytes+1 bytes. An error of r comes
// back wrapped, so that it is never taken for a fault of the document; every other error is an [*Error].
func Read(r io.Reader) ([]byte, Info, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, Info{}, fmt.Errorf("read the document: %w", err)
	}
	info, err := Check(data)
	if err != nil {
		return nil, Info{}, err
	}
	return data, info, nil
}

// Check decides whether data is a document that is taken. The error is an [*Error].
//
// First the limit of size, then a walk over the markers of the whole file, which costs no memory and finds the limit of
// pixels, anything after the picture and a missing end. Only then the picture itself is decoded by the standard library,
// which finds entropy-coded data that is cut short or damaged.
//
// A picture whose decoding would take more than [decodeBudget] is NOT decoded: the walk and the headers alone decide, and
// damage inside its entropy-coded data stays unseen. Decoding it would break the memory promise of the package. Within
// MaxPixels that concerns no grey and no 4:2:0 picture in baseline mode. It concerns 4:4:4 from about 16 megapixels on, CMYK
// and RGB from about 6, and in progressive mode grey from 10, 4:2:0 from 6.7, 4:4:4 from 3.3, CMYK from 2.
//
// The decoder of the standard library forgives surplus bytes in a scan, and so does Check. A progressive picture that
// lacks its last scans but has an end marker is whole, if coarse.
func Check(data []byte) (Info, error) {
	switch {
	case len(data) == 0:
		return Info{}, refuse(ReasonEmpty)
	case len(data) > MaxBytes:
		return Info{}, refuse(ReasonTooLarge)
	}
	f, reason := walk(data)
	if reason == "" {
		reason = f.decode(data)
	}
	if reason != "" {
		return Info{}, refuse(reason)
	}
	return Info{Width: f.width, Height: f.height, Size: len(data), SHA256: sha256.Sum256(data)}, nil
}
