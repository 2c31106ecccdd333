package masto

import (
	"strings"
	"unicode/utf8"
)

// appendShortLink stands in for the one of render.go.
func appendShortLink(dst []byte, url string, me bool) []byte {
	n := 0
	switch {
	case strings.HasPrefix(url, "https://www."):
		n = len("https://www.")
	case strings.HasPrefix(url, "http://www."):
		n = len("http://www.")
	case strings.HasPrefix(url, "https://"):
		n = len("https://")
	case strings.HasPrefix(url, "http://"):
		n = len("http://")
	case strings.HasPrefix(url, "xmpp:"):
		n = len("xmpp:")
	}
	prefix, shown, rest, class := url[:n], url[n:], "", ""
	if utf8.RuneCountInString(shown) > 30 {
		i := 0
		for range 30 {
			_, k := utf8.DecodeRuneInString(shown[i:])
			i += k
		}
		shown, rest, class = shown[:i], shown[i:], "ellipsis"
	}
	dst = append(dst, `<a href="`...)
	dst = appendEscapedText(dst, url)
	dst = append(dst, `" target="_blank" rel="nofollow noopener`...)
	if me {
		dst = append(dst, " me"...)
	}
	dst = append(dst, `" translate="no"><span class="invisible">`...)
	dst = appendEscapedText(dst, prefix)
	dst = append(dst, `</span><span class="`...)
	dst = append(dst, class...)
	dst = append(dst, `">`...)
	dst = appendEscapedText(dst, shown)
	dst = append(dst, `</span><span class="invisible">`...)
	dst = appendEscapedText(dst, rest)
	return append(dst, `</span></a>`...)
}
