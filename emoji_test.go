package masto_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestEmojify(t *testing.T) {
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: `https://a.io/?"&`}, {Shortcode: "a b", URL: "x"}}
	img := `<img rel="emoji" draggable="false" width="16" height="16" class="emojione" alt=":ab:" title=":ab:" src="https://a.io/?&quot;&amp;">`
	for in, want := range map[string]string{
		":ab:":                   img,
		":ab:</b>":               img,
		":a</b>b:":               img, // a tag that comes to nothing does not divide a text
		":a<b>b:</b>":            ":a<b>b:</b>",
		"<style>:ab:</style>":    "<style>" + img + "</style>",
		"&colon;ab:":             img,
		"&eacute;:ab:":           "é:ab:",
		"&amp;:ab:&#39;":         "&amp;" + img + "'",
		":a b:":                  ":a b:",
		"<p title=':ab:'>x<br/>": `<p title=":ab:">x<br></p>`,
		" \u00a0":                " \u00a0",
	} {
		require.Equal(t, want, masto.Emojify(in, emojis, true), in)
	}
	require.Equal(t, "<P>", masto.Emojify("<P>", nil, true))
	require.Empty(t, masto.Emojify(strings.Repeat("<b>", 500), emojis, true))
	many := make([]masto.CustomEmoji, 50)
	many[40] = emojis[0]
	require.Equal(t, img, masto.Emojify(":ab:", many, true))
}

func TestEmojifyBOM(t *testing.T) {
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: "a"}}
	require.Equal(t, "x", masto.Emojify("\uFEFFx", emojis, true))
}

func TestEmojifyAnywhere(t *testing.T) {
	emojis := []masto.CustomEmoji{
		{Shortcode: "ab", URL: "https://a.io/ab"},
		{Shortcode: "blobcat", URL: "https://a.io/blobcat"},
	}
	for _, tt := range []struct {
		name, in, want string
	}{
		{"letters beside it", "名前:blobcat:です", "名前[blobcat]です"},
		{"one after the other", ":blobcat::ab:", "[blobcat][ab]"},
		{"three in a row, two of which are emojis", ":ab::no::ab:", "[ab]:no:[ab]"},
		{"a colon that two could share", ":ab:blobcat:", "[ab]blobcat:"},
		{"a colon that starts nothing", ": :ab:", ": [ab]"},
		{"digits beside it", "1:ab:2", "1[ab]2"},
		{"references beside it", "<p>&eacute;:ab:&amp;:ab:</p>", "<p>é[ab]&amp;[ab]</p>"},
		{"misnested", "<b><i>x:ab:</b>", "<b><i>x[ab]</i></b>"},
		{"not in attributes", `<p title="x:ab:">`, `<p title="x:ab:"></p>`},
		{"no emoji", "12:30:45", "12:30:45"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := masto.EmojifyAnywhere(tt.in, emojis, true)
			require.Equal(t, tt.want, pictures.ReplaceAllString(got, "[$1]"))
		})
	}
	require.Equal(t, "名前:ab:です", masto.Emojify("名前:ab:です", emojis, true), "Emojify is the reference's")
}

// The pictures of emojis do not count among what Emojify may write.
func TestEmojifyWithManyPictures(t *testing.T) {
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: "https://a.io/" + strings.Repeat("x", 200)}}
	for _, tt := range []struct{ name, in string }{
		{"text", strings.Repeat(":ab: ", 1000)},
		{"well nested", strings.Repeat("<p>:ab:</p>", 1000)},
		{"misnested", strings.Repeat("<i>:ab: <p></i></p>", 1000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, got := range []string{
				masto.Emojify(tt.in, emojis, true),
				masto.EmojifyAnywhere(tt.in, emojis, true),
			} {
				require.Equal(t, 1000, strings.Count(got, "<img "))
				require.Greater(t, len(got), 8*len(tt.in)+64<<10, "the limit without them")
			}
		})
	}
}

// pictures finds the pictures of emojis.
var pictures = regexp.MustCompile(`<img [^>]* alt=":(\w+):"[^>]*>`)

// FuzzEmojifyAnywhere checks that no shortcode is left in the text, that
// nothing but shortcodes is replaced, and that sanitized HTML stays safe.
func FuzzEmojifyAnywhere(f *testing.F) {
	for _, v := range vectors.File(f, "emojify") {
		f.Add(decode[struct{ HTML string }](v.In).HTML)
	}
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: "https://a.io/ab"}, {Shortcode: "A1", URL: "b"}}
	none := []masto.CustomEmoji{{Shortcode: "none", URL: "https://a.io/none"}}
	f.Fuzz(func(t *testing.T, html string) {
		got := masto.EmojifyAnywhere(html, emojis, true)
		if strings.Contains(html, "none") || got == "" {
			return
		}
		checkHrefs(t, masto.EmojifyAnywhere(masto.SanitizeHTML(html), emojis, true))
		want := masto.Emojify(html, none, true)
		require.Equal(t, want, pictures.ReplaceAllString(got, ":$1:"))
	})
}

// FuzzEmojify checks that writing well-formed HTML without parsing it gives
// what parsing gives, and that sanitized HTML stays safe.
func FuzzEmojify(f *testing.F) {
	for _, v := range vectors.File(f, "emojify") {
		f.Add(decode[struct{ HTML string }](v.In).HTML, true)
	}
	for _, v := range vectors.File(f, "sanitize") {
		if len(v.In) < 2000 {
			f.Add(strings.ReplaceAll(decode[string](v.Out), "x", ":ab:"), false)
		}
	}
	f.Add("<p title=\"a&#38;b\">&eacute;:ab: &colon;ab: :ab&colon; a&amp;:ab:&nbsp;:A1:\u00a0>:ab:<br />:ab:</p>", true)
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: "https://a.io/a.gif?a&b", StaticURL: "https://a.io/a.png"}, {Shortcode: "A1", URL: "b"}}
	f.Fuzz(func(t *testing.T, html string, animate bool) {
		out := masto.Emojify(html, emojis, animate)
		checkHrefs(t, masto.Emojify(masto.SanitizeHTML(html), emojis, animate))
		if got, ok := masto.EmojifyWalked(html, emojis, animate); ok {
			require.Equal(t, sortAttributes(masto.EmojifyParsed(html, emojis, animate)), sortAttributes(got))
			require.True(t, got == out || strings.TrimSpace(html) == "")
		}
		require.Equal(t, html, masto.Emojify(html, nil, animate))
	})
}
