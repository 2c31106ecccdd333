package integration

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/pgtest"
	"github.com/seed-374a2035/masto/sqlstore"
)

// tally counts what became of the updates of an account.
type tally struct{ stored, failed atomic.Int64 }

// TestPostgresRestart restarts the server several times while clients update
// accounts. Their calls fail and then succeed again. No update that returned is
// lost, and none is applied twice or in part.
func TestPostgresRestart(t *testing.T) {
	server := pgtest.Start(t)
	s := postgresWith(t, openPostgres(t, server.Address))
	const accounts = 4
	tallies := make([]tally, accounts)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	for i := range 2 * accounts {
		id := strconv.Itoa(i % accounts)
		if i < accounts {
			require.NoError(t, s.Create(t.Context(), masto.NewRecord(id, "user"+id)))
		}
		clients.Go(func() {
			for ctx.Err() == nil {
				tallies[i%accounts].count(increment(t.Context(), s.Store, id))
			}
		})
	}
	stored := func() (all int64) {
		for i := range tallies {
			all += tallies[i].stored.Load()
		}
		return all
	}
	for range 3 {
		before := stored()
		more := func() bool { return stored() > before+50 }
		require.Eventually(t, more, 20*time.Second, time.Millisecond, "updates succeed again")
		server.Restart(t)
	}
	before := stored()
	require.Eventually(t, func() bool { return stored() > before }, 20*time.Second, time.Millisecond)
	stop()
	clients.Wait()

	var failed int64
	for i := range tallies {
		r, err := s.Get(t.Context(), strconv.Itoa(i))
		require.NoError(t, err)
		n, err := strconv.ParseInt(r.Profile.Note, 10, 64)
		require.NoError(t, err)
		assert.Equal(t, r.Profile.Note, r.Profile.DisplayName, "half of an update")
		assert.GreaterOrEqual(t, n, tallies[i].stored.Load(), "an update that returned was lost")
		assert.LessOrEqual(t, n, tallies[i].stored.Load()+tallies[i].failed.Load(), "an update was applied twice")
		failed += tallies[i].failed.Load()
	}
	assert.Positive(t, failed, "nobody noticed the restarts")
}

// count notes what became of an update. After a failure it waits a moment, as a
// client does.
func (y *tally) count(err error) {
	if err == nil {
		y.stored.Add(1)
		return
	}
	y.failed.Add(1)
	time.Sleep(5 * time.Millisecond)
}

// increment counts up in two texts of an account.
func increment(ctx context.Context, s *sqlstore.Store, id string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := s.Update(ctx, id, func(r *masto.Record) (masto.Changes, error) {
		n, err := strconv.Atoi(r.Profile.Note)
		if err != nil && r.Profile.Note != "" {
			return 0, err
		}
		r.Profile.Note, r.Profile.DisplayName = strconv.Itoa(n+1), strconv.Itoa(n+1)
		return masto.ChangedNote | masto.ChangedDisplayName, nil
	})
	return err
}

// TestPostgresFrozen freezes a process within an update. It does not keep the
// account locked, and nothing of its update is stored.
func TestPostgresFrozen(t *testing.T) {
	address := newSchema(t)
	frozen := postgresWith(t, openPostgres(t, address), masto.NewRecord("1", "alice"))
	locked, thawed := make(chan struct{}), make(chan struct{})
	frozen.OnChange = func(ctx context.Context, tx *sql.Tx, _, _ *masto.Record, _ masto.Changes) error {
		const setting = "idle_in_transaction_session_timeout"
		var timeout string
		err := tx.QueryRowContext(ctx, "SELECT current_setting($1)", setting).Scan(&timeout)
		require.NoError(t, err)
		assert.Equal(t, "30s", timeout)
		_, err = tx.ExecContext(ctx, "SELECT set_config($1, '100ms', true)", setting) // for the test alone
		close(locked)
		<-thawed
		return err
	}
	failed := make(chan error, 1)
	go func() {
		_, err := frozen.Update(t.Context(), "1", changeNote("frozen"))
		failed <- err
	}()
	<-locked
	other := postgresWith(t, openPostgres(t, address))
	_, err := other.Update(t.Context(), "1", changeNote("other"))
	require.NoError(t, err)
	close(thawed)
	require.Error(t, <-failed)
	r, err := other.Get(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "other", r.Profile.Note)
	frozen.OnChange = nil
	_, err = frozen.Update(t.Context(), "1", changeNote("thawed"))
	require.NoError(t, err)
}

// TestPostgresUnreachable checks that a server which is not there is an error
// at once, and neither ErrBusy nor ErrNotFound.
func TestPostgresUnreachable(t *testing.T) {
	s := sqlstore.NewPostgres(openPostgres(t, "postgres:///masto?user=masto&host="+os.TempDir()+"/nowhere"))
	_, err := s.Get(t.Context(), "1")
	require.Error(t, err)
	require.NotErrorIs(t, err, masto.ErrNotFound)
	require.NotErrorIs(t, err, masto.ErrBusy)
	_, err = s.Update(t.Context(), "1", changeNote("x"))
	require.Error(t, err)
	require.False(t, errors.Is(err, masto.ErrNotFound) || errors.Is(err, masto.ErrBusy))
}
