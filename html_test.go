package masto_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestSanitizeHTML(t *testing.T) {
	clean := `<p>a &amp; b <a href="https://spore.io" rel="nofollow noopener" target="_blank">c</a><br>d</p>`
	require.Equal(t, clean, masto.SanitizeHTML(clean))
	require.Zero(t, testing.AllocsPerRun(10, func() { masto.SanitizeHTML(clean) }))
	for in, want := range map[string]string{
		"":                         "",
		" \u00a0\u3000":            "",
		"a\xffb":                   "a\uFFFDb",
		"<p>\u0001a\u0085b\uFFFE":  "<p>ab</p>",
		strings.Repeat("<b>", 500): "",
		"<h1><a href=' https://spore.io'>a</a></h1>":     "<p><strong>a</strong></p>",
		"<a href=' https://spore.io'>a</a>":              `<a href="%20https://spore.io" rel="nofollow noopener" target="_blank">a</a>`,
		"<pre>\n\na</pre>":                               "<pre>\n\na</pre>",
		"<pre><b></b>\na</pre><pre><div></div>\na</pre>": "<pre><b></b>\na</pre><pre> \na</pre>",
		"<pre><i>&#10;</i></pre><pre><x>\na</x></pre>":   "<pre><i>\n</i></pre><pre>\n\na</pre>",
		"<p>a<br />b</p>":                                "<p>a<br>b</p>",
		"<p>don&#39;t &gt;&lt;></p>":                     "<p>don't &gt;&lt;&gt;</p>",
		"<math><semantics>x<annotation encoding='application/x-tex'>x</annotation></semantics></math>": "$x$",
		`<math display="block"><semantics><annotation encoding="application/x-tex">x`:                  "$$x$$",
		`<math><semantics><annotation>x</annotation></semantics></math>`:                               "",
	} {
		require.Equal(t, want, masto.SanitizeHTML(in), in)
		require.Equal(t, "x"+want, string(masto.AppendSanitized([]byte("x"), in)), in)
	}
}

// FuzzSanitizeHTML checks what holds for any bytes. That the result is safe is checked in package sanitize.
func FuzzSanitizeHTML(f *testing.F) {
	for _, v := range readVectors(f, vectorFile("sanitize")) {
		f.Add(decode[string](v.In))
	}
	f.Fuzz(func(t *testing.T, html string) {
		out := masto.SanitizeHTML(html)
		require.True(t, utf8.ValidString(out))
		require.Equal(t, "x"+out, string(masto.AppendSanitized([]byte("x"), html)))
		require.NotContains(t, strings.ToLower(out), "<script")
		masto.SanitizeHTML(out)
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
	for _, v := range readVectors(f, vectorFile("plaintext")) {
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
