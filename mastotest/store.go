package mastotest

import (
	"slices"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
)

// TestStore checks the store that open returns against the rules of
// [masto.Store]. Each rule is a subtest with a fresh store. open returns a
// store that has the records of seed and no others, and calls t.Cleanup to
// release what the store needs.
//
// A store keeps the Username, Domain, Profile and Posting of a record to the
// letter: every code point of Unicode but NUL, times to the microsecond, and
// nil distinct from false and from "". A list may come back nil or empty,
// whichever it was. Everything else in a record may be left out, as the tables
// of the server require, but an Update must not change it. That is true of
// featured tags, too: no Update of the suite changes them, and no two of its
// tags have the same ID.
//
// Times are compared as instants. Whether the offset from UTC of a field's
// VerifiedAt survives is a rule of its own, which is skipped for a store that
// keeps all times in UTC or in local time.
//
// If the store is a [masto.ManyGetter], its GetMany is checked, too. Without
// the method those subtests are skipped.
//
// Most servers change counters elsewhere. If the store has a method
//
//	AddFollowers(ctx context.Context, id string, n int64) error
//
// that adds n to the FollowersCount of an account as such a server does,
// without Update, then one more rule is checked: counters that were raised
// during an Update stay raised. Without the method that subtest is skipped. If
// production code has no use for the method, a type of the test that embeds the
// store can have it.
func TestStore(t *testing.T, open func(t *testing.T, seed ...*masto.Record) masto.Store) {
	testStore(t, open, 30*time.Second)
}

// testStore is TestStore with the time that one call of the store may take.
func testStore(t *testing.T, open opener, patience time.Duration) {
	for _, c := range storeCases() {
		t.Run(c.name, func(t *testing.T) {
			c.run(&storeTest{T: t, rule: c.rule, open: open, patience: patience})
		})
	}
}

// storeCases returns the rules of stores.
func storeCases() []storeCase {
	return slices.Concat(readCases(), manyCases(), updateCases(), valueCases(), copyCases(), concurrencyCases())
}

// opener is the function that TestStore is called with.
type opener = func(t *testing.T, seed ...*masto.Record) masto.Store

// storeCase is one rule and how it is checked.
type storeCase struct {
	name string // The name of the subtest.
	rule string // The rule, as a failure states it.
	run  func(s *storeTest)
}

// storeTest is the run of one case.
type storeTest struct {
	*testing.T
	rule     string
	open     opener
	patience time.Duration
}

// store opens a fresh store. Its calls return in time, even if the store hangs
// or panics.
func (s *storeTest) store(seed ...*masto.Record) guarded {
	s.Helper()
	store := s.open(s.T, seed...)
	if store == nil {
		s.Fatal("open returned no store")
	}
	return guarded{store: store, patience: s.patience}
}

// broken ends the case: the store broke its rule.
func (s *storeTest) broken(format string, args ...any) {
	s.Helper()
	s.Fatalf("rule: %s\n"+format, append([]any{s.rule}, args...)...)
}

// get returns the account with that ID, which must be there.
func (s *storeTest) get(store guarded, id string) *masto.Record {
	s.Helper()
	r, err := store.Get(s.Context(), id)
	return s.found(r, err, "Get(%q)", id)
}

// find returns the account with that name, which must be there.
func (s *storeTest) find(store guarded, username, domain string) *masto.Record {
	s.Helper()
	r, err := store.Find(s.Context(), username, domain)
	return s.found(r, err, "Find(%q, %q)", username, domain)
}

// update changes the account with that ID, which must succeed.
func (s *storeTest) update(store guarded, id string, change func(r *masto.Record)) *masto.Record {
	s.Helper()
	r, err := store.Update(s.Context(), id, reporting(change))
	return s.found(r, err, "Update(%q)", id)
}

// found returns r, which a call returned without an error.
func (s *storeTest) found(r *masto.Record, err error, call string, args ...any) *masto.Record {
	s.Helper()
	if err != nil {
		s.broken(call+" failed: %v", append(args, err)...)
	}
	if r == nil {
		s.broken(call+" returned neither a record nor an error", args...)
	}
	return r
}

// kept ends the case unless got has what a store keeps of want.
func (s *storeTest) kept(what string, want, got *masto.Record) {
	s.Helper()
	if diff := diffKept(want, got); diff != "" {
		s.broken("%s (-want +got):\n%s", what, diff)
	}
}

// same ends the case unless got equals want, including what a store may leave
// out.
func (s *storeTest) same(what string, want, got *masto.Record) {
	s.Helper()
	if diff := diffWhole(want, got); diff != "" {
		s.broken("%s (-want +got):\n%s", what, diff)
	}
}
