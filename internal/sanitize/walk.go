package sanitize

import (
	"strings"

	"github.com/seed-374a2035/masto/internal/markup"
)

// A walk sanitizes HTML without parsing it, provided that it is well-formed, as
// nearly everything that servers send is.
type walk struct {
	w    markup.Walker
	tags bool // whether there was a tag
	pre  int  // where the content of the last pre begins in the source
	// textOnly is the depth of the open link of which only the text is kept, or
	// 0 outside of such a link.
	textOnly int
}

// run reports whether all of the source could be sanitized.
func (s *walk) run(src string) bool {
	s.pre = -1
	for {
		switch s.w.Next() {
		case markup.End:
			return s.tags || !isBlank(src)
		case markup.Run:
			if !s.w.Text() {
				return false
			}
		case markup.StartTag:
			s.tags = true
			if !s.start() {
				return false
			}
		case markup.EndTag:
			s.end()
		default:
			return false
		}
	}
}

// start writes a start tag, and reports whether it could.
func (s *walk) start() bool {
	w := &s.w
	rule := rules[w.Tag]
	if s.textOnly > 0 {
		s.replaceTag("")
		return true
	}
	switch rule {
	case keep, keepVoid:
		if w.Tag == markup.Pre {
			s.pre = w.End
		}
		return s.isClean() || s.rewrite(w.Tag, "")
	case keepLink:
		if s.isClean() {
			return true
		}
		if kept, sure := s.keepsLink(); kept || !sure {
			return sure && s.rewrite(w.Tag, "")
		}
		s.textOnly = w.Depth()
	case toParagraph:
		return s.rewrite(markup.Strong, "<p>")
	case toSpaces:
		s.replaceTag(" ")
		return true
	case remove:
		return false
	}
	// Only the parser knows whether a line feed is dropped that now follows the
	// start of a pre.
	if w.Start == s.pre {
		return false
	}
	s.replaceTag("")
	return true
}

// end writes an end tag.
func (s *walk) end() {
	w := &s.w
	rule := rules[w.Tag]
	switch {
	case s.textOnly > 0:
		s.replaceTag("")
		if w.Depth() < s.textOnly {
			s.textOnly = 0
		}
	case rule == keep || rule == keepLink:
		if !w.Plain {
			s.replaceTag("</" + w.Tag.String() + ">")
		}
	case rule == toParagraph:
		s.replaceTag("</strong></p>")
	case rule == toSpaces && !w.Empty:
		s.replaceTag(" ")
	default:
		s.replaceTag("")
	}
}

// replaceTag writes text, which may be "", in place of the tag.
func (s *walk) replaceTag(text string) {
	s.w.Written(append(s.w.Replace(s.w.Start, s.w.End), text...))
}

// rewrite writes prefix and the tag as that of the given element. It reports
// whether it could.
func (s *walk) rewrite(tag markup.Tag, prefix string) bool {
	w := &s.w
	dst := appendTag(append(w.Replace(w.Start, w.End), prefix...), tag)
	var seen attribute
	for _, a := range w.Attrs() {
		k := attributeOf(a.Name) & (attributes[tag] | attrLang)
		if k == 0 || seen&k != 0 {
			continue
		}
		seen |= k
		value, ok := a.Decode()
		if !ok {
			return false
		}
		dst, _ = appendAttribute(dst, tag, k, value)
	}
	if tag == markup.A {
		dst = appendLinkAttributes(dst, seen&attrRel != 0)
	}
	w.Written(append(dst, '>'))
	return true
}

// keepsLink reports whether the link that the tag starts is kept, and whether
// that is sure.
func (s *walk) keepsLink() (kept, sure bool) {
	for _, a := range s.w.Attrs() {
		if attributeOf(a.Name) == attrHref {
			value, ok := a.Decode()
			return hasSchemeKept(value), ok && spaces(value) == 0
		}
	}
	return false, true
}

// isClean reports whether the tag is as rewrite would write it.
func (s *walk) isClean() bool {
	w := &s.w
	attrs := w.Attrs()
	if !w.Plain || len(attrs) == 0 {
		return w.Plain && w.Tag != markup.A
	}
	allowed := attributes[w.Tag] | attrLang
	if w.Tag == markup.A {
		last := len(attrs) - 1
		if last < 0 || attrs[last].Name != "target" || attrs[last].Value != "_blank" {
			return false
		}
		attrs = attrs[:last]
	}
	for i := range attrs {
		a := &attrs[i]
		k := attributeNamed(a.Name) & allowed
		if k == 0 || !isCleanValue(k, a) {
			return false
		}
		allowed &^= k
	}
	return w.Tag != markup.A || allowed&(attrHref|attrRel) == 0
}

// isCleanValue reports whether the value of an attribute is as rewrite would
// write it.
func isCleanValue(k attribute, a *markup.RawAttr) bool {
	switch k {
	case attrRel:
		return a.Value == "nofollow noopener"
	case attrTranslate:
		return a.Value == "no"
	case attrClass:
		return isCleanClasses(a.Value) && a.IsWritten(markup.Value)
	case attrHref:
		kept := strings.HasPrefix(a.Value, "https:") || hasSchemeKept(a.Value) && spaces(a.Value) == 0
		return kept && a.IsWritten(markup.URL)
	}
	return a.IsWritten(markup.Value)
}

// isCleanClasses reports whether a list has nothing but classes that are kept,
// with one space between them.
func isCleanClasses(list string) bool {
	switch list { // the ones that Mastodon writes
	case "", "invisible", "ellipsis", "h-card", "mention hashtag", "u-url mention", "mention u-url":
		return true
	}
	for list != "" {
		i := strings.IndexAny(list, "\t\n\f\r ")
		if i < 0 {
			return isClassKept(list)
		}
		if !isClassKept(list[:i]) || list[i] != ' ' || i == len(list)-1 {
			return false
		}
		list = list[i+1:]
	}
	return true
}
