package masto_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestDiffOfEachAttribute(t *testing.T) {
	before := filledRecord().Profile
	require.Equal(t, masto.Update{}, masto.Diff(before, before))
	require.Equal(t, masto.Update{}, masto.Diff(masto.Profile{}, masto.Profile{
		Fields:             []masto.Field{},
		AttributionDomains: []string{},
	}))
	for _, c := range []struct {
		name string
		edit func(p *masto.Profile)
		want masto.Update
	}{
		{
			name: "display name",
			edit: func(p *masto.Profile) { p.DisplayName = "" },
			want: masto.Update{DisplayName: masto.Some("")},
		},
		{
			name: "note",
			edit: func(p *masto.Profile) { p.Note = "x" },
			want: masto.Update{Note: masto.Some("x")},
		},
		{
			name: "fields",
			edit: func(p *masto.Profile) { p.Fields = p.Fields[:1] },
			want: masto.Update{Fields: rows("Site", "https://spore.io")},
		},
		{
			name: "fields' order",
			edit: func(p *masto.Profile) { p.Fields = []masto.Field{p.Fields[1], p.Fields[0]} },
			want: masto.Update{Fields: rows("B", "x", "Site", "https://spore.io")},
		},
		{
			name: "no fields",
			edit: func(p *masto.Profile) { p.Fields = nil },
			want: masto.Update{Fields: rows()},
		},
		{
			name: "avatar",
			edit: func(p *masto.Profile) { p.Avatar, p.AvatarStatic = "", "" },
			want: masto.Update{Avatar: masto.Some[*masto.Upload](nil)},
		},
		{
			name: "another avatar, whose address cannot be sent",
			edit: func(p *masto.Profile) { p.Avatar = "https://a/3.png" },
		},
		{
			name: "header",
			edit: func(p *masto.Profile) { p.Header, p.HeaderStatic = "", "" },
			want: masto.Update{Header: masto.Some[*masto.Upload](nil)},
		},
		{
			name: "avatar description",
			edit: func(p *masto.Profile) { p.AvatarDescription = "x" },
			want: masto.Update{AvatarDescription: masto.Some("x")},
		},
		{
			name: "header description",
			edit: func(p *masto.Profile) { p.HeaderDescription = "" },
			want: masto.Update{HeaderDescription: masto.Some("")},
		},
		{
			name: "locked",
			edit: func(p *masto.Profile) { p.Locked = false },
			want: masto.Update{Locked: masto.Some(false)},
		},
		{
			name: "bot",
			edit: func(p *masto.Profile) { p.Bot = false },
			want: masto.Update{Bot: masto.Some(false)},
		},
		{
			name: "indexable",
			edit: func(p *masto.Profile) { p.Indexable = false },
			want: masto.Update{Indexable: masto.Some(false)},
		},
		{
			name: "show media",
			edit: func(p *masto.Profile) { p.ShowMedia = false },
			want: masto.Update{ShowMedia: masto.Some(false)},
		},
		{
			name: "show media replies",
			edit: func(p *masto.Profile) { p.ShowMediaReplies = false },
			want: masto.Update{ShowMediaReplies: masto.Some(false)},
		},
		{
			name: "show featured",
			edit: func(p *masto.Profile) { p.ShowFeatured = false },
			want: masto.Update{ShowFeatured: masto.Some(false)},
		},
		{
			name: "discoverable",
			edit: func(p *masto.Profile) { p.Discoverable = new(false) },
			want: masto.Update{Discoverable: masto.Some(new(false))},
		},
		{
			name: "discoverable null",
			edit: func(p *masto.Profile) { p.Discoverable = nil },
			want: masto.Update{Discoverable: masto.Some[*bool](nil)},
		},
		{
			name: "discoverable again",
			edit: func(p *masto.Profile) { p.Discoverable = new(true) },
		},
		{
			name: "hide collections",
			edit: func(p *masto.Profile) { p.HideCollections = nil },
			want: masto.Update{HideCollections: masto.Some[*bool](nil)},
		},
		{
			name: "domains",
			edit: func(p *masto.Profile) { p.AttributionDomains = []string{"a.io", "b.io"} },
			want: masto.Update{AttributionDomains: masto.Some([]string{"a.io", "b.io"})},
		},
		{
			name: "no domains",
			edit: func(p *masto.Profile) { p.AttributionDomains = nil },
			want: masto.Update{AttributionDomains: masto.Some[[]string](nil)},
		},
		{
			name: "what no client sends",
			edit: func(p *masto.Profile) {
				p.ID, p.FormattedNote, p.FeaturedTags = "2", "x", []masto.FeaturedTag{
					{},
				}
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := filledRecord().Profile
			c.edit(&after)
			require.Empty(t, cmp.Diff(c.want, masto.Diff(before, after)))
		})
	}
}

func TestDiffCopies(t *testing.T) {
	after := filledRecord().Profile
	u := masto.Diff(masto.Profile{}, after)
	*u.Discoverable.Value = false
	*u.HideCollections.Value = false
	u.Fields.Value[0].Name = "x"
	u.AttributionDomains.Value[0] = "x"
	require.Empty(t, cmp.Diff(filledRecord().Profile, after))
}

// FuzzDiff makes one profile of an update and another of a second update, and
// checks that the difference leads from one to the other.
func FuzzDiff(f *testing.F) {
	seeds := updateSeeds(f)
	for i, seed := range seeds {
		f.Add(seed, seeds[(i+1)%len(seeds)])
	}
	for _, v := range variants() {
		f.Add(encode(v.update), encode(badUpdate()))
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var u, v masto.Update
		if u.UnmarshalJSON(first) != nil || v.UnmarshalJSON(second) != nil {
			return
		}
		l := masto.Limits{
			Note:               -1,
			DisplayName:        -1,
			Fields:             -1,
			AvatarDescription:  -1,
			HeaderDescription:  -1,
			AttributionDomains: -1,
		}
		withoutUploads(&u)
		withoutUploads(&v)
		if l.Validate(u.Normalized(), nil) != nil || l.Validate(v.Normalized(), nil) != nil {
			return // invalid domains are never stored, and normalizing again may change them
		}
		before := filledRecord()
		before.Apply(u, masto.Pictures{})
		before.Posting = masto.PostingDefaults{}
		after := before.Clone()
		after.Apply(v, masto.Pictures{})
		after.Posting = masto.PostingDefaults{}

		got := before.Clone()
		got.Apply(masto.Diff(before.Profile, after.Profile), masto.Pictures{})
		if len(got.Profile.AttributionDomains) == 0 { // nil and empty are the same
			got.Profile.AttributionDomains = after.Profile.AttributionDomains
		}
		require.Empty(t, cmp.Diff(after, got))
		require.Equal(t, masto.Update{}, masto.Diff(got.Profile, after.Profile))
		require.Empty(t, masto.Conflict(before.Profile, before.Profile, after.Profile))
		require.Empty(t, masto.Conflict(before.Profile, after.Profile, after.Profile))
	})
}

// withoutUploads removes the uploads from u. It keeps the removal of a picture.
func withoutUploads(u *masto.Update) {
	for _, o := range []*masto.Opt[*masto.Upload]{&u.Avatar, &u.Header} {
		if o.Value != nil {
			*o = masto.Opt[*masto.Upload]{}
		}
	}
}

func TestConflict(t *testing.T) {
	base := filledRecord().Profile
	edited := func(edit func(p *masto.Profile)) masto.Profile {
		p := filledRecord().Profile
		edit(&p)
		return p
	}
	theirs := edited(func(p *masto.Profile) {
		p.DisplayName = "same"
		p.Note = "theirs"
		p.Fields = nil
		p.Avatar = "https://a/9.png"
		p.Header = ""
		p.Locked = false
		p.Discoverable = nil
	})
	mine := edited(func(p *masto.Profile) {
		p.DisplayName = "same"
		p.Note = "mine"
		p.Fields = p.Fields[:1]
		p.Avatar = ""
		p.Header = "https://h/9.png"
		p.Locked = false
		p.Discoverable = new(false)
	})
	for _, c := range []struct {
		name   string
		theirs masto.Profile
		mine   masto.Profile
		want   []string
	}{
		{
			name:   "nothing was edited",
			theirs: theirs,
			mine:   base,
		},
		{
			name:   "nobody else edited",
			theirs: base,
			mine:   theirs,
		},
		{
			name:   "both did the same",
			theirs: theirs,
			mine:   theirs,
		},
		{
			name:   "other attributes",
			theirs: theirs,
			mine:   edited(func(p *masto.Profile) { p.Bot, p.AttributionDomains = false, nil }),
		},
		{
			name:   "the same attributes",
			theirs: theirs,
			mine:   mine,
			want:   []string{"note", "avatar", "header", "discoverable", "fields_attributes"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, masto.Conflict(base, c.theirs, c.mine))
		})
	}
}

func TestEditableProfile(t *testing.T) {
	yes := new(true)
	a := masto.CredentialAccount{
		Account: masto.Account{
			ID:                "7",
			DisplayName:       "Alice",
			Note:              "<p>Hello &amp; <a href=\"https://a.io\">a.io</a></p>",
			Locked:            true,
			Bot:               true,
			Indexable:         true,
			Avatar:            "https://s.example/avatars/original/missing.png",
			AvatarStatic:      "https://s.example/avatars/original/missing.png",
			Header:            "https://s.example/h.gif",
			HeaderStatic:      "https://s.example/h.png",
			HeaderDescription: "a sea",
			Discoverable:      yes,
			Fields: []masto.Field{
				{
					Name:  "Site",
					Value: `<a href="https://a.io"><span class="invisible">https://</span>a.io</a>`,
				},
			},
		},
		Source: masto.Source{
			Note:               "Hello & https://a.io",
			Fields:             []masto.Field{{Name: "Site", Value: "https://a.io"}},
			HideCollections:    yes,
			AttributionDomains: []string{"a.io"},
		},
	}
	want := masto.Profile{
		ID:                 "7",
		DisplayName:        "Alice",
		Note:               "Hello & https://a.io",
		Locked:             true,
		Bot:                true,
		Indexable:          true,
		Header:             "https://s.example/h.gif",
		HeaderStatic:       "https://s.example/h.png",
		HeaderDescription:  "a sea",
		Discoverable:       new(true),
		HideCollections:    new(true),
		ShowMedia:          true,
		ShowMediaReplies:   true,
		ShowFeatured:       true,
		Fields:             []masto.Field{{Name: "Site", Value: "https://a.io"}},
		AttributionDomains: []string{"a.io"},
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
	require.Equal(t, "https://s.example/a.png?1", got.Avatar)
	require.Equal(t, "https://s.example/a.png?1", got.AvatarStatic)
	require.Empty(t, got.Header)
	require.Empty(t, got.HeaderStatic)
	require.Equal(t, masto.Profile{
		ShowMedia:        true,
		ShowMediaReplies: true,
		ShowFeatured:     true,
	}, (&masto.CredentialAccount{}).EditableProfile())
}

// The answers of a server without the profile methods lead to the same profile
// as those methods.
func TestEditableProfileIsTheProfile(t *testing.T) {
	site := &masto.Site{Domain: "social.example"}
	for _, r := range []*masto.Record{filledRecord(), {Username: "bob"}} {
		a := site.CredentialAccount(r, masto.View{})
		want, got := site.Profile(r, masto.View{}), a.EditableProfile()
		want.FormattedNote, want.FormattedFields, want.FeaturedTags = "", nil, nil
		require.Empty(t, cmp.Diff(want, got))
	}
}

// If a server has no source, the HTML is edited, and its links keep their
// targets.
func TestEditableTextOfHTML(t *testing.T) {
	for _, c := range []struct {
		name string
		html string
		want string
	}{
		{
			name: "plain",
			html: "Hello &amp; &lt;b&gt;",
			want: "Hello & <b>",
		},
		{
			name: "paragraphs and breaks",
			html: "<p>a<br>b</p><p>c<br/>d<br />e</p>",
			want: "a\nb\nc\nd\ne",
		},
		{
			name: "a link of Mastodon",
			html: `<a href="https://a.io/long"><span class="invisible">https://</span>` +
				`<span class="ellipsis">a.io/l</span><span class="invisible">ong</span></a>`,
			want: "https://a.io/long",
		},
		{
			name: "a link without its scheme",
			html: `See <a href="https://a.io">a.io</a>.`,
			want: "See https://a.io.",
		},
		{
			name: "a link that is cut",
			html: `<a href="https://a.io/long/path">a.io/lo…</a>`,
			want: "https://a.io/long/path",
		},
		{
			name: "a link with words",
			html: `on <a href="http://a.io/?a=1&amp;b=2">my site</a>!`,
			want: "on http://a.io/?a=1&b=2!",
		},
		{
			name: "a link with space in it",
			html: `on<a href=" https://a.io "> my site </a>here`,
			want: "on https://a.io here",
		},
		{
			name: "a link around a picture",
			html: `<a href="https://a.io"><img src="x"></a>`,
			want: "https://a.io",
		},
		{
			name: "a link of another scheme",
			html: `<a href="xmpp:a@a.io">a@a.io</a>`,
			want: "xmpp:a@a.io",
		},
		{
			name: "a link by mail",
			html: `<a href="mailto:a@a.io">a@a.io</a>`,
			want: "a@a.io",
		},
		{
			name: "a link that runs",
			html: `<a href="javascript:alert(1)">x</a>`,
			want: "x",
		},
		{
			name: "a relative link",
			html: `<a href="/about">about</a>`,
			want: "about",
		},
		{
			name: "a link to nowhere",
			html: `<a href="https://">x</a><a>y</a><a href="">z</a>`,
			want: "xyz",
		},
		{
			name: "a link with space in its address",
			html: `<a href="https://a.io/ b">x</a>`,
			want: "x",
		},
		{
			name: "a mention",
			html: `<span class="h-card"><a href="https://b.io/@bob" class="u-url mention">@<span>bob</span></a></span>`,
			want: "@bob@b.io",
		},
		{
			name: "a mention with its domain",
			html: `<a href="https://social.b.io/users/bob" class="mention">@bob@b.io</a>`,
			want: "@bob@b.io",
		},
		{
			name: "a mention without the sign",
			html: `@<a class="u-url mention" href="https://b.io/profile/bob">bob</a>`,
			want: "@bob@b.io",
		},
		{
			name: "a mention by another name",
			html: `<a class="u-url mention" href="https://b.io/@bob">@Bob Builder</a>`,
			want: "https://b.io/@bob",
		},
		{
			name: "a mention of no host",
			html: `<a class="mention" href="xmpp:bob@b.io">@bob</a>`,
			want: "xmpp:bob@b.io",
		},
		{
			name: "a mention of no address",
			html: `<a class="mention" href="/users/bob">@bob</a>`,
			want: "@bob",
		},
		{
			name: "a link that begins like a mention",
			html: `<a href="https://b.io/@bob">@bob</a>`,
			want: "https://b.io/@bob",
		},
		{
			name: "a hashtag",
			html: `<a href="https://b.io/tags/moss" class="mention hashtag" rel="tag">#<span>moss</span></a>`,
			want: "#moss",
		},
		{
			name: "a hashtag without the sign",
			html: `#<a href="https://b.io/search?tag=moss" class="mention hashtag" rel="tag">moss</a>`,
			want: "#moss",
		},
		{
			name: "a hashtag without a class",
			html: `<a href="https://b.io/tags/moss" rel="ugc tag">#moss</a>`,
			want: "#moss",
		},
		{
			name: "a link that begins like a hashtag",
			html: `<a href="https://b.io">#1 fan</a>`,
			want: "https://b.io",
		},
		{
			name: "a mention before a letter",
			html: `<a href="https://b.io/@bob" class="mention">@bob</a>です`,
			want: "@bob@b.io です",
		},
		{
			name: "links before letters",
			html: `<a href="https://b.io">site</a>s <a href="https://b.io">site</a>, <a href="https://b.io">site </a>s`,
			want: "https://b.io s https://b.io, https://b.io s",
		},
		{
			name: "nothing to read",
			html: `<script>x</script><a href="https://a.io"><style>y</style></a>`,
			want: "https://a.io",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := masto.CredentialAccount{
				Account: masto.Account{Note: c.html, Fields: []masto.Field{{Name: "a", Value: c.html}}},
			}
			p := a.EditableProfile()
			require.Equal(t, c.want, p.Note)
			require.Equal(t, c.want, p.Fields[0].Value)
		})
	}
}

// FuzzEditableText checks that the text is bounded and UTF-8, whatever the HTML
// is.
func FuzzEditableText(f *testing.F) {
	for _, v := range vectors.File(f, "sanitize") {
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

// A bio that was edited from HTML, and is saved unchanged, links to the same
// places as before.
func TestEditableTextLinksToTheSame(t *testing.T) {
	w := readWorld(t, "testdata/vectors")
	for _, v := range vectors.File(t, "note") {
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
