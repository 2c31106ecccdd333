package masto

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/seed-374a2035/masto/internal/address"
	"github.com/seed-374a2035/masto/internal/stringprep"
)

// NormalizeAttributionDomains returns domains as they are stored: stripped of ASCII white space and NUL at both ends, then without
// "http://", "https://" and "*." at the front, each taken off once and in that order, without blank ones, and each once. The case
// stays. The result is never nil and shares nothing with domains.
func NormalizeAttributionDomains(domains []string) []string {
	kept := make([]string, 0, len(domains))
	seen := make(map[string]bool, len(domains))
	for _, d := range domains {
		d = strip(d)
		for _, prefix := range [...]string{"http://", "https://", "*."} {
			d = strings.TrimPrefix(d, prefix)
		}
		if !blank(d) && !seen[d] {
			seen[d] = true
			kept = append(kept, d)
		}
	}
	return slices.Clip(kept)
}

// maxDomain is how many bytes the ASCII form of a domain must stay under, maxLabel the most of one label.
const (
	maxDomain = 256
	maxLabel  = 63
)

// validDomain tells whether an attribution domain is one: after percent-decoding and IDNA its labels have 1 to 63 ASCII letters,
// digits or hyphens, and it has less than 256 bytes. One trailing dot is fine, an address or a port is not.
func validDomain(domain string) bool {
	labels := strings.Split(address.DecodePercent(strings.ToLower(domain)), ".")
	for i, label := range labels {
		ascii, ok := labelToASCII(label)
		if !ok {
			return false
		}
		labels[i] = ascii
	}
	// What was encoded twice is decoded twice, as in the reference.
	host := address.DecodePercent(strings.Join(labels, "."))
	if trimmed := strings.TrimSuffix(host, ".."); trimmed != host && trimmed != "" && !strings.HasSuffix(trimmed, ".") {
		host = trimmed + "."
	}
	if len(host) >= maxDomain {
		return false
	}
	host = strings.TrimRight(host, ".")
	if host == "" {
		return true // dots alone: no label to object to, in the reference too
	}
	for label := range strings.SplitSeq(host, ".") {
		if !isHostLabel(label) {
			return false
		}
	}
	return true
}

// isHostLabel tells whether s has 1 to 63 ASCII letters, digits and hyphens and nothing else.
func isHostLabel(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= maxLabel
}

// labelToASCII returns what stands between two dots in ASCII, by IDNA 2003 with unassigned code points allowed and no rule for the
// characters of a host. It fails where IDNA does. A label of more than 63 code points comes back as it is, for the caller to refuse:
// Punycode would take time quadratic in its length.
func labelToASCII(label string) (string, bool) {
	switch {
	case isASCII(label), utf8.RuneCountInString(label) > maxLabel:
		return label, true
	case !utf8.ValidString(label):
		return "", false
	}
	// The other full stops separate labels too; only the last of these may be empty.
	parts := strings.Split(strings.Map(fullStopToDot, label), ".")
	for i, part := range parts {
		if part == "" && i > 0 && i == len(parts)-1 {
			continue
		}
		prepared, ok := nameprep(part)
		if !ok || prepared == "" {
			return "", false
		}
		if !isASCII(prepared) {
			if strings.HasPrefix(prepared, "xn--") {
				return "", false
			}
			ascii, err := idna.Punycode.ToASCII(prepared)
			if err != nil {
				return "", false
			}
			prepared = ascii
		}
		if len(prepared) > maxLabel {
			return "", false
		}
		parts[i] = prepared
	}
	return strings.Join(parts, "."), true
}

// fullStopToDot maps the full stops that IDNA takes for a dot.
func fullStopToDot(r rune) rune {
	switch r {
	case '。', '．', '｡':
		return '.'
	}
	return r
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// nameprep returns a label as RFC 3491 prepares it: some characters deleted, case folded, compatibility forms replaced. It fails on
// prohibited characters and on a mix of writing directions.
func nameprep(label string) (string, bool) {
	label = strings.Map(func(r rune) rune {
		if stringprep.IsNothing(r) {
			return -1
		}
		return r
	}, label)
	fold := strings.NewReplacer("ß", "ss", "ς", "σ")
	for range 2 { // a compatibility form may turn into a capital letter
		label = fold.Replace(strings.ToLower(norm.NFKC.String(label)))
	}
	label = norm.NFKC.String(label)
	if strings.ContainsFunc(label, stringprep.IsProhibited) {
		return "", false
	}
	return label, stringprep.DirectionsAgree(label)
}
