// Package sanitize makes the HTML of other servers safe to show, with the strict rules that Mastodon shows profiles by.
//
// The elements, attributes, classes and schemes that are kept are those of the tables in rules.go. What is not kept leaves
// its content behind, but for elements whose content is not meant to be read. Headings become paragraphs and formulas their
// source in TeX.
package sanitize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/htmltree"
)

// String returns the sanitized form of html: html itself if that is it.
func String(html string) string {
	if isSanitized(html) {
		return html
	}
	var c htmltree.Copier
	c.Open(nil, html, len(html)/4+64)
	if !fast(&c, html) {
		return string(appendParsed(c.Discard(), html))
	}
	if dst, changed := c.Result(); changed {
		return string(dst)
	}
	return html
}

// Append appends the sanitized form of html. HTML that is blank, or beyond the limits of the parser, has an empty one.
func Append(dst []byte, html string) []byte {
	if isSanitized(html) {
		return append(dst, html...)
	}
	if dst == nil {
		dst = []byte{}
	}
	var c htmltree.Copier
	c.Open(dst, html, 0)
	if !fast(&c, html) {
		return appendParsed(c.Discard(), html)
	}
	dst, changed := c.Result()
	if !changed {
		dst = append(dst, html...)
	}
	return dst
}

// appendParsed is Append for any HTML, without the shortcut.
func appendParsed(dst []byte, html string) []byte {
	if isBlank(html) {
		return dst
	}
	var t htmltree.Tree
	if err := t.Parse(removeUnsuitable(html)); err != nil {
		return dst
	}
	w := writer{t: &t, dst: slices.Grow(dst, len(html)), pre: -1}
	w.children(htmltree.Root, false)
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

// removeUnsuitable removes control characters and noncharacters, but for U+0000 and white space: the parser sees none of them.
// They can still be written as character references.
func removeUnsuitable(s string) string {
	for i := 0; i < len(s); {
		if s[i] >= ' ' && s[i] < 0x7F {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !htmltree.IsUnsuitable(r) {
			i += n
			continue
		}
		b := append(make([]byte, 0, len(s)), s[:i]...)
		for _, r := range s[i:] { // bytes that are not UTF-8 become U+FFFD
			if !htmltree.IsUnsuitable(r) {
				b = utf8.AppendRune(b, r)
			}
		}
		return string(b)
	}
	return s
}

// A writer writes the sanitized form of a tree.
type writer struct {
	t   *htmltree.Tree
	dst []byte
	pre int // where the content of the last pre begins
}

// children writes the children of a node. twice is for those of a heading, which the reference goes through twice.
func (w *writer) children(n htmltree.ID, twice bool) {
	for c := w.t.First(n); c != htmltree.None; c = w.t.Next(c) {
		switch w.t.Kind(c) {
		case htmltree.Text:
			w.text(c)
		case htmltree.Element:
			w.element(c, twice)
		}
	}
}

// element writes an element: as it is, as something else, or just its content.
func (w *writer) element(n htmltree.ID, twice bool) {
	tag, space := w.t.Name(n)
	if space != htmltree.HTML {
		if space == htmltree.MathML && tag == htmltree.Math {
			w.formula(n)
		}
		return
	}
	switch rules[tag] {
	case keep:
		w.start(n, tag)
		w.dst = append(w.dst, '>')
		if tag == htmltree.Pre {
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
		w.start(n, htmltree.Strong)
		w.dst = append(w.dst, '>')
		w.children(n, true)
		w.dst = append(w.dst, "</strong></p>"...)
	case toSpaces:
		w.dst = append(w.dst, ' ')
		if w.t.First(n) != htmltree.None {
			w.children(n, twice)
			w.dst = append(w.dst, ' ')
		}
	case unwrap:
		w.children(n, twice)
	case remove:
	}
}

// text writes the text of a node and of everything in it.
func (w *writer) text(n htmltree.ID) {
	start := len(w.dst)
	w.dst = w.t.AppendContent(w.dst, n, htmltree.Content)
	if start == w.pre && start < len(w.dst) && w.dst[start] == '\n' {
		w.dst = slices.Insert(w.dst, start, '\n') // for the parser to drop
	}
}

// start writes the start tag of an element, as that of the given tag, without its last character. It reports whether
// there is a rel attribute in it.
func (w *writer) start(n htmltree.ID, tag htmltree.Tag) (rel bool) {
	w.dst = appendTag(w.dst, tag)
	for _, a := range w.t.Attrs(n) {
		var k attribute
		w.dst, k = appendAttribute(w.dst, tag, w.t.AttrName(a), w.t.AttrSource(a))
		rel = rel || k == attrRel
	}
	return rel
}

// end writes an end tag.
func (w *writer) end(tag htmltree.Tag) {
	w.dst = append(w.dst, "</"...)
	w.dst = append(w.dst, tag.String()...)
	w.dst = append(w.dst, '>')
}

// link writes a link, or the text of one whose scheme is not kept.
func (w *writer) link(n htmltree.ID, twice bool) {
	href, ok := w.t.Lookup(n, "href")
	if ok {
		source := w.t.AttrSource(href)
		ok = hasScheme(source) && spaces(source) == 0 // then it has one when it is decoded, too
		if !ok {
			v := htmltree.DecodeValue(source)
			// The second time the reference sees a space that it has percent-encoded, which is no part of a scheme.
			ok = hasScheme(v) && (!twice || strings.IndexByte(v[:spaces(v)], ' ') < 0)
		}
	}
	if !ok {
		w.text(n)
		return
	}
	w.dst = appendLinkAttributes(w.dst, w.start(n, htmltree.A))
	w.dst = append(w.dst, '>')
	w.children(n, twice)
	w.end(htmltree.A)
}

// value returns the value of an attribute.
func (w *writer) value(a htmltree.Attr) string { return htmltree.DecodeValue(w.t.AttrSource(a)) }

// formula writes the source of a formula, as FEP-dc88 says: its annotation in TeX between dollar signs, else its plain text.
func (w *writer) formula(n htmltree.ID) {
	semantics := w.t.First(n)
	for semantics != htmltree.None && w.t.Kind(semantics) != htmltree.Element {
		semantics = w.t.Next(semantics)
	}
	if semantics == htmltree.None {
		return
	}
	if tag, _ := w.t.Name(semantics); tag != htmltree.Semantics {
		return
	}
	if a := w.annotation(semantics, "application/x-tex"); a != htmltree.None {
		quote := "$"
		if d, ok := w.t.Lookup(n, "display"); ok && w.value(d) == "block" {
			quote = "$$"
		}
		w.dst = append(w.dst, quote...)
		w.dst = w.t.AppendContent(w.dst, a, htmltree.Content)
		w.dst = append(w.dst, quote...)
		return
	}
	if a := w.annotation(semantics, "text/plain"); a != htmltree.None {
		w.text(a)
	}
}

// annotation returns the first annotation with the given encoding among the children of n.
func (w *writer) annotation(n htmltree.ID, encoding string) htmltree.ID {
	for c := w.t.First(n); c != htmltree.None; c = w.t.Next(c) {
		if w.t.Kind(c) != htmltree.Element {
			continue
		}
		if tag, _ := w.t.Name(c); tag == htmltree.Annotation {
			if a, ok := w.t.Lookup(c, "encoding"); ok && w.value(a) == encoding {
				return c
			}
		}
	}
	return htmltree.None
}
