package weburl

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// IsNormalHost reports whether normalizing a host would leave it as it is: it
// is in lower case and ASCII, has no NUL and no dot at the end, and only what
// must be is percent-encoded. The reference's IDNA library cuts a host at a
// NUL, even at a percent-encoded one.
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

// pathMarks are the marks that are not percent-encoded in a path.
const pathMarks = "-._~!$&'()*+,;=:@"

const upperHex = "0123456789ABCDEF"

// IsNormalPath reports whether normalizing a path would leave it as it is.
func IsNormalPath(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
		plain := DecodePercent(segment)
		extra := pathMarks
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

// normalPath returns a path in normal form: without dot segments, composed, and
// percent-encoded where it must be and nowhere else.
func normalPath(path string) string {
	var b []byte
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		dots := segment == "." || segment == ".."
		if segment == ".." {
			b = b[:max(0, bytes.LastIndexByte(b, '/'))]
		}
		if i > 0 && (!dots || i == len(segments)-1) {
			b = append(b, '/')
		}
		if !dots {
			b = appendEncoded(b, norm.NFC.String(DecodePercent(segment)), pathMarks)
		}
	}
	return string(b)
}

// appendEncoded appends plain, percent-encoded but for letters, digits and the
// extra characters.
func appendEncoded(dst []byte, plain, extra string) []byte {
	for i := range len(plain) {
		c := plain[i]
		if isPlain(c, extra) {
			dst = append(dst, c)
			continue
		}
		dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
	}
	return dst
}

// isPlain reports whether c is an ASCII letter, a digit or one of extra.
func isPlain(c byte, extra string) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' ||
		c < utf8.RuneSelf && strings.IndexByte(extra, c) >= 0
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
	i := 0
	for j := range len(plain) {
		c := plain[j]
		if isPlain(c, extra) {
			if i >= len(s) || s[i] != c {
				return false
			}
			i++
			continue
		}
		if i+2 >= len(s) || s[i] != '%' || s[i+1] != upperHex[c>>4] || s[i+2] != upperHex[c&15] {
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
