package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An Escape says which characters of a text are written as references.
type Escape uint8

// The ways to write text.
const (
	Plain   Escape = iota // as it is
	Content               // & < > and U+00A0 as references
	Value                 // & " and U+00A0 as references
	URL                   // like Value, but a space is %20, " is %22, and control characters vanish
)

// AppendEscaped appends a text as esc says.
func AppendEscaped(dst []byte, s string, esc Escape) []byte {
	if esc == Plain {
		return append(dst, s...)
	}
	start := 0
	for i := 0; i < len(s); i++ {
		if escaped[s[i]]&(1<<esc) == 0 {
			continue
		}
		ref, n := reference(s[i:], esc)
		dst = append(append(dst, s[start:i]...), ref...)
		i += n - 1
		start = i + 1
	}
	return append(dst, s[start:]...)
}

// escaped has a bit for each Escape that may change a byte.
var escaped = func() (t [256]uint8) {
	for c := range byte(' ') {
		if c != '\t' && c != '\n' && c != '\r' {
			t[c] = 1 << URL
		}
	}
	t['&'] = 1<<Content | 1<<Value | 1<<URL
	t['<'], t['>'] = 1<<Content, 1<<Content
	t['"'] = 1<<Value | 1<<URL
	t[' '] = 1 << URL
	t[0xC2] = 1<<Content | 1<<Value | 1<<URL // the first byte of U+00A0
	return t
}()

// reference returns what is written for the character at the start of s, which
// esc may change, and how many bytes of s that replaces.
func reference(s string, esc Escape) (string, int) {
	switch s[0] {
	case '&':
		return "&amp;", 1
	case '<':
		return "&lt;", 1
	case '>':
		return "&gt;", 1
	case '"':
		if esc == URL {
			return "%22", 1
		}
		return "&quot;", 1
	case ' ':
		return "%20", 1
	case 0xC2:
		if len(s) > 1 && s[1] == 0xA0 {
			return "&nbsp;", 2
		}
		return s[:1], 1
	}
	return "", 1
}

// MaxOutput returns how many bytes may be written for a source of n bytes.
// Longer results are refused: only misnested tags make them.
func MaxOutput(n int) int { return 8*n + 64<<10 }

// AppendStart appends the start tag of an element, as the HTML standard had it
// until 2025: "<" and ">" stay as they are in attribute values.
func AppendStart(dst []byte, n *html.Node) []byte {
	dst = append(append(dst, '<'), n.Data...)
	for _, a := range n.Attr {
		dst = append(dst, ' ')
		if a.Namespace != "" {
			dst = append(append(dst, a.Namespace...), ':')
		}
		dst = append(append(dst, a.Key...), `="`...)
		dst = append(AppendEscaped(dst, a.Val, Value), '"')
	}
	return append(dst, '>')
}

// AppendEnd appends the end tag of an element.
func AppendEnd(dst []byte, n *html.Node) []byte {
	return append(append(append(dst, "</"...), n.Data...), '>')
}

// AppendComment appends a comment. The parser has decoded references in it, so
// a ">" that would end it is written as one again.
func AppendComment(dst []byte, n *html.Node) []byte {
	dst = append(dst, "<!--"...)
	start := len(dst)
	s := n.Data
	for i := strings.IndexByte(s, '>'); i >= 0; i = strings.IndexByte(s, '>') {
		dst = append(dst, s[:i]...)
		if c := dst[len(dst)-1]; len(dst) == start || c == '-' || c == '!' {
			dst = append(dst, "&gt;"...)
		} else {
			dst = append(dst, '>')
		}
		s = s[i+1:]
	}
	return append(append(dst, s...), "-->"...)
}

// IsVoid reports whether an element is written without content and end tag.
func IsVoid(n *html.Node) bool {
	if n.Namespace != "" {
		return false
	}
	switch n.DataAtom {
	case atom.Area, atom.Base, atom.Basefont, atom.Bgsound, atom.Br, atom.Col, atom.Embed, atom.Frame, atom.Hr,
		atom.Img, atom.Input, atom.Keygen, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// IsRaw reports whether the text in an element is written without escaping.
func IsRaw(n *html.Node) bool {
	if n.Namespace != "" {
		return false
	}
	switch n.DataAtom {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Plaintext, atom.Script, atom.Style, atom.Xmp:
		return true
	}
	return false
}
