package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// files has the migrations of each dialect: NNNN_name.sql, numbered from 1
// without gaps. One that was released is never changed.
//
//go:embed migrations/*/*.sql
var files embed.FS

// SchemaError is the error of [Store.Migrate] for a database that a newer
// version of this package has upgraded. Find it by errors.As.
type SchemaError struct {
	Database int // version of the schema in the database
	Known    int // newest version that this package knows
}

// Error names both versions.
func (e *SchemaError) Error() string {
	const form = "sqlstore: the database has schema version %d, and this program knows versions up to %d"
	return fmt.Sprintf(form, e.Database, e.Known)
}

// Migrate makes the tables in a new database and upgrades those of an older
// version, in one transaction: a failure leaves the database as it was. It only
// reads a database that is current, and any number of programs may call it at
// the same time. If the schema is newer than this package, it changes nothing
// and returns a [*SchemaError]. Call it before anything else.
func (s *Store) Migrate(ctx context.Context) error {
	migrations, err := migrations(files, s.dialect.migrations)
	if err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	if err := s.retryWrite(ctx, func() error { return s.migrate(ctx, migrations) }); err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	return nil
}

// migrations returns the files of a folder in order: the one at index i leads
// to version i+1.
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

// migrate runs the migrations that the database lacks.
func (s *Store) migrate(ctx context.Context, migrations []string) error {
	current, err := s.version(ctx, s.db)
	if err != nil || current == len(migrations) {
		return err
	}
	if current > len(migrations) {
		return &SchemaError{Database: current, Known: len(migrations)}
	}
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: s.dialect.isolation})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := s.upgrade(ctx, tx, migrations); err != nil {
		return err
	}
	return tx.Commit()
}

// upgrade runs the migrations that are still missing once no other program is
// migrating.
func (s *Store) upgrade(ctx context.Context, tx *sql.Tx, migrations []string) error {
	begin := []string{
		`CREATE TABLE IF NOT EXISTS masto_schema_version (
	"only"  INTEGER NOT NULL PRIMARY KEY CHECK ("only" = 1), -- there is one row
	version INTEGER NOT NULL
)`,
		`INSERT INTO masto_schema_version ("only", version) VALUES (1, 0) ON CONFLICT DO NOTHING`,
	}
	if s.dialect.lockSchema != "" {
		begin = slices.Insert(begin, 0, s.dialect.lockSchema)
	}
	for _, statement := range begin {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	current, err := s.version(ctx, tx)
	if err != nil {
		return err
	}
	for i := current; i < len(migrations); i++ {
		if _, err := tx.ExecContext(ctx, migrations[i]); err != nil {
			return fmt.Errorf("to version %d: %w", i+1, err)
		}
	}
	_, err = tx.ExecContext(ctx, "UPDATE masto_schema_version SET version = $1", max(current, len(migrations)))
	return err
}

// version returns the schema version of a database, 0 for a new one.
func (s *Store) version(ctx context.Context, q queryer) (int, error) {
	var versioned bool
	if err := q.QueryRowContext(ctx, s.dialect.versioned).Scan(&versioned); err != nil || !versioned {
		return 0, err
	}
	var v int
	err := q.QueryRowContext(ctx, "SELECT version FROM masto_schema_version").Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return v, err
}
