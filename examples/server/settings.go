package main

import (
	"context"
	"database/sql"
	"fmt"
)

const settingTable = `CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)`

// keepBaseURL stores baseURL at the first start. Later it returns an error for
// another one: the addresses of the pictures that were uploaded meanwhile begin
// with the first one. They would be dead, and the files would stay behind when
// their pictures are deleted.
func keepBaseURL(ctx context.Context, db *sql.DB, file, baseURL string) error {
	if _, err := db.ExecContext(ctx, settingTable); err != nil {
		return fmt.Errorf("table of settings: %w", err)
	}
	_, err := db.ExecContext(ctx, `INSERT OR IGNORE INTO settings (name, value) VALUES ('url', ?)`, baseURL)
	if err != nil {
		return fmt.Errorf("storing a setting: %w", err)
	}
	var kept string
	if err := db.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = 'url'`).Scan(&kept); err != nil {
		return fmt.Errorf("reading a setting: %w", err)
	}
	if kept != baseURL {
		return fmt.Errorf("the data in %s belongs to %s, and this start is for %s: "+
			"start with -url %[2]s, or with another -db and -media", file, kept, baseURL)
	}
	return nil
}
