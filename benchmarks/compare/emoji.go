package main

import (
	"regexp"
	"strings"

	"github.com/seed-374a2035/masto"
)

// emojiBio is a bio such as a server sends, with two custom emojis in its text.
const emojiBio = `<p>Mycologist &amp; baker :catjam: of bread.</p>` +
	`<p>Blog: <a href="https://loaf.io/blog" rel="nofollow noopener" target="_blank">` +
	`<span class="invisible">https://</span><span class="">loaf.io/blog</span><span class="invisible"></span></a> ` +
	`and more :jam_parrot: to come</p>`

var bioEmojis = []masto.CustomEmoji{
	{Shortcode: "catjam", URL: "https://files.example/catjam.gif", StaticURL: "https://files.example/catjam.png"},
	{Shortcode: "jam_parrot", URL: "https://files.example/parrot.gif", StaticURL: "https://files.example/parrot.png"},
}

// shortcode matches a shortcode between colons, and the character before it.
var shortcode = regexp.MustCompile(`(^|[^:\pL\pN]):([a-zA-Z0-9_]{2,}):`)

func emojiMeasures() []measure {
	byCode := map[string]masto.CustomEmoji{}
	for _, e := range bioEmojis {
		byCode[e.Shortcode] = e
	}
	plain := strings.Repeat("No emoji in here, just words and more words. ", 10)
	return []measure{
		{
			name:  "Emojify, two emojis",
			ours:  func() { masto.Emojify(emojiBio, bioEmojis, true) },
			peers: []peer{{"regexp", func() { emojifyRegexp(emojiBio, byCode) }, 10}},
			check: func() error {
				return same(emojifyRegexp(emojiBio, byCode), masto.Emojify(emojiBio, bioEmojis, true))
			},
		},
		{
			name:  "FindEmojis, two emojis",
			ours:  func() { masto.FindEmojis(emojiBio) },
			peers: []peer{{"regexp", func() { findRegexp(emojiBio) }, 10}},
			check: func() error { return same(findRegexp(emojiBio), masto.FindEmojis(emojiBio)) },
		},
		{
			name:  "FindEmojis, none",
			ours:  func() { masto.FindEmojis(plain) },
			peers: []peer{{"regexp", func() { findRegexp(plain) }, 10}},
		},
	}
}

// emojifyRegexp replaces the shortcodes in HTML. It does not tell text from
// attributes, since this bio has no shortcodes in attributes.
func emojifyRegexp(html string, emojis map[string]masto.CustomEmoji) string {
	return shortcode.ReplaceAllStringFunc(html, func(s string) string {
		m := shortcode.FindStringSubmatch(s)
		e, ok := emojis[m[2]]
		if !ok {
			return s
		}
		code := ":" + m[2] + ":"
		return m[1] + `<img rel="emoji" draggable="false" width="16" height="16" class="emojione" ` +
			`alt="` + code + `" title="` + code + `" src="` + e.URL + `">`
	})
}

func findRegexp(text string) []string {
	var codes []string
	for _, m := range shortcode.FindAllStringSubmatch(text, -1) {
		codes = append(codes, m[2])
	}
	return codes
}
