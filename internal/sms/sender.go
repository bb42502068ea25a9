package sms

import (
	"context"

	"github.com/farenctl/farenctl/internal/account"
)

// Message is one message to be sent. ID is its deduplication key: a gateway that knows it takes it once.
type Message struct {
	ID     string
	Kind   string
	To     string            // a mobile of the mainland, 11 digits
	Text   string            // whole, with its signature
	Params map[string]string // what stands in the places of the text, for gateways that keep templates
}

// Outcome is what became of one try to send.
type Outcome string

// The outcomes of a try.
const (
	Sent    Outcome = "sent"    // the gateway took it
	Refused Outcome = "refused" // the gateway will never take it: dead
	Limited Outcome = "limited" // too many, not now: tried again
	Failed  Outcome = "failed"  // nothing reached the gateway, or it says so: tried again
	Unknown Outcome = "unknown" // it may have been taken: never tried again by itself
)

// Result is what a gateway answered. Reference is its own name of the message, Code its own code; neither holds anything personal.
type Result struct {
	Outcome   Outcome
	Reference string
	Code      string
}

// Sender sends messages. Send gives up when ctx ends. It is safe for concurrent use.
type Sender interface {
	Name() string
	Send(ctx context.Context, m Message) Result
}

// ConfigError tells why a sender cannot be made of its settings, never what they hold.
type ConfigError struct{ Problem account.Text }

func (e *ConfigError) Error() string { return e.Problem.English }
