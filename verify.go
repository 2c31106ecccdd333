package masto

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto/internal/markup"
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

// VerifiableLink returns the address that the value of a remote field, HTML as
// it came, can be verified by, or an error that says why there is none: the
// value must be one link whose text is its address, and the address as
// [Field.VerifiableURL] wants it.
func VerifiableLink(html string) (string, error) {
	url, ok := loneLink(cut(strip(html), remoteFieldLimit))
	if !ok {
		return "", errNotLoneLink
	}
	return verifiableURL(url)
}

// verifiableURL returns url, or an error that says why it cannot be verified.
func verifiableURL(url string) (string, error) {
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

// loneLink returns the address of HTML that is nothing but a link whose text is
// its address, and whether the HTML is that.
func loneLink(source string) (string, bool) {
	root, err := markup.Fragment(source)
	if err != nil {
		return "", false
	}
	a := root.FirstChild
	if a == nil || a.NextSibling != nil || a.DataAtom != atom.A || a.Namespace != "" {
		return "", false
	}
	url, ok := markup.Attr(a, "href")
	return url, ok && url == string(markup.AppendText(nil, a, markup.Plain))
}

// maxPage is how much of a page is read for a link back, in bytes.
const maxPage = 1 << 20

// LinksBack reads a page, at most 1 MiB of it, and reports whether it links to
// a profile with rel=me: whether the rel of any of its a or link elements has
// the word me, in any case, and its href is profileURL, in any case and
// otherwise exactly. If not, candidate is the href of the first element with
// rel=me, "" without one: candidate is to be requested once, with HEAD and
// without following redirects, and its Location must be profileURL exactly. The
// rule is the reference's: testdata/vectors/link_back.jsonl.
//
// The page is parsed as browsers do it, with scripting off. An error is the
// reader's, or says that the page is nested deeper than 400 levels, has more
// than 400 attributes in a tag, or that its misnested tags would make it
// explode.
func LinksBack(page io.Reader, profileURL string) (found bool, candidate string, err error) {
	data, err := io.ReadAll(io.LimitReader(page, maxPage))
	if err != nil {
		return false, "", err
	}
	root, err := markup.Document(string(data))
	if err != nil {
		return false, "", err
	}
	profile, first := strings.ToLower(profileURL), true
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Namespace != "" || n.DataAtom != atom.A && n.DataAtom != atom.Link {
			continue
		}
		if rel, _ := markup.Attr(n, "rel"); !hasMe(rel) {
			continue
		}
		href, ok := markup.Attr(n, "href")
		if ok && strings.ToLower(href) == profile {
			return true, "", nil
		}
		if first {
			first, candidate = false, href
		}
	}
	if strings.TrimSpace(candidate) == "" {
		candidate = ""
	}
	return false, candidate, nil
}

// hasMe reports whether one of the words of a rel attribute is me.
func hasMe(rel string) bool {
	for word := range strings.FieldsFuncSeq(rel, func(r rune) bool { return strings.ContainsRune(" \t\n\f\r", r) }) {
		if strings.EqualFold(word, "me") {
			return true
		}
	}
	return false
}
