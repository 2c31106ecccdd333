package masto_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestLinkKind(t *testing.T) {
	for _, tt := range []struct {
		kind masto.LinkKind
		want string
	}{
		{kind: masto.LinkURL, want: "url"},
		{kind: masto.LinkHashtag, want: "hashtag"},
		{kind: masto.LinkMention, want: "mention"},
		{kind: 9, want: "unknown"},
	} {
		require.Equal(t, tt.want, tt.kind.String())
	}
}

func TestFindLinksFindsNothing(t *testing.T) {
	require.Nil(t, masto.FindLinks("nothing"))
}

// FuzzFindLinks checks that links are in order, do not overlap, and end in
// their texts.
func FuzzFindLinks(f *testing.F) {
	seedTexts(f, "entities", "hashtags")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, l := range masto.FindLinks(text) {
			require.GreaterOrEqual(t, l.Start, end)
			require.Greater(t, l.End, l.Start)
			require.LessOrEqual(t, l.End, len(text))
			require.True(t, strings.HasSuffix(text[l.Start:l.End], l.Text))
			require.NotEmpty(t, l.Text)
			end = l.End
		}
	})
}

func TestFindEmojis(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts []string
		want  []string
	}{
		{"in their order", []string{":ab: :cd:", "x", ":cd: :ab:"}, []string{"ab", "cd"}},
		{"each once", []string{":ab:", ":ab:"}, []string{"ab"}},
		{"too short, beside a letter or colon", []string{":a: x:ab: :ab:: é:ab: :é:"}, nil},
		{"parts in two texts", []string{":ab", "cd:"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, masto.FindEmojis(c.texts...))
		})
	}
	t.Run("allocations", func(t *testing.T) {
		require.Zero(t, testing.AllocsPerRun(10, func() { masto.FindEmojis("no: emoji :x: here", "12:34:56") }))
	})
	t.Run("more than are compared one by one", func(t *testing.T) {
		var many strings.Builder
		for i := range 100 {
			many.WriteString(":e" + strings.Repeat("x", i) + "x: ")
		}
		found := masto.FindEmojis(many.String(), many.String())
		require.Len(t, found, 100)
		require.Equal(t, "exx", found[1])
	})
}

// FuzzFindEmojis compares with regular expressions that have neither
// look-behind nor look-ahead, and so look at every start.
func FuzzFindEmojis(f *testing.F) {
	for _, v := range vectors.File(f, "emoji_scan") {
		f.Add(decode[string](v.In), "")
	}
	f.Add(":ab:\n:cd:", "\xff:ab:\xff")
	code := regexp.MustCompile(`^:([a-zA-Z0-9_]{2,}):`)
	alnum := regexp.MustCompile(`^[\p{L}\p{Nl}\p{Nd}:]`)
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, r := range a + b {
			if r >= utf8.RuneSelf && !alnum.MatchString(string(r)) {
				return // among these are marks that count as letters, for which there is no class
			}
		}
		var want []string
		for _, text := range []string{a, b} {
			for i := 0; i < len(text); {
				m := code.FindStringSubmatch(text[i:])
				if m == nil {
					i++
					continue
				}
				end := i + len(m[0])
				before, _ := utf8.DecodeLastRuneInString(text[:i])
				if i > 0 && alnum.MatchString(string(before)) || alnum.MatchString(text[end:]) {
					i++
					continue
				}
				if !slices.Contains(want, m[1]) {
					want = append(want, m[1])
				}
				i = end
			}
		}
		require.Equal(t, want, masto.FindEmojis(a, b))
	})
}

func TestNormalizeHashtag(t *testing.T) {
	for _, c := range []struct {
		name    string
		hashtag string
		want    string
	}{
		{"empty", "", ""},
		{"normal already", "spore_1", "spore_1"},
		{"capitals and strokes", "ŁÓDŹ", "lodz"},
		{"letters that do not decompose", "Øł đħŧıĸ", "oldhtik"},
		{"ligatures, which stay", "ĿåÆŒ", "l·aæœ"},
		{"accents of other blocks, which stay", "ǍẾȘ", "ǎếș"},
		{"combining accent", "e\u0301", "e"},
		{"full width and punctuation", "#１・２", "1・2"},
		{"mark that is no vowel", "हिन्दी", "हिनदी"},
		{"Thai mark", "ก็", "ก็"},
		{"nothing left", "-\u200d!🍄", ""},
		{"joiner and invalid UTF-8", "a\u200cb\xff", "a\u200cb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, masto.NormalizeHashtag(c.hashtag))
		})
	}
	t.Run("allocations", func(t *testing.T) {
		require.Zero(t, testing.AllocsPerRun(10, func() { masto.NormalizeHashtag("mushrooms") }))
	})
}

// FuzzNormalizeHashtag checks that the name is valid UTF-8 and not much longer.
func FuzzNormalizeHashtag(f *testing.F) {
	seedTexts(f, "hashtags")
	f.Fuzz(func(t *testing.T, name string) {
		out := masto.NormalizeHashtag(name)
		require.True(t, utf8.ValidString(out))
		require.LessOrEqual(t, len(out), 12*len(name))
	})
}
