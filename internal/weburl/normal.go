package weburl

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// IsNormalHost reports whether normalizing a host would leave it as it is: it
// is in lower case and ASCII, has no NUL and no dot at the end, and only what
// must be is percent-encoded. The reference's IDNA library cuts a host at a NUL,
// even at a percent-encoded one.
func IsNormalHost(host string) bool {
	plain := DecodePercent(strings.ToLower(host))
	for i := range len(plain) {
		if plain[i] == 0 || plain[i] >= utf8.RuneSelf {
			return false
		}
	}
	if strings.HasSuffix(plain, ".") && len(plain) > 1 && plain[len(plain)-2] != '.' {
		return false
	}
	return isEncoded(host, DecodePercent(plain), "-._~!$&'()*+,;=[]:")
}

// IsNormalPath reports whether normalizing a path would leave it as it is.
func IsNormalPath(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
		plain := DecodePercent(segment)
		extra := "-._~!$&'()*+,;=:@"
		if !utf8.ValidString(plain) {
			extra += "/?#[]" // the reference's library cannot normalize these and encodes less
		} else if !norm.NFC.IsNormalString(plain) {
			return false
		}
		if !isEncoded(segment, plain, extra) {
			return false
		}
	}
	return true
}

// DecodePercent replaces each %XX by its byte and leaves every other % alone.
func DecodePercent(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// isEncoded reports whether s is plain with everything percent-encoded but
// letters, digits and the extra characters.
func isEncoded(s, plain, extra string) bool {
	const digits = "0123456789ABCDEF"
	i := 0
	for j := range len(plain) {
		c := plain[j]
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' ||
			c < utf8.RuneSelf && strings.IndexByte(extra, c) >= 0 {
			if i >= len(s) || s[i] != c {
				return false
			}
			i++
			continue
		}
		if i+2 >= len(s) || s[i] != '%' || s[i+1] != digits[c>>4] || s[i+2] != digits[c&15] {
			return false
		}
		i += 3
	}
	return i == len(s)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
