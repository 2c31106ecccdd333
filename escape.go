package masto

import "unicode"

// notHost reports whether r cannot be in the host of a URL.
func notHost(r rune) bool {
	switch r {
	case '<', '>', '{', '}', '/', '\\', '?', '#', '@', '"':
		return true
	}
	return unicode.IsSpace(r)
}

// appendEscaped appends text to dst with & < > " and ' as character references: safe as HTML text and in attributes with quotes.
func appendEscaped(dst []byte, text string) []byte {
	done := 0
	for i := range len(text) {
		var escaped string
		switch text[i] {
		case '&':
			escaped = "&amp;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '"':
			escaped = "&quot;"
		case '\'':
			escaped = "&#39;"
		default:
			continue
		}
		dst = append(dst, text[done:i]...)
		dst = append(dst, escaped...)
		done = i + 1
	}
	return append(dst, text[done:]...)
}

// appendPathSegment appends text to dst as a segment of the path of a URL: percent-encoded but for the characters that RFC 3986 allows in one.
func appendPathSegment(dst []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(text) {
		if c := text[i]; isPathChar(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return dst
}

// isPathChar reports whether c is a pchar of RFC 3986.
func isPathChar(c byte) bool {
	switch c {
	case '-', '.', '_', '~', '!', '$', '&', '\'', '(', ')', '*', '+', ',', ';', '=', ':', '@':
		return true
	}
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
