package masto_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestSiteAddresses(t *testing.T) {
	for _, tt := range []struct {
		name      string
		site      masto.Site
		record    masto.Record
		acct      string
		url       string
		uri       string
		avatar    string
		localRole bool
	}{
		{
			name:      "local",
			site:      masto.Site{Domain: "social.example"},
			record:    masto.Record{Username: "alice", Profile: masto.Profile{ID: "1"}},
			acct:      "alice",
			url:       "https://social.example/@alice",
			uri:       "https://social.example/ap/users/1",
			avatar:    "https://social.example/avatars/original/missing.png",
			localRole: true,
		},
		{
			name: "own domain in another case is local",
			site: masto.Site{Domain: "social.example", BaseURL: "https://web.example"},
			record: masto.Record{
				Username: "alice",
				Domain:   "SOCIAL.example",
				Profile:  masto.Profile{ID: "1"},
			},
			acct:      "alice",
			url:       "https://web.example/@alice",
			uri:       "https://web.example/ap/users/1",
			avatar:    "https://web.example/avatars/original/missing.png",
			localRole: true,
		},
		{
			name: "own schemes",
			site: masto.Site{
				Domain: "social.example", MissingAvatar: "https://cdn.example/none.png",
				AccountURLFunc: func(r *masto.Record) string { return "https://p.example/" + r.Username },
				ActorURIFunc:   func(r *masto.Record) string { return "https://a.example/" + r.Username },
			},
			record:    masto.Record{Username: "alice"},
			acct:      "alice",
			url:       "https://p.example/alice",
			uri:       "https://a.example/alice",
			avatar:    "https://cdn.example/none.png",
			localRole: true,
		},
		{
			name:      "addresses of its own",
			site:      masto.Site{Domain: "social.example"},
			record:    masto.Record{Username: "alice", URL: "https://u.example", URI: "https://i.example"},
			acct:      "alice",
			url:       "https://u.example",
			uri:       "https://i.example",
			avatar:    "https://social.example/avatars/original/missing.png",
			localRole: true,
		},
		{
			name: "remote",
			site: masto.Site{Domain: "social.example"},
			record: masto.Record{
				Username: "carol",
				Domain:   "xn--bcher-kva.example",
				URL:      "http://remote.example/~carol",
				URI:      "https://remote.example/1",
			},
			acct:   "carol@bücher.example",
			url:    "http://remote.example/~carol",
			uri:    "https://remote.example/1",
			avatar: "https://social.example/avatars/original/missing.png",
		},
		{
			name: "remote whose page is no web address",
			site: masto.Site{Domain: "social.example"},
			record: masto.Record{
				Username: "carol",
				Domain:   "remote.example",
				URL:      "javascript:alert(1)",
				URI:      "https://remote.example/1",
			},
			acct:   "carol@remote.example",
			url:    "https://remote.example/1",
			uri:    "https://remote.example/1",
			avatar: "https://social.example/avatars/original/missing.png",
		},
		{
			name: "remote whose page has a scheme in upper case",
			site: masto.Site{Domain: "social.example"},
			record: masto.Record{
				Username: "carol",
				Domain:   "remote.example",
				URL:      "HTTPS://remote.example/~carol",
				URI:      "https://remote.example/1",
			},
			acct:   "carol@remote.example",
			url:    "https://remote.example/1",
			uri:    "https://remote.example/1",
			avatar: "https://social.example/avatars/original/missing.png",
		},
		{
			name: "remote whose page has no host",
			site: masto.Site{Domain: "social.example"},
			record: masto.Record{
				Username: "carol",
				Domain:   "remote.example",
				URL:      "https:remote.example",
				URI:      "acct:carol@remote.example",
			},
			acct:   "carol@remote.example",
			url:    "acct:carol@remote.example",
			uri:    "acct:carol@remote.example",
			avatar: "https://social.example/avatars/original/missing.png",
		},
		{
			name: "remote with addresses that run scripts",
			site: masto.Site{Domain: "social.example"},
			record: masto.Record{
				Username: "carol",
				Domain:   "remote.example",
				URL:      "javascript:alert(1)",
				URI:      " JavaScript:alert(1)",
			},
			acct:   "carol@remote.example",
			avatar: "https://social.example/avatars/original/missing.png",
		},
		{
			name:      "local with addresses that run scripts",
			site:      masto.Site{Domain: "social.example"},
			record:    masto.Record{Username: "alice", URL: "javascript:alert(1)", URI: "data:text/html,x"},
			acct:      "alice",
			avatar:    "https://social.example/avatars/original/missing.png",
			localRole: true,
		},
		{
			name: "own schemes that run scripts",
			site: masto.Site{
				Domain:         "social.example",
				AccountURLFunc: func(*masto.Record) string { return "vbscript:x" },
				ActorURIFunc:   func(*masto.Record) string { return "//no.scheme.example" },
			},
			record:    masto.Record{Username: "alice"},
			acct:      "alice",
			avatar:    "https://social.example/avatars/original/missing.png",
			localRole: true,
		},
		{
			name: "other schemes that links may have",
			site: masto.Site{Domain: "social.example"},
			record: masto.Record{
				Username: "alice",
				URL:      "Gemini://social.example/alice",
				URI:      "ipns://alice",
			},
			acct:      "alice",
			url:       "Gemini://social.example/alice",
			uri:       "ipns://alice",
			avatar:    "https://social.example/avatars/original/missing.png",
			localRole: true,
		},
		{
			name:   "no valid punycode",
			site:   masto.Site{Domain: "social.example"},
			record: masto.Record{Username: "carol", Domain: "xn--\u00ff.example"},
			acct:   "carol@xn--\u00ff.example",
			avatar: "https://social.example/avatars/original/missing.png",
		},
		{
			name:   "invalid handle",
			site:   masto.Site{Domain: "social.example"},
			record: masto.Record{Username: "! 115", Domain: "remote.example", InvalidHandle: true},
			acct:   "115@handle.invalid",
			avatar: "https://social.example/avatars/original/missing.png",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.site.Account(&tt.record, masto.View{})
			assert.Equal(t, tt.acct, a.Acct)
			assert.Equal(t, tt.url, a.URL)
			assert.Equal(t, tt.uri, a.URI)
			assert.Equal(t, tt.avatar, a.Avatar)
			assert.Equal(t, tt.url, tt.site.AccountURL(&tt.record))
			assert.Equal(t, tt.uri, tt.site.ActorURI(&tt.record))
			assert.Equal(t, tt.localRole, a.Roles != nil, "roles are there for local accounts only")
		})
	}
}

func TestSiteHashtagURL(t *testing.T) {
	assert.Equal(t, "https://social.example/tags/Caf%C3%A9", testSite.HashtagURL("Café"))
	site := masto.Site{BaseURL: "https://web.example"}
	assert.Equal(t, "https://web.example/tags/a", site.HashtagURL("a"))
	site.HashtagURLFunc = func(name string) string { return "https://tags.example/" + name }
	assert.Equal(t, "https://tags.example/a", site.HashtagURL("a"))
}

// Decoding leaves addresses as they are: only a Site judges them.
func TestDecodingKeepsAddresses(t *testing.T) {
	var a masto.Account
	require.NoError(t, a.UnmarshalJSON([]byte(`{"url":"javascript:alert(1)","uri":"data:,x"}`)))
	text := string(a.AppendJSON(nil))
	assert.Contains(t, text, `"url":"javascript:alert(1)","uri":"data:,x"`)
}

// FuzzSiteAddresses checks that the addresses of an account are safe to open,
// whatever the record has.
func FuzzSiteAddresses(f *testing.F) {
	f.Add("https://remote.example/@a", "acct:a@remote.example", "remote.example")
	f.Add("javascript:alert(1)", "HTTPS://remote.example/a", "")
	f.Add(" data:,x", "java\nscript:x", "remote.example")
	f.Add("http:\n", "acct:\x00", "remote.example")
	allowed := regexp.MustCompile(`^$|^(?i:https?|acct|dat|dweb|ipfs|ipns|ssb|gopher|gemini|xmpp|magnet):(?s:.)`)
	f.Fuzz(func(t *testing.T, url, uri, domain string) {
		r := &masto.Record{
			Domain:  domain,
			URL:     url,
			URI:     uri,
			Profile: masto.Profile{FeaturedTags: []masto.FeaturedTag{{URL: url}, {Name: uri}}},
		}
		a, p := testSite.Account(r, masto.View{}), testSite.Profile(r, masto.View{})
		for _, shown := range []string{
			a.URL,
			a.URI,
			p.FeaturedTags[0].URL,
			p.FeaturedTags[1].URL,
			testSite.Mention(r).URL,
		} {
			require.Regexp(t, allowed, strings.ToValidUTF8(shown, "?"))
		}
	})
}

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
			name: "the own domain in any case, and that of others in lower case",
			records: []*masto.Record{
				local("@Alice @Alice@social.example @bob@SOCIAL.Example"),
				local("@Carol@Remote.Example @carol@remote.example"),
			},
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
				{
					Name:  strings.Repeat("x", 250) + " :cut:",
					Value: strings.Repeat("x", 250) + " @alice :cut:",
				},
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
			name: "of a suspended target nothing",
			records: []*masto.Record{
				{MovedTo: &masto.Record{Suspended: true, Profile: masto.Profile{Note: "@alice :ab:"}}},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, testSite.References(tt.records...))
			checkReferences(t, testSite, tt.records...)
		})
	}
}

// checkReferences checks that References has exactly the keys that rendering
// the records asks for.
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
		for _, v := range vectors.File(f, file) {
			f.Add(text(v.In), ":ab: @alice", "Remote.example", uint8(len(v.In)))
		}
	}
	f.Fuzz(func(t *testing.T, note, value, domain string, flags uint8) {
		r := &masto.Record{
			Suspended: flags&1 != 0,
			Profile: masto.Profile{
				DisplayName: value,
				Note:        note,
				Fields:      []masto.Field{{Name: note, Value: value}},
			},
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
			name: "remote with an id alone",
			record: masto.Record{
				Username: "erin",
				Domain:   "a.example",
				URL:      "javascript:alert(1)",
				URI:      "https://a.example/1",
			},
			want: masto.Mention{Username: "erin", Domain: "a.example", URL: "https://a.example/1"},
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

// A site asks a View with the keys of References, so that a map answers.
func TestRenderingByReferences(t *testing.T) {
	accounts := []*masto.Record{
		{Username: "alice"},
		{Username: "dave", Domain: "xn--bcher-kva.example", URL: "https://xn--bcher-kva.example/@dave"},
	}
	r := &masto.Record{
		Profile: masto.Profile{
			Note: "@alice @ALICE@Social.Example @dave@XN--bcher-kva.example @dave@bücher.example",
		},
	}
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
	assert.Equal(t, "<p>"+strings.Join([]string{
		accountLink("https://social.example/@alice", "alice"),
		accountLink("https://social.example/@alice", "alice"),
		accountLink("https://xn--bcher-kva.example/@dave", "dave"),
		"@dave@bücher.example",
	}, " ")+"</p>", a.Note)
}
