package postgres

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// changed is the channel on which faren.wake tells ids.
const changed = "faren_changed"

// wakeSeed is that of the advisory locks which faren.wake looks at.
const wakeSeed = "7239482736450123"

// Watch gives a hint whenever something may have been done with an application or face check, until ctx ends. It has a connection of its
// own, which comes back when it is lost. Where the server cannot notify (a standby, a pooler between) there are no hints: nothing may rest
// on them.
func (s *Store) Watch(ctx context.Context, id uuid.UUID) <-chan struct{} {
	hints := make(chan struct{}, 1)
	go func() {
		for pause := reconnectFirst; ; pause = min(2*pause, reconnectLast) {
			began := time.Now()
			if !s.watch(ctx, id, hints) {
				return
			}
			if time.Since(began) > reconnectLast {
				pause = reconnectFirst
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
		}
	}()
	return hints
}

// How long to wait before connecting again.
const (
	reconnectFirst = 200 * time.Millisecond
	reconnectLast  = 5 * time.Second
)

// watch listens on one connection until that is lost; false: it is no use to try another.
func (s *Store) watch(ctx context.Context, id uuid.UUID, hints chan<- struct{}) bool {
	told := make(chan *pq.Notification)
	conn, err := pq.NewListenerConn(s.listen, told)
	if err != nil {
		return ctx.Err() == nil
	}
	// It ends the loop below as well: closing the connection closes the channel.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	ready := make(chan bool, 1)
	go func() {
		able := true
		for _, statement := range []string{
			"LISTEN " + pq.QuoteIdentifier(changed),
			fmt.Sprintf("SELECT pg_catalog.pg_advisory_lock_shared(pg_catalog.hashtextextended('%s', %s))", id, wakeSeed),
		} {
			done, err := conn.ExecSimpleQuery(statement)
			if err != nil {
				able = able && !done // the server itself said no
				_ = conn.Close()
				break
			}
		}
		// What was done before somebody listened is seen by looking.
		hint(hints)
		ready <- able
	}()
	for n := range told {
		if n.Extra == id.String() {
			hint(hints)
		}
	}
	return <-ready && ctx.Err() == nil
}

func hint(hints chan<- struct{}) {
	select {
	case hints <- struct{}{}:
	default:
	}
}

// listenAddress is an address as the driver's listener takes it, with what [secure] settled: the listener reads addresses by itself.
func listenAddress(dsn string, config pq.Config) string {
	settled := map[string]string{"sslmode": string(config.SSLMode), "application_name": config.ApplicationName,
		"connect_timeout": strconv.Itoa(int(config.ConnectTimeout.Seconds()))}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		u, err := url.Parse(dsn)
		if err != nil {
			return "unreadable" // and so refused; the driver parsed it the same way before, so it does not come to this
		}
		q := u.Query()
		for name, value := range settled {
			if value != "" {
				q.Set(name, value)
			}
		}
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, value := range settled {
		if value != "" {
			dsn += " " + name + "='" + value + "'" // of several the last one counts
		}
	}
	return strings.TrimSpace(dsn)
}
