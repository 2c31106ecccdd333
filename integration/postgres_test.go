package integration

import (
	"context"
	"database/sql"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/pgtest"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/sqlstore"
)

// postgresStore adds AddFollowers to a Store, like sqliteStore.
type postgresStore struct {
	*sqlstore.Store
	db *sql.DB
}

func (s postgresStore) AddFollowers(ctx context.Context, id string, n int64) error {
	const statement = "UPDATE masto_accounts SET followers_count = followers_count + $1 WHERE id = $2"
	_, err := s.db.ExecContext(ctx, statement, n, id)
	return err
}

// openPostgres opens a database, which is closed at the end of the test.
func openPostgres(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// newSchema returns the address of a schema that is empty, on the server of all
// tests.
func newSchema(t *testing.T) string {
	t.Helper()
	server := pgtest.Shared(t)
	name, address := pgtest.Schema(server)
	execute(t, openPostgres(t, server), "CREATE SCHEMA "+name)
	return address
}

// postgresWith returns a Store with the records of seed, in a schema of its
// own.
func postgresWith(t *testing.T, db *sql.DB, seed ...*masto.Record) postgresStore {
	t.Helper()
	s := postgresStore{sqlstore.NewPostgres(db), db}
	require.NoError(t, s.Migrate(t.Context()))
	for _, r := range seed {
		require.NoError(t, s.Create(t.Context(), r))
	}
	return s
}

func TestPostgres(t *testing.T) {
	for _, c := range []struct {
		name       string
		parameters string
		// others reports whether statements of the server that are not in a
		// Store wait for the Store and succeed.
		others bool
	}{
		{"as usual", "", true},
		{"behind a pooler", "&default_query_exec_mode=exec", true},
		{"serializable by default", "&default_transaction_isolation=serializable", false},
		{"impatient, in another zone", "&lock_timeout=20&timezone=Asia/Kathmandu", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			pgtest.Shared(t)
			mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
				s := postgresWith(t, openPostgres(t, newSchema(t)+c.parameters), seed...)
				if c.others {
					return s
				}
				return s.Store
			})
		})
	}
}

func TestEveryColumnSurvivesInPostgres(t *testing.T) {
	s := postgresWith(t, openPostgres(t, newSchema(t)), whole())
	got, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	want := whole()
	want.CreatedAt = want.CreatedAt.UTC().Round(time.Microsecond)
	want.LastStatusAt = want.LastStatusAt.Round(time.Microsecond)
	assert.Empty(t, cmp.Diff(want, got))
	assert.Equal(t, time.UTC, got.CreatedAt.Location())
}

// TestPostgresMigratesOnce starts ten programs at the same time on a new
// database.
func TestPostgresMigratesOnce(t *testing.T) {
	for range 3 {
		address := newSchema(t)
		start := make(chan struct{})
		var all sync.WaitGroup
		for range 10 {
			db := openPostgres(t, address)
			all.Go(func() {
				<-start
				assert.NoError(t, sqlstore.NewPostgres(db).Migrate(t.Context()))
			})
		}
		close(start)
		all.Wait()
		s := postgresWith(t, openPostgres(t, address), whole())
		_, err := s.Get(t.Context(), "1")
		require.NoError(t, err)
	}
}

// TestPostgresMigratesWithoutRights checks that a role which may not make
// tables can start on a current schema.
func TestPostgresMigratesWithoutRights(t *testing.T) {
	address := newSchema(t)
	s := postgresWith(t, openPostgres(t, address), whole())
	role := "reader" + strconv.Itoa(os.Getpid())
	execute(t, s.db, "CREATE ROLE "+role)
	t.Cleanup(func() {
		_, err := s.db.ExecContext(context.WithoutCancel(t.Context()), "DROP OWNED BY "+role+"; DROP ROLE "+role)
		assert.NoError(t, err)
	})
	var schema string
	require.NoError(t, s.db.QueryRowContext(t.Context(), "SELECT current_schema()").Scan(&schema))
	execute(t, s.db, "GRANT USAGE ON SCHEMA "+schema+" TO "+role)
	execute(t, s.db, "GRANT SELECT ON ALL TABLES IN SCHEMA "+schema+" TO "+role)
	restricted := sqlstore.NewPostgres(openPostgres(t, address+"&role="+role))
	require.NoError(t, restricted.Migrate(t.Context()))
	_, err := restricted.Get(t.Context(), "1")
	require.NoError(t, err)
	_, err = restricted.Update(t.Context(), "1", changeNote("x"))
	require.ErrorContains(t, err, "permission denied")
}

func TestPostgresRefusesANewerSchema(t *testing.T) {
	s := postgresWith(t, openPostgres(t, newSchema(t)))
	execute(t, s.db, "UPDATE masto_schema_version SET version = version + 1")
	err := s.Migrate(t.Context())
	var newer *sqlstore.SchemaError
	require.ErrorAs(t, err, &newer)
	assert.Equal(t, newer.Known+1, newer.Database)
}

func TestPostgresMigratesWholeOrNotAtAll(t *testing.T) {
	db := openPostgres(t, newSchema(t))
	execute(t, db, "CREATE TABLE masto_accounts (mine INTEGER)")
	require.ErrorContains(t, sqlstore.NewPostgres(db).Migrate(t.Context()), "to version 1")
	_, err := db.ExecContext(t.Context(), "SELECT version FROM masto_schema_version")
	require.ErrorContains(t, err, "does not exist", "no version is stored")
	execute(t, db, "DROP TABLE masto_accounts")
	postgresWith(t, db)
}

// TestPostgresColumns reads the columns by a statement that a server could
// have.
func TestPostgresColumns(t *testing.T) {
	s := postgresWith(t, openPostgres(t, newSchema(t)), whole())
	var note, field string
	var verified, created time.Time
	err := s.db.QueryRowContext(t.Context(), `
		SELECT a.note, f ->> 'name', (f ->> 'verified_at')::timestamptz, a.created_at
		FROM masto_accounts a, jsonb_array_elements(a.fields) f
		WHERE a.username_key = 'alice' AND a.locked AND a.created_at > '2020-01-01'
	`).Scan(&note, &field, &verified, &created)
	require.NoError(t, err)
	assert.Equal(t, "bio", note)
	assert.Equal(t, "a", field)
	assert.WithinDuration(t, whole().CreatedAt, verified, time.Microsecond)
	assert.WithinDuration(t, whole().CreatedAt, created, time.Microsecond)
}

// TestPostgresReferences checks that a row which refers to an account can be
// inserted while the account is updated.
func TestPostgresReferences(t *testing.T) {
	s := postgresWith(t, openPostgres(t, newSchema(t)), whole())
	execute(t, s.db, "CREATE TABLE posts (account_id TEXT REFERENCES masto_accounts (id))")
	_, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
		execute(t, s.db, "INSERT INTO posts VALUES ('1')")
		r.Profile.Note = "x"
		return masto.ChangedNote, nil
	})
	require.NoError(t, err)
}

// TestPostgresDeadlock lets two updates, each with another statement in its
// transaction, wait for each other. PostgreSQL fails one, which is tried again.
func TestPostgresDeadlock(t *testing.T) {
	db := openPostgres(t, newSchema(t)+"&deadlock_timeout=50")
	s := postgresWith(t, db, masto.NewRecord("1", "alice"), masto.NewRecord("2", "bob"))
	var both sync.WaitGroup
	both.Add(2)
	var met, calls sync.Map
	s.OnChange = func(ctx context.Context, tx *sql.Tx, _, after *masto.Record, _ masto.Changes) error {
		id := after.Profile.ID
		if _, again := met.LoadOrStore(id, true); !again {
			both.Done()
			both.Wait()
		} else {
			calls.Store(id, "again")
		}
		other := map[string]string{"1": "2", "2": "1"}[id]
		const statement = "UPDATE masto_accounts SET statuses_count = statuses_count + 1 WHERE id = $1"
		_, err := tx.ExecContext(ctx, statement, other)
		return err
	}
	var all sync.WaitGroup
	for _, id := range []string{"1", "2"} {
		all.Go(func() {
			_, err := s.Update(t.Context(), id, changeNote("x"))
			assert.NoError(t, err)
		})
	}
	all.Wait()
	again := 0
	calls.Range(func(any, any) bool { again++; return true })
	assert.Equal(t, 1, again, "one of them ran again")
	found, err := s.GetMany(t.Context(), "1", "2")
	require.NoError(t, err)
	for id, r := range found {
		assert.Equal(t, "x", r.Profile.Note, id)
		assert.Equal(t, int64(1), r.StatusesCount, id)
	}
}

// changeNote returns a change of the bio.
func changeNote(note string) func(r *masto.Record) (masto.Changes, error) {
	return func(r *masto.Record) (masto.Changes, error) {
		r.Profile.Note = note
		return masto.ChangedNote, nil
	}
}
