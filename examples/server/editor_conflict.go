package main

import (
	"context"
	"strings"

	"github.com/seed-374a2035/masto"
)

// guardedStore refuses an update of what somebody else has changed since the
// user began to edit. It compares in the transaction of the update, so that
// nothing comes in between.
type guardedStore struct {
	masto.Store
	base, mine *masto.Record // what the user began with, and what it became
}

// Update implements [masto.Store].
func (s guardedStore) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	return s.Store.Update(ctx, id, func(r *masto.Record) (masto.Changes, error) {
		if names := conflicts(s.base, r, s.mine); len(names) > 0 {
			return 0, &conflictError{names: names, theirs: r.Clone()}
		}
		return change(r)
	})
}

// conflictError says what was changed in two places, by the names of the
// parameters, and how it is now.
type conflictError struct {
	names  []string
	theirs *masto.Record
}

// Error names what was changed.
func (e *conflictError) Error() string { return "changed meanwhile: " + strings.Join(e.names, ", ") }

// conflicts returns the names of the parameters that theirs and mine both have
// changed, in different ways.
func conflicts(base, theirs, mine *masto.Record) []string {
	names := masto.Conflict(base.Profile, theirs.Profile, mine.Profile)
	b, t, m := postingValues(base), postingValues(theirs), postingValues(mine)
	for i := range m {
		if t[i] != b[i] && m[i] != b[i] && m[i] != t[i] {
			names = append(names, postingNames[i])
		}
	}
	return names
}

// postingNames are the parameters of the defaults of new posts.
var postingNames = [...]string{"source[privacy]", "source[sensitive]", "source[language]", "source[quote_policy]"}

// postingValues returns the defaults of new posts as texts, in the order of
// postingNames.
func postingValues(r *masto.Record) [len(postingNames)]string {
	p := r.Posting
	values := [len(postingNames)]string{0: p.Privacy, 3: p.QuotePolicy}
	if p.Sensitive {
		values[1] = "true"
	}
	if p.Language != nil {
		values[2] = *p.Language
	}
	return values
}
