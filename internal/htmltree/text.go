package htmltree

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// A textMode says how the source of a text node reads.
type textMode uint8

const (
	dataText    textMode = iota // character references; U+0000 is dropped
	foreignText                 // character references; U+0000 is U+FFFD (foreign content, RCDATA)
	rawMode                     // no references; U+0000 is U+FFFD (raw text, CDATA sections)
	attrText                    // references as in attribute values; U+0000 is U+FFFD
)

// An Escape says which characters a text is written with.
type Escape uint8

// The ways to write text.
const (
	Plain   Escape = iota // as it is
	Content               // & < > and U+00A0 as references
	Value                 // & " and U+00A0 as references
	URL                   // like Value, but a space is %20 and " is %22
)

// maxEntity is more than the length of the longest name of a character reference.
const maxEntity = 40

// appendText appends the text that raw stands for.
func appendText(dst []byte, raw string, mode textMode, esc Escape) []byte {
	for {
		i := indexSpecial(raw, esc)
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		switch c := raw[0]; c {
		case 0:
			if mode != dataText {
				dst = append(dst, "\uFFFD"...)
			}
			raw = raw[1:]
		case '&':
			if mode == rawMode {
				dst = appendByte(dst, c, esc)
				raw = raw[1:]
				continue
			}
			var n int
			dst, n = appendReference(dst, raw, mode == attrText, esc)
			raw = raw[n:]
		case 0xC2:
			if len(raw) > 1 && raw[1] == 0xA0 && esc != Plain {
				dst = append(dst, "&nbsp;"...)
				raw = raw[2:]
				continue
			}
			dst = append(dst, c)
			raw = raw[1:]
		default:
			dst = appendByte(dst, c, esc)
			raw = raw[1:]
		}
	}
}

// AppendValue appends the value of an attribute that is written as source.
func AppendValue(dst []byte, source string, esc Escape) []byte {
	return appendText(dst, source, attrText, esc)
}

// DecodeValue returns the value of an attribute that is written as source.
func DecodeValue(source string) string {
	if indexSpecial(source, Plain) < 0 {
		return source
	}
	return string(appendText(nil, source, attrText, Plain))
}

// AppendEscaped appends s, which is no source but the text itself.
func AppendEscaped(dst []byte, s string, esc Escape) []byte {
	for {
		i := indexSpecial(s, esc)
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		if strings.HasPrefix(s[i:], "\u00A0") {
			dst = appendRune(dst, 0xA0, esc)
			s = s[i+2:]
			continue
		}
		dst = appendByte(dst, s[i], esc)
		s = s[i+1:]
	}
}

// indexSpecial returns the index of the first byte of s that may not be copied, or -1.
func indexSpecial(s string, esc Escape) int {
	for i := 0; i < len(s); i++ {
		if specialBytes[s[i]]&(1<<esc) != 0 {
			return i
		}
	}
	return -1
}

// specialBytes has a bit for each Escape under which a byte needs a look.
var specialBytes = [256]uint8{
	0:    1<<Plain | 1<<Content | 1<<Value | 1<<URL,
	'&':  1<<Plain | 1<<Content | 1<<Value | 1<<URL,
	'<':  1 << Content,
	'>':  1 << Content,
	'"':  1<<Value | 1<<URL,
	' ':  1 << URL,
	0xC2: 1<<Content | 1<<Value | 1<<URL,
}

// appendByte appends one ASCII character.
func appendByte(dst []byte, c byte, esc Escape) []byte {
	switch {
	case esc == Plain:
	case c == '&':
		return append(dst, "&amp;"...)
	case c == '<' && esc == Content:
		return append(dst, "&lt;"...)
	case c == '>' && esc == Content:
		return append(dst, "&gt;"...)
	case c == '"' && esc == Value:
		return append(dst, "&quot;"...)
	case c == '"' && esc == URL:
		return append(dst, "%22"...)
	case c == ' ' && esc == URL:
		return append(dst, "%20"...)
	}
	return append(dst, c)
}

// appendRune appends one character.
func appendRune(dst []byte, r rune, esc Escape) []byte {
	switch {
	case r < utf8.RuneSelf:
		return appendByte(dst, byte(r), esc)
	case r == 0xA0 && esc != Plain:
		return append(dst, "&nbsp;"...)
	}
	return utf8.AppendRune(dst, r)
}

// appendReference appends what the character reference at the start of raw stands for, a lone ampersand included, and returns
// how many bytes of raw it took.
func appendReference(dst []byte, raw string, attr bool, esc Escape) ([]byte, int) {
	switch { // the ones that are written everywhere
	case strings.HasPrefix(raw, "&amp;"):
		return appendByte(dst, '&', esc), 5
	case strings.HasPrefix(raw, "&lt;"):
		return appendByte(dst, '<', esc), 4
	case strings.HasPrefix(raw, "&gt;"):
		return appendByte(dst, '>', esc), 4
	case strings.HasPrefix(raw, "&quot;"):
		return appendByte(dst, '"', esc), 6
	case strings.HasPrefix(raw, "&nbsp;"):
		return appendRune(dst, 0xA0, esc), 6
	case strings.HasPrefix(raw, "&#"):
		if r, n := numericReference(raw); n > 0 {
			return appendRune(dst, r, esc), n
		}
		return appendByte(dst, '&', esc), 1
	}
	value, n := namedReference(raw, attr)
	if n == 0 {
		return appendByte(dst, '&', esc), 1
	}
	for _, r := range value {
		dst = appendRune(dst, r, esc)
	}
	return dst, n
}

// numericReference returns the character of the reference "&#…" at the start of raw and its length, 0 if there is none.
func numericReference(raw string) (rune, int) {
	i, base := 2, rune(10)
	if i < len(raw) && raw[i]|0x20 == 'x' {
		i, base = 3, 16
	}
	start, r := i, rune(0)
	for ; i < len(raw); i++ {
		d := digit(raw[i])
		if d >= base {
			break
		}
		if r <= utf8.MaxRune {
			r = r*base + d
		}
	}
	if i == start {
		return 0, 0
	}
	if i < len(raw) && raw[i] == ';' {
		i++
	}
	switch {
	case r >= 0x80 && r <= 0x9F:
		r = windows1252[r-0x80]
	case r == 0, r > utf8.MaxRune, r >= 0xD800 && r <= 0xDFFF:
		r = utf8.RuneError
	}
	return r, i
}

// digit returns the value of a hexadecimal digit, 99 of anything else.
func digit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return rune(c | 0x20 - 'a' + 10)
	}
	return 99
}

// windows1252 has what the numeric references from U+0080 to U+009F stand for: the HTML standard reads them as Windows-1252.
var windows1252 = [32]rune{
	0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
	0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
}

// namedReference returns the value of the reference by name at the start of raw and its length, 0 if there is none. The
// names are those of the standard library. In an attribute value, a name without a semicolon counts only when neither "="
// nor an alphanumeric follows.
func namedReference(raw string, attr bool) (string, int) {
	n := 1
	for n < len(raw) && n < maxEntity && isAlphanumeric(raw[n]) {
		n++
	}
	if n == 1 {
		return "", 0
	}
	if n < len(raw) && raw[n] == ';' {
		// A name with its semicolon is replaced as a whole; otherwise what follows a shorter name stays, semicolon included.
		value := html.UnescapeString(raw[:n+1])
		if value == ";" || value[len(value)-1] != ';' {
			return value, n + 1
		}
	}
	value := html.UnescapeString(raw[:n])
	if value[0] == '&' && len(value) == n {
		return "", 0
	}
	if !attr {
		return value, n // what follows a shorter name is alphanumeric: it needs no second look
	}
	if utf8.RuneCountInString(value) != 1 || n < len(raw) && raw[n] == '=' {
		return "", 0
	}
	return value, n
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// isSpace reports whether c is one of the five white space characters of the HTML standard.
func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r'
}

// spacePrefix returns the length of the longest start of raw that stands for white space alone.
func spacePrefix(raw string, mode textMode) int {
	i := 0
	for i < len(raw) {
		if isSpace(raw[i]) {
			i++
			continue
		}
		if raw[i] != '&' || mode == rawMode {
			break
		}
		var buf [16]byte
		out, n := appendReference(buf[:0], raw[i:], false, Plain)
		if len(out) != 1 || !isSpace(out[0]) {
			break
		}
		i += n
	}
	return i
}

// newlinePrefix returns the length of the line feed that raw starts with, 0 if it does not.
func newlinePrefix(raw string, mode textMode) int {
	if raw == "" || raw[0] == '\n' {
		return min(len(raw), 1)
	}
	if raw[0] == '&' && mode != rawMode {
		var buf [16]byte
		if out, n := appendReference(buf[:0], raw, false, Plain); len(out) == 1 && out[0] == '\n' {
			return n
		}
	}
	return 0
}
