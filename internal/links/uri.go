package links

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The other URIs are
//
//	"xmpp:" [ "//" node "@" host "/" ] [ node "@" ] host
//	        [ "/" resource ] [ query ]
//	"magnet:" query
//
// after a character that may stand before a URL (see url.go), with the host and
// the query of a URL. They are searched for apart from URLs, so that one may be
// found inside a URL. The host need not exist.

var (
	// nodeChars are the ASCII characters of a node.
	nodeChars = asciiOf(alnums + "-._~!$()*+,;=")
	// resourceChars are the ASCII characters of a resource.
	resourceChars = asciiOf(alnums + "-._~!$&'()*+,;=")
)

// uriSearch looks for other URIs.
type uriSearch struct {
	text string
	// taken is the end of the last match, seen how far the text was searched.
	taken, seen int
}

func newURISearch(text string) uriSearch { return uriSearch{text: text} }

// next returns the next URI, or the zero Link.
func (u *uriSearch) next() Link {
	s := u.text
	for u.seen < len(s) {
		colon := strings.IndexByte(s[u.seen:], ':')
		if colon < 0 {
			break
		}
		colon += u.seen
		u.seen = colon + 1
		if colon == u.taken || s[colon-1]|0x20 != 'p' && s[colon-1]|0x20 != 't' {
			continue
		}
		start, end := -1, -1
		if start = foldedSuffix(s[u.taken:colon], "xmpp"); start >= 0 {
			end = xmppEnd(s, colon+1)
		} else if start = foldedSuffix(s[u.taken:colon], "magnet"); start >= 0 {
			end = queryEnd(s, colon+1)
		}
		start += u.taken
		if end <= colon+1 || !mayStartURL(s, start, u.taken) {
			continue
		}
		u.taken, u.seen = end, end
		return Link{Kind: URL, Text: s[start:end], Start: start, End: end}
	}
	u.seen = len(s)
	return Link{}
}

// xmppEnd returns where the URI of xmpp ends whose colon is before i, or -1.
func xmppEnd(s string, i int) int {
	if hasPrefixAt(s, i, "//") {
		// The authority: the account to be used, and then a slash.
		at := nodeEnd(s, i+2, &nodeChars)
		if at == i+2 || at == len(s) || s[at] != '@' {
			return -1
		}
		i = findHost(s, at+1)
		if i < 0 || i == len(s) || s[i] != '/' {
			return -1
		}
		i++
	}
	end := -1
	if at := nodeEnd(s, i, &nodeChars); at > i && at < len(s) && s[at] == '@' {
		end = findHost(s, at+1)
	}
	if end < 0 {
		end = findHost(s, i)
	}
	if end < 0 {
		return -1
	}
	if end < len(s) && s[end] == '/' {
		if resource := nodeEnd(s, end+1, &resourceChars); resource > end+1 {
			end = resource
		}
	}
	return queryEnd(s, end)
}

// nodeEnd returns where the characters end that begin at i: those of the set,
// Cyrillic letters, dashes, and % with two hexadecimal digits.
func nodeEnd(s string, i int, ascii *asciiSet) int {
	for i < len(s) {
		switch c := s[i]; {
		case ascii.has(c):
			i++
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return i
			}
			i += 3
		case c < utf8.RuneSelf:
			return i
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != longS && r != kelvinSign && !unicode.In(r, unicode.Cyrillic, unicode.Pd) {
				return i
			}
			i += size
		}
	}
	return i
}

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
}
