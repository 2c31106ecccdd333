package sanitize

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// More texts, to be compared after a change of the rules:
//
//	go test -run TestPaths -v -count=1 -timeout 0 ./internal/sanitize -args -paths.n=10000000 -paths.seed=1
var (
	pathsN    = flag.Int("paths.n", 20_000, "how many texts go both by the shortcut and through the parser")
	pathsSeed = flag.Uint64("paths.seed", 1, "seed of the texts")
)

// TestPaths compares the shortcut for well-formed HTML with parsing it, on
// random texts that are mostly well-formed.
func TestPaths(t *testing.T) {
	texts := pathTexts{rand.New(rand.NewPCG(*pathsSeed, 0))}
	var parsed []byte
	clean, walked, differences := 0, 0, 0
	differs := func(path, html, want, got string) {
		differences++
		if differences <= 20 {
			t.Errorf("%q %s\nparsed %q\ngot    %q", html, path, want, got)
		}
	}
	start := time.Now()
	for range *pathsN {
		html := texts.next()
		parsed = appendParsed(parsed[:0], html)
		var w walk
		w.w.Open(nil, html, 0)
		if w.run(html) && !w.w.TooLong() {
			walked++
			got := html
			if dst, changed := w.w.Result(); changed {
				got = string(dst)
			} else {
				clean++
			}
			if !alike(string(parsed), got) {
				differs("by the walk", html, string(parsed), got)
			}
		}
		if got := String(html); !alike(string(parsed), got) {
			differs("as a whole", html, string(parsed), got)
		}
	}
	t.Logf("seed %d: %d texts, %d clean, %d walked, %d differences, %v",
		*pathsSeed, *pathsN, clean, walked, differences, time.Since(start).Round(time.Millisecond))
	require.Greater(t, clean, *pathsN/50, "the texts miss a path")
	require.Greater(t, walked, clean, "the texts miss a path")
	require.Less(t, walked, *pathsN*9/10, "the texts miss a path")
}

// pathTexts makes random texts.
type pathTexts struct{ r *rand.Rand }

var (
	pathTags = []string{
		"p", "p", "p", "span", "span", "a", "a", "a", "b", "i", "em", "strong", "u", "s", "del", "code", "pre",
		"blockquote", "ul", "ol", "li",
		"ruby", "div", "h1", "h2", "section", "sub", "font", "small", "x-y", "figure", "dl", "dt", "dd", "rt",
		"rp", "Span", "UL", "big", "article", "nobr", "img", "hr", "main",
		"label", "listing", "h6", "image", "tt", "video", "strike", "table", "td", "script", "svg", "math",
		"select", "P", "button", "form", "font", "template", "textarea",
	}
	pathAttrs = []string{
		` href="https://a.io/?x=1&amp;y"`, ` href="https://a.io"`,
		` href="https://a.io" rel="nofollow noopener" target="_blank"`,
		` href="https://a.io" class="u-url mention" rel="nofollow noopener" target="_blank"`,
		` href="https://a.io" target="_blank" rel="nofollow noopener" translate="no"`,
		` href="javascript:x"`, ` href=" https://a b"`, ` href='https://a.io'`, ` HREF="HTTPS://A.io"`,
		` href="https&#58;//x"`, ` href="//a"`, ` href="https://é.io/%20&quot;"`,
		` class="invisible"`, ` class="h-card mention"`, ` class=" x  mention"`, ` class=""`, ` class`,
		` translate="no"`, ` translate="yes"`, ` lang="de"`, ` lang="a&quot;b"`,
		` href='https://a.io/"&quot;'`, ` href=https://a.io/`, ` href=https://a.io/?a=1&b=2`,
		` href="https://a.io/?a=1&b=2"`, ` href="mailto:x"`, ` HREF='x' href="https://a.io"`,
		` href = "https://a.io"`,
		"\n class='mention x'\tlang=de", ` class="h-card x" CLASS="mention"`, ` id=x data-y='<b>'`, ` a b c`,
		`/lang="x"`, ` lang="x"lang="y"`, ` title="\x01"`, ` lang="\x01"`, ` lang="&copy;"`, ` lang="&copy="`,
		` lang="&notit;"`, ` lang="&#38"`, ` lang="a>b<c"`, ` href="https://a.io/&#1;&#12;&#10;"`,
		" href=\"https://a.io/\fx\"", ` href="https&amp;#58;//x"`, ` href="http&amp;#580"`,
		` href="java&#9;script:x"`, ` rel="me" href="https://a.io"`,
		` start='1' reversed`, ` class="&quot;" lang="'"`, ` =x`, ` x="`, ` href`, ` translate=no`,
		` class="e-x é h-é"`,
		` rel="me"`, ` target="x"`, ` style="a"`, ` onclick=x`, ` value="1"`, ` start="2"`, ` reversed=""`,
		` lang="x" lang="y"`, ` /`, ` lang=a>b`,
	}
	pathWords = []string{
		"a", "word", " ", "\n", "é", "日本", "🍄", "&amp;", "&lt;", "&gt;", "&nbsp;", "\u00a0", "&", "&copy;",
		"&copy", "&#38;", "&#x3c;", "&#0;", ">", "<", "\"", "'", "\r", "\x00", "\x01",
		"\x7f", "\u0085", "\ufeff", "\xff", "<br>", "<br />", "<br/>", "<BR>", "<!-- c -->", "<!--", "-->",
		"<hr>", "<img src=x>", "</p>", "</b>", "</a>", "<p>", "<li>", "<?x>", "</>", "&#39;", "&apos;", "&AMP;",
		"&#10;", "&#13;", "&#x1;", "&nGt;", "&;", "&#;", "&#x;", "& ", "&notit;", "&x", "<br/ >", "<Br>",
		"<wbr>", "<img src='x' alt=\">\">", "<h1></h1>", "<hr/>", "<li>a</li>", "\f", "\t",
		"<pre>\n</pre>", "<pre><i>\n</i></pre>", "<pre><x>\n</x></pre>", "<pre><x></x>\n</pre>", "<div></div>",
		"<dl><dt>a</dt><dd>b</dd></dl>", "<ruby>a<rp>(</rp><rt>b</rt></ruby>", "<a>x<br><b>y</b></a>",
	}
)

func (p pathTexts) next() string {
	var b strings.Builder
	for range 1 + p.r.IntN(4) {
		p.node(&b, 0)
	}
	html := b.String()
	if p.r.IntN(4) > 0 {
		return html
	}
	// A byte less, or a piece more, at some place.
	i := p.r.IntN(len(html) + 1)
	if p.r.IntN(2) == 0 && i < len(html) {
		return html[:i] + html[i+1:]
	}
	return html[:i] + one(p.r, pathWords) + html[i:]
}

// node writes a text or an element.
func (p pathTexts) node(b *strings.Builder, depth int) {
	if depth > 5 || p.r.IntN(3) == 0 {
		if p.r.IntN(3) > 0 {
			b.WriteString(one(p.r, pathWords[:12])) // what clean HTML has, mostly
			return
		}
		b.WriteString(one(p.r, pathWords))
		return
	}
	tag := one(p.r, pathTags[:32])
	if p.r.IntN(8) == 0 {
		tag = one(p.r, pathTags)
	}
	b.WriteString("<" + tag)
	switch {
	case tag == "a" && p.r.IntN(3) > 0:
		b.WriteString(one(p.r, pathAttrs[2:4])) // written as the sanitizer writes it
	case tag == "a", p.r.IntN(6) == 0:
		b.WriteString(one(p.r, pathAttrs))
	}
	b.WriteString(">")
	for range p.r.IntN(4) {
		p.node(b, depth+1)
	}
	b.WriteString("</" + tag + ">")
}

func one(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }
