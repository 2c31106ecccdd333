package links_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/links"
)

const english = "I grow mushrooms in a cellar and write about them. Ask me anything, at any time; I answer on Mondays. "

// nasty are texts that are repeated, after a head, to make a search go over the
// same place again and again if it can.
var nasty = []struct{ name, head, repeat string }{
	{"english", "", english},
	{"bio", "", "I grow #mushrooms at https://spore.io/cellar, see @carol@remote.example. "},
	{"labels", "", "a."},
	{"url labels", "http://a.", "a."},
	{"url words", "http://a.", "word."},
	{"url TLDs", "http://a.", "com."},
	{"url underscores", "http://", "a_."},
	{"url one label", "http://", "a"},
	{"url hyphens", "http://a", "-"},
	{"idn labels", "http://", "пример."},
	{"idn TLDs", "http://", "a.рф"},
	{"idn one label", "http://", "я"},
	{"joiners", "http://a", "\u200d"},
	{"marks", "http://a", "\u0301"},
	{"marks in a tag", "#a", "\u0301"},
	{"joiners in a tag", "#a", "\u200d"},
	{"scheme", "", "http://"},
	{"scheme and label", "", "http://a."},
	{"urls", "", "http://a.com "},
	{"urls in a path", "", "http://a.com/"},
	{"open", "", "("},
	{"open url", "", "https://a.com/("},
	{"open paths", "https://a.com/", "(a"},
	{"pairs", "https://a.com/", "(a)"},
	{"pairs that end nothing", "https://a.com/", "(日https://a.com/)"},
	{"nested pairs", "https://a.com/", "(a(b"},
	{"dots", "https://a.com/", "."},
	{"query", "https://a.com?", "."},
	{"queries", "", "https://a.com?("},
	{"ports", "https://a.com:", "1"},
	{"bare hosts", "", "a.com/("},
	{"bare hosts and a scheme", "", "a.com/(http://"},
	{"hashes", "", "#"},
	{"digits in a tag", "", "#1"},
	{"tags", "", " #1"},
	{"separators", "#", "·"},
	{"full hashes", "", "＃"},
	{"full and half hashes", "", "＃#"},
	{"ats", "", "@"},
	{"mentions", "", "@a@"},
	{"mentions and domains", "", "@a@b.c."},
	{"mention with a long domain", "@a@", "b."},
	{"mention with dots", "@a", "."},
	{"mentions with dots", "", "@a..."},
	{"xmpp", "", "xmpp:"},
	{"xmpp hosts", "", "xmpp:a."},
	{"xmpp nodes", "xmpp:", "a@"},
	{"xmpp authorities", "", "xmpp://a@b.com/"},
	{"percents", "xmpp:", "%41"},
	{"magnets", "", "magnet:?"},
	{"magnet", "magnet:?", "."},
	{"colons", "", ":"},
	{"colons and slashes", "", "://"},
	{"slashes", "", "/"},
	{"invalid", "http://a.com/", "\xff"},
	{"cut off", "http://a", "\xe3\x81"},
}

// sized returns about n bytes of a nasty text, whole characters.
func sized(head, repeat string, n int) string {
	return head + strings.Repeat(repeat, max(1, (n-len(head))/len(repeat)))
}

// BenchmarkNasty shows that the time is linear: ns/byte is the same for each
// size.
func BenchmarkNasty(b *testing.B) {
	for _, in := range nasty {
		for _, size := range []struct {
			name string
			n    int
		}{{"1K", 1 << 10}, {"16K", 1 << 14}, {"1M", 1 << 20}} {
			b.Run(strings.ReplaceAll(in.name, " ", "-")+"/"+size.name, func(b *testing.B) {
				text := sized(in.head, in.repeat, size.n)
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					f := links.Find(text)
					for _, ok := f.Next(); ok; _, ok = f.Next() {
						n++
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(text)), "ns/byte")
			})
			b.Run("edits-"+strings.ReplaceAll(in.name, " ", "-")+"/"+size.name, func(b *testing.B) {
				text := sized(in.head, in.repeat, size.n)
				n := 0
				for b.Loop() {
					e := links.FindEdits(text)
					for _, ok := e.Next(); ok; _, ok = e.Next() {
						n++
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(text)), "ns/byte")
			})
		}
	}
}

func TestFindDoesNotAllocate(t *testing.T) {
	texts := []string{
		english,
		"#mushrooms at https://spore.io/cellar?q, see @carol@remote.example. xmpp:a@b.org magnet:?x " +
			"＃全角 https://пример.рф/ https://例え.jp https://foo.notatld",
		"https://bücher.de https://مرحبا.com https://🍄.com https://t.co/abc",
	}
	for _, text := range texts {
		n := testing.AllocsPerRun(100, func() {
			f := links.Find(text)
			for _, ok := f.Next(); ok; _, ok = f.Next() {
			}
			e := links.FindEdits(text)
			for _, ok := e.Next(); ok; _, ok = e.Next() {
			}
		})
		require.Zero(t, n, text)
	}
}

// TestLong finds what there is to be found in long texts, and in the end of
// them.
func TestLong(t *testing.T) {
	for _, in := range nasty {
		text := sized(in.head, in.repeat, 1<<16) + "\n #spore @alice https://spore.io\n"
		found := links.Append(nil, text)
		require.GreaterOrEqual(t, len(found), 2, in.name)
		require.Equal(t, "https://spore.io", found[len(found)-1].Text, in.name)
		end := 0
		for _, l := range found {
			require.GreaterOrEqual(t, l.Start, end, in.name)
			require.Less(t, l.Start, l.End, in.name)
			end = l.End
		}
		require.True(t, utf8.RuneStart(text[end]), in.name)
	}
}
