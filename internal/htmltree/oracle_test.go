package htmltree

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FuzzParseLikeNet compares the tree with the one that golang.org/x/net/html makes, wherever the two are meant to agree: see differs.
func FuzzParseLikeNet(f *testing.F) {
	for _, s := range oracleSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if differs(src) {
			return
		}
		want, err := oracle(src)
		if err != nil {
			return // its limit of 512 levels
		}
		var tree Tree
		if err := tree.Parse(src); err != nil {
			require.ErrorContains(t, err, "htmltree:")
			return
		}
		var got outline
		got.ours(&tree, Root, 0)
		require.Equal(t, want, got.String(), "%q", src)
	})
}

// differs reports whether the two parsers are known to read src in different ways:
//
//   - select has newer rules in x/net/html, and so has what may be in one;
//   - main and search are special elements there, as in the standard but not in the parser that Mastodon uses;
//   - x/net/html makes an empty comment of "</>", and white space among other text in the columns of a template is lost on it;
//   - x/net/html drops the first line feed of a pre, the standard only one right behind its tag;
//   - x/net/html gets lost in a template in foreign elements, and a th does not close a caption;
//   - what it does with U+0000, CDATA sections, a byte order mark and bytes that are no UTF-8 is its own.
func differs(src string) bool {
	lower := strings.ToLower(src)
	for _, s := range []string{
		"select", "<main", "</main", "search", "<![cdata[", "</>", "\x00", "\uFEFF",
	} {
		if strings.Contains(lower, s) {
			return true
		}
	}
	has := func(tag string) bool { return strings.Contains(lower, tag) }
	if has("<template") && (has("<col") || has("<svg") || has("<math")) || has("<caption") && has("<th") || preThenMarkup.MatchString(lower) {
		return true
	}
	return normalize(src) != strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
}

// preThenMarkup finds what may be an empty pre with markup behind it.
var preThenMarkup = regexp.MustCompile(`<(pre|listing)[^a-z][^>]*>?<|<(pre|listing)><`)

// oracle returns the outline of the tree that x/net/html makes.
func oracle(src string) (string, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(src), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return "", err
	}
	var o outline
	for _, n := range nodes {
		o.theirs(n, 0)
	}
	o.flush(0)
	return o.String(), nil
}

// An outline is a tree with a node a line. Texts that are neighbors are one.
type outline struct {
	strings.Builder
	text string
}

func (o *outline) line(depth int, s string) {
	o.flush(depth)
	o.WriteString(strings.Repeat("  ", depth) + s + "\n")
}

func (o *outline) flush(depth int) {
	if o.text != "" {
		text := o.text
		o.text = ""
		o.line(depth, "text "+text)
	}
}

func (o *outline) ours(t *Tree, n ID, depth int) {
	for c := t.First(n); c != None; c = t.Next(c) {
		switch t.Kind(c) {
		case Text:
			o.text += string(t.AppendText(nil, c, Plain))
		case Comment:
			o.line(depth, "comment "+html.UnescapeString(string(t.AppendHTML(nil, c)))) // as x/net/html does, and only it
		case Element:
			d := &t.nodes[c]
			name := string(t.appendName(nil, d))
			o.line(depth, [...]string{"", "svg ", "math "}[d.space]+name)
			attrs := map[string]string{}
			for _, a := range t.Attrs(c) {
				attrs[strings.ToLower(t.AttrName(a))] = DecodeValue(t.AttrSource(a))
			}
			o.attributes(attrs, depth)
			o.ours(t, c, depth+1)
			o.flush(depth + 1)
		}
	}
	if depth == 0 {
		o.flush(0)
	}
}

func (o *outline) theirs(n *html.Node, depth int) {
	switch n.Type {
	case html.TextNode:
		o.text += n.Data
	case html.CommentNode:
		o.line(depth, "comment <!--"+n.Data+"-->")
	case html.ElementNode:
		prefix := ""
		if n.Namespace != "" {
			prefix = n.Namespace + " "
		}
		o.line(depth, prefix+n.Data)
		attrs := map[string]string{}
		for _, a := range n.Attr {
			key := a.Key
			if a.Namespace != "" {
				key = a.Namespace + ":" + key
			}
			key = strings.ToLower(key)
			if _, ok := attrs[key]; !ok { // it keeps all of one name
				attrs[key] = a.Val
			}
		}
		o.attributes(attrs, depth)
		for c := range n.ChildNodes() {
			o.theirs(c, depth+1)
		}
		o.flush(depth + 1)
	}
}

func (o *outline) attributes(attrs map[string]string, depth int) {
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		o.line(depth+1, "@"+name+"="+attrs[name])
	}
}

// oracleSeeds are what HTML parsers are usually asked.
var oracleSeeds = []string{
	"<p>One<p>Two<br>three</br></p></p>", "<b>1<p>2</b>3</p>", "<a>1<div>2<a>3</a>4</div>5</a>", "<b><i><u><p>x</b>y</i>z</u>",
	"<font size=4><font size=4><font size=4><font size=4><font color=red><p>X", "<table>x<tr>y<td>z</table>", "<table><b><tr><td>x</b>y<table></table>",
	"<table><caption>x<col><tbody><th>y</tfoot></table>z", "<table><form><input type=hidden><input></form><script>x</script></table>",
	"<form><div><form>x</form>y</div></form>z", "<ul><li>a<ul><li>b</ul><li>c<div><li>d</ul>", "<dl><dt>a<dd>b<dt>c</dl>", "<h1>a<h2>b</h3>c",
	"<ruby>a<rb>b<rt>c<rtc>d<rp>e</ruby>", "<pre>\n\nx</pre><textarea>\n<b>&amp;</textarea><listing>\r\nx", "<title>&lt;<b></title><style><b>&lt;</style><xmp>&lt;</xmp>",
	"<script><!--<script></script>--></script>x", "<script><!--<script>-></script></script>--></script>", "<noscript><p>x</noscript>", "<iframe><p></iframe><plaintext></plaintext><b>",
	"<!--><!---><!----><!--x--!><!--a--b--><!-- -- -->x<!--", "<!doctype html>x<?xml ?>y</ z></>w<!z>", "<svg><p>x</svg>y", "<svg><foreignObject><p>x</svg>",
	"<svg viewbox=1 xlink:href=x><title><b>x</title><lineargradient/><font color=x>y", "<math><mi><b>x</mi><annotation-xml encoding=text/html><div>y</math>",
	"<math><annotation-xml><svg><mglyph>z</math>", "<math definitionurl=a><malignmark/></math>", "<button>a<button>b</button><p>c</button>", "<nobr>a<nobr>b</nobr>c",
	"<applet><b>x</applet>y<marquee><object></marquee>", "<template><tr><td>x</template>y", "<template><col></template><template><caption>a</template>", "<frameset><frame></frameset>x",
	"<body class=x><html lang=de><head>", "<image src=x><isindex><keygen><wbr><hr/>", "<option>a<optgroup>b<option>c", "<details><summary>x</details><dialog><p>y</dialog>",
	"&amp&ampx&amp;&notit;&not;&notin;&#x41;&#65&#xD800;&#x110000;&#128;&#0;&#;&#x;&xyz;&NotEqualTilde;&fjlig;", "<a title='&ampx&amp=&amp;&copy=1&copy1&copy;&not;it&notit;'>x</a>",
	"<a b=c B=d b='e' =f g= h i/j='k\"l' m=\"n'o\">x", "<a b", "<a b=", "<a b='", "</a", "<", "</", "<!", "<!-", "a\rb\r\nc", "x</p>y</br>z</div>",
}
