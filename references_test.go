package masto_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestReferences(t *testing.T) {
	local := func(note string) *masto.Record { return &masto.Record{Profile: masto.Profile{Note: note}} }
	for _, tt := range []struct {
		name    string
		records []*masto.Record
		want    masto.References
	}{
		{
			name: "nothing",
		},
		{
			name:    "no record",
			records: []*masto.Record{nil, local("nobody")},
		},
		{
			name:    "the own domain in any case, and that of others in lower case",
			records: []*masto.Record{local("@Alice @Alice@social.example @bob@SOCIAL.Example @Carol@Remote.Example @carol@remote.example")},
			want: masto.References{Mentions: []masto.Handle{
				{Username: "Alice"},
				{Username: "bob"},
				{Username: "Carol", Domain: "remote.example"},
				{Username: "carol", Domain: "remote.example"},
			}},
		},
		{
			name:    "an international domain as written, but A to Z",
			records: []*masto.Record{local("@dave@XN--Bcher-kva.example @dave@BÜcher.example @x@ſocial.example")},
			want: masto.References{Mentions: []masto.Handle{
				{Username: "dave", Domain: "xn--bcher-kva.example"},
				{Username: "dave", Domain: "bÜcher.example"},
				{Username: "x", Domain: "ſocial.example"},
			}},
		},
		{
			name:    "no mention in a URL",
			records: []*masto.Record{local("https://remote.example/@carol mail a@b.example")},
		},
		{
			name: "fields as far as they are shown",
			records: []*masto.Record{{Profile: masto.Profile{Fields: []masto.Field{
				{Name: "@name :name:", Value: "@value :value:"},
				{Name: strings.Repeat("x", 250) + " :cut:", Value: strings.Repeat("x", 250) + " @alice :cut:"},
			}}}},
			want: masto.References{
				Mentions: []masto.Handle{{Username: "value"}, {Username: "ali"}},
				Emojis:   []masto.EmojiKey{{Shortcode: "name"}, {Shortcode: "value"}},
			},
		},
		{
			name: "emojis of each domain once; remote bios are HTML",
			records: []*masto.Record{
				local(":ab: :AB:"),
				{Domain: "Social.Example", Profile: masto.Profile{DisplayName: ":ab:"}},
				{Domain: "Remote.Example", Profile: masto.Profile{Note: "@alice :ab:"}},
				{Domain: "remote.example", Profile: masto.Profile{Note: "<p>:ab:</p>"}},
			},
			want: masto.References{Emojis: []masto.EmojiKey{
				{Shortcode: "ab"},
				{Shortcode: "AB"},
				{Shortcode: "ab", Domain: "remote.example"},
			}},
		},
		{
			name: "the target of a move, not that of the target",
			records: []*masto.Record{{MovedTo: &masto.Record{
				Profile: masto.Profile{Note: "@alice :ab:"},
				MovedTo: local("@never"),
			}}},
			want: masto.References{
				Mentions: []masto.Handle{{Username: "alice"}},
				Emojis:   []masto.EmojiKey{{Shortcode: "ab"}},
			},
		},
		{
			name: "of a suspended account what its own profile shows",
			records: []*masto.Record{{
				Suspended: true,
				Profile:   masto.Profile{Note: "@alice :ab:"},
				MovedTo:   local("@never"),
			}},
			want: masto.References{Mentions: []masto.Handle{{Username: "alice"}}},
		},
		{
			name:    "of a suspended target nothing",
			records: []*masto.Record{{MovedTo: &masto.Record{Suspended: true, Profile: masto.Profile{Note: "@alice :ab:"}}}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, testSite.References(tt.records...))
			checkReferences(t, testSite, tt.records...)
		})
	}
}

// checkReferences checks that References has exactly the keys that rendering the
// records asks for.
func checkReferences(t *testing.T, site *masto.Site, records ...*masto.Record) {
	t.Helper()
	mentions, emojis := map[masto.Handle]bool{}, map[masto.EmojiKey]bool{}
	v := masto.View{
		Mention: func(username, domain string) (masto.Mention, bool) {
			mentions[masto.Handle{Username: username, Domain: domain}] = true
			return masto.Mention{}, false
		},
		Emoji: func(shortcode, domain string) (masto.CustomEmoji, bool) {
			emojis[masto.EmojiKey{Shortcode: shortcode, Domain: domain}] = true
			return masto.CustomEmoji{}, false
		},
	}
	for _, r := range records {
		if r != nil {
			site.AppendAccount(nil, r, v)
			site.CredentialAccount(r, v)
			site.Profile(r, v)
		}
	}
	found := site.References(records...)
	require.Len(t, found.Mentions, len(mentions), "%v instead of %v", found.Mentions, mentions)
	require.Len(t, found.Emojis, len(emojis), "%v instead of %v", found.Emojis, emojis)
	for _, h := range found.Mentions {
		require.True(t, mentions[h], "%v was not asked for", h)
	}
	for _, e := range found.Emojis {
		require.True(t, emojis[e], "%v was not asked for", e)
	}
}

func FuzzReferences(f *testing.F) {
	for _, file := range []string{"note", "field", "emoji_scan"} {
		for _, v := range readVectors(f, vectorFile(file)) {
			f.Add(text(v.In), ":ab: @alice", "Remote.example", uint8(len(v.In)))
		}
	}
	f.Fuzz(func(t *testing.T, note, value, domain string, flags uint8) {
		r := &masto.Record{
			Suspended: flags&1 != 0,
			Profile:   masto.Profile{DisplayName: value, Note: note, Fields: []masto.Field{{Name: note, Value: value}}},
		}
		target := &masto.Record{
			Domain:    domain,
			Suspended: flags&2 != 0,
			Profile:   masto.Profile{DisplayName: note, Note: value},
			MovedTo:   r,
		}
		if flags&4 != 0 {
			r.MovedTo = target
		}
		checkReferences(t, testSite, r)
		checkReferences(t, testSite, target, r)
	})
}

func TestSiteMention(t *testing.T) {
	for _, tt := range []struct {
		name   string
		record masto.Record
		want   masto.Mention
	}{
		{
			name:   "local",
			record: masto.Record{Username: "Alice"},
			want:   masto.Mention{Username: "Alice", URL: "https://social.example/@Alice"},
		},
		{
			name:   "of the own domain",
			record: masto.Record{Username: "Alice", Domain: "SOCIAL.example"},
			want:   masto.Mention{Username: "Alice", URL: "https://social.example/@Alice"},
		},
		{
			name: "remote",
			record: masto.Record{
				Username: "dave",
				Domain:   "xn--bcher-kva.example",
				URL:      "https://xn--bcher-kva.example/@dave",
			},
			want: masto.Mention{
				Username: "dave",
				Domain:   "xn--bcher-kva.example",
				URL:      "https://xn--bcher-kva.example/@dave",
			},
		},
		{
			name:   "remote with an id alone",
			record: masto.Record{Username: "erin", Domain: "a.example", URL: "javascript:alert(1)", URI: "https://a.example/1"},
			want:   masto.Mention{Username: "erin", Domain: "a.example", URL: "https://a.example/1"},
		},
		{
			name:   "remote with an address that runs scripts",
			record: masto.Record{Username: "erin", Domain: "a.example", URL: "javascript:alert(1)"},
			want:   masto.Mention{Username: "erin", Domain: "a.example"},
		},
		{
			name:   "whose handle is invalid",
			record: masto.Record{Username: "! erin", Domain: "a.example", URI: "https://a.example/1"},
			want:   masto.Mention{Username: "erin", Domain: "a.example", URL: "https://a.example/1"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, testSite.Mention(&tt.record))
		})
	}
}

// A mention is linked only to the web: any other address could run a script.
func TestMentionIsLinkedToTheWebOnly(t *testing.T) {
	render := func(url string) string {
		return testSite.RenderNote("@a", masto.View{Mention: func(string, string) (masto.Mention, bool) {
			return masto.Mention{Username: "a", URL: url}, true
		}})
	}
	for _, url := range []string{"https://a.example/", "http://a.example", "HTTPS://a.example/"} {
		assert.Contains(t, render(url), `<a href="`+url+`"`, url)
	}
	for _, url := range []string{
		"", "javascript:alert(1)", "JavaScript://%0aalert(1)", " https://a.example", "https:", "https://", "http:a", "httpſ://a.example",
		"/@a", "//a.example", "data:text/html,x", "gemini://a.example", "acct:a@a.example", "java\nscript:https://a.example",
	} {
		assert.Equal(t, "<p>@a</p>", render(url), url)
	}
}

// A site asks a View with the keys of References, so that a map answers.
func TestRenderingByReferences(t *testing.T) {
	accounts := []*masto.Record{
		{Username: "alice"},
		{Username: "dave", Domain: "xn--bcher-kva.example", URL: "https://xn--bcher-kva.example/@dave"},
	}
	r := &masto.Record{Profile: masto.Profile{Note: "@alice @ALICE@Social.Example @dave@XN--bcher-kva.example @dave@bücher.example"}}
	known := map[masto.Handle]masto.Mention{}
	for _, h := range testSite.References(r).Mentions {
		i := slices.IndexFunc(accounts, func(a *masto.Record) bool {
			return strings.EqualFold(a.Username, h.Username) && a.Domain == h.Domain
		})
		if i >= 0 {
			known[h] = testSite.Mention(accounts[i])
		}
	}
	a := testSite.Account(r, masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		m, ok := known[masto.Handle{Username: username, Domain: domain}]
		return m, ok
	}})
	link := func(url, name string) string {
		return `<span class="h-card" translate="no"><a href="` + url + `" class="u-url mention">@<span>` + name + `</span></a></span>`
	}
	assert.Equal(t, "<p>"+strings.Join([]string{
		link("https://social.example/@alice", "alice"),
		link("https://social.example/@alice", "alice"),
		link("https://xn--bcher-kva.example/@dave", "dave"),
		"@dave@bücher.example",
	}, " ")+"</p>", a.Note)
}
