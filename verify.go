package masto

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/idna"

	"github.com/seed-374a2035/masto/internal/markup"
	"github.com/seed-374a2035/masto/internal/weburl"
)

// The reasons why a value cannot be verified. Each is wrapped in an
// [UnverifiableError].
var (
	ErrNotLoneLink   = errors.New("masto: not a link whose text is its own address")
	ErrNotURL        = weburl.ErrInvalid
	ErrNotHTTPS      = errors.New("masto: not an https address")
	ErrHasUser       = errors.New("masto: an address with a user name")
	ErrNoHost        = errors.New("masto: an address without a host")
	ErrHostNotNormal = errors.New("masto: the host is not in its normal form in ASCII")
	ErrPathNotNormal = errors.New("masto: the path is not in its normal form")
)

// UnverifiableError says why a value cannot be verified. It matches one of
// [ErrNotLoneLink], [ErrNotURL], [ErrNotHTTPS], [ErrHasUser], [ErrNoHost],
// [ErrHostNotNormal] and [ErrPathNotNormal].
type UnverifiableError struct {
	// URL is the address that was judged; "" if the value is not a lone link.
	URL string
	// Suggestion is an address to write instead, which can be verified: the
	// same one in its normal form, with https for http, and without a user
	// name. It is "" if no such address is close.
	Suggestion string
	// Err is the reason, one of the errors above.
	Err error
}

// Error returns the reason, and the suggestion if there is one.
func (e *UnverifiableError) Error() string {
	if e.Suggestion == "" {
		return e.Err.Error()
	}
	return e.Err.Error() + "; write " + e.Suggestion
}

// Unwrap returns Err.
func (e *UnverifiableError) Unwrap() error { return e.Err }

// VerifiableLink returns the address by which the value of a remote field,
// which is HTML as it was received, can be verified, or an [*UnverifiableError]
// that says why there is none. The value must be a lone link whose text is its
// address, and the address must be one that [Field.VerifiableURL] accepts.
func VerifiableLink(html string) (string, error) {
	url, ok := loneLink(cut(strip(html), remoteFieldLimit))
	if !ok {
		return "", &UnverifiableError{Err: ErrNotLoneLink}
	}
	return verifiableURL(url)
}

// CheckVerifiable returns nil if the page at url can be asked for a link back,
// and an [*UnverifiableError] otherwise. It is the rule of
// [Field.VerifiableURL] and [VerifiableLink] for the address alone, of any
// length.
func CheckVerifiable(url string) error {
	if err := unverifiable(url); err != nil {
		return &UnverifiableError{URL: url, Suggestion: suggestURL(url), Err: err}
	}
	return nil
}

// verifiableURL returns url, or an error that says why it cannot be verified.
func verifiableURL(url string) (string, error) {
	if err := CheckVerifiable(url); err != nil {
		return "", err
	}
	return url, nil
}

// unverifiable returns the reason why url cannot be verified; nil if it can.
func unverifiable(url string) error {
	u, err := weburl.Parse(url)
	switch {
	case err != nil:
		return err
	case u.Scheme != "https":
		return ErrNotHTTPS
	case u.HasUser:
		return ErrHasUser
	case strings.TrimSpace(u.Host) == "":
		return ErrNoHost
	case !weburl.IsNormalHost(u.Host):
		return ErrHostNotNormal
	case u.Path != "" && !weburl.IsNormalPath(u.Path):
		return ErrPathNotNormal
	}
	return nil
}

// maxSuggested is the length in bytes of the longest address for which another
// one is suggested. The value of a remote field is no longer.
const maxSuggested = 4 * remoteFieldLimit

// suggestURL returns a verifiable address that is close to url, which is not
// verifiable, or "".
func suggestURL(url string) string {
	if len(url) > maxSuggested {
		return ""
	}
	scheme, rest, ok := strings.Cut(url, ":")
	switch scheme = strings.ToLower(scheme); {
	case ok && (scheme == "https" || scheme == "http"):
		url = rest
	case ok && !strings.ContainsAny(scheme, "./"):
		return "" // another scheme, and not a host and its port
	}
	u, err := weburl.Parse("https://" + strings.TrimLeft(url, "/"))
	if err != nil {
		return ""
	}
	host := strings.ToLower(weburl.DecodePercent(u.Host))
	host = strings.TrimSuffix(host, ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	if !strings.ContainsAny(host, ".:") {
		return "" // a lone word is a typing error and not a host
	}
	suggestion := u.Normal(host)
	if unverifiable(suggestion) != nil {
		return ""
	}
	return suggestion
}

// loneLink returns the address of HTML that is nothing but a link whose text is
// its address. ok reports whether the HTML is that.
func loneLink(source string) (url string, ok bool) {
	root, err := markup.Fragment(source)
	if err != nil {
		return "", false
	}
	a := root.FirstChild
	if a == nil || a.NextSibling != nil || a.DataAtom != atom.A || a.Namespace != "" {
		return "", false
	}
	url, ok = markup.Attr(a, "href")
	return url, ok && url == string(markup.AppendText(nil, a, markup.Plain))
}

// SetVerified marks the fields whose value is a link to url as verified at that
// time, or removes their marks if at is the zero time. It returns ChangedFields
// if that changed a mark, and 0 otherwise. url is what [Field.VerifiableURL]
// returns, or [VerifiableLink] for a remote account.
func (r *Record) SetVerified(url string, at time.Time) Changes {
	return r.mark(localOrRemoteLink, func(link string, old time.Time) time.Time {
		if link == url {
			return at
		}
		return old
	})
}

// A linkOf returns the address by which a field can be verified, or an error.
type linkOf func(f Field) (string, error)

// remoteLink is the linkOf of a remote account. That of a local one is
// [Field.VerifiableURL].
func remoteLink(f Field) (string, error) { return VerifiableLink(f.Value) }

// localOrRemoteLink is the linkOf of an account of which it is not known
// whether it is local.
func localOrRemoteLink(f Field) (string, error) {
	if url, err := f.VerifiableURL(); err == nil {
		return url, nil
	}
	return remoteLink(f)
}

// linkOf returns the linkOf of r.
func (s *Site) linkOf(r *Record) linkOf {
	if s.local(r) {
		return Field.VerifiableURL
	}
	return remoteLink
}

// mark sets the mark of each field that can be verified to what at returns for
// its link and its old mark.
func (r *Record) mark(link linkOf, at func(link string, old time.Time) time.Time) Changes {
	var c Changes
	for i := range r.Profile.Fields {
		f := &r.Profile.Fields[i]
		url, err := link(*f)
		if err != nil {
			continue
		}
		if mark := at(url, f.VerifiedAt); !mark.Equal(f.VerifiedAt) {
			f.VerifiedAt = mark
			c = ChangedFields
		}
	}
	return c
}

// VerifyLinks asks check, for each field of the account that can be verified,
// whether the page that it links to links back to profileURL, the address of
// the profile. It stores the answers and returns the record as stored. A field
// with a link back is marked as verified now, or keeps an older mark; a field
// without one loses its mark. An error of check leaves the mark as it was, and
// is not returned: check itself may report it.
//
// check runs without a lock on the record, for up to four links at once. A
// field whose value has changed meanwhile is left alone. OnUpdate is called
// with ChangedFields and never with NeedsVerification, so that it can call
// VerifyLinks for NeedsVerification without going in circles.
func (s *Service) VerifyLinks(
	ctx context.Context, id string, now time.Time,
	check func(ctx context.Context, url, profileURL string) (linked bool, err error),
) (*Record, error) {
	r, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	linked := checkLinks(ctx, r.links(s.Site.linkOf(r)), s.Site.AccountURL(r), check)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(linked) == 0 {
		return r, nil
	}
	done, err := s.write(ctx, id, func(r *Record) (Changes, error) {
		return r.mark(s.Site.linkOf(r), func(link string, old time.Time) time.Time {
			switch ok, checked := linked[link]; {
			case checked && !ok:
				return time.Time{}
			case checked && old.IsZero():
				return now
			}
			return old
		}), nil
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx, done)
	return done.after, nil
}

// links returns the addresses by which fields of r can be verified, each once.
func (r *Record) links(link linkOf) []string {
	var urls []string
	seen := make(map[string]bool, len(r.Profile.Fields))
	for _, f := range r.Profile.Fields {
		if url, err := link(f); err == nil && !seen[url] {
			seen[url] = true
			urls = append(urls, url)
		}
	}
	return urls
}

// maxChecks is how many pages are asked for at once.
const maxChecks = 4

// checkLinks returns what check says of each of urls. It leaves out those for
// which check fails.
func checkLinks(
	ctx context.Context, urls []string, profileURL string,
	check func(ctx context.Context, url, profileURL string) (bool, error),
) map[string]bool {
	linked := make(map[string]bool, len(urls))
	var mu sync.Mutex
	var running sync.WaitGroup
	slots := make(chan struct{}, maxChecks)
	for _, url := range urls {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			ok, err := check(ctx, url, profileURL)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			linked[url] = ok
		})
	}
	running.Wait()
	return linked
}

// maxPage is how much of a page is read for a link back, in bytes.
const maxPage = 1 << 20

// LinksBack reads a page, at most 1 MiB of it, and reports whether it links to
// a profile with rel=me: whether it has an a or link element with the word me
// in its rel, in upper or lower case, and an href that equals profileURL but
// for case. If not, candidate is the href of the first element with rel=me, or
// "" if there is none. Request candidate once, with HEAD and without following
// redirects: if its Location is exactly profileURL, the page links back. The
// rule is the reference's: testdata/vectors/link_back.jsonl.
//
// The page is parsed as browsers do it, with scripting off. An error is that of
// the reader, or says that the page has more than 400 levels of elements or 400
// attributes in a tag, or that its misnested tags would make it explode.
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

// hasMe reports whether a rel attribute has the word me.
func hasMe(rel string) bool {
	for word := range strings.FieldsFuncSeq(rel, func(r rune) bool { return strings.ContainsRune(" \t\n\f\r", r) }) {
		if strings.EqualFold(word, "me") {
			return true
		}
	}
	return false
}
