package masto

import (
	"strings"
	"unicode/utf8"
)

// TerminalText returns s without what could make a terminal do or show something else than the text: control characters, whole escape
// sequences, and the characters that embed, override or isolate a writing direction. Newlines and tabs stay, \r\n becomes \n, as
// do the line and paragraph separators. A byte that is not UTF-8 becomes U+FFFD. It costs time linear in s.
//
// Use it on everything from another server before you print it: names and errors as well as bios. The bio of an Account is HTML: take
// its [PlainText] first.
func TerminalText(s string) string {
	if !strings.ContainsFunc(s, needsCare) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	unended := false // there is no end of a string sequence in the rest of s
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case isIntroducer(r):
			n := escapeLength(s[i:], &unended)
			i += n
			continue
		case r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == utf8.RuneError || !needsCare(r): // RuneError may be a bad byte
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// needsCare tells whether TerminalText must look at r.
func needsCare(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < ' ', 0x7F <= r && r <= 0x9F, r == utf8.RuneError:
		return true
	}
	return r == '\u2028' || r == '\u2029' || 0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069 || 0xFFF9 <= r && r <= 0xFFFB
}

const (
	escapeChar = 0x1B
	// The introducers of sequences as single control characters; each is ESC and the character 0x40 below, too.
	deviceControl, startOfString, controlSequence    = 0x90, 0x98, 0x9B
	stringTerminator, systemCommand, privacy, appCmd = 0x9C, 0x9D, 0x9E, 0x9F
)

// isIntroducer tells whether a sequence begins with r.
func isIntroducer(r rune) bool {
	switch r {
	case escapeChar, deviceControl, startOfString, controlSequence, systemCommand, privacy, appCmd:
		return true
	}
	return false
}

// escapeLength returns how many bytes the sequence has that s begins with. Of a string without an end only the introducer counts, so that
// the text after it is not lost; unended remembers that no end comes, so that it is not looked for again.
func escapeLength(s string, unended *bool) int {
	r, n := utf8.DecodeRuneInString(s)
	if r == escapeChar && n < len(s) && '@' <= s[n] && s[n] <= '_' {
		r = rune(s[n]) + 0x40
		n++
	}
	switch r {
	case controlSequence:
		n += span(s[n:], '0', '?')
		n += span(s[n:], ' ', '/')
		return n + min(span(s[n:], '@', '~'), 1)
	case deviceControl, startOfString, systemCommand, privacy, appCmd:
		if *unended {
			return n
		}
		end := stringEnd(s[n:])
		*unended = end < 0
		return n + max(end, 0)
	case escapeChar:
		n += span(s[n:], ' ', '/')
		return n + min(span(s[n:], '0', '~'), 1)
	}
	return n
}

// stringEnd returns where the terminator of a string sequence ends; -1 if there is none.
func stringEnd(s string) int {
	for i, r := range s {
		switch {
		case r == '\a':
			return i + 1
		case r == stringTerminator:
			return i + len("\u009c")
		case r == escapeChar && strings.HasPrefix(s[i+1:], `\`):
			return i + 2
		}
	}
	return -1
}

// span returns how many bytes at the start of s are from first to last.
func span(s string, first, last byte) int {
	n := 0
	for n < len(s) && first <= s[n] && s[n] <= last {
		n++
	}
	return n
}
