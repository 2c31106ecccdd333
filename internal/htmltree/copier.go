package htmltree

import (
	"strings"
	"unicode/utf8"
)

// A Copier reads HTML that is so well-formed that it need not be parsed, and writes it with changes: from the first change on,
// before that nothing is copied. It writes what serializing the parsed HTML would give. Of whatever it is not sure about it lets go,
// and then the HTML has to be parsed.
type Copier struct {
	src     string
	pos     int // what is read
	done    int // what is written, or needs no change
	dst     []byte
	base    int // the length of dst at first
	changed bool
	nest    Nest
	attrs   [maxRawAttrs]RawAttr
}

// maxRawAttrs is how many attributes a tag may have.
const maxRawAttrs = 12

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

// NewCopier returns a Copier of src that appends to dst.
func NewCopier(dst []byte, src string) Copier {
	c := Copier{src: src, dst: dst, base: len(dst)}
	if !utf8.ValidString(src) || strings.HasPrefix(src, "\uFEFF") {
		c.pos = -1
	}
	return c
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

// A Piece is a part that a Copier read: the run of text, or the tag and its attributes.
type Piece struct {
	Part  Part
	Tag   Tag
	Attrs []RawAttr // valid until the next part is read
	Start int       // where it is in the source
	End   int
	Slash bool // the tag is written "<br />"
}

// Next reads the next part. A text is read as it is: see [Copier.Text].
func (c *Copier) Next() Piece {
	switch {
	case c.pos < 0:
		return Piece{}
	case c.pos == len(c.src):
		if c.nest.Closed() {
			return Piece{Part: End}
		}
		return Piece{}
	case c.src[c.pos] != '<':
		end := len(c.src)
		if i := strings.IndexByte(c.src[c.pos:], '<'); i >= 0 {
			end = c.pos + i
		}
		return Piece{Part: Run, Start: c.pos, End: end}
	}
	return c.tag()
}

// tag reads a tag.
func (c *Copier) tag() Piece {
	t := Piece{Part: StartTag, Start: c.pos}
	c.pos++
	if c.pos < len(c.src) && c.src[c.pos] == '/' {
		t.Part = EndTag
		c.pos++
	}
	name := c.pos
	for c.pos < len(c.src) && c.src[c.pos] >= 'a' && c.src[c.pos] <= 'z' {
		c.pos++
	}
	t.Tag = TagOf(c.src[name:c.pos])
	if t.Part == StartTag {
		var ok bool
		if t.Attrs, ok = c.attributes(); !ok || !c.nest.Open(t.Tag) {
			return Piece{}
		}
		if t.Tag == Br && c.pos < len(c.src) && c.src[c.pos] == '/' {
			t.Slash = true
			c.pos++
		}
	} else if !c.nest.Close(t.Tag) {
		return Piece{}
	}
	if c.pos == len(c.src) || c.src[c.pos] != '>' {
		return Piece{}
	}
	c.pos++
	t.End = c.pos
	if t.Tag == Pre && t.Part == StartTag && c.pos < len(c.src) && (c.src[c.pos] == '\n' || c.src[c.pos] == '&') {
		return Piece{} // it may be a line feed that the parser drops
	}
	return t
}

// attributes reads the attributes of a tag: a space, the name and the value in double quotes, each name once.
func (c *Copier) attributes() ([]RawAttr, bool) {
	attrs := c.attrs[:0]
	for c.pos < len(c.src) && c.src[c.pos] == ' ' {
		c.pos++
		if c.pos < len(c.src) && c.src[c.pos] == '/' {
			break
		}
		name := c.pos
		for c.pos < len(c.src) && (c.src[c.pos] >= 'a' && c.src[c.pos] <= 'z' || c.src[c.pos] == '-') {
			c.pos++
		}
		a := RawAttr{Name: c.src[name:c.pos]}
		if a.Name == "" || !strings.HasPrefix(c.src[c.pos:], `="`) || len(attrs) == maxRawAttrs {
			return nil, false
		}
		for _, b := range attrs {
			if b.Name == a.Name {
				return nil, false
			}
		}
		c.pos += 2
		start := c.pos
		for {
			c.skip(skipValue)
			if c.pos == len(c.src) {
				return nil, false
			}
			if c.src[c.pos] == '"' {
				break
			}
			a.special = true
			if c.src[c.pos] == '&' {
				c.pos++
			} else if !c.character() {
				return nil, false
			}
		}
		a.Value = c.src[start:c.pos]
		c.pos++
		attrs = append(attrs, a)
	}
	return attrs, true
}

// Text goes on behind a run of text. It writes what has to be written otherwise and reports whether it could.
func (c *Copier) Text(t Piece) bool {
	for {
		c.skip(skipText)
		if c.pos >= t.End {
			return true
		}
		switch c.src[c.pos] {
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

// Decoded goes on behind a run of text and appends to dst what it stands for, for the caller to write after [Copier.Replace].
// It reports whether it could.
func (c *Copier) Decoded(dst []byte, t Piece) ([]byte, bool) {
	for c.pos < t.End {
		if c.skip(skipText); c.pos >= t.End {
			break
		}
		if c.src[c.pos] == '&' || c.src[c.pos] == '>' {
			c.pos++
		} else if !c.character() {
			return dst, false
		}
	}
	return appendText(dst, c.src[t.Start:t.End], dataText, Plain), true
}

// Replace writes what was not written yet of the source before start, leaves out what is before end, and returns the buffer for the
// caller to append to and to give back with [Copier.Written].
func (c *Copier) Replace(start, end int) []byte {
	if !c.changed {
		c.changed = true
		if c.dst == nil {
			c.dst = make([]byte, 0, len(c.src)+len(c.src)/4+64)
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
	skipText  = 1 << iota
	skipValue // in an attribute value
)

// skippable says where each byte may be skipped. The others are markup, or may be part of a character that is not suitable for HTML.
var skippable = func() (t [256]uint8) {
	for c := ' '; c < 0x7F; c++ {
		t[c] = skipText | skipValue
	}
	for c := 0x80; c < 0xF0; c++ {
		t[c] = skipText | skipValue
	}
	t['\t'], t['\n'], t['\f'] = skipText|skipValue, skipText|skipValue, skipText|skipValue
	t['<'], t['>'], t['"'] = skipValue, skipValue, skipText
	t['&'], t[0xC2], t[0xEF] = 0, 0, 0
	return t
}()

// skip goes on to the next byte that is not to be skipped.
func (c *Copier) skip(where uint8) {
	src, i := c.src, c.pos
	for i < len(src) && skippable[src[i]]&where != 0 {
		i++
	}
	c.pos = i
}

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
	for _, ref := range [...]string{"&amp;", "&quot;", "&lt;", "&gt;", "&nbsp;"} {
		if strings.HasPrefix(s, ref) {
			return len(ref)
		}
	}
	return 0
}
