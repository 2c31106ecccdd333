package links

import (
	"unicode"
	"unicode/utf8"
)

// What follows the host of a URL:
//
//	port   ":" and ASCII digits
//	path   "/" and then all but white space and < > ( ) ?, except that
//	       ( and ) may stand in balanced pairs, with pairs inside one level
//	       deep; it ends in a character that may end one, or in such a pair
//	query  "?" and characters that may be in one; the last may end one
//
// A fragment is part of a path or a query, and does not follow a bare host.

var (
	// pathChars are the ASCII characters of a path.
	pathChars = asciiBut(spaces + "<>()?")
	// pathEnds are the ASCII characters that may end a path. Beyond ASCII all
	// but white space and 「 」 may.
	pathEnds = asciiBut(spaces + `()?!*"'<>;:=,.$%[]~&|`)
	// pairChars are the ASCII characters inside a pair that may end a path.
	// Beyond ASCII these are Cyrillic letters, dashes and Latin letters with
	// accents: the rule for paths that twitter-text has.
	pairChars = asciiOf(alnums + "!*';:=+,.$/%#[]-_~&|@")
	// queryChars are the ASCII characters of a query; beyond ASCII see inIRI.
	queryChars = asciiOf(alnums + `!?*'();:&=+$/%#[]-_.,~|@^`)
	// queryEnds are the ASCII characters that may end a query; beyond ASCII all
	// characters of a query may.
	queryEnds = asciiOf(alnums + "_&=#/-")
)

// urlTail returns where the URL ends whose host ends at i.
func urlTail(s string, i int) int {
	if i+1 < len(s) && s[i] == ':' && isDigit(s[i+1]) {
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
	}
	return pathAndQuery(s, i)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// pathAndQuery returns where the path and query end that may begin at i.
func pathAndQuery(s string, i int) int {
	if i < len(s) && s[i] == '/' {
		i = pathEnd(s, i+1)
	}
	return queryEnd(s, i)
}

// pathEnd returns where the path ends whose first slash is before i.
func pathEnd(s string, i int) int {
	end := i
	for i < len(s) {
		c := s[i]
		switch {
		case c == '(':
			after, mayEnd := pair(s, i)
			if after < 0 {
				return end
			}
			if mayEnd {
				end = after
			}
			i = after
		case c < utf8.RuneSelf:
			if !pathChars.has(c) {
				return end
			}
			i++
			if pathEnds.has(c) {
				end = i
			}
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if unicode.IsSpace(r) {
				return end
			}
			i += size
			if r != '「' && r != '」' {
				end = i
			}
		}
	}
	return end
}

// pair returns where the balanced pair ends that begins with the ( at i, and
// whether it may end a path; -1 if it is not balanced. There is something in a
// pair, and in the pairs inside it, of which there is one at most.
func pair(s string, i int) (end int, mayEnd bool) {
	i, mayEnd = pairContent(s, i+1)
	if i < len(s) && s[i] == ')' && s[i-1] != '(' {
		return i + 1, mayEnd
	}
	if i >= len(s) || s[i] != '(' {
		return -1, false
	}
	inner, ok := pairContent(s, i+1)
	if inner >= len(s) || s[inner] != ')' || inner == i+1 {
		return -1, false
	}
	mayEnd = mayEnd && ok
	i, ok = pairContent(s, inner+1)
	if i >= len(s) || s[i] != ')' {
		return -1, false
	}
	return i + 1, mayEnd && ok
}

// pairContent returns where the characters end that may be inside a pair, and
// whether all of them may be in one that ends a path.
func pairContent(s string, i int) (end int, mayEnd bool) {
	mayEnd = true
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if !pathChars.has(c) {
				break
			}
			mayEnd = mayEnd && pairChars.has(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			break
		}
		mayEnd = mayEnd && (r == kelvinSign || unicode.In(r, unicode.Cyrillic, unicode.Pd) || foldsToAccentedLatin(r))
		i += size
	}
	return i, mayEnd
}

// queryEnd returns where the query ends that may begin at i.
func queryEnd(s string, i int) int {
	if i >= len(s) || s[i] != '?' {
		return i
	}
	end := i
	for i++; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if !queryChars.has(c) {
				break
			}
			i++
			if queryEnds.has(c) {
				end = i
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !inIRI(r) || r == utf8.RuneError && size == 1 {
			break
		}
		i += size
		end = i
	}
	return end
}

// inIRI reports whether r, which is not ASCII, may be in the query of an IRI:
// ucschar or iprivate of RFC 3987.
func inIRI(r rune) bool {
	switch {
	case r < 0xA0:
		return false
	case r < 0xFDD0:
		return r < 0xD800 || r >= 0xE000
	case r < 0x10000:
		return 0xFDF0 <= r && r <= 0xFFEF
	}
	if r&0xFFFE == 0xFFFE { // the last two of each plane
		return false
	}
	return r < 0xE0000 || r >= 0xE1000
}
