package main

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto"
)

// Both texts have about 500 bytes. The mixed one has grapheme clusters of
// several code points.
var (
	asciiText = strings.Repeat("Mycologist, gardener and baker of bread. ", 12)
	mixedText = strings.Repeat("Pilze 🍄 sammeln, 日本語 हिन्दी, 👩‍🔬 und mehr. ", 10)
)

// lengthMeasures count the characters of a bio. The peer counts only grapheme
// clusters, while masto also looks for URLs and mentions.
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
