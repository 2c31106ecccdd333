package links_test

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// This is the twin of the package: the same rules as patterns that are tried at
// every place of a text, with backtracking, in any time it takes. It shares no
// code and no tables with the package. Where the two differ, one of them is
// wrong.

// pattern matches t at i in one way after the other, and calls k with the end
// of each until k is content.
type pattern func(t []rune, i int, k func(end int) bool) bool

func char(in func(rune) bool) pattern {
	return func(t []rune, i int, k func(int) bool) bool {
		return i < len(t) && in(t[i]) && k(i+1)
	}
}

func seq(ps ...pattern) pattern {
	if len(ps) == 1 {
		return ps[0]
	}
	rest := seq(ps[1:]...)
	return func(t []rune, i int, k func(int) bool) bool {
		return ps[0](t, i, func(j int) bool { return rest(t, j, k) })
	}
}

func alt(ps ...pattern) pattern {
	return func(t []rune, i int, k func(int) bool) bool {
		for _, p := range ps {
			if p(t, i, k) {
				return true
			}
		}
		return false
	}
}

func opt(p pattern) pattern { return alt(p, nothing) }

func nothing(_ []rune, i int, k func(int) bool) bool { return k(i) }

// many is p as often as possible, at least not at all.
func many(p pattern) pattern {
	var again pattern
	again = func(t []rune, i int, k func(int) bool) bool {
		return p(t, i, func(j int) bool { return j > i && again(t, j, k) }) || k(i)
	}
	return again
}

func some(p pattern) pattern { return seq(p, many(p)) }

// word matches s in any case.
func word(s string) pattern {
	var ps []pattern
	for _, want := range s {
		ps = append(ps, char(func(r rune) bool { return fold(r) == want }))
	}
	return seq(ps...)
}

// mark notes where the match passes.
func mark(at *int) pattern {
	return func(_ []rune, i int, k func(int) bool) bool {
		old := *at
		*at = i
		if k(i) {
			return true
		}
		*at = old
		return false
	}
}

func fold(r rune) rune {
	switch r {
	case 'ſ':
		return 's'
	case '\u212a':
		return 'k'
	}
	if 'A' <= r && r <= 'Z' {
		return r + 32
	}
	return r
}

func latin(r rune) bool {
	return strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", fold(r))
}

func anyOf(chars string) func(rune) bool {
	return func(r rune) bool { return strings.ContainsRune(chars, r) }
}

func either(fs ...func(rune) bool) func(rune) bool {
	return func(r rune) bool {
		for _, f := range fs {
			if f(r) {
				return true
			}
		}
		return false
	}
}

func not(f func(rune) bool) func(rune) bool { return func(r rune) bool { return !f(r) } }

var (
	directional = anyOf("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
	space       = func(r rune) bool { return unicode.Is(unicode.White_Space, r) }
	cyrillic    = func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
	dash        = func(r rune) bool { return unicode.Is(unicode.Pd, r) }
	alphabetic  = func(r rune) bool {
		return unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_Alphabetic, r)
	}
	wordChar = func(r rune) bool {
		return alphabetic(r) || unicode.IsMark(r) || unicode.IsDigit(r) || unicode.Is(unicode.Pc, r) ||
			r == 0x200C || r == 0x200D
	}
	iri = func(r rune) bool {
		for _, in := range [][2]rune{
			{0xA0, 0xD7FF},
			{0xE000, 0xF8FF},
			{0xF900, 0xFDCF},
			{0xFDF0, 0xFFEF},
			{0x10000, 0x1FFFD},
			{0x20000, 0x2FFFD},
			{0x30000, 0x3FFFD},
			{0xE1000, 0xEFFFD},
			{0xF0000, 0xFFFFD},
			{0x100000, 0x10FFFD},
		} {
			if in[0] <= r && r <= in[1] {
				return true
			}
		}
		return false
	}
	accented = func(r rune) bool {
		return 0xC0 <= r && r <= 0x24F && r != '×' && r != '÷' ||
			0x300 <= r && r <= 0x36F || 0x1E00 <= r && r <= 0x1EFF ||
			strings.ContainsRune("ɓɔɖɗəɛɣɨɯɲʉʋʻ", r)
	}
	accentedInAnyCase = func(r rune) bool {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if accented(f) {
				return true
			}
		}
		return accented(r)
	}

	// A URL.
	textStart = func(_ []rune, i int, k func(int) bool) bool { return i == 0 && k(i) }
	beforeURL = alt(char(not(either(latin, anyOf("@＠$#＃\ufeff\ufffe\uffff")))), textStart)
	schemes   = alt(word("https"), word("http"), word("dat"), word("dweb"), word("ipfs"), word("ipns"), word("ssb"),
		word("gopher"), word("gemini"))
	hostChar = not(either(directional, space, anyOf("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\u180e\ufeff\ufffe\uffff"),
		func(r rune) bool { return r < 0x20 || r == 0x7F }))
	hostLabel = seq(opt(seq(char(hostChar), many(char(either(hostChar, anyOf("-_")))))), char(hostChar), word("."))
	lastLabel = seq(opt(seq(char(hostChar), many(char(either(hostChar, anyOf("-")))))), char(hostChar), word("."))
	host      = seq(many(hostLabel), lastLabel, alt(tld, seq(word("xn--"), some(char(latin)))))
	port      = seq(word(":"), some(char(anyOf("0123456789"))))
	pathChar  = char(not(either(space, anyOf("<>()?"))))
	pairChar  = char(either(latin, cyrillic, dash, accentedInAnyCase, anyOf("!*';:=+,.$/%#[]_~&|@")))
	pathEnd   = alt(char(not(either(space, anyOf("()?!*\"'「」<>;:=,.$%[]~&|")))), pairOf(pairChar))
	pathPart  = seq(many(pathChar), many(seq(pairOf(pathChar), many(pathChar))), pathEnd)
	path      = seq(word("/"), many(alt(pathPart, seq(some(pathChar), word("/")))))
	query     = seq(word("?"), many(char(either(latin, iri, anyOf("!?*'();:&=+$/%#[]-_.,~|@^")))),
		char(either(latin, iri, anyOf("_&=#/-"))))

	// Another URI.
	hex      = char(anyOf("0123456789abcdefABCDEF"))
	plain    = either(latin, cyrillic, dash, anyOf("._~"))
	node     = some(alt(char(plain), seq(word("%"), hex, hex), char(anyOf("!$()*+,;="))))
	resource = some(alt(char(plain), seq(word("%"), hex, hex), char(anyOf("!$&'()*+,;="))))
	xmpp     = seq(word("xmpp:"), opt(seq(word("//"), node, word("@"), host, word("/"))),
		opt(seq(node, word("@"))), host, opt(seq(word("/"), resource)), opt(query))
	magnet = seq(word("magnet:"), query)

	// A mention and a hashtag.
	userPart  = some(char(either(latin, anyOf("_"))))
	user      = seq(userPart, many(seq(some(char(anyOf(".-"))), userPart)))
	domPart   = some(char(wordChar))
	domain    = seq(domPart, many(seq(some(char(anyOf(".-"))), domPart)))
	separator = anyOf("_·・\u200c")
	tagChar   = char(either(wordChar, separator))
	tagName   = alt(
		seq(char(wordChar), many(tagChar), char(either(alphabetic, separator)), many(tagChar), char(wordChar)),
		seq(many(char(wordChar)), char(alphabetic), many(char(wordChar))),
	)
)

func pairOf(c pattern) pattern {
	return seq(word("("), alt(some(c), seq(many(c), word("("), some(c), word(")"), many(c))), word(")"))
}

// tld matches a known top-level domain, the longest first.
func tld(t []rune, i int, k func(int) bool) bool {
	end := i
	for end < min(len(t), i+24) && (unicode.IsLetter(t[end]) || unicode.IsMark(t[end])) {
		end++
	}
	for ; end > i; end-- {
		if end < len(t) && (latin(t[end]) || strings.ContainsRune("@+-", t[end])) {
			continue
		}
		if isTLD(string(t[i:end])) && k(end) {
			return true
		}
	}
	return false
}

var tldsSeen = map[string]bool{}

func isTLD(name string) bool {
	known, seen := tldsSeen[name]
	if seen {
		return known
	}
	lower := strings.Map(func(r rune) rune { return unicode.ToLower(fold(r)) }, name)
	if !strings.ContainsAny(lower, ".-0123456789") {
		if ascii, err := idna.Punycode.ToASCII(lower); err == nil {
			_, known = publicsuffix.PublicSuffix("x." + ascii)
		}
	}
	if len(tldsSeen) < 1<<20 {
		tldsSeen[name] = known
	}
	return known
}

// match is what a search found, in code points.
type match struct{ start, host, hostEnd, name int }

// each calls f with every match of p in t, one after the other.
func each(p pattern, t []rune, m *match, f func(end int)) {
	for i := 0; i <= len(t); {
		next := i + 1
		*m = match{start: -1}
		p(t, i, func(end int) bool {
			next = max(end, next)
			f(end)
			return true
		})
		i = next
	}
}

// twin returns the links of a text, with offsets in code points.
func twin(text string) []entity {
	t := []rune(text)
	var found []entity
	add := func(kind string, start, name, end int) {
		found = append(found, entity{Type: kind, Text: string(t[name:end]), Start: start, End: end})
	}
	var m match

	if strings.Contains(text, "://") {
		url := seq(beforeURL, mark(&m.start), opt(seq(schemes, word("://"), mark(&m.name))),
			mark(&m.host), host, mark(&m.hostEnd), opt(port), opt(path), opt(query))
		each(url, t, &m, func(end int) {
			if m.name == 0 {
				return // no scheme
			}
			scheme, rest := strings.ToLower(string(t[m.start:end])), strings.ToLower(string(t[m.host:end]))
			if strings.HasPrefix(scheme, "http") && strings.HasPrefix(rest, "t.co/") {
				slug := m.host + 5
				for slug < end && latin(t[slug]) {
					slug++
				}
				if slug-m.host-5 > 40 {
					return
				}
				if slug > m.host+5 {
					end = slug
				}
			}
			if n, ok := twinHost(string(t[m.host:m.hostEnd])); ok && end-m.start+max(0, n-(m.hostEnd-m.host)) <= 4096 {
				add("url", m.start, m.start, end)
			}
		})
	}
	if strings.Contains(text, ":") {
		each(seq(beforeURL, mark(&m.start), alt(xmpp, magnet)), t, &m, func(end int) {
			add("url", m.start, m.start, end)
		})
	}

	if strings.ContainsAny(text, "#＃") {
		tag := seq(char(anyOf("#＃")), mark(&m.name), tagName)
		each(func(t []rune, i int, k func(int) bool) bool {
			return (i == 0 || space(t[i-1])) && tag(t, i, k)
		}, t, &m, func(end int) {
			start, name := m.name-1, string(t[m.name:end])
			if strings.HasPrefix(string(t[end:]), "://") {
				for _, s := range []string{"http", "https"} {
					if cut, ok := strings.CutSuffix(name, s); ok && cut != "" {
						end -= len(s)
						break
					}
				}
			}
			add("hashtag", start, m.name, end)
		})
	}

	if strings.Contains(text, "@") {
		mention := seq(word("@"), mark(&m.start), user, mark(&m.host), opt(seq(word("@"), domain)))
		each(func(t []rune, i int, k func(int) bool) bool {
			return (i == 0 || t[i-1] != '=' && t[i-1] != '/' && !wordChar(t[i-1])) && mention(t, i, k)
		}, t, &m, func(end int) {
			if end < len(t) && (t[end] == '@' || t[end] == '＠' || accented(t[end])) {
				return
			}
			if strings.HasPrefix(string(t[end:]), "://") {
				return
			}
			if end-m.host-1 > 253 {
				return
			}
			add("mention", m.start-1, m.start, end)
		})
	}

	kept := []entity{}
	for len(found) > 0 {
		first := 0
		for i := range found {
			if found[i].Start < found[first].Start {
				first = i
			}
		}
		e := found[first]
		found = append(found[:first], found[first+1:]...)
		if len(kept) == 0 || e.Start >= kept[len(kept)-1].End {
			kept = append(kept, e)
		}
	}
	return kept
}

// newer are the characters of the test texts that Unicode 3.2 did not have, but
// for emoji and what is above them.
const newer = "\u0221\u0234\u0239\u023a\u023c\u0242\u0244\u0246\u0247\u0249\u0351\u0370\u038d\u04fc\u0516\u051e" +
	"\u0524\u0588\u058b\u058e\u05ed\u05fe\u0600\u061c\u0620\u08a0\u08e2\u0957\u0a3b\u0a45\u0a8e\u0ad5" +
	"\u0b5a\u0be1\u0c52\u0c76\u0cd3\u0cda\u0cdd\u0cfa\u0d3c\u0d3d\u0d4e\u0d50\u0d77\u0dd7\u0de4\u0dee" +
	"\u0e64\u0e7d\u102b\u103a\u103c\u13f8\u1c80\u1c90\u1e9e\u26a7\u2c00\u2d00\u3098\u9fef\ua66e\ua7b3" +
	"\ua7b9\uab70\U00010d50\U000110bd\U00011bc5\U0001d4c1"

// twinHost is what IDNA 2003 makes of the hosts that the test texts have: of
// the characters after Unicode 3.2 it knows those above only.
func twinHost(host string) (n int, ok bool) {
	host = strings.NewReplacer("。", ".", "．", ".", "｡", ".").Replace(host)
	for l := range strings.SplitSeq(host, ".") {
		ascii := l
		if strings.ContainsFunc(l, func(r rune) bool { return r > unicode.MaxASCII }) {
			if strings.ContainsFunc(l, func(r rune) bool {
				return 0x1F000 <= r && r < 0x20000 || r >= 0xE0000 || strings.ContainsRune(newer, r)
			}) {
				return 0, false
			}
			l = strings.Map(func(r rune) rune {
				if strings.ContainsRune("\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff", r) || 0xFE00 <= r && r <= 0xFE0F {
					return -1
				}
				return unicode.ToLower(r)
			}, l)
			l = norm.NFKC.String(strings.ReplaceAll(l, "ß", "ss"))
			if strings.ContainsFunc(l, func(r rune) bool {
				return unicode.Is(unicode.Co, r) || unicode.IsControl(r) && r > 0x7F || r == 0xFFFD
			}) {
				return 0, false
			}
			rtl := func(r rune) bool { return unicode.In(r, unicode.Hebrew, unicode.Arabic) && unicode.IsLetter(r) }
			ltr := func(r rune) bool { return unicode.IsLetter(r) && !rtl(r) }
			if strings.ContainsFunc(l, rtl) {
				t := []rune(l)
				if !rtl(t[0]) || !rtl(t[len(t)-1]) || strings.ContainsFunc(l, ltr) {
					return 0, false
				}
			}
			ascii = l
			if strings.ContainsFunc(l, func(r rune) bool { return r > unicode.MaxASCII }) {
				if strings.HasPrefix(strings.ToLower(l), "xn--") {
					return 0, false
				}
				var err error
				ascii, err = idna.Punycode.ToASCII(strings.ReplaceAll(l, ".", "z")) // the dots of … separate no labels
				if err != nil || !strings.HasPrefix(ascii, "xn--") {
					return 0, false
				}
			}
		}
		if len(ascii) < 1 || len(ascii) > 63 {
			return 0, false
		}
		n += len(ascii) + 1
	}
	return n - 1, true
}

// twinCountable returns the text whose clusters are counted as the length of a
// bio.
func twinCountable(text string) string {
	const placeholder = "xxxxxxxxxxxxxxxxxxxxxxx"
	t := []rune(text)
	var m match
	var replaced []rune
	done := 0
	if !strings.Contains(text, "://") && !strings.Contains(text, "@") {
		return text
	}
	url := seq(mark(&m.start), beforeURL, alt(word("https"), word("http")), word("://"), host,
		opt(port), opt(path), opt(query))
	each(url, t, &m, func(end int) {
		replaced = append(append(replaced, t[done:m.start]...), []rune(placeholder)...)
		done = end
	})
	t = append(replaced, t[done:]...)

	replaced, done = nil, 0
	mention := seq(word("@"), user, mark(&m.host), opt(seq(word("@"), domain)))
	each(func(t []rune, i int, k func(int) bool) bool {
		return (i == 0 || t[i-1] != '=' && t[i-1] != '/' && !wordChar(t[i-1])) && mention(t, i, k)
	}, t, &m, func(end int) {
		replaced = append(replaced, t[done:m.host]...)
		done = end
	})
	return string(append(replaced, t[done:]...))
}
