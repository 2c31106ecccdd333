package htmltree

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSkip compares skipping eight bytes at a time with looking at each, for every byte at every place.
func TestSkip(t *testing.T) {
	slow := func(s string, i int, where uint8) int {
		for i < len(s) && skippable[s[i]]&where != 0 {
			i++
		}
		return i
	}
	for c := range 256 {
		for d := range 256 {
			for at := range 9 {
				b := []byte("aaaaaaaaaaaaaaaa")
				b[at], b[at+1] = byte(c), byte(d)
				s := string(b)
				for _, i := range []int{0, 3} {
					require.Equal(t, slow(s, i, inTextByte), skipText(s, i), "%q %d", s, i)
					require.Equal(t, slow(s, i, inValueByte), skipValue(s, i), "%q %d", s, i)
				}
			}
		}
	}
}

func TestTags(t *testing.T) {
	for tag := Other + 1; tag < NumTags; tag++ {
		require.Equal(t, tag, TagOf(tag.String()))
		if nestRules[tag].sets&known != 0 {
			require.Equal(t, tag, NestTag(tag.String()+">"))
		}
	}
}
