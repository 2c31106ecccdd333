package fold_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/seed-374a2035/masto/internal/fold"
)

// TestKeyOfEveryCodePoint compares the key with strings.EqualFold, over each
// code point of the planes that have letters with case, and its other cases.
func TestKeyOfEveryCodePoint(t *testing.T) {
	for r := range rune(0x20000) {
		a := string(r)
		key := fold.Key(a)
		if !strings.EqualFold(a, key) {
			t.Fatalf("Key(%q) = %q, which is another letter", a, key)
		}
		if again := fold.Key(key); again != key {
			t.Fatalf("Key(%q) = %q, and its key is %q", a, key, again)
		}
		others := []rune{unicode.ToLower(r), unicode.ToUpper(r), unicode.ToTitle(r), unicode.SimpleFold(r)}
		for _, other := range others {
			b := string(other)
			if same := fold.Key(b) == key; same != strings.EqualFold(a, b) {
				t.Fatalf("keys of %q and %q equal: %t, EqualFold says otherwise", a, b, same)
			}
		}
	}
}

func FuzzKey(f *testing.F) {
	for _, s := range []string{"alice", "ÆRØ", "Σίσυφος", "\u212a", "ſ", "İ", "ı", "ß", "ẞ", "e\u0301", "\xff", ""} {
		f.Add(s, strings.ToUpper(s))
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if same := fold.Key(a) == fold.Key(b); same != strings.EqualFold(a, b) {
			t.Errorf("keys of %q and %q equal: %t, EqualFold says otherwise", a, b, same)
		}
	})
}
