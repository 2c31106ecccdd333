package masto

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/escape"
	"github.com/seed-374a2035/masto/internal/fold"
	"github.com/seed-374a2035/masto/internal/hostname"
	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/weburl"
)

// renderedSize is the size in bytes of a buffer on the stack. Most bios and
// fields fit in it as HTML; a longer one needs one more allocation.
const renderedSize = 2048

// RenderNote returns the HTML of a local bio. URLs, hashtags and known mentions
// become links, one newline becomes <br />, two or more start a paragraph, and
// everything else is escaped. Mentions show the name without the domain. A
// blank text gives "". The HTML is safe to show and has no newlines.
func (s *Site) RenderNote(text string, v View) string {
	var buf [renderedSize]byte
	return string(s.AppendNote(buf[:0], text, v))
}

// AppendNote appends what [Site.RenderNote] returns to dst. It allocates to
// grow dst and for a mention whose domain has capital letters; everything else
// is allocated by the functions of s and v.
func (s *Site) AppendNote(dst []byte, text string, v View) []byte {
	if blank(text) {
		return dst
	}
	dst = append(dst, "<p>"...)
	dst = s.appendText(dst, text, v, inNote)
	return append(dst, "</p>"...)
}

// RenderFieldValue returns the HTML of the value of a local profile field. The
// value is stripped of ASCII white space and NUL at both ends, cut to
// Limits.FieldValue code points, and rendered like a bio, with three
// differences: newlines stay as they are, links to web addresses have rel="me",
// since they are the user's own, and mentions of remote accounts show the
// domain. The HTML is safe to show.
func (s *Site) RenderFieldValue(value string, v View) string {
	var buf [renderedSize]byte
	return string(s.appendFieldValue(buf[:0], value, v))
}

// appendFieldValue appends what RenderFieldValue returns to dst.
func (s *Site) appendFieldValue(dst []byte, value string, v View) []byte {
	_, limit := s.localFieldLimits()
	value = shownField(value, limit)
	if blank(value) {
		return dst
	}
	return s.appendText(dst, value, v, inField)
}

// appendRemoteField appends the value of a remote account's field as it is
// shown: stripped, cut and sanitized. A verified value is made anew from the
// address that was verified, since the HTML could show another address than it
// links to. As in the reference, a verified value that is not a lone link
// becomes an empty link; no such value can be verified. Unlike the reference,
// which links to any scheme, it leaves an address that is not of the web as
// text.
func appendRemoteField(dst []byte, value string, verified bool) []byte {
	value = shownField(value, remoteFieldLimit)
	if !verified {
		return appendSanitized(dst, value)
	}
	url, ok := loneLink(value)
	if !ok || url == "" {
		return appendShortLink(dst, "", inRemoteField)
	}
	u, err := weburl.Parse(url)
	if err != nil || !isWebScheme(u.Scheme) {
		return escape.AppendHTML(dst, url)
	}
	return appendShortLink(dst, u.String(), inRemoteField)
}

// place is where a text is shown, which decides how its newlines and links are
// rendered.
type place uint8

const (
	inNote        place = iota // Newlines become elements.
	inField                    // Links are the user's own; mentions show domains.
	inRemoteField              // The text is one link, which was verified.
)

// appendText appends a local text with its links.
func (s *Site) appendText(dst []byte, text string, v View, p place) []byte {
	f := links.Find(text)
	w := lineWriter{place: p}
	done := 0
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		dst = w.append(dst, text[done:l.Start])
		dst = w.flush(dst)
		switch l.Kind {
		case links.URL:
			dst = appendShortLink(dst, l.Text, p)
		case links.Hashtag:
			dst = s.appendHashtag(dst, l.Text)
		case links.Mention:
			dst = s.appendMention(dst, l.Text, v, p)
		}
		done = l.End
	}
	return w.append(dst, text[done:])
}

// lineWriter turns the newlines of a bio into elements.
type lineWriter struct {
	place place
	// newlines is how many newlines were read and not written yet. Those at the
	// end of the text never are.
	newlines int
	// begun is set when something other than newlines was written.
	begun bool
}

// append appends text that has no links, escaped.
func (w *lineWriter) append(dst []byte, text string) []byte {
	if w.place != inNote {
		return escape.AppendHTML(dst, text)
	}
	for text != "" {
		i := escape.Index(text, escape.Special|escape.Newline)
		if i > 0 {
			dst = append(w.flush(dst), text[:i]...)
		}
		if i == len(text) {
			break
		}
		switch c := text[i]; c {
		case '\r', '\n':
			w.newlines++
			if strings.HasPrefix(text[i:], "\r\n") {
				i++
			}
		default:
			dst = escape.AppendReference(w.flush(dst), c)
		}
		text = text[i+1:]
	}
	return dst
}

// flush writes the pending newlines: one is <br />, two or more start a
// paragraph. At the start of the text, one newline writes nothing, and more
// leave an empty paragraph.
func (w *lineWriter) flush(dst []byte) []byte {
	switch {
	case w.newlines > 1:
		dst = append(dst, "</p><p>"...)
	case w.newlines == 1 && w.begun:
		dst = append(dst, "<br />"...)
	}
	w.newlines = 0
	w.begun = true
	return dst
}

// appendHashtag appends a link to the page of a hashtag. name is without #.
func (s *Site) appendHashtag(dst []byte, name string) []byte {
	dst = append(dst, `<a href="`...)
	if s.HashtagURLFunc != nil {
		dst = escape.AppendHTML(dst, s.HashtagURLFunc(name))
	} else {
		scheme, rest := s.base()
		dst = append(dst, scheme...)
		dst = escape.AppendHTML(dst, rest)
		dst = append(dst, "/tags/"...)
		dst = escape.AppendPathSegment(dst, name)
	}
	dst = append(dst, `" class="mention hashtag" rel="tag">#<span>`...)
	dst = escape.AppendHTML(dst, name)
	return append(dst, "</span></a>"...)
}

// appendMention appends a link to the account that name mentions, which is user
// or user@domain. A mention of an unknown account stays text, and so does one
// of an account whose page has another scheme than http or https: such a link
// could run a script.
func (s *Site) appendMention(dst []byte, name string, v View, p place) []byte {
	var m Mention
	known := false
	if v.Mention != nil {
		h := s.handle(name)
		m, known = v.Mention(h.Username, h.Domain)
	}
	if !known || !isWebURL(m.URL) {
		dst = append(dst, '@')
		return escape.AppendHTML(dst, name)
	}
	dst = append(dst, `<span class="h-card" translate="no"><a href="`...)
	dst = escape.AppendHTML(dst, m.URL)
	dst = append(dst, `" class="u-url mention">@<span>`...)
	dst = escape.AppendHTML(dst, m.Username)
	if p == inField && !s.owns(m.Domain) {
		dst = append(dst, '@')
		dst = escape.AppendHTML(dst, hostname.Display(m.Domain))
	}
	return append(dst, "</span></a></span>"...)
}

// isWebURL reports whether url is an http or https address; the case of the
// scheme does not count.
func isWebURL(url string) bool {
	scheme, rest, ok := strings.Cut(url, "://")
	return ok && rest != "" && isWebScheme(scheme)
}

// isWebScheme reports whether a scheme is http or https, in any case.
func isWebScheme(scheme string) bool {
	return fold.EqualASCII(scheme, "https") || fold.EqualASCII(scheme, "http")
}

// shownURL is how many code points of a URL are shown, after the prefix that is
// hidden.
const shownURL = 30

// appendShortLink appends a link to url that shows only its start. The rest is
// there but hidden, so that whoever copies the link copies all of it. A url
// without a host, or whose host has characters that no host has, stays text.
func appendShortLink(dst []byte, url string, p place) []byte {
	url, ok := weburl.Normalize(url)
	if !ok {
		return escape.AppendHTML(dst, url)
	}
	prefix := hiddenPrefix(url)
	end, shortened := shownEnd(url, prefix)
	dst = append(dst, `<a href="`...)
	dst = escape.AppendHTML(dst, url)
	dst = append(dst, `" target="_blank" rel="nofollow noopener`...)
	if p == inField {
		dst = append(dst, " me"...)
	}
	dst = append(dst, `" translate="no"><span class="invisible">`...)
	dst = append(dst, url[:prefix]...)
	dst = append(dst, `</span><span class="`...)
	if shortened {
		dst = append(dst, "ellipsis"...)
	}
	dst = append(dst, `">`...)
	dst = escape.AppendHTML(dst, url[prefix:end])
	dst = append(dst, `</span><span class="invisible">`...)
	dst = escape.AppendHTML(dst, url[end:])
	return append(dst, "</span></a>"...)
}

// hiddenPrefix returns the length in bytes of the prefix of url that Mastodon
// hides: http:// or https://, with www. if that follows, or xmpp:. Case
// matters.
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

// shownEnd returns the offset in url of the end of the visible part, which
// begins at i, and whether there is more behind it. A remainder of one code
// point is shown, too.
func shownEnd(url string, i int) (end int, shortened bool) {
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
