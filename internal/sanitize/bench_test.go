package sanitize

import (
	"fmt"
	"strings"
	"testing"
)

const cleanBio = `<p>Mycologist &amp; baker. <a href="https://spore.io/tags/fungi" class="mention hashtag" rel="nofollow noopener" target="_blank">#<span>fungi</span></a> ` +
	`and friends: <span class="h-card" translate="no"><a href="https://remote.example/@carol" class="u-url mention" rel="nofollow noopener" target="_blank">@<span>carol</span></a></span></p>` +
	`<p>Blog: <a href="https://spore.io/blog/2024/a-long-way" rel="nofollow noopener" translate="no" target="_blank"><span class="invisible">https://</span>` +
	`<span class="ellipsis">spore.io/blog/2024/a-long-way-</span><span class="invisible">to-the-forest</span></a>` +
	`<br>Line two, with some more words in it.</p>`

const dirtyBio = `<div class="bio" onclick="steal()"><h1>Hello <font color=red>there</font></h1>` +
	`<script>alert("x")</script>` +
	`<p style="color:red">One <b>two <i>three</b> four</i> <a href="javascript:alert(1)">click</a> <a href='https://spore.io/?a=1&b=2' title=x>site</a>` +
	`<img src="https://spore.io/i.png" alt="pic"><table><tr><td>cell</td></tr></table><style>p{}</style><custom-element data-x=1>text</custom-element>` +
	`<ul><li>one<li>two</ul><iframe src="https://evil.example"></iframe></div>`

func BenchmarkString(b *testing.B) {
	for name, s := range map[string]string{
		"clean": cleanBio,
		"dirty": dirtyBio,
		"wire":  strings.ReplaceAll(cleanBio, `rel="nofollow noopener"`, `rel="nofollow noopener noreferrer"`),
	} {
		for _, size := range []int{2 << 10, 20 << 10} {
			s := strings.Repeat(s, size/len(s)+1)
			b.Run(fmt.Sprintf("%s/%d", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(s)))
				b.ReportAllocs()
				for b.Loop() {
					String(s)
				}
			})
		}
	}
}

// BenchmarkLinear measures HTML that makes sanitizers slow: the time for a byte
// of the source or the result, whichever is longer, must not grow with the
// size.
func BenchmarkLinear(b *testing.B) {
	for name, piece := range map[string]string{
		"text":       "a",
		"p":          "<p>",
		"i p":        "<i><p>",
		"misnested":  "<b><p></b>x</p>",
		"reopened":   "<p><b lang=a><b lang=b><b lang=c></p><p>x",
		"clean":      cleanBio,
		"dirty":      dirtyBio,
		"ampersands": "&",
		"less":       "<",
		"comments":   "<!--",
		"unclosed":   "<a href='",
		"links":      "<a href=javascript:x>y",
		"classes":    "<p class='" + strings.Repeat("x mention ", 50) + "'>",
		"pre":        "<pre>\n\n</pre>",
		"headings":   "<h1>x</h1>",
		"math":       "<math><semantics><annotation encoding=text/plain>x</annotation></math>",
		"control":    "a\x01",
	} {
		for _, size := range []int{1 << 10, 1 << 14, 1 << 20} {
			src := strings.Repeat(piece, size/len(piece)+1)
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				n := 0
				for b.Loop() {
					n = len(String(src))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(len(src), n)), "ns/byte")
			})
		}
	}
}
