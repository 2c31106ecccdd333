package memstore

import (
	"context"
	"fmt"
	"sync"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/fold"
)

// Store is a [masto.Store] in memory. It is safe for concurrent use. The zero
// value is an empty Store that is ready to use. Do not copy a Store after its
// first use.
//
// [Store.Update] stores only the Profile and the Posting of a record, like a
// database whose counters are raised elsewhere. [Store.Put] stores whole
// records.
type Store struct {
	mu      sync.RWMutex
	records map[string]*masto.Record // by ID; never returned, only copies of them
	ids     map[name]string          // the ID of each name
}

// name is the name that an account is found by.
type name struct{ username, domain string }

// key returns the form of a name in which names are compared.
func key(username, domain string) name { return name{fold.Key(username), fold.Key(domain)} }

// New returns a Store with copies of records, stored as by [Store.Put].
func New(records ...*masto.Record) *Store {
	s := &Store{}
	s.Put(records...)
	return s
}

// Put stores copies of whole records, counters included. A record replaces the
// one with the same Profile.ID. If several records have the same username,
// regardless of case, and domain, Find returns the one that was put last. Put
// skips nil.
func (s *Store) Put(records ...*masto.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records == nil {
		s.records, s.ids = make(map[string]*masto.Record), make(map[name]string)
	}
	for _, r := range records {
		if r == nil {
			continue
		}
		id := r.Profile.ID
		if old, ok := s.records[id]; ok {
			if k := key(old.Username, old.Domain); s.ids[k] == id {
				delete(s.ids, k)
			}
		}
		s.records[id] = r.Clone()
		s.ids[key(r.Username, r.Domain)] = id
	}
}

// Get returns a copy of the account whose Profile.ID is id. If there is none,
// the error matches [masto.ErrNotFound].
func (s *Store) Get(ctx context.Context, id string) (*masto.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: get account %q: %w", id, err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.records[id]
	if !ok {
		return nil, fmt.Errorf("memstore: get account %q: %w", id, masto.ErrNotFound)
	}
	return r.Clone(), nil
}

// GetMany returns copies of the accounts that have one of ids, by id, as
// [masto.ManyGetter] requires.
func (s *Store) GetMany(ctx context.Context, ids ...string) (map[string]*masto.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: get %d accounts: %w", len(ids), err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := make(map[string]*masto.Record, len(ids))
	for _, id := range ids {
		if r, ok := s.records[id]; ok && found[id] == nil {
			found[id] = r.Clone()
		}
	}
	return found, nil
}

// Find returns a copy of the account with a username, regardless of case, and a
// domain, which is "" for a local account. If there is none, the error matches
// [masto.ErrNotFound].
func (s *Store) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: find account %q@%q: %w", username, domain, err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	id, ok := s.ids[key(username, domain)]
	if !ok {
		return nil, fmt.Errorf("memstore: find account %q@%q: %w", username, domain, masto.ErrNotFound)
	}
	return s.records[id].Clone(), nil
}

// Update calls change with a copy of the account, as [masto.Store] requires. If
// change reports a change, Update stores the Profile, except for its ID, and
// the Posting of that copy. The Store is locked while change runs, so change
// must not call its methods.
func (s *Store) Update(
	ctx context.Context,
	id string,
	change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: update account %q: %w", id, err)
	}
	r, ok := s.records[id]
	if !ok {
		return nil, fmt.Errorf("memstore: update account %q: %w", id, masto.ErrNotFound)
	}
	changed := r.Clone()
	c, err := change(changed)
	if err != nil {
		return nil, err
	}
	if c&^masto.NeedsVerification == 0 {
		return r.Clone(), nil
	}
	after := *r
	after.Profile, after.Posting = changed.Profile, changed.Posting
	after.Profile.ID = id
	stored := after.Clone() // The caller may still hold parts of changed.
	s.records[id] = stored
	return stored.Clone(), nil
}
