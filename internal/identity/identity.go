// Package identity has the providers of face checks: those who tell that a person is who they say. It opens no
// database and keeps no face image.
package identity

import "context"

// Started is a check that waits for its person. Reference is the provider's own name of it; QRURI is what the person scans.
type Started struct {
	Reference string
	QRURI     string
}

// Provider starts face checks. id is the check's own id.
type Provider interface {
	Name() string
	Start(ctx context.Context, id string) (Started, error)
}

// Sandbox is the provider of demonstrations and tests: its checks end on command. The database refuses it where the
// environment is production.
type Sandbox struct{}

// Name is "sandbox".
func (Sandbox) Name() string { return "sandbox" }

// Start begins a check that `verify face simulate` ends.
func (Sandbox) Start(_ context.Context, id string) (Started, error) {
	return Started{Reference: id, QRURI: "farenctl-sandbox:" + id}, nil
}
