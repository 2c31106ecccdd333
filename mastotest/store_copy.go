package mastotest

import "github.com/seed-374a2035/masto"

// copyCases returns the rules that say that nothing which goes into a store or
// comes out of it shares memory with what is stored.
func copyCases() []storeCase {
	return []storeCase{
		{
			name: "copies/seed",
			rule: "what is stored shares nothing with the record that it was made from",
			run:  copiesSeed,
		},
		{
			name: "copies/get",
			rule: "Get returns a copy that shares nothing with what is stored",
			run:  copiesGet,
		},
		{
			name: "copies/find",
			rule: "Find returns a copy that shares nothing with what is stored",
			run:  copiesFind,
		},
		{
			name: "copies/update",
			rule: "Update returns a copy that shares nothing with what is stored",
			run:  copiesUpdate,
		},
		{
			name: "copies/change",
			rule: "what change kept of its record shares nothing with what is stored or returned",
			run:  copiesChange,
		},
	}
}

// scribble overwrites everything that r points to, in place.
func scribble(r *masto.Record) {
	for i := range r.Profile.Fields {
		r.Profile.Fields[i] = masto.Field{Name: "scribble", Value: "scribble", VerifiedAt: at("1999-09-09T09:09:09Z")}
	}
	for i := range r.Profile.AttributionDomains {
		r.Profile.AttributionDomains[i] = "scribble.example"
	}
	for i := range r.Profile.FeaturedTags {
		r.Profile.FeaturedTags[i] = masto.FeaturedTag{ID: "0", Name: "scribble"}
	}
	flip(r.Profile.HideCollections)
	flip(r.Profile.Discoverable)
	flip(r.Noindex)
	flip(r.EmailSubscriptions)
	if r.Posting.Language != nil {
		*r.Posting.Language = "xx"
	}
	if r.Role != nil {
		if r.Role.CollectionLimit != nil {
			*r.Role.CollectionLimit = -7
		}
		*r.Role = masto.Role{ID: "0", Name: "scribble", CollectionLimit: r.Role.CollectionLimit}
	}
	if r.MovedTo != nil {
		scribble(r.MovedTo)
	}
	r.Username, r.Profile.DisplayName, r.Profile.Note = "scribble", "scribble", "scribble"
	r.FollowersCount, r.Suspended = 12345, !r.Suspended
	r.Profile.Fields = append(r.Profile.Fields, masto.Field{Name: "scribble"})
}

// flip inverts *b unless b is nil.
func flip(b *bool) {
	if b != nil {
		*b = !*b
	}
}

func copiesSeed(s *storeTest) {
	seed := full()
	store := s.store(seed)
	scribble(seed)
	s.kept("the record was changed through the one that was put in", full(), s.get(store, full().Profile.ID))
}

func copiesGet(s *storeTest) {
	s.copies("Get", func(store guarded) *masto.Record { return s.get(store, full().Profile.ID) })
}

func copiesFind(s *storeTest) {
	s.copies("Find", func(store guarded) *masto.Record { return s.find(store, "Alice", "") })
}

func copiesUpdate(s *storeTest) {
	s.copies("Update", func(store guarded) *masto.Record {
		return s.update(store, full().Profile.ID, func(*masto.Record) {})
	})
}

// copies checks that scribbling on what call returns reaches neither the store
// nor what call returned before.
func (s *storeTest) copies(name string, call func(store guarded) *masto.Record) {
	s.Helper()
	store := s.store(full())
	before := s.get(store, full().Profile.ID).Clone()
	other, r := call(store), call(store)
	scribble(r)
	s.same("what is stored was changed through what "+name+" returned", before, s.get(store, full().Profile.ID))
	s.same("what "+name+" returned was changed through what it returned another time", before, other)
}

func copiesChange(s *storeTest) {
	store := s.store(full())
	id := full().Profile.ID
	given := full() // change hands over slices and pointers that are not its own.
	rewrite(given)
	var kept *masto.Record
	updated := s.update(store, id, func(r *masto.Record) {
		r.Profile, r.Posting = given.Profile, given.Posting
		r.Profile.ID = id
		kept = r
	})
	want := updated.Clone()
	scribble(kept)
	scribble(given)
	s.same("what Update returned was changed through what change kept", want, updated)
	s.same("what is stored was changed through what change kept", want, s.get(store, id))

	s.update(store, id, func(r *masto.Record) { kept = r }) // Its slices are the store's own.
	scribble(kept)
	s.same("what is stored was changed through what change kept", want, s.get(store, id))
}
