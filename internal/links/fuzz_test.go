package links_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// FuzzTwin compares with the twin what needs no knowledge of every character of
// Unicode 3.2.
func FuzzTwin(f *testing.F) {
	for _, kind := range []string{"entities", "note_length"} {
		for _, text := range vectors.Texts(f, kind) {
			f.Add(text)
		}
	}
	for _, in := range nasty {
		f.Add(sized(in.head, in.repeat, 60))
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, l := range links.Append(nil, text) {
			require.GreaterOrEqual(t, l.Start, end)
			require.Greater(t, l.End, l.Start)
			end = l.End
		}
		require.LessOrEqual(t, end, len(text))
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 80 {
			return
		}
		require.Equal(t, twinCountable(text), countable(text))
		if !strings.Contains(text, "://") {
			require.Equal(t, twin(text), entities(text))
		}
	})
}
