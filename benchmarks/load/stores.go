package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver named pgx
	_ "modernc.org/sqlite"             // the driver named sqlite

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/dirstore"
	"github.com/seed-374a2035/masto/internal/pgtest"
	"github.com/seed-374a2035/masto/memstore"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The names of the stores.
const (
	memory   = "memory"
	sqlite   = "SQLite"
	postgres = "PostgreSQL"
)

// store keeps the sample accounts, and their pictures in memory or in a folder.
type store struct {
	name  string
	many  manyStore
	media masto.MediaStore
	close func() error
}

// manyStore is a store that reads a page by one query.
type manyStore interface {
	masto.Store
	masto.ManyGetter
}

// picturesURL is where the pictures would be served.
const picturesURL = "https://files." + domain + "/"

// openStore returns a new store with the sample accounts. Its error matches
// pgtest.ErrAbsent if PostgreSQL is not installed.
func openStore(ctx context.Context, name string) (*store, error) {
	if name == memory {
		accounts := memstore.New()
		for n := range accountCount {
			accounts.Put(sampleRecord(n))
		}
		media := memstore.NewMedia(picturesURL)
		return &store{name, accounts, media, func() error { return nil }}, nil
	}
	folder, err := os.MkdirTemp("", "load-")
	if err != nil {
		return nil, err
	}
	db, accounts, err := openDatabase(name, folder)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	s := &store{name: name, many: accounts}
	s.close = func() error { return errors.Join(db.Close(), os.RemoveAll(folder)) }
	if err := s.fill(ctx, accounts, filepath.Join(folder, "pictures")); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// openDatabase opens an empty database.
func openDatabase(name, folder string) (*sql.DB, *sqlstore.Store, error) {
	driver, connections, newStore := "sqlite", 8, sqlstore.NewSQLite
	address := "file:" + filepath.Join(folder, "accounts.db") + "?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)"
	switch name {
	case sqlite:
	case postgres:
		server, err := pgtest.Launch()
		if err != nil {
			return nil, nil, err
		}
		driver, connections, newStore, address = "pgx", 16, sqlstore.NewPostgres, server.Address
	default:
		return nil, nil, fmt.Errorf("there is no store %q", name)
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, newStore(db), nil
}

// fill creates the sample accounts, and a folder for the pictures.
func (s *store) fill(ctx context.Context, accounts *sqlstore.Store, folder string) error {
	if err := accounts.Migrate(ctx); err != nil {
		return err
	}
	for n := range accountCount {
		if err := accounts.Create(ctx, sampleRecord(n)); err != nil {
			return err
		}
	}
	media, err := dirstore.Open(folder, picturesURL)
	s.media = media
	return err
}
