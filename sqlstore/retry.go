package sqlstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/seed-374a2035/masto"
)

// BusyTimeout is how long a call keeps trying while writers outside of its
// Store keep the database busy. After that it fails with an error matching
// [masto.ErrBusy].
const BusyTimeout = 10 * time.Second

// longestWait is the longest pause between two tries.
const longestWait = 50 * time.Millisecond

// retry calls try again while other writers keep the database busy, until
// BusyTimeout is over or ctx ends. If the database is busy to the end, the
// error matches masto.ErrBusy, the driver's error, and that of ctx if ctx ended
// first. Any other error of try is returned at once, as it is.
func (s *Store) retry(ctx context.Context, try func() error) error {
	end := time.Now().Add(BusyTimeout)
	for wait := time.Millisecond; ; wait = min(2*wait, longestWait) {
		err := try()
		if err == nil || !s.dialect.busy(err) {
			return err
		}
		err = fmt.Errorf("%w: %w", masto.ErrBusy, err)
		if time.Now().After(end) {
			return err
		}
		pause := time.NewTimer(wait/2 + rand.N(wait)) // random, so that writers do not keep colliding
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return fmt.Errorf("%w while waiting: %w", ctx.Err(), err)
		}
	}
}

// retryWrite is retry for calls that write. SQLite has one writer at a time and
// no queue for the others, so there the calls of a Store take turns: if they
// only kept asking, some would never have a turn. A call waits for its turn
// until ctx ends, as it waits for a connection of the pool.
func (s *Store) retryWrite(ctx context.Context, try func() error) error {
	if s.turn != nil {
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return fmt.Errorf("%w while waiting: %w", ctx.Err(), masto.ErrBusy)
		}
	}
	return s.retry(ctx, try)
}
