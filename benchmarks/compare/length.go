package main

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto"
)

// Texts of about 500 bytes; the mixed one has clusters of several code points.
var (
	asciiText = strings.Repeat("Mycologist, gardener and baker of bread. ", 12)
	mixedText = strings.Repeat("Pilze 🍄 sammeln, 日本語 हिन्दी, 👩‍🔬 und mehr. ", 10)
)

// lengthMeasures counts a bio: ours looks for URLs and mentions too, the peer counts grapheme clusters only.
func lengthMeasures() []measure {
	of := func(name, text string, goal float64) measure {
		return measure{
			name:  name,
			ours:  func() { masto.NoteLength(text) },
			peers: []peer{{"uax29 alone", func() { clusters(text) }, goal}},
			check: func() error { return same(clusters(text), masto.NoteLength(text)) },
		}
	}
	return []measure{of("NoteLength ASCII", asciiText, 8), of("NoteLength mixed", mixedText, 1.3)}
}

func clusters(text string) int {
	n := 0
	for t := graphemes.FromString(text); t.Next(); {
		n++
	}
	return n
}
