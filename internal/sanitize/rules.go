package sanitize

import (
	"strings"

	"github.com/seed-374a2035/masto/internal/fold"
	"github.com/seed-374a2035/masto/internal/markup"
)

// A rule says what becomes of an element.
type rule uint8

const (
	unwrap      rule = iota // its content stays
	keep                    // it stays
	keepVoid                // it stays and has no content
	keepLink                // it stays if its address has one of the schemes
	toParagraph             // it becomes a paragraph in bold
	toSpaces                // its content stays between spaces
	remove                  // nothing stays
)

// rules has the rule of each HTML element. What is kept and what becomes a
// paragraph are Mastodon's strict rules for HTML of other servers
// (documentation: "HTML sanitization"); which blocks leave spaces behind and
// which elements are removed with their content are the defaults of Sanitize,
// the Ruby library that Mastodon uses. Elements that are not listed are
// unwrapped.
var rules = [markup.NumTags]rule{
	markup.A:          keepLink,
	markup.B:          keep,
	markup.Blockquote: keep,
	markup.Br:         keepVoid,
	markup.Code:       keep,
	markup.Del:        keep,
	markup.Em:         keep,
	markup.I:          keep,
	markup.Li:         keep,
	markup.Ol:         keep,
	markup.P:          keep,
	markup.Pre:        keep,
	markup.Rp:         keep,
	markup.Rt:         keep,
	markup.Ruby:       keep,
	markup.S:          keep,
	markup.Span:       keep,
	markup.Strong:     keep,
	markup.U:          keep,
	markup.Ul:         keep,

	markup.H1: toParagraph,
	markup.H2: toParagraph,
	markup.H3: toParagraph,
	markup.H4: toParagraph,
	markup.H5: toParagraph,
	markup.H6: toParagraph,

	markup.Address: toSpaces,
	markup.Article: toSpaces,
	markup.Aside:   toSpaces,
	markup.Dd:      toSpaces,
	markup.Div:     toSpaces,
	markup.Dl:      toSpaces,
	markup.Dt:      toSpaces,
	markup.Footer:  toSpaces,
	markup.Header:  toSpaces,
	markup.Hgroup:  toSpaces,
	markup.Hr:      toSpaces,
	markup.Nav:     toSpaces,
	markup.Section: toSpaces,

	markup.Iframe:    remove,
	markup.Noembed:   remove,
	markup.Noframes:  remove,
	markup.Noscript:  remove,
	markup.Plaintext: remove,
	markup.Script:    remove,
	markup.Style:     remove,
	markup.Xmp:       remove,
}

// An attribute is an attribute that may be kept, or a set of them.
type attribute uint8

const (
	attrLang attribute = 1 << iota
	attrHref
	attrRel
	attrClass
	attrTranslate
	attrStart
	attrReversed
	attrValue
)

// attributes has the attributes besides lang that each element may keep, by the
// same rules of Mastodon.
var attributes = [markup.NumTags]attribute{
	markup.A:    attrHref | attrRel | attrClass | attrTranslate,
	markup.Span: attrClass | attrTranslate,
	markup.P:    attrClass,
	markup.Ol:   attrStart | attrReversed,
	markup.Li:   attrValue,
}

// appendTag appends the start of a start tag.
func appendTag(dst []byte, tag markup.Tag) []byte {
	dst = append(dst, '<')
	return append(dst, tag.String()...)
}

// appendAttribute appends an attribute if the element may keep it, and returns
// the attribute that it appended, or 0.
func appendAttribute(dst []byte, tag markup.Tag, k attribute, value string) ([]byte, attribute) {
	k &= attributes[tag] | attrLang
	switch k {
	case 0:
		return dst, 0
	case attrRel:
		return append(dst, ` rel="nofollow noopener"`...), k
	case attrTranslate:
		if value != "no" {
			return dst, 0
		}
	}
	dst = append(dst, ' ')
	dst = append(dst, k.String()...)
	dst = append(dst, `="`...)
	switch k {
	case attrClass:
		dst = appendClasses(dst, value)
	case attrHref:
		dst = markup.AppendEscaped(dst, value, markup.URL)
	default:
		dst = markup.AppendEscaped(dst, value, markup.Value)
	}
	return append(dst, '"'), k
}

// appendLinkAttributes appends the attributes that every link gets. hasRel says
// that rel was written before.
func appendLinkAttributes(dst []byte, hasRel bool) []byte {
	if !hasRel {
		dst = append(dst, ` rel="nofollow noopener"`...)
	}
	return append(dst, ` target="_blank"`...)
}

// attributeOf returns the attribute of a name in any case, or 0 if no element
// keeps it.
func attributeOf(name string) attribute {
	var buf [len("translate")]byte
	if len(name) > len(buf) {
		return 0
	}
	return attributeNamed(string(fold.AppendLowerASCII(buf[:0], name)))
}

// attributeNamed is attributeOf for a name in lower case.
func attributeNamed(name string) attribute {
	switch name {
	case "lang":
		return attrLang
	case "href":
		return attrHref
	case "rel":
		return attrRel
	case "class":
		return attrClass
	case "translate":
		return attrTranslate
	case "start":
		return attrStart
	case "reversed":
		return attrReversed
	case "value":
		return attrValue
	}
	return 0
}

// String returns the name of an attribute.
func (a attribute) String() string {
	switch a {
	case attrLang:
		return "lang"
	case attrHref:
		return "href"
	case attrRel:
		return "rel"
	case attrClass:
		return "class"
	case attrTranslate:
		return "translate"
	case attrStart:
		return "start"
	case attrReversed:
		return "reversed"
	case attrValue:
		return "value"
	}
	return ""
}

// appendClasses appends the classes of a list that are kept, with one space
// between them.
func appendClasses(dst []byte, list string) []byte {
	start := len(dst)
	for list != "" {
		i := strings.IndexAny(list, "\t\n\f\r ")
		class, rest := list, ""
		if i >= 0 {
			class, rest = list[:i], list[i+1:]
		}
		list = rest
		if !isClassKept(class) {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		dst = markup.AppendEscaped(dst, class, markup.Value)
	}
	return dst
}

// isClassKept reports whether a class is one of Mastodon's own, or of a
// microformat.
func isClassKept(class string) bool {
	switch class {
	case "mention", "hashtag", "ellipsis", "invisible", "quote-inline":
		return true
	}
	switch {
	case len(class) < 2:
		return false
	case class[1] == '-':
		return class[0] == 'h' || class[0] == 'p' || class[0] == 'u' || class[0] == 'e'
	}
	return strings.HasPrefix(class, "dt-")
}

// hasSchemeKept reports whether an address begins with one of the schemes that
// links may have. As in the reference, the colon may be a character reference
// in the decoded value; a browser takes that for a relative address.
func hasSchemeKept(address string) bool {
	address = address[spaces(address):]
	for i := range len(address) {
		switch address[i] {
		case '/', '#':
			return false
		case ':':
			return IsSchemeKept(address[:i])
		case '&':
			if isColonReference(address[i:]) {
				return IsSchemeKept(address[:i])
			}
		}
	}
	return false
}

// spaces returns the length of the white space that s starts with.
func spaces(s string) int {
	i := 0
	for i < len(s) && (s[i] == ' ' || '\t' <= s[i] && s[i] <= '\r') {
		i++
	}
	return i
}

// isColonReference reports whether s starts with a numeric reference to a
// colon, and not to a character whose number only begins like that of one.
func isColonReference(s string) bool {
	s, ok := strings.CutPrefix(s, "&#")
	if !ok {
		return false
	}
	if hex := strings.TrimLeft(s, "xX"); len(hex) == len(s)-1 {
		hex = strings.TrimLeft(hex, "0")
		return len(hex) >= 2 && (hex[:2] == "3a" || hex[:2] == "3A") && !startsWithDigit(hex[2:], 'f')
	}
	s, ok = strings.CutPrefix(strings.TrimLeft(s, "0"), "58")
	return ok && !startsWithDigit(s, 0)
}

// startsWithDigit reports whether s starts with a digit, or with a letter from
// a to last, in any case.
func startsWithDigit(s string, last byte) bool {
	return s != "" && ('0' <= s[0] && s[0] <= '9' || 'a' <= s[0]|0x20 && s[0]|0x20 <= last)
}

// IsSchemeKept reports whether links may have a scheme. Its case does not
// count.
func IsSchemeKept(scheme string) bool {
	var buf [len("gopher")]byte
	if len(scheme) > len(buf) {
		return false
	}
	switch string(fold.AppendLowerASCII(buf[:0], scheme)) {
	case "http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini":
		return true
	}
	return false
}
