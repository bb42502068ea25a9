package service

import (
	"context"
	"fmt"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/postgres"
)

// comparison is the merge of the leaves that were sealed with the events that are there.
type comparison struct {
	leaves *audit.LeafReader
	left   int64       // leaves that were sealed and not read yet
	want   *audit.Leaf // the next of them
	held   *heldEvent  // has the number of want, but is another event
	all    account.AuditDifferences
	first  *account.AuditDifference
}

type heldEvent struct{ at *time.Time }

func (c *comparison) next() error {
	c.want = nil
	if c.left == 0 {
		return nil
	}
	leaf, err := c.leaves.Next()
	if err != nil {
		return fmt.Errorf("read the leaves: %w", err)
	}
	c.want = &leaf
	c.left--
	return nil
}

func (c *comparison) tell(number int64, what string, at *time.Time, count *int64) {
	*count++
	if c.first == nil {
		c.first = &account.AuditDifference{EventID: &number, What: what, At: at}
	}
}

// settle says what became of the sealed event whose number another one has, once nothing else has it.
func (c *comparison) settle() error {
	if c.held == nil {
		return nil
	}
	c.tell(c.want.Event, account.EventEdited, c.held.at, &c.all.Edited)
	c.held = nil
	return c.next()
}

func (c *comparison) event(leaf audit.Leaf, at *time.Time) error {
	if c.held != nil && c.want.Event != leaf.Event {
		if err := c.settle(); err != nil {
			return err
		}
	}
	for c.want != nil && c.want.Event < leaf.Event {
		c.tell(c.want.Event, account.EventRemoved, nil, &c.all.Removed)
		if err := c.next(); err != nil {
			return err
		}
	}
	switch {
	case c.want == nil || c.want.Event != leaf.Event:
		c.tell(leaf.Event, account.EventInserted, at, &c.all.Inserted)
	case c.want.Digest == leaf.Digest:
		if c.held != nil { // of two with one number, this is the one that was sealed
			c.tell(leaf.Event, account.EventInserted, c.held.at, &c.all.Inserted)
			c.held = nil
		}
		return c.next()
	case c.held != nil:
		c.tell(leaf.Event, account.EventInserted, at, &c.all.Inserted)
	default:
		c.held = &heldEvent{at: at}
	}
	return nil
}

func (c *comparison) end() error {
	if err := c.settle(); err != nil {
		return err
	}
	for c.want != nil {
		c.tell(c.want.Event, account.EventRemoved, nil, &c.all.Removed)
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// compare finds what became of the events of a checkpoint, whose leaves are what was sealed. nil: all are as they were.
func compare(ctx context.Context, store *postgres.Store, dir string, p audit.Checkpoint) (*account.AuditDifference, account.AuditDifferences, error) {
	leaves, err := audit.OpenLeaves(dir)
	if err != nil {
		return nil, account.AuditDifferences{}, unreadable(dir, err)
	}
	defer leaves.Close() //nolint:errcheck // only read
	c := &comparison{leaves: leaves, left: p.Size}
	if err := c.next(); err != nil {
		return nil, c.all, err
	}
	var encoder audit.Encoder
	err = eachRaw(ctx, store, p.Last, func(number int64, columns [][]byte) error {
		return c.event(encoder.Leaf(number, columns), rawTime(columns[2]))
	})
	if err == nil {
		err = c.end()
	}
	return c.first, c.all, err
}

// rawTime reads the time of an event; nil: it is none.
func rawTime(column []byte) *time.Time {
	at, err := time.Parse("2006-01-02 15:04:05.999999", string(column))
	if err != nil {
		return nil
	}
	return &at
}

// tellDifference says what is wrong with the events.
func tellDifference(d account.AuditDifference) account.Text {
	switch {
	case d.What == account.CheckpointsTwo:
		return account.Say("the checkpoints contradict each other behind event %d", "事件 %d 之后的检查点互相矛盾", d.After)
	case d.EventID == nil:
		return account.Say("behind event %d, up to %d, something was edited, removed or inserted", "事件 %d 之后至 %d 之间有事件被修改、删除或插入", d.After, d.UpTo)
	case d.What == account.EventEdited:
		return account.Say("event %d was edited", "事件 %d 被修改", *d.EventID)
	case d.What == account.EventRemoved:
		return account.Say("event %d was removed", "事件 %d 被删除", *d.EventID)
	}
	return account.Say("event %d was inserted", "事件 %d 系事后插入", *d.EventID)
}
