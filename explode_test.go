package masto_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// htmlFunctions are the functions that take HTML of strangers. Each returns
// what it makes of it, the pictures of emojis not counted.
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

// TestExplode gives HTML to each function that makes a parser's tree, or what
// is written of it, much larger than the source.
func TestExplode(t *testing.T) {
	quotes := strings.Repeat(`"`, 64<<10)
	for _, tt := range []struct{ name, html string }{
		{"an attribute that is written again", `<p><b lang='` + quotes + `'>` + strings.Repeat("</p><p>x", 2000)},
		{"390 elements that are opened again", numbered(390, "<b lang=%d>") + strings.Repeat("</p><p>x", 4000)},
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

// TestNoExplosion has HTML that is misnested as people misnest it: it is not
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

// explosive returns HTML made of the explosives. The pieces that it begins with
// are repeated.
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

// FuzzExplode checks that nothing makes more of HTML than it may.
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
