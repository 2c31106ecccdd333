package masto

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto/internal/markup"
	"github.com/seed-374a2035/masto/internal/sanitize"
)

// SanitizeHTML returns the HTML of a remote bio or field value, safe to show:
// only the elements, attributes, classes and schemes that Mastodon shows
// profiles with, links marked nofollow and noopener, headings as bold
// paragraphs, formulas as their TeX source. Documentation: "HTML sanitization".
//
// It takes any bytes and never fails: what is not UTF-8 becomes U+FFFD. Blank
// HTML, HTML of more than 400 levels of elements or 400 attributes in a tag,
// and HTML whose misnested tags would make it explode return "". The result has
// at most 8 bytes for each byte of html, and 64 KiB; what is allocated is at
// most 200 bytes for each, and 64 KiB. HTML that is clean already is returned
// as it is, without an allocation. Time is linear in the longer one of html and
// the result.
//
// The result is HTML for the content of an element such as div, section, td or
// body. Put elsewhere it is as safe, but may end what is around it: a p in it
// ends a p, an li ends an li, an a ends an a. So it belongs neither in a p nor
// in a link, nor in an attribute, a script, a style or a comment.
//
// It is what Mastodon writes to the letter, but for the order of the attributes
// of an element. So sanitizing it again changes it in a few cases, without
// making it less safe: blank HTML becomes "", blocks fall out of the paragraph
// of a heading or a button that they were in, and a byte order mark at the
// start, control characters that were written as references and links with a
// space before their scheme are dropped.
func SanitizeHTML(html string) string { return sanitize.String(html) }

// appendSanitized appends what [SanitizeHTML] returns.
func appendSanitized(dst []byte, html string) []byte { return sanitize.Append(dst, html) }

// PlainText returns the words of any remote HTML, for search, notifications and
// previews: without tags and without what is not meant to be read (scripts,
// styles, embedded frames), with a line feed for each run of line breaks and
// ends of paragraphs written as Mastodon writes them (<br>, <br />, </p>). It
// is text, not HTML: escape it before it is shown.
//
// Of a link it keeps the words that stand between its tags, those that a page
// would hide too, and not the address that it leads to. A link that Mastodon
// made of an address has the whole address in its words, so that is what stays
// of it.
//
// It takes any bytes and never fails; HTML beyond the limits that
// [SanitizeHTML] has returns "".
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

// breakLines puts a line feed behind each run of the tags that end a line.
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

// appendWords appends the text in a node that is meant to be read, that of
// formulas and of pictures in SVG included. link appends what stands for a
// link; where it is nil, the words of the link do.
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
