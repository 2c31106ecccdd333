package memstore

import (
	"context"
	"fmt"
	"sync"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/fold"
)

// Store is a [masto.Store] in memory, safe for concurrent use. The zero Store is empty and ready; do not copy one that was used.
//
// Like a store on a database whose counters are raised elsewhere, Update takes over only the Profile and the Posting of what change
// left; [Store.Put] replaces whole records.
type Store struct {
	mu      sync.RWMutex
	records map[string]*masto.Record // by id, never handed out
	ids     map[name]string          // id by name
}

// name is what an account is found by.
type name struct{ username, domain string }

// key returns the name as it is compared.
func key(username, domain string) name { return name{fold.Key(username), fold.Key(domain)} }

// New returns a Store that has copies of records, as [Store.Put] puts them in.
func New(records ...*masto.Record) *Store {
	s := &Store{}
	s.Put(records...)
	return s
}

// Put puts copies of records in, whole, counters included; a record replaces the one with the same Profile.ID. Of records with the same
// name (in any case) and domain, Find returns the one that was put in last. nil is skipped.
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

// Get returns a copy of the account whose Profile.ID is id; [masto.ErrNotFound], by errors.Is, if there is none.
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

// Find returns a copy of the account of that name, in any case; domain "" is a local account. [masto.ErrNotFound], by errors.Is, if
// there is none.
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

// Update runs change on a copy of the account and stores its Profile, but for
// the ID, and its Posting, if change says that it changed something; see
// [masto.Store]. The store is locked meanwhile: change must not call it.
func (s *Store) Update(ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error)) (*masto.Record, error) {
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
	after := *r // shares what change had no hold of
	after.Profile, after.Posting = changed.Profile, changed.Posting
	after.Profile.ID = id
	stored := after.Clone() // shares nothing with what change kept
	s.records[id] = stored
	return stored.Clone(), nil
}
