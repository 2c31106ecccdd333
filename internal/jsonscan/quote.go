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
	var seen uint64
	i := 0
	for i+8 <= len(s) {
		x := load(s[i:])
		seen |= x
		if mask := special(x); mask != 0 {
			n := first(mask)
			dst = binary.LittleEndian.AppendUint64(dst, x)[:len(dst)+n]
			dst = appendEscape(dst, s[i+n])
			i += n + 1
			continue
		}
		dst = binary.LittleEndian.AppendUint64(dst, x)
		i += 8
	}
	for ; i < len(s); i++ {
		c := s[i]
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
	var seen uint64
	for {
		for i+8 <= len(data) {
			x := binary.LittleEndian.Uint64(data[i:])
			mask := special(x)
			if mask != 0 {
				n := first(mask)
				seen |= x & (mask&-mask - 1)
				dst = binary.LittleEndian.AppendUint64(dst, x)[:len(dst)+n]
				i += n
				break
			}
			seen |= x
			dst = binary.LittleEndian.AppendUint64(dst, x)
			i += 8
		}
		for i < len(data) && !isSpecial(data[i]) {
			seen |= uint64(data[i])
			dst = append(dst, data[i])
			i++
		}
		if i >= len(data) || data[i] != '\\' {
			break
		}
		var n int
		if dst, n = appendUnescaped(dst, data[i:]); n == 0 {
			return dst, i, false
		}
		i += n
	}
	if i >= len(data) || data[i] != '"' {
		return dst, i, false
	}
	if seen&highs != 0 && !utf8.Valid(dst[start:]) {
		said := string(dst[start:])
		dst = dst[:start]
		for _, r := range said {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst, i + 1, true
}

// appendUnescaped appends what the escape stands for that s begins with, and returns its length, 0 if it is none.
func appendUnescaped(dst, s []byte) (out []byte, n int) {
	if len(s) < 2 {
		return dst, 0
	}
	switch c := s[1]; c {
	case '"', '\\', '/':
		return append(dst, c), 2
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	}
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
