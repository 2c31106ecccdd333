package main

import (
	"context"
	"fmt"
)

// keepBaseURL stores baseURL at the first start. Later it returns an error for
// another one: the addresses of the pictures that were uploaded meanwhile begin
// with the first one. They would be dead, and the files would stay behind when
// their pictures are deleted.
func keepBaseURL(ctx context.Context, db *database, baseURL string) error {
	const insert = `INSERT INTO settings (name, value) VALUES ('url', $1) ON CONFLICT DO NOTHING`
	if _, err := db.ExecContext(ctx, insert, baseURL); err != nil {
		return fmt.Errorf("storing a setting: %w", err)
	}
	var kept string
	if err := db.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = 'url'`).Scan(&kept); err != nil {
		return fmt.Errorf("reading a setting: %w", err)
	}
	if kept != baseURL {
		return fmt.Errorf("the data in %s belongs to %s, and this start is for %s: "+
			"start with -url %[2]s, or with another -db and -media", db, kept, baseURL)
	}
	return nil
}
