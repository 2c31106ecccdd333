package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/media"
)

// sweeper removes the pictures that no account names. A process that is killed
// leaves such behind.
type sweeper struct {
	db       *database
	pictures masto.MediaLister
	accounts masto.Store
}

// Pictures are swept once in sweepEvery, by one of the processes, which look
// once in sweepCheck whether it is time. Those that are younger than sweepGrace
// are kept, since an update may be under way.
const (
	sweepEvery = 24 * time.Hour
	sweepCheck = 10 * time.Minute
	sweepGrace = 24 * time.Hour
)

// work sweeps on schedule until ctx is over.
func (s *sweeper) work(ctx context.Context) {
	ticker := time.NewTicker(sweepCheck)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if err := s.sweepIfDue(ctx, now); err != nil {
				slog.ErrorContext(ctx, "sweeping pictures", "error", err)
			}
		}
	}
}

// sweepIfDue sweeps unless a process of this database did so lately.
func (s *sweeper) sweepIfDue(ctx context.Context, now time.Time) error {
	due, err := s.claim(ctx, now)
	if err != nil || !due {
		return err
	}
	report, err := media.Sweep(ctx, s.pictures, s.accounts, now, sweepGrace)
	for _, picture := range report.Removed {
		slog.InfoContext(ctx, "picture removed that no account names",
			"url", picture.URL, "account", picture.Key.AccountID, "stored", picture.Stored)
	}
	slog.InfoContext(ctx, "pictures swept", "listed", report.Listed(), "named", report.Named, "young", report.Young,
		"unknown", report.Unknown, "failed", report.Failed, "removed", len(report.Removed))
	return err
}

// claim reports whether it is time to sweep, and notes that this process does.
func (s *sweeper) claim(ctx context.Context, now time.Time) (bool, error) {
	const take = `
		INSERT INTO settings (name, value) VALUES ('swept', $1)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value <= $2`
	text := func(t time.Time) string { return t.UTC().Format(time.RFC3339) } // in the order of time
	result, err := s.db.ExecContext(ctx, take, text(now), text(now.Add(-sweepEvery)))
	if err != nil {
		return false, fmt.Errorf("storing a setting: %w", err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
