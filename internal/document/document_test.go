package document

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/farenctl/farenctl/internal/document/documenttest"
)

var update = flag.Bool("update", false, "write the sample documents under testdata anew")

// reason is why Check does not take data, "" where it does.
func reason(t *testing.T, data []byte) string {
	t.Helper()
	before := bytes.Clone(data)
	info, err := Check(data)
	if !bytes.Equal(data, before) {
		t.Fatal("the document is changed")
	}
	if err == nil {
		if info.Size != len(data) || info.SHA256 != sha256.Sum256(data) || info.Width <= 0 || info.Height <= 0 {
			t.Fatalf("info = %+v", info)
		}
		return ""
	}
	var e *Error
	if !errors.As(err, &e) || !slices.Contains(Reasons(), e.Reason) || info != (Info{}) {
		t.Fatalf("info = %+v, err = %v", info, err)
	}
	limit := map[string]int{ReasonTooLarge: MaxBytes, ReasonTooManyPixels: MaxPixels}[e.Reason]
	if e.Limit != limit {
		t.Fatalf("%s has the limit %d", e.Reason, e.Limit)
	}
	return e.Reason
}

// join puts parts together into new memory.
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// sections cuts a picture with one scan: all before the header of the scan, that header, the entropy-coded data, the end.
func sections(data []byte) (head, scan, coded, end []byte) {
	i := bytes.Index(data, []byte{0xff, sos})
	j := i + 4 + int(data[i+3]) - 2
	return data[:i:i], data[i:j:j], data[j : len(data)-2 : len(data)-2], data[len(data)-2:]
}

func TestCheckJudgesEachVariant(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"png": ReasonNotJPEG, "truncated": ReasonTruncated, "huge-header": ReasonTooManyPixels, "trailing-archive": ReasonTrailingData,
		"ten-megabytes": ReasonTooLarge, "empty": ReasonEmpty, "text": ReasonNotJPEG, "exif": "", "almost-two-mib": "",
		"two-mib-and-a-byte": ReasonTooLarge, "many-pixels": ReasonTooManyPixels, "progressive": "",
	}
	for _, name := range documenttest.Variants() {
		if name == "25-megapixels" { // slow; TestCheckStaysWithinTheBudget has it
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome, ok := want[name]
			if got := reason(t, documenttest.Variant(name)); !ok || got != outcome {
				t.Errorf("reason %q, want %q", got, outcome)
			}
		})
	}
}

func TestCheckTellsTheDimensions(t *testing.T) {
	t.Parallel()
	info, err := Check(documenttest.Page(1))
	if err != nil || info.Width != documenttest.PageWidth || info.Height != documenttest.PageHeight {
		t.Errorf("info = %+v, err = %v", info, err)
	}
}

func TestCheckTakesExactlyTheLimitOfSize(t *testing.T) {
	t.Parallel()
	if got := reason(t, documenttest.Padded(MaxBytes)); got != "" {
		t.Errorf("reason %q", got)
	}
}

func TestCheckRefusesEveryPrefix(t *testing.T) {
	t.Parallel()
	for _, picture := range [][]byte{documenttest.Page(1), documenttest.Variant("progressive"), documenttest.Variant("exif")} {
		for n := range picture {
			want := ReasonTruncated
			switch n {
			case 0:
				want = ReasonEmpty
			case 1:
				want = ReasonNotJPEG
			}
			if got := reason(t, picture[:n:n]); got != want {
				t.Errorf("%d of %d bytes: %q, want %q", n, len(picture), got, want)
			}
		}
	}
}

func TestCheckRefusesEntropyCodedDataCutBeforeAnEndMarker(t *testing.T) {
	t.Parallel()
	head, scan, coded, end := sections(documenttest.Page(1))
	for n := 0; n < len(coded); n += 1 + min(12, (len(coded)-n)/20) { // all of the last ones
		if got := reason(t, join(head, scan, coded[:n], end)); got != ReasonDamaged {
			t.Errorf("%d of %d bytes: %q", n, len(coded), got)
		}
	}
}

func TestCheckRefusesEveryTrailingByte(t *testing.T) {
	t.Parallel()
	page := documenttest.Page(1)
	for b := range 256 {
		if got := reason(t, join(page, []byte{byte(b)})); got != ReasonTrailingData {
			t.Errorf("%#02x: %q", b, got)
		}
	}
	if got := reason(t, join(page, documenttest.Page(2))); got != ReasonTrailingData {
		t.Errorf("second picture: %q", got)
	}
}

func TestCheckReadsTheDimensionsOfTheHeader(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		outcome       string
		width, height int
		reason        string
	}{
		{"no width", 0, 220, ReasonDamaged},
		{"no height, which a DNL segment would tell", 320, 0, ReasonUnsupported},
		{"one column too wide for the data", 321, 220, ReasonDamaged},
		{"too high for the data", 320, 480, ReasonDamaged},
		{"the limit of pixels, of which there are fewer", 5000, 5000, ReasonDamaged},
		{"over the limit by a row", 5000, 5001, ReasonTooManyPixels},
		{"over the limit by one pixel", 5101, 4901, ReasonTooManyPixels},
		{"more than 32 bits hold with a sign", 65535, 65535, ReasonTooManyPixels},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			if got := reason(t, documenttest.WithSize(documenttest.Page(1), v.width, v.height)); got != v.reason {
				t.Errorf("reason %q, want %q", got, v.reason)
			}
		})
	}
}

func TestReadReturnsWhatItRead(t *testing.T) {
	t.Parallel()
	page := documenttest.Page(1)
	for _, r := range []io.Reader{bytes.NewReader(page), iotest.OneByteReader(bytes.NewReader(page)), iotest.DataErrReader(bytes.NewReader(page))} {
		data, info, err := Read(r)
		if err != nil || !bytes.Equal(data, page) || info.Size != len(page) {
			t.Errorf("%d bytes, info = %+v, err = %v", len(data), info, err)
		}
	}
}

// endless counts the bytes of a picture that does not end.
type endless struct{ served int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	e.served += len(p)
	return len(p), nil
}

func TestReadStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	source := &endless{}
	var e *Error
	data, _, err := Read(source)
	if !errors.As(err, &e) || e.Reason != ReasonTooLarge || data != nil {
		t.Errorf("%d bytes, err = %v", len(data), err)
	}
	if source.served != MaxBytes+1 {
		t.Errorf("%d bytes read", source.served)
	}
}

func TestReadWrapsAnErrorOfTheReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("cable pulled")
	for _, before := range [][]byte{nil, documenttest.Page(1)} {
		data, _, err := Read(io.MultiReader(bytes.NewReader(before), iotest.ErrReader(broken)))
		var e *Error
		if !errors.Is(err, broken) || errors.As(err, &e) || data != nil {
			t.Errorf("%d bytes, err = %v", len(data), err)
		}
	}
}

func TestReasonsAreDistinctAndInEveryErrorText(t *testing.T) {
	t.Parallel()
	if n := len(slices.Compact(slices.Sorted(slices.Values(Reasons())))); n != 8 {
		t.Errorf("%d reasons", n)
	}
	for _, r := range Reasons() {
		if !bytes.Contains([]byte(refuse(r).Error()), []byte(r)) {
			t.Errorf("%s: %v", r, refuse(r))
		}
	}
}

func TestSampleDocumentsAreTaken(t *testing.T) {
	t.Parallel()
	for seed, name := range map[int]string{1: "licence.jpg", 2: "agent.jpg", 3: "proof.jpg"} {
		path := filepath.Join("..", "..", "testdata", "documents", name)
		if *update {
			if err := os.WriteFile(path, documenttest.Page(seed), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		_, info, err := Read(file)
		file.Close()
		if err != nil || info.Width != documenttest.PageWidth || info.Height != documenttest.PageHeight || info.Size < 2<<10 || info.Size >= 4<<10 {
			t.Errorf("%s: info = %+v, err = %v", name, info, err)
		}
	}
}
