package notelength_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/notelength"
)

func TestCount(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       int
	}{
		{"a mark after a URL", "https://spore.io\u0301", 23},
		{"a mark that a URL takes with it", "a\u0301https://spore.io", 24},
		{"a character that goes with the next, before a URL", "\u0600,https://spore.io", 23},
		{"it goes with the placeholder", "\u0600 https://spore.io", 23},
		{"a mention takes the placeholder of a URL as its domain", "@a@b https://spore.io/x", 2},
		{"or as a part of the user", "@a https://spore.io/x", 25},
		{"a skin tone after a domain", "@a@b\U0001f3fb", 2},
		{"a host that does not exist", "https://🍄.com", 23},
		{"another scheme", "gemini://spore.io", 17},
		{"carriage returns", "a\r\r\n\r\né\r\n\r\n", 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, notelength.Count(tt.text))
		})
	}
}

// TestPairs compares with the segmentation alone for pairs and triples of
// characters of all kinds.
func TestPairs(t *testing.T) {
	around := []string{
		"", "a", "\r", "\n", "é", "\u0301", "\u200d", "🍄", "🏽", "🇩", "각", "ᄀ", "ᆨ", "क", "्",
		"\u0600", "中", "ー", "ﾞ", "ি", "☺",
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || r >= 0x20000 && r < 0xE0000 || r > 0xE0200 || 0x3400 <= r && r < 0xF900 && r%13 > 0 {
			continue
		}
		for _, a := range around {
			c := string(r)
			for _, text := range []string{a + c, c + a, a + c + a, "xx" + c + c + a + "x"} {
				if want, got := naiveLength(text), notelength.Count(text); want != got {
					t.Fatalf("%+q: want %d, got %d", text, want, got)
				}
			}
		}
	}
}

func naiveLength(text string) int {
	n := 0
	it := graphemes.FromString(text)
	for it.Next() {
		n++
	}
	return n
}

func FuzzCount(f *testing.F) {
	for _, text := range []string{
		"a\u0301https://spore.io\u0301", "@a@b https://spore.io/x", "\u0600 https://spore.io", "@a@b\U0001f3fb",
		"a\r\r\n\r\né",
		"\U0001f469\u200d\U0001f467 \u0915\u094d\u0937\u093f", "\u1100\u1161\u11a8\U0001f1e9\U0001f1ea\xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := notelength.Count(text)
		require.GreaterOrEqual(t, n, 0)
		if !strings.Contains(text, "://") && !strings.Contains(text, "@") && utf8.ValidString(text) {
			require.Equal(t, naiveLength(text), n)
		}
	})
}
