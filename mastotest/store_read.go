package mastotest

import (
	"context"
	"errors"

	"github.com/seed-374a2035/masto"
)

// readCases returns the rules of Get and Find.
func readCases() []storeCase {
	return []storeCase{
		{
			name: "get/record",
			rule: "Get returns the name, profile and posting defaults of the account with that ID",
			run:  getRecord,
		},
		{
			name: "get/not found",
			rule: "Get returns an error matching ErrNotFound for an ID that no account has",
			run:  getNotFound,
		},
		{
			name: "get/canceled",
			rule: "a canceled context ends Get with an error",
			run:  getCanceled,
		},
		{
			name: "find/record",
			rule: "Find returns what Get returns",
			run:  findRecord,
		},
		{
			name: "find/not found",
			rule: "Find returns an error matching ErrNotFound for a name that no account has",
			run:  findNotFound,
		},
		{
			name: "find/local and remote",
			rule: `Find takes domain "" for local accounts only, and any other for the accounts of that domain only`,
			run:  findDomain,
		},
		{
			name: "find/case",
			rule: "Find compares both names without regard to case, in all of Unicode",
			run:  findCase,
		},
		{
			name: "find/literally",
			rule: "Find compares names literally but for their case: no patterns, and accents count",
			run:  findLiterally,
		},
		{
			name: "find/canceled",
			rule: "a canceled context ends Find with an error",
			run:  findCanceled,
		},
	}
}

func getRecord(s *storeTest) {
	store := s.store(full(), bare(), remote())
	for _, want := range []*masto.Record{full(), bare(), remote()} {
		s.kept("Get returned another record than was put in", want, s.get(store, want.Profile.ID))
	}
}

// strangeIDs are IDs that no record of the suite has, such as come in with the
// path of a request.
var strangeIDs = [...]string{
	"404", "", "0", "-1", "1", "22", "109876543210987655", "1098765432109876540", "99999999999999999999999",
	"2 ", " 2", "2.0", "%", "_", "alice", "2' OR '1'='1", "ü",
}

func getNotFound(s *storeTest) {
	store := s.store(full(), bare())
	for _, id := range strangeIDs {
		r, err := store.Get(s.Context(), id)
		s.notFound(r, err, "Get(%q)", id)
	}
	empty := s.store()
	r, err := empty.Get(s.Context(), "2")
	s.notFound(r, err, "Get(%q) of an empty store", "2")
}

// notFound ends the case unless err matches ErrNotFound.
func (s *storeTest) notFound(r *masto.Record, err error, call string, args ...any) {
	s.Helper()
	switch {
	case err == nil && r != nil:
		s.broken(call+" returned the account %q@%q", append(args, r.Username, r.Domain)...)
	case err == nil:
		s.broken(call+" returned no error", args...)
	case !errors.Is(err, masto.ErrNotFound):
		s.broken(call+" returned the error %q", append(args, err)...)
	}
}

// canceled returns a context that is canceled.
func (s *storeTest) canceled() context.Context {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	return ctx
}

func getCanceled(s *storeTest) {
	store := s.store(full())
	if _, err := store.Get(s.canceled(), full().Profile.ID); err == nil {
		s.broken("Get returned no error")
	}
	s.get(store, full().Profile.ID) // The store still works.
}

func findRecord(s *storeTest) {
	store := s.store(full(), bare(), remote())
	for _, want := range []*masto.Record{full(), bare(), remote()} {
		found := s.find(store, want.Username, want.Domain)
		s.kept("Find returned another record than was put in", want, found)
		s.same("Find returned another record than Get", s.get(store, want.Profile.ID), found)
	}
}

func findNotFound(s *storeTest) {
	store := s.store(full(), bare(), remote())
	for _, name := range [][2]string{
		{"nobody", ""},
		{"nobody", "remote.example"},
		{"", ""},
		{"", "remote.example"},
		{"2", ""},
		{"Alice ", ""},
		{"Carol@remote.example", ""},
		{"Alice' OR '1'='1", ""},
		{"Carol", "remote.example."},
		{"Carol", "example"},
		{"Carol", "other.example"},
	} {
		r, err := store.Find(s.Context(), name[0], name[1])
		s.notFound(r, err, "Find(%q, %q)", name[0], name[1])
	}
}

func findDomain(s *storeTest) {
	store := s.store(
		named("1", "alice", "remote.example"),
		named("2", "alice", ""),
		named("3", "alice", "other.example"),
		named("4", "carol", "remote.example"),
		named("5", "dave", ""),
	)
	for _, c := range []struct{ username, domain, id string }{
		{"alice", "", "2"},
		{"alice", "remote.example", "1"},
		{"alice", "other.example", "3"},
		{"carol", "remote.example", "4"},
		{"dave", "", "5"},
	} {
		if got := s.find(store, c.username, c.domain).Profile.ID; got != c.id {
			s.broken("Find(%q, %q) returned the account with the ID %q, not %q", c.username, c.domain, got, c.id)
		}
	}
	for _, name := range [][2]string{
		{"carol", ""},
		{"dave", "remote.example"},
		{"carol", "other.example"},
	} {
		r, err := store.Find(s.Context(), name[0], name[1])
		s.notFound(r, err, "Find(%q, %q)", name[0], name[1])
	}
}

func findCase(s *storeTest) {
	store := s.store(
		named("1", "Alice", ""),
		named("2", "carol", "Remote.Example"),
		named("3", "Ærøskøbing", "bücher.example"),
		named("4", "ПРИВЕТ", ""),
		named("5", "άλφα", "ΑΛΦΑ.example"),
		named("6", "𐐀𐐁", ""), // Deseret is beyond the Basic Multilingual Plane.
	)
	for _, c := range []struct{ username, domain, id string }{
		{"alice", "", "1"},
		{"ALICE", "", "1"},
		{"aLICe", "", "1"},
		{"CAROL", "remote.example", "2"},
		{"Carol", "REMOTE.EXAMPLE", "2"},
		{"ærøskøbing", "BÜCHER.example", "3"},
		{"ÆRØSKØBING", "Bücher.Example", "3"},
		{"привет", "", "4"},
		{"Привет", "", "4"},
		{"ΆΛΦΑ", "αλφα.EXAMPLE", "5"},
		{"𐐨𐐩", "", "6"},
	} {
		if got := s.find(store, c.username, c.domain).Profile.ID; got != c.id {
			s.broken("Find(%q, %q) returned the account with the ID %q, not %q", c.username, c.domain, got, c.id)
		}
	}
	r := s.find(store, "alice", "")
	s.kept("the name lost its own case", named("1", "Alice", ""), r)
}

func findLiterally(s *storeTest) {
	store := s.store(
		named("1", "underXscore", ""),
		named("2", "resume", ""),
		named("3", "i", ""),
		named("4", "x", "aXb.example"),
	)
	for _, name := range [][2]string{
		{"under_score", ""},
		{"under%", ""},
		{"%", ""},
		{"*", ""},
		{"underXscor?", ""},
		{"résumé", ""},
		{"re\u0301sume", ""},
		{"ｉ", ""},
		{"x", "a_b.example"},
		{"x", "%"},
		{"x", "aXb%"},
	} {
		r, err := store.Find(s.Context(), name[0], name[1])
		s.notFound(r, err, "Find(%q, %q)", name[0], name[1])
	}
}

func findCanceled(s *storeTest) {
	store := s.store(full())
	if _, err := store.Find(s.canceled(), "Alice", ""); err == nil {
		s.broken("Find returned no error")
	}
	s.find(store, "Alice", "")
}
