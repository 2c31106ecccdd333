package linkcheck

import (
	"io"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/seed-374a2035/masto/internal/markup"
)

// CreatorOf returns the account that a page, at most 1 MiB of it in UTF-8,
// names as its author: the content of the first meta element with the name
// fediverse:creator, stripped of spaces and of the @ in front, such as
// alice@social.example. It is a stranger's text, "" if there is none. Before
// the account is shown with the page, [CanBeAttributed] has to allow it. An
// error is the reader's, or says that the page is nested too deep.
func CreatorOf(page io.Reader) (acct string, err error) {
	data, err := io.ReadAll(io.LimitReader(page, maxPage))
	if err != nil {
		return "", err
	}
	root, err := markup.Document(string(data))
	if err != nil {
		return "", err
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.Meta || n.Namespace != "" {
			continue
		}
		if name, _ := markup.Attr(n, "name"); name == "fediverse:creator" {
			content, _ := markup.Attr(n, "content")
			return strings.TrimPrefix(strings.TrimSpace(content), "@"), nil
		}
	}
	return "", nil
}

// CanBeAttributed reports whether an account whose attribution domains are
// domains may be shown as the author of a page on host, a name without a port:
// whether the host or a parent of it is one of them. Names are compared in
// lower case, in ASCII (IDNA), and without the dot of the root. A domain that
// is a public suffix, such as com or github.io, allows nothing, and neither
// does a part of an IP address.
func CanBeAttributed(domains []string, host string) bool {
	host, ok := asciiName(host)
	if !ok {
		return false
	}
	return slices.ContainsFunc(domains, func(domain string) bool {
		domain, ok := asciiName(domain)
		if !ok {
			return false
		}
		if _, err := netip.ParseAddr(host); err == nil {
			return host == domain
		}
		if suffix, _ := publicsuffix.PublicSuffix(domain); suffix == domain {
			return false
		}
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}

// asciiName returns a name in lower case and ASCII, without one dot at its end,
// and whether there is such a name.
func asciiName(name string) (string, bool) {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		// Underscores are in the names of some hosts.
		for i := range len(name) {
			c := name[i]
			if c != '_' && c != '-' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return "", false
			}
		}
		ascii = name
	}
	return ascii, ascii != "" && !strings.HasPrefix(ascii, ".") && !strings.HasSuffix(ascii, ".")
}
