// Package escape writes text into HTML and into the paths of URLs.
//
// Text in HTML follows the reference, which escapes the five characters & < > "
// and ' (CGI.escapeHTML of Ruby), so that the result is safe both as text and
// in attributes with quotes. Paths follow RFC 3986.
//
// The functions append to the buffer that they are given, take time linear in
// the text, and allocate nothing but the growth of the buffer.
package escape

import "github.com/seed-374a2035/masto/internal/swar"

// Set is a set of the first 64 ASCII characters, a bit for each.
type Set uint64

const (
	// Special are the characters that are escaped in HTML.
	Special Set = 1<<'&' | 1<<'<' | 1<<'>' | 1<<'"' | 1<<'\''
	// Newline are the characters that end a line.
	Newline Set = 1<<'\n' | 1<<'\r'
)

// AppendHTML appends text to dst with its special characters as references.
func AppendHTML(dst []byte, text string) []byte {
	for {
		i := Index(text, Special)
		dst = append(dst, text[:i]...)
		if i == len(text) {
			return dst
		}
		dst = AppendReference(dst, text[i])
		text = text[i+1:]
	}
}

// AppendReference appends the character reference of a special character.
func AppendReference(dst []byte, c byte) []byte {
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

// Index returns the offset of the first character of text that is in set, which
// may have special characters and newlines only, or the length of text. It
// passes eight bytes at a time over text that has neither.
func Index(text string, set Set) int {
	const ones = swar.Ones
	i := 0
	for ; i+8 <= len(text); i += 8 {
		x := swar.Load(text, i)
		angles := (x | ones*2) ^ ones*'>'      // zero for < and >
		apostrophes := (x | ones) ^ ones*'\''  // zero for & and '
		quotes := x ^ ones*'"'                 // zero for "
		lines := (x &^ (ones * 7)) ^ ones*'\b' // zero for \n, \r and their neighbors
		// This is swar.Zero four times at the price of one mask.
		found := (angles - ones) &^ angles
		found |= (apostrophes - ones) &^ apostrophes
		found |= (quotes - ones) &^ quotes
		found |= (lines - ones) &^ lines
		if found&swar.Highs == 0 {
			continue
		}
		if n := indexByByte(text[i:i+8], set); n < 8 {
			return i + n
		}
	}
	return i + indexByByte(text[i:], set)
}

func indexByByte(text string, set Set) int {
	for i := range len(text) {
		if c := text[i]; c < 64 && set&(1<<c) != 0 {
			return i
		}
	}
	return len(text)
}

// AppendPathSegment appends text to dst as a segment of the path of a URL. All
// but the characters that RFC 3986 allows in one (pchar) are percent-encoded.
func AppendPathSegment(dst []byte, text string) []byte {
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

func isPathChar(c byte) bool {
	switch c {
	case '-', '.', '_', '~', '!', '$', '&', '\'', '(', ')', '*', '+', ',', ';', '=', ':', '@':
		return true
	}
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
