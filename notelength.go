package masto

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto/internal/links"
)

// urlLength is what a URL counts in a bio.
const urlLength = 23

// NoteLength returns the length of a bio in grapheme clusters, as it is compared with Limits.Note: an http or https URL counts 23 with
// the character before it, however long it is and whether its host exists or not, and a mention counts without its domain. The
// rules of Unicode for clusters are those of 15.1 or newer.
func NoteLength(note string) int {
	n, done, after := 0, 0, false // after: the text before done ends in a letter that is counted elsewhere
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

// countClusters returns how many grapheme clusters text adds to what is around it: after and before say whether letters come before
// and after it, to which marks at its ends may attach.
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

// clusters returns the number of grapheme clusters of text.
func clusters(text string) int {
	n := 0
	for text != "" {
		ascii := 0
		for ascii < len(text) && text[ascii] < utf8.RuneSelf {
			ascii++
		}
		if ascii == len(text) {
			return n + ascii - strings.Count(text, "\r\n")
		}
		if ascii > 1 {
			ascii--
			n += ascii - strings.Count(text[:ascii], "\r\n")
			if text[ascii-1] == '\r' && text[ascii] == '\n' {
				n--
			}
			text = text[ascii:]
		}
		end := 0
		for end < len(text) && (text[end] >= utf8.RuneSelf || end+1 < len(text) && text[end+1] >= utf8.RuneSelf || end > 0 && text[end-1] >= utf8.RuneSelf) {
			end++
		}
		if end < len(text) && text[end-1] == '\r' && text[end] == '\n' {
			end++
		}
		it := graphemes.FromString(text[:end])
		for it.Next() {
			n++
		}
		text = text[end:]
	}
	return n
}
