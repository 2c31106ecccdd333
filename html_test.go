package masto_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestSanitizeHTML(t *testing.T) {
	clean := `<p>a &amp; b <a href="https://spore.io" rel="nofollow noopener" target="_blank">c</a><br>d</p>`
	require.Equal(t, clean, masto.SanitizeHTML(clean))
	require.Zero(t, testing.AllocsPerRun(10, func() { masto.SanitizeHTML(clean) }))
	const link = ` rel="nofollow noopener" target="_blank">`
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"blank", " \u00a0\u3000", ""},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"control characters", "<p>\u0001a\u0085b\uFFFE", "<p>ab</p>"},
		{"too deep", strings.Repeat("<b>", 500), ""},
		{"too many attributes", "<p" + numbered(401, " a%d") + ">x", ""},
		{"a space before a scheme in a heading", "<h1><a href=' https://spore.io'>a</a></h1>", "<p><strong>a</strong></p>"},
		{"a space before a scheme", "<a href=' https://spore.io'>a</a>", `<a href="%20https://spore.io"` + link + `a</a>`},
		{"a form feed before a scheme", "<a href='&#12;https://spore.io'>a</a>", `<a href="https://spore.io"` + link + `a</a>`},
		{"control characters in an address", "<a href='https://spore.io/&#1;&#12;&#31;x'>a</a>", `<a href="https://spore.io/x"` + link + `a</a>`},
		{"a control character in a scheme", "<a href='ht&#2;tps://spore.io'>a</a>", "a"},
		{"a reference that begins like a colon", "<a href='http&#580'>a</a>", "a"},
		{"one that is written twice", "<a href='http&amp;#580'>a</a>", "a"},
		{"one in hexadecimal", "<a href='http&amp;#x3ab;'>a</a>", "a"},
		{"a colon as a reference", "<a href='https&#58;//spore.io'>a</a>", `<a href="https://spore.io"` + link + `a</a>`},
		{"a script as an address", "<a href='java\nscript:x'>a</a>", "a"},
		{"references with two code points", "&nGt;<p>&nLt;</p>", "≫\u20d2<p>≪\u20d2</p>"},
		{"line feeds in a pre", "<pre>\n\na</pre>", "<pre>\n\na</pre>"},
		{"line feeds behind other elements", "<pre><b></b>\na</pre><pre><div></div>\na</pre>", "<pre><b></b>\na</pre><pre> \na</pre>"},
		{"line feeds in other elements", "<pre><i>&#10;</i></pre><pre><x>\na</x></pre>", "<pre><i>\n</i></pre><pre>\n\na</pre>"},
		{"line break", "<p>a<br />b</p>", "<p>a<br>b</p>"},
		{"references", "<p>don&#39;t &gt;&lt;></p>", "<p>don't &gt;&lt;&gt;</p>"},
		{"formula", "<math><semantics>x<annotation encoding='application/x-tex'>x</annotation></semantics></math>", "$x$"},
		{"formula of its own", `<math display="block"><semantics><annotation encoding="application/x-tex">x`, "$$x$$"},
		{"formula without a source", `<math><semantics><annotation>x</annotation></semantics></math>`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, masto.SanitizeHTML(tt.in))
			require.Equal(t, "x"+tt.want, string(masto.AppendSanitized([]byte("x"), tt.in)))
		})
	}
}

// keptAddress matches the start of an address that may be kept. A reference to a
// colon ends where its digits do.
const keptAddress = `^(?:%20|[\s\v])*(?i:https?|dat|dweb|ip[fn]s|ssb|gopher|gemini|xmpp|magnet)` +
	`(?::|&#0*58(?:[^0-9]|$)|&#[xX]0*3[aA](?:[^0-9a-fA-F]|$))`

// checkHrefs checks that HTML has no address but of a scheme that links may
// have. A space before the scheme is percent-encoded, as in Mastodon itself,
// and a colon that is written as a reference twice stays one: browsers take
// both for relative addresses.
func checkHrefs(t *testing.T, out string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(out))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			if a.Key == "href" {
				require.Regexp(t, keptAddress, a.Val)
			}
			require.False(t, strings.HasPrefix(a.Key, "on"), out)
		}
	}
}

// FuzzSanitizeHTML checks what holds for any bytes. That the result is safe is
// checked in package sanitize.
func FuzzSanitizeHTML(f *testing.F) {
	for _, v := range vectors.File(f, "sanitize") {
		f.Add(decode[string](v.In))
	}
	f.Add(`<a href="http&amp;#58A">`)
	f.Fuzz(func(t *testing.T, html string) {
		out := masto.SanitizeHTML(html)
		require.True(t, utf8.ValidString(out))
		require.Equal(t, "x"+out, string(masto.AppendSanitized([]byte("x"), html)))
		require.NotContains(t, strings.ToLower(out), "<script")
		checkHrefs(t, out)
		checkHrefs(t, masto.SanitizeHTML(out))
	})
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"a\n":                             "a",
		"a\r\n":                           "a",
		"a &amp; b":                       "a & b",
		"<p>a<br><br />b</p></p><p>c</p>": "a\nb\nc",
		"a<br/>b":                         "ab",
		"<script>a</script><svg><style>b</style></svg>c": "bc",
		"a\xff":                    "a\uFFFD",
		strings.Repeat("<b>", 500): "",
	} {
		require.Equal(t, want, masto.PlainText(in), in)
	}
}

func FuzzPlainText(f *testing.F) {
	for _, v := range vectors.File(f, "plaintext") {
		f.Add(decode[string](v.In))
	}
	f.Fuzz(func(t *testing.T, html string) {
		out := masto.PlainText(html)
		require.True(t, utf8.ValidString(out))
		if !strings.ContainsAny(html, "<&\r\n\x00\uFEFF") && utf8.ValidString(html) {
			require.Equal(t, html, out)
		}
	})
}

// FuzzRemoteField checks the fields of remote accounts, as they are shown.
func FuzzRemoteField(f *testing.F) {
	for _, v := range vectors.File(f, "remote_field") {
		f.Add(decode[struct{ Value string }](v.In).Value, true)
		f.Add(decode[struct{ Value string }](v.In).Value, false)
	}
	f.Fuzz(func(t *testing.T, value string, verified bool) {
		field := masto.Field{Value: value}
		if verified {
			field.VerifiedAt = time.Unix(1, 0)
		}
		out := masto.RenderRemoteField(field)
		require.True(t, utf8.ValidString(out) || verified)
		if !strings.Contains(out, `href="" `) { // an empty link: it was verified, but is no link
			checkHrefs(t, out)
		}
	})
}

func TestRemoteField(t *testing.T) {
	verified := func(value string) string {
		return masto.RenderRemoteField(masto.Field{Value: value, VerifiedAt: time.Unix(1, 0)})
	}
	require.Equal(t, verified("https://spore.io"), verified(`<a href="https://spore.io">https://SPORE.io</a>`), "no link")
	require.Contains(t, verified(`<a href="https://spore.io:/x">https://spore.io:/x</a>`), `href="https://spore.io/x"`)
	require.Equal(t, "javascript:a&#39;&lt;", verified(`<a href="javascript:a'&lt;">javascript:a'&lt;</a>`))
	// The two that known.txt lists: stricter than the reference.
	require.Equal(t, "javascript:alert(1)", verified(`<a href="javascript:alert(1)">javascript:alert(1)</a>`))
	require.Equal(t, "xmpp:a@spore.io", verified(`<a href="xmpp:a@spore.io">xmpp:a@spore.io</a>`))
	require.Equal(t, "/x", verified(`<a href="/x">/x</a>`))
	require.Equal(t, "x", masto.RenderRemoteField(masto.Field{Value: " x\x00"}))
	require.Len(t, masto.RenderRemoteField(masto.Field{Value: strings.Repeat("x", 3000)}), 2047)
}
