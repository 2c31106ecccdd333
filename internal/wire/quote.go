package wire

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/swar"
)

// replacement is U+FFFD in UTF-8.
const replacement = "\ufffd"

// AppendQuoted appends s as a JSON string. It escapes only quotation marks,
// backslashes and control characters. A byte that is not valid UTF-8 becomes
// U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(slices.Grow(dst, len(s)+slack), '"')
	var seen uint64
	i := 0
	// Most texts have nothing to escape, so their bytes are copied at once.
	for ; i < len(s)-15; i += 16 {
		a, b := swar.Load(s, i), swar.Load(s, i+8)
		if special(a)|special(b) != 0 {
			break
		}
		seen |= a | b
	}
	dst = append(dst, s[:i]...)
	n, buf := len(dst), dst[:cap(dst)]
	for i < len(s) {
		if n > len(buf)-slack {
			dst = slices.Grow(buf[:n], len(s)-i+slack)
			buf = dst[:cap(dst)]
		}
		var k int // how many bytes before the next that must be escaped
		if i < len(s)-7 {
			x := swar.Load(s, i)
			seen |= x
			binary.LittleEndian.PutUint64(buf[n:n+8], x)
			mask := special(x)
			if mask == 0 {
				n += 8
				i += 8
				continue
			}
			k = swar.First(mask)
		} else {
			for ; i+k < len(s) && !isSpecial(s[i+k]); k++ {
				seen |= uint64(s[i+k])
				buf[n+k] = s[i+k]
			}
			if i+k == len(s) {
				n += k
				break
			}
		}
		n += k
		c := s[i+k]
		i += k + 1
		buf[n] = '\\'
		if e := letters[c]; e != 0 {
			buf[n+1] = e
			n += 2
		} else {
			n += copy(buf[n:], unicodeEscape(c))
		}
	}
	if seen&swar.Highs != 0 && !utf8.ValidString(s) {
		return appendQuotedInvalid(buf[:start], s)
	}
	return append(buf[:n], '"')
}

// slack is more room than 8 bytes and an escape sequence need.
const slack = 16

// letters has the byte that follows the backslash in the two-byte escape
// sequence of a byte, or 0 for a byte that has no such sequence.
var letters = [256]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// unicodeEscape returns the \u escape of a control character.
func unicodeEscape(c byte) string {
	const all = `\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f` +
		`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f`
	return all[6*int(c):][:6]
}

// appendQuotedInvalid is AppendQuoted for a text that is not valid UTF-8.
func appendQuotedInvalid(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s { // A range loop yields U+FFFD for each invalid byte.
		if r < utf8.RuneSelf && isSpecial(byte(r)) {
			if e := letters[r]; e != 0 {
				dst = append(dst, '\\', e)
			} else {
				dst = append(dst, unicodeEscape(byte(r))...)
			}
		} else {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// AppendUnquoted appends the decoded text of the string that begins at data[i],
// right after the opening quotation mark. It returns the end of the string,
// after the closing one. A byte that is not valid UTF-8 and a surrogate without
// its other half become U+FFFD. If ok is false, out may end in a part of the
// text.
func AppendUnquoted(dst, data []byte, i int) (out []byte, end int, ok bool) {
	start := len(dst)
	var seen uint64
	for {
		if i < len(data)-7 {
			x := swar.Load(data, i)
			dst = binary.LittleEndian.AppendUint64(dst, x)
			mask := special(x)
			if mask == 0 {
				seen |= x
				i += 8
				continue
			}
			seen |= x & (mask&-mask - 1)
			n := swar.First(mask)
			dst = dst[:len(dst)-8+n]
			i += n
		} else {
			for i < len(data) && !isSpecial(data[i]) {
				seen |= uint64(data[i])
				dst = append(dst, data[i])
				i++
			}
		}
		if i >= len(data)-1 || data[i] != '\\' {
			break
		}
		if c := escapes[data[i+1]]; c != 0 {
			dst = append(dst, c)
			i += 2
			continue
		}
		var n int
		if dst, n = appendEscapedRune(dst, data[i:]); n == 0 {
			return dst, i, false
		}
		i += n
	}
	if i >= len(data) || data[i] != '"' {
		return dst, i, false
	}
	if seen&swar.Highs != 0 && !utf8.Valid(dst[start:]) {
		text := string(dst[start:])
		dst = dst[:start]
		for _, r := range text {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst, i + 1, true
}

// escapes has the byte that a two-byte escape sequence stands for, by the byte
// after the backslash. It has 0 for u and for all that are not allowed there.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// appendEscapedRune appends the character of the \u escape, or of the surrogate
// pair of them, at the start of s. n is its length in s, or 0 if there is none.
func appendEscapedRune(dst, s []byte) (out []byte, n int) {
	r := hex4(s)
	if r < 0 {
		return dst, 0
	}
	if utf16.IsSurrogate(r) {
		if r = utf16.DecodeRune(r, hex4(s[6:])); r != utf8.RuneError {
			return utf8.AppendRune(dst, r), 12
		}
	}
	return utf8.AppendRune(dst, r), 6
}

// AppendCompact appends the JSON value raw without white space. In its strings,
// a byte that is not valid UTF-8 and a surrogate without its other half become
// U+FFFD. ok reports whether raw is exactly one JSON value; if not, dst is
// returned unchanged.
func AppendCompact(dst, raw []byte) (out []byte, ok bool) {
	end, ok := Value(raw, 0, 0)
	if !ok || Space(raw, end) != len(raw) {
		return dst, false
	}
	raw = raw[:end]
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
		case '"':
			dst, i = appendRepaired(append(dst, '"'), raw, i+1)
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst, true
}

// appendRepaired appends the rest of a valid string whose text begins at
// raw[i], with its closing quotation mark, and returns the end of the string.
// It replaces invalid Unicode and keeps all other escape sequences as they are.
func appendRepaired(dst, raw []byte, i int) (out []byte, end int) {
	for {
		stop, valid := Plain(raw, i)
		if valid {
			dst = append(dst, raw[i:stop]...)
		} else {
			for _, r := range string(raw[i:stop]) {
				dst = utf8.AppendRune(dst, r)
			}
		}
		i = stop
		if raw[i] == '"' {
			return append(dst, '"'), i + 1
		}
		n := escapeLen(raw[i:])
		if r := hex4(raw[i:]); utf16.IsSurrogate(r) {
			if utf16.DecodeRune(r, hex4(raw[i+6:])) == utf8.RuneError {
				dst = append(dst, replacement...)
				i += n
				continue
			}
			n = 12
		}
		dst = append(dst, raw[i:i+n]...)
		i += n
	}
}
