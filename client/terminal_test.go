package client_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/client"
)

func TestTerminalText(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want string
	}{
		{"nothing to remove", "plain é 😀 \n\ttext", "plain é 😀 \n\ttext"},
		{"empty", "", ""},
		{"carriage returns", "a\r\nb\rc", "a\nbc"},
		{"control characters", "bell\a backspace\b\x7f nul\x00", "bell backspace nul"},
		{"color", "\x1b[31mred\x1b[0m", "red"},
		{"color with many parameters", "\x1b[1;31;48:2:0:0:0mred", "red"},
		{"cursor and screen", "\x1b[?25l\x1b[2J\x1b[1;1Hx", "x"},
		{"intermediate byte", "\x1b[ qx", "x"},
		{"control sequence without an end", "\x1b[31", ""},
		{"control sequence cut off by a newline", "\x1b[31\nx", "\nx"},
		{"control sequence of one character", "\u009b31mred", "red"},
		{"title with a bell", "\x1b]0;title\ax", "x"},
		{"link", "\x1b]8;;https://a.io\x1b\\link\x1b]8;;\x1b\\", "link"},
		{"clipboard", "\x1b]52;c;aGk=\u009cx", "x"},
		{"title in single characters", "\u009d0;title\u009cx", "x"},
		{
			"device control, application, privacy and string",
			"\x1bPq#0\x1b\\x\x1b_app\x1b\\y\x1b^pm\x1b\\z\x1bXsos\x1b\\",
			"xyz",
		},
		{"title without an end", "\x1b]0;without an end", "0;without an end"},
		{"color in a title without an end", "\x1b]a\x1b[31mb", "ab"},
		{"short escapes", "\x1b(Bx\x1b#8y\x1b=z\x1bcw", "xyzw"},
		{"escape at the end", "\x1b", ""},
		{"escape before an escape", "\x1b\x1b[31mx", "x"},
		{"escape before a letter", "\x1b\u00e9", "é"},
		{"single control characters", "\u0080\u0085\u009c x", " x"},
		{"directions", "abc\u202edef\u202c\u2066g\u2069", "abcdefg"},
		{"marks and joiners, which are part of writing", "l\u200er\u200fz\u200dj", "l\u200er\u200fz\u200dj"},
		{"separators", "a\u2028b\u2029c", "a\nb\nc"},
		{"annotations", "\ufff9a\ufffab\ufffb", "ab"},
		{"invalid UTF-8", "bad\xff\xc3", "bad\ufffd\ufffd"},
		{"U+FFFD", "good\ufffd", "good\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, client.TerminalText(c.text))
		})
	}
}

// TestTerminalTextOfHugeTexts has texts that would take minutes if the time
// were not linear.
func TestTerminalTextOfHugeTexts(t *testing.T) {
	for _, part := range []string{
		"\x1b]",
		"\x1b[",
		"\x1bP\x1b]",
		"\x1b",
		"\u009d",
		"\x1b]\x1b\\",
		"\x1b[31",
	} {
		t.Run(fmt.Sprintf("%q", part), func(t *testing.T) {
			require.NotContains(t, client.TerminalText(strings.Repeat(part, 1<<19)), "\x1b")
		})
	}
}

// FuzzTerminalText checks that nothing unsafe is left, and that doing it again
// changes nothing.
func FuzzTerminalText(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m \u202e\u009b0m\x1b]0;t\a\xff")
	f.Add("\x1b]a\x1b]b\x1b\\c\u009dd\u009c")
	f.Fuzz(func(t *testing.T, s string) {
		got := client.TerminalText(s)
		require.True(t, utf8.ValidString(got))
		for _, r := range got {
			isControl := unicode.IsControl(r) && r != '\n' && r != '\t'
			if isControl || unicode.Is(unicode.Bidi_Control, r) && r >= 0x202A {
				t.Errorf("%q has %U", got, r)
			}
		}
		require.Equal(t, got, client.TerminalText(got))
	})
}
