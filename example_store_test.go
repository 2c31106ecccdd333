package masto_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/seed-374a2035/masto"
)

// members is a [masto.Store] on what a server has already, here rows of JSON by id; a table with a transaction takes the place of the
// map and the lock.
type members struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (m *members) Get(ctx context.Context, id string) (*masto.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.read(ctx, id)
}

func (m *members) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.rows {
		r, err := m.read(ctx, id)
		if err != nil || strings.EqualFold(r.Username, username) && strings.EqualFold(r.Domain, domain) {
			return r, err
		}
	}
	return nil, masto.ErrNotFound
}

func (m *members) Update(ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error)) (*masto.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed, err := m.read(ctx, id)
	if err != nil {
		return nil, err
	}
	changes, err := change(changed)
	if err != nil {
		return nil, err // nothing is stored
	}
	stored, err := m.read(ctx, id) // or an error, if ctx is over by now
	if err != nil || changes&^masto.NeedsVerification == 0 {
		return stored, err
	}
	stored.Profile, stored.Posting = changed.Profile, changed.Posting // the rest is not for change to decide
	row, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	m.rows[id] = row
	return m.read(context.WithoutCancel(ctx), id) // a copy that change has never seen
}

// read returns a fresh copy at each call. The lock is held.
func (m *members) read(ctx context.Context, id string) (*masto.Record, error) {
	row, ok := m.rows[id]
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !ok:
		return nil, masto.ErrNotFound
	}
	r := new(masto.Record)
	return r, json.Unmarshal(row, r)
}

// An adapter of one's own. In its tests, mastotest.TestStore checks it.
func ExampleStore() {
	ctx := context.Background()
	alice := masto.NewRecord("115", "Alice")
	alice.FollowersCount = 7
	row, err := json.Marshal(alice)
	if err != nil {
		fmt.Println(err)
		return
	}
	store := &members{rows: map[string][]byte{"115": row}}
	service := &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: store}

	_, err = service.Update(ctx, "115", masto.Update{Note: masto.Some("Mushrooms!")})
	fmt.Println(err)
	r, err := store.Find(ctx, "alice", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Profile.Note, r.FollowersCount)
	_, err = service.Account(ctx, "116")
	fmt.Println(errors.Is(err, masto.ErrNotFound))
	// Output:
	// <nil>
	// Mushrooms! 7
	// true
}
