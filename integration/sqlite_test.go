package integration

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/sqlstore"
)

// sqliteStore is a Store with the way of raising a counter that the suite asks for: a statement of the server's own.
type sqliteStore struct {
	*sqlstore.Store
	db *sql.DB
}

func (s sqliteStore) AddFollowers(ctx context.Context, id string, n int64) error {
	_, err := s.db.ExecContext(ctx, "UPDATE masto_accounts SET followers_count = followers_count + ? WHERE id = ?", n, id)
	return err
}

// openSQLite opens a database and closes it with the test.
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

// inFile opens a database in a file, with these pragmas.
func inFile(t *testing.T, pragmas string) *sql.DB {
	t.Helper()
	return openSQLite(t, "file:"+filepath.Join(t.TempDir(), "masto.db")+"?"+pragmas)
}

// migrated returns a Store on db that has the records of seed.
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
	mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store { return migrated(t, inMemory(t), seed...) })
}

func TestSQLiteInFile(t *testing.T) {
	for name, pragmas := range map[string]string{
		"wal":                         "_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=busy_timeout(5000)",
		"rollback journal":            "_pragma=synchronous(off)&_pragma=busy_timeout(5000)",
		"no busy timeout":             "_pragma=journal_mode(wal)&_pragma=synchronous(off)",
		"no busy timeout, no wal":     "_pragma=synchronous(off)",
		"immediate transactions":      "_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=busy_timeout(5000)",
		"times parsed by the driver":  "_texttotime=1&_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=busy_timeout(5000)",
		"foreign keys and strict SQL": "_pragma=foreign_keys(1)&_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=busy_timeout(5000)",
	} {
		t.Run(name, func(t *testing.T) {
			mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
				// AddFollowers of the suite waits for other writers by the driver's timeout alone
				if name == "no busy timeout" || name == "no busy timeout, no wal" {
					return struct{ masto.Store }{migrated(t, inFile(t, pragmas), seed...)}
				}
				return migrated(t, inFile(t, pragmas), seed...)
			})
		})
	}
}
