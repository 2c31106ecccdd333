package markup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// serialize writes the tree below a node.
func serialize(n *html.Node) string {
	var dst []byte
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			esc := Content
			if IsRaw(n) {
				esc = Plain
			}
			dst = AppendText(dst, c, esc)
		case html.CommentNode:
			dst = AppendComment(dst, c)
		case html.ElementNode:
			dst = AppendStart(dst, c)
			if !IsVoid(c) {
				dst = append(dst, serialize(c)...)
				dst = AppendEnd(dst, c)
			}
		}
	}
	return string(dst)
}

func TestFragment(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"lone less-than", "a < b <3", "a &lt; b &lt;3"},
		{"an end tag without a name", "<p>a</>b</ c>d", "<p>ab<!-- c-->d</p>"},
		{"a comment that must not end", "<!--a--&gt;b>c-->", "<!--a--&gt;b>c-->"},
		{"a comment that must not be empty", "<!--&gt;--><!---&gt;-->", "<!--&gt;--><!---&gt;-->"},
		{"line ends", "a\rb\r\nc<p title='\r'>", "a\nb\nc<p title=\"\n\"></p>"},
		{"byte order mark", "\uFEFFa", "a"},
		{"not UTF-8", "a\xff\xfeb", "a\uFFFDb"},
		{"references", "&amp;&ltx&notit;&nGt;&#65;&#128;&bogus;", "&amp;&lt;x¬it;≫\u20d2A€&amp;bogus;"},
		{"references in values", `<p a="&ampx&amp=&notin;&lt" b='"'>`, `<p a="&amp;ampx&amp;amp=∉<" b="&quot;"></p>`},
		{"no-break space", "a\u00a0<p a='\u00a0'>", `a&nbsp;<p a="&nbsp;"></p>`},
		{
			"raw text",
			"<style>&lt;<b></style><textarea>&lt;</textarea>",
			"<style>&lt;<b></style><textarea>&lt;</textarea>",
		},
		{"scripting is off", "<noscript><b>a", "<noscript><b>a</b></noscript>"},
		{"void elements", "<br/><svg><br-x/></svg><image>", "<br><svg><br-x></br-x></svg><img>"},
		{
			"foreign",
			"<svg viewbox=1 xlink:href=x><foreignobject>",
			`<svg viewBox="1" xlink:href="x"><foreignObject></foreignObject></svg>`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root, err := Fragment(tt.src)
			require.NoError(t, err)
			require.Equal(t, tt.want, serialize(root))
		})
	}
}

func TestLimits(t *testing.T) {
	attributes := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d", i)
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, src string
		want      error
	}{
		{"400 levels", strings.Repeat("<div>", 400), nil},
		{"and an element without content", strings.Repeat("<div>", 400) + "<br>", nil},
		{"401 levels", strings.Repeat("<div>", 401), ErrTooDeep},
		{"as many as the parser refuses", strings.Repeat("<div>", 600), ErrTooDeep},
		{"400 attributes", "<p" + attributes(400) + ">", nil},
		{"and one twice", "<p" + attributes(400) + " a1>", nil},
		{"401 attributes", "<p" + attributes(401) + ">", ErrTooManyAttributes},
		{"in a tag that comes to nothing", "<td" + attributes(401) + ">", ErrTooManyAttributes},
		{
			"elements that are opened again",
			strings.Repeat("<p>", 10) + formattingElements(390) + strings.Repeat("</p><p>x", 10_000),
			ErrExplodes,
		},
		{"not often", formattingElements(50) + strings.Repeat("</p><p>x", 5), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Fragment(tt.src)
			require.ErrorIs(t, err, tt.want)
			if !strings.Contains(tt.src, "<div>") { // two levels are those of html and body
				_, err = Document(tt.src)
				require.ErrorIs(t, err, tt.want)
			}
		})
	}
}

// formattingElements returns the start tags of n elements that differ.
func formattingElements(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	return b.String()
}

// FuzzScan checks that the scan of bytes, where it is sure, sees the tags that
// the parser's tokenizer sees.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		"<p>a<!-- <b> --></p><b a='>' b=\">\" c=x> </b >", "<script>a < b</script><b>",
		"<style></style><B><I></b></I>", "<!-->--><b>", "<!--->--><b>",
		"<!--a--!><b>-->", "<!doctype html><b>", "<?x <b>", "</ x><b>", "</><b>", "<![CDATA[<b>]]>", "<b",
		"<b a='", "<b/a=/>", "<a =b=c / d>", "<textarea><b></textarea>",
		"<plaintext><b>", "<svg><style/><b></svg>", "<noscript><b></noscript>", "<b\x00 a=1>",
		"<title></titlex><b></title>", "<b a=b/>", "<!-- a -- b --><b>", "<b><p></b>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		src = normalize(src)
		scanned, all := newEstimator(1<<20), newEstimator(1<<20)
		if !scanned.scan(src) {
			return
		}
		z := html.NewTokenizer(strings.NewReader(src))
		rest := src
		for {
			typ := z.Next()
			written := rest[:len(z.Raw())]
			rest = rest[len(written):]
			if typ == html.ErrorToken {
				break
			}
			if typ == html.TextToken || typ == html.CommentToken || typ == html.DoctypeToken {
				continue
			}
			tag, _ := readTag(written)
			require.Equal(t, len(written), tag.length)
			if name, _ := z.TagName(); string(name) == "noscript" {
				z.NextIsNotRawText()
			}
			all.tag(tag, written, typ == html.SelfClosingTagToken)
		}
		require.Equal(t, all.cost, scanned.cost)
	})
}
