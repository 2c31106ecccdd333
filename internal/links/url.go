package links

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/hostname"
)

// A URL is
//
//	scheme "://" host [ ":" port ] [ path ] [ query ]
//
// with one of the schemes below. The character before it may not be an ASCII
// letter or digit, one of @ ＠ $ # ＃ or a forbidden character, and the search
// consumes it: two URLs cannot share one.
//
// The search of the reference implementation takes the scheme as optional and
// throws away what it found without one. So hosts without a scheme are looked
// for here, too: in loaf.io/https://loaf.io/ the first host has the rest as its
// path, and there is no URL.

// schemes are the schemes of URLs.
var schemes = [...]string{"https", "http", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "gemini"}

// schemeEnds are the last letters of the schemes.
var schemeEnds = asciiOf("spbtriSPBTRI")

const (
	// maxURL is the longest URL in code points, its host encoded.
	maxURL = 4096
	// maxSlug is the longest path of https://t.co/.
	maxSlug = 40
)

// beforeURL are the ASCII characters that may stand before a URL.
var beforeURL = asciiBut(alnums + "@$#")

// urlSearch looks for URLs. Matches do not overlap, and neither do they with
// the character before the next one.
type urlSearch struct {
	text string
	// taken is the end of the last match. The character before the next one is
	// at or after it.
	taken int
	// seen is how far the text was searched; at or after taken.
	seen int
	// counting is set when the length of a bio is counted: only http and https
	// are schemes then, and hosts without a scheme are not looked for.
	counting bool
}

func newURLSearch(text string) urlSearch { return urlSearch{text: text} }

// next returns the next URL, or the zero Link.
func (u *urlSearch) next() Link {
	for {
		start, host, hostEnd, end := u.match()
		if end < 0 {
			return Link{}
		}
		url := u.text[start:end]
		url, ok := cutShortener(url)
		if ok && urlExists(url, u.text[host:hostEnd]) {
			return Link{Kind: URL, Text: url, Start: start, End: start + len(url)}
		}
	}
}

// match returns the offsets of the next match: its start, its host, and its
// end, which is -1 if there is none.
func (u *urlSearch) match() (start, host, hostEnd, end int) {
	s := u.text
	for u.seen < len(s) {
		colon := strings.Index(s[u.seen:], "://")
		if colon < 0 {
			break
		}
		colon += u.seen
		if !u.counting {
			u.seen = max(u.seen, wordStart(s, u.seen, colon))
			if u.takeBareHosts(colon) {
				continue
			}
		}
		u.seen = colon + len("://")
		if start = u.scheme(colon); start < 0 {
			continue
		}
		host = colon + len("://")
		if hostEnd = findHost(s, host); hostEnd < 0 {
			continue
		}
		end = urlTail(s, hostEnd)
		u.taken, u.seen = end, end
		return start, host, hostEnd, end
	}
	u.seen = len(s)
	return 0, 0, 0, -1
}

// scheme returns where the scheme starts that ends at the given colon, or -1 if
// none does, or it cannot start there.
func (u *urlSearch) scheme(colon int) int {
	if colon == u.taken || !schemeEnds.has(u.text[colon-1]) && u.text[colon-1] < utf8.RuneSelf {
		return -1
	}
	known := schemes[:]
	if u.counting {
		known = schemes[:2]
	}
	for _, name := range known {
		start := foldedSuffix(u.text[u.taken:colon], name)
		if start >= 0 && mayStartURL(u.text, u.taken+start, u.taken) {
			return u.taken + start
		}
	}
	return -1
}

// takeBareHosts consumes the hosts without a scheme before the colon that have
// a path or query, or end at the colon, and reports whether the colon went with
// them. (Other bare hosts make no difference to what is found after them.)
func (u *urlSearch) takeBareHosts(colon int) bool {
	s := u.text
	for i := u.seen; i < colon; {
		end := hostRun(s, i)
		if end > i && (s[end] == '/' || s[end] == '?' || s[end] == ':') && u.bareHost(i, end) {
			i = urlTail(s, end)
			u.taken = i
			continue
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		i = end + size
	}
	u.seen = max(u.seen, u.taken)
	return u.taken > colon
}

// bareHost reports whether a host that ends at end begins at or after start.
func (u *urlSearch) bareHost(start, end int) bool {
	s := u.text
	tld := strings.LastIndexByte(s[start:end], '.') + 1 + start
	if tld == start || findTLD(s, tld) != end {
		return false
	}
	// The label before the TLD, or what of it comes after an underscore, is
	// enough of a host.
	label := strings.LastIndexByte(s[start:tld-1], '.') + 1 + start
	label += strings.LastIndexByte(s[label:tld-1], '_') + 1
	if label == tld-1 || s[tld-2] == '-' {
		return false
	}
	for i := label; i < tld-1; {
		_, size := utf8.DecodeRuneInString(s[i:])
		if s[i] != '-' && mayStartURL(s, i, u.taken) {
			return true
		}
		i += size
	}
	return false
}

// mayStartURL reports whether a URL may start at s[i:]: at the start of the
// text, or after a character that may stand before a URL and is not before
// from.
func mayStartURL(s string, i, from int) bool {
	if i == 0 {
		return true
	}
	if i <= from {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return beforeURL.has(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[from:i])
	return r != fullAt && r != fullHash && r != longS && r != kelvinSign && !isForbidden(r)
}

// wordStart returns the start of what is between white space, < or > and has
// the colon in it. No host, path or query crosses these.
func wordStart(s string, from, colon int) int {
	for i := colon; i > from; i-- {
		switch s[i-1] {
		case ' ', '\t', '\n', '\v', '\f', '\r', '<', '>':
			return i
		}
	}
	return from
}

// foldedSuffix returns where the suffix, lower case letters, begins that s has
// in any case; -1 if it does not have it.
func foldedSuffix(s, suffix string) int {
	end := len(s)
	for n := len(suffix) - 1; n >= 0; n-- {
		switch want := suffix[n]; {
		case end > 0 && s[end-1]|0x20 == want:
			end--
		case want == 's' && strings.HasSuffix(s[:end], string(longS)):
			end -= len(string(longS))
		case want == 'k' && strings.HasSuffix(s[:end], string(kelvinSign)):
			end -= len(string(kelvinSign))
		default:
			return -1
		}
	}
	return end
}

// cutShortener cuts everything after the slug off a URL of t.co. It reports
// false if the slug is too long: no such address exists.
func cutShortener(url string) (string, bool) {
	const host = "t.co/"
	slash := strings.Index(url[:min(len(url), len("https://t.co/")+len("ſ"))], "://")
	if slash < 0 || foldedSuffix(url[:slash], "http") != 0 && foldedSuffix(url[:slash], "https") != 0 {
		return url, true
	}
	slug := slash + len("://") + len(host)
	if slug > len(url) || !strings.EqualFold(url[slug-len(host):slug], host) {
		return url, true
	}
	end, length := slug, 0
	for end < len(url) {
		_, size := latinAlnum(url, end)
		if size == 0 {
			break
		}
		end += size
		length++
	}
	if length == 0 {
		return url, true
	}
	return url[:end], length <= maxSlug
}

// urlExists reports whether the host of a URL can be converted to ASCII and the
// URL is not too long. A host has no limit of its own: the 253 bytes of the
// domain name system do not count here.
func urlExists(url, host string) bool {
	encoded, ok := hostname.ASCIILength(host)
	if !ok {
		return false
	}
	if len(url)+encoded <= maxURL { // no need to count code points
		return true
	}
	return utf8.RuneCountInString(url)+max(0, encoded-utf8.RuneCountInString(host)) <= maxURL
}
