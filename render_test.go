package masto_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/seed-374a2035/masto"
)

// webLink returns the link to an address that begins with https:// and is not
// shortened.
func webLink(address string) string {
	return `<a href="` + address + `" target="_blank" rel="nofollow noopener" translate="no">` +
		`<span class="invisible">https://</span>` +
		`<span class="">` + strings.TrimPrefix(address, "https://") + `</span>` +
		`<span class="invisible"></span></a>`
}

// accountLink returns the link of a mention.
func accountLink(address, shown string) string {
	return `<span class="h-card" translate="no"><a href="` + address + `" class="u-url mention">` +
		`@<span>` + shown + `</span></a></span>`
}

func TestRenderNote(t *testing.T) {
	site := &masto.Site{Domain: "social.example", BaseURL: "https://www.social.example"}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		m := masto.Mention{Username: username + "!", Domain: domain, URL: "https://example.org/?a&b"}
		return m, domain != "nowhere.example"
	}}
	for _, tt := range []struct {
		name string
		text string
		want string
	}{
		{
			name: "blank",
			text: " \u00a0\n\u3000",
		},
		{
			name: "a port that is none",
			text: "https://spore.io:0/x",
			want: "<p>" + webLink("https://spore.io/x") + "</p>",
		},
		{
			name: "a port with zeros",
			text: "https://spore.io:0080",
			want: "<p>" + webLink("https://spore.io:80") + "</p>",
		},
		{
			name: "a host that no URL has",
			text: `https://a\b.com/'`,
			want: `<p>https://a\b.com/&#39;</p>`,
		},
		{
			name: "the base is escaped nowhere else",
			text: "#tag",
			want: `<p><a href="https://www.social.example/tags/tag" class="mention hashtag" rel="tag">#<span>tag</span></a></p>`,
		},
		{
			name: "addresses are escaped",
			text: "@a",
			want: "<p>" + accountLink("https://example.org/?a&amp;b", "a!") + "</p>",
		},
		{
			name: "the own domain",
			text: "@a@SOCIAL.example",
			want: "<p>" + accountLink("https://example.org/?a&amp;b", "a!") + "</p>",
		},
		{
			name: "an unknown account",
			text: "<@a@nowhere.example>",
			want: `<p>&lt;@a@nowhere.example&gt;</p>`,
		},
		{
			name: "newlines at both ends",
			text: "\r\n\na\r\rb\r\nc\n",
			want: "<p></p><p>a</p><p>b<br />c</p>",
		},
		{
			name: "one newline first",
			text: "\na",
			want: "<p>a</p>",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, site.RenderNote(tt.text, view))
			require.Equal(t, "before"+tt.want, string(site.AppendNote([]byte("before"), tt.text, view)))
		})
	}
}

func TestRenderFieldValue(t *testing.T) {
	site := &masto.Site{
		Domain:         "social.example",
		Limits:         masto.Limits{FieldValue: 5},
		HashtagURLFunc: func(name string) string { return `https://tags.example/?q="` + name + `"` },
	}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		return masto.Mention{Username: username, Domain: domain, URL: "https://example.org"}, true
	}}
	for _, tt := range []struct {
		name string
		text string
		want string
	}{
		{
			name: "stripped and cut",
			text: "\x00\t éééééé",
			want: "ééééé",
		},
		{
			name: "blank",
			text: "\u00a0",
		},
		{
			name: "tags",
			text: "#a",
			want: `<a href="https://tags.example/?q=&quot;a&quot;" class="mention hashtag" rel="tag">#<span>a</span></a>`,
		},
		{
			name: "a remote account",
			text: "@a@b",
			want: accountLink("https://example.org", "a@b"),
		},
		{
			name: "newlines",
			text: "a\n\nb",
			want: "a\n\nb",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, site.RenderFieldValue(tt.text, view))
		})
	}
}

func TestRenderFieldValueIsCut(t *testing.T) {
	for _, tt := range []struct {
		name  string
		limit int
		want  int // code points
	}{
		{name: "at the default limit", limit: 0, want: 255},
		{name: "at a limit of its own", limit: 5, want: 5},
		{name: "nowhere", limit: -1, want: 300},
	} {
		t.Run(tt.name, func(t *testing.T) {
			site := &masto.Site{Limits: masto.Limits{FieldValue: tt.limit}}
			got := site.RenderFieldValue(strings.Repeat("é", 300), masto.View{})
			require.Equal(t, strings.Repeat("é", tt.want), got)
		})
	}
}

// A mention is linked only to the web: any other address could run a script.
func TestMentionIsLinkedToTheWebOnly(t *testing.T) {
	for _, tt := range []struct {
		url    string
		linked bool
	}{
		{url: "https://a.example/", linked: true},
		{url: "http://a.example", linked: true},
		{url: "HTTPS://a.example/", linked: true},
		{url: ""},
		{url: "javascript:alert(1)"},
		{url: "JavaScript://%0aalert(1)"},
		{url: " https://a.example"},
		{url: "https:"},
		{url: "https://"},
		{url: "http:a"},
		{url: "httpſ://a.example"},
		{url: "/@a"},
		{url: "//a.example"},
		{url: "data:text/html,x"},
		{url: "gemini://a.example"},
		{url: "acct:a@a.example"},
		{url: "java\nscript:https://a.example"},
	} {
		t.Run(tt.url, func(t *testing.T) {
			got := testSite.RenderNote("@a", masto.View{Mention: func(string, string) (masto.Mention, bool) {
				return masto.Mention{Username: "a", URL: tt.url}, true
			}})
			if tt.linked {
				require.Contains(t, got, `<a href="`+tt.url+`"`)
			} else {
				require.Equal(t, "<p>@a</p>", got)
			}
		})
	}
}

func TestRenderingAllocations(t *testing.T) {
	site := &masto.Site{Domain: "social.example"}
	view := masto.View{Mention: func(username, _ string) (masto.Mention, bool) {
		return masto.Mention{Username: username, URL: "https://social.example/@x"}, true
	}}
	buf := make([]byte, 0, 1<<14)
	for _, in := range benchTexts {
		t.Run(in.name, func(t *testing.T) {
			for _, tt := range []struct {
				name   string
				render func()
				most   float64
			}{
				{name: "AppendNote", render: func() { site.AppendNote(buf, in.text, view) }},
				{name: "RenderNote", render: func() { site.RenderNote(in.text, view) }, most: 1},
				{name: "RenderFieldValue", render: func() { site.RenderFieldValue(in.text, view) }, most: 1},
				{name: "NoteLength", render: func() { masto.NoteLength(in.text) }},
			} {
				require.LessOrEqual(t, testing.AllocsPerRun(100, tt.render), tt.most, tt.name)
			}
		})
	}
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

// fuzzSite returns a site whose View knows every second account, half of those
// by an address that nobody should open.
func fuzzSite() (*masto.Site, masto.View) {
	find := func(username, domain string) (masto.Mention, bool) {
		m := masto.Mention{
			Username: username,
			Domain:   domain,
			URL:      "https://social.example/@" + username,
		}
		if len(username)%4 == 0 {
			m.URL = "javascript:" + domain
		}
		return m, len(username)%2 == 0
	}
	return &masto.Site{Domain: "social.example"}, masto.View{Mention: find}
}

// checkRendered checks that HTML has nothing but the elements and attributes of
// rendered text, well nested.
func checkRendered(t *testing.T, out string) {
	t.Helper()
	attributes := map[string]string{
		"p":    "",
		"br":   "",
		"a":    "href target rel translate class",
		"span": "class translate",
	}
	schemes := regexp.MustCompile(
		`^(?i:https?://|dat://|dweb://|ip[fn]s://|ssb://|gopher://|gemini://|xmpp:|magnet:\?)`)
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
					require.Regexp(t, schemes, a.Val)
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
