package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-374a2035/masto"
)

// outbox is a queue of what other servers have to be told. A row is added in
// the transaction that changes a profile, and removed when it was delivered, so
// that nothing is lost whatever process dies when. It may be delivered twice.
type outbox struct {
	db *database
	// deliver tells other servers that an account changed.
	deliver func(ctx context.Context, accountID string, c masto.Changes) error
	wake    chan struct{} // has room for one
}

const (
	// outboxTime is how long one process has to deliver a row before another
	// one may try.
	outboxTime = time.Minute
	// queuePause is how often a process looks for the rows of others, and for
	// those whose time has come.
	queuePause = 5 * time.Second
)

func newOutbox(
	db *database, deliver func(ctx context.Context, accountID string, c masto.Changes) error,
) *outbox {
	return &outbox{db: db, deliver: deliver, wake: make(chan struct{}, 1)}
}

// add adds a row if other servers get to see the change. It is the OnChange of
// the store of accounts.
func (o *outbox) add(ctx context.Context, tx *sql.Tx, _, after *masto.Record, c masto.Changes) error {
	if !c.Any(masto.ChangedPublic) {
		return nil
	}
	const insert = "INSERT INTO outbox (account_id, changes, taken_until) VALUES ($1, $2, 0)"
	if _, err := tx.ExecContext(ctx, insert, after.Profile.ID, int64(c)); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// hurry tells work that there may be a row.
func (o *outbox) hurry() { wakeUp(o.wake) }

// work delivers rows, also those of other processes, until ctx is canceled.
func (o *outbox) work(ctx context.Context) {
	workOff(ctx, o.wake, o.next)
}

// workOff calls next until it finds nothing to do, and again after a pause or
// when it is woken, until ctx is canceled.
func workOff(ctx context.Context, wake <-chan struct{}, next func(context.Context) (found bool, err error)) {
	pause := time.NewTicker(queuePause)
	defer pause.Stop()
	for ctx.Err() == nil {
		found, err := next(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "not done yet", "error", err)
		}
		if found {
			continue
		}
		select {
		case <-ctx.Done():
		case <-pause.C:
		case <-wake:
		}
	}
}

// wakeUp tells whoever waits on wake, which has room for one, that there may be
// something to do.
func wakeUp(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// next delivers the oldest row that nobody has, and reports whether there was
// one. If that fails, the row is delivered later.
func (o *outbox) next(ctx context.Context) (found bool, err error) {
	lock := ""
	if o.db.postgres {
		lock = "FOR UPDATE SKIP LOCKED" // SQLite has one writer at a time.
	}
	take := `
		UPDATE outbox SET taken_until = $1
		WHERE id = (SELECT id FROM outbox WHERE taken_until < $2 ORDER BY id LIMIT 1 ` + lock + `)
		RETURNING id, account_id, changes`
	now := time.Now()
	var id, changes int64
	var accountID string
	row := o.db.QueryRowContext(ctx, take, now.Add(outboxTime).Unix(), now.Unix())
	err = row.Scan(&id, &accountID, &changes)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("outbox: %w", err)
	}
	delivering, cancel := context.WithTimeout(ctx, outboxTime)
	defer cancel()
	if err := o.deliver(delivering, accountID, masto.Changes(changes)); err != nil {
		return true, fmt.Errorf("account %s: %w", accountID, err)
	}
	if _, err := o.db.ExecContext(ctx, "DELETE FROM outbox WHERE id = $1", id); err != nil {
		return true, fmt.Errorf("outbox: %w", err)
	}
	return true, nil
}

// tell is where a server that federates sends an Update activity with the actor
// as it is now. This one only says so.
func tell(ctx context.Context, accountID string, c masto.Changes) error {
	slog.InfoContext(ctx, "profile updated, to be told to other servers", "account", accountID, "changed", c)
	return nil
}
