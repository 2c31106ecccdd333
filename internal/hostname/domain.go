package hostname

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-374a2035/masto/internal/weburl"
)

// maxDomain is the longest domain in bytes, in ASCII and without the dot of the
// root.
const maxDomain = 255

// IsDomain reports whether domain is valid as an attribution domain: after
// percent-decoding and IDNA 2003, its labels have 1 to 63 ASCII letters, digits
// or hyphens, and it has at most 255 bytes. It may end with the dot of the
// root. An address is no domain, and a port is no part of one.
//
// Characters that Unicode 3.2 did not have are accepted. Text in both
// directions, and characters that normalization makes a dot of, are refused by
// the rules of today's Unicode, even where the reference accepts them by a
// quirk of its library. Source: testdata/vectors/attribution_domains.jsonl.
func IsDomain(domain string) bool {
	host, ok := domainToASCII(weburl.DecodePercent(strings.ToLower(domain)))
	if !ok {
		return false
	}
	if n := len(host) - 1; n > 0 && host[n] == '.' && host[n-1] != '.' {
		host = host[:n]
	}
	// What was encoded twice is decoded twice, as in the reference.
	host = weburl.DecodePercent(host)
	if len(host) > maxDomain {
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

// isHostLabel reports whether s has 1 to 63 ASCII letters, digits and hyphens
// and nothing else.
func isHostLabel(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= maxLabel
}

// domainToASCII returns a domain with its labels in ASCII. It reports false if
// IDNA cannot convert one. Labels in ASCII stay, and so do those of more than
// 63 code points, for the caller to refuse.
func domainToASCII(domain string) (string, bool) {
	if isASCII(domain) {
		return domain, true
	}
	dst := make([]byte, 0, len(domain))
	for i, label := range strings.Split(domain, ".") {
		if i > 0 {
			dst = append(dst, '.')
		}
		if isASCII(label) || utf8.RuneCountInString(label) > maxLabel {
			dst = append(dst, label...)
			continue
		}
		var ok bool
		if dst, ok = appendParts(dst, label); !ok {
			return "", false
		}
	}
	return string(dst), true
}

// appendParts appends what stands between two dots in ASCII: the labels that
// the other full stops separate, of which only the last may be empty.
func appendParts(dst []byte, s string) ([]byte, bool) {
	for {
		end, size := labelDot(s)
		var buf [maxLabel]byte
		ascii, ok := appendASCII(buf[:0], s[:end], allOfUnicode)
		if !ok || strings.IndexByte(norm.NFKC.String(s[:end]), '.') >= 0 {
			return nil, false
		}
		dst = append(dst, ascii...)
		if end == len(s) {
			return dst, true
		}
		dst = append(dst, '.')
		if s = s[end+size:]; s == "" {
			return dst, true
		}
	}
}
