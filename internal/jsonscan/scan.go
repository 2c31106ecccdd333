// Package jsonscan reads and writes JSON text at the level of bytes: where a value ends, what a string says, how a string is written.
//
// Every function is linear in its input and takes any bytes. An index that a function returns with false is where the text is wrong;
// it is len(data) where the text ends too early.
package jsonscan

import (
	"math/bits"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest in a text, as in encoding/json.
const MaxDepth = 10000

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks, in the high bit of each byte, the bytes of x that cannot stand for themselves in a JSON string: quotation marks,
// backslashes and control characters. A carry may mark bytes above a marked one wrongly; the lowest mark is always right.
func special(x uint64) uint64 {
	low := x ^ ones*2 // brings the quotation mark, and no other, below the space with the control characters
	slash := x ^ ones*'\\'
	return ((low - ones*('"'^2+1)) | (slash - ones)) &^ x & highs
}

// load returns the 8 bytes of s from i on, which must be there.
func load[T string | []byte](s T, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// first returns the index, from 0, of the lowest byte that mask marks.
func first(mask uint64) int { return bits.TrailingZeros64(mask) >> 3 }

// isSpecial is special for a single byte.
func isSpecial(c byte) bool { return c < ' ' || c == '"' || c == '\\' }

// Space returns the index of the first byte from i on that is not white space.
func Space(data []byte, i int) int {
	for i < len(data) {
		switch data[i] {
		case ' ', '\t', '\r', '\n':
			i++
		default:
			return i
		}
	}
	return i
}

// Plain returns the index of the first byte from i on that cannot stand for itself in a string, which is the closing quotation mark
// of a string without escapes, and tells whether the bytes before it are valid UTF-8.
func Plain(data []byte, i int) (end int, valid bool) {
	start := i
	var seen uint64
	for ; i < len(data)-15; i += 16 {
		a, b := load(data, i), load(data, i+8)
		if special(a)|special(b) != 0 {
			break
		}
		seen |= a | b
	}
	for ; i < len(data)-7; i += 8 {
		x := load(data, i)
		if mask := special(x); mask != 0 {
			seen |= x & (mask&-mask - 1)
			end = i + first(mask)
			return end, seen&highs == 0 || utf8.Valid(data[start:end])
		}
		seen |= x
	}
	for i < len(data) && !isSpecial(data[i]) {
		i++
	}
	return i, utf8.Valid(data[start:i])
}

// Value returns the end of the value that begins at data[i] after white space, checking it whole. depth is how many arrays and
// objects it stands in.
func Value(data []byte, i, depth int) (end int, ok bool) {
	i = Space(data, i)
	if i >= len(data) {
		return len(data), false
	}
	switch c := data[i]; c {
	case '"':
		return String(data, i+1)
	case '{', '[':
		if depth >= MaxDepth {
			return i, false
		}
		return members(data, i+1, depth+1, c == '{')
	case 't':
		return literal(data, i, "true")
	case 'f':
		return literal(data, i, "false")
	case 'n':
		return literal(data, i, "null")
	default:
		return Number(data, i)
	}
}

// members returns the end of the object or array whose first byte stands before data[i].
func members(data []byte, i, depth int, object bool) (end int, ok bool) {
	closing := byte(']')
	if object {
		closing = '}'
	}
	if i = Space(data, i); i < len(data) && data[i] == closing {
		return i + 1, true
	}
	for {
		if object {
			if i = Space(data, i); i >= len(data) || data[i] != '"' {
				return i, false
			}
			if i, ok = String(data, i+1); !ok {
				return i, false
			}
			if i = Space(data, i); i >= len(data) || data[i] != ':' {
				return i, false
			}
			i++
		}
		if i, ok = Value(data, i, depth); !ok {
			return i, false
		}
		if i = Space(data, i); i >= len(data) {
			return i, false
		}
		switch data[i] {
		case ',':
			i++
		case closing:
			return i + 1, true
		default:
			return i, false
		}
	}
}

// String returns the end, after the quotation mark, of the string whose text begins at data[i].
func String(data []byte, i int) (end int, ok bool) {
	for {
		i = Stop(data, i)
		switch {
		case i >= len(data):
			return i, false
		case data[i] == '"':
			return i + 1, true
		case data[i] != '\\':
			return i, false
		}
		n := escapeLen(data[i:])
		if n == 0 {
			return i, false
		}
		i += n
	}
}

// Stop is Plain without the look at UTF-8.
func Stop(data []byte, i int) int {
	for ; i < len(data)-7; i += 8 {
		if mask := special(load(data, i)); mask != 0 {
			return i + first(mask)
		}
	}
	for i < len(data) && !isSpecial(data[i]) {
		i++
	}
	return i
}

// escapeLen returns the length of the escape that s begins with, 0 if it is none.
func escapeLen(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch {
	case escapes[s[1]] != 0:
		return 2
	case hex4(s) >= 0:
		return 6
	}
	return 0
}

// hex4 returns the number in the escape of a code unit that s begins with, -1 if it is none.
func hex4(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range s[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// Number returns the end of the number that begins at data[i].
func Number(data []byte, i int) (end int, ok bool) {
	if i < len(data) && data[i] == '-' {
		i++
	}
	switch {
	case i >= len(data):
		return i, false
	case data[i] == '0':
		i++
	default:
		if i, ok = digits(data, i); !ok {
			return i, false
		}
	}
	if i < len(data) && data[i] == '.' {
		if i, ok = digits(data, i+1); !ok {
			return i, false
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if i, ok = digits(data, i); !ok {
			return i, false
		}
	}
	return i, true
}

// digits returns the end of the digits at data[i], of which there must be one.
func digits(data []byte, i int) (end int, ok bool) {
	start := i
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i, i > start
}

// literal returns the end of word, which must stand at data[i].
func literal(data []byte, i int, word string) (end int, ok bool) {
	for k := range len(word) {
		if i+k >= len(data) || data[i+k] != word[k] {
			return i + k, false
		}
	}
	return i + len(word), true
}
