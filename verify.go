package masto

import (
	"errors"
	"io"
	"strings"

	"github.com/seed-374a2035/masto/internal/htmltree"
	"github.com/seed-374a2035/masto/internal/weburl"
)

// Why a value cannot be verified.
var (
	errNotLoneLink  = errors.New("masto: not a link whose text is its own address")
	errNotHTTPS     = errors.New("masto: not an https address")
	errUserinfo     = errors.New("masto: an address with a user name")
	errNoHost       = errors.New("masto: an address without a host")
	errHostNotPlain = errors.New("masto: the host is not in its normal form in ASCII")
	errPathNotPlain = errors.New("masto: the path is not in its normal form")
)

// VerifiableURL returns the address that the value of a local field can be verified by, the whole value stripped and cut to 255
// code points, or an error that says why there is none. An address is verifiable that cannot be mistaken for another: it
// starts with "https:", has no user name, its host is in lower case and without IDN (punycode is fine), its path has neither dot
// segments nor anything that ought to be percent-encoded, or encoded otherwise. Source of the rule: the reference, "Verifying a link".
func (f Field) VerifiableURL() (string, error) {
	return verifiable(cut(strip(f.Value), DefaultLimits().FieldValue))
}

// VerifiableLink returns the address that the value of a remote field, HTML as it came, can be verified by, or an error that says
// why there is none: the value must be one link whose text is its address, and the address as [Field.VerifiableURL] wants it.
func VerifiableLink(html string) (string, error) {
	url, ok := loneLink(cut(strip(html), remoteFieldLimit))
	if !ok {
		return "", errNotLoneLink
	}
	return verifiable(url)
}

// verifiable returns url if it can be verified.
func verifiable(url string) (string, error) {
	u, err := weburl.Parse(url)
	switch {
	case err != nil:
		return "", err
	case u.Scheme != "https":
		return "", errNotHTTPS
	case u.HasUser:
		return "", errUserinfo
	case strings.TrimSpace(u.Host) == "":
		return "", errNoHost
	case !weburl.IsNormalHost(u.Host):
		return "", errHostNotPlain
	case u.Path != "" && !weburl.IsNormalPath(u.Path):
		return "", errPathNotPlain
	}
	return url, nil
}

// loneLink returns the address of HTML that is nothing but a link whose text is its address.
func loneLink(html string) (string, bool) {
	var t htmltree.Tree
	if t.Parse(html) != nil {
		return "", false
	}
	a := t.First(htmltree.Root)
	if a == htmltree.None || t.Next(a) != htmltree.None || t.Tag(a) != htmltree.A {
		return "", false
	}
	href, ok := t.Lookup(a, "href")
	if !ok {
		return "", false
	}
	url := string(t.AppendValue(nil, href, htmltree.Plain))
	return url, url == string(t.AppendContent(nil, a, htmltree.Plain))
}

// maxPage is how much of a page is read for a link back, in bytes.
const maxPage = 1 << 20

// LinksBack reads a page, at most 1 MiB of it, and reports whether it links to a profile with rel=me: whether the rel of any of its
// a or link elements has the word me and its href is profileURL, in any case and otherwise exactly. If not, ask is the href of
// the first element with rel=me, "" without one: ask is to be requested once, with HEAD and without following redirects, and its
// Location must be profileURL exactly. Source of the rule: the reference, "Verifying a link".
//
// An error is the reader's, or that the page is nested deeper than 400 levels or has more than 400 attributes in a tag.
func LinksBack(page io.Reader, profileURL string) (found bool, ask string, err error) {
	data, err := io.ReadAll(io.LimitReader(page, maxPage))
	if err != nil {
		return false, "", err
	}
	var t htmltree.Tree
	if err := t.Parse(string(data)); err != nil {
		return false, "", err
	}
	s := backLinks{t: &t, profile: strings.ToLower(profileURL)}
	s.search(htmltree.Root)
	if s.found || strings.TrimSpace(s.ask) == "" {
		s.ask = ""
	}
	return s.found, s.ask, nil
}

// backLinks is a search for rel=me in a page.
type backLinks struct {
	t       *htmltree.Tree
	profile string // in lower case
	any     bool   // there was a link with rel=me
	ask     string // the address of the first one
	found   bool
}

// search looks for links in a node.
func (s *backLinks) search(n htmltree.ID) {
	for c := s.t.First(n); c != htmltree.None && !s.found; c = s.t.Next(c) {
		if s.t.Kind(c) != htmltree.Element {
			continue
		}
		if tag := s.t.Tag(c); tag == htmltree.A || tag == htmltree.Link {
			s.link(c)
		}
		s.search(c)
	}
}

// link looks at an a or link element.
func (s *backLinks) link(n htmltree.ID) {
	rel, ok := s.t.Lookup(n, "rel")
	if !ok || !hasMe(string(s.t.AppendValue(nil, rel, htmltree.Plain))) {
		return
	}
	var url string
	href, ok := s.t.Lookup(n, "href")
	if ok {
		url = string(s.t.AppendValue(nil, href, htmltree.Plain))
	}
	if !s.any {
		s.any, s.ask = true, url
	}
	s.found = ok && strings.ToLower(url) == s.profile
}

// hasMe reports whether one of the words of a rel attribute is me.
func hasMe(rel string) bool {
	for word := range strings.FieldsFuncSeq(rel, func(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' }) {
		if word == "me" {
			return true
		}
	}
	return false
}
