package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
)

// connector connects as lib/pq does, and to a pooler that takes no settings at the start of a connection (pgbouncer) without them: they are set right after it.
// That needs a connection of one's own, which a pooler gives in its session mode alone; another mode is refused.
type connector struct {
	direct, bare driver.Connector
	settings     []string // statements

	mu     sync.Mutex
	pooled bool // once seen
}

func newConnector(config pq.Config) (*connector, error) {
	direct, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, err
	}
	c := &connector{direct: direct}
	for _, name := range slices.Sorted(maps.Keys(config.Runtime)) {
		c.settings = append(c.settings, fmt.Sprintf("SET %s = %s", name, pq.QuoteLiteral(config.Runtime[name])))
	}
	if role, found := strings.CutPrefix(strings.TrimSpace(config.Options), "-c role="); found {
		c.settings = append(c.settings, "SET ROLE "+pq.QuoteIdentifier(role))
	}
	config.Runtime, config.Options = nil, ""
	c.bare, err = pq.NewConnectorConfig(config)
	return c, err
}

// Driver is lib/pq's.
func (c *connector) Driver() driver.Driver { return c.direct.Driver() }

// Connect opens a connection. CONFIG_INVALID: behind a pooler that hands connections out by transaction.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	c.mu.Lock()
	pooled := c.pooled
	c.mu.Unlock()
	if !pooled {
		conn, err := c.direct.Connect(ctx)
		var refused *pq.Error
		if err == nil || !errors.As(err, &refused) || refused.Code != "08P01" || !strings.HasPrefix(refused.Message, "unsupported startup parameter") {
			return conn, err
		}
	}
	conn, err := c.bare.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if !pooled {
		err = c.ownsItsSession(ctx, conn)
	}
	for _, statement := range c.settings {
		if err == nil {
			err = execute(ctx, conn, statement)
		}
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	c.mu.Lock()
	c.pooled = true
	c.mu.Unlock()
	return conn, nil
}

// ownsItsSession tells whether a connection through a pooler keeps its server process while nothing runs: then a second one has another. By
// transaction the pooler gives the second what the first has just given back; what other clients do between the two can hide that once, but hardly each time.
func (c *connector) ownsItsSession(ctx context.Context, first driver.Conn) error {
	second, err := c.bare.Connect(ctx)
	if err != nil {
		return err
	}
	defer second.Close() //nolint:errcheck // nothing was written
	for range 5 {
		mine, err := backend(ctx, first)
		if err != nil {
			return err
		}
		theirs, err := backend(ctx, second)
		if err != nil {
			return err
		}
		if mine == theirs {
			return account.NewFault("CONFIG_INVALID", "problem", account.Say("the pooler before the database hands connections out by transaction; farenctl needs pool_mode=session",
				"数据库前的连接池按事务分配连接；farenctl 需要 pool_mode=session"))
		}
	}
	return nil
}

func execute(ctx context.Context, conn driver.Conn, statement string) error {
	executor, ok := conn.(driver.ExecerContext)
	if !ok {
		return errors.New("the driver cannot execute")
	}
	_, err := executor.ExecContext(ctx, statement, nil)
	return err
}

// backend is the server process behind a connection.
func backend(ctx context.Context, conn driver.Conn) (int64, error) {
	queryer, ok := conn.(driver.QueryerContext)
	if !ok {
		return 0, errors.New("the driver cannot query")
	}
	rows, err := queryer.QueryContext(ctx, `SELECT pg_catalog.pg_backend_pid()`, nil)
	if err != nil {
		return 0, err
	}
	row := make([]driver.Value, 1)
	err = rows.Next(row)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	pid, _ := row[0].(int64)
	return pid, errors.Join(err, rows.Close())
}
