package masto_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

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

func TestEditableProfile(t *testing.T) {
	yes := new(true)
	a := masto.CredentialAccount{
		Account: masto.Account{
			ID: "7", DisplayName: "Alice", Note: "<p>Hello &amp; <a href=\"https://a.io\">a.io</a></p>", Locked: true, Bot: true, Indexable: true,
			Avatar: "https://s.example/avatars/original/missing.png", AvatarStatic: "https://s.example/avatars/original/missing.png",
			Header: "https://s.example/h.gif", HeaderStatic: "https://s.example/h.png", HeaderDescription: "a sea",
			Discoverable: yes, Fields: []masto.Field{{Name: "Site", Value: `<a href="https://a.io"><span class="invisible">https://</span>a.io</a>`}},
		},
		Source: masto.Source{Note: "Hello & https://a.io", Fields: []masto.Field{{Name: "Site", Value: "https://a.io"}}, HideCollections: yes, AttributionDomains: []string{"a.io"}},
	}
	want := masto.Profile{
		ID: "7", DisplayName: "Alice", Note: "Hello & https://a.io", Locked: true, Bot: true, Indexable: true,
		Header: "https://s.example/h.gif", HeaderStatic: "https://s.example/h.png", HeaderDescription: "a sea",
		Discoverable: new(true), HideCollections: new(true), ShowMedia: true, ShowMediaReplies: true, ShowFeatured: true,
		Fields: []masto.Field{{Name: "Site", Value: "https://a.io"}}, AttributionDomains: []string{"a.io"},
	}
	got := a.EditableProfile()
	require.Empty(t, cmp.Diff(want, got))
	got.Fields[0].Name, *got.Discoverable, got.AttributionDomains[0] = "x", false, "x"
	require.Empty(t, cmp.Diff(want, a.EditableProfile()), "it is a copy")

	a.Source = masto.Source{} // a server that sends none, or one with nulls
	a.ShowMedia, a.ShowMediaReplies, a.ShowFeatured = new(false), new(false), new(false)
	a.Avatar, a.AvatarStatic = "https://s.example/a.png?1", ""
	a.Header = "/headers/original/missing.png?v=2"
	got = a.EditableProfile()
	require.Equal(t, "Hello & https://a.io", got.Note)
	require.Equal(t, []masto.Field{{Name: "Site", Value: "https://a.io"}}, got.Fields)
	require.Nil(t, got.HideCollections)
	require.False(t, got.ShowMedia || got.ShowMediaReplies || got.ShowFeatured)
	require.Equal(t, [4]string{"https://s.example/a.png?1", "https://s.example/a.png?1", "", ""}, [4]string{got.Avatar, got.AvatarStatic, got.Header, got.HeaderStatic})
	require.Equal(t, masto.Profile{ShowMedia: true, ShowMediaReplies: true, ShowFeatured: true}, (&masto.CredentialAccount{}).EditableProfile())
}

// TestEditableProfileIsTheProfile: what a server without the profile methods says leads to the same profile as those methods.
func TestEditableProfileIsTheProfile(t *testing.T) {
	site := &masto.Site{Domain: "social.example"}
	for _, r := range []*masto.Record{filledRecord(), {Username: "bob"}} {
		a := site.CredentialAccount(r, masto.View{})
		want, got := site.Profile(r, masto.View{}), a.EditableProfile()
		want.FormattedNote, want.FormattedFields, want.FeaturedTags = "", nil, nil
		require.Empty(t, cmp.Diff(want, got))
	}
}

// Where a server has no source, the HTML is edited, and what it links to is kept.
func TestEditableTextOfHTML(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"plain", "Hello &amp; &lt;b&gt;", "Hello & <b>"},
		{"paragraphs and breaks", "<p>a<br>b</p><p>c<br/>d<br />e</p>", "a\nb\nc\nd\ne"},
		{"a link of Mastodon", `<a href="https://a.io/long"><span class="invisible">https://</span><span class="ellipsis">a.io/l</span><span class="invisible">ong</span></a>`, "https://a.io/long"},
		{"a link without its scheme", `See <a href="https://a.io">a.io</a>.`, "See https://a.io."},
		{"a link that is cut", `<a href="https://a.io/long/path">a.io/lo…</a>`, "https://a.io/long/path"},
		{"a link with words", `on <a href="http://a.io/?a=1&amp;b=2">my site</a>!`, "on http://a.io/?a=1&b=2!"},
		{"a link with space in it", `on<a href=" https://a.io "> my site </a>here`, "on https://a.io here"},
		{"a link around a picture", `<a href="https://a.io"><img src="x"></a>`, "https://a.io"},
		{"a link of another scheme", `<a href="xmpp:a@a.io">a@a.io</a>`, "xmpp:a@a.io"},
		{"a link by mail", `<a href="mailto:a@a.io">a@a.io</a>`, "a@a.io"},
		{"a link that runs", `<a href="javascript:alert(1)">x</a>`, "x"},
		{"a relative link", `<a href="/about">about</a>`, "about"},
		{"a link to nowhere", `<a href="https://">x</a><a>y</a><a href="">z</a>`, "xyz"},
		{"a link with space in its address", `<a href="https://a.io/ b">x</a>`, "x"},
		{"a mention", `<span class="h-card"><a href="https://b.io/@bob" class="u-url mention">@<span>bob</span></a></span>`, "@bob@b.io"},
		{"a mention with its domain", `<a href="https://social.b.io/users/bob" class="mention">@bob@b.io</a>`, "@bob@b.io"},
		{"a mention without the sign", `@<a class="u-url mention" href="https://b.io/profile/bob">bob</a>`, "@bob@b.io"},
		{"a mention by another name", `<a class="u-url mention" href="https://b.io/@bob">@Bob Builder</a>`, "https://b.io/@bob"},
		{"a mention of no host", `<a class="mention" href="xmpp:bob@b.io">@bob</a>`, "xmpp:bob@b.io"},
		{"a mention of no address", `<a class="mention" href="/users/bob">@bob</a>`, "@bob"},
		{"a link that begins like a mention", `<a href="https://b.io/@bob">@bob</a>`, "https://b.io/@bob"},
		{"a hashtag", `<a href="https://b.io/tags/moss" class="mention hashtag" rel="tag">#<span>moss</span></a>`, "#moss"},
		{"a hashtag without the sign", `#<a href="https://b.io/search?tag=moss" class="mention hashtag" rel="tag">moss</a>`, "#moss"},
		{"a hashtag without a class", `<a href="https://b.io/tags/moss" rel="ugc tag">#moss</a>`, "#moss"},
		{"a link that begins like a hashtag", `<a href="https://b.io">#1 fan</a>`, "https://b.io"},
		{"a mention before a letter", `<a href="https://b.io/@bob" class="mention">@bob</a>です`, "@bob@b.io です"},
		{
			"links before letters",
			`<a href="https://b.io">site</a>s <a href="https://b.io">site</a>, <a href="https://b.io">site </a>s`,
			"https://b.io s https://b.io, https://b.io s",
		},
		{"nothing to read", `<script>x</script><a href="https://a.io"><style>y</style></a>`, "https://a.io"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := masto.CredentialAccount{Account: masto.Account{Note: c.html, Fields: []masto.Field{{Name: "a", Value: c.html}}}}
			p := a.EditableProfile()
			require.Equal(t, c.want, p.Note)
			require.Equal(t, c.want, p.Fields[0].Value)
		})
	}
}

// What is edited is bounded, whatever the HTML is.
func FuzzEditableText(f *testing.F) {
	for _, v := range readVectors(f, "testdata/vectors/sanitize.jsonl") {
		f.Add(text(v.In))
	}
	f.Add(`<a href="https://b.io/@bob" class="mention">@bob</a>x<a href='https://b.io'>b<p>c<p>d</a>` + "\x00\xff")
	f.Fuzz(func(t *testing.T, html string) {
		a := masto.CredentialAccount{Account: masto.Account{Note: html}}
		note := a.EditableProfile().Note
		require.LessOrEqual(t, len(note), 10*len(html)+64<<10)
		require.True(t, utf8.ValidString(note))
	})
}

var hrefIn = regexp.MustCompile(`<a href="([^"]*)"`)

// A bio that is edited as HTML, and saved as it is, links to what it linked to
// before.
func TestEditableTextLinksToTheSame(t *testing.T) {
	w := readWorld(t, "testdata/vectors")
	for _, v := range readVectors(t, "testdata/vectors/note.jsonl") {
		if strings.Contains(text(v.In), "\x00") {
			continue // HTML has none
		}
		t.Run(v.ID, func(t *testing.T) {
			before := w.site.RenderNote(text(v.In), w.view())
			a := masto.CredentialAccount{Account: masto.Account{Note: before}}
			after := w.site.RenderNote(a.EditableProfile().Note, w.view())
			require.Equal(t, hrefIn.FindAllStringSubmatch(before, -1), hrefIn.FindAllStringSubmatch(after, -1))
		})
	}
}
