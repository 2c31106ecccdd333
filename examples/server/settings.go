package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
)

// keepBaseURL stores baseURL at the first start. Later it returns an error for
// another one: the addresses of the pictures that were uploaded meanwhile begin
// with the first one. They would be dead, and the files would stay behind when
// their pictures are deleted.
func keepBaseURL(ctx context.Context, db *database, baseURL string) error {
	const insert = `INSERT INTO settings (name, value) VALUES ('url', $1) ON CONFLICT DO NOTHING`
	kept, err := keep(ctx, db, insert, "url", baseURL)
	if err != nil {
		return err
	}
	if kept != baseURL {
		return fmt.Errorf("the data in %s belongs to %s, and this start is for %s: "+
			"start with -url %[2]s, or with another -db and -media", db, kept, baseURL)
	}
	return nil
}

// keepFolder returns the name of the folder of pictures that belongs to the
// database, which is chosen at the first start. Several databases may be used
// with one -media, and none may sweep the pictures of another. A database of a
// version without such folders has "". It must be called before keepBaseURL,
// which notes that there was a first start.
func keepFolder(ctx context.Context, db *database) (string, error) {
	const insert = `
		INSERT INTO settings (name, value)
		SELECT 'folder', CASE WHEN EXISTS (SELECT 1 FROM settings WHERE name = 'url') THEN '' ELSE CAST($1 AS TEXT) END
		WHERE true ON CONFLICT DO NOTHING`
	return keep(ctx, db, insert, "folder", "pictures-"+strings.ToLower(rand.Text()[:10]))
}

// keep runs insert, which stores a setting unless there is one of that name,
// and returns the value that is stored then.
func keep(ctx context.Context, db *database, insert, name, value string) (kept string, err error) {
	if _, err := db.ExecContext(ctx, insert, value); err != nil {
		return "", fmt.Errorf("storing a setting: %w", err)
	}
	if err := db.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&kept); err != nil {
		return "", fmt.Errorf("reading a setting: %w", err)
	}
	return kept, nil
}
