package masto

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	// @, which is user or user@domain; all as written.
	Text string
	// Start and End are the offsets of the whole link in the text, in bytes;
	// text[End] is the first byte after it.
	Start, End int
}

// FindLinks returns the links that [Site.RenderNote] and
// [Site.RenderFieldValue] would make of text, in order: URLs, hashtags and
// mentions by the rules of Mastodon. Whether the accounts exist is not known
// here: rendering leaves a mention that [View].Mention does not know as text.
// The time it takes is linear in the text.
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
// their order, each once. A shortcode is two or more ASCII letters, digits or
// underscores; no letter, digit or other colon may stand right beside its
// colons. Whether there is such an emoji is for the caller to find out.
// The rule is the reference's: testdata/vectors/emoji_scan.jsonl.
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
// for up to 16 of them, which is enough for nearly every account.
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

// shortcodes yields the shortcodes in text, in order, each as often as it is
// there.
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
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
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

// hidesShortcode reports whether a colon beside r neither starts nor ends a
// shortcode: r is a colon, or alphanumeric as POSIX defines that for Unicode.
func hidesShortcode(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ':' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.In(r, unicode.Letter, unicode.Nl, unicode.Nd, unicode.Other_Alphabetic)
}
