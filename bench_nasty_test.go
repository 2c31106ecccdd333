package masto_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-374a2035/masto"
)

// nasty are texts that are repeated, after a head, to make a search or a parser go over the same place again and again if it can.
var nasty = []struct{ head, part string }{
	{"", "I grow mushrooms in a cellar and write about them. Ask me, at any time; I answer on Mondays. "},
	{"", "a."},
	{"", "("},
	{"", "#"},
	{"", "@a@"},
	{"", "http://"},
	{"http://a.", "a."},
	{"", "https://a.com/("},
	{"", "xmpp:a."},
	{"", ":a"},
	{"", "<i><p>"},
	{"", "<p>"},
	{"", "&"},
	{"", "<!--"},
	{"", "\u0301"},
	{"", "\u200d"},
	{"", "@a@b.c."}, // those of the issue; and more for the parser:
	{"", "<b></p>"},
	{"", "<table><b>x"},
	{"", "<a>"},
	{"<table>", "x<b>"},
	{"<b><i><u>", "<p>"},
	{"", "<div><a>"},
	{"<svg>", "</p>"},
	{"<svg>", "<a></b>"},
	{"<p a=\"", "&amp"},
	{"<p ", "a=b "},
	{"", "<h1></h1>"},
	{"", "<nobr>"},
	{"", "<template></template>"},
	{"", "<form>"},
	{"", "<li></ul>"},
	{"", "<script><!--"},
	{"", ":ab:"},
	{"", "<br>"},
	{"", "\x00"},
	{"", "\xff"},
	{"", "<a href=x>"},
}

// nastyFunctions are the functions that take text or HTML of others. Each returns how many bytes it was given or wrote, whichever is more.
func nastyFunctions() map[string]func(s string) int {
	site := &masto.Site{Domain: "social.example", Limits: masto.Limits{FieldValue: -1}}
	var buf []byte
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: "https://a.io/a.gif", StaticURL: "https://a.io/a.png"}}
	return map[string]func(s string) int{
		"FindLinks": func(s string) int { return len(masto.FindLinks(s)) },
		"AppendNote": func(s string) int { // and RenderNote, but for the memory of its result
			buf = site.AppendNote(buf[:0], s, masto.View{})
			return len(buf)
		},
		"RenderFieldValue": func(s string) int { return len(site.RenderFieldValue(s, masto.View{})) },
		"NoteLength":       masto.NoteLength,
		"SanitizeHTML":     func(s string) int { return len(masto.SanitizeHTML(s)) },
		"PlainText":        func(s string) int { return len(masto.PlainText(s)) },
		"FindEmojis":       func(s string) int { return len(masto.FindEmojis(s)) },
		"Emojify":          func(s string) int { return len(masto.Emojify(s, emojis, true)) },
		"LinksBack": func(s string) int {
			_, ask, _ := masto.LinksBack(strings.NewReader(s), "https://social.example/@alice")
			return len(ask)
		},
		"VerifiableLink":   func(s string) int { url, _ := masto.VerifiableLink(s); return len(url) },
		"NormalizeHashtag": func(s string) int { return len(masto.NormalizeHashtag(s)) },
		"TerminalText":     func(s string) int { return len(masto.TerminalText(s)) },
	}
}

func nastyText(head, part string, size int) string {
	return head + strings.Repeat(part, size/len(part))
}

// BenchmarkNasty shows that the time is linear: what it costs for a byte, of the result if that is longer, is the same for each size.
func BenchmarkNasty(b *testing.B) {
	for name, f := range nastyFunctions() {
		for _, in := range nasty {
			for _, size := range []int{1 << 10, 1 << 14, 1 << 20} {
				s := nastyText(in.head, in.part, size)
				b.Run(fmt.Sprintf("%s/%.12q/%dK", name, in.head+in.part, size>>10), func(b *testing.B) {
					written := 0
					for b.Loop() {
						written = f(s)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(len(s), written)), "ns/byte")
				})
			}
		}
	}
}
