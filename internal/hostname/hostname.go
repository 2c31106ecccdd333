// Package hostname has the rules for the names of hosts: which of them exist,
// how they are written in ASCII, and how they are shown.
//
//	hostname.go   the length of a host in ASCII, and how a domain is shown
//	domain.go     which domains an attribution may come from
//	label.go      one label in ASCII and back
//	nameprep.go   what is done to a label before it is encoded
//	stringprep.go the tables that nameprep uses
//	assigned32.go the characters that there were in Unicode 3.2
//	punycode.go   the encoding
//
// The reference implementation converts names by libidn, which implements IDNA
// 2003 (RFC 3490) with nameprep (RFC 3491) and Unicode 3.2. The packages that
// there are for Go do not: golang.org/x/net/idna is IDNA 2008 and UTS 46 of a
// much later Unicode, takes emoji where they must not be, and refuses symbols
// and underscores that are fine here. So IDNA 2003 is written down in this
// package, without its optional rules for the names of hosts
// (UseSTD3ASCIIRules): where they are asked for, domain.go has them.
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
// can be converted: to be a link, a host must be. Labels in ASCII are taken as
// they are, those that begin with xn-- too. A character that was not assigned
// in Unicode 3.2, such as an emoji, cannot be converted.
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
