package links_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// More texts, to be compared after a change of the rules:
//
//	go test -run TestTwin -count=1 -timeout 0 ./internal/links \
//		-args -twin.n=10000000 -twin.seed=1
var (
	twinN    = flag.Int("twin.n", 20_000, "how many texts are compared with the twin")
	twinSeed = flag.Uint64("twin.seed", 1, "seed of the texts")
)

func TestTwin(t *testing.T) {
	texts := newTexts(t, *twinSeed)
	differences := 0
	start := time.Now()
	for range *twinN {
		text := texts.next()
		if want, got := twin(text), entities(text); !slices.Equal(want, got) {
			differences++
			if differences <= 20 {
				t.Errorf("%q: -twin +links\n%s", text, cmp.Diff(want, got))
			}
		}
		if want, got := twinCountable(text), countable(text); want != got {
			differences++
			if differences <= 20 {
				t.Errorf("%q counts as\ntwin  %q\nlinks %q", text, want, got)
			}
		}
	}
	took := time.Since(start).Round(time.Millisecond)
	t.Logf("seed %d: %d texts, %d differences, %v", *twinSeed, *twinN, differences, took)
}

// countable returns text with the edits that precede counting.
func countable(text string) string {
	var b strings.Builder
	done := 0
	edits := links.FindEdits(text)
	for e, ok := edits.Next(); ok; e, ok = edits.Next() {
		b.WriteString(text[done:e.Start])
		if e.URL {
			b.WriteString(strings.Repeat("x", 23))
		}
		done = e.End
	}
	b.WriteString(text[done:])
	return b.String()
}

// texts makes random texts of building blocks and of what the vectors have.
type texts struct {
	rand   *rand.Rand
	corpus []string
}

func newTexts(t testing.TB, seed uint64) *texts {
	t.Helper()
	g := &texts{rand: rand.New(rand.NewPCG(seed, 0))}
	for _, kind := range []string{"entities", "note", "field", "note_length"} {
		for _, text := range vectors.Texts(t, kind) {
			if utf8.RuneCountInString(text) < 120 {
				g.corpus = append(g.corpus, text)
			}
		}
	}
	return g
}

func (g *texts) next() string {
	var b strings.Builder
	for range 1 + g.rand.IntN(10) {
		switch g.rand.IntN(12) {
		case 0:
			b.WriteString(g.slice(pick(g.rand, g.corpus)))
		case 1, 2, 3:
			b.WriteString(pick(g.rand, separators))
		case 4, 5:
			b.WriteRune(pick(g.rand, characters))
		case 6:
			b.WriteString(pick(g.rand, hosts))
		default:
			b.WriteString(pick(g.rand, blocks))
		}
		if b.Len() > 300 { // enough, a long host included
			break
		}
	}
	return b.String()
}

// slice returns a random part of a text.
func (g *texts) slice(text string) string {
	if g.rand.IntN(2) == 0 || text == "" {
		return text
	}
	t := []rune(text)
	from := g.rand.IntN(len(t))
	return string(t[from : from+g.rand.IntN(len(t)-from)+1])
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

var (
	separators = []string{
		" ", " ", " ", "\n", "\r\n", "/", ".", ",", ", ", "-", "_", ":", "?", "#", "@", "(", ")",
		"://", "&", "=", "、", "。", "　", "…",
	}
	characters = []rune("aZ09éßſK\u212a.-_·・/:?#@＠＃()[]<>!$&'\"" +
		"*+,;=%^`{|}~\\ \t\n\r\u00a0\u2028\u3000\u200b\u200c\u200d\u202b\u200e\u180e\ufeff\ufffe\ufffd\u0000\u0085" +
		"рыד١日本カ゛「」ａ½Ⅳⓐ①🍄👩\u0301\ufe0f\u20e3ꙮιΙɠƓɛ\u0345ẛÅʻ\u2024ẞ")
	hosts = []string{
		"spore.io", "a.com", "a_b.com", "b_.org", "-c.net", "d-.net", "x.co.uk", "np", "b.np",
		"a.xn--p1ai", "a.xn--zz-y", "пример.рф", "例え.jp",
		"a.中国", "b.みんなの", "x.भारतम्", "a.vermögensberater", "мир.РФы", "q.ioſ", "q.ſo", "q.Kr",
		"a..b.com", "münchen.de", "a.example",
		"localhost", "10.0.0.1", "t.co", "T.CO/", "a。b.com", "。.com", "a…b.org", "مرحبا.com",
		"مرحبا1.com", "a\u200db.com", "🍄.com", "ｆｕｌｌ.com", "x.ｃｏｍ",
		"xn--é.com", "a.onion", "ß.de", strings.Repeat("a", 64) + ".com", strings.Repeat("é", 60) + ".com",
		strings.Repeat("a.", 130) + "com", strings.Repeat("abc.", 1020) + "org",
		strings.Repeat("é.", 500) + "com",
	}
	blocks = []string{
		"https://", "http://", "HTTPſ://", "gemini://", "ssb://", "ipfs://", "dat://", "ftp://",
		"xmpp:", "XMPP://", "magnet:?", "mailto:",
		"https://spore.io", "https://spore.io/", "https://spore.io:8080/", "https://spore.io:80",
		"https://spore.io?q=1", "http://a.com/b", "https://www.spore.io/x?y=z&w=1",
		"https://spore.io/a_(b)_c", "https://spore.io/(a)", "https://spore.io/((a)b)",
		"https://spore.io/(日)", "/(a\"b)", "/x(y(z))w", "?a=(b)", "/#frag", "/@carol", "/é。",
		"https://пример.рф/путь", "https://例え.jp", "https://t.co/abc", "https://t.co/abc?d",
		"http://T.co/é", "https://t.co/" + strings.Repeat("a", 41),
		"xmpp:fungus@spore.io", "xmpp:a@b.org/res?x=1", "xmpp://a@b.org/c@d.net",
		"magnet:?xt=urn:btih:abc", "%41", "%4",
		"@alice", "@a@b", "@a@b.c", "@carol@remote.example", "@under_score_",
		"@dot.user@pleroma.example", "@K", "@ſ", "mail@spore.io", "@@", "@a.@b",
		"#spore", "#a_b", "#a·b", "#カ・ビ", "#123", "#1_2", "#__", "#_", "##x", "#é", "＃全角", "#http",
		"#spamhttps", "#Ⅳ", "#ⓐ1", "#1\u200c2", "#हिन्दी",
		"foo", "привет", "日本語", "www.", ".com", ".org/", ".jp", "com", "42", "x",
	}
)
