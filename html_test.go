package masto_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
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

// keptAddress matches the start of an address that may be kept. A reference to
// a colon ends where its digits do.
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
	// Two that known.txt lists, since they are stricter than the reference.
	require.Equal(t, "javascript:alert(1)", verified(`<a href="javascript:alert(1)">javascript:alert(1)</a>`))
	require.Equal(t, "xmpp:a@spore.io", verified(`<a href="xmpp:a@spore.io">xmpp:a@spore.io</a>`))
	require.Equal(t, "/x", verified(`<a href="/x">/x</a>`))
	require.Equal(t, "x", masto.RenderRemoteField(masto.Field{Value: " x\x00"}))
	require.Len(t, masto.RenderRemoteField(masto.Field{Value: strings.Repeat("x", 3000)}), 2047)
}

// htmlFunctions are the functions that take HTML of strangers. Each returns its
// result, without the pictures of emojis.
var htmlFunctions = map[string]func(html string) string{
	"SanitizeHTML": masto.SanitizeHTML,
	"PlainText":    masto.PlainText,
	"Emojify": func(html string) string {
		return masto.Emojify(html, []masto.CustomEmoji{{Shortcode: "none", URL: "x"}}, true)
	},
	"EmojifyAnywhere": func(html string) string {
		return masto.EmojifyAnywhere(html, []masto.CustomEmoji{{Shortcode: "none", URL: "x"}}, true)
	},
	"RemoteField": func(html string) string {
		return masto.RenderRemoteField(masto.Field{Value: html})
	},
	"EditableProfile": func(html string) string {
		a := masto.CredentialAccount{Account: masto.Account{Note: html}}
		return a.EditableProfile().Note
	},
	"VerifiableLink": func(html string) string {
		url, _ := masto.VerifiableLink(html)
		return url
	},
	"LinksBack": func(html string) string {
		_, ask, _ := masto.LinksBack(strings.NewReader(html), "https://social.example/@alice")
		return ask
	},
}

// requireBounded fails if a function makes too much of HTML, or allocates too
// much.
func requireBounded(t *testing.T, html string) {
	t.Helper()
	for name, do := range htmlFunctions {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out := do(html)
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - before.TotalAlloc
		require.LessOrEqual(t, len(out), 8*len(html)+64<<10, "%s: output", name)
		require.LessOrEqual(t, allocated, uint64(200*len(html)+64<<10), "%s: memory", name)
	}
}

// numbered returns n copies of a text with their numbers in place of %d.
func numbered(n int, text string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, text, i)
	}
	return b.String()
}

// TestExplode gives each function HTML that would make a parser's tree, or what
// is written from it, much larger than the source.
func TestExplode(t *testing.T) {
	quotes := strings.Repeat(`"`, 64<<10)
	for _, tt := range []struct{ name, html string }{
		{"an attribute that is written again", `<p><b lang='` + quotes + `'>` + strings.Repeat("</p><p>x", 2000)},
		{"390 elements that are opened again", numbered(390, "<b lang=%d>") + strings.Repeat("</p><p>x", 4000)},
		{"395 of them in paragraphs", "<p>" + numbered(395, "<b lang=%d>") + strings.Repeat("</p><p>x", 3000)},
		{"in list items", numbered(390, "<i lang=%d>") + strings.Repeat("<li>x", 4000)},
		{"in a table", numbered(390, "<b lang=%d>") + "<table>" + strings.Repeat("<tr><td>x", 4000)},
		{"whose end tags are out of reach", numbered(390, "<b lang=%d>") +
			"<table>" + strings.Repeat("</b>", 400) + "</table>" + strings.Repeat("<p>x", 4000)},
		{"whose end tags go through eight blocks only", numbered(300, "<b lang=%d>") +
			strings.Repeat("<div>", 50) + strings.Repeat("</b>", 300) + strings.Repeat("<p>x", 4000)},
		{"whose end tags are in an object", numbered(120, "<b lang=%[1]d><b lang=%[1]d><b lang=%[1]d>") +
			"<object>" + numbered(120, "<b lang=%d></b></b></b></b>") + "</object>" + strings.Repeat("<p>x", 4000)},
		{"whose end tags are text in HTML", numbered(390, "<b lang=%d>") +
			"<svg><title>" + strings.Repeat("</b>", 400) + "</title></svg>" + strings.Repeat("<p>x", 4000)},
		{"that are text in HTML", "<svg><style>" +
			numbered(390, "<b lang=%d>") + "</style></svg>" + strings.Repeat("<p>x", 4000)},
		{"behind a CDATA section", "<svg><![CDATA[><a title=\"]]>" +
			numbered(390, "<b lang=%d>") + strings.Repeat("<p>x", 4000)},
		{"moved out of blocks", numbered(100, "<b lang=%d>") +
			strings.Repeat("<div>", 290) + strings.Repeat("</b>", 3000)},
		{"attributes of html", numbered(20_000, "<html a%d=1>")},
		{"markers", strings.Repeat("<table><td><object></td></table>", 8_000) + strings.Repeat("</b>", 30_000)},
		{"many attributes, and many tags", "<p" + numbered(399, " a%d") + ">" + strings.Repeat("<p>", 12_000)},
		{"400 attributes and more", "<p" + numbered(50_000, " a%d") + ">" + strings.Repeat("<p>", 12_000)},
		{"links", strings.Repeat("<a href=dat:><p>", 8_000)},
		{"headings", strings.Repeat("<h1>", 12_000)},
		{"columns", "<table>" + strings.Repeat("<col><td>", 8_000)},
		{"short tags", strings.Repeat("<i><p>", 12_000)},
		{"short attributes", strings.Repeat("<p a b c d e f g h i>", 8_000)},
	} {
		t.Run(tt.name, func(t *testing.T) { requireBounded(t, tt.html) })
	}
	for _, s := range nasty {
		t.Run(s.head+s.part, func(t *testing.T) { requireBounded(t, s.head+strings.Repeat(s.part, 1<<14/len(s.part))) })
	}
}

// TestNoExplosion has HTML that is misnested as people misnest it. It is not
// refused, however long it is.
func TestNoExplosion(t *testing.T) {
	for _, tt := range []struct{ name, piece string }{
		{"well nested", `<div class=x><p>Some <b>words <i>of</i></b> <a href="https://a.io/x" class="u-url" rel=me>text</a></p></div>`},
		{"blocks in links", `<a href="https://a.io/x" class="card"><div><h3>Title</h3><p>Some words of text</p></div></a>`},
		{"misnested", `<p>Some <b>words <i>of a text</b> that</i> <a href="https://a.io/x"><b>goes</a> on</b></p>`},
		{"a paragraph in bold", `<p>Some <b>words<p>of a text</b> that goes on and on</p>`},
		{"links that are not closed", `<li><a href="https://a.io/x">Some words<li>and others`},
		{"bold that is not closed", `<p><b>Some words of a text</p><p>and others that go on, for a while</p>`},
		{"table", `<tr><td><font size=2><b>Cell</b></font><td><a href=x>Link</a> and some more words`},
		{"pictures in links", `<a href="https://a.io/x"><svg viewBox="0 0 1 1"><title>Icon</title><path d="M0 0"/><g><use href="#x"></use></g></svg></a><script>if (a<b) document.write("<b>")</script>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			html := strings.Repeat(tt.piece, 100<<10/len(tt.piece))
			if tt.name == "table" {
				html = "<table>" + html + "</table>"
			}
			require.NotEmpty(t, masto.SanitizeHTML(html))
			_, _, err := masto.LinksBack(strings.NewReader(html), "https://social.example/@alice")
			require.NoError(t, err)
		})
	}
}

// explosives are pieces of HTML that make trees grow when they are mixed.
var explosives = []string{
	"<b>", "</b>", "<b lang=%d>", "<i lang=%d>", "</i>", "<a href=%d>", "</a>", "<u a b c lang=%d>", "</u>",
	"<p>", "</p>", "x", "<div>", "</div>",
	"<table>", "</table>", "<td>", "</td>", "<tr>", "<li>", "</li>", "<ul>", "</ul>", "<object>", "</object>",
	"<svg>", "</svg>", "<title>", "</title>",
	"<style>", "</style>", "<![CDATA[", "]]>", "<select>", "</select>", "<option>", "<template>", "</template>",
	"<button>", "</button>", "<span>", "</span>",
	"<nobr>", "</nobr>", "<h1>", "</h1>", "<form>", "</form>", "<caption>", "<math>", "<mi>", "</mi>",
	"</math>", "<foreignobject>", "<desc>", "</desc>",
	"<br>", "<!--", "-->", "<html a%d=1>", "<body b%d>", "</body>", "<svg/>", "<style/>", "<noscript>",
	"</noscript>", "<textarea>", "</textarea>", "<frameset>",
}

// explosive returns HTML made of the explosives. Its first pieces are repeated.
func explosive(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(6) {
		piece := ""
		for range 1 + r.IntN(5) {
			piece += explosives[r.IntN(len(explosives))]
		}
		n := 1 << r.IntN(11)
		if strings.Contains(piece, "%d") {
			b.WriteString(numbered(n, strings.ReplaceAll(piece, "%d", "%[1]d")))
		} else {
			b.WriteString(strings.Repeat(piece, n))
		}
	}
	return b.String()
}

func TestExplodeMixed(t *testing.T) {
	n := 100
	if testing.Short() {
		n = 20
	}
	r := rand.New(rand.NewPCG(1, 0))
	for range n {
		html := explosive(r)
		if !t.Run("", func(t *testing.T) { requireBounded(t, html) }) {
			t.Fatalf("%.3000q", html)
		}
	}
}

// FuzzExplode checks that no function exceeds its bounds, whatever the HTML.
func FuzzExplode(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, seed+1, "<p>")
	}
	f.Fuzz(func(t *testing.T, seed, stream uint64, piece string) {
		r := rand.New(rand.NewPCG(seed, stream))
		if n := 1 << r.IntN(12); len(piece) <= 64 {
			piece = strings.Repeat(piece, n)
		}
		requireBounded(t, explosive(r)+piece+explosive(r))
	})
}
