package integration

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/sqlstore"
)

// sqliteStore adds AddFollowers to a Store, with which the suite raises a
// counter outside of Update, as a server's own statements do.
type sqliteStore struct {
	*sqlstore.Store
	db *sql.DB
}

func (s sqliteStore) AddFollowers(ctx context.Context, id string, n int64) error {
	const statement = "UPDATE masto_accounts SET followers_count = followers_count + ? WHERE id = ?"
	_, err := s.db.ExecContext(ctx, statement, n, id)
	return err
}

// openSQLite opens a database, which is closed at the end of the test.
func openSQLite(t *testing.T, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", name)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// inMemory opens a database in memory.
func inMemory(t *testing.T) *sql.DB {
	t.Helper()
	db := openSQLite(t, ":memory:")
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db
}

// inFile opens a new database in a file, with parameters of its address.
func inFile(t *testing.T, parameters string) *sql.DB {
	t.Helper()
	return openSQLite(t, "file:"+filepath.Join(t.TempDir(), "masto.db")+"?"+parameters)
}

// migrated creates the tables in db and returns a Store with the records of
// seed.
func migrated(t *testing.T, db *sql.DB, seed ...*masto.Record) sqliteStore {
	t.Helper()
	s := sqliteStore{sqlstore.NewSQLite(db), db}
	require.NoError(t, s.Migrate(t.Context()))
	for _, r := range seed {
		require.NoError(t, s.Create(t.Context(), r))
	}
	return s
}

func TestSQLiteInMemory(t *testing.T) {
	mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
		return migrated(t, inMemory(t), seed...)
	})
}

func TestSQLiteInFile(t *testing.T) {
	const (
		wal  = "_pragma=journal_mode(wal)"
		fast = "_pragma=synchronous(off)"
		busy = "_pragma=busy_timeout(5000)"
	)
	for _, c := range []struct {
		name       string
		parameters []string
	}{
		{"wal", []string{wal, "_pragma=synchronous(normal)", busy}},
		{"rollback journal", []string{fast, busy}},
		{"no busy timeout", []string{wal, fast}},
		{"no busy timeout, no wal", []string{fast}},
		{"immediate transactions", []string{"_txlock=immediate", wal, fast, busy}},
		{"times parsed by the driver", []string{"_texttotime=1", wal, fast, busy}},
		{"foreign keys", []string{"_pragma=foreign_keys(1)", wal, fast, busy}},
	} {
		t.Run(c.name, func(t *testing.T) {
			mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
				s := migrated(t, inFile(t, strings.Join(c.parameters, "&")), seed...)
				if !slices.Contains(c.parameters, busy) {
					// AddFollowers would not wait for other writers.
					return struct{ masto.Store }{s}
				}
				return s
			})
		})
	}
}
