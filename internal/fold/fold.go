// Package fold compares and looks up names without regard to case.
//
//	fold.go   the keys by which a Store finds an account, for all of Unicode
//	ascii.go  schemes, domains and the names of elements: ASCII letters alone
//
// Accounts are found by simple case folding, as strings.EqualFold has it, so
// that a key is no longer than its name. Schemes and domains follow their
// RFCs, by which no other letter than an ASCII one has another case: the long
// s is no s.
//
// Every function takes time linear in the name. Those for ASCII allocate
// nothing, but for LowerASCII if there is a capital letter.
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
