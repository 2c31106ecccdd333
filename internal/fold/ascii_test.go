package fold_test

import (
	"testing"

	"github.com/seed-374a2035/masto/internal/fold"
)

func TestASCII(t *testing.T) {
	for _, tt := range []struct {
		name  string
		a     string
		b     string
		equal bool
		lower string // of a
	}{
		{
			name:  "empty",
			equal: true,
		},
		{
			name:  "letters in any case",
			a:     "AZaz[@`{09",
			b:     "azAZ[@`{09",
			equal: true,
			lower: "azaz[@`{09",
		},
		{
			name:  "a longer text",
			a:     "ab",
			b:     "abc",
			lower: "ab",
		},
		{
			name:  "neighbors of letters",
			a:     "@",
			b:     "`",
			lower: "@",
		},
		{
			name:  "the long s is no s",
			a:     "HTTPſ",
			b:     "httpſ",
			equal: true,
			lower: "httpſ",
		},
		{
			name:  "other letters count as they are",
			a:     "É",
			b:     "é",
			lower: "É",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fold.EqualASCII(tt.a, tt.b); got != tt.equal {
				t.Errorf("EqualASCII(%q, %q) = %t", tt.a, tt.b, got)
			}
			if got := fold.LowerASCII(tt.a); got != tt.lower {
				t.Errorf("LowerASCII(%q) = %q", tt.a, got)
			}
			if got := string(fold.AppendLowerASCII([]byte("A"), tt.a)); got != "A"+tt.lower {
				t.Errorf("AppendLowerASCII(%q) = %q", tt.a, got)
			}
		})
	}
}
