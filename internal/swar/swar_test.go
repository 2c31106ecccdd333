package swar_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/swar"
)

func TestLoad(t *testing.T) {
	require.Equal(t, uint64(0x6867666564636261), swar.Load("abcdefghi", 0))
	require.Equal(t, uint64(0x6968676665646362), swar.Load([]byte("abcdefghi"), 1))
	require.Panics(t, func() { swar.Load("abcdefg", 0) })
}

// TestFirst compares the lowest marks with a look at each byte.
func TestFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		var b [8]byte
		for i := range b {
			b[i] = "\x00\x01ab\x7f\x80\x81\xff"[r.IntN(8)]
		}
		x := swar.Load(b[:], 0)
		for _, c := range []byte("\x00\x01ab\x80\xff") {
			want := bytes.IndexByte(b[:], c)
			if want < 0 {
				want = 8
			}
			require.Equal(t, want, swar.First(swar.Equal(x, c)), "%q in %q", c, b)
		}
		require.Equal(t, swar.Equal(x, 0), swar.Zero(x))
	}
}
