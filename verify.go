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

// The reasons why the page that a value links to cannot be asked for a link
// back. Each is wrapped in an [UnverifiableError].
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
	// URL is the address that was judged, "" if the value is not even one link.
	URL string
	// Suggestion is an address to write instead, which can be verified: the
	// same in normal form, with https for http, without a user name. "" where
	// none is near.
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

// VerifiableLink returns the address that the value of a remote field, HTML as
// it came, can be verified by, or an [*UnverifiableError] that says why there
// is none: the value must be one link whose text is its address, and the
// address as [Field.VerifiableURL] wants it.
func VerifiableLink(html string) (string, error) {
	url, ok := loneLink(cut(strip(html), remoteFieldLimit))
	if !ok {
		return "", &UnverifiableError{Err: ErrNotLoneLink}
	}
	return verifiableURL(url)
}

// CheckVerifiable returns nil if the page at url can be asked for a link back,
// and else an [*UnverifiableError]. It is the rule of [Field.VerifiableURL] and
// [VerifiableLink] for the address itself, of any length.
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

// unverifiable returns the reason why url cannot be verified, nil if it can.
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

// maxSuggested is the longest address, in bytes, that another one is suggested
// for: as long as the value of a remote field.
const maxSuggested = 4 * remoteFieldLimit

// suggestURL returns a verifiable address that is near to url, which is not, or
// "".
func suggestURL(url string) string {
	if len(url) > maxSuggested {
		return ""
	}
	scheme, rest, ok := strings.Cut(url, ":")
	switch scheme = strings.ToLower(scheme); {
	case ok && (scheme == "https" || scheme == "http"):
		url = rest
	case ok && !strings.ContainsAny(scheme, "./"):
		return "" // another scheme; what has a dot is a host and its port
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
		return "" // a word is no host that anybody meant
	}
	suggestion := u.Normal(host)
	if unverifiable(suggestion) != nil {
		return ""
	}
	return suggestion
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

// SetVerified marks the fields whose value is a link to url as verified at that
// time, or takes their marks away if at is the zero time. It returns
// ChangedFields if that changed a mark, and else 0. url is what
// [Field.VerifiableURL] returns, or [VerifiableLink] for a remote account.
func (r *Record) SetVerified(url string, at time.Time) Changes {
	return r.mark(func(link string, old time.Time) time.Time {
		if link == url {
			return at
		}
		return old
	})
}

// mark sets the mark of each field that can be verified to what at returns for
// its link and its old mark.
func (r *Record) mark(at func(link string, old time.Time) time.Time) Changes {
	var c Changes
	for i := range r.Profile.Fields {
		f := &r.Profile.Fields[i]
		link, err := f.VerifiableURL()
		if err != nil {
			link, err = VerifiableLink(f.Value)
		}
		if err != nil {
			continue
		}
		if mark := at(link, f.VerifiedAt); !mark.Equal(f.VerifiedAt) {
			f.VerifiedAt = mark
			c = ChangedFields
		}
	}
	return c
}

// VerifyLinks asks check for each link among the fields of the account that can
// be verified, whether its page links back to profileURL, the address of the
// profile. It stores what came out, and returns the record as it is then. A
// field that is linked back gets the mark of now, or keeps an older one. A
// field that is not loses its mark. An error of check leaves the mark as it
// was, and is not returned: check can report it where it wants.
//
// check runs without a lock on the record, for up to four links at once. A
// field whose value has changed meanwhile is left alone. OnUpdate sees
// ChangedFields, and never NeedsVerification, so that it may start another
// check where that is set.
func (s *Service) VerifyLinks(
	ctx context.Context, id string, now time.Time,
	check func(ctx context.Context, url, profileURL string) (linked bool, err error),
) (*Record, error) {
	r, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	linked := checkLinks(ctx, s.Site.verifiableURLs(r), s.Site.AccountURL(r), check)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(linked) == 0 {
		return r, nil
	}
	done, err := s.write(ctx, id, func(r *Record) (Changes, error) {
		return r.mark(func(link string, old time.Time) time.Time {
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

// verifiableURLs returns the addresses that the fields of r can be verified by,
// each once.
func (s *Site) verifiableURLs(r *Record) []string {
	var urls []string
	seen := make(map[string]bool, len(r.Profile.Fields))
	for _, f := range r.Profile.Fields {
		url, err := f.VerifiableURL()
		if !s.local(r) {
			url, err = VerifiableLink(f.Value)
		}
		if err == nil && !seen[url] {
			seen[url] = true
			urls = append(urls, url)
		}
	}
	return urls
}

// maxChecks is how many pages are asked for at once.
const maxChecks = 4

// checkLinks returns what check says of each of urls, but for those with an
// error.
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
