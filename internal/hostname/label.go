package hostname

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// acePrefix begins a label that is encoded.
const acePrefix = "xn--"

func hasACEPrefix(label string) bool {
	return len(label) >= len(acePrefix) && strings.EqualFold(label[:len(acePrefix)], acePrefix)
}

// asciiLabelLength returns the length in bytes of a label in ASCII, and whether
// it can be converted; see [ASCIILength].
func asciiLabelLength(label string) (n int, ok bool) {
	if isASCII(label) {
		return len(label), 0 < len(label) && len(label) <= maxLabel
	}
	var buf [maxLabel]byte
	ascii, ok := appendASCII(buf[:0], label, assignedOnly)
	return len(ascii), ok
}

// appendASCII appends a label in ASCII to dst, which has room for maxLabel
// bytes. It reports false if the label cannot be converted. Source: ToASCII,
// RFC 3490, section 4.1.
func appendASCII(dst []byte, label string, scope scope) ([]byte, bool) {
	if !isASCII(label) {
		var ok bool
		if label, ok = nameprep(label, scope); !ok {
			return nil, false
		}
	}
	if isASCII(label) {
		if label == "" || len(label) > maxLabel {
			return nil, false
		}
		return append(dst, label...), true
	}
	if hasACEPrefix(label) {
		return nil, false
	}
	var runes [maxLabel]rune
	n := 0
	for _, r := range label {
		if n == len(runes) {
			return nil, false
		}
		runes[n] = lower(r)
		n++
	}
	return AppendPunycode(append(dst, acePrefix...), runes[:n])
}

// displayLabel returns a label as it is shown; see [Display]. Source:
// ToUnicode, RFC 3490, section 4.2.
func displayLabel(label string) string {
	if !hasACEPrefix(label) || len(label) > maxLabel {
		return label
	}
	decoded, err := idna.Punycode.ToUnicode(acePrefix + label[len(acePrefix):])
	if err != nil || hasDot(decoded) {
		return label
	}
	var buf [maxLabel]byte
	again, ok := appendASCII(buf[:0], decoded, allOfUnicode)
	if !ok || !strings.EqualFold(string(again), label) {
		return label
	}
	return decoded
}

// hasDot reports whether a label has a dot, which separates labels.
func hasDot(label string) bool {
	end, _ := labelDot(label)
	return end < len(label)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
