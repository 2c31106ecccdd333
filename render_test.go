package masto_test

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/seed-374a2035/masto"
)

const linkRest = `" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">https://</span><span class="">`

func TestRenderNote(t *testing.T) {
	site := &masto.Site{Domain: "social.example", BaseURL: "https://www.social.example"}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		return masto.Mention{Username: username + "!", Domain: domain, URL: "https://example.org/?a&b"}, domain != "nowhere.example"
	}}
	for _, tt := range []struct{ name, text, want string }{
		{"blank", " \u00a0\n\u3000", ""},
		{"a port that is none", "https://spore.io:0/x", `<p><a href="https://spore.io/x` + linkRest + `spore.io/x</span><span class="invisible"></span></a></p>`},
		{"a port with zeros", "https://spore.io:0080", `<p><a href="https://spore.io:80` + linkRest + `spore.io:80</span><span class="invisible"></span></a></p>`},
		{"a host that no URL has", `https://a\b.com/'`, `<p>https://a\b.com/&#39;</p>`},
		{"the base is escaped nowhere else", "#tag", `<p><a href="https://www.social.example/tags/tag" class="mention hashtag" rel="tag">#<span>tag</span></a></p>`},
		{"addresses are escaped", "@a", `<p><span class="h-card" translate="no"><a href="https://example.org/?a&amp;b" class="u-url mention">@<span>a!</span></a></span></p>`},
		{"the own domain", "@a@SOCIAL.example", `<p><span class="h-card" translate="no"><a href="https://example.org/?a&amp;b" class="u-url mention">@<span>a!</span></a></span></p>`},
		{"an unknown account", "<@a@nowhere.example>", `<p>&lt;@a@nowhere.example&gt;</p>`},
		{"newlines at both ends", "\r\n\na\r\rb\r\nc\n", "<p></p><p>a</p><p>b<br />c</p>"},
		{"one newline first", "\na", "<p>a</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, site.RenderNote(tt.text, view))
			require.Equal(t, "before"+tt.want, string(site.AppendNote([]byte("before"), tt.text, view)))
		})
	}
}

func TestRenderFieldValue(t *testing.T) {
	site := &masto.Site{
		Domain: "social.example", Limits: masto.Limits{FieldValue: 5},
		HashtagURLFunc: func(name string) string { return `https://tags.example/?q="` + name + `"` },
	}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		return masto.Mention{Username: username, Domain: domain, URL: "https://example.org"}, true
	}}
	for _, tt := range []struct{ name, text, want string }{
		{"stripped and cut", "\x00\t éééééé", "ééééé"},
		{"blank", "\u00a0", ""},
		{"tags", "#a", `<a href="https://tags.example/?q=&quot;a&quot;" class="mention hashtag" rel="tag">#<span>a</span></a>`},
		{"a remote account", "@a@b", `<span class="h-card" translate="no"><a href="https://example.org" class="u-url mention">@<span>a@b</span></a></span>`},
		{"newlines", "a\n\nb", "a\n\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, site.RenderFieldValue(tt.text, view))
		})
	}
	require.Equal(t, strings.Repeat("é", 255), (&masto.Site{}).RenderFieldValue(strings.Repeat("é", 300), masto.View{}))
	require.Equal(t, strings.Repeat("é", 300), (&masto.Site{Limits: masto.Limits{FieldValue: -1}}).RenderFieldValue(strings.Repeat("é", 300), masto.View{}))
}

func TestLinkKind(t *testing.T) {
	require.Equal(t, []string{"url", "hashtag", "mention", "unknown"},
		[]string{masto.LinkURL.String(), masto.LinkHashtag.String(), masto.LinkMention.String(), masto.LinkKind(9).String()})
	require.Nil(t, masto.FindLinks("nothing"))
}

func TestRenderingAllocations(t *testing.T) {
	site := &masto.Site{Domain: "social.example"}
	view := masto.View{Mention: func(username, _ string) (masto.Mention, bool) {
		return masto.Mention{Username: username, URL: "https://social.example/@x"}, true
	}}
	buf := make([]byte, 0, 1<<14)
	for _, in := range benchTexts {
		require.Zero(t, testing.AllocsPerRun(100, func() { site.AppendNote(buf, in.text, view) }), in.name)
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() { site.RenderFieldValue(in.text, view) }), 1.0, in.name)
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() { site.RenderNote(in.text, view) }), 1.0, in.name)
		require.Zero(t, testing.AllocsPerRun(100, func() { masto.NoteLength(in.text) }), in.name)
	}
}

// seedTexts adds the texts of a file of vectors to the corpus of a fuzz test.
func seedTexts(f *testing.F, files ...string) {
	f.Helper()
	for _, file := range files {
		for _, v := range readVectors(f, vectorFile(file)) {
			var s string
			if json.Unmarshal(v.In, &s) == nil {
				f.Add(s)
			}
			var call struct{ Text string }
			if json.Unmarshal(v.In, &call) == nil {
				f.Add(call.Text)
			}
		}
	}
}

func FuzzFindLinks(f *testing.F) {
	seedTexts(f, "entities", "hashtags")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, l := range masto.FindLinks(text) {
			require.GreaterOrEqual(t, l.Start, end)
			require.Greater(t, l.End, l.Start)
			require.LessOrEqual(t, l.End, len(text))
			require.True(t, strings.HasSuffix(text[l.Start:l.End], l.Text))
			require.NotEmpty(t, l.Text)
			end = l.End
		}
	})
}

func FuzzRenderNote(f *testing.F) {
	seedTexts(f, "note", "entities")
	site, view := fuzzSite()
	f.Fuzz(func(t *testing.T, text string) {
		out := site.RenderNote(text, view)
		require.Equal(t, utf8.ValidString(text), utf8.ValidString(out))
		require.NotContains(t, out, "\n")
		require.NotContains(t, out, "\r")
		checkRendered(t, out)
	})
}

func FuzzRenderFieldValue(f *testing.F) {
	seedTexts(f, "field", "entities")
	site, view := fuzzSite()
	f.Fuzz(func(t *testing.T, text string) {
		checkRendered(t, site.RenderFieldValue(text, view))
	})
}

// fuzzSite returns a site whose View knows every other account, half of them by
// an address that nobody may open.
func fuzzSite() (*masto.Site, masto.View) {
	return &masto.Site{Domain: "social.example"}, masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		m := masto.Mention{Username: username, Domain: domain, URL: "https://social.example/@" + username}
		if len(username)%4 == 0 {
			m.URL = "javascript:" + domain
		}
		return m, len(username)%2 == 0
	}}
}

// FuzzSiteAddresses checks that the addresses of an account are those that one
// may open, whatever a record has.
func FuzzSiteAddresses(f *testing.F) {
	f.Add("https://remote.example/@a", "acct:a@remote.example", "remote.example")
	f.Add("javascript:alert(1)", "HTTPS://remote.example/a", "")
	f.Add(" data:,x", "java\nscript:x", "remote.example")
	allowed := regexp.MustCompile(`^$|^(?i:https?|acct|dat|dweb|ipfs|ipns|ssb|gopher|gemini|xmpp|magnet):.`)
	f.Fuzz(func(t *testing.T, url, uri, domain string) {
		r := &masto.Record{
			Domain: domain, URL: url, URI: uri,
			Profile: masto.Profile{FeaturedTags: []masto.FeaturedTag{{URL: url}, {Name: uri}}},
		}
		a, p := testSite.Account(r, masto.View{}), testSite.Profile(r, masto.View{})
		for _, shown := range []string{a.URL, a.URI, p.FeaturedTags[0].URL, p.FeaturedTags[1].URL, testSite.Mention(r).URL} {
			require.Regexp(t, allowed, strings.ToValidUTF8(shown, "?"))
		}
	})
}

// checkRendered checks that HTML has nothing but the elements and attributes of
// rendered text, well nested.
func checkRendered(t *testing.T, out string) {
	t.Helper()
	attributes := map[string]string{"p": "", "br": "", "a": "href target rel translate class", "span": "class translate"}
	var open []string
	z := html.NewTokenizer(strings.NewReader(out))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			require.ErrorIs(t, z.Err(), io.EOF)
			require.Empty(t, open, out)
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			allowed, ok := attributes[token.Data]
			require.True(t, ok, out)
			for _, a := range token.Attr {
				require.Contains(t, strings.Fields(allowed), a.Key, out)
				if a.Key == "href" {
					require.Regexp(t, `^(?i:https?://|dat://|dweb://|ip[fn]s://|ssb://|gopher://|gemini://|xmpp:|magnet:\?)`, a.Val)
				}
			}
			if kind == html.StartTagToken {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			require.NotEmpty(t, open, out)
			require.Equal(t, open[len(open)-1], token.Data, out)
			open = open[:len(open)-1]
		case html.TextToken:
		default:
			t.Fatalf("%v in %q", token, out)
		}
	}
}
