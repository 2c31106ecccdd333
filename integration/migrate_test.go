package integration

import (
	"database/sql"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// schema returns the definitions of a database's tables and indexes, and the
// version of its schema.
func schema(t *testing.T, db *sql.DB) (definitions []string, version int) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT coalesce(sql, name) FROM sqlite_master ORDER BY 1")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		definitions = append(definitions, text)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT version FROM masto_schema_version").Scan(&version))
	return definitions, version
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
}

func TestMigrateTwice(t *testing.T) {
	db := inMemory(t)
	s := migrated(t, db, &masto.Record{Username: "alice", Profile: masto.Profile{ID: "1"}})
	before, version := schema(t, db)
	assert.Positive(t, version)
	require.NoError(t, s.Migrate(t.Context()))
	after, again := schema(t, db)
	assert.Equal(t, before, after)
	assert.Equal(t, version, again)
	_, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
}

func TestMigrateBesideOtherTables(t *testing.T) {
	db := inMemory(t)
	execute(t, db, "CREATE TABLE accounts (id INTEGER)")
	execute(t, db, "CREATE TABLE schema_version (version INTEGER)")
	migrated(t, db)
}

func TestMigrateConcurrently(t *testing.T) {
	for _, c := range []struct {
		name       string
		parameters string
	}{
		{"wal", "_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)"},
		{"no busy timeout", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := inFile(t, c.parameters)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() { assert.NoError(t, sqlstore.NewSQLite(db).Migrate(t.Context())) })
			}
			all.Wait()
			migrated(t, db, &masto.Record{Username: "alice", Profile: masto.Profile{ID: "1"}})
		})
	}
}

func TestMigrateRefusesANewerSchema(t *testing.T) {
	db := inMemory(t)
	s := migrated(t, db)
	_, known := schema(t, db)
	execute(t, db, "UPDATE masto_schema_version SET version = version + 1")
	before, version := schema(t, db)

	err := s.Migrate(t.Context())
	var newer *sqlstore.SchemaError
	require.ErrorAs(t, err, &newer)
	assert.Equal(t, sqlstore.SchemaError{Database: known + 1, Known: known}, *newer)

	after, again := schema(t, db)
	assert.Equal(t, before, after)
	assert.Equal(t, version, again)
}

func TestMigrateLeavesTheDatabaseWhenItFails(t *testing.T) {
	db := inMemory(t)
	execute(t, db, "CREATE TABLE masto_accounts (mine INTEGER)")
	err := sqlstore.NewSQLite(db).Migrate(t.Context())
	require.ErrorContains(t, err, "to version 1")
	_, err = db.ExecContext(t.Context(), "SELECT version FROM masto_schema_version")
	require.ErrorContains(t, err, "no such table", "no version is stored")
	execute(t, db, "DROP TABLE masto_accounts")
	migrated(t, db)
}
