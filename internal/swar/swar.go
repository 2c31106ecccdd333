// Package swar looks at eight bytes of a text at once, as the eight bytes of a
// number (SIMD within a register): escaping, counting and scanning pass over
// long stretches of text that have nothing for them.
//
// A mask marks bytes by their highest bit. Subtracting borrows from the byte
// above, so that a byte above a marked one may be marked wrongly. Only two
// things can be relied on: whether there is a mark, and which is the lowest.
//
// The functions allocate nothing and are made to be inlined.
package swar

import "math/bits"

const (
	// Ones has 1 in every byte: Ones*c has the byte c in every place.
	Ones = 0x0101010101010101
	// Highs has the highest bit of every byte: of a number, those of its bytes
	// that are not ASCII.
	Highs = 0x80 * Ones
)

// Load returns the eight bytes of s from i on, which must be there, the first
// one lowest.
func Load[T string | []byte](s T, i int) uint64 {
	b := s[i : i+8] // its length is known, so that this is one load
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// Zero marks the bytes of x that are 0.
func Zero(x uint64) uint64 { return (x - Ones) &^ x & Highs }

// Equal marks the bytes of x that are c.
func Equal(x uint64, c byte) uint64 { return Zero(x ^ uint64(c)*Ones) }

// First returns the index, from 0, of the lowest byte that mask marks; 8 if it
// marks none.
func First(mask uint64) int { return bits.TrailingZeros64(mask) >> 3 }
