package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver named pgx
	_ "modernc.org/sqlite"             // the driver named sqlite

	"github.com/seed-374a2035/masto/sqlstore"
)

// database is where the server keeps everything but pictures: a file of SQLite,
// for one machine, or a PostgreSQL server, which several processes of this
// server may share.
type database struct {
	*sql.DB

	name     string // as it was given to openDatabase
	postgres bool
}

// The most connections to a database. With SQLite more would not write faster,
// as it has one writer at a time, and each one that waits for it takes a
// thread.
const (
	maxSQLiteConnections   = 8
	maxPostgresConnections = 16
)

// openDatabase opens the database of a name: an address that begins with
// postgres:// or postgresql://, or else a file, which is created if it does not
// exist.
func openDatabase(name string) (*database, error) {
	driver, address, connections := "pgx", name, maxPostgresConnections
	postgres := strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
	if !postgres {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return nil, err
		}
		driver, address, connections = "sqlite", sqliteAddress(name), maxSQLiteConnections
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &database{db, name, postgres}, nil
}

// sqliteAddress returns the address of a database file. Requests wait for a
// connection, and writers for each other, instead of failing; readers do not
// wait for writers.
func sqliteAddress(file string) string {
	options := url.Values{"_pragma": {"journal_mode(wal)", "busy_timeout(10000)", "synchronous(full)"}}
	address := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: options.Encode()}
	return address.String()
}

// String returns the name of the database without a password.
func (d *database) String() string {
	if address, err := url.Parse(d.name); d.postgres && err == nil {
		return address.Redacted()
	}
	return d.name
}

// accounts returns the store of accounts, whose tables it creates or upgrades.
func (d *database) accounts(ctx context.Context) (*sqlstore.Store, error) {
	store := sqlstore.NewSQLite(d.DB)
	if d.postgres {
		store = sqlstore.NewPostgres(d.DB)
	}
	return store, store.Migrate(ctx)
}

// tables are the tables of the server itself.
const tables = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (
	hash       BLOB PRIMARY KEY,
	account_id TEXT NOT NULL, -- '': a token of an application without a user
	scopes     TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
	id          INTEGER PRIMARY KEY,
	account_id  TEXT NOT NULL,
	changes     BIGINT NOT NULL,
	taken_until BIGINT NOT NULL -- seconds since 1970; a worker has the row until then
);
CREATE TABLE IF NOT EXISTS verifications (
	account_id  TEXT PRIMARY KEY,
	due         BIGINT, -- seconds since 1970: when to check a link next; NULL: never
	asked       BIGINT NOT NULL, -- how many updates asked for a check
	answered    BIGINT NOT NULL, -- how many of them had been seen by the last check
	taken_until BIGINT NOT NULL -- as in outbox
);
CREATE TABLE IF NOT EXISTS links (
	account_id TEXT NOT NULL,
	url        TEXT NOT NULL,
	history    TEXT NOT NULL, -- JSON of linkcheck.History
	report     TEXT NOT NULL, -- JSON of linkcheck.Report: the last check
	PRIMARY KEY (account_id, url)
);`

// createTables creates the tables that are missing. In PostgreSQL the
// statements are one transaction, and the lock keeps other processes waiting
// that start at the same time.
func (d *database) createTables(ctx context.Context) error {
	statements := tables
	if d.postgres {
		statements = "SELECT pg_advisory_xact_lock(1);" + strings.NewReplacer(
			"BLOB", "BYTEA",
			"INTEGER PRIMARY KEY", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
		).Replace(tables)
	}
	if _, err := d.ExecContext(ctx, statements); err != nil {
		return fmt.Errorf("creating tables: %w", err)
	}
	return nil
}
