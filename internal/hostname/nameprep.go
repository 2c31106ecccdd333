package hostname

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Nameprep (RFC 3491) drops some characters of a label, maps the rest to lower
// case, normalizes them (NFKC), and refuses some. Its tables, those of
// stringprep (RFC 3454), are of Unicode 3.2. Most of them follow from the
// tables of today: what was assigned then has the same decomposition now. The
// directions of some characters have changed, Braille for one, which matters
// only to a label that mixes them with letters written from right to left, and
// the decompositions of five rare ideographs were corrected.

// scope says which characters a label may have.
type scope uint8

const (
	// assignedOnly refuses characters that were not assigned in Unicode 3.2, as
	// is right for names that are stored.
	assignedOnly scope = iota
	// allOfUnicode takes them as they are, as is right for a question
	// (AllowUnassigned).
	allOfUnicode
)

// maxPrepared is the longest label in code points before normalization, which
// composes four of them at most to one.
const maxPrepared = 4 * maxLabel

// nameprep returns a label prepared for its encoding, but that it may still
// have capital letters for [lower]. It reports false if the label is not valid
// UTF-8, has a character that is prohibited or out of scope, mixes directions,
// or is too long for anything. A label that is normalized, as most are, is not
// copied.
func nameprep(label string, scope scope) (string, bool) {
	n := 0
	normal := true // there is nothing to do but what lower does
	upper, mark := false, false
	for _, r := range label {
		if r == utf8.RuneError {
			return "", false // itself prohibited
		}
		if isMappedToNothing(r) {
			normal = false
			continue
		}
		if n++; n > maxPrepared {
			return "", false
		}
		if !unicode.Is(assigned32, r) {
			if scope == assignedOnly {
				return "", false
			}
			normal = false
			continue
		}
		normal = normal && !foldsToMore(r)
		upper = upper || lower(r) != r
		mark = mark || unicode.Is(unicode.M, r)
	}
	// A small letter may go together with a mark where the capital one does
	// not.
	if !normal || upper && mark || norm.NFKC.QuickSpanString(label) < len(label) {
		label = normalize(label)
	}
	return label, mayBeLabel(label)
}

// normalize maps and normalizes a label.
func normalize(label string) string {
	dst := make([]byte, 0, len(label))
	done := 0 // dst is normalized up to here
	for _, r := range label {
		if isMappedToNothing(r) {
			continue
		}
		if !unicode.Is(assigned32, r) {
			// It is left alone, and nothing goes together with it.
			dst = append(dst[:done], norm.NFKC.Bytes(dst[done:])...)
			dst = utf8.AppendRune(dst, r)
			done = len(dst)
			continue
		}
		dst = appendFolded(dst, r)
	}
	return string(append(dst[:done], norm.NFKC.Bytes(dst[done:])...))
}

// appendFolded appends r in lower case. It is decomposed for that, as many
// characters are compatibility forms of capital letters. Source: table B.2.
func appendFolded(dst []byte, r rune) []byte {
	var buf [utf8.UTFMax]byte
	char := buf[:utf8.EncodeRune(buf[:], r)]
	if d := norm.NFKD.Properties(char).Decomposition(); d != nil {
		char = d
	}
	for len(char) > 0 {
		d, size := utf8.DecodeRune(char)
		char = char[size:]
		switch d {
		case 'ß':
			dst = append(dst, "ss"...)
		case 'ς':
			dst = append(dst, "σ"...)
		case 0x345: // the iota below a letter becomes one beside it
			dst = append(dst, "ι"...)
		default:
			dst = utf8.AppendRune(dst, lower(d))
		}
	}
	return dst
}

// foldsToMore reports whether r may become something else in lower case than
// [lower] makes of it, though it is normalized: ß, ς, a capital I with a dot,
// and what has an iota below.
func foldsToMore(r rune) bool {
	switch r {
	case 'ß', 'ς', 'İ', 0x345:
		return true
	}
	return 0x1F80 <= r && r <= 0x1FFC
}

// lower returns r in lower case, as far as Unicode 3.2 had one for it.
func lower(r rune) rune {
	if l := unicode.ToLower(r); l != r && unicode.Is(assigned32, l) && unicode.Is(assigned32, r) {
		return l
	}
	return r
}

// mayBeLabel reports whether a mapped and normalized label has no character
// that nameprep prohibits, and keeps to its rule for text in both directions.
func mayBeLabel(label string) bool {
	return !strings.ContainsFunc(label, isProhibited) && directionsAgree(label)
}
