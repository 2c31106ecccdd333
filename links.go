package masto

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-374a2035/masto/internal/links"
)

// LinkKind says what a [Link] leads to. The zero value is LinkURL.
type LinkKind uint8

// The kinds of links.
const (
	LinkURL     LinkKind = iota // a URL, or a URI of xmpp or magnet
	LinkHashtag                 // the page of a hashtag
	LinkMention                 // an account
)

// String returns url, hashtag or mention; "unknown" for a value that is none of
// the constants.
func (k LinkKind) String() string {
	switch k {
	case LinkURL:
		return "url"
	case LinkHashtag:
		return "hashtag"
	case LinkMention:
		return "mention"
	}
	return "unknown"
}

// Link is a link that [FindLinks] found in a text.
type Link struct {
	Kind LinkKind
	// Text is the URL, the hashtag without #, or the mention without its first
	// @ (user or user@domain), as written in the text.
	Text string
	// Start and End are the offsets of the whole link in the text, in bytes;
	// text[End] is the first byte after it.
	Start, End int
}

// FindLinks returns the links that [Site.RenderNote] and
// [Site.RenderFieldValue] would make of text, in order: URLs, hashtags and
// mentions by the rules of Mastodon. It does not know which accounts exist:
// rendering leaves a mention as text if [View].Mention does not know the
// account. The time it takes is linear in the text.
func FindLinks(text string) []Link {
	var found []Link
	f := links.Find(text)
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		found = append(found, Link{
			Kind:  linkKind(l.Kind),
			Text:  l.Text,
			Start: l.Start,
			End:   l.End,
		})
	}
	return found
}

func linkKind(k links.Kind) LinkKind {
	switch k {
	case links.Hashtag:
		return LinkHashtag
	case links.Mention:
		return LinkMention
	}
	return LinkURL
}

// FindEmojis returns the shortcodes that the texts name between colons, in
// order, each once. A shortcode is two or more ASCII letters, digits or
// underscores; no letter, digit or other colon may stand right beside its
// colons. The caller has to find out whether there is such an emoji. The rule
// is the reference's: testdata/vectors/emoji_scan.jsonl.
//
// Texts may be raw or HTML. Nothing is allocated unless a shortcode is found,
// and the shortcodes share the memory of the texts. The time is linear.
func FindEmojis(texts ...string) []string {
	var found []string
	var seen codeSet
	for _, text := range texts {
		for code := range shortcodes(text) {
			if seen.add(code) {
				found = append(found, code)
			}
		}
	}
	return found
}

// codeSet is a set of shortcodes. The zero value is empty. It allocates nothing
// for up to 16 of them, which are enough for nearly every account.
type codeSet struct {
	few  [16]string
	n    int
	many map[string]struct{} // once few is full
}

// add adds code, and reports whether it was not in the set yet.
func (c *codeSet) add(code string) bool {
	if c.many != nil {
		_, known := c.many[code]
		c.many[code] = struct{}{}
		return !known
	}
	if slices.Contains(c.few[:c.n], code) {
		return false
	}
	if c.n < len(c.few) {
		c.few[c.n] = code
		c.n++
		return true
	}
	c.many = make(map[string]struct{}, 4*len(c.few))
	for _, f := range c.few {
		c.many[f] = struct{}{}
	}
	c.many[code] = struct{}{}
	return true
}

// shortcodes yields the shortcodes in text, in order, each as often as it
// occurs.
func shortcodes(text string) iter.Seq[string] {
	return func(yield func(code string) bool) {
		for start, end := nextShortcode(text, 0); end > 0; start, end = nextShortcode(text, end+1) {
			if !yield(text[start:end]) {
				return
			}
		}
	}
}

// nextShortcode returns where the next shortcode in text from i on starts and
// ends, without its colons. An end of 0 means that there is none.
func nextShortcode(text string, i int) (start, end int) {
	for {
		j := strings.IndexByte(text[i:], ':')
		if j < 0 {
			return 0, 0
		}
		start = i + j + 1
		end = start
		for end < len(text) && isShortcodeByte(text[end]) {
			end++
		}
		i = end
		if end < len(text) && text[end] == ':' && end-start >= 2 && !wordBefore(text, start-1) && !wordAt(text, end+1) {
			return start, end
		}
	}
}

func isShortcodeByte(c byte) bool {
	return isAlphanumeric(rune(c)) || c == '_'
}

// wordBefore reports whether a letter, a digit or a colon ends at text[:i].
func wordBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return hidesShortcode(r)
}

// wordAt reports whether a letter, a digit or a colon starts at text[i:].
func wordAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return hidesShortcode(r)
}

// hidesShortcode reports whether a colon right beside r neither starts nor ends
// a shortcode: whether r is a colon, alphabetic in Unicode's sense, or a
// decimal digit.
func hidesShortcode(r rune) bool { return r == ':' || links.IsAlnum(r) }

// NormalizeHashtag returns the name of a hashtag as servers compare it: in
// lower case, with plain characters in place of compatibility forms such as
// full width, with the letters of Latin-1 and Latin Extended-A without their
// accents and strokes, and without the characters that a name cannot have, such
// as # and marks that are no vowels. Two names are the same hashtag if their
// results are equal. The result may be "".
func NormalizeHashtag(name string) string {
	if isNormalHashtag(name) {
		return name
	}
	dst := make([]byte, 0, len(name)+utf8.UTFMax)
	for _, r := range norm.NFKC.String(name) {
		r = asciiFold(unicode.ToLower(r))
		if inHashtag(r) {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return string(dst)
}

// isNormalHashtag reports whether name is normal already and in ASCII.
func isNormalHashtag(name string) bool {
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// inHashtag reports whether the name of a hashtag keeps r: letters, vowel signs
// and digits, the separators, and some Thai and Lao marks.
func inHashtag(r rune) bool {
	switch r {
	case '_', '·', '・', 0x200C:
		return true
	}
	return 0x0E47 <= r && r <= 0x0E4E || links.IsAlnum(r)
}

// asciiFold returns the ASCII letter that a lower-case letter of Latin-1 or
// Latin Extended-A is made of. Every other letter stays as it is, such as æ, œ,
// ß, þ and all beyond these blocks.
func asciiFold(r rune) rune {
	if r < 0xE0 || r > 0x17F {
		return r
	}
	switch r { // these do not decompose
	case 'ð', 'đ':
		return 'd'
	case 'ħ':
		return 'h'
	case 'ı':
		return 'i'
	case 'ĸ':
		return 'k'
	case 'ł':
		return 'l'
	case 'ŋ':
		return 'n'
	case 'ø':
		return 'o'
	case 'ŧ':
		return 't'
	}
	var buf [utf8.UTFMax]byte
	size := utf8.EncodeRune(buf[:], r)
	if d := norm.NFD.Properties(buf[:size]).Decomposition(); len(d) > 0 && d[0] < utf8.RuneSelf {
		return rune(d[0])
	}
	return r
}
