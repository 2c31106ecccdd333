package mastotest

import "github.com/seed-374a2035/masto"

// manyCases returns the rules of GetMany, for a store that has it.
func manyCases() []storeCase {
	return []storeCase{
		{
			name: "many/records",
			rule: "GetMany returns, by ID, what Get returns for each ID, and leaves out the IDs that no account has",
			run:  manyRecords,
		},
		{
			name: "many/moved",
			rule: "an account that moved has the same target in GetMany and Get, also where the target is asked " +
				"for, too",
			run: manyMoved,
		},
		{
			name: "many/copies",
			rule: "GetMany returns copies that share nothing with each other or with what is stored",
			run:  manyCopies,
		},
		{
			name: "many/canceled",
			rule: "a canceled context ends GetMany with an error",
			run:  manyCanceled,
		},
	}
}

// many opens a fresh store, or skips the case for one without GetMany.
func (s *storeTest) many(seed ...*masto.Record) guarded {
	s.Helper()
	store := s.store(seed...)
	if _, ok := store.store.(masto.ManyGetter); !ok {
		s.Skip("the store has no method GetMany, which is optional")
	}
	return store
}

// getMany returns the accounts that have one of ids.
func (s *storeTest) getMany(store guarded, ids ...string) map[string]*masto.Record {
	s.Helper()
	found, err := store.GetMany(s.Context(), ids...)
	if err != nil {
		s.broken("GetMany(%q) failed: %v", ids, err)
	}
	return found
}

// asGet ends the case unless GetMany returns for ids what Get returns for each
// of want, and nothing else.
func (s *storeTest) asGet(store guarded, want []string, ids ...string) {
	s.Helper()
	found := s.getMany(store, ids...)
	for _, id := range want {
		if found[id] == nil {
			s.broken("GetMany(%q) returned no account for %q", ids, id)
		}
		s.same("GetMany returned another record than Get", s.get(store, id), found[id])
	}
	if len(found) != len(want) {
		s.broken("GetMany(%q) returned %d accounts, not %d", ids, len(found), len(want))
	}
}

func manyRecords(s *storeTest) {
	store := s.many(full(), bare(), remote())
	a, b, c := full().Profile.ID, bare().Profile.ID, remote().Profile.ID
	s.asGet(store, []string{a, b, c}, a, b, c)
	s.asGet(store, []string{c, a}, c, a)
	s.asGet(store, []string{b}, b, b, b)
	s.asGet(store, []string{b}, append(strangeIDs[:], b)...)
	s.asGet(store, nil, strangeIDs[:]...)
	s.asGet(store, nil)
}

func manyMoved(s *storeTest) {
	target, moved := remote(), bare()
	moved.MovedTo = remote()
	store := s.many(target, moved)
	s.asGet(store, []string{moved.Profile.ID}, moved.Profile.ID)
	s.asGet(store, []string{moved.Profile.ID, target.Profile.ID}, moved.Profile.ID, target.Profile.ID)
}

func manyCopies(s *storeTest) {
	target, moved := remote(), full()
	moved.MovedTo = remote()
	store := s.many(target, moved)
	ids := []string{target.Profile.ID, moved.Profile.ID}
	want := map[string]*masto.Record{}
	for _, id := range ids {
		want[id] = s.get(store, id)
	}
	before := s.getMany(store, ids...)
	for _, r := range s.getMany(store, ids...) {
		scribble(r)
	}
	for _, id := range ids {
		s.same("the account was changed through a record that GetMany returned", want[id], s.get(store, id))
		s.same("the record was changed through one that GetMany returned later", want[id], before[id])
	}
	scribble(before[target.Profile.ID])
	s.same("the record was changed through another one of the same call", want[moved.Profile.ID],
		before[moved.Profile.ID])
}

func manyCanceled(s *storeTest) {
	store := s.many(full())
	if _, err := store.GetMany(s.canceled(), full().Profile.ID); err == nil {
		s.broken("GetMany returned no error")
	}
	s.asGet(store, []string{full().Profile.ID}, full().Profile.ID)
}
