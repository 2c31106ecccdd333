package masto_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestNormalizeHashtag(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"spore_1":      "spore_1",
		"ŁÓDŹ":         "lodz",
		"Øł đħŧıĸ":     "oldhtik",
		"ĿåÆŒ":         "l·aæœ",
		"ǍẾȘ":          "ǎếș", // only two blocks lose their accents
		"e\u0301":      "e",
		"#１・２":         "1・2",
		"हिन्दी":       "हिनदी", // a mark that is no vowel
		"ก็":           "ก็",
		"-\u200d!🍄":    "",
		"a\u200cb\xff": "a\u200cb",
	} {
		require.Equal(t, want, masto.NormalizeHashtag(in), "%q", in)
	}
	require.Zero(t, testing.AllocsPerRun(10, func() { masto.NormalizeHashtag("mushrooms") }))
}

func FuzzNormalizeHashtag(f *testing.F) {
	seedTexts(f, "hashtags")
	f.Fuzz(func(t *testing.T, name string) {
		out := masto.NormalizeHashtag(name)
		require.True(t, utf8.ValidString(out))
		require.LessOrEqual(t, len(out), 12*len(name))
	})
}
