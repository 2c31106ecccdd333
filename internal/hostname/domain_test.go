package hostname_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/bidi"

	"github.com/seed-374a2035/masto/internal/hostname"
)

func TestIsDomain(t *testing.T) {
	label := strings.Repeat("a", 63)
	for _, tt := range []struct {
		name, domain string
		want         bool
	}{
		{"a domain", "spore.io", true},
		{"capital letters", "SPORE.io", true},
		{"one label", "a", true},
		{"a hyphen", "-", true},
		{"the dot of the root", "spore.io.", true},
		{"two dots at the end", "spore.io..", true},
		{"an empty label", "spore..io", false},
		{"a dot at the start", ".io", false},
		{"an underscore", "under_score.io", false},
		{"a slash", "spore.io/", false},
		{"a user", "user@spore.io", false},
		{"a long label", label + ".io", true},
		{"a label that is too long", label + "a.io", false},
		{"255 bytes", strings.Repeat("a.", 127) + "a", true},
		{"255 bytes and a dot", strings.Repeat("a.", 128), true},
		{"256 bytes", strings.Repeat("a.", 127) + "aa", false},
		{"256 bytes and a dot", strings.Repeat("a.", 127) + "aa.", false},
		{"255 bytes and two dots", strings.Repeat("a.", 128) + ".", false},
		{"an international domain", "bücher.example", true},
		{"and with capital letters", "BÜCHER.example", true},
		{"Punycode longer than a label may be", strings.Repeat("ü", 63), false},
		{"too many letters", strings.Repeat("ü", 100), false},
		{"an ideographic full stop", "a\u3002b", true},
		{"an empty label between two of them", "a\u3002\u3002b", false},
		{"one at the end", "a\u3002", true},
		{"letters that become a slash", "\u2100.io", false},
		{"a letter that becomes three dots", "a\u2026b", false},
		{"nothing is left of it", "\u00ad", false},
		{"a soft hyphen", "a\u00adb", true},
		{"a mark of direction", "a\u200eb", false},
		{"private use", "a\ue000b", false},
		{"letters from right to left", "\u05d0", true},
		{"two directions in a label", "\u05d0a", false},
		{"a digit that ends one", "\u05d01", false},
		{"two directions in two labels", "\u05d0.a", true},
		{"Punycode already, yet not ASCII", "xn--b\u00fccher", false},
		{"a full width prefix", "\uff58\uff4e--a", true},
		{"percent-encoded", "%73pore.io", true},
		{"decoded twice", "%2573pore.io", true},
		{"an encoded dot", "spore%2eio", true},
		{"an encoded space", "spore%20.io", false},
		{"a percent sign and no digits", "spore%zz.io", false},
		{"a percent sign at the end", "spore%", false},
		{"an encoded letter", "%c3%a9.io", true},
		{"an encoded byte that is no UTF-8", "%ff.io", false},
		{"a byte that is no UTF-8", "\xff.io", false},
		{"NUL", "a\x00b", false},
		{"a character that Unicode 3.2 did not have", "\U0001f600.la", true},
		{"a letter and its mark", "i\u0307.io", true},
		{"a capital I with a dot", "\u0130.io", true},
		{"two letters for one", "stra\u00dfe.de", true},
		{"a no-break space", "a\u00a0b", false},
		{"markup", "<script>", false},
		{"an IPv4 address", "1.2.3.4", true},
		{"an IPv6 address", "[::1]", false},
		{"a label that is long before it is decoded", strings.Repeat("%61", 60), true},
		{"and before it is decoded twice", strings.Repeat("%2561", 63), true},
		{"nothing, many times", strings.Repeat("\u00ad", 70), false},
		{"a lone dot", ".", true},
		{"a lone ideographic full stop", "\u3002", false},
		{"a digit with a dot", "a\U0001f100b.org", false},
		{"an encoded NUL", "a%00b", false},
		{"a letter from right to left that came later", "a\U0001e900b.com", false},
		{"letters that are no ASCII at 255 bytes", strings.Repeat("\u00e9.", 31) + "abcdefg" + ".", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, hostname.IsDomain(tt.domain), "%q", tt.domain)
		})
	}
}

// Anything but linear time would be noticed: these would take minutes.
func TestHugeDomains(t *testing.T) {
	for _, domain := range []string{
		strings.Repeat("a.", 1<<17), strings.Repeat("ü", 1<<17), strings.Repeat("%", 1<<18),
		strings.Repeat("%25", 1<<17),
		strings.Repeat("\u3002", 1<<17), strings.Repeat("ü.", 1<<17), strings.Repeat("\u0300", 1<<17),
	} {
		require.False(t, hostname.IsDomain(domain))
	}
}

// FuzzIsDomain compares with another implementation of IDNA, which is stricter:
// what it takes for a host is a domain.
func FuzzIsDomain(f *testing.F) {
	for _, domain := range []string{
		"spore.io", "BÜCHER.example.", "a\u3002b", "\u2100.io", "a\u00adb", "\u05d0.a", "xn--bcher-kva.example",
		"%2573pore%2eio", "🍄.la",
		"stra\u00dfe.de", "\uff58\uff4e--a", "a\x00b", "1.2.3.4", "http://a.io/",
	} {
		f.Add(domain)
	}
	strict := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	f.Fuzz(func(t *testing.T, domain string) {
		valid := hostname.IsDomain(domain)
		if len(domain) > 1000 {
			return // the other one takes time quadratic in a label
		}
		ascii, err := strict.ToASCII(domain)
		if err != nil || !utf8.ValidString(domain) || strings.ContainsRune(domain, utf8.RuneError) {
			return // idna takes U+FFFD, and any bad byte for it
		}
		if right := strings.ContainsFunc(domain, func(r rune) bool {
			p, _ := bidi.LookupRune(r)
			return p.Class() == bidi.R || p.Class() == bidi.AL
		}); right {
			return // RFC 3454 and RFC 5893 have different rules for these
		}
		require.True(t, valid, "%q is %q", domain, ascii)
	})
}
