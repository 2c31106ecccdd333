package htmltree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// render parses and writes HTML.
func render(tb testing.TB, src string) string {
	tb.Helper()
	var t Tree
	require.NoError(tb, t.Parse(src))
	return string(children(&t, Root))
}

func children(t *Tree, n ID) []byte {
	var dst []byte
	for c := t.First(n); c != None; c = t.Next(c) {
		dst = t.AppendHTML(dst, c)
	}
	return dst
}

// TestParse has a case for each part of the rules; the outputs are those of the HTML standard, but where the reference's parser differs.
func TestParse(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"text", "a<b", "a"},
		{"lone less-than", "a < b <3", "a &lt; b &lt;3"},
		{"end of tags", "</>x</ y>z</3>", "x<!-- y-->z<!--3-->"},
		{"comments", "<!--a--!>b<!-->c<!--->d<!---->e<!-- f --", "<!--a-->b<!---->c<!---->d<!---->e<!-- f -->"},
		{"bogus comments", "<?a?>b<!c>d<![CDATA[e]]>f", "<!--?a?-->b<!--c-->d<!--[CDATA[e]]-->f"},
		{"doctype", "<!DOCTYPE html>x", "x"},
		{"attributes", `<p a=1 B='2"' c = "3" d A=4 =e/f>`, `<p a="1" b="2&quot;" c="3" d="" =e="" f=""></p>`},
		{"references", "&amp;&ltx&notit;&notin;&#65;&#x41;&#0;&#128;&#xD800;&#99999999999;&bogus;&", "&amp;&lt;x¬it;∉AA�€��&amp;bogus;&amp;"},
		{"references in values", `<p a="&ampx&amp=&amp;&notin;&lt" b=&copy>`, `<p a="&amp;ampx&amp;amp=&amp;∉<" b="©"></p>`},
		{"nbsp", "a\u00a0<p a='\u00a0'>", `a&nbsp;<p a="&nbsp;"></p>`},
		{"NUL", "a\x00b<p\x00 c\x00=d\x00><textarea>\x00</textarea><svg>\x00", "ab<p� c�=\"d�\"><textarea>�</textarea><svg>�</svg></p�>"},
		{"line ends", "a\r\nb\rc", "a\nb\nc"},
		{"byte order mark", "\uFEFFa\uFEFF", "a\uFEFF"},
		{"invalid UTF-8", "a\xffb", "a\uFFFDb"},
		{"first line feed", "<pre>\n\na</pre><textarea>\nb</textarea><listing>&#10;c", "<pre>\na</pre><textarea>b</textarea><listing>c</listing>"},
		{"raw text", "<style><b>&lt;</style><title><b>&lt;</title><script><!--<script></script>--></script>x", "<style><b>&lt;</style><title>&lt;b&gt;&lt;</title><script><!--<script></script>--></script>x"},
		{"plaintext", "<plaintext></plaintext>&amp;", "<plaintext></plaintext>&amp;</plaintext>"},
		{"p", "<p>a<div>b</p>c", "<p>a</p><div>b<p></p>c</div>"},
		{"headings", "<h1>a<h2>b</h3>c", "<h1>a</h1><h2>b</h2>c"},
		{"lists", "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"},
		{"definitions", "<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"},
		{"ruby", "<ruby>a<rt>b<rp>c<rtc>d<rt>e</ruby>", "<ruby>a<rt>b</rt><rp>c</rp><rtc>d<rt>e</rt></rtc></ruby>"},
		{"misnested", "<b>a<i>b</b>c</i>d", "<b>a<i>b</i></b><i>c</i>d"},
		{"adoption", "<b>a<p>b</b>c", "<b>a</b><p><b>b</b>c</p>"},
		{"nested links", "<a href=1>a<a href=2>b", `<a href="1">a</a><a href="2">b</a>`},
		{"four alike", "<p><b><b><b><b>a</p>b", "<p><b><b><b><b>a</b></b></b></b></p><b><b><b>b</b></b></b>"},
		{"buttons", "<button>a<button>b", "<button>a</button><button>b</button>"},
		{"forms", "<form>a<form>b</form>c", "<form>ab</form>c"},
		{"br", "</br>", "<br>"},
		{"image", "<image>", "<img>"},
		{"main is not special", "<b><main>a</b>b", "<b><main>a</main></b>b"},
		{"table", "<table><td>a<th>b<tr><caption>c", "<table><tbody><tr><td>a</td><th>b</th></tr><tr></tr></tbody><caption>c</caption></table>"},
		{"foster parents", "<table>a<tr>b<td>c</td>d</table>e", "abd<table><tbody><tr><td>c</td></tr></tbody></table>e"},
		{"table closes p", "<p>a<table>", "<p>a</p><table></table>"},
		{"hidden input", "<table><input type=hidden><input>", `<input><table><input type="hidden"></table>`},
		{"columns", "<table><col><colgroup> <col>a", "a<table><colgroup><col></colgroup><colgroup> <col></colgroup></table>"},
		{"select", "<select><p><option>a<optgroup><option>b<hr>c<select>d", "<select><option>a</option><optgroup><option>b</option></optgroup><hr>c</select>d"},
		{"select in table", "<table><td><select><td>a", "<table><tbody><tr><td><select></select></td><td>a</td></tr></tbody></table>"},
		{"template", "<template><td>a</td><p></template>b", "<template><td>a</td><p></p></template>b"},
		{"cell in template", "<template><tr><td>a", "<template><tr><td>a</td></tr></template>"},
		{"noscript has markup", "<noscript><b>a", "<noscript><b>a</b></noscript>"},
		{"foreign", "<svg><foreignobject><b>a</b></foreignobject><lineargradient viewbox=1 /><title><b>c</b></title></svg>d", `<svg><foreignObject><b>a</b></foreignObject><linearGradient viewBox="1"></linearGradient><title><b>c</b></title></svg>d`},
		{"out of foreign", "<math><mi>a<b>b</b></mi><p>c", "<math><mi>a<b>b</b></mi></math><p>c</p>"},
		{"CDATA", "<svg><![CDATA[<a>&amp;]]></svg>", "<svg>&lt;a&gt;&amp;amp;</svg>"},
		{"unfinished tag", "a<p class='", "a"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, render(t, c.src)) })
	}
}

func TestLimits(t *testing.T) {
	var tree Tree
	require.NoError(t, tree.Parse(strings.Repeat("<div>", maxDepth)))
	require.ErrorIs(t, tree.Parse(strings.Repeat("<div>", maxDepth+1)), ErrTooDeep)
	require.NoError(t, tree.Parse(strings.Repeat("<div>", maxDepth)+"</div><br>"))
	require.ErrorIs(t, tree.Parse(strings.Repeat("<div>", maxDepth)+"<table>x"), ErrTooDeep)

	var attrs strings.Builder
	for i := range maxAttributes {
		fmt.Fprintf(&attrs, " a%d", i)
	}
	require.NoError(t, tree.Parse("<p"+attrs.String()+" a1>"))
	require.ErrorIs(t, tree.Parse("<p"+attrs.String()+" b>"), ErrTooManyAttributes)

	var open strings.Builder
	for i := range 390 {
		fmt.Fprintf(&open, "<b id=%d>", i)
	}
	require.ErrorIs(t, tree.Parse("<p>"+open.String()+"</p>"+strings.Repeat("<p>x", 10_000)), ErrTooLarge)
	require.NoError(t, tree.Parse("<p>"+open.String()+"</p>"+strings.Repeat("<p>x", 100)))
}

// TestSkip compares skipping eight bytes at a time with looking at each, for every byte at every place.
func TestSkip(t *testing.T) {
	slow := func(s string, i int, where uint8) int {
		for i < len(s) && skippable[s[i]]&where != 0 {
			i++
		}
		return i
	}
	for c := range 256 {
		for d := range 256 {
			for at := range 9 {
				b := []byte("aaaaaaaaaaaaaaaa")
				b[at], b[at+1] = byte(c), byte(d)
				s := string(b)
				for _, i := range []int{0, 3} {
					require.Equal(t, slow(s, i, inTextByte), skipText(s, i), "%q %d", s, i)
					require.Equal(t, slow(s, i, inValueByte), skipValue(s, i), "%q %d", s, i)
				}
			}
		}
	}
}

func TestTags(t *testing.T) {
	for tag := Other + 1; tag < NumTags; tag++ {
		require.Equal(t, tag, TagOf(strings.ToUpper(tag.String())))
		require.LessOrEqual(t, len(tag.String()), maxTagName)
		if nestRules[tag].sets&known != 0 {
			require.Equal(t, tag, NestTag(tag.String()+">"))
		}
	}
}

// FuzzParse checks that parsing never panics, keeps its limits and leaves a tree that can be walked.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"<b><p>a</b>", "<table><b><tr>a</b><td><select><td>", "<svg><desc><b><p></svg></b>", "<template><col> a </template>", "<a><table><a>b",
		"<math><annotation-xml encoding=text/html><p></math>", "<p a=&#x41;><p a=A>", "<nobr><p><nobr></nobr>", "<object><b><p></object></b>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		var tree Tree
		if tree.Parse(src) != nil {
			return
		}
		seen := 0
		var walk func(n ID, depth int)
		walk = func(n ID, depth int) {
			require.Less(t, depth, 3*maxDepth)
			last := None
			for c := tree.First(n); c != None; c = tree.Next(c) {
				seen++
				require.Equal(t, n, tree.parent(c))
				require.Equal(t, last, tree.nodes[c].prev)
				last = c
				walk(c, depth+1)
			}
			if k := tree.nodes[n].kids; k >= 0 {
				require.Equal(t, last, tree.lists[k].last)
			}
		}
		walk(Root, 0)
		require.LessOrEqual(t, seen, len(tree.nodes))
		children(&tree, Root)
	})
}

// manyAttributes390 is 390 open formatting elements that differ in the last of their many attributes.
func manyAttributes390() string {
	var b strings.Builder
	for i := range 390 {
		b.WriteString("<b")
		for j := range maxAttributes - 1 {
			fmt.Fprintf(&b, " a%d", j)
		}
		fmt.Fprintf(&b, " b=%d>", i)
	}
	return b.String()
}

// BenchmarkParse measures sources that make a parser slow: the time for a byte of the source or, where the tree is larger, for a node
// must not grow with the size.
func BenchmarkParse(b *testing.B) {
	for name, piece := range map[string]string{
		"p": "<p>", "misnested": "<i><p></i>", "b in p": "<b><p></b></p>", "ampersands": "&", "comment": "<!--", "unclosed": "<a b='", "li": "<li>",
		"ends": "</x>", "tables": "<table><td></table>", "spans": "<span></p>", "cdata": "<svg><![CDATA[", "markers": "<table><td><object></td></table>",
		"select": "<select><option></select>", "formatting": "<b><i></b></i>", "attributes": "<p a=1 b=2 c=3>", "foster": "<table>x", "less": "<<", "nobr": "<nobr>",
		"deep": strings.Repeat("<x>", 390) + strings.Repeat("</y>", 40_000), "alike": manyAttributes390(), "h": "<h1></h2>", "script": "<script><!--<script", "end tag": "</a </a",
	} {
		for _, size := range []int{1 << 10, 1 << 14, 1 << 20} {
			src := strings.Repeat(piece, size/len(piece)+1)[:size]
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				var t Tree
				for b.Loop() {
					t = Tree{}
					_ = t.Parse(src)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(len(src), len(t.nodes))), "ns/byte")
			})
		}
	}
}
