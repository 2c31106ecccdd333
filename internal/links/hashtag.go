package links

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A hashtag is # or ＃ at the start of a line or after white space, and a name.
// The name has one of two forms, and the first that fits counts:
//
//   - word characters and separators, the first and the last of them word
//     characters, with a letter or a separator somewhere between the two;
//   - word characters, one of them a letter.
//
// The separators are _ · ・ and U+200C; the first and the last are word
// characters as well. So #1_2 and #a·b are hashtags and #12 and #1_ are none,
// #a· ends at the a, and so does #a·· .

// hashtagSearch looks for hashtags.
type hashtagSearch struct {
	text string
	// seen is how far the text was searched.
	seen int
	// full is where the next ＃ is, at or after seen, or the end of the text.
	full int
}

func newHashtagSearch(text string) hashtagSearch { return hashtagSearch{text: text, full: -1} }

// next returns the next hashtag, or the zero Link.
func (h *hashtagSearch) next() Link {
	s := h.text
	for h.seen < len(s) {
		start, name := h.sign()
		if start == len(s) {
			break
		}
		h.seen = name
		if !mayStartHashtag(s[:start]) {
			continue
		}
		end := hashtagEnd(s, name)
		if end < 0 {
			continue
		}
		h.seen = end
		end -= schemeBefore(s[name:end], s[end:])
		return Link{Kind: Hashtag, Text: s[name:end], Start: start, End: end}
	}
	h.seen = len(s)
	return Link{}
}

// sign returns the offset of the next # or ＃ and of what follows it.
func (h *hashtagSearch) sign() (start, name int) {
	s := h.text
	if h.full < h.seen {
		h.full = strings.Index(s[h.seen:], string(fullHash))
		if h.full < 0 {
			h.full = len(s)
		} else {
			h.full += h.seen
		}
	}
	if h.seen < h.full && s[h.seen] == '#' {
		return h.seen, h.seen + 1
	}
	if half := strings.IndexByte(s[h.seen:h.full], '#'); half >= 0 {
		return h.seen + half, h.seen + half + 1
	}
	return h.full, h.full + len(string(fullHash))
}

// mayStartHashtag reports whether a hashtag may follow the text before.
func mayStartHashtag(before string) bool {
	if before == "" {
		return true
	}
	if c := before[len(before)-1]; c < utf8.RuneSelf {
		return c == ' ' || '\t' <= c && c <= '\r'
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsSpace(r)
}

// hashtagEnd returns where the name ends that begins at i, or -1.
func hashtagEnd(s string, i int) int {
	long, short := -1, -1 // where the two forms end
	inside := false       // a letter or separator was seen, and not as the first
	onlyWord := true      // no character but word characters was seen
	letter := false       // a letter was seen before any other character
	for start := i; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		word, separator := isWord(r), isSeparator(r)
		if !word && (!separator || i == start) {
			break
		}
		alpha := isAlpha(r)
		first := i == start
		i += size
		if word && inside {
			long = i
		}
		inside = inside || !first && (alpha || separator)
		onlyWord = onlyWord && word
		if onlyWord {
			letter = letter || alpha
			if letter {
				short = i
			}
		}
	}
	if long >= 0 {
		return long
	}
	return short
}

// isSeparator reports whether r may separate the words of a hashtag.
func isSeparator(r rune) bool {
	return r == '_' || r == '·' || r == '・' || r == 0x200C
}

// schemeBefore returns the length in bytes of the scheme that the name of a
// hashtag ends with, if the text after it goes on like a URL: #spamhttps://… is
// the hashtag spam.
func schemeBefore(name, after string) int {
	if strings.HasPrefix(after, "://") {
		for _, scheme := range schemes[:2] {
			if len(name) > len(scheme) && strings.HasSuffix(name, scheme) {
				return len(scheme)
			}
		}
	}
	return 0
}
