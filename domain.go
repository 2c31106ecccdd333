package masto

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
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
	labels := strings.Split(percentDecode(strings.ToLower(domain)), ".")
	for i, label := range labels {
		ascii, ok := labelToASCII(label)
		if !ok {
			return false
		}
		labels[i] = ascii
	}
	// What was encoded twice is decoded twice, as in the reference.
	host := percentDecode(strings.Join(labels, "."))
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

// percentDecode replaces each %XX by its byte and leaves every other % alone.
func percentDecode(s string) string {
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	b := append(make([]byte, 0, len(s)), s[:i]...)
	for ; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := unhex(s[i+1]), unhex(s[i+2]); hi >= 0 && lo >= 0 {
				b = append(b, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// unhex returns the value of a hexadecimal digit, -1 for any other byte.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
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
		if isMappedToNothing(r) {
			return -1
		}
		return r
	}, label)
	fold := strings.NewReplacer("ß", "ss", "ς", "σ")
	for range 2 { // a compatibility form may turn into a capital letter
		label = fold.Replace(strings.ToLower(norm.NFKC.String(label)))
	}
	label = norm.NFKC.String(label)
	if strings.ContainsFunc(label, isProhibited) {
		return "", false
	}
	return label, directionsAgree(label)
}

// isMappedToNothing has table B.1 of RFC 3454.
func isMappedToNothing(r rune) bool {
	switch r {
	case 0x00AD, 0x034F, 0x1806, 0x180B, 0x180C, 0x180D, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF:
		return true
	}
	return 0xFE00 <= r && r <= 0xFE0F
}

// isProhibited has the tables C.1.2, C.2.2 and C.3 to C.9 of RFC 3454: spaces, controls, private use, noncharacters and the like.
func isProhibited(r rune) bool {
	switch {
	case r == 0x00A0, r == 0x1680, 0x2000 <= r && r <= 0x200B, r == 0x202F, r == 0x205F, r == 0x3000:
		return true
	case 0x0080 <= r && r <= 0x009F, r == 0x06DD, r == 0x070F, r == 0x180E, 0x200C <= r && r <= 0x200F, 0x2028 <= r && r <= 0x202E,
		0x2060 <= r && r <= 0x2063, 0x206A <= r && r <= 0x206F, r == 0xFEFF, 0xFFF9 <= r && r <= 0xFFFD, 0x1D173 <= r && r <= 0x1D17A:
		return true
	case 0xE000 <= r && r <= 0xF8FF, 0xFDD0 <= r && r <= 0xFDEF, r&0xFFFE == 0xFFFE, r >= 0xF0000:
		return true
	case 0x2FF0 <= r && r <= 0x2FFB, r == 0x0340, r == 0x0341, r == 0xE0001, 0xE0020 <= r && r <= 0xE007F:
		return true
	}
	return false
}

// directionsAgree has the rule of RFC 3454, section 6: a label with right-to-left letters has no left-to-right ones, and begins and
// ends with one of them.
func directionsAgree(label string) bool {
	var left, right bool
	for _, r := range label {
		switch direction(r) {
		case bidi.L:
			left = true
		case bidi.R, bidi.AL:
			right = true
		}
	}
	if !right {
		return true
	}
	first, _ := utf8.DecodeRuneInString(label)
	last, _ := utf8.DecodeLastRuneInString(label)
	return !left && isRightToLeft(first) && isRightToLeft(last)
}

func isRightToLeft(r rune) bool { return direction(r) == bidi.R || direction(r) == bidi.AL }

func direction(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}
