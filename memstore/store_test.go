package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/memstore"
)

func TestStore(t *testing.T) {
	mastotest.TestStore(t, func(_ *testing.T, seed ...*masto.Record) masto.Store {
		return memstore.New(seed...)
	})
}

func TestZeroStoreIsEmpty(t *testing.T) {
	var s memstore.Store
	_, err := s.Get(t.Context(), "1")
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.Find(t.Context(), "alice", "")
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) { return 0, nil })
	require.ErrorIs(t, err, masto.ErrNotFound)
}

func TestCanceled(t *testing.T) {
	s := memstore.New(&masto.Record{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Update(ctx, "", func(*masto.Record) (masto.Changes, error) { return 0, nil })
	require.ErrorIs(t, err, context.Canceled)
	_, err = memstore.NewMedia("").Put(ctx, masto.MediaKey{}, "", nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestPut(t *testing.T) {
	account := func(id, username string, followers int64) *masto.Record {
		return &masto.Record{Username: username, FollowersCount: followers, Profile: masto.Profile{ID: id}}
	}
	s := memstore.New(account("1", "Alice", 1), nil, account("2", "bob", 1))

	s.Put(account("1", "alicia", 7))
	r, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	assert.EqualValues(t, 7, r.FollowersCount)
	_, err = s.Find(t.Context(), "alice", "")
	require.ErrorIs(t, err, masto.ErrNotFound, "the old name is free")
	r, err = s.Find(t.Context(), "ALICIA", "")
	require.NoError(t, err)
	assert.Equal(t, "1", r.Profile.ID)

	s.Put(account("3", "BOB", 2)) // Now two accounts have the same name.
	s.Put(account("2", "robert", 3))
	r, err = s.Find(t.Context(), "bob", "")
	require.NoError(t, err, "the new bob keeps the name when the old one is renamed")
	assert.Equal(t, "3", r.Profile.ID)
}

func TestUpdateStoresOnlyTheProfile(t *testing.T) {
	s := memstore.New(&masto.Record{Username: "alice", FollowersCount: 3, Profile: masto.Profile{ID: "1"}})
	r, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
		*r = masto.Record{Username: "mallory", Profile: masto.Profile{ID: "2", Note: "Hi"}}
		return masto.ChangedNote, nil
	})
	require.NoError(t, err)
	want := &masto.Record{Username: "alice", FollowersCount: 3, Profile: masto.Profile{ID: "1", Note: "Hi"}}
	assert.Equal(t, want, r)
	_, err = s.Get(t.Context(), "2")
	require.ErrorIs(t, err, masto.ErrNotFound)
}

func TestUpdateWithoutAChangeWritesNothing(t *testing.T) {
	for _, c := range []masto.Changes{0, masto.NeedsVerification} {
		t.Run(c.String(), func(t *testing.T) {
			s := memstore.New(&masto.Record{Username: "alice", Profile: masto.Profile{ID: "1", Note: "Hi"}})
			for range 2 {
				r, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
					assert.Equal(t, "Hi", r.Profile.Note)
					r.Profile.Note = "not reported"
					return c, nil
				})
				require.NoError(t, err)
				assert.Equal(t, "Hi", r.Profile.Note)
			}
		})
	}
}

func TestPanicOfChange(t *testing.T) {
	s := memstore.New(&masto.Record{})
	assert.Panics(t, func() {
		_, _ = s.Update(t.Context(), "", func(r *masto.Record) (masto.Changes, error) {
			r.Profile.Note = "half"
			panic("in change")
		})
	})
	r, err := s.Get(t.Context(), "")
	require.NoError(t, err)
	assert.Empty(t, r.Profile.Note)
}

func ExampleNew() {
	ctx := context.Background()
	record := masto.NewRecord("1", "Alice")
	record.Profile.DisplayName = "Alice"
	store := memstore.New(record)

	_, err := store.Update(ctx, "1", func(r *masto.Record) (masto.Changes, error) {
		r.Profile.Note = "I like cats."
		return masto.ChangedNote, nil
	})
	fmt.Println(err)

	alice, err := store.Find(ctx, "alice", "")
	fmt.Println(alice.Profile.DisplayName, alice.Profile.Note, err)

	_, err = store.Get(ctx, "404")
	fmt.Println(errors.Is(err, masto.ErrNotFound))
	// Output:
	// <nil>
	// Alice I like cats. <nil>
	// true
}
