package hostname

import "golang.org/x/text/unicode/bidi"

// The tables of stringprep (RFC 3454) that nameprep uses.

// isMappedToNothing reports whether r is mapped to nothing. Source: table B.1.
func isMappedToNothing(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case 0xFE00 <= r && r <= 0xFE0F: // variation selectors
		return true
	}
	switch r {
	case 0x00AD, 0x034F, 0x1806, 0x180B, 0x180C, 0x180D, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF:
		return true
	}
	return false
}

// isProhibited reports whether r may not be in a prepared label: spaces,
// controls, private use, noncharacters and the like beyond ASCII. All of ASCII
// may. Source: tables C.1.2, C.2.2 and C.3 to C.9.
func isProhibited(r rune) bool {
	if r < 0x80 {
		return false
	}
	return r == 0x00A0 || r == 0x1680 || 0x2000 <= r && r <= 0x200B || // spaces
		r == 0x202F || r == 0x205F || r == 0x3000 ||
		r <= 0x9F || r == 0x06DD || r == 0x070F || r == 0x180E || // controls
		0x200C <= r && r <= 0x200F || 0x2028 <= r && r <= 0x202E || 0x2060 <= r && r <= 0x2063 ||
		0x206A <= r && r <= 0x206F ||
		r == 0x0340 || r == 0x0341 || r == 0xFEFF || // deprecated marks, the byte order mark
		0x2FF0 <= r && r <= 0x2FFB || // descriptions of ideographs
		0xFFF9 <= r && r <= 0xFFFD || // annotations, replacements
		0x1D173 <= r && r <= 0x1D17A || // controls of musical notation
		r == 0xE0001 || 0xE0020 <= r && r <= 0xE007F || // tags
		0xE000 <= r && r <= 0xF8FF || r >= 0xF0000 || // private use
		0xD800 <= r && r <= 0xDFFF || // surrogates
		0xFDD0 <= r && r <= 0xFDEF || r&0xFFFE == 0xFFFE // noncharacters
}

// directionsAgree reports whether a label keeps to the rule for text in both
// directions (section 6): one with a character that is written from right to
// left begins and ends with such a one, and has no letter that is written from
// left to right.
func directionsAgree(label string) bool {
	var first, last, left, right bool
	for i, r := range label {
		props, _ := bidi.LookupRune(r)
		class := props.Class()
		last = class == bidi.R || class == bidi.AL
		right = right || last
		left = left || class == bidi.L
		if i == 0 {
			first = last
		}
	}
	return !right || first && last && !left
}
