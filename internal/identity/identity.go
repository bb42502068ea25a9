// Package identity has the providers of face checks and of e-licences: those who tell that a person, or an organization, is who they say.
// It opens no database and keeps no face image; what proves a check is given back to be kept.
package identity

import (
	"context"
	"time"
)

// Started is a check that waits for its person. Reference is the provider's own name of it; QRURI is what the person scans.
type Started struct {
	Reference string
	QRURI     string
	// UserCode is what the person types where the QR code does not hold it; "" where it does.
	UserCode string
	// Secret is what only whoever polls may know, to be sealed; nil where the provider is not polled.
	Secret []byte
	// Interval is how long to wait between two polls, Lifetime how long the provider waits for the person; 0: it does not say.
	Interval, Lifetime time.Duration
}

// Person is whom a provider saw, and for an e-licence which organization; every text as the provider has it.
type Person struct {
	Name, DocumentType, DocumentNumber, UnitCode string
}

// Answer is what a provider says when it is asked once. While Outcome is "", the person has not finished.
type Answer struct {
	Outcome string // passed, failed, expired
	Failure string // one of Failures where it failed
	Person  Person
	// Evidence proves the answer and can be checked again; nil where there is nothing.
	Evidence []byte
	// SlowDown says that polls come too fast (RFC 8628, 3.5).
	SlowDown bool
}

// Provider starts checks and is asked for their outcome. id is the check's own id.
type Provider interface {
	Name() string
	Start(ctx context.Context, id string) (Started, error)
	// Ready asks for everything that a poll needs, so that nothing but the poll itself can go wrong when it is one's turn.
	Ready(ctx context.Context) error
	// Poll asks once; secret is that of Started. An [*Error] tells that the provider could not be asked, and nothing is settled.
	Poll(ctx context.Context, secret []byte) (Answer, error)
}

// Error says why a provider could not be asked. It holds nothing of what was sent or answered.
type Error struct {
	// Refused: the provider does not know this client; the configuration is wrong. Else it cannot be reached or is out of order.
	Refused bool
	// Other: the check was begun with another provider or client than is configured now.
	Other bool
	cause error
}

func (e *Error) Error() string {
	switch {
	case e.Refused:
		return "the identity provider refuses this client"
	case e.Other:
		return "the check was begun with another identity provider or client"
	}
	return "the identity provider cannot be reached"
}

func (e *Error) Unwrap() error { return e.cause }

// Sandbox is the provider of demonstrations and tests: its checks end on command. The database refuses it where the
// environment is production.
type Sandbox struct{}

// Name is "sandbox".
func (Sandbox) Name() string { return "sandbox" }

// Start begins a check that `verify face simulate` ends.
func (Sandbox) Start(_ context.Context, id string) (Started, error) {
	return Started{Reference: id, QRURI: "farenctl-sandbox:" + id}, nil
}

// Ready is always true.
func (Sandbox) Ready(context.Context) error { return nil }

// Poll knows nothing: a check of the sandbox ends in the database.
func (Sandbox) Poll(context.Context, []byte) (Answer, error) { return Answer{}, nil }
