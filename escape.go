package masto

import "github.com/seed-374a2035/masto/internal/swar"

// appendEscaped appends text to dst with & < > " and ' as character references: safe as HTML text and in attributes with quotes.
func appendEscaped(dst []byte, text string) []byte {
	for {
		i := indexSet(text, escapedSet)
		dst = append(dst, text[:i]...)
		if i == len(text) {
			return dst
		}
		dst = appendReference(dst, text[i])
		text = text[i+1:]
	}
}

// appendReference appends the character reference of a character that is escaped.
func appendReference(dst []byte, c byte) []byte {
	switch c {
	case '&':
		return append(dst, "&amp;"...)
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		return append(dst, "&gt;"...)
	case '"':
		return append(dst, "&quot;"...)
	}
	return append(dst, "&#39;"...)
}

const (
	// escapedSet are the characters that are escaped; the bits of a set are the first 64 ASCII characters.
	escapedSet = 1<<'&' | 1<<'<' | 1<<'>' | 1<<'"' | 1<<'\''
	// newlineSet are those that end a line.
	newlineSet = 1<<'\n' | 1<<'\r'
)

// indexSet returns the offset of the first character of text that is in set, or
// its length. It passes eight bytes at a time over text that has nothing like an
// escaped character or the end of a line.
func indexSet(text string, set uint64) int {
	const ones = swar.Ones
	i := 0
	for ; i+8 <= len(text); i += 8 {
		x := swar.Load(text, i)
		angles := (x | ones*2) ^ ones*'>'      // zero for < and >
		apostrophes := (x | ones) ^ ones*'\''  // zero for & and '
		quotes := x ^ ones*'"'                 // zero for "
		lines := (x &^ (ones * 7)) ^ ones*'\b' // zero for \n, \r and their neighbors
		// swar.Zero four times, at the price of one mask.
		if ((angles-ones)&^angles|(apostrophes-ones)&^apostrophes|(quotes-ones)&^quotes|(lines-ones)&^lines)&swar.Highs == 0 {
			continue
		}
		if n := indexOfSet(text[i:i+8], set); n < 8 {
			return i + n
		}
	}
	return i + indexOfSet(text[i:], set)
}

// indexOfSet is indexSet, byte by byte.
func indexOfSet(text string, set uint64) int {
	for i := range len(text) {
		if c := text[i]; c < 64 && set&(1<<c) != 0 {
			return i
		}
	}
	return len(text)
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
