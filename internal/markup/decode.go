package markup

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/seed-374a2035/masto/internal/swar"
)

// The places where a [Walker] may skip a byte unseen.
const (
	inTextByte  = 1 << iota // in a text
	inValueByte             // in an attribute value
)

// skippable says where each byte may be skipped. A byte that may not is markup,
// or may be part of a character that is not suitable for HTML.
var skippable = func() (t [256]uint8) {
	for c := ' '; c < 0x7F; c++ {
		t[c] = inTextByte | inValueByte
	}
	for c := 0x80; c < 0xF0; c++ {
		t[c] = inTextByte | inValueByte
	}
	t['\t'], t['\n'] = inTextByte|inValueByte, inTextByte|inValueByte
	t['\f'] = inTextByte // it vanishes in a URL
	t['<'], t['>'], t['"'] = inValueByte, inValueByte, inTextByte
	t['&'], t[0xC2], t[0xEF] = 0, 0, 0
	return t
}()

// skipText returns the offset of the first byte at or after i that may not be
// skipped in a text.
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

// writtenAt returns the length of the character at the start of s, which may
// not be skipped, if it is as a serializer would write it, and 0 otherwise.
func writtenAt(s string, esc Escape) int {
	if s[0] != '&' {
		if r, n := utf8.DecodeRuneInString(s); r >= utf8.RuneSelf && r != 0xA0 && !IsUnsuitable(r) {
			return n
		}
		return 0
	}
	for _, ref := range [...]string{"&amp;", "&nbsp;", "&lt;", "&gt;", "&quot;"} {
		if !strings.HasPrefix(s, ref) {
			continue
		}
		switch {
		case ref[1] == 'a' || ref[1] == 'n':
		case ref[1] == 'q':
			if esc != Value {
				return 0
			}
		case esc != Content:
			return 0
		}
		return len(ref)
	}
	return 0
}

// appendDecoded appends s, an attribute value if attr is set and otherwise
// text, with its references decoded. It reports whether it could.
func appendDecoded(dst []byte, s string, attr bool) ([]byte, bool) {
	for i := 0; ; {
		start := i
		i = skipText(s, i)
		dst = append(dst, s[start:i]...)
		if i == len(s) {
			return dst, true
		}
		text, n := decodeAt(s[i:], attr)
		if n == 0 {
			return dst, false
		}
		dst = append(dst, text...)
		i += n
	}
}

// decodeAt returns what the character or the reference at the start of s stands
// for, and its length in s, which is 0 if decodeAt is not sure. s is an
// attribute value if attr is set, and otherwise text.
func decodeAt(s string, attr bool) (string, int) {
	if s[0] != '&' {
		r, n := utf8.DecodeRuneInString(s)
		if r < utf8.RuneSelf && (r != '<' && r != '>' && r != '"') || IsUnsuitable(r) {
			return "", 0
		}
		return s[:n], n
	}
	n := 1
	for n < len(s) && n < maxReference && (isLetter(s[n]) || '0' <= s[n] && s[n] <= '9' || s[n] == '#' && n == 1) {
		n++
	}
	if n == maxReference {
		return "", 0
	}
	ends := n < len(s) && s[n] == ';'
	if ends {
		n++
	}
	switch s[:n] {
	case "&", "&;", "&#", "&#;":
		return s[:n], n
	case "&amp;":
		return "&", n
	case "&lt;":
		return "<", n
	case "&gt;":
		return ">", n
	case "&quot;":
		return `"`, n
	case "&#39;", "&apos;":
		return "'", n
	case "&nbsp;":
		return "\u00A0", n
	}
	text := html.UnescapeString(s[:n])
	// In an attribute value, only a name that as a whole is one of a reference
	// is decoded.
	if attr && s[1] != '#' && text != s[:n] && (!ends || strings.HasSuffix(text, ";")) {
		return "", 0
	}
	return text, n
}

// maxReference is more than the length of the longest character reference.
const maxReference = 40

// unusual marks the bytes of x that are not printable ASCII, as the functions
// of package swar do.
func unusual(x uint64) uint64 {
	return ((x - ' '*swar.Ones) | (x + swar.Ones) | x) & swar.Highs
}

// IsUnsuitable reports whether r is a control character other than white space
// and U+0000, or a noncharacter.
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
