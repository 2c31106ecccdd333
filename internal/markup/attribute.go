package markup

import "strings"

// A RawAttr is an attribute as it is written.
type RawAttr struct {
	Name, Value string
	special     bool // the value may have references, or more than printable ASCII
}

// Attrs returns the attributes of the start tag that was read. They are valid
// until the next part is read. A name may occur twice.
func (w *Walker) Attrs() []RawAttr { return w.attrs[:w.count] }

// attributes reads the attributes of a tag up to its end. It reports whether it
// could.
func (w *Walker) attributes() bool {
	src, i := w.src, w.pos
	w.count = 0
	for i < len(src) {
		start := i
		switch {
		case src[i] == '>':
			w.pos = i + 1
			return true
		case src[i] == ' ' && i+1 < len(src) && nameBytes[src[i+1]] != 0:
			i++
		default:
			w.Plain = false
			for i < len(src) && (isSpace(src[i]) || src[i] == '/') {
				i++
			}
			if i < len(src) && src[i] == '>' {
				continue
			}
			if i == start && w.count == 0 {
				return false
			}
		}
		if w.count == maxRawAttrs {
			return false
		}
		if i = w.attribute(i); i < 0 {
			return false
		}
	}
	return false
}

// attribute reads the attribute at src[i:] and returns the offset of its end,
// or -1 if it is not sure.
func (w *Walker) attribute(i int) int {
	src := w.src
	a := &w.attrs[w.count]
	w.count++
	start, seen := i, uint8(0)
	for i < len(src) && nameBytes[src[i]] != 0 {
		seen |= nameBytes[src[i]]
		i++
	}
	if i == start || i+2 >= len(src) {
		return -1
	}
	a.Name = src[start:i]
	w.Plain = w.Plain && seen == inName
	if src[i] != '=' || src[i+1] != '"' {
		w.Plain = false
		return w.otherValue(a, i)
	}
	start = i + len(`="`)
	i = skipValue(src, start)
	a.special = i < len(src) && src[i] != '"'
	if a.special {
		n := strings.IndexByte(src[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
	}
	if i == len(src) {
		return -1
	}
	a.Value = src[start:i]
	return i + 1
}

// otherValue reads what follows a name, unless that is an equals sign and a
// double quote. It returns the offset of the end of the attribute, or -1 if it
// is not sure.
func (w *Walker) otherValue(a *RawAttr, i int) int {
	src := w.src
	a.Value, a.special = "", true
	i = skipSpace(src, i)
	if i < len(src) && (src[i] == '>' || src[i] == '/' || nameBytes[src[i]] != 0) {
		return i // there is no value
	}
	if i == len(src) || src[i] != '=' {
		return -1
	}
	i = skipSpace(src, i+1)
	if i == len(src) {
		return -1
	}
	if quote := src[i]; quote == '"' || quote == '\'' {
		n := strings.IndexByte(src[i+1:], quote)
		if n < 0 {
			return -1
		}
		a.Value = src[i+1 : i+1+n]
		return i + 1 + n + 1
	}
	n := strings.IndexAny(src[i:], " \t\n\f\r>")
	if n <= 0 || strings.ContainsAny(src[i:i+n], "\"'<=`") {
		return -1
	}
	a.Value = src[i : i+n]
	return i + n
}

// skipSpace returns the offset of the first character at or after i that is not
// white space.
func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// nameBytes has inName or inNameUpper for each byte that a name may have, and 0
// for any other.
var nameBytes = func() (t [256]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-0x20] = inName, inNameUpper
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = inName
	}
	for _, c := range "-_:.@" {
		t[c] = inName
	}
	return t
}()

const (
	inName      = 1 << iota
	inNameUpper // a capital letter
)

// IsWritten reports whether the value is as a serializer would write it, for a
// [Value] or a [URL].
func (a *RawAttr) IsWritten(esc Escape) bool {
	if esc == URL && strings.IndexByte(a.Value, ' ') >= 0 {
		return false
	}
	if !a.special {
		return true
	}
	for i := 0; ; {
		if i = skipValue(a.Value, i); i == len(a.Value) {
			return true
		}
		n := writtenAt(a.Value[i:], esc)
		if n == 0 {
			return false
		}
		i += n
	}
}

// Decode returns the value with its references decoded. It reports whether it
// could.
func (a *RawAttr) Decode() (string, bool) {
	if !a.special || skipValue(a.Value, 0) == len(a.Value) {
		return a.Value, true
	}
	value, ok := appendDecoded(make([]byte, 0, len(a.Value)), a.Value, true)
	return string(value), ok
}
