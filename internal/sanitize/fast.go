package sanitize

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/htmltree"
)

// A fast sanitizes HTML without parsing it, as long as all of it is well-formed and of elements that are kept: what Mastodon and
// most others send. It copies only from the first change on. Of whatever it is not sure about it lets go, and then the HTML is parsed.
type fast struct {
	src     string
	pos     int // what is read
	done    int // what is written, or needs no change
	dst     []byte
	changed bool
	nest    htmltree.Nest
	attrs   [maxFast]source
}

// maxFast is how many attributes a tag may have.
const maxFast = 12

// A source is an attribute as it is written.
type source struct {
	name, value string
	plain       bool // there is neither a reference nor U+00A0 in the value
}

// run reads all of the source and reports whether it could.
func (f *fast) run() bool {
	if !utf8.ValidString(f.src) || strings.HasPrefix(f.src, "\uFEFF") {
		return false
	}
	tags := false
	for {
		if f.skip(text); f.pos == len(f.src) {
			break
		}
		switch f.src[f.pos] {
		case '<':
			tags = true
			if !f.tag() {
				return false
			}
		case '>':
			f.replace(f.pos+1, "&gt;")
		case '&':
			f.reference()
		case 0xC2:
			if f.src[f.pos+1] == 0xA0 {
				f.replace(f.pos+2, "&nbsp;")
				continue
			}
			fallthrough
		default:
			if !f.character() {
				return false
			}
		}
	}
	return f.nest.Closed() && (tags || !isBlank(f.src))
}

// What may be skipped without a look.
const (
	text  = 1 << iota // in a text
	value             // in an attribute value
)

// skippable says where each byte may be skipped. The others are markup, or may be part of a character that the sanitizer removes.
var skippable = func() (t [256]uint8) {
	for c := ' '; c < 0x7F; c++ {
		t[c] = text | value
	}
	for c := 0x80; c < 0xF0; c++ {
		t[c] = text | value
	}
	t['\t'], t['\n'], t['\f'] = text|value, text|value, text|value
	t['<'], t['>'], t['"'] = value, value, text
	t['&'], t[0xC2], t[0xEF] = 0, 0, 0
	return t
}()

// skip goes on to the next byte that is not to be skipped.
func (f *fast) skip(where uint8) {
	for f.pos < len(f.src) && skippable[f.src[f.pos]]&where != 0 {
		f.pos++
	}
}

// character skips a character that needs a look, and reports whether it is one that stays.
func (f *fast) character() bool {
	r, n := utf8.DecodeRuneInString(f.src[f.pos:])
	f.pos += n
	return r >= utf8.RuneSelf && !isUnsuitable(r)
}

// keepUpTo writes what is read up to a place and was not written yet, before something else is written.
func (f *fast) keepUpTo(i int) {
	if !f.changed {
		f.changed = true
		if f.dst == nil {
			f.dst = make([]byte, 0, len(f.src)+len(f.src)/4+64)
		}
	}
	f.dst = append(f.dst, f.src[f.done:i]...)
}

// replace writes s for what is between the place that was read up to and the given one.
func (f *fast) replace(end int, s string) {
	f.keepUpTo(f.pos)
	f.dst = append(f.dst, s...)
	f.pos, f.done = end, end
}

// reference reads a character reference in a text.
func (f *fast) reference() {
	rest := f.src[f.pos:]
	if n := written(rest); n > 0 && rest[1] != 'q' {
		f.pos += n
		return
	}
	f.keepUpTo(f.pos)
	var n int
	f.dst, n = htmltree.AppendReference(f.dst, rest, htmltree.Content)
	f.pos += n
	f.done = f.pos
}

// written returns the length of the character reference at the start of s if it is one that is written, 0 if not: &quot; is
// written in attribute values only, &lt; and &gt; in texts only.
func written(s string) int {
	for _, ref := range [...]string{"&amp;", "&quot;", "&lt;", "&gt;", "&nbsp;"} {
		if strings.HasPrefix(s, ref) {
			return len(ref)
		}
	}
	return 0
}

// tag reads a tag.
func (f *fast) tag() bool {
	start := f.pos
	f.pos++
	closing := f.pos < len(f.src) && f.src[f.pos] == '/'
	if closing {
		f.pos++
	}
	name := f.pos
	for f.pos < len(f.src) && (f.src[f.pos] >= 'a' && f.src[f.pos] <= 'z') {
		f.pos++
	}
	tag := htmltree.TagOf(f.src[name:f.pos])
	if f.pos == len(f.src) {
		return false
	}
	if closing {
		if f.src[f.pos] != '>' || !f.nest.Close(tag) {
			return false
		}
		f.pos++
		return true
	}
	switch rules[tag] {
	case keep, keepVoid, keepLink:
	default:
		return false
	}
	attrs, ok := f.attributes()
	if !ok || !f.nest.Open(tag) {
		return false
	}
	switch f.src[f.pos:min(f.pos+2, len(f.src))] {
	case "/>": // of a br only
		if tag != htmltree.Br {
			return false
		}
		f.pos += 2
		return f.rewrite(start, tag, attrs)
	default:
		if f.pos == len(f.src) || f.src[f.pos] != '>' {
			return false
		}
		f.pos++
	}
	if tag == htmltree.Pre && f.pos < len(f.src) && (f.src[f.pos] == '\n' || f.src[f.pos] == '&') {
		return false
	}
	if isClean(tag, attrs) {
		return true
	}
	return f.rewrite(start, tag, attrs)
}

// attributes reads the attributes of a tag: a space, the name and the value in double quotes.
func (f *fast) attributes() ([]source, bool) {
	attrs := f.attrs[:0]
	var seen attribute
	for f.pos < len(f.src) && f.src[f.pos] == ' ' {
		f.pos++
		if f.pos < len(f.src) && f.src[f.pos] == '/' {
			return attrs, true
		}
		name := f.pos
		for f.pos < len(f.src) && (f.src[f.pos] >= 'a' && f.src[f.pos] <= 'z' || f.src[f.pos] == '-') {
			f.pos++
		}
		a := source{name: f.src[name:f.pos], plain: true}
		if a.name == "" || !strings.HasPrefix(f.src[f.pos:], `="`) || len(attrs) == maxFast {
			return nil, false
		}
		k := attributeOf(a.name)
		if seen&k != 0 {
			return nil, false
		}
		seen |= k
		f.pos += 2
		start := f.pos
		for {
			if f.skip(value); f.pos == len(f.src) {
				return nil, false
			}
			c := f.src[f.pos]
			if c == '"' {
				break
			}
			if c == '&' {
				a.plain = false
				f.pos++
				continue
			}
			at := f.pos
			if !f.character() {
				return nil, false
			}
			if c == 0xC2 && f.src[at+1] == 0xA0 {
				a.plain = false
			}
		}
		a.value = f.src[start:f.pos]
		f.pos++
		attrs = append(attrs, a)
	}
	return attrs, true
}

// rewrite writes the tag that was read from start on.
func (f *fast) rewrite(start int, tag htmltree.Tag, attrs []source) bool {
	if tag == htmltree.A && !isLink(attrs) {
		return false
	}
	f.keepUpTo(start)
	f.done = f.pos
	f.dst = appendTag(f.dst, tag)
	rel := false
	for _, a := range attrs {
		var k attribute
		f.dst, k = appendAttribute(f.dst, tag, a.name, a.value)
		rel = rel || k == attrRel
	}
	if tag == htmltree.A {
		f.dst = appendLinkAttributes(f.dst, rel)
	}
	f.dst = append(f.dst, '>')
	return true
}

// isLink reports whether the attributes of an a make it a link that is kept. It may say no of an address that has references.
func isLink(attrs []source) bool {
	for _, a := range attrs {
		if a.name == "href" {
			return hasScheme(a.value)
		}
	}
	return false
}

// isClean reports whether the attributes of a tag are written as the sanitizer would.
func isClean(tag htmltree.Tag, attrs []source) bool {
	rel, target := false, false
	for i, a := range attrs {
		k := attributeOf(a.name)
		if k == 0 && tag == htmltree.A && i == len(attrs)-1 && a.name == "target" && a.value == "_blank" {
			target = true
			continue
		}
		if k&(attributes[tag]|attrLang) == 0 || !isCleanValue(k, a) {
			return false
		}
		rel = rel || k == attrRel
	}
	return tag != htmltree.A || rel && target && isLink(attrs)
}

// isCleanValue reports whether a value is written as the sanitizer would.
func isCleanValue(k attribute, a source) bool {
	switch k {
	case attrRel:
		return a.value == "nofollow noopener"
	case attrTranslate:
		return a.value == "no"
	case attrClass:
		return a.plain && isCleanClasses(a.value)
	case attrHref:
		return strings.IndexByte(a.value, ' ') < 0 && (a.plain || isWritten(a.value, "&amp;", "&nbsp;"))
	}
	return a.plain || isWritten(a.value, "&amp;", "&nbsp;", "&quot;")
}

// isCleanClasses reports whether a list has only classes that are kept, with one space between them.
func isCleanClasses(list string) bool {
	if list == "" {
		return true
	}
	for {
		i := strings.IndexByte(list, ' ')
		if i < 0 {
			return isClassKept(list) && !strings.ContainsAny(list, "\t\n\f")
		}
		if !isClassKept(list[:i]) || strings.ContainsAny(list[:i], "\t\n\f") {
			return false
		}
		list = list[i+1:]
	}
}

// isWritten reports whether a value has no references but the given ones, and no U+00A0.
func isWritten(s string, refs ...string) bool {
	if strings.Contains(s, "\u00A0") {
		return false
	}
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			return true
		}
		s = s[i:]
		n := written(s)
		found := false
		for _, ref := range refs {
			found = found || n == len(ref) && strings.HasPrefix(s, ref)
		}
		if !found {
			return false
		}
		s = s[n:]
	}
}
