package masto_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestDiffOfEachAttribute(t *testing.T) {
	before := filledRecord().Profile
	require.Equal(t, masto.Update{}, masto.Diff(before, before))
	require.Equal(t, masto.Update{}, masto.Diff(masto.Profile{}, masto.Profile{Fields: []masto.Field{}, AttributionDomains: []string{}}))
	for name, c := range map[string]struct {
		edit func(p *masto.Profile)
		want masto.Update
	}{
		"display name":         {func(p *masto.Profile) { p.DisplayName = "" }, masto.Update{DisplayName: masto.Some("")}},
		"note":                 {func(p *masto.Profile) { p.Note = "x" }, masto.Update{Note: masto.Some("x")}},
		"fields":               {func(p *masto.Profile) { p.Fields = p.Fields[:1] }, masto.Update{Fields: rows("Site", "https://spore.io")}},
		"fields' order":        {func(p *masto.Profile) { p.Fields = []masto.Field{p.Fields[1], p.Fields[0]} }, masto.Update{Fields: rows("B", "x", "Site", "https://spore.io")}},
		"no fields":            {func(p *masto.Profile) { p.Fields = nil }, masto.Update{Fields: rows()}},
		"avatar":               {func(p *masto.Profile) { p.Avatar, p.AvatarStatic = "", "" }, masto.Update{Avatar: masto.Some[*masto.Upload](nil)}},
		"another avatar":       {func(p *masto.Profile) { p.Avatar = "https://a/3.png" }, masto.Update{}}, // an address cannot be sent
		"header":               {func(p *masto.Profile) { p.Header, p.HeaderStatic = "", "" }, masto.Update{Header: masto.Some[*masto.Upload](nil)}},
		"avatar description":   {func(p *masto.Profile) { p.AvatarDescription = "x" }, masto.Update{AvatarDescription: masto.Some("x")}},
		"header description":   {func(p *masto.Profile) { p.HeaderDescription = "" }, masto.Update{HeaderDescription: masto.Some("")}},
		"locked":               {func(p *masto.Profile) { p.Locked = false }, masto.Update{Locked: masto.Some(false)}},
		"bot":                  {func(p *masto.Profile) { p.Bot = false }, masto.Update{Bot: masto.Some(false)}},
		"indexable":            {func(p *masto.Profile) { p.Indexable = false }, masto.Update{Indexable: masto.Some(false)}},
		"show media":           {func(p *masto.Profile) { p.ShowMedia = false }, masto.Update{ShowMedia: masto.Some(false)}},
		"show media replies":   {func(p *masto.Profile) { p.ShowMediaReplies = false }, masto.Update{ShowMediaReplies: masto.Some(false)}},
		"show featured":        {func(p *masto.Profile) { p.ShowFeatured = false }, masto.Update{ShowFeatured: masto.Some(false)}},
		"discoverable":         {func(p *masto.Profile) { p.Discoverable = new(false) }, masto.Update{Discoverable: masto.Some(new(false))}},
		"discoverable null":    {func(p *masto.Profile) { p.Discoverable = nil }, masto.Update{Discoverable: masto.Some[*bool](nil)}},
		"discoverable again":   {func(p *masto.Profile) { p.Discoverable = new(true) }, masto.Update{}},
		"hide collections":     {func(p *masto.Profile) { p.HideCollections = nil }, masto.Update{HideCollections: masto.Some[*bool](nil)}},
		"domains":              {func(p *masto.Profile) { p.AttributionDomains = []string{"a.io", "b.io"} }, masto.Update{AttributionDomains: masto.Some([]string{"a.io", "b.io"})}},
		"no domains":           {func(p *masto.Profile) { p.AttributionDomains = nil }, masto.Update{AttributionDomains: masto.Some[[]string](nil)}},
		"what no client sends": {func(p *masto.Profile) { p.ID, p.FormattedNote, p.FeaturedTags = "2", "x", []masto.FeaturedTag{{}} }, masto.Update{}},
	} {
		t.Run(name, func(t *testing.T) {
			after := filledRecord().Profile
			c.edit(&after)
			require.Empty(t, cmp.Diff(c.want, masto.Diff(before, after)))
		})
	}
}

func TestDiffCopies(t *testing.T) {
	after := filledRecord().Profile
	u := masto.Diff(masto.Profile{}, after)
	*u.Discoverable.Value, *u.HideCollections.Value, u.Fields.Value[0].Name, u.AttributionDomains.Value[0] = false, false, "x", "x"
	require.Empty(t, cmp.Diff(filledRecord().Profile, after))
}

// FuzzDiff makes a profile of one update and another of a second, and wants that the difference leads from one to the other.
func FuzzDiff(f *testing.F) {
	seeds := updateSeeds(f)
	for i, seed := range seeds {
		f.Add(seed, seeds[(i+1)%len(seeds)])
	}
	for _, u := range variants() {
		f.Add(encode(u), encode(badUpdate()))
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var u, v masto.Update
		if u.UnmarshalJSON(first) != nil || v.UnmarshalJSON(second) != nil {
			return
		}
		l := masto.Limits{Note: -1, DisplayName: -1, Fields: -1, AvatarDescription: -1, HeaderDescription: -1, AttributionDomains: -1}
		withoutUploads(&u)
		withoutUploads(&v)
		if l.Validate(u.Normalized(), nil) != nil || l.Validate(v.Normalized(), nil) != nil {
			return // domains that are none are not stored, and normalizing them again may change them
		}
		before := filledRecord()
		before.Apply(u, masto.Pictures{})
		before.Posting = masto.PostingDefaults{}
		after := before.Clone()
		after.Apply(v, masto.Pictures{})
		after.Posting = masto.PostingDefaults{}

		got := before.Clone()
		got.Apply(masto.Diff(before.Profile, after.Profile), masto.Pictures{})
		if len(got.Profile.AttributionDomains) == 0 { // nil or empty, both are no domains
			got.Profile.AttributionDomains = after.Profile.AttributionDomains
		}
		require.Empty(t, cmp.Diff(after, got))
		require.Equal(t, masto.Update{}, masto.Diff(got.Profile, after.Profile))
		require.Empty(t, masto.Conflict(before.Profile, before.Profile, after.Profile))
		require.Empty(t, masto.Conflict(before.Profile, after.Profile, after.Profile))
	})
}

// withoutUploads leaves of pictures only that they are removed.
func withoutUploads(u *masto.Update) {
	for _, o := range []*masto.Opt[*masto.Upload]{&u.Avatar, &u.Header} {
		if o.Value != nil {
			*o = masto.Opt[*masto.Upload]{}
		}
	}
}

func TestConflict(t *testing.T) {
	base := filledRecord().Profile
	edit := func(f func(p *masto.Profile)) masto.Profile {
		p := filledRecord().Profile
		f(&p)
		return p
	}
	theirs := edit(func(p *masto.Profile) {
		p.Note, p.DisplayName, p.Avatar, p.Header = "theirs", "same", "https://a/9.png", ""
		p.Fields, p.Locked, p.Discoverable = nil, false, nil
	})
	require.Nil(t, masto.Conflict(base, theirs, base), "nothing was edited")
	require.Nil(t, masto.Conflict(base, base, theirs), "nobody else edited")
	require.Nil(t, masto.Conflict(base, theirs, theirs), "both did the same")
	require.Nil(t, masto.Conflict(base, theirs, edit(func(p *masto.Profile) { p.Bot, p.AttributionDomains = false, nil })), "other attributes")
	mine := edit(func(p *masto.Profile) {
		p.Note, p.DisplayName, p.Avatar, p.Header = "mine", "same", "", "https://h/9.png"
		p.Fields, p.Locked, p.Discoverable = base.Fields[:1], false, new(false)
	})
	require.Equal(t, []string{"note", "avatar", "header", "discoverable", "fields_attributes"}, masto.Conflict(base, theirs, mine))
}
