// Package notelength counts a bio as its limit does: in grapheme clusters, what
// people see as one character, with every web address as 23 of them.
//
// An http or https URL counts 23 with the character before it, however long it
// is and whether its host exists or not; a mention counts without its domain.
// Both are found by package links. The clusters are those of Unicode 15.1 or
// newer, with the conjuncts of Indic scripts (UAX #29), as
// github.com/clipperhouse/uax29 has them. That package looks every character
// up; here those that cannot share a cluster with their neighbors are counted
// first, which is most of every text. Source:
// testdata/vectors/note_length.jsonl.
//
// Counting takes time linear in the text and allocates nothing.
package notelength

import (
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/swar"
)

// urlLength is what a URL counts.
const urlLength = 23

// Count returns the length of a bio in grapheme clusters.
func Count(note string) int {
	n, done := 0, 0
	after := false // whether a letter of an edit comes before done
	edits := links.FindEdits(note)
	for e, ok := edits.Next(); ok; e, ok = edits.Next() {
		n += countClusters(note[done:e.Start], after, e.URL)
		if e.URL {
			n += urlLength
		}
		done, after = e.End, true
	}
	return n + countClusters(note[done:], after, false)
}

// countClusters returns how many grapheme clusters text adds to what is around
// it: after and before say whether letters come before and after it, to which
// marks at its ends may attach.
func countClusters(text string, after, before bool) int {
	if text == "" {
		return 0
	}
	n := clusters(text)
	if after {
		r, size := utf8.DecodeRuneInString(text)
		if r >= utf8.RuneSelf && joins("x", text[:size]) {
			n--
		}
	}
	if before {
		r, size := utf8.DecodeLastRuneInString(text)
		if r >= utf8.RuneSelf && joins(text[len(text)-size:], "x") {
			n--
		}
	}
	return n
}

// joins reports whether two characters are one grapheme cluster.
func joins(a, b string) bool {
	var buf [2 * utf8.UTFMax]byte
	s := append(append(buf[:0], a...), b...)
	size, _, err := graphemes.SplitFunc(s, true)
	return err == nil && size == len(s)
}

// clusters returns the number of grapheme clusters of text. Most characters
// never share a cluster with a neighbor of their kind: those are counted here,
// and only the others, with the one before them, go through the rules.
func clusters(text string) int {
	n := 0
	rules := graphemes.FromString("")
	for {
		count, end, last := plainPrefix(text)
		if end == len(text) {
			return n + count
		}
		if count > 0 { // what follows may extend the last one
			n += count - 1
			text = text[last:]
		}
		rules.SetText(text)
		for rules.Next() {
			n++
			if plainPair(text[rules.End():]) {
				break
			}
		}
		text = text[rules.End():]
	}
}

// plainPair reports whether text begins with two plain characters.
func plainPair(text string) bool {
	if text == "" {
		return false
	}
	size := plain(text)
	return size > 0 && size < len(text) && plain(text[size:]) > 0
}

// plainPrefix returns how many plain characters text begins with, where they
// end, and where the last of them begins.
func plainPrefix(text string) (count, end, last int) {
	for end < len(text) {
		size := plainASCII(text[end:])
		if size > 0 {
			count += size
			end += size
			last = end - 1
			continue
		}
		size = plain(text[end:])
		if size == 0 {
			break
		}
		count++
		last = end
		end += size
	}
	return count, end, last
}

// plainASCII returns how many ASCII characters but carriage returns text begins
// with.
func plainASCII(text string) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		if x := swar.Load(text, i); x&swar.Highs|swar.Equal(x, '\r') != 0 {
			break
		}
	}
	for i < len(text) && text[i] < utf8.RuneSelf && text[i] != '\r' {
		i++
	}
	return i
}

// plain returns the length in bytes of the first character of text if it is
// plain, else 0; \r\n is one. Two plain characters are always two clusters:
// they are ASCII, letters, ideographs, Hangul syllables, emojis and some
// punctuation that neither extends what is before it nor is extended by what is
// after it, unless that is not plain. (A test checks this with the tables of
// the segmentation.)
func plain(text string) int {
	c := text[0]
	switch {
	case c < utf8.RuneSelf:
		if c == '\r' && len(text) > 1 && text[1] == '\n' {
			return 2
		}
		return 1
	case c < 0xE0: // two bytes
		if len(text) < 2 || text[1]&0xC0 != 0x80 {
			return 0
		}
		switch r := rune(c&0x1F)<<6 | rune(text[1]&0x3F); {
		case 0xC0 <= r && r < 0x300, // Latin, phonetic, modifiers
			0x370 <= r && r < 0x483, 0x48A <= r && r < 0x590, // Greek, Cyrillic, Armenian
			0x5D0 <= r && r < 0x600, 0x620 <= r && r < 0x64B: // Hebrew, Arabic
			return 2
		}
	case c < 0xF0: // three bytes
		if len(text) < 3 || text[1]&0xC0 != 0x80 || text[2]&0xC0 != 0x80 {
			return 0
		}
		switch r := rune(c&0xF)<<12 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F); {
		case 0x1E00 <= r && r < 0x2000, // Latin and Greek with accents
			0x2010 <= r && r < 0x2028, 0x2030 <= r && r < 0x2060, // punctuation
			0x2100 <= r && r < 0x2C00,                                                       // symbols, old emojis
			0x3000 <= r && r < 0x302A, 0x3040 <= r && r < 0x3099, 0x309B <= r && r < 0x3130, // punctuation, kana
			0x3400 <= r && r < 0xA000, 0xAC00 <= r && r < 0xD7A4, // ideographs, Hangul
			0xFF01 <= r && r < 0xFF9E: // full width
			return 3
		}
	case c < 0xF5: // four bytes
		if len(text) < 4 || text[1]&0xC0 != 0x80 || text[2]&0xC0 != 0x80 || text[3]&0xC0 != 0x80 {
			return 0
		}
		switch r := rune(c&7)<<18 | rune(text[1]&0x3F)<<12 | rune(text[2]&0x3F)<<6 | rune(text[3]&0x3F); {
		case 0x1F000 <= r && r < 0x1F1E6, 0x1F200 <= r && r < 0x1F3FB, // emojis but flags
			0x1F400 <= r && r < 0x1FB00, // and skin tones
			0x20000 <= r && r < 0x30000: // ideographs
			return 4
		}
	}
	return 0
}
