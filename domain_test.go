package masto_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/bidi"

	"github.com/seed-374a2035/masto"
)

// invalidDomains returns which of the domains are findings.
func invalidDomains(t *testing.T, domains ...string) []string {
	t.Helper()
	err := masto.Limits{}.Validate(masto.Update{AttributionDomains: masto.Some(domains)}, nil)
	v, _ := errors.AsType[*masto.ValidationError](err)
	if v == nil {
		return nil
	}
	var bad []string
	for _, f := range v.Findings {
		require.Equal(t, "attribution_domains", f.Attribute)
		bad = append(bad, f.Value)
	}
	return bad
}

func TestAttributionDomainsAreJudged(t *testing.T) {
	label := strings.Repeat("a", 63)
	for domain, valid := range map[string]bool{
		"spore.io":                   true,
		"SPORE.io":                   true,
		"a":                          true,
		"-":                          true,
		"spore.io.":                  true, // the root
		"spore.io..":                 true,
		"spore..io":                  false,
		".io":                        false,
		"under_score.io":             false,
		"spore.io/":                  false,
		"user@spore.io":              false,
		label + ".io":                true,
		label + "a.io":               false,
		strings.Repeat("a.", 127):    true, // 254 bytes
		strings.Repeat("a.", 128):    false,
		"bücher.example":             true,
		"BÜCHER.example":             true,
		strings.Repeat("ü", 63):      false, // its Punycode is longer than a label may be
		strings.Repeat("ü", 100):     false,
		"a\u3002b":                   true,  // an ideographic full stop
		"a\u3002\u3002b":             false, // an empty label between two
		"a\u3002":                    true,
		"\u2100.io":                  false, // becomes a/c
		"a\u2026b":                   false, // becomes three dots
		"\u00ad":                     false, // nothing is left of it
		"a\u00adb":                   true,
		"a\u200eb":                   false, // a directional mark
		"a\ue000b":                   false, // private use
		"\u05d0":                     true,
		"\u05d0a":                    false, // two directions in a label
		"\u05d01":                    false, // does not end in a letter of its direction
		"\u05d0.a":                   true,
		"xn--b\u00fccher":            false, // Punycode already, yet not ASCII
		"\uff58\uff4e--a":            true,
		"%73pore.io":                 true,
		"%2573pore.io":               true, // decoded twice
		"spore%2eio":                 true,
		"spore%20.io":                false,
		"spore%zz.io":                false,
		"spore%":                     false,
		"%c3%a9.io":                  true,
		"%ff.io":                     false,
		"\xff.io":                    false,
		"a\x00b":                     false,
		"\U0001f600.la":              true, // unassigned when IDNA 2003 was made
		"i\u0307.io":                 true,
		"\u0130.io":                  true,
		"stra\u00dfe.de":             true,
		"a\u00a0b":                   false,
		"<script>":                   false,
		"1.2.3.4":                    true,
		"[::1]":                      false,
		strings.Repeat("%61", 60):    true,
		strings.Repeat("%2561", 63):  true,
		strings.Repeat("\u00ad", 70): false,
	} {
		got := invalidDomains(t, domain)
		if valid {
			require.Empty(t, got, "%q", domain)
		} else {
			require.Equal(t, []string{domain}, got)
		}
	}
}

func TestNormalizeAttributionDomains(t *testing.T) {
	in := []string{" https://a.io\n", "http://*.a.io", "*.http://b.io", "", "\u3000", "a.io", "A.io"}
	require.Equal(t, []string{"a.io", "http://b.io", "A.io"}, masto.NormalizeAttributionDomains(in))
	require.Equal(t, []string{}, masto.NormalizeAttributionDomains(nil))
}

// Anything but linear time would be noticed: these would take minutes.
func TestHugeDomains(t *testing.T) {
	for _, domain := range []string{
		strings.Repeat("a.", 1<<17), strings.Repeat("ü", 1<<17), strings.Repeat("%", 1<<18), strings.Repeat("%25", 1<<17),
		strings.Repeat("\u3002", 1<<17), strings.Repeat("ü.", 1<<17), strings.Repeat("\u0300", 1<<17),
	} {
		require.NotEmpty(t, invalidDomains(t, domain))
	}
}

// FuzzAttributionDomain compares with another implementation of IDNA, which is stricter: what it takes for a host is a valid domain.
func FuzzAttributionDomain(f *testing.F) {
	for _, v := range readVectors(f, "testdata/vectors/attribution_domains.jsonl") {
		for _, d := range decode[[]*string](v.In) {
			if d != nil {
				f.Add(*d)
			}
		}
	}
	strict := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	f.Fuzz(func(t *testing.T, domain string) {
		valid := len(invalidDomains(t, domain)) == 0
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
