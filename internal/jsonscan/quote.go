package jsonscan

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// replacement is U+FFFD in UTF-8.
const replacement = "\ufffd"

// AppendQuoted appends s as a JSON string. Only quotation marks, backslashes and control characters are escaped; a byte that is no
// UTF-8 becomes U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(slices.Grow(dst, len(s)+10), '"')
	rest := s
	var seen uint64
	for len(rest) >= 8 { // most texts have nothing to escape, and are copied as a whole
		x := load(rest)
		if special(x) != 0 {
			break
		}
		seen |= x
		rest = rest[8:]
	}
	dst = append(dst, s[:len(s)-len(rest)]...)
	for len(rest) >= 8 {
		x := load(rest)
		seen |= x
		dst = binary.LittleEndian.AppendUint64(dst, x)
		if mask := special(x); mask != 0 {
			n := first(mask)
			dst = appendEscape(dst[:len(dst)-8+n], rest[n])
			rest = rest[n+1:]
		} else {
			rest = rest[8:]
		}
	}
	for i := range len(rest) {
		c := rest[i]
		seen |= uint64(c)
		if isSpecial(c) {
			dst = appendEscape(dst, c)
		} else {
			dst = append(dst, c)
		}
	}
	if seen&highs != 0 && !utf8.ValidString(s) {
		return appendQuotedInvalid(dst[:start], s)
	}
	return append(dst, '"')
}

// load returns the first 8 bytes of s.
func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// appendQuotedInvalid is AppendQuoted for a text that is no UTF-8.
func appendQuotedInvalid(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s { // ranging turns each bad byte into U+FFFD
		if r < utf8.RuneSelf && isSpecial(byte(r)) {
			dst = appendEscape(dst, byte(r))
		} else {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// appendEscape appends the escape of a special byte.
func appendEscape(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// AppendUnquoted appends what the string says whose text begins at data[i], and returns its end after the quotation mark. A byte that
// is no UTF-8 and a surrogate without its other half become U+FFFD.
func AppendUnquoted(dst, data []byte, i int) (out []byte, end int, ok bool) {
	start := len(dst)
	rest := data[i:]
	var seen uint64
	for {
		n := 0 // where the first special byte of rest is
		if len(rest) >= 8 {
			x := binary.LittleEndian.Uint64(rest)
			dst = binary.LittleEndian.AppendUint64(dst, x)
			mask := special(x)
			if mask == 0 {
				seen |= x
				rest = rest[8:]
				continue
			}
			seen |= x & (mask&-mask - 1)
			n = first(mask)
			dst = dst[:len(dst)-8+n]
		} else {
			for n < len(rest) && !isSpecial(rest[n]) {
				seen |= uint64(rest[n])
				dst = append(dst, rest[n])
				n++
			}
		}
		rest = rest[n:]
		if len(rest) < 2 || rest[0] != '\\' {
			break
		}
		if c := escapes[rest[1]]; c != 0 {
			dst = append(dst, c)
			rest = rest[2:]
			continue
		}
		if dst, n = appendEscapedRune(dst, rest); n == 0 {
			return dst, len(data) - len(rest), false
		}
		rest = rest[n:]
	}
	end = len(data) - len(rest)
	if len(rest) == 0 || rest[0] != '"' {
		return dst, end, false
	}
	if seen&highs != 0 && !utf8.Valid(dst[start:]) {
		said := string(dst[start:])
		dst = dst[:start]
		for _, r := range said {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst, end + 1, true
}

// escapes has what the byte after a backslash stands for, 0 for others and for u.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// appendEscapedRune appends what the escape \uXXXX, or a pair of them, stands for that s begins with, and returns its length, 0 if it
// is none.
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

// AppendCompact appends a JSON value without white space, and with U+FFFD for what is no Unicode in its strings: bytes that are no
// UTF-8, and surrogates without their other half. It tells whether raw is one JSON value; if not, dst is returned as it was.
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

// appendRepaired appends the string, known to be right, whose text begins at raw[i], and its quotation mark, and returns its end.
// Escapes stay as they are written.
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
