package outbound_test

import (
	"testing"

	"github.com/farenctl/farenctl/internal/outbound"
)

func TestSecretsGoToHTTPSOrThisMachineOnly(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://id.example": true, "HTTPS://id.example/x": true, "https://127.0.0.1:1": true, "http://localhost:8080/a": true, "http://127.0.0.9/": true, "http://[::1]:1": true,
		"http://id.example": false, "http://localhost.example": false, "http://10.0.0.1": false, "ftp://localhost": false, "//localhost": false, "https://": false, "https://:443": false,
		"localhost:1": false, "": false, "http://127.0.0.1.example": false, "https://%zz": false,
	} {
		if got := outbound.Safe(address); got != want {
			t.Errorf("Safe(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestRootsAreTheSystemsUnlessAFileAddsToThem(t *testing.T) {
	t.Parallel()
	if pool, err := outbound.Roots(nil); pool != nil || err != nil {
		t.Errorf("without a file: %v, %v", pool, err)
	}
	if _, err := outbound.Roots([]byte("hello")); err == nil {
		t.Error("a file without a certificate is taken")
	}
}
