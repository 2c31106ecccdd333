package links

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/hostname"
)

// A host in text is one or more labels, each followed by a dot, and a TLD. A
// label begins and ends with a host character and has host characters, - and _
// between them; there is no _ in the last one. Of all the hosts that begin at a
// place the longest counts.
//
// The TLD is a generic or country one, in Latin letters or its own script, that
// is not followed by a Latin letter, an ASCII digit or one of @ + -; or it is
// xn-- and Latin letters or ASCII digits, known or not. Other characters may
// follow: the host of https://spore.org次 is spore.org.

// hostChars are the ASCII characters of a host: letters, digits and, in the
// reference implementation by an oversight, the backslash.
var hostChars = asciiOf(alnums + `\`)

// hostChar returns the length in bytes of the host character at s[i:], 0 if
// there is none. Beyond ASCII these are all characters but white space, the
// Mongolian vowel separator (once white space), directional marks and the
// forbidden ones.
func hostChar(s string, i int) int {
	if c := s[i]; c < utf8.RuneSelf {
		if hostChars.has(c) {
			return 1
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError && size == 1 || unicode.IsSpace(r) || r == 0x180E || isDirectional(r) || isForbidden(r) {
		return 0
	}
	return size
}

// findHost returns where the longest host ends that begins at i, or -1.
func findHost(s string, i int) int {
	// First all the labels that have a dot after them,
	last := i
	for {
		end, ok := label(s, last)
		if !ok || end == len(s) || s[end] != '.' {
			break
		}
		last = end + 1
	}
	// then backwards until what follows is a TLD.
	for tld := last; tld > i; {
		before := strings.LastIndexByte(s[i:tld-1], '.') + 1 + i
		if end := findTLD(s, tld); end >= 0 && strings.IndexByte(s[before:tld], '_') < 0 {
			return end
		}
		tld = before
	}
	return -1
}

// label returns where the host characters, - and _ end that begin at i, and
// whether they are a label.
func label(s string, i int) (end int, ok bool) {
	for i < len(s) {
		if s[i] == '-' || s[i] == '_' {
			if end == 0 {
				return i, false
			}
			i++
			continue
		}
		size := hostChar(s, i)
		if size == 0 {
			break
		}
		i += size
		end = i
	}
	return i, end == i && end > 0
}

// hostRun returns where the host characters, - _ and . end that begin at i.
func hostRun(s string, i int) int {
	for i < len(s) {
		if s[i] == '-' || s[i] == '_' || s[i] == '.' {
			i++
			continue
		}
		size := hostChar(s, i)
		if size == 0 {
			break
		}
		i += size
	}
	return i
}

const (
	// maxTLD is the length in bytes of the longest TLD worth a look, encoded.
	maxTLD = 28
	// maxIDNTLD is that of the longest one in code points, not encoded:
	// vermögensberatung has 17. It may have maxNonASCII beyond ASCII, where the
	// longest has 11.
	maxIDNTLD   = 18
	maxNonASCII = 12
)

// findTLD returns where the TLD ends that begins at i, or -1.
func findTLD(s string, i int) int {
	var name [maxTLD]byte
	n, end, letters := 0, i, true
	for end < len(s) {
		c, size := latinAlnum(s, end)
		if size == 0 {
			break
		}
		if n < len(name) {
			name[n] = c
			n++
		}
		letters = letters && c >= 'a'
		end += size
	}
	if n == 2 && name[0] == 'x' && name[1] == 'n' && hasPrefixAt(s, end, "--") {
		punycode := end + len("--")
		if end = latinAlnumEnd(s, punycode); end == punycode {
			return -1
		}
		return end
	}
	if !letters {
		return -1
	}
	if n > 1 && n < len(name) && mayFollowTLD(s, end) && knownTLD(name[:n]) {
		return end
	}
	if end < len(s) && s[end] >= utf8.RuneSelf && n < maxIDNTLD {
		return findIDNTLD(s, i)
	}
	return -1
}

// mayFollowTLD reports whether a TLD may end at i.
func mayFollowTLD(s string, i int) bool {
	if i == len(s) {
		return true
	}
	if c := s[i]; c < utf8.RuneSelf {
		return c != '@' && c != '+' && c != '-' && !asciiAlnum.has(c)
	}
	_, size := latinAlnum(s, i)
	return size == 0
}

// findIDNTLD returns where the longest TLD in its own script ends that begins
// at i, or -1. It has two code points or more. There is no end to a TLD in a
// script without spaces: what follows it may be the next word.
func findIDNTLD(s string, i int) int {
	var name [maxIDNTLD]rune
	var ends [maxIDNTLD]int
	n, nonASCII := 0, 0
	for n < len(name) && nonASCII < maxNonASCII && i < len(s) {
		if c, size := latinAlnum(s, i); size > 0 {
			if c < 'a' {
				break
			}
			name[n] = rune(c)
			i += size
		} else {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !commonLetter(r) && !unicode.In(r, unicode.L, unicode.M) {
				break
			}
			name[n] = unicode.ToLower(r)
			i += size
			nonASCII++
		}
		ends[n] = i
		n++
	}
	for ; n > 1; n-- {
		if !mayFollowTLD(s, ends[n-1]) {
			continue
		}
		var encoded [maxTLD]byte
		if b, ok := hostname.AppendPunycode(append(encoded[:0], "xn--"...), name[:n]); ok && knownTLD(b) {
			return ends[n-1]
		}
	}
	return -1
}
