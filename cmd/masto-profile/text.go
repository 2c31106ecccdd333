package main

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/client"
)

// Everything that a server sent goes through safe, line or safeJSON before it
// is printed, so that it cannot control the terminal.

// safe returns text that is safe to print. It may have several lines.
func safe(s string) string { return client.TerminalText(s) }

// line returns text that is safe to print within a line.
func line(s string) string { return strings.Join(strings.Fields(client.TerminalText(s)), " ") }

// safeJSON returns JSON that is safe to print and has the same value.
// Characters that are not safe occur only in the strings of JSON, where it
// escapes them.
func safeJSON(data []byte) string {
	text := string(data)
	if client.TerminalText(text) == text {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf && r != 0x7F || client.TerminalText(string(r)) == string(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteToASCII(string(r)) // "\u0085", but "\x7f" for DEL
		b.WriteString(strings.Replace(strings.Trim(quoted, `"`), `\x`, `\u00`, 1))
	}
	return b.String()
}

// wrap breaks the lines of s at spaces, so that they have at most width code
// points where that is possible, and indents them.
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
