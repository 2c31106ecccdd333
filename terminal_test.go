package masto_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestTerminalText(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 😀 \n\ttext":             "plain é 😀 \n\ttext",
		"":                               "",
		"a\r\nb\rc":                      "a\nbc",
		"bell\a backspace\b\x7f nul\x00": "bell backspace nul",
		"\x1b[31mred\x1b[0m":             "red",
		"\x1b[1;31;48:2:0:0:0mred":       "red",
		"\x1b[?25l\x1b[2J\x1b[1;1Hx":     "x",
		"\x1b[ qx":                       "x",
		"\x1b[31":                        "",
		"\x1b[31\nx":                     "\nx",
		"\u009b31mred":                   "red",
		"\x1b]0;title\ax":                "x",
		"\x1b]8;;https://a.io\x1b\\link\x1b]8;;\x1b\\":               "link",
		"\x1b]52;c;aGk=\u009cx":                                      "x",
		"\u009d0;title\u009cx":                                       "x",
		"\x1bPq#0\x1b\\x\x1b_app\x1b\\y\x1b^pm\x1b\\z\x1bXsos\x1b\\": "xyz",
		"\x1b]0;without an end":                                      "0;without an end",
		"\x1b]a\x1b[31mb":                                            "ab",
		"\x1b(Bx\x1b#8y\x1b=z\x1bcw":                                 "xyzw",
		"\x1b":                                                       "",
		"\x1b\x1b[31mx":                                              "x",
		"\x1b\u00e9":                                                 "é",
		"\u0080\u0085\u009c x":                                       " x",
		"abc\u202edef\u202c\u2066g\u2069":                            "abcdefg",
		"l\u200er\u200fz\u200dj":                                     "l\u200er\u200fz\u200dj", // marks and joiners are part of writing
		"a\u2028b\u2029c":                                            "a\nb\nc",
		"\ufff9a\ufffab\ufffb":                                       "ab",
		"bad\xff\xc3":                                                "bad\ufffd\ufffd",
		"good\ufffd":                                                 "good\ufffd",
	} {
		require.Equal(t, want, masto.TerminalText(in), "%q", in)
	}
}

// Anything but linear time would be noticed: these would take minutes.
func TestTerminalTextOfHugeTexts(t *testing.T) {
	for _, s := range []string{"\x1b]", "\x1b[", "\x1bP\x1b]", "\x1b", "\u009d", "\x1b]\x1b\\", "\x1b[31"} {
		require.NotContains(t, masto.TerminalText(strings.Repeat(s, 1<<19)), "\x1b")
	}
}

func FuzzTerminalText(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m \u202e\u009b0m\x1b]0;t\a\xff")
	f.Add("\x1b]a\x1b]b\x1b\\c\u009dd\u009c")
	f.Fuzz(func(t *testing.T, s string) {
		got := masto.TerminalText(s)
		require.True(t, utf8.ValidString(got))
		for _, r := range got {
			if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) && r >= 0x202A {
				t.Errorf("%q has %U", got, r)
			}
		}
		require.Equal(t, got, masto.TerminalText(got), "the second time changes nothing")
	})
}
