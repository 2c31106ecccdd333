package masto_test

import (
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto"
)

// Texts to measure rendering and counting with.
var benchTexts = []struct{ name, text string }{
	{"plain", strings.Repeat("I grow mushrooms in a cellar and write about them. Ask me, at any time; I answer on Mondays. ", 5)},
	{"bio", "Mycologist. She/her.\nFounder of https://mushroom-club.org\n\nTalks about #fungi, #spores and #カビ\nAlso @carol@remote.example :blobcat:"},
	{"mixed", strings.Repeat("Über Pilze & 日本のきのこ: мицелий растёт 🍄 naïve café, ", 8)},
	{"cyrillic", strings.Repeat("Выращиваю грибы в подвале и пишу о них. ", 10)},
	{"emoji", strings.Repeat("👩‍🔬🍄🏳️‍🌈👍🏽", 20)},
	{"hindi", strings.Repeat("मैं तहखाने में मशरूम उगाता हूँ। ", 10)},
}

func BenchmarkAppendNote(b *testing.B) {
	site := &masto.Site{Domain: "social.example"}
	for _, in := range benchTexts {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				buf = site.AppendNote(buf[:0], in.text, masto.View{})
			}
		})
	}
}

func BenchmarkRenderNote(b *testing.B) {
	site := &masto.Site{Domain: "social.example"}
	for _, in := range benchTexts {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			for b.Loop() {
				site.RenderNote(in.text, masto.View{})
			}
		})
	}
}

// BenchmarkNoteLength compares with the segmentation alone.
func BenchmarkNoteLength(b *testing.B) {
	for _, in := range benchTexts {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			for b.Loop() {
				masto.NoteLength(in.text)
			}
		})
		b.Run(in.name+"/uax29", func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			n := 0
			for b.Loop() {
				it := graphemes.FromString(in.text)
				for it.Next() {
					n++
				}
			}
		})
	}
}
