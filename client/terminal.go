package client

import (
	"strings"
	"unicode/utf8"
)

// TerminalText returns s without what could make a terminal do or show
// something other than the text: control characters, whole escape sequences,
// and the characters that embed, override or isolate a writing direction.
// Newlines and tabs stay. \r\n and the line and paragraph separators become \n.
// A byte that is not valid UTF-8 becomes U+FFFD. TerminalText takes time linear
// in s.
//
// Use it on everything from another server before you print it: on names and
// errors as well as bios. The bio of an Account is HTML, so take its
// [masto.PlainText] first.
func TerminalText(s string) string {
	if !strings.ContainsFunc(s, isUnsafe) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	unended := false // No string sequence in the rest of s has an end.
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case isIntroducer(r):
			size = sequenceLen(s[i:], &unended)
		case r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == utf8.RuneError || !isUnsafe(r):
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// isUnsafe reports whether r cannot be printed as it is. U+FFFD may stand for
// an invalid byte.
func isUnsafe(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < ' ', 0x7F <= r && r <= 0x9F, r == utf8.RuneError:
		return true
	case r == '\u2028', r == '\u2029':
		return true
	}
	return 0x202A <= r && r <= 0x202E || // embeddings and overrides
		0x2066 <= r && r <= 0x2069 || // isolates
		0xFFF9 <= r && r <= 0xFFFB // interlinear annotations
}

// These characters begin an escape sequence. Each but ESC is also written as
// ESC and the character 0x40 below it. The names are those of ECMA-48.
const (
	escapeChar         = 0x1B // ESC
	deviceControl      = 0x90 // DCS
	startOfString      = 0x98 // SOS
	controlSequence    = 0x9B // CSI
	systemCommand      = 0x9D // OSC
	privacyMessage     = 0x9E // PM
	applicationCommand = 0x9F // APC

	stringTerminator = 0x9C // ST, which ends DCS, SOS, OSC, PM and APC
)

// isIntroducer reports whether a sequence begins with r.
func isIntroducer(r rune) bool {
	switch r {
	case escapeChar, controlSequence:
		return true
	}
	return beginsString(r)
}

// beginsString reports whether a sequence with a text of any length begins with
// r.
func beginsString(r rune) bool {
	switch r {
	case deviceControl, startOfString, systemCommand, privacyMessage, applicationCommand:
		return true
	}
	return false
}

// sequenceLen returns the length in bytes of the sequence at the start of s. If
// the end of a string sequence is missing, only the introducer counts, so that
// the text after it is not lost. Then *unended is set, and the end is not
// searched again.
func sequenceLen(s string, unended *bool) int {
	r, n := utf8.DecodeRuneInString(s)
	if r == escapeChar && n < len(s) && '@' <= s[n] && s[n] <= '_' {
		r = rune(s[n]) + 0x40
		n++
	}
	switch {
	case r == controlSequence:
		n += runLen(s[n:], '0', '?')
		n += runLen(s[n:], ' ', '/')
		return n + min(runLen(s[n:], '@', '~'), 1)
	case r == escapeChar:
		n += runLen(s[n:], ' ', '/')
		return n + min(runLen(s[n:], '0', '~'), 1)
	case beginsString(r) && !*unended:
		end := stringEnd(s[n:])
		*unended = end < 0
		return n + max(end, 0)
	}
	return n
}

// stringEnd returns the index after the terminator of a string sequence, or -1
// if there is none. The bell is a terminator in xterm and its likes.
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

// runLen returns how many bytes at the start of s are from first to last.
func runLen(s string, first, last byte) int {
	n := 0
	for n < len(s) && first <= s[n] && s[n] <= last {
		n++
	}
	return n
}
