package masto

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto/internal/markup"
	"github.com/seed-374a2035/masto/internal/sanitize"
)

// SanitizeHTML makes the HTML of a remote bio or field value safe to show. It
// keeps only the elements, attributes, classes and schemes with which Mastodon
// shows profiles, marks links nofollow and noopener, and turns headings into
// bold paragraphs and formulas into their TeX source. Documentation: "HTML
// sanitization".
//
// It takes any bytes and never fails: bytes that are not UTF-8 become U+FFFD.
// Blank HTML, HTML with more than 400 levels of elements or 400 attributes in a
// tag, and HTML whose misnested tags would make it explode return "". The
// result has at most 8 bytes for each byte of html, plus 64 KiB, and at most
// 200 bytes for each, plus 64 KiB, are allocated. Clean HTML is returned as it
// is, without an allocation. The time is linear in html or the result,
// whichever is longer.
//
// The result is the content of an element such as div, section, td or body. In
// a p, an li or a link it is just as safe, but may end that element, since a p
// in it ends a p, an li ends an li, and an a ends an a. It must not be put in
// an attribute, a script, a style or a comment.
//
// The result is what Mastodon writes, to the letter but for the order of the
// attributes of an element. Like there, sanitizing it again changes it in a few
// cases, without making it less safe: blank HTML becomes "", blocks fall out of
// the paragraph of a heading or a button that they were in, and a byte order
// mark at the start, control characters that were written as references and
// links with a space before their scheme are dropped.
func SanitizeHTML(html string) string { return sanitize.String(html) }

// appendSanitized appends what [SanitizeHTML] returns.
func appendSanitized(dst []byte, html string) []byte { return sanitize.Append(dst, html) }

// PlainText returns the words of any remote HTML, for search, notifications and
// previews. It leaves out tags and what is not meant to be read (scripts,
// styles, embedded frames), and puts a line feed in place of each run of line
// breaks and ends of paragraphs as Mastodon writes them (<br>, <br />, </p>).
// The result is text, not HTML: escape it before it is shown.
//
// Of a link it keeps the words, including those that a page would hide, and not
// the address. The words of a link that Mastodon made of an address are that
// whole address.
//
// It takes any bytes and never fails. HTML beyond the limits of [SanitizeHTML]
// returns "".
func PlainText(html string) string {
	if !strings.ContainsAny(html, "<&\r\x00") && !strings.HasPrefix(html, "\uFEFF") && utf8.ValidString(html) {
		return chomp(html)
	}
	root, err := markup.Fragment(breakLines(html))
	if err != nil {
		return ""
	}
	words := appendWords(make([]byte, 0, len(html)), root, nil)
	if len(words) > markup.MaxOutput(len(html)) {
		return ""
	}
	return chomp(string(words))
}

// chomp removes one line end from the end of s.
func chomp(s string) string {
	if t, ok := strings.CutSuffix(s, "\n"); ok {
		return strings.TrimSuffix(t, "\r")
	}
	return strings.TrimSuffix(s, "\r")
}

// breakLines puts a line feed after each run of tags that end a line.
func breakLines(html string) string {
	var b strings.Builder
	done := 0
	for i := 0; ; {
		n := strings.IndexByte(html[i:], '<')
		if n < 0 {
			break
		}
		start := i + n
		i = start
		for n := lineEnd(html[i:]); n > 0; n = lineEnd(html[i:]) {
			i += n
		}
		if i == start { // Another tag starts here.
			i++
			continue
		}
		b.WriteString(html[done:i])
		b.WriteByte('\n')
		done = i
	}
	if done == 0 {
		return html
	}
	b.WriteString(html[done:])
	return b.String()
}

// lineEnd returns the length of the tag at the start of s if it ends a line,
// and 0 otherwise.
func lineEnd(s string) int {
	switch {
	case strings.HasPrefix(s, "<br>"), strings.HasPrefix(s, "</p>"):
		return len("<br>")
	case strings.HasPrefix(s, "<br />"):
		return len("<br />")
	}
	return 0
}

// appendWords appends the text in a node that is meant to be read, including
// that of formulas and SVG. A link appends what link makes of it, or its words
// if link is nil.
func appendWords(dst []byte, n *html.Node, link func(dst []byte, n *html.Node) []byte) []byte {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			dst = append(dst, c.Data...)
		case c.Type != html.ElementNode || markup.IsRaw(c):
		case link != nil && c.DataAtom == atom.A && c.Namespace == "":
			dst = link(dst, c)
		default:
			dst = appendWords(dst, c, link)
		}
	}
	return dst
}
