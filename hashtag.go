package masto

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-374a2035/masto/internal/links"
)

// NormalizeHashtag returns the name of a hashtag as servers compare it: in
// lower case, compatibility forms such as full width made plain, Latin letters
// of the Latin-1 and Latin Extended-A blocks without their accents and strokes,
// and without characters that a name cannot have, such as # and marks that are
// no vowels. Two names are the same hashtag if this makes them equal. What is
// left of a name may be "".
func NormalizeHashtag(name string) string {
	if isNormalHashtag(name) {
		return name
	}
	dst := make([]byte, 0, len(name)+utf8.UTFMax)
	for _, r := range norm.NFKC.String(name) {
		r = asciiFold(unicode.ToLower(r))
		if inHashtag(r) {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return string(dst)
}

// isNormalHashtag reports whether name is normal already and in ASCII.
func isNormalHashtag(name string) bool {
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// inHashtag reports whether the name of a hashtag keeps r: letters, vowel signs
// and digits, the separators, and some Thai and Lao marks.
func inHashtag(r rune) bool {
	switch r {
	case '_', '·', '・', 0x200C:
		return true
	}
	return 0x0E47 <= r && r <= 0x0E4E || links.IsAlnum(r)
}

// asciiFold returns the ASCII letter that a letter in lower case of Latin-1 or
// Latin Extended-A is made of, else the letter itself: æ, œ, ß, þ and
// everything beyond these blocks stay.
func asciiFold(r rune) rune {
	if r < 0xE0 || r > 0x17F {
		return r
	}
	switch r { // a stroke is no mark that could be taken off
	case 'ð', 'đ':
		return 'd'
	case 'ħ':
		return 'h'
	case 'ı':
		return 'i'
	case 'ĸ':
		return 'k'
	case 'ł':
		return 'l'
	case 'ŋ':
		return 'n'
	case 'ø':
		return 'o'
	case 'ŧ':
		return 't'
	}
	var buf [utf8.UTFMax]byte
	size := utf8.EncodeRune(buf[:], r)
	if d := norm.NFD.Properties(buf[:size]).Decomposition(); len(d) > 0 && d[0] < utf8.RuneSelf {
		return rune(d[0])
	}
	return r
}
