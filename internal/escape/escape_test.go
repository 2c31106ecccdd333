package escape_test

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-374a2035/masto/internal/escape"
)

// FuzzAppendHTML compares with a replacer, at every offset of a word of eight
// bytes.
func FuzzAppendHTML(f *testing.F) {
	f.Add("")
	f.Add(`a < b && "c" > 'd'`)
	f.Add("0123456789;<=>?@!\"#$%&'()\n\r\x00\x7f\xff")
	slow := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
	f.Fuzz(func(t *testing.T, text string) {
		for offset := range 8 {
			text := strings.Repeat("x", offset) + text
			got := string(escape.AppendHTML([]byte("before"), text))
			if want := "before" + slow.Replace(text); got != want {
				t.Fatalf("AppendHTML(%q) = %q, want %q", text, got, want)
			}
			if back := html.UnescapeString(got[len("before"):]); !strings.Contains(text, "&") && back != text {
				t.Fatalf("AppendHTML(%q) reads %q", text, back)
			}
		}
	})
}

// FuzzIndex compares with strings.IndexAny.
func FuzzIndex(f *testing.F) {
	f.Add("")
	f.Add("a text without anything and\nmore")
	f.Add("\v\f\b\t\x0e\x0f:;=?#$%(\r")
	f.Fuzz(func(t *testing.T, text string) {
		for _, tt := range []struct {
			set   escape.Set
			chars string
		}{
			{escape.Special, `&<>"'`},
			{escape.Newline, "\n\r"},
			{escape.Special | escape.Newline, "&<>\"'\n\r"},
		} {
			want := strings.IndexAny(text, tt.chars)
			if want < 0 {
				want = len(text)
			}
			if got := escape.Index(text, tt.set); got != want {
				t.Fatalf("Index(%q, %q) = %d, want %d", text, tt.chars, got, want)
			}
		}
	})
}

// FuzzAppendPathSegment checks that a segment reads as what it was made of.
func FuzzAppendPathSegment(f *testing.F) {
	f.Add("")
	f.Add("Café/a?b#c%20 d")
	f.Add("-._~!$&'()*+,;=:@")
	f.Fuzz(func(t *testing.T, text string) {
		got := string(escape.AppendPathSegment(nil, text))
		if back, err := url.PathUnescape(got); err != nil || back != text {
			t.Fatalf("AppendPathSegment(%q) = %q, which reads %q, %v", text, got, back, err)
		}
		if strings.ContainsAny(got, "/?# \"<>\\^`{|}") {
			t.Fatalf("AppendPathSegment(%q) = %q", text, got)
		}
	})
}
