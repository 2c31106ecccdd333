package media

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/seed-374a2035/masto"
)

// Report says what a [Sweep] did with the pictures that were listed. Each is
// counted once.
type Report struct {
	// Named counts the pictures that their account names. They were kept.
	Named int
	// Young counts the pictures that were stored within the grace. They were
	// kept.
	Young int
	// Unknown counts the pictures that nobody can judge, since the store of
	// pictures does not know whose they are or when they were stored, or the
	// store of accounts failed. They were kept.
	Unknown int
	// Failed counts the pictures that were to be removed and could not be.
	Failed int
	// Removed are the pictures that were removed.
	Removed []masto.MediaInfo
}

// Listed returns the number of pictures that were listed.
func (r *Report) Listed() int {
	return r.Named + r.Young + r.Unknown + r.Failed + len(r.Removed)
}

// accountsAtOnce is for how many accounts Sweep asks by one query, and
// picturesAtOnce how many pictures it gathers for that at most.
const (
	accountsAtOnce = 100
	picturesAtOnce = 1000
)

// Sweep removes the pictures that were stored more than grace before now and
// that their account does not name, and reports what it did. An account that is
// not there names nothing. A picture that nobody can judge is kept.
//
// An account names a picture by its address, or by one that ends in the same
// file name: where the base address of a store changed, records name its
// pictures by old addresses, too.
//
// grace has to be longer than an update may take and the clocks may differ,
// since a picture is stored before its account names it: an hour, say. pictures
// must have nothing of other sites in it, whose accounts are not in accounts.
// It may be called on a server that is running, and by several processes.
//
// The error joins all that failed: an account that cannot be read, or a picture
// that cannot be removed, does not keep Sweep from the others. What ends it
// early is an error of the list, a canceled ctx, and a Store that returns an
// error for each of the accounts that it is asked for at once.
func Sweep(
	ctx context.Context,
	pictures masto.MediaLister,
	accounts masto.Store,
	now time.Time,
	grace time.Duration,
) (Report, error) {
	s := sweep{
		pictures: pictures,
		accounts: accounts,
		before:   now.Add(-grace),
		pending:  make(map[string][]masto.MediaInfo),
	}
	for picture, err := range pictures.List(ctx) {
		if err != nil {
			s.errs = append(s.errs, fmt.Errorf("media: listing the pictures: %w", err))
			break
		}
		s.add(picture)
		if full := len(s.pending) == accountsAtOnce || s.gathered == picturesAtOnce; full && !s.flush(ctx) {
			break
		}
	}
	s.flush(ctx)
	return s.report, errors.Join(s.errs...)
}

// sweep is a run of Sweep.
type sweep struct {
	pictures masto.MediaLister
	accounts masto.Store
	before   time.Time

	pending  map[string][]masto.MediaInfo // what is to be judged, by account
	gathered int                          // the number of pictures in pending
	report   Report
	errs     []error
}

// add counts a picture that is kept in any case, and puts another one to those
// that are to be judged.
func (s *sweep) add(picture masto.MediaInfo) {
	switch id := picture.Key.AccountID; {
	case id == "" || picture.Stored.IsZero():
		s.report.Unknown++
	case !picture.Stored.Before(s.before):
		s.report.Young++
	default:
		s.pending[id] = append(s.pending[id], picture)
		s.gathered++
	}
}

// flush judges the pending pictures. It reports whether there is a point in
// going on.
func (s *sweep) flush(ctx context.Context) bool {
	if s.gathered == 0 {
		return true
	}
	found, failed := s.read(ctx, slices.Sorted(maps.Keys(s.pending)))
	for id, pictures := range s.pending {
		if failed[id] {
			s.report.Unknown += len(pictures)
		} else {
			s.judge(ctx, found[id], pictures)
		}
	}
	more := len(failed) < len(s.pending)
	clear(s.pending)
	s.gathered = 0
	return more
}

// read returns the accounts of ids that are there, and which could not be read.
func (s *sweep) read(ctx context.Context, ids []string) (found map[string]*masto.Record, failed map[string]bool) {
	if many, ok := s.accounts.(masto.ManyGetter); ok {
		if found, err := many.GetMany(ctx, ids...); err == nil {
			return found, nil
		}
		// One account may be to blame, so that each is asked for by itself.
	}
	found, failed = make(map[string]*masto.Record), make(map[string]bool)
	for _, id := range ids {
		r, err := s.accounts.Get(ctx, id)
		switch {
		case err == nil:
			found[id] = r
		case !errors.Is(err, masto.ErrNotFound):
			failed[id] = true
			s.errs = append(s.errs, fmt.Errorf("media: reading account %q: %w", id, err))
		}
	}
	return found, failed
}

// judge removes the pictures of an account that it does not name. r is nil for
// an account that is not there.
func (s *sweep) judge(ctx context.Context, r *masto.Record, pictures []masto.MediaInfo) {
	for _, picture := range pictures {
		if names(r, picture.URL) {
			s.report.Named++
			continue
		}
		if err := s.pictures.Delete(ctx, picture.URL); err != nil {
			s.report.Failed++
			s.errs = append(s.errs, fmt.Errorf("media: removing %s: %w", picture.URL, err))
			continue
		}
		s.report.Removed = append(s.report.Removed, picture)
	}
}

// names reports whether r names the picture at url.
func names(r *masto.Record, url string) bool {
	if r == nil {
		return false
	}
	p := &r.Profile
	for _, named := range []string{p.Avatar, p.AvatarStatic, p.Header, p.HeaderStatic} {
		if named != "" && (named == url || path.Base(named) == path.Base(url)) {
			return true
		}
	}
	return false
}
