package postgres

import (
	"context"
	"sync"

	"github.com/jmoiron/sqlx"
)

// querier is a connection pool or a transaction.
type querier interface {
	sqlx.QueryerContext
	sqlx.ExecerContext
}

// dryRun is the one transaction of a dry run. What is refused in it is answered as ever; what is raised ends it.
type dryRun struct {
	mu   sync.Mutex // a transaction takes one call at a time
	conn *sqlx.Conn // that the transaction is on
	tx   *sqlx.Tx
}

// exchange runs one call: again when that may help, or within the transaction of a dry run.
func (s *Store) exchange(ctx context.Context, query string, call func(querier) error) error {
	return s.timed(query, func() error {
		if s.dry == nil {
			return s.retry(ctx, func() error { return call(s.db) })
		}
		s.dry.mu.Lock()
		defer s.dry.mu.Unlock()
		if err := s.begin(ctx); err != nil {
			return err
		}
		return once(ctx, func() error { return call(s.dry.tx) })
	})
}

// begin begins the transaction of a dry run, once. It lives longer than one call's context.
func (s *Store) begin(ctx context.Context) error {
	if s.dry.tx != nil {
		return nil
	}
	return s.retry(ctx, func() error {
		var err error
		s.dry.conn, s.dry.tx, err = s.beginOn(ctx)
		return err
	})
}

// transaction runs several statements as one change, or as part of the transaction of a dry run. It is not retried.
// run is given the transaction's connection as well, for what the driver alone can do.
func (s *Store) transaction(ctx context.Context, run func(*sqlx.Conn, *sqlx.Tx) error) error {
	if s.dry != nil {
		s.dry.mu.Lock()
		defer s.dry.mu.Unlock()
		if err := s.begin(ctx); err != nil {
			return err
		}
		return run(s.dry.conn, s.dry.tx)
	}
	conn, tx, err := s.beginOn(ctx)
	if err != nil {
		return fault(ctx, err)
	}
	defer conn.Close()  //nolint:errcheck // back to the pool
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := run(conn, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fault(ctx, err)
	}
	return nil
}

// beginOn begins a transaction on a connection of its own. Not ended by ctx itself: database/sql would roll back on a goroutine of its own,
// while the driver still reads what COPY is told.
func (s *Store) beginOn(ctx context.Context) (*sqlx.Conn, *sqlx.Tx, error) {
	ctx = context.WithoutCancel(ctx)
	conn, err := s.db.Connx(ctx)
	if err != nil {
		return nil, nil, err
	}
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	return conn, tx, nil
}

func (d *dryRun) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tx != nil {
		_ = d.tx.Rollback() // a connection that is lost has rolled back as well
		_ = d.conn.Close()
		d.tx = nil
	}
}
