package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheEmbeddedFileIsWhatTheGeneratorMakes(t *testing.T) {
	t.Parallel()
	embedded, err := os.ReadFile(filepath.Join("..", fileName))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		made, err := build()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, embedded) {
			t.Fatalf("%s is stale: run go generate ./internal/pinyin", fileName)
		}
	}
	if len(embedded) > 150_000 {
		t.Errorf("%d bytes are too many to embed", len(embedded))
	}
}

func TestToneless(t *testing.T) {
	t.Parallel()
	for toned, want := range map[string][]string{
		"zhāng": {"zhang"},
		"lǚ":    {"lv", "lu", "lyu"},
		"nüè":   {"nve", "nue", "nyue"},
		"lü":    {"lv", "lu", "lyu"},
		"ê̄":    {"e"},
		"ế":     {"e"},
		"ňg":    {"ng"},
		"m̀":    {"m"},
		"de":    {"de"},
	} {
		t.Run(toned+" is "+want[0], func(t *testing.T) {
			t.Parallel()
			if got, err := toneless(toned); err != nil || !slices.Equal(got, want) {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
}

func TestTonelessRefusesWhatIsNoSyllable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Zhang", "zh ang", "ä", "张", "\u0304"} {
		if got, err := toneless(text); err == nil {
			t.Errorf("toneless(%q) = %q, want an error", text, got)
		}
	}
}

func TestPackRefusesMoreSetsThanItsIndexHolds(t *testing.T) {
	t.Parallel()
	sets := map[rune]string{}
	for r := rune(1); r <= 70_000; r++ {
		sets[r] = strings.Map(func(d rune) rune { return d - '0' + 'a' }, string([]rune{'0' + r%10, '0' + r/10%10, '0' + r/100%10, '0' + r/1000%10, '0' + r/10000}))
	}
	if _, err := pack(sets); err == nil {
		t.Fatal("no error")
	}
}
