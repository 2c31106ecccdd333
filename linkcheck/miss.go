package linkcheck

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// missCodes returns the ways in which href misses profile, none if it does not,
// and only Elsewhere if it leads to something else. base is the address of the
// page.
func missCodes(href, profile, base string) []Code {
	//nolint:staticcheck // EqualFold folds more: the reference compares in lower case.
	if strings.ToLower(href) == strings.ToLower(profile) {
		return nil
	}
	elsewhere := []Code{Elsewhere}
	p, err := url.Parse(profile)
	if err != nil {
		return elsewhere
	}
	var misses []Code
	trimmed := strings.TrimSpace(href)
	if trimmed != href {
		misses = append(misses, Spaces)
	}
	if trimmed == "" {
		return elsewhere
	}
	if strings.EqualFold(trimmed, profile) {
		return misses
	}
	u, how, ok := absolute(trimmed, p, base)
	if !ok {
		return elsewhere
	}
	if how != "" {
		misses = append(misses, how)
	}
	if u.Scheme != p.Scheme {
		if u.Scheme != "http" {
			return elsewhere
		}
		misses = append(misses, HTTP)
	}
	path, ok := pathMiss(u, p)
	if !ok {
		return elsewhere
	}
	switch {
	case strings.EqualFold(u.Host, p.Host):
	case sameHost(u, p):
		misses = append(misses, HostSpelling)
	case path != OtherSpelling && len(strings.Trim(p.Path, "/")) > 0:
		misses = append(misses, OtherHost)
	default:
		return elsewhere
	}
	if path != "" {
		misses = append(misses, path)
	}
	if u.RawQuery != p.RawQuery || u.Fragment != p.Fragment || u.ForceQuery || strings.HasSuffix(trimmed, "#") {
		misses = append(misses, Query)
	}
	if len(misses) == 0 {
		return []Code{HostSpelling} // by a way of writing that net/url does not keep
	}
	return misses
}

// absolute returns href as an absolute address of the web, and how it was none.
func absolute(href string, p *url.URL, base string) (u *url.URL, how Code, ok bool) {
	u, err := url.Parse(href)
	switch {
	case err != nil:
		return nil, "", false
	case isWeb(u):
		return u, "", true
	case u.Scheme == "" && u.Host != "":
		u.Scheme = p.Scheme
		return u, NoScheme, true
	case u.Scheme != "":
		return nil, "", false
	}
	if named, err := url.Parse("https://" + href); err == nil && sameHost(named, p) {
		return named, NoScheme, true
	}
	b, err := url.Parse(base)
	if err != nil {
		return nil, "", false
	}
	u = b.ResolveReference(u)
	return u, Relative, sameHost(u, p)
}

// sameHost reports whether both addresses name the same host and port.
func sameHost(u, p *url.URL) bool { return plainHost(u) == plainHost(p) }

// plainHost returns the host of u in ASCII and lower case, with another port
// than the usual one.
func plainHost(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	if port := u.Port(); port != "" && port != "443" && port != "80" {
		host += ":" + port
	}
	return host
}

// pathMiss returns how the path of u misses that of p, and whether it leads to
// the same profile at all.
func pathMiss(u, p *url.URL) (Code, bool) {
	up, pp := u.EscapedPath(), p.EscapedPath()
	switch {
	case strings.EqualFold(up, pp):
		return "", true
	case strings.EqualFold(u.Path, p.Path):
		return PercentEncoding, true
	case strings.EqualFold(strings.TrimRight(u.Path, "/"), strings.TrimRight(p.Path, "/")):
		return TrailingSlash, true
	}
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	profile := strings.ToLower(strings.Trim(p.Path, "/"))
	if i := strings.LastIndexByte(profile, '/'); i >= 0 {
		profile = profile[i+1:]
	}
	name := strings.TrimPrefix(profile, "@")
	if name == "" {
		return "", false
	}
	for _, prefix := range []string{"@", "users/", "users/@", "web/@", "u/", ""} {
		rest, ok := strings.CutPrefix(path, prefix+name)
		if ok && (rest == "" || rest[0] == '/' || rest == "@"+strings.ToLower(p.Host)) {
			return OtherSpelling, true
		}
	}
	return "", false
}
