package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/pgtest"
	"github.com/seed-374a2035/masto/sqlstore"
)

// databases are names of new databases of both kinds.
var databases = []struct {
	name string
	open func(t *testing.T) string
}{
	{"SQLite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "masto.db") }},
	{"PostgreSQL", newPostgres},
}

// newPostgres returns the address of a new schema.
func newPostgres(t *testing.T) string {
	t.Helper()
	server := pgtest.Shared(t)
	db, err := openDatabase(server)
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	name, address := pgtest.Schema(server)
	_, err = db.ExecContext(t.Context(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	return address
}

// TestOutbox checks what is queued, and that a row stays until it is delivered.
func TestOutbox(t *testing.T) {
	for _, c := range databases {
		t.Run(c.name, func(t *testing.T) {
			db, err := openDatabase(c.open(t))
			require.NoError(t, err)
			defer func() { assert.NoError(t, db.Close()) }()
			store, err := db.accounts(t.Context())
			require.NoError(t, err)
			require.NoError(t, db.createTables(t.Context()))
			require.NoError(t, db.createTables(t.Context()), "at the next start")
			var told []string
			var failure error
			queue := newOutbox(db, func(_ context.Context, id string, changes masto.Changes) error {
				told = append(told, id+": "+changes.String())
				return failure
			})
			store.OnChange = queue.add
			require.NoError(t, store.Create(t.Context(), masto.NewRecord("1", "alice")))

			// What only the user sees is not told.
			reporting(t, store, masto.ChangedPosting)
			reporting(t, store, masto.NeedsVerification)
			assert.Zero(t, queued(t, db))

			reporting(t, store, masto.ChangedNote)
			reporting(t, store, masto.ChangedBot|masto.ChangedPosting)
			failure = errors.New("the other server is down")
			_, err = queue.next(t.Context())
			require.ErrorIs(t, err, failure)
			failure = nil
			found, err := queue.next(t.Context())
			require.NoError(t, err)
			assert.True(t, found, "the second row does not wait for the first")
			found, err = queue.next(t.Context())
			require.NoError(t, err)
			assert.False(t, found, "the first row waits")
			assert.Equal(t, 1, queued(t, db))

			_, err = db.ExecContext(t.Context(), "UPDATE outbox SET taken_until = 0") // its time is over
			require.NoError(t, err)
			found, err = queue.next(t.Context())
			require.NoError(t, err)
			assert.True(t, found)
			assert.Zero(t, queued(t, db))
			assert.Equal(t, []string{"1: note", "1: bot, posting", "1: note"}, told)
		})
	}
}

// reporting updates the account 1 and reports c.
func reporting(t *testing.T, store *sqlstore.Store, c masto.Changes) {
	t.Helper()
	_, err := store.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) { return c, nil })
	require.NoError(t, err)
}
