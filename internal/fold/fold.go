// Package fold makes keys for looking names up without regard to case.
package fold

import (
	"strings"
	"unicode"
)

// Key returns a key that two names share exactly if strings.EqualFold holds for
// them: Unicode's simple case folding, one code point for one. Accents count,
// and so does the way they are composed. ASCII letters become small ones. The
// key of a key is itself.
func Key(name string) string { return strings.Map(least, name) }

// least returns one code point for all that differ from r in case only.
func least(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if 'A' <= least && least <= 'Z' {
		return least - 'A' + 'a'
	}
	return least
}
