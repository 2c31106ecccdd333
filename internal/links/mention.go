package links

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mention is
//
//	"@" user [ "@" domain ]
//
// The user is Latin letters, ASCII digits and _, the domain is word characters;
// both may have . and - inside, several in a row too. The character before it
// is not =, / or a word character. A match followed by @, ＠, a Latin letter
// with an accent or :// is none, and neither is one with too long a domain; but
// it is consumed. Those letters are meant exactly: one that differs from them
// in case only, such as ι, ɠ or Å (U+212B), may follow. Neither the account nor
// its domain need exist.

// maxMentionDomain is the longest domain of a mention in code points.
const maxMentionDomain = 253

// mentionSearch looks for mentions.
type mentionSearch struct {
	text string
	// seen is how far the text was searched.
	seen int
}

func newMentionSearch(text string) mentionSearch { return mentionSearch{text: text} }

// next returns the next mention, or the zero Link.
func (m *mentionSearch) next() Link {
	s := m.text
	for m.seen < len(s) {
		at := strings.IndexByte(s[m.seen:], '@')
		if at < 0 {
			break
		}
		at += m.seen
		m.seen = at + 1
		if !mayStartMention(s[:at]) {
			continue
		}
		user := nameEnd(s, at+1, userChar, nil)
		if user < 0 {
			continue
		}
		end := user
		if user < len(s) && s[user] == '@' {
			end = max(end, nameEnd(s, user+1, domainChar, nil))
		}
		m.seen = end
		if !mayFollowMention(s[end:]) {
			continue
		}
		if end-user > maxMentionDomain && utf8.RuneCountInString(s[user+1:end]) > maxMentionDomain {
			continue
		}
		return Link{Kind: Mention, Text: s[at+1 : end], Start: at, End: end}
	}
	m.seen = len(s)
	return Link{}
}

// mayStartMention reports whether a mention may follow the text before.
func mayStartMention(before string) bool {
	if before == "" {
		return true
	}
	switch c := before[len(before)-1]; {
	case c == '=' || c == '/':
		return false
	case c < utf8.RuneSelf:
		return !isWord(rune(c))
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return !isWord(r)
}

// mayFollowMention reports whether the text after may follow a mention.
func mayFollowMention(after string) bool {
	if after == "" {
		return true
	}
	if c := after[0]; c < utf8.RuneSelf {
		return c != '@' && !strings.HasPrefix(after, "://")
	}
	r, _ := utf8.DecodeRuneInString(after)
	return r != fullAt && !unicode.Is(accentedLatin, r)
}

// nameEnd returns where the user name or domain ends that begins at i and is
// made of the characters whose length char returns, with runs of dots or
// hyphens inside, or -1. What placeholders stand for is part of a name; nil has
// none.
func nameEnd(s string, i int, char func(s string, i int) int, urls *placeholders) int {
	end := -1
	for i < len(s) {
		if urls != nil && urls.end > 0 && i == urls.start {
			i = urls.end
			end = i
			urls.advance()
			continue
		}
		size := char(s, i)
		switch {
		case size > 0:
			i += size
			end = i
		case (s[i] == '.' || s[i] == '-') && end > 0:
			i++
		default:
			return end
		}
	}
	return end
}

// userChar returns the length in bytes of the character of a user name at
// s[i:], 0 if there is none.
func userChar(s string, i int) int {
	if s[i] == '_' {
		return 1
	}
	_, size := latinAlnum(s, i)
	return size
}

// domainChar returns the length in bytes of the character of a domain at s[i:],
// 0 if there is none.
func domainChar(s string, i int) int {
	r, size := rune(s[i]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(s[i:])
	}
	if !isWord(r) {
		return 0
	}
	return size
}
