// Package sanitize makes the HTML of other servers safe to show, by the strict
// rules by which Mastodon shows profiles.
//
//	rules.go     the elements, attributes, classes and schemes that are kept
//	walk.go      the shortcut for well-formed HTML, which is not parsed
//	sanitize.go  everything else: the parser's tree is written by the rules
//
// An element that is not kept leaves its content behind, unless the content is
// not meant to be read. Headings become paragraphs, and formulas their source
// in TeX. The shortcut and the way through the parser write the same, except
// for the order of attributes, which the parser sorts in elements that it may
// have to open again. Clean HTML costs no allocation. The time is linear in the
// source or the result, whichever is longer.
package sanitize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto/internal/markup"
)

// String returns the sanitized form of html, which is html itself if there is
// nothing to change. It is "" for HTML that is blank or beyond the limits of
// package markup.
func String(html string) string {
	var s walk
	s.w.Open(nil, html, len(html)/4+64)
	if !s.run(html) || s.w.TooLong() {
		return string(appendParsed(s.w.Discard(), html))
	}
	if dst, changed := s.w.Result(); changed {
		return string(dst)
	}
	return html
}

// Append appends what [String] returns, and never returns nil.
func Append(dst []byte, html string) []byte {
	if dst == nil {
		dst = []byte{}
	}
	var s walk
	s.w.Open(dst, html, 0)
	if !s.run(html) || s.w.TooLong() {
		return appendParsed(s.w.Discard(), html)
	}
	dst, changed := s.w.Result()
	if !changed {
		dst = append(dst, html...)
	}
	return dst
}

// appendParsed is Append without the shortcut.
func appendParsed(dst []byte, src string) []byte {
	if isBlank(src) {
		return dst
	}
	root, err := markup.Fragment(removeUnsuitable(src))
	if err != nil {
		return dst
	}
	base := len(dst)
	w := writer{dst: slices.Grow(dst, len(src)), limit: base + markup.MaxOutput(len(src)), pre: -1}
	w.children(root, false)
	if len(w.dst) > w.limit {
		return w.dst[:base]
	}
	return w.dst
}

// isBlank reports whether s is nothing but Unicode white space.
func isBlank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// removeUnsuitable removes control characters and noncharacters, but not U+0000
// and white space, so that the parser sees none. Character references can still
// stand for them.
func removeUnsuitable(s string) string {
	for i := 0; i < len(s); {
		if s[i] >= ' ' && s[i] < 0x7F {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !markup.IsUnsuitable(r) {
			i += n
			continue
		}
		b := append(make([]byte, 0, len(s)), s[:i]...)
		for _, r := range s[i:] { // bytes that are not UTF-8 become U+FFFD
			if !markup.IsUnsuitable(r) {
				b = utf8.AppendRune(b, r)
			}
		}
		return string(b)
	}
	return s
}

// A writer writes the sanitized form of a tree. It stops when dst becomes
// longer than limit.
type writer struct {
	dst   []byte
	limit int
	pre   int // where the content of the last pre begins
}

// children writes the children of a node. twice is set in a heading, whose
// content the reference goes through twice.
func (w *writer) children(n *html.Node, twice bool) {
	for c := n.FirstChild; c != nil && len(w.dst) <= w.limit; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			w.text(c)
		case html.ElementNode:
			w.element(c, twice)
		}
	}
}

// element writes an element, something else in its place, or only its content.
func (w *writer) element(n *html.Node, twice bool) {
	if n.Namespace != "" {
		if n.Namespace == "math" && n.DataAtom == atom.Math {
			w.formula(n)
		}
		return
	}
	tag := markup.TagOf(n.Data)
	switch rules[tag] {
	case keep:
		w.start(n, tag)
		w.dst = append(w.dst, '>')
		if tag == markup.Pre {
			w.pre = len(w.dst)
		}
		w.children(n, twice)
		w.end(tag)
	case keepVoid:
		w.start(n, tag)
		w.dst = append(w.dst, '>')
	case keepLink:
		w.link(n, twice)
	case toParagraph:
		w.dst = append(w.dst, "<p>"...)
		w.start(n, markup.Strong)
		w.dst = append(w.dst, '>')
		w.children(n, true)
		w.dst = append(w.dst, "</strong></p>"...)
	case toSpaces:
		w.dst = append(w.dst, ' ')
		if n.FirstChild != nil {
			w.children(n, twice)
			w.dst = append(w.dst, ' ')
		}
	case unwrap:
		w.children(n, twice)
	case remove:
	}
}

// text writes the text of a node and of everything in it.
func (w *writer) text(n *html.Node) {
	start := len(w.dst)
	w.dst = markup.AppendText(w.dst, n, markup.Content)
	if start == w.pre && start < len(w.dst) && w.dst[start] == '\n' {
		w.dst = slices.Insert(w.dst, start, '\n') // for the parser to drop
	}
}

// start writes the start tag of an element under the given name, without the
// ">" at its end. It reports whether it wrote a rel attribute.
func (w *writer) start(n *html.Node, tag markup.Tag) (rel bool) {
	w.dst = appendTag(w.dst, tag)
	for _, a := range n.Attr {
		var k attribute
		w.dst, k = appendAttribute(w.dst, tag, attributeNamed(a.Key), a.Val)
		rel = rel || k == attrRel
	}
	return rel
}

// end writes an end tag.
func (w *writer) end(tag markup.Tag) {
	w.dst = append(w.dst, "</"...)
	w.dst = append(w.dst, tag.String()...)
	w.dst = append(w.dst, '>')
}

// link writes a link, or the text of one whose scheme is not kept.
func (w *writer) link(n *html.Node, twice bool) {
	href, ok := markup.Attr(n, "href")
	// The second time, the reference sees a leading space as the %20 that it
	// wrote itself, which cannot be part of a scheme.
	if !ok || !hasSchemeKept(href) || twice && strings.IndexByte(href[:spaces(href)], ' ') >= 0 {
		w.text(n)
		return
	}
	w.dst = appendLinkAttributes(w.dst, w.start(n, markup.A))
	w.dst = append(w.dst, '>')
	w.children(n, twice)
	w.end(markup.A)
}

// formula writes the source of a formula, as FEP-dc88 says: its annotation in
// TeX between dollar signs, else its plain text.
func (w *writer) formula(n *html.Node) {
	semantics := n.FirstChild
	for semantics != nil && semantics.Type != html.ElementNode {
		semantics = semantics.NextSibling
	}
	if semantics == nil || semantics.Data != "semantics" {
		return
	}
	if a := annotation(semantics, "application/x-tex"); a != nil {
		quote := "$"
		if display, _ := markup.Attr(n, "display"); display == "block" {
			quote = "$$"
		}
		w.dst = append(w.dst, quote...)
		w.dst = markup.AppendText(w.dst, a, markup.Content)
		w.dst = append(w.dst, quote...)
		return
	}
	if a := annotation(semantics, "text/plain"); a != nil {
		w.text(a)
	}
}

// annotation returns the first annotation with the given encoding among the
// children of n.
func annotation(n *html.Node, encoding string) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "annotation" {
			continue
		}
		if v, ok := markup.Attr(c, "encoding"); ok && v == encoding {
			return c
		}
	}
	return nil
}
