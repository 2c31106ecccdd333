package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// files has the migrations of each dialect: NNNN_name.sql, numbered from 1 without gaps. One that was released is never changed.
//
//go:embed migrations/*/*.sql
var files embed.FS

// SchemaError is what [Store.Migrate] returns, by errors.As, for a database that a newer version of this package has upgraded.
type SchemaError struct {
	Database int // version of the database's schema
	Known    int // newest version that this package knows
}

// Error names both versions.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("sqlstore: the database has schema version %d, and this program knows versions up to %d", e.Database, e.Known)
}

// Migrate makes the tables in a new database and upgrades those of an older version, in one transaction: a failure leaves the
// database as it was. It does nothing to a current one, may be called by several programs at the same time, and returns a
// [*SchemaError] and changes nothing if the schema is newer than this package. Call it before anything else.
func (s *Store) Migrate(ctx context.Context) error {
	migrations, err := migrations(files, s.dialect.migrations)
	if err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	if err := s.retry(ctx, func() error { return migrate(ctx, s.db, migrations) }); err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	return nil
}

// migrations returns the files of a folder in order: that at index i leads to version i+1.
func migrations(files fs.FS, dir string) ([]string, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	list := make([]string, len(entries))
	for i, e := range entries {
		text, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		list[i] = string(text)
	}
	return list, nil
}

// migrate runs the migrations that db lacks, all on one connection: another one may not have seen the new tables yet.
func migrate(ctx context.Context, db *sql.DB, migrations []string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(upgrade(ctx, conn, migrations), conn.Close())
}

// upgrade runs the migrations that the database of a connection lacks.
func upgrade(ctx context.Context, conn *sql.Conn, migrations []string) error {
	const table = `CREATE TABLE IF NOT EXISTS masto_schema_version (
	only    INTEGER NOT NULL PRIMARY KEY CHECK (only = 1), -- there is one row
	version INTEGER NOT NULL
)`
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return err
	}
	current, err := version(ctx, conn)
	if err != nil || current == len(migrations) {
		return err
	}
	if current > len(migrations) {
		return &SchemaError{Database: current, Known: len(migrations)}
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	// The first statement writes, so that the version is read after other writers have ended.
	if _, err := tx.ExecContext(ctx, "INSERT INTO masto_schema_version (only, version) VALUES (1, 0) ON CONFLICT DO NOTHING"); err != nil {
		return err
	}
	if current, err = version(ctx, tx); err != nil {
		return err
	}
	for i := current; i < len(migrations); i++ {
		if _, err := tx.ExecContext(ctx, migrations[i]); err != nil {
			return fmt.Errorf("to version %d: %w", i+1, err)
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE masto_schema_version SET version = ?", max(current, len(migrations))); err != nil {
		return err
	}
	return tx.Commit()
}

// version returns the schema version of a database, 0 for a new one.
func version(ctx context.Context, q queryer) (int, error) {
	var v int
	err := q.QueryRowContext(ctx, "SELECT version FROM masto_schema_version").Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return v, err
}
