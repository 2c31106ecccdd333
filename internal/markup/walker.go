package markup

import (
	"strings"
	"unicode/utf8"
)

// A Walker reads HTML that is so well-formed that parsing it does nothing but
// what its tags say, and writes it with changes. Nothing is copied before the
// first change. It gives up on anything unusual, and then the HTML has to be
// parsed. Call [Walker.Open] on a zero Walker before anything else.
//
// A plain tag is in lower case, has one space before each attribute and double
// quotes around each value, and nothing else.
type Walker struct {
	Tag   Tag    // of the tag that Next read
	Name  string // of the element, as it is written
	Start int    // where the tag, or the text that is to be read, starts
	End   int    // where the tag ends
	Plain bool   // whether the tag is plain
	Empty bool   // whether an end tag follows its start tag immediately

	src     string
	pos     int // up to where src was read
	done    int // up to where src was written, or replaced
	dst     []byte
	base    int // the length of dst at first
	grow    int // how much longer than src the result is expected to be
	changed bool
	nest    nest
	count   int // how many attributes the tag has
	attrs   [maxRawAttrs]RawAttr
}

// maxRawAttrs is how many attributes a tag may have.
const maxRawAttrs = 16

// A Part is what a Walker read.
type Part uint8

// The parts of HTML.
const (
	Unsure   Part = iota // something unusual: the HTML has to be parsed
	End                  // the end, where all elements are closed
	Run                  // the text between two tags
	StartTag             // a start tag
	EndTag               // an end tag
)

// Open starts the walk through src. What is written is appended to dst. A nil
// dst is allocated when it is needed, with room for src and grow bytes more.
func (w *Walker) Open(dst []byte, src string, grow int) {
	w.src, w.dst, w.base, w.grow = src, dst, len(dst), grow
	if !utf8.ValidString(src) || strings.HasPrefix(src, "\uFEFF") {
		w.pos = -1
	}
}

// Result returns dst with the whole result appended, or as it was if nothing
// was changed.
func (w *Walker) Result() (dst []byte, changed bool) {
	if !w.changed {
		return w.dst, false
	}
	return append(w.dst, w.src[w.done:]...), true
}

// TooLong reports whether more was written than is allowed of the source.
func (w *Walker) TooLong() bool {
	return w.changed && len(w.dst)-w.base+len(w.src)-w.done > MaxOutput(len(w.src))
}

// Discard returns the buffer that the Walker appended to, as it was.
func (w *Walker) Discard() []byte { return w.dst[:w.base] }

// Depth returns how many elements are open. The element of a tag is open after
// its start tag, and no longer after its end tag.
func (w *Walker) Depth() int { return w.nest.depth }

// Next reads the next part. A text it only announces: [Walker.Text],
// [Walker.Unchanged] or [Walker.Decoded] reads it.
func (w *Walker) Next() Part {
	switch {
	case w.pos < 0:
		return Unsure
	case w.pos == len(w.src):
		if w.nest.depth == 0 {
			return End
		}
		return Unsure
	case w.src[w.pos] != '<':
		w.Start = w.pos
		return Run
	case w.pos+1 < len(w.src) && w.src[w.pos+1] == '/':
		return w.endTag()
	}
	return w.startTag()
}

// endTag reads an end tag, which must be that of the innermost open element.
func (w *Walker) endTag() Part {
	if w.nest.depth == 0 {
		return Unsure
	}
	open := &w.nest.stack[w.nest.depth-1]
	name := w.src[open.name : open.name+open.length]
	start := w.pos + len("</")
	i := start + len(name)
	if i >= len(w.src) || w.src[i] != '>' {
		return Unsure
	}
	w.Name = w.src[start:i]
	w.Plain = open.plain
	if w.Name != name {
		if !strings.EqualFold(w.Name, name) {
			return Unsure
		}
		w.Plain = !hasUpper(w.Name)
	}
	w.Tag, w.Start, w.End, w.Empty = open.tag, w.pos, i+1, open.content == w.pos
	w.nest.close()
	w.pos = i + 1
	return EndTag
}

// startTag reads a start tag.
func (w *Walker) startTag() Part {
	start := w.pos
	name := nameEnd(w.src, start+1)
	w.Name = w.src[start+1 : name]
	tag, r, plain := element(w.Name)
	w.Tag, w.Plain = tag, plain
	if !w.nest.open(tag, r) {
		return Unsure
	}
	w.pos = name
	if !w.attributes() {
		return Unsure
	}
	w.Start, w.End = start, w.pos
	if r&isEmpty == 0 {
		open := &w.nest.stack[w.nest.depth-1]
		open.name, open.length, open.content, open.plain = start+1, len(w.Name), w.pos, plain
	}
	if tag == Pre && w.pos < len(w.src) && (w.src[w.pos] == '\n' || w.src[w.pos] == '&') {
		return Unsure // It may be a line feed that the parser drops.
	}
	return StartTag
}

// element returns the tag and the rules of an element, and whether its name is
// in lower case.
func element(name string) (tag Tag, r nestRule, plain bool) {
	if tag = TagOf(name); tag != Other {
		return tag, nestRules[tag], true
	}
	if name == "" {
		return Other, 0, false
	}
	atom, _ := lookup(name)
	if tag = TagOf(atom.String()); tag != Other {
		return tag, nestRules[tag], false
	}
	return Other, otherRule(atom), !hasUpper(name)
}

// nameEnd returns the offset of the end of the element name at s[i:].
func nameEnd(s string, i int) int {
	if i == len(s) || !isLetter(s[i]) {
		return i
	}
	for i < len(s) && (isLetter(s[i]) || '0' <= s[i] && s[i] <= '9' || s[i] == '-') {
		i++
	}
	return i
}

func hasUpper(s string) bool {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return true
		}
	}
	return false
}

// Unchanged reads a text in which nothing has to be changed. If it reports
// false, nothing was read.
func (w *Walker) Unchanged() bool {
	for i := w.pos; ; {
		if i = skipText(w.src, i); i == len(w.src) || w.src[i] == '<' {
			w.pos = i
			return true
		}
		n := writtenAt(w.src[i:], Content)
		if n == 0 {
			return false
		}
		i += n
	}
}

// Text reads a text, and writes what has to be changed in it. It reports
// whether it could.
func (w *Walker) Text() bool {
	for {
		if w.pos = skipText(w.src, w.pos); w.pos == len(w.src) || w.src[w.pos] == '<' {
			return true
		}
		if n := writtenAt(w.src[w.pos:], Content); n > 0 {
			w.pos += n
			continue
		}
		text, n := decodeAt(w.src[w.pos:], false)
		if n == 0 {
			return false
		}
		w.dst = AppendEscaped(w.Replace(w.pos, w.pos+n), text, Content)
	}
}

// TextSource returns the source of the text that is to be read.
func (w *Walker) TextSource() string {
	if i := strings.IndexByte(w.src[w.pos:], '<'); i >= 0 {
		return w.src[w.pos : w.pos+i]
	}
	return w.src[w.pos:]
}

// Decoded reads a text and appends it to dst with its references decoded, for
// the caller to write after [Walker.Replace]. It reports whether it could.
func (w *Walker) Decoded(dst []byte) ([]byte, bool) {
	s := w.TextSource()
	dst, ok := appendDecoded(dst, s, false)
	if ok {
		w.pos += len(s)
	}
	return dst, ok
}

// Replace writes the source up to start and skips it up to end. It returns the
// buffer, to which the caller appends the replacement before handing it back
// with [Walker.Written].
func (w *Walker) Replace(start, end int) []byte {
	if !w.changed {
		w.changed = true
		if w.dst == nil {
			w.dst = make([]byte, 0, len(w.src)+w.grow)
		}
	}
	w.dst = append(w.dst, w.src[w.done:start]...)
	w.pos, w.done = max(w.pos, end), end
	return w.dst
}

// Written takes the buffer of [Walker.Replace] back.
func (w *Walker) Written(dst []byte) { w.dst = dst }
