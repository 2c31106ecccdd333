package masto

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/htmltree"
)

// FuzzEmojifyCopy checks that writing well-formed HTML without parsing it gives what parsing gives.
func FuzzEmojifyCopy(f *testing.F) {
	for _, v := range htmlVectors(f, "emojify") {
		f.Add(vectorValue[struct{ HTML string }](f, v.In).HTML, true)
	}
	for _, v := range htmlVectors(f, "sanitize") {
		if len(v.In) < 2000 {
			f.Add(strings.ReplaceAll(vectorValue[string](f, v.Out), "x", ":ab:"), false)
		}
	}
	f.Add("<p title=\"a&#38;b\">&eacute;:ab: &colon;ab: :ab&colon; a&amp;:ab:&nbsp;:A1:\u00a0>:ab:<br />:ab:</p>", true)
	emojis := []CustomEmoji{{Shortcode: "ab", URL: "https://a.io/a.gif?a&b", StaticURL: "https://a.io/a.png"}, {Shortcode: "A1", URL: "b"}}
	f.Fuzz(func(t *testing.T, html string, animate bool) {
		e := emojifier{emojis: emojis, animate: animate}
		var c htmltree.Copier
		c.Reset(nil, html, 0)
		if !e.copy(&c) {
			return
		}
		got := html
		if dst, changed := c.Result(); changed {
			got = string(dst)
		}
		require.Equal(t, (&emojifier{emojis: emojis, animate: animate}).parse(html), got)
	})
}
