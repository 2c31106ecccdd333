package integration

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// TestOutbox checks that a row which OnChange inserts commits with the profile,
// and is rolled back with it.
func TestOutbox(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(t *testing.T) (*sqlstore.Store, *sql.DB)
	}{
		{"SQLite", func(t *testing.T) (*sqlstore.Store, *sql.DB) {
			s := migrated(t, inFile(t, "_pragma=journal_mode(wal)"), whole())
			return s.Store, s.db
		}},
		{"PostgreSQL", func(t *testing.T) (*sqlstore.Store, *sql.DB) {
			s := postgresWith(t, openPostgres(t, newSchema(t)), whole())
			return s.Store, s.db
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, db := c.open(t)
			execute(t, db, "CREATE TABLE outbox (account_id TEXT NOT NULL, note TEXT NOT NULL)")
			var failure error
			store.OnChange = func(
				ctx context.Context, tx *sql.Tx, before, after *masto.Record, c masto.Changes,
			) error {
				assert.Equal(t, masto.ChangedNote, c)
				assert.NotEqual(t, before.Profile.Note, after.Profile.Note)
				const insert = "INSERT INTO outbox VALUES ($1, $2)"
				_, err := tx.ExecContext(ctx, insert, after.Profile.ID, after.Profile.Note)
				return errors.Join(err, failure)
			}
			outbox := func() (rows int) {
				require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM outbox").Scan(&rows))
				return rows
			}

			_, err := store.Update(t.Context(), "1", changeNote("one"))
			require.NoError(t, err)
			assert.Equal(t, 1, outbox())

			failure = errors.New("the queue is closed")
			_, err = store.Update(t.Context(), "1", changeNote("two"))
			require.ErrorIs(t, err, failure)
			assert.Equal(t, 1, outbox())
			r, err := store.Get(t.Context(), "1")
			require.NoError(t, err)
			assert.Equal(t, "one", r.Profile.Note)

			failure = nil
			refused := errors.New("refused")
			_, err = store.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
				r.Profile.Note = "three"
				return masto.ChangedNote, refused
			})
			require.ErrorIs(t, err, refused)
			assert.Equal(t, 1, outbox())

			assert.Panics(t, func() {
				store.OnChange = func(context.Context, *sql.Tx, *masto.Record, *masto.Record, masto.Changes) error {
					panic("in OnChange")
				}
				_, _ = store.Update(t.Context(), "1", changeNote("four"))
			})
			store.OnChange = nil
			r, err = store.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) { return 0, nil })
			require.NoError(t, err, "no lock is left")
			assert.Equal(t, "one", r.Profile.Note)
		})
	}
}
