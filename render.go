package masto

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/hostname"
	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/weburl"
)

// LinkKind says what a [Link] leads to. The zero value is LinkURL.
type LinkKind uint8

// The kinds of links. String returns url, hashtag or mention.
const (
	LinkURL     LinkKind = iota // a URL, or a URI of xmpp or magnet
	LinkHashtag                 // the page of a hashtag
	LinkMention                 // an account
)

// String returns url, hashtag or mention.
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

// Link is what [FindLinks] found.
type Link struct {
	Kind LinkKind
	// Text is the URL, the hashtag without #, or the mention without its first @: user or user@domain, as written.
	Text string
	// Start and End are the offsets in bytes of the whole link in the text; text[End] is the first byte after it.
	Start, End int
}

// FindLinks returns the links that [Site.RenderNote] and [Site.RenderFieldValue] would make of text, in order: URLs, hashtags and
// mentions by the rules of Mastodon. It asks nobody whether an account exists: a mention that [View].Mention does not know is
// rendered as text. The time it takes is linear in the text.
func FindLinks(text string) []Link {
	var found []Link
	f := links.Find(text)
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		found = append(found, Link{Kind: linkKind(l.Kind), Text: l.Text, Start: l.Start, End: l.End})
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

// renderedSize is room in bytes on the stack for most bios and fields as HTML; what is longer takes another allocation.
const renderedSize = 2048

// RenderNote returns the HTML of a local bio: links for URLs, hashtags and known mentions, paragraphs at two or more newlines, <br />
// at one, everything else escaped. A blank text gives "". The HTML is safe to show; it has no newlines. Mentions show the name
// without the domain.
func (s *Site) RenderNote(text string, v View) string {
	var buf [renderedSize]byte
	return string(s.AppendNote(buf[:0], text, v))
}

// AppendNote appends what [Site.RenderNote] returns to dst. It allocates nothing
// but dst's growth, as far as s and v do not, and where a mention has a domain
// with capital letters.
func (s *Site) AppendNote(dst []byte, text string, v View) []byte {
	if blank(text) {
		return dst
	}
	dst = append(dst, "<p>"...)
	dst = s.appendText(dst, text, v, false)
	return append(dst, "</p>"...)
}

// RenderFieldValue returns the HTML of the value of a local profile field: stripped of ASCII white space and NUL at both ends, cut to
// Limits.FieldValue code points, and rendered like a bio, but without paragraphs: newlines stay. Web addresses say that they are the
// user's own (rel="me"), mentions of remote accounts show the domain. The HTML is safe to show.
func (s *Site) RenderFieldValue(value string, v View) string {
	var buf [renderedSize]byte
	return string(s.AppendFieldValue(buf[:0], value, v))
}

// AppendFieldValue appends what [Site.RenderFieldValue] returns to dst. It
// allocates as little as [Site.AppendNote].
func (s *Site) AppendFieldValue(dst []byte, value string, v View) []byte {
	value = s.fieldValue(value, true)
	if blank(value) {
		return dst
	}
	return s.appendText(dst, value, v, true)
}

// appendText appends text with its links. In a field newlines stay, links are the user's own, and mentions have their domain.
func (s *Site) appendText(dst []byte, text string, v View, field bool) []byte {
	f := links.Find(text)
	lines := lines{keep: field}
	done := 0
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		dst = lines.append(dst, text[done:l.Start])
		dst = lines.end(dst)
		switch l.Kind {
		case links.URL:
			dst = appendShortLink(dst, l.Text, field)
		case links.Hashtag:
			dst = s.appendHashtag(dst, l.Text)
		case links.Mention:
			dst = s.appendMention(dst, l.Text, v, field)
		}
		done = l.End
	}
	return lines.append(dst, text[done:])
}

// lines turns the newlines of a bio into elements.
type lines struct {
	// keep keeps newlines as they are.
	keep bool
	// newlines were read and are not written yet; those at the end never are.
	newlines int
	// begun is set when something other than newlines was written.
	begun bool
}

// append appends text that has no links, escaped.
func (l *lines) append(dst []byte, text string) []byte {
	if l.keep {
		return appendEscaped(dst, text)
	}
	for text != "" {
		i := indexSet(text, escapedSet|newlineSet)
		if i > 0 {
			dst = append(l.end(dst), text[:i]...)
		}
		if i == len(text) {
			break
		}
		switch c := text[i]; c {
		case '\r', '\n':
			l.newlines++
			if strings.HasPrefix(text[i:], "\r\n") {
				i++
			}
		default:
			dst = appendReference(l.end(dst), c)
		}
		text = text[i+1:]
	}
	return dst
}

// end appends what stands for the newlines that were read: a line break for one, a new paragraph for more. One at the start is nothing,
// more make an empty paragraph.
func (l *lines) end(dst []byte) []byte {
	switch {
	case l.newlines > 1:
		dst = append(dst, "</p><p>"...)
	case l.newlines == 1 && l.begun:
		dst = append(dst, "<br />"...)
	}
	l.newlines = 0
	l.begun = true
	return dst
}

// appendHashtag appends a link to the page of a hashtag, whose name is without #.
func (s *Site) appendHashtag(dst []byte, name string) []byte {
	dst = append(dst, `<a href="`...)
	if s.HashtagURLFunc != nil {
		dst = appendEscaped(dst, s.HashtagURLFunc(name))
	} else {
		scheme, rest := s.base()
		dst = append(dst, scheme...)
		dst = appendEscaped(dst, rest)
		dst = append(dst, "/tags/"...)
		dst = appendPathSegment(dst, name)
	}
	dst = append(dst, `" class="mention hashtag" rel="tag">#<span>`...)
	dst = appendEscaped(dst, name)
	return append(dst, "</span></a>"...)
}

// appendMention appends a link to the account that name, user or user@domain,
// mentions. A mention of nobody stays text, and so does one of an account whose
// page is not on the web: a link to it could run a script.
func (s *Site) appendMention(dst []byte, name string, v View, withDomain bool) []byte {
	var m Mention
	known := false
	if v.Mention != nil {
		h := s.handle(name)
		m, known = v.Mention(h.Username, h.Domain)
	}
	if !known || !isWebURL(m.URL) {
		dst = append(dst, '@')
		return appendEscaped(dst, name)
	}
	dst = append(dst, `<span class="h-card" translate="no"><a href="`...)
	dst = appendEscaped(dst, m.URL)
	dst = append(dst, `" class="u-url mention">@<span>`...)
	dst = appendEscaped(dst, m.Username)
	if withDomain && !s.owns(m.Domain) {
		dst = append(dst, '@')
		dst = appendEscaped(dst, hostname.Display(m.Domain))
	}
	return append(dst, "</span></a></span>"...)
}

// shownURL is how much of a URL is shown, in code points after its prefix.
const shownURL = 30

// appendShortLink appends a link to url that shows only the start of it; the rest can be copied along. me says that it is the user's
// own page. What cannot be a link (no host, or a host with characters that none has) stays text.
func appendShortLink(dst []byte, url string, me bool) []byte {
	url, ok := weburl.Normalize(url)
	if !ok {
		return appendEscaped(dst, url)
	}
	prefix := hiddenPrefix(url)
	end, cut := shownEnd(url, prefix)
	dst = append(dst, `<a href="`...)
	dst = appendEscaped(dst, url)
	dst = append(dst, `" target="_blank" rel="nofollow noopener`...)
	if me {
		dst = append(dst, " me"...)
	}
	dst = append(dst, `" translate="no"><span class="invisible">`...)
	dst = append(dst, url[:prefix]...)
	dst = append(dst, `</span><span class="`...)
	if cut {
		dst = append(dst, "ellipsis"...)
	}
	dst = append(dst, `">`...)
	dst = appendEscaped(dst, url[prefix:end])
	dst = append(dst, `</span><span class="invisible">`...)
	dst = appendEscaped(dst, url[end:])
	return append(dst, "</span></a>"...)
}

// hiddenPrefix returns the length in bytes of the start of url that goes without saying, in lower case only.
func hiddenPrefix(url string) int {
	for _, scheme := range [...]string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(url, scheme); ok {
			if strings.HasPrefix(rest, "www.") {
				return len(scheme) + len("www.")
			}
			return len(scheme)
		}
	}
	if strings.HasPrefix(url, "xmpp:") {
		return len("xmpp:")
	}
	return 0
}

// shownEnd returns where the visible part of url ends that begins at i, and whether it is cut there. Nothing is cut for the sake of
// one code point.
func shownEnd(url string, i int) (end int, cut bool) {
	n := 0
	for end = i; end < len(url) && n < shownURL; n++ {
		_, size := utf8.DecodeRuneInString(url[end:])
		end += size
	}
	if _, size := utf8.DecodeRuneInString(url[end:]); end+size == len(url) {
		return len(url), false
	}
	return end, true
}
