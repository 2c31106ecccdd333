// Package weburl takes web addresses apart as the reference's library does (addressable for Ruby), which is less strict than
// net/url, and tells which of their parts are in normal form.
package weburl

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrInvalid is returned for what is no address at all.
var ErrInvalid = errors.New("masto: not a web address")

// A URL is a URI in its parts. The zero URL is the empty one.
type URL struct {
	Scheme       string // as it was written
	Host         string
	Path         string
	HasUser      bool // there is a "@" in front of the host
	hasAuthority bool
	user         string // with what follows it, up to the "@"
	port         string // without zeros in front; "": none
	rest         string // the query and the fragment with their marks
}

// Parse takes an address apart. It fails where the reference's library finds the address invalid.
func Parse(s string) (URL, error) {
	var u URL
	if i := strings.IndexAny(s, ":/?#"); i > 0 && s[i] == ':' {
		if !isScheme(s[:i]) {
			return u, ErrInvalid
		}
		u.Scheme, s = s[:i], s[i+1:]
	}
	if i := strings.IndexByte(s, '#'); i >= 0 { // a fragment ends with the line
		if j := strings.IndexByte(s[i:], '\n'); j >= 0 {
			s = s[:i+j]
		}
	}
	var authority string
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		i := strings.IndexAny(rest, "/?#")
		if i < 0 {
			i = len(rest)
		}
		u.hasAuthority, authority, s = true, rest[:i], rest[i:]
	}
	i := strings.IndexAny(s, "?#")
	if i < 0 {
		i = len(s)
	}
	u.Path, u.rest = s[:i], s[i:]
	if err := u.setAuthority(authority); err != nil {
		return u, err
	}
	return u, u.validate()
}

// setAuthority takes an authority apart.
func (u *URL) setAuthority(s string) error {
	if i := strings.LastIndexByte(s, '@'); i >= 0 && !strings.ContainsAny(s[:i], "[]") {
		u.HasUser, u.user, s = true, strings.Trim(s[:i], " \t\n\v\f\r\x00"), s[i+1:]
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.ContainsAny(s[i:], "@[]") {
		port := s[i+1:]
		s = s[:i]
		if port != "" {
			if strings.Trim(port, "0123456789") != "" {
				return ErrInvalid
			}
			u.port = strings.TrimLeft(port, "0")
		}
	}
	u.Host = s
	return nil
}

// validate reports what the parts of an address may not be together.
func (u *URL) validate() error {
	switch {
	case u.isInternet() && u.Host == "" && u.Path == "",
		!u.hasAuthority && strings.HasPrefix(u.Path, "//"),
		u.Scheme == "" && !u.hasAuthority && strings.Contains(firstSegment(u.Path), ":"),
		strings.ContainsAny(u.Host, `<>{}/\?#@"`),
		!validBrackets(u.Host),
		strings.ContainsFunc(u.Host, unicode.IsSpace):
		return ErrInvalid
	}
	return nil
}

// validBrackets reports whether a host in brackets, an IP address, has no characters but those that the reference allows there. Any other
// host is fine here.
func validBrackets(host string) bool {
	inner, ok := strings.CutPrefix(host, "[")
	if !ok || !strings.HasSuffix(inner, "]") {
		return true
	}
	return isEncoded(inner[:len(inner)-1], inner[:len(inner)-1], "-._~!$&'()*+,;=:")
}

// firstSegment returns what comes before the first slash of a path.
func firstSegment(path string) string {
	segment, _, _ := strings.Cut(path, "/")
	return segment
}

// isInternet reports whether the scheme is one of those that cannot do without a host or a path.
func (u *URL) isInternet() bool {
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp", "tftp", "sftp", "ssh", "svn+ssh", "telnet", "nntp", "gopher", "wais", "ldap", "prospero":
		return true
	}
	return false
}

// String returns the address put together again.
func (u *URL) String() string {
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme)
		b.WriteByte(':')
	}
	if u.hasAuthority {
		b.WriteString("//")
		if u.HasUser {
			b.WriteString(u.user)
			b.WriteByte('@')
		}
		b.WriteString(u.Host)
		if u.port != "" {
			b.WriteByte(':')
			b.WriteString(u.port)
		}
	}
	b.WriteString(u.Path)
	b.WriteString(u.rest)
	return b.String()
}

// isScheme reports whether s can be a scheme.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if 'a' <= c && c <= 'z' {
			continue
		}
		if i == 0 || (s[i] < '0' || s[i] > '9') && s[i] != '+' && s[i] != '-' && s[i] != '.' {
			return false
		}
	}
	return true
}

// IsNormalHost reports whether normalizing a host would leave it as it is: it
// is in lower case and ASCII, without a NUL, without a dot at the end, and only
// what must be is percent-encoded. A NUL, even one that is percent-encoded,
// ends a host for the reference's IDNA library, so that the host does not come
// back.
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

// isEncoded reports whether encoding plain, all but letters, digits and the extra characters, gives s.
func isEncoded(s, plain, extra string) bool {
	const digits = "0123456789ABCDEF"
	i := 0
	for j := range len(plain) {
		c := plain[j]
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c < utf8.RuneSelf && strings.IndexByte(extra, c) >= 0 {
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
