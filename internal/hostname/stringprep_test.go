package hostname_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/hostname"
)

func TestStringprep(t *testing.T) {
	count := func(in func(rune) bool) (n int) {
		for r := rune(0); r <= 0x10FFFF; r++ {
			if in(r) {
				n++
			}
		}
		return n
	}
	require.Equal(t, 27, count(hostname.IsMappedToNothing), "the 27 characters of table B.1")
	for r := rune(0); r < 0x80; r++ {
		require.False(t, hostname.IsProhibited(r), "%U is for the caller to judge", r)
	}
	for _, r := range "\u0085\u00a0\u200e\u2028\u206a\u3000\ue000\ufdd0\ufffd\U0001fffe\U000e0041\U00100000" {
		require.True(t, hostname.IsProhibited(r), "%U", r)
	}
	for _, r := range "éßя日🍄\u0301\u2070" {
		require.False(t, hostname.IsProhibited(r), "%U", r)
	}
}
