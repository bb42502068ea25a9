package document

import (
	"bytes"
	"encoding/binary"
)

// The second bytes of the markers that matter here (ITU-T T.81, table B.1).
const (
	sof0  = 0xc0 // start of a baseline frame; sof0+1 extended sequential, sof0+2 progressive
	dht   = 0xc4
	rst0  = 0xd0 // restart, eight of them
	rst7  = 0xd7
	soi   = 0xd8
	eoi   = 0xd9
	sos   = 0xda
	dqt   = 0xdb
	dri   = 0xdd
	app0  = 0xe0
	app14 = 0xee
	app15 = 0xef
	com   = 0xfe
)

// maxScans is ours; encoders write about ten. A scan of a few bytes can make a decoder go over every block of the
// picture, and 2 MiB hold so many of those that decoding would take minutes.
const maxScans = 100

// frame is what the walk learns from the headers: all that says how much memory decoding takes.
type frame struct {
	width, height int
	progressive   bool
	components    int     // 0 before the frame header
	sampling      [4]byte // of each component, the horizontal factor in the upper four bits, the vertical in the lower
	rgb           bool    // may be stored as RGB, which the decoder turns into another picture
}

// walk goes over the markers of a file (T.81, annex B) and returns the reason not to take it, "" for none. It takes time
// linear in the size and allocates nothing.
func walk(data []byte) (f frame, reason string) {
	if len(data) < 2 || data[0] != 0xff || data[1] != soi {
		return f, ReasonNotJPEG
	}
	for i, scans := 2, 0; ; {
		start := i
		for i < len(data) && data[i] == 0xff { // the marker's first byte and fill bytes (B.1.1.2)
			i++
		}
		switch {
		case i == len(data):
			return f, ReasonTruncated
		case i == start:
			return f, ReasonDamaged
		}
		marker := data[i]
		i++
		if marker == eoi {
			switch {
			case scans == 0:
				return f, ReasonDamaged
			case i < len(data):
				return f, ReasonTrailingData
			}
			return f, ""
		}
		if reason := refusedMarker(marker); reason != "" {
			return f, reason
		}
		if len(data)-i < 2 {
			return f, ReasonTruncated
		}
		length := int(binary.BigEndian.Uint16(data[i:])) // counts its own two bytes
		switch {
		case length < 2:
			return f, ReasonDamaged
		case length > len(data)-i:
			return f, ReasonTruncated
		}
		body := data[i+2 : i+length]
		i += length
		switch marker {
		case sof0, sof0 + 1, sof0 + 2:
			if reason := f.header(marker, body); reason != "" {
				return f, reason
			}
		case app14: // a transform of 0 means RGB or CMYK
			if len(body) >= 12 && string(body[:5]) == "Adobe" && body[11] == 0 {
				f.rgb = true
			}
		case sos:
			if f.components == 0 {
				return f, ReasonDamaged
			}
			if scans++; scans > maxScans {
				return f, ReasonUnsupported
			}
			i += entropyCoded(data[i:])
		}
	}
}

// refusedMarker returns the reason not to take a file with a segment that starts so, "" for none.
func refusedMarker(marker byte) string {
	switch {
	case marker == dht, marker == sos, marker == dqt, marker == dri, marker == com:
		return ""
	case sof0 <= marker && marker <= sof0+2, app0 <= marker && marker <= app15:
		return ""
	case marker < sof0, rst0 <= marker && marker <= soi: // reserved, or one that stands without a segment elsewhere
		return ReasonDamaged
	}
	return ReasonUnsupported // the other frames, arithmetic coding, hierarchical mode, DNL, extensions
}

// header reads a frame header (B.2.2).
func (f *frame) header(marker byte, body []byte) string {
	if f.components != 0 || len(body) < 6 {
		return ReasonDamaged
	}
	f.progressive = marker == sof0+2
	f.height = int(binary.BigEndian.Uint16(body[1:]))
	f.width = int(binary.BigEndian.Uint16(body[3:]))
	f.components = int(body[5])
	switch {
	case body[0] != 8, f.components != 1 && f.components != 3 && f.components != 4:
		return ReasonUnsupported
	case f.width == 0, len(body) != 6+3*f.components:
		return ReasonDamaged
	case f.height == 0: // means that a DNL segment tells it after the first scan
		return ReasonUnsupported
	case int64(f.width)*int64(f.height) > MaxPixels:
		return ReasonTooManyPixels
	}
	var id [4]byte
	for c := range f.components {
		id[c], f.sampling[c] = body[6+3*c], body[7+3*c]
	}
	f.rgb = f.rgb || id == [4]byte{'R', 'G', 'B'}
	return ""
}

// entropyCoded returns the length of the entropy-coded data at the start of data, with its stuffed bytes and restart
// markers: up to the next other marker, or all.
func entropyCoded(data []byte) int {
	for i := 0; ; {
		next := bytes.IndexByte(data[i:], 0xff)
		if next < 0 {
			return len(data)
		}
		i += next
		second := i + 1
		for second < len(data) && data[second] == 0xff {
			second++
		}
		if second == len(data) {
			return len(data)
		}
		stuffed := data[second] == 0 && second == i+1
		if !stuffed && (data[second] < rst0 || data[second] > rst7) {
			return i
		}
		i = second + 1
	}
}
