package links

import (
	"unicode"
	"unicode/utf8"
)

// The classes of characters. The reference implementation matches without
// regard to case and in the Unicode sense, so that wherever it asks for a Latin
// letter, ſ (U+017F, an s) and K (U+212A, a k) do as well: see latinAlnum.

// asciiSet is a set of ASCII characters.
type asciiSet [2]uint64

// has reports whether c is in the set.
func (s *asciiSet) has(c byte) bool {
	return c < utf8.RuneSelf && s[c>>6]&(1<<(c&63)) != 0
}

// asciiOf returns the set of the given characters.
func asciiOf(chars string) asciiSet {
	var s asciiSet
	for i := range len(chars) {
		s[chars[i]>>6] |= 1 << (chars[i] & 63)
	}
	return s
}

// asciiBut returns the set of all ASCII characters but the given ones.
func asciiBut(chars string) asciiSet {
	s := asciiOf(chars)
	return asciiSet{^s[0], ^s[1]}
}

const (
	alnums   = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	spaces   = " \t\n\v\f\r"
	controls = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f" +
		"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"

	longS      = 'ſ'      // folds to s
	kelvinSign = '\u212a' // folds to k
	fullAt     = '＠'
	fullHash   = '＃'
)

var asciiAlnum = asciiOf(alnums)

// latinAlnum returns the length in bytes of the Latin letter or ASCII digit at
// s[i:], and the letter in lower case; 0 if there is none.
func latinAlnum(s string, i int) (folded byte, size int) {
	switch c := s[i]; {
	case c < utf8.RuneSelf:
		if !asciiAlnum.has(c) {
			return 0, 0
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c, 1
	case c == 0xC5 && hasPrefixAt(s, i, "ſ"):
		return 's', len("ſ")
	case c == 0xE2 && hasPrefixAt(s, i, string(kelvinSign)):
		return 'k', len(string(kelvinSign))
	}
	return 0, 0
}

// latinAlnumEnd returns where the Latin letters and ASCII digits end that begin
// at i.
func latinAlnumEnd(s string, i int) int {
	for i < len(s) {
		_, size := latinAlnum(s, i)
		if size == 0 {
			break
		}
		i += size
	}
	return i
}

// hasPrefixAt reports whether s[i:] begins with prefix.
func hasPrefixAt(s string, i int, prefix string) bool {
	return len(s)-i >= len(prefix) && s[i:i+len(prefix)] == prefix
}

// isWord reports whether r is a word character: alphabetic, a mark, a decimal
// digit, connecting punctuation such as _, or a joiner. Source: Ruby's
// [[:word:]] (Ruby 4.0 added the joiners).
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= 0 && asciiAlnum.has(byte(r))
	}
	return commonLetter(r) || isAccent(r) || r == 0x200C || r == 0x200D ||
		isAlpha(r) || unicode.In(r, unicode.M, unicode.Nd, unicode.Pc)
}

// IsAlnum reports whether r is alphabetic or a decimal digit. Source: Ruby's
// [[:alnum:]].
func IsAlnum(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && asciiAlnum.has(byte(r))
	}
	return isAlpha(r) || unicode.Is(unicode.Nd, r)
}

// isAlpha reports whether r has the Unicode property Alphabetic: letters, most
// vowel signs, Roman numerals, circled letters. Source: Ruby's [[:alpha:]].
func isAlpha(r rune) bool {
	if isAccent(r) {
		return r == 0x345 // a Greek iota below another letter
	}
	if r < 0xAA || 0x2000 <= r && r <= 0x206F { // controls, punctuation
		return commonLetter(r)
	}
	return commonLetter(r) || unicode.In(r, unicode.L, unicode.Nl, unicode.Other_Alphabetic)
}

// isAccent reports whether r is in the block of combining accents. All of them
// are marks.
func isAccent(r rune) bool { return 0x300 <= r && r <= 0x36F }

// commonLetter reports whether r is in one of a few large blocks of nothing but
// letters. It saves the long way through the tables for most texts.
func commonLetter(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	case r < 0x250:
		return r >= 0xC0 && r != '×' && r != '÷'
	case r < 0x3041:
		return 0x3B1 <= r && r <= 0x3CE || // Greek
			0x400 <= r && r <= 0x481 || // Cyrillic
			0x5D0 <= r && r <= 0x5EA || // Hebrew
			0x620 <= r && r <= 0x64A // Arabic
	}
	return r <= 0x3096 || // Hiragana
		0x30A1 <= r && r <= 0x30FA || // Katakana
		0x4E00 <= r && r <= 0x9FEF || // Han
		0xAC00 <= r && r <= 0xD7A3 // Hangul
}

// isDirectional reports whether r marks the direction of text.
func isDirectional(r rune) bool {
	switch r {
	case 0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069:
		return true
	}
	return false
}

// isForbidden reports whether r is one of the three characters that no text
// should contain: they are neither part of a host nor may stand before a URL.
func isForbidden(r rune) bool {
	return r == 0xFFFE || r == 0xFEFF || r == 0xFFFF
}

// foldsToAccentedLatin reports whether r, or another case of it, is a Latin
// letter with an accent, or an accent, in the sense of twitter-text.
func foldsToAccentedLatin(r rune) bool {
	if unicode.Is(accentedLatin, r) {
		return true
	}
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		if unicode.Is(accentedLatin, o) {
			return true
		}
	}
	return false
}

// accentedLatin is twitter-text's idea of Latin letters with accents: Latin-1
// and the two extensions of Latin, African letters, the ʻokina, combining
// accents and Latin Extended Additional.
var accentedLatin = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00C0, 0x00D6, 1},
		{0x00D8, 0x00F6, 1},
		{0x00F8, 0x024F, 1},
		{0x0253, 0x0254, 1},
		{0x0256, 0x0257, 1},
		{0x0259, 0x025B, 2},
		{0x0263, 0x0268, 5},
		{0x026F, 0x0272, 3},
		{0x0289, 0x028B, 2},
		{0x02BB, 0x02BB, 1},
		{0x0300, 0x036F, 1},
		{0x1E00, 0x1EFF, 1},
	},
	LatinOffset: 2,
}
