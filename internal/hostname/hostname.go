// Package hostname has the rules for the names of hosts: which of them can
// exist, how they are written in ASCII, and how they are shown.
//
//	hostname.go   the length of a host in ASCII, and how a domain is shown
//	domain.go     which domains an attribution may come from
//	label.go      one label in ASCII and back
//	nameprep.go   what is done to a label before it is encoded
//	stringprep.go the tables that nameprep uses
//	assigned32.go the characters that Unicode 3.2 had
//	punycode.go   the encoding
//
// The reference implementation converts names by libidn, which implements IDNA
// 2003 (RFC 3490) with nameprep (RFC 3491) and Unicode 3.2. No package for Go
// does: golang.org/x/net/idna implements IDNA 2008 and UTS 46 of a much later
// Unicode, accepts emoji where they must not be, and refuses symbols and
// underscores that are fine here. So this package implements IDNA 2003, without
// its optional rules for the names of hosts (UseSTD3ASCIIRules): domain.go has
// them for the domains that have to keep to them.
//
// Every function takes time linear in its input, whatever that is: a label that
// is too long for anything is not looked at further. Nothing is allocated for a
// name in ASCII, and nothing in [ASCIILength] for a label that is normalized,
// as nearly all are.
package hostname

import "strings"

// maxLabel is the longest label in bytes, in ASCII.
const maxLabel = 63

// ASCIILength returns the length in bytes of the host in ASCII, and whether it
// can be converted. Only a host that can becomes a link. Labels in ASCII are
// taken as they are, those that begin with xn-- too. A character that was not
// assigned in Unicode 3.2, such as an emoji, cannot be converted.
func ASCIILength(host string) (n int, ok bool) {
	for {
		end, size := labelDot(host)
		length, ok := asciiLabelLength(host[:end])
		if !ok {
			return 0, false
		}
		n += length
		if end == len(host) {
			return n, true
		}
		n++
		host = host[end+size:]
	}
}

// labelDot returns where the first label of host ends, and the length in bytes
// of the dot there: IDNA knows three more than ASCII.
func labelDot(host string) (end, size int) {
	for i := 0; i < len(host); i++ {
		switch host[i] {
		case '.':
			return i, 1
		case 0xE3, 0xEF:
			if r := host[i:]; strings.HasPrefix(r, "。") || strings.HasPrefix(r, "．") || strings.HasPrefix(r, "｡") {
				return i, len("。")
			}
		}
	}
	return len(host), 0
}

// Display returns a domain as it is shown to people: each label that is
// Punycode is decoded, if that gives a label which becomes the same Punycode
// again. So xn--bcher-kva.example is bücher.example, but a label that hides a
// joiner, a mark of direction or a letter that IDNA 2003 takes for another one
// stays as it is: it could be mistaken for another domain. Characters that
// Unicode 3.2 did not have, such as emoji, are shown.
func Display(domain string) string {
	if !strings.Contains(domain, "--") {
		return domain
	}
	labels := strings.Split(domain, ".")
	for i, label := range labels {
		labels[i] = displayLabel(label)
	}
	return strings.Join(labels, ".")
}
