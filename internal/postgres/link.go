package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// Link is how a store reaches its database. Ahead is by how much the server's clock is ahead of this machine's, negative when it is
// behind, as exactly as half an exchange with it.
type Link struct {
	Near     bool // over a socket or loopback: nothing leaves the machine
	TLS      bool
	Verified bool // the server's certificate and name were checked
	Ahead    time.Duration
}

// Link connects and looks at the connection. It needs no schema.
func (s *Store) Link(ctx context.Context) (Link, error) {
	type link struct {
		TLS   bool      `db:"tls"`
		Clock time.Time `db:"clock"`
	}
	// Connected before it is timed.
	if err := s.retry(ctx, func() error { return s.db.PingContext(ctx) }); err != nil {
		return Link{}, err
	}
	before := time.Now()
	found, _, err := one[link](ctx, s, `SELECT coalesce((SELECT l.ssl FROM pg_catalog.pg_stat_ssl l WHERE l.pid = pg_catalog.pg_backend_pid()), false) AS tls,
		clock_timestamp() AS clock`)
	if err != nil {
		return Link{}, err
	}
	middle := before.Add(time.Since(before) / 2)
	return Link{Near: s.near, TLS: found.TLS, Verified: found.TLS && s.mode == pq.SSLModeVerifyFull, Ahead: found.Clock.Sub(middle)}, nil
}

// Now is the clock that the rules go by.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	type row struct {
		Now time.Time `db:"now"`
	}
	found, _, err := one[row](ctx, s, `SELECT now FROM api.status`)
	return found.Now, err
}
