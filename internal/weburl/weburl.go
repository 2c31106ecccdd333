// Package weburl takes web addresses apart as the reference implementation
// does, whose library (addressable for Ruby) is less strict than net/url: a
// host may have nearly any character, and nothing is decoded. It finds out what
// is no address at all, puts an address together again as the library does, and
// checks whether its parts are in normal form, as they must be for a link to be
// verified.
//
//	weburl.go   the parts of an address, and their limits
//	normal.go   which hosts and paths are in normal form; percent-encoding
//
// Source of the rules: testdata/vectors, verifiable.jsonl and
// remote_field.jsonl for addresses that people enter, note.jsonl for those that
// are found in text.
//
// Every function takes time linear in the address. [Normalize] and [Parse]
// allocate nothing for an address that stays as it is.
package weburl

import (
	"errors"
	"strings"
	"unicode"
)

// ErrInvalid is returned for what is no address at all.
var ErrInvalid = errors.New("masto: not a web address")

// A URL is an address in its parts. The zero URL is the empty address.
type URL struct {
	Scheme       string // as it was written
	Host         string
	Path         string
	HasUser      bool // there is a "@" in front of the host
	hasAuthority bool
	user         string // with what follows it, up to the "@"
	port         string // without zeros in front; "": none
	rest         string // the query and the fragment with their marks
	source       string // what was parsed
}

// Normalize returns an address as the reference writes it after parsing it: the
// port without zeros in front, and no port if it is empty or 0. It reports
// false for what is no address, and returns that as it is.
func Normalize(url string) (string, bool) {
	if hasPlainHost(url) {
		return url, true
	}
	u, err := Parse(url)
	if err != nil {
		return url, false
	}
	return u.String(), true
}

// hasPlainHost reports whether url is a web address whose authority is a name
// in ASCII, as most are. Such an address is valid and stays as it is.
func hasPlainHost(url string) bool {
	rest, ok := strings.CutPrefix(url, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(url, "http://"); !ok {
			return false
		}
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '-', c == '.':
		default:
			return i > 0 && (c == '/' || c == '?') && strings.IndexByte(rest[i:], '#') < 0
		}
	}
	return rest != ""
}

// Parse takes an address apart. It fails with [ErrInvalid] where the
// reference's library finds the address invalid.
func Parse(s string) (URL, error) {
	u := URL{source: s}
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

// setAuthority sets the parts that stand in an authority.
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

// validate returns ErrInvalid if the parts do not make an address together.
func (u *URL) validate() error {
	switch {
	case u.isInternet() && u.Host == "" && u.Path == "",
		!u.hasAuthority && strings.HasPrefix(u.Path, "//"),
		u.Scheme == "" && !u.hasAuthority && strings.Contains(firstSegment(u.Path), ":"),
		strings.ContainsFunc(u.Host, isNotInHost),
		!validBrackets(u.Host):
		return ErrInvalid
	}
	return nil
}

// isNotInHost reports whether r cannot be in a host.
func isNotInHost(r rune) bool {
	switch r {
	case '<', '>', '{', '}', '/', '\\', '?', '#', '@', '"':
		return true
	}
	return unicode.IsSpace(r)
}

// validBrackets reports whether a host in brackets, an IP address, has no
// characters but those that the reference allows there. Any other host is fine
// here.
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

// isInternet reports whether the scheme is one of those that cannot do without
// a host or a path.
func (u *URL) isInternet() bool {
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp", "tftp", "sftp", "ssh", "svn+ssh",
		"telnet", "nntp", "gopher", "wais", "ldap", "prospero":
		return true
	}
	return false
}

// String returns the address put together again.
func (u *URL) String() string {
	// Parsing only ever drops bytes: where none is missing, nothing was
	// changed.
	if u.size() == len(u.source) {
		return u.source
	}
	var b strings.Builder
	b.Grow(u.size())
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

// Normal returns the address put together again with https, with another host,
// without a user and with its path in normal form. The port of http is dropped.
func (u URL) Normal(host string) string {
	u.Scheme, u.Host, u.Path = "https", host, normalPath(u.Path)
	u.HasUser, u.user, u.hasAuthority = false, "", true
	if u.port == "80" {
		u.port = ""
	}
	u.source = ""
	return u.String()
}

// size returns the length in bytes of the address put together again.
func (u *URL) size() int {
	n := len(u.Scheme) + len(u.user) + len(u.Host) + len(u.port) + len(u.Path) + len(u.rest)
	if u.Scheme != "" {
		n += len(":")
	}
	if u.hasAuthority {
		n += len("//")
	}
	if u.HasUser {
		n += len("@")
	}
	if u.port != "" {
		n += len(":")
	}
	return n
}

// isScheme reports whether s can be a scheme. The reference matches without
// regard to case and in the Unicode sense, so that ſ (U+017F) is a letter like
// s, and K (U+212A) one like k.
func isScheme(s string) bool {
	for i, r := range s {
		switch {
		case 'a' <= r|0x20 && r|0x20 <= 'z', r == 'ſ', r == '\u212a':
		case i > 0 && ('0' <= r && r <= '9' || r == '+' || r == '-' || r == '.'):
		default:
			return false
		}
	}
	return true
}
