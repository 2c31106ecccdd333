package markup

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSkip compares skipping eight bytes at a time with looking at each, for
// every byte at every place.
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
	}
	require.Equal(t, Other, TagOf(""))
}

// TestDecode has the references that differ in text and in attribute values.
func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		name, src   string
		text, value string // "?": to be parsed
	}{
		{"usual ones", "a&amp;&lt;&gt;&quot;&#39;&apos;b", `a&<>"''b`, `a&<>"''b`},
		{"a name that is one", "&eacute;&nGt;", "é≫\u20d2", "é≫\u20d2"},
		{"a name that begins like one", "&notit;", "¬it;", "?"},
		{"a name without an end", "&copy", "©", "?"},
		{"a name that is none", "&b=1&xyz;", "&b=1&xyz;", "&b=1&xyz;"},
		{"numbers", "&#65&#x42;&#128;&#0;", "AB€\uFFFD", "AB€\uFFFD"},
		{"no number", "&#;&#x;&;& ", "&#;&#x;&;& ", "&#;&#x;&;& "},
		{"control characters", "\x01", "?", "?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, attr := range []bool{false, true} {
				want := tt.text
				if attr {
					want = tt.value
				}
				got, ok := appendDecoded(nil, tt.src, attr)
				require.Equal(t, want != "?", ok)
				if ok {
					require.Equal(t, want, string(got))
				}
			}
		})
	}
}
