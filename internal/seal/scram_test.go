package seal

import (
	"bytes"
	"errors"
	"testing"
	"testing/iotest"
)

const scramVector = "SCRAM-SHA-256$16384:BwcHBwcHBwcHBwcHBwcHBw==$Pnjh5xYnohcmgKPhOIZExvHK95Bzi2auqlU8AU6cmxE=:RToe0IlgaezcLcjYPU96VQJgSnKoIjAYunu6bkJ/hdU="

// The expected text was computed from RFC 5802's definitions with another program.
func TestSCRAMVerifierIsWhatPostgreSQLKeeps(t *testing.T) {
	t.Parallel()
	got, err := SCRAMVerifier("correct-Horse-9", bytes.NewReader(bytes.Repeat([]byte{7}, 16)))
	if err != nil || got != scramVector {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := SCRAMVerifier("x", iotest.ErrReader(errors.New("no randomness"))); err == nil {
		t.Error("made without randomness")
	}
}
