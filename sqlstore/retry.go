package sqlstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Patience is how long a call goes on trying while other writers lock the database.
const Patience = 10 * time.Second

// longestWait is between two tries.
const longestWait = 50 * time.Millisecond

// retry calls try again while the database is locked by others, and returns its last error: when it is another one, after Patience,
// or when ctx ends.
func (s *Store) retry(ctx context.Context, try func() error) error {
	end := time.Now().Add(Patience)
	for wait := time.Millisecond; ; wait = min(2*wait, longestWait) {
		err := try()
		if err == nil || !s.dialect.busy(err) || time.Now().After(end) {
			return err
		}
		pause := time.NewTimer(wait/2 + rand.N(wait)) // so that writers do not keep meeting
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return fmt.Errorf("%w while waiting: %w", ctx.Err(), err)
		}
	}
}

// sqliteBusy tells whether err is SQLITE_BUSY or SQLITE_LOCKED. The drivers' errors have no type or method in common, only SQLite's own
// words: "database is locked", "database table is locked", "database schema is locked".
func sqliteBusy(err error) bool { return strings.Contains(err.Error(), " is locked") }
