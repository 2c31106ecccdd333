package masto

import "github.com/seed-374a2035/masto/internal/markup"

// These give the tests in package masto_test access to unexported code.
var (
	AppendSanitized = appendSanitized
	HumanSize       = humanSize
)

// RenderRemoteField returns the value of a remote account's field as it is
// shown.
func RenderRemoteField(f Field) string {
	return string(appendRemoteField(nil, f.Value, !f.VerifiedAt.IsZero()))
}

// EmojifyParsed is Emojify without the shortcut for well-formed HTML.
func EmojifyParsed(html string, emojis []CustomEmoji, animate bool) string {
	return (&emojifier{emojis: emojis, animate: animate}).parse(html)
}

// EmojifyWalked is Emojify by the shortcut alone; it reports whether that was
// taken.
func EmojifyWalked(html string, emojis []CustomEmoji, animate bool) (string, bool) {
	e := emojifier{emojis: emojis, animate: animate}
	var w markup.Walker
	w.Open(nil, html, 0)
	if !e.walk(&w) {
		return "", false
	}
	if dst, changed := w.Result(); changed {
		return string(dst), true
	}
	return html, true
}
