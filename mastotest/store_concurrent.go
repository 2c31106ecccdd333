package mastotest

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
)

// concurrencyCases returns the rules about calls at the same time.
func concurrencyCases() []storeCase {
	return []storeCase{
		{
			name: "concurrent/updates",
			rule: "of Updates at the same time none is lost and none is applied twice: a change that runs again " +
				"gets a fresh copy",
			run: concurrentUpdates,
		},
		{
			name: "concurrent/attributes",
			rule: "Updates of different attributes at the same time do not undo each other",
			run:  concurrentAttributes,
		},
		{
			name: "concurrent/whole",
			rule: "nobody sees half of an Update",
			run:  concurrentWhole,
		},
		{
			name: "concurrent/accounts",
			rule: "Updates of different accounts at the same time do not touch each other",
			run:  concurrentAccounts,
		},
		{
			name: "concurrent/counters",
			rule: "counters that another writer raised during an Update stay raised, and the Update is stored",
			run:  concurrentCounters,
		},
	}
}

// letters has the letters that the writers append, one each.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzαβγδεζηθικλμ"

// each runs f for each letter at the same time, and returns when all have
// ended.
func each(f func(letter string)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for _, letter := range letters {
		all.Go(func() {
			<-start
			f(string(letter))
		})
	}
	close(start)
	all.Wait()
}

func concurrentUpdates(s *storeTest) {
	store := s.store(bare())
	id := bare().Profile.ID
	each(func(letter string) {
		r, err := store.Update(s.Context(), id, reporting(func(r *masto.Record) {
			if strings.Contains(r.Profile.Note, letter) {
				s.Errorf("rule: %s\nchange got the bio %q, which has its own letter %q already",
					s.rule, r.Profile.Note, letter)
			}
			r.Profile.Note += letter
		}))
		switch {
		case err != nil:
			s.Errorf("rule: %s\nUpdate for the letter %q failed: %v", s.rule, letter, err)
		case r == nil || !strings.HasSuffix(r.Profile.Note, letter):
			s.Errorf("rule: %s\nUpdate for the letter %q returned a record that does not end in it", s.rule, letter)
		}
	})
	s.once(s.get(store, id).Profile.Note)
}

// once ends the case unless text has each letter once.
func (s *storeTest) once(text string) {
	s.Helper()
	for _, letter := range letters {
		if n := strings.Count(text, string(letter)); n != 1 {
			s.broken("the letter %q is there %d times, not once: %q", letter, n, text)
		}
	}
}

func concurrentAttributes(s *storeTest) {
	store := s.store(bare())
	id := bare().Profile.ID
	each(func(letter string) {
		_, err := store.Update(s.Context(), id, reporting(func(r *masto.Record) {
			switch p := &r.Profile; strings.Index(letters, letter) % 4 {
			case 0:
				p.DisplayName += letter
			case 1:
				p.Note += letter
			case 2:
				p.AttributionDomains = append(p.AttributionDomains, letter)
			default:
				p.Fields = append(p.Fields, masto.Field{Name: letter, Value: "x"})
			}
		}))
		if err != nil {
			s.Errorf("rule: %s\nUpdate failed: %v", s.rule, err)
		}
	})
	p := s.get(store, id).Profile
	all := p.DisplayName + p.Note + strings.Join(p.AttributionDomains, "")
	for _, f := range p.Fields {
		all += f.Name
	}
	s.once(all)
}

func concurrentWhole(s *storeTest) {
	store := s.store(bare())
	id := bare().Profile.ID
	var readers sync.WaitGroup
	defer readers.Wait()
	ctx, stop := context.WithCancel(s.Context())
	defer stop()
	look := func(read func() (*masto.Record, error)) {
		for ctx.Err() == nil {
			r, err := read()
			switch {
			case err != nil || r == nil:
				s.Errorf("rule: %s\na read during an Update failed: %v", s.rule, err)
				return
			case r.Profile.DisplayName != r.Profile.Note || len(r.Profile.Fields) != len(r.Profile.Note):
				s.Errorf("rule: %s\nboth were set to the same letter, but one read found the display name %q, "+
					"the bio %q and %d fields",
					s.rule, r.Profile.DisplayName, r.Profile.Note, len(r.Profile.Fields))
				return
			}
		}
	}
	readers.Go(func() { look(func() (*masto.Record, error) { return store.Get(s.Context(), id) }) })
	readers.Go(func() { look(func() (*masto.Record, error) { return store.Find(s.Context(), "bob", "") }) })
	for i := range 50 {
		s.update(store, id, func(r *masto.Record) {
			letter := letters[i : i+1]
			r.Profile.DisplayName, r.Profile.Note, r.Profile.Fields = letter, letter, []masto.Field{{Name: letter}}
		})
	}
}

func concurrentAccounts(s *storeTest) {
	var seed []*masto.Record
	for i := range 26 {
		seed = append(seed, named(strconv.Itoa(100+i), letters[i:i+1], ""))
	}
	store := s.store(seed...)
	var all sync.WaitGroup
	for _, r := range seed {
		all.Go(func() {
			for range 3 {
				_, err := store.Update(s.Context(), r.Profile.ID, reporting(func(r *masto.Record) {
					r.Profile.Note += r.Profile.ID
				}))
				if err != nil {
					s.Errorf("rule: %s\nUpdate failed: %v", s.rule, err)
				}
			}
		})
	}
	all.Wait()
	for _, r := range seed {
		want := r.Clone()
		want.Profile.Note = strings.Repeat(r.Profile.ID, 3)
		s.kept("three Updates by one writer", want, s.get(store, r.Profile.ID))
	}
}

// raiser is a store that lets the suite raise a counter as the server around it
// does.
type raiser interface {
	AddFollowers(ctx context.Context, id string, n int64) error
}

func concurrentCounters(s *storeTest) {
	store := s.store(full())
	other, ok := store.store.(raiser)
	if !ok {
		s.Skip("the store has no method AddFollowers(ctx context.Context, id string, n int64) error, " +
			"so the suite cannot raise a counter")
	}
	id := full().Profile.ID
	before := s.get(store, id)
	want := before.FollowersCount
	for range 3 {
		raised := make(chan error, 1)
		run := 0
		s.update(store, id, func(r *masto.Record) {
			if run++; run == 1 {
				go func() { raised <- other.AddFollowers(s.Context(), id, 5) }()
				// A store that locks lets the other writer through only
				// after this change, so it is not waited for long.
				select {
				case err := <-raised:
					raised <- err
				case <-time.After(s.patience / 300):
				}
			}
			r.Profile.Note += "x"
		})
		select {
		case err := <-raised:
			if err != nil {
				s.broken("AddFollowers failed: %v", err)
			}
		case <-time.After(s.patience):
			s.broken("AddFollowers has not returned %v after Update did", s.patience)
		}
		want += 5
		if got := s.get(store, id).FollowersCount; got != want {
			s.broken("the account has %d followers, not %d", got, want)
		}
	}
	if got, want := s.get(store, id).Profile.Note, before.Profile.Note+"xxx"; got != want {
		s.broken("the bio is %q, not %q", got, want)
	}
}
