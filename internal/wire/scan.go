// Package wire reads and writes the JSON of entities, updates and instances at
// the level of bytes, without reflection.
//
//	scan.go    where a value ends, and whether it is valid
//	quote.go   the text of a string, both ways; raw values without white space
//	reader.go  the members of an object, each into a variable of its type
//	any.go     a value of any type, found by the names of members
//	append.go  values after the names of their members
//	time.go    times in the forms that servers send, and in Mastodon's
//
// The syntax is that of RFC 8259. Invalid Unicode and nesting are treated as
// package encoding/json treats them: a byte that is not valid UTF-8, or a
// surrogate without its other half, becomes U+FFFD, and what is nested deeper
// than MaxDepth is not valid. Which other values are taken for a value, such as
// "1" for true, follows what servers were seen to send; the documentation of
// masto.Account.UnmarshalJSON lists it. Times are written in the forms of the
// reference.
//
// Every function accepts any bytes and takes time linear in their number. A
// Reader allocates what it returns, in a few chunks, and drops values that
// would take much more memory than their text, once a budget is spent. An Any
// allocates nothing but texts, and the Append functions nothing but the growth
// of dst and a copy of invalid UTF-8. Where a function returns an index and
// false, the index is that of the first wrong byte, or len(data) if the text
// ends too early.
//
// Package encoding/json/jsontext does most of this, but it is an experiment in
// Go 1.26 (GOEXPERIMENT=jsonv2), and a decoder of one token at a time costs
// several times as much as this package. Once it is stable, Value, AppendQuoted
// and AppendUnquoted are its Value.IsValid, AppendQuote and AppendUnquote; the
// Reader can follow when decoding an account by it takes less than twice the
// time.
package wire

import (
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/swar"
)

// MaxDepth is how deep arrays and objects may be nested. It is the limit of
// package encoding/json.
const MaxDepth = 10000

// special marks the bytes of x that must be escaped in a JSON string: quotation
// marks, backslashes and control characters. It sets the high bit of each such
// byte. A carry may mark bytes above a marked byte as well, so only the lowest
// mark can be relied on.
func special(x uint64) uint64 {
	// XOR with 2 swaps ' ' and '"' and keeps the control characters below ' ',
	// so that the bytes up to ' ' are then the control characters and '"'.
	low := x ^ swar.Ones*2
	slash := x ^ swar.Ones*'\\'
	return ((low - swar.Ones*('"'^2+1)) | (slash - swar.Ones)) &^ x & swar.Highs
}

// isSpecial reports whether c must be escaped in a JSON string.
func isSpecial(c byte) bool { return c < ' ' || c == '"' || c == '\\' }

// Space returns the index of the first byte at or after i that is not white
// space, or len(data) if there is none.
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

// Plain returns the index of the first byte at or after i that ends a run of
// unescaped text: the closing quotation mark, a backslash or a control
// character. It is len(data) if there is none. valid reports whether the run is
// valid UTF-8.
func Plain(data []byte, i int) (end int, valid bool) {
	start := i
	var seen uint64
	for ; i < len(data)-15; i += 16 {
		a, b := swar.Load(data, i), swar.Load(data, i+8)
		if special(a)|special(b) != 0 {
			break
		}
		seen |= a | b
	}
	for ; i < len(data)-7; i += 8 {
		x := swar.Load(data, i)
		if mask := special(x); mask != 0 {
			seen |= x & (mask&-mask - 1)
			end = i + swar.First(mask)
			return end, seen&swar.Highs == 0 || utf8.Valid(data[start:end])
		}
		seen |= x
	}
	for i < len(data) && !isSpecial(data[i]) {
		i++
	}
	return i, utf8.Valid(data[start:i])
}

// Value returns the end of the value that begins at data[i], after any white
// space. ok reports whether the whole value is valid. depth is the number of
// arrays and objects around the value.
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

// members returns the end of the object or array whose first member may begin
// at data[i], right after the opening bracket.
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

// String returns the end of the string whose text begins at data[i], right
// after the opening quotation mark. The end is after the closing one.
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

// Stop is [Plain] without the check for valid UTF-8.
func Stop(data []byte, i int) int {
	for ; i < len(data)-7; i += 8 {
		if mask := special(swar.Load(data, i)); mask != 0 {
			return i + swar.First(mask)
		}
	}
	for i < len(data) && !isSpecial(data[i]) {
		i++
	}
	return i
}

// escapeLen returns the length of the escape sequence at the start of s, or 0
// if there is none. A surrogate pair is two escape sequences.
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

// hex4 returns the code unit of the \u escape at the start of s, or -1 if there
// is none.
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

// digits returns the end of the digits at data[i]. ok reports whether there is
// at least one.
func digits(data []byte, i int) (end int, ok bool) {
	start := i
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i, i > start
}

// literal returns the end of word. ok reports whether it is at data[i].
func literal(data []byte, i int, word string) (end int, ok bool) {
	for k := range len(word) {
		if i+k >= len(data) || data[i+k] != word[k] {
			return i + k, false
		}
	}
	return i + len(word), true
}
