package htmltree

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/swar"
)

// A Copier reads HTML that is so well-formed that it need not be parsed, and writes it with changes: from the first change on,
// before that nothing is copied. It writes what serializing the parsed HTML would give. Of whatever it is not sure about it lets go,
// and then the HTML has to be parsed. Use [Copier.Open] on the zero Copier, and no other, before anything else.
type Copier struct {
	// What Next read: the tag, whether it is written "<br />", and where the part starts and ends. The end of a text is not
	// known before it is read.
	Tag        Tag
	Slash      bool
	Start, End int

	src     string
	pos     int // what is read
	done    int // what is written, or needs no change
	dst     []byte
	base    int // the length of dst at first
	grow    int // how much longer than src it may become
	changed bool
	nest    Nest
	count   int // of the attributes
	attrs   [maxRawAttrs]RawAttr
}

// maxRawAttrs is how many attributes a tag may have.
const maxRawAttrs = 8

// A RawAttr is an attribute as it is written.
type RawAttr struct {
	Name, Value string
	special     bool // there may be a reference or U+00A0 in the value
}

// A Part is what a Copier read.
type Part uint8

// The parts of HTML.
const (
	Unsure   Part = iota // what has to be parsed
	End                  // the end; all elements are closed
	Run                  // the text between two tags
	StartTag             // a start tag
	EndTag               // an end tag
)

// Open makes the zero Copier one of src that appends to dst, and makes room for a result that is longer by grow.
func (c *Copier) Open(dst []byte, src string, grow int) {
	c.src, c.dst, c.base, c.grow = src, dst, len(dst), grow
	if !utf8.ValidString(src) || strings.HasPrefix(src, "\uFEFF") {
		c.pos = -1
	}
}

// Result returns what was written, the first part of it only as far as it had to be copied: nothing if nothing was changed.
func (c *Copier) Result() (dst []byte, changed bool) {
	if !c.changed {
		return c.dst, false
	}
	return append(c.dst, c.src[c.done:]...), true
}

// Discard returns the buffer that the Copier appended to, as it was.
func (c *Copier) Discard() []byte { return c.dst[:c.base] }

// Next reads the next part, but for a text, which is left to [Copier.Text] or [Copier.Decoded].
func (c *Copier) Next() Part {
	switch {
	case c.pos < 0:
		return Unsure
	case c.pos == len(c.src):
		if c.nest.Closed() {
			return End
		}
		return Unsure
	case c.src[c.pos] != '<':
		c.Start = c.pos
		return Run
	case c.pos+1 < len(c.src) && c.src[c.pos+1] == '/':
		return c.endTag()
	}
	return c.startTag()
}

// endTag reads an end tag, which must be that of the innermost open element.
func (c *Copier) endTag() Part {
	tag := c.nest.Innermost()
	name := tagNames[tag]
	end := c.pos + 2 + len(name)
	if tag == Other || end >= len(c.src) || c.src[end] != '>' || c.src[c.pos+2:end] != name {
		return Unsure
	}
	c.nest.Close()
	c.Tag, c.Start, c.End = tag, c.pos, end+1
	c.pos = end + 1
	return EndTag
}

// startTag reads a start tag.
func (c *Copier) startTag() Part {
	start := c.pos
	c.Tag = NestTag(c.src[start+1:])
	c.pos += 1 + len(tagNames[c.Tag])
	if !c.nest.Open(c.Tag) || !c.attributes() {
		return Unsure
	}
	c.Slash = c.Tag == Br && c.pos < len(c.src) && c.src[c.pos] == '/'
	if c.Slash {
		c.pos++
	}
	if c.pos == len(c.src) || c.src[c.pos] != '>' {
		return Unsure
	}
	c.pos++
	c.Start, c.End = start, c.pos
	if c.Tag == Pre && c.pos < len(c.src) && (c.src[c.pos] == '\n' || c.src[c.pos] == '&') {
		return Unsure // it may be a line feed that the parser drops
	}
	return StartTag
}

// Attrs returns the attributes of the start tag that was read, valid until the next part is.
func (c *Copier) Attrs() []RawAttr { return c.attrs[:c.count] }

// attributes reads the attributes of a tag: a space, the name and the value in double quotes, each name once. It reports whether
// it could.
func (c *Copier) attributes() bool {
	src, i, n := c.src, c.pos, 0
	for i < len(src) && src[i] == ' ' {
		i++
		if i < len(src) && src[i] == '/' {
			break
		}
		name := i
		for i < len(src) && (src[i] >= 'a' && src[i] <= 'z' || src[i] == '-') {
			i++
		}
		if n == maxRawAttrs || i == name || i+2 > len(src) || src[i] != '=' || src[i+1] != '"' {
			return false
		}
		a := &c.attrs[n]
		a.Name, a.special = src[name:i], false
		for j := range c.attrs[:n] {
			if c.attrs[j].Name == a.Name {
				return false
			}
		}
		i += 2
		start := i
		for {
			if i = skipValue(src, i); i == len(src) {
				return false
			}
			if src[i] == '"' {
				break
			}
			a.special = true
			if src[i] == '&' {
				i++
				continue
			}
			c.pos = i
			if !c.character() {
				return false
			}
			i = c.pos
		}
		a.Value = src[start:i]
		i++
		n++
	}
	c.pos, c.count = i, n
	return true
}

// Unchanged reads a text of which nothing has to be written otherwise. If it reports false, nothing was read.
func (c *Copier) Unchanged() bool {
	start := c.pos
	for {
		if c.pos = skipText(c.src, c.pos); c.pos == len(c.src) || c.src[c.pos] == '<' {
			return true
		}
		rest := c.src[c.pos:]
		switch {
		case rest[0] == '&':
			n := writtenReference(rest)
			if n == 0 || rest[1] == 'q' {
				c.pos = start
				return false
			}
			c.pos += n
		case rest[0] == '>', strings.HasPrefix(rest, "\u00A0"), !c.character():
			c.pos = start
			return false
		}
	}
}

// Text reads a text. It writes what has to be written otherwise and reports whether it could.
func (c *Copier) Text() bool {
	for {
		if c.pos = skipText(c.src, c.pos); c.pos == len(c.src) {
			return true
		}
		switch c.src[c.pos] {
		case '<':
			return true
		case '>':
			c.dst = append(c.Replace(c.pos, c.pos+1), "&gt;"...)
		case '&':
			rest := c.src[c.pos:]
			if n := writtenReference(rest); n > 0 && rest[1] != 'q' {
				c.pos += n
				continue
			}
			start := c.pos
			dst, n := appendReference(c.Replace(start, start), rest, false, Content)
			c.dst, c.pos, c.done = dst, start+n, start+n
		default:
			if c.src[c.pos] == 0xC2 && c.src[c.pos+1] == 0xA0 {
				c.dst = append(c.Replace(c.pos, c.pos+2), "&nbsp;"...)
				continue
			}
			if !c.character() {
				return false
			}
		}
	}
}

// TextSource returns the source of the text that is to be read.
func (c *Copier) TextSource() string {
	if i := strings.IndexByte(c.src[c.pos:], '<'); i >= 0 {
		return c.src[c.pos : c.pos+i]
	}
	return c.src[c.pos:]
}

// Decoded reads a text and appends to dst what it stands for, for the caller to write after [Copier.Replace]. It reports whether
// it could.
func (c *Copier) Decoded(dst []byte) ([]byte, bool) {
	start := c.pos
	for {
		if c.pos = skipText(c.src, c.pos); c.pos == len(c.src) || c.src[c.pos] == '<' {
			break
		}
		if c.src[c.pos] == '&' || c.src[c.pos] == '>' {
			c.pos++
		} else if !c.character() {
			return dst, false
		}
	}
	return appendText(dst, c.src[start:c.pos], dataText, Plain), true
}

// Replace writes what was not written yet of the source before start, leaves out what is before end, and returns the buffer for the
// caller to append to and to give back with [Copier.Written].
func (c *Copier) Replace(start, end int) []byte {
	if !c.changed {
		c.changed = true
		if c.dst == nil {
			c.dst = make([]byte, 0, len(c.src)+c.grow)
		}
	}
	c.dst = append(c.dst, c.src[c.done:start]...)
	c.pos, c.done = max(c.pos, end), end
	return c.dst
}

// Written takes the buffer back.
func (c *Copier) Written(dst []byte) { c.dst = dst }

// Bytes that a Copier may skip without a look.
const (
	inTextByte  = 1 << iota
	inValueByte // in an attribute value
)

// skippable says where each byte may be skipped. The others are markup, or may be part of a character that is not suitable for HTML.
var skippable = func() (t [256]uint8) {
	for c := ' '; c < 0x7F; c++ {
		t[c] = inTextByte | inValueByte
	}
	for c := 0x80; c < 0xF0; c++ {
		t[c] = inTextByte | inValueByte
	}
	t['\t'], t['\n'], t['\f'] = inTextByte|inValueByte, inTextByte|inValueByte, inTextByte|inValueByte
	t['<'], t['>'], t['"'] = inValueByte, inValueByte, inTextByte
	t['&'], t[0xC2], t[0xEF] = 0, 0, 0
	return t
}()

// skipText returns the place of the first byte from i on that is not to be skipped in a text.
func skipText(s string, i int) int {
	for i+8 <= len(s) {
		x := swar.Load(s, i)
		stop := unusual(x) | swar.Equal(x, '<') | swar.Equal(x, '>') | swar.Equal(x, '&')
		if stop == 0 {
			i += 8
			continue
		}
		i += swar.First(stop)
		if skippable[s[i]]&inTextByte == 0 {
			return i
		}
		i++
	}
	for i < len(s) && skippable[s[i]]&inTextByte != 0 {
		i++
	}
	return i
}

// skipValue is skipText in an attribute value.
func skipValue(s string, i int) int {
	for i+8 <= len(s) {
		x := swar.Load(s, i)
		stop := unusual(x) | swar.Equal(x, '"') | swar.Equal(x, '&')
		if stop == 0 {
			i += 8
			continue
		}
		i += swar.First(stop)
		if skippable[s[i]]&inValueByte == 0 {
			return i
		}
		i++
	}
	for i < len(s) && skippable[s[i]]&inValueByte != 0 {
		i++
	}
	return i
}

// SkipText returns the place of the "<" or the end of the text at s[i:], -1 if anything in it would be written otherwise.
func SkipText(s string, i int) int {
	for {
		if i = skipText(s, i); i == len(s) || s[i] == '<' {
			return i
		}
		switch s[i] {
		case '>':
			return -1
		case '&':
			n := writtenReference(s[i:])
			if n == 0 || s[i+1] == 'q' {
				return -1
			}
			i += n
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r < utf8.RuneSelf || r == 0xA0 || IsUnsuitable(r) {
				return -1
			}
			i += n
		}
	}
}

// SkipValue returns the place of the quote behind the attribute value at s[i:], -1 if anything in it would be written otherwise.
func SkipValue(s string, i int) int {
	for {
		if i = skipValue(s, i); i == len(s) {
			return -1
		}
		switch s[i] {
		case '"':
			return i
		case '&':
			n := writtenReference(s[i:])
			if n == 0 || s[i+1] == 'l' || s[i+1] == 'g' {
				return -1
			}
			i += n
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r < utf8.RuneSelf || r == 0xA0 || IsUnsuitable(r) {
				return -1
			}
			i += n
		}
	}
}

// unusual finds what is not a printable ASCII character.
func unusual(x uint64) uint64 { return ((x - ' '*swar.Ones) | (x + swar.Ones) | x) & swar.Highs }

// character skips a character that needs a look, and reports whether it is one that stays.
func (c *Copier) character() bool {
	r, n := utf8.DecodeRuneInString(c.src[c.pos:])
	c.pos += n
	return r >= utf8.RuneSelf && !IsUnsuitable(r)
}

// IsUnsuitable reports whether r is a control character other than white space and U+0000, or a noncharacter.
func IsUnsuitable(r rune) bool {
	switch {
	case r < ' ':
		return r != 0 && r != '\t' && r != '\n' && r != '\f' && r != '\r'
	case r < 0x7F:
		return false
	case r <= 0x9F:
		return true
	}
	return r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE
}

// IsWritten reports whether the value is written as a serializer does, for a [Value] or a [URL].
func (a RawAttr) IsWritten(esc Escape) bool {
	if esc == URL && strings.IndexByte(a.Value, ' ') >= 0 {
		return false
	}
	if !a.special {
		return true
	}
	for i := 0; i < len(a.Value); i++ {
		switch a.Value[i] {
		case '&':
			switch n := writtenReference(a.Value[i:]); a.Value[i+1 : i+max(n, 1)] {
			case "amp;", "nbsp;":
			case "quot;":
				if esc == URL {
					return false
				}
			default:
				return false
			}
		case 0xC2:
			if a.Value[i+1] == 0xA0 {
				return false
			}
		}
	}
	return true
}

// writtenReference returns the length of the character reference at the start of s if it is one that serializers write, 0 if not:
// &quot; in attribute values only, &lt; and &gt; in texts only.
func writtenReference(s string) int {
	var ref string
	if len(s) > 1 {
		switch s[1] {
		case 'a':
			ref = "&amp;"
		case 'l':
			ref = "&lt;"
		case 'g':
			ref = "&gt;"
		case 'n':
			ref = "&nbsp;"
		case 'q':
			ref = "&quot;"
		}
	}
	if strings.HasPrefix(s, ref) {
		return len(ref)
	}
	return 0
}
