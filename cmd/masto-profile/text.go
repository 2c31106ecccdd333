package main

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto"
)

// Whatever a server sent goes through safe or line before it is printed.

// safe returns text of several lines that can be printed.
func safe(s string) string { return masto.TerminalText(s) }

// line returns text that can be printed within a line.
func line(s string) string { return strings.Join(strings.Fields(masto.TerminalText(s)), " ") }

// safeJSON escapes what would be no text on a terminal. None of that occurs in JSON outside of strings.
func safeJSON(data []byte) string {
	text := string(data)
	if masto.TerminalText(text) == text {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf && r != 0x7F || masto.TerminalText(string(r)) == string(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteToASCII(string(r)) // as \u0085, but for DEL
		b.WriteString(strings.Replace(strings.Trim(quoted, `"`), `\x`, `\u00`, 1))
	}
	return b.String()
}

// wrap breaks the lines of s at spaces where they are longer than width code points, and indents them.
func wrap(s, indent string, width int) string {
	var b strings.Builder
	for l := range strings.SplitSeq(s, "\n") {
		used := 0
		for i, word := range strings.Fields(l) {
			n := utf8.RuneCountInString(word)
			switch {
			case i == 0:
				b.WriteString(indent)
			case used+1+n > width:
				b.WriteString("\n" + indent)
				used = 0
			default:
				b.WriteByte(' ')
				used++
			}
			b.WriteString(word)
			used += n
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}
