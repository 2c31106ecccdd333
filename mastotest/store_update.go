package mastotest

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-374a2035/masto"
)

// updateCases returns the rules of Update as long as nobody else writes.
func updateCases() []storeCase {
	return []storeCase{
		{
			name: "update/stores",
			rule: "Update stores what change made of the profile and the posting defaults, and returns the record " +
				"as stored",
			run: updateStores,
		},
		{
			name: "update/current",
			rule: "change gets the record as the last Update left it",
			run:  updateCurrent,
		},
		{
			name: "update/each attribute",
			rule: "Update stores each attribute, set or cleared, and leaves the others as they were",
			run:  updateEach,
		},
		{
			name: "update/nothing",
			rule: "an Update whose change does nothing changes nothing, even if a field needs verification",
			run:  updateNothing,
		},
		{
			name: "update/not reported",
			rule: "what change did without reporting it is stored or not, and Update returns what Get returns after it",
			run:  updateNotReported,
		},
		{
			name: "update/others",
			rule: "Update leaves every other account as it was",
			run:  updateOthers,
		},
		{
			name: "update/rest",
			rule: "an Update of the profile leaves the rest of the record, such as counters, as it was",
			run:  updateRest,
		},
		{
			name: "update/ignored",
			rule: "whether or not Update stores what change did to the rest of the record, it returns what Get " +
				"returns after it",
			run: updateIgnored,
		},
		{
			name: "update/not found",
			rule: "Update returns an error matching ErrNotFound for an ID that no account has, and does not run change",
			run:  updateNotFound,
		},
		{
			name: "update/error",
			rule: "Update returns an error matching that of change, and nothing is stored",
			run:  updateError,
		},
		{
			name: "update/canceled",
			rule: "a canceled context ends Update with an error, and nothing is stored",
			run:  updateCanceled,
		},
		{
			name: "update/canceled in change",
			rule: "an Update whose context ends while change runs is stored whole or not at all, and whole if it " +
				"returns no error",
			run: updateCanceledWithin,
		},
	}
}

// rewrite gives another value to everything that an Update stores.
func rewrite(r *masto.Record) {
	p := &r.Profile
	p.DisplayName = "Other name"
	p.Note = "Other bio"
	p.Fields = []masto.Field{{Name: "Other", Value: "value", VerifiedAt: at("2025-01-02T03:04:05.000006-03:30")}}
	p.Avatar = "https://files.example/b.png"
	p.AvatarStatic = "https://files.example/bs.png"
	p.AvatarDescription = "A dog"
	p.Header = "https://files.example/i.png"
	p.HeaderStatic = "https://files.example/is.png"
	p.HeaderDescription = "A wide dog"
	p.Locked = !p.Locked
	p.Bot = !p.Bot
	p.HideCollections = pointer(false)
	p.Discoverable = pointer(false)
	p.Indexable = !p.Indexable
	p.ShowMedia = !p.ShowMedia
	p.ShowMediaReplies = !p.ShowMediaReplies
	p.ShowFeatured = !p.ShowFeatured
	p.AttributionDomains = []string{"other.example"}
	r.Posting = masto.PostingDefaults{
		Privacy:     masto.PrivacyPrivate,
		Sensitive:   !r.Posting.Sensitive,
		Language:    pointer("fr"),
		QuotePolicy: masto.QuoteNobody,
	}
}

func updateStores(s *storeTest) {
	for _, seed := range []func() *masto.Record{full, bare, remote} {
		store := s.store(seed())
		want := seed()
		rewrite(want)
		updated := s.update(store, want.Profile.ID, rewrite)
		s.kept("Update returned another record than change made", want, updated)
		s.same("Get returned another record than Update", updated, s.get(store, want.Profile.ID))
		s.same("Find returned another record than Update", updated, s.find(store, want.Username, want.Domain))
	}
}

func updateCurrent(s *storeTest) {
	store := s.store(full())
	want := full()
	for i := range 5 {
		var seen *masto.Record
		updated := s.update(store, want.Profile.ID, func(r *masto.Record) {
			seen = r.Clone()
			r.Profile.Note = fmt.Sprintf("bio %d", i)
			r.Profile.Fields[0].Value = fmt.Sprintf("value %d", i)
		})
		s.kept("change got another record than the last Update left", want, seen)
		want = updated
	}
}

// attributes are the attributes that an Update stores, each with a function
// that clears it.
var attributes = []struct {
	name  string
	clear func(p *masto.Profile, posting *masto.PostingDefaults)
}{
	{"DisplayName", func(p *masto.Profile, _ *masto.PostingDefaults) { p.DisplayName = "" }},
	{"Note", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Note = "" }},
	{"Fields", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Fields = nil }},
	{"Fields[0].Name", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Fields[0].Name = "" }},
	{"Fields[0].Value", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Fields[0].Value = "" }},
	{"Fields[0].VerifiedAt", func(p *masto.Profile, _ *masto.PostingDefaults) {
		p.Fields[0].VerifiedAt = at("0001-01-01T00:00:00Z")
	}},
	{"Avatar", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Avatar = "" }},
	{"AvatarStatic", func(p *masto.Profile, _ *masto.PostingDefaults) { p.AvatarStatic = "" }},
	{"AvatarDescription", func(p *masto.Profile, _ *masto.PostingDefaults) { p.AvatarDescription = "" }},
	{"Header", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Header = "" }},
	{"HeaderStatic", func(p *masto.Profile, _ *masto.PostingDefaults) { p.HeaderStatic = "" }},
	{"HeaderDescription", func(p *masto.Profile, _ *masto.PostingDefaults) { p.HeaderDescription = "" }},
	{"Locked", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Locked = false }},
	{"Bot", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Bot = false }},
	{"HideCollections", func(p *masto.Profile, _ *masto.PostingDefaults) { p.HideCollections = nil }},
	{"Discoverable", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Discoverable = nil }},
	{"Indexable", func(p *masto.Profile, _ *masto.PostingDefaults) { p.Indexable = false }},
	{"ShowMedia", func(p *masto.Profile, _ *masto.PostingDefaults) { p.ShowMedia = false }},
	{"ShowMediaReplies", func(p *masto.Profile, _ *masto.PostingDefaults) { p.ShowMediaReplies = false }},
	{"ShowFeatured", func(p *masto.Profile, _ *masto.PostingDefaults) { p.ShowFeatured = false }},
	{"AttributionDomains", func(p *masto.Profile, _ *masto.PostingDefaults) { p.AttributionDomains = nil }},
	{"Posting.Privacy", func(_ *masto.Profile, d *masto.PostingDefaults) { d.Privacy = "" }},
	{"Posting.Sensitive", func(_ *masto.Profile, d *masto.PostingDefaults) { d.Sensitive = false }},
	{"Posting.Language", func(_ *masto.Profile, d *masto.PostingDefaults) { d.Language = nil }},
	{"Posting.QuotePolicy", func(_ *masto.Profile, d *masto.PostingDefaults) { d.QuotePolicy = "" }},
}

// updateEach clears each attribute of a full record and sets it again.
func updateEach(s *storeTest) {
	store := s.store(full())
	id := full().Profile.ID
	for _, a := range attributes {
		want := full()
		a.clear(&want.Profile, &want.Posting)
		s.update(store, id, func(r *masto.Record) { a.clear(&r.Profile, &r.Posting) })
		s.kept(a.name+" was cleared", want, s.get(store, id))
		s.update(store, id, func(r *masto.Record) { r.Profile, r.Posting = full().Profile, full().Posting })
		s.kept(a.name+" was set again", full(), s.get(store, id))
	}
}

func updateNothing(s *storeTest) {
	store := s.store(full(), bare())
	for _, seed := range []*masto.Record{full(), bare()} {
		id := seed.Profile.ID
		before := s.get(store, id)
		for _, advice := range []masto.Changes{0, masto.NeedsVerification} {
			updated, err := store.Update(s.Context(), id, func(*masto.Record) (masto.Changes, error) {
				return advice, nil
			})
			updated = s.found(updated, err, "Update(%q)", id)
			s.same("Update returned another record than Get did before", before, updated)
			s.same("Get returned another record after Update", before, s.get(store, id))
		}
	}
}

func updateNotReported(s *storeTest) {
	for _, advice := range []masto.Changes{0, masto.NeedsVerification} {
		store := s.store(full())
		id := full().Profile.ID
		updated, err := store.Update(s.Context(), id, func(r *masto.Record) (masto.Changes, error) {
			rewrite(r)
			return advice, nil
		})
		updated = s.found(updated, err, "Update(%q)", id)
		s.same("Get returned another record than Update", updated, s.get(store, id))
	}
}

func updateOthers(s *storeTest) {
	store := s.store(full(), bare(), remote(), named("4", "Alice", "remote.example"))
	others := []string{bare().Profile.ID, remote().Profile.ID, "4"}
	before := make([]*masto.Record, len(others))
	for i, id := range others {
		before[i] = s.get(store, id)
	}
	s.update(store, full().Profile.ID, rewrite)
	for i, id := range others {
		s.same("another account was changed", before[i], s.get(store, id))
	}
}

func updateRest(s *storeTest) {
	for _, seed := range []func() *masto.Record{full, remote} {
		store := s.store(seed())
		before := s.get(store, seed().Profile.ID)
		s.update(store, seed().Profile.ID, rewrite)
		after := s.get(store, seed().Profile.ID)
		before.Profile, before.Posting = after.Profile, after.Posting
		s.same("the rest of the record was changed", before, after)
	}
}

func updateIgnored(s *storeTest) {
	store := s.store(full())
	updated := s.update(store, full().Profile.ID, func(r *masto.Record) {
		r.Profile.Note = "Other bio"
		r.FollowersCount, r.FollowingCount, r.StatusesCount, r.FollowRequestsCount = 0, 999, -1, 1
		r.Suspended, r.Memorial, r.Noindex = true, true, pointer(true)
		r.CreatedAt, r.LastStatusAt = at("2001-01-01T00:00:00Z"), at("2001-01-02T00:00:00Z")
	})
	s.same("Get returned another record than Update", updated, s.get(store, full().Profile.ID))
	want := full()
	want.Profile.Note = "Other bio"
	s.kept("the profile is not as change left it", want, updated)
}

func updateNotFound(s *storeTest) {
	store := s.store(full(), bare())
	for _, id := range strangeIDs {
		ran := false
		r, err := store.Update(s.Context(), id, func(*masto.Record) (masto.Changes, error) {
			ran = true
			return 0, nil
		})
		s.notFound(r, err, "Update(%q)", id)
		if ran {
			s.broken("Update(%q) ran change", id)
		}
		r, err = store.Get(s.Context(), id)
		s.notFound(r, err, "Get(%q) after Update", id)
	}
}

func updateError(s *storeTest) {
	store := s.store(full())
	id := full().Profile.ID
	before := s.get(store, id)
	refused := errors.New("refused by change")
	for range 2 { // The first Update must not leave the store locked.
		_, err := store.Update(s.Context(), id, func(r *masto.Record) (masto.Changes, error) {
			scribble(r)
			rewrite(r)
			return masto.ChangedPublic | masto.ChangedPosting, fmt.Errorf("in change: %w", refused)
		})
		if !errors.Is(err, refused) {
			s.broken("Update returned the error %v, not the one of change", err)
		}
		s.same("the record was changed", before, s.get(store, id))
	}
	s.update(store, id, rewrite)
}

func updateCanceled(s *storeTest) {
	store := s.store(full())
	id := full().Profile.ID
	before := s.get(store, id)
	_, err := store.Update(s.canceled(), id, reporting(rewrite))
	if err == nil {
		s.broken("Update returned no error")
	}
	s.same("the record was changed", before, s.get(store, id))
	s.update(store, id, rewrite)
}

func updateCanceledWithin(s *storeTest) {
	store := s.store(full())
	id := full().Profile.ID
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	_, err := store.Update(ctx, id, reporting(func(r *masto.Record) {
		rewrite(r)
		cancel()
	}))
	want := full()
	rewrite(want)
	after := s.get(store, id)
	switch {
	case diffKept(want, after) == "":
	case err == nil:
		s.kept("Update returned no error, but did not store", want, after)
	default:
		s.kept("Update stored a part", full(), after)
	}
}
