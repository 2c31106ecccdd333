package linkcheck

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
)

// The defaults of a Checker.
const (
	defaultTimeout   = 15 * time.Second
	defaultRedirects = 3
	defaultPerHost   = 2
)

// Checker checks links. The zero value is ready to use and safe: it connects to
// nothing but public addresses. A Checker is safe for concurrent use, and must
// be neither copied nor modified after its first use.
type Checker struct {
	// Instance is the address of the server that asks, such as
	// https://social.example/. The User-Agent names it, so that whoever runs the
	// page can see who asks. "": it is not named.
	Instance string
	// Timeout is the deadline of a check, redirects and the body included, from
	// when it is its turn (see PerHost). 0: 15 seconds.
	Timeout time.Duration
	// MaxRedirects is how many redirects are followed. 0: 3, negative: none.
	MaxRedirects int
	// PerHost is how many requests a host gets at once; others wait. 0: 2.
	PerHost int
	// Allow reports whether a connection to addr may be made. It replaces the
	// rule of nil, which is port 80 or 443 of what [IsPublic]. It is asked for
	// each connection, after the name was resolved. Tests and demos allow
	// loopback with it.
	Allow func(addr netip.AddrPort) bool
	// Resolver resolves names. nil: [net.DefaultResolver].
	Resolver *net.Resolver
	// Proxy returns the proxy for a request, nil for none;
	// [http.ProxyFromEnvironment], say. nil: no proxy is used, whatever the
	// environment says. Names are resolved here all the same, Allow judges
	// their addresses, and the proxy is asked to connect to the address that
	// was judged (by CONNECT, for http pages too), so that the rule holds as
	// without it. The proxy itself may have any address. Its own must be http
	// or https.
	Proxy func(*http.Request) (*url.URL, error)
	// RootCAs are the authorities that may sign certificates. nil: the
	// system's.
	RootCAs *x509.CertPool

	once      sync.Once
	transport *http.Transport
	hosts     hosts
}

// LinksBack reports whether the page at url links back to profileURL. An error
// means that nobody knows: see [Checker.Check].
func (c *Checker) LinksBack(ctx context.Context, url, profileURL string) (bool, error) {
	report, err := c.Check(ctx, url, profileURL)
	return report.Linked, err
}

// Check asks the page at url for a link back to profileURL, and reports what it
// saw. The error is an [*Error] if the page, or the link that it was to be
// asked by, could not be had, so that nobody knows; what was seen until then is
// in the report, and why it ended is its first finding. A page with another
// status than 200, or without a link, is an answer and no error. An address
// that cannot be verified ([masto.CheckVerifiable]) is an answer, too: nothing
// is requested.
func (c *Checker) Check(ctx context.Context, url, profileURL string) (Report, error) {
	c.once.Do(c.init)
	k := check{Checker: c, report: Report{
		URL:      url,
		Profile:  profileURL,
		Links:    []Link{},
		Findings: []Finding{},
	}}
	err := k.run(ctx)
	if k.report.Linked {
		k.report.Findings = []Finding{}
	}
	return k.report, err
}

// check is one check.
type check struct {
	*Checker
	report Report
}

// run performs the check. It returns an *Error or nil.
func (k *check) run(ctx context.Context) error {
	r := &k.report
	if err := masto.CheckVerifiable(r.URL); err != nil {
		k.refuseURL(err)
		return nil
	}
	u, err := url.Parse(withoutFragment(r.URL))
	if err != nil {
		r.add(NotURL, r.URL)
		return nil
	}
	release, err := k.acquire(ctx, u)
	if err != nil {
		return k.fail(failure(u, err))
	}
	ctx, cancel := context.WithTimeout(ctx, k.timeout())
	defer cancel()

	page, ctype, failed := k.fetch(ctx, u, release)
	if failed != nil {
		return k.fail(failed)
	}
	if page == nil {
		return nil // a finding says why
	}
	candidate := k.judge(page, ctype)
	if r.Linked || candidate == "" {
		return nil
	}
	return k.ask(ctx, candidate)
}

// refuseURL adds the finding for an address that cannot be verified.
func (k *check) refuseURL(err error) {
	var u *masto.UnverifiableError
	if errors.As(err, &u) {
		k.report.Suggestion = u.Suggestion
	}
	code := NotURL
	for _, reason := range []struct {
		err  error
		code Code
	}{
		{masto.ErrNotHTTPS, NotHTTPS},
		{masto.ErrHasUser, HasUser},
		{masto.ErrNoHost, NoHost},
		{masto.ErrHostNotNormal, HostNotNormal},
		{masto.ErrPathNotNormal, PathNotNormal},
	} {
		if errors.Is(err, reason.err) {
			code = reason.code
		}
	}
	k.report.add(code, k.report.URL)
}

// fail puts the finding of err, an *Error, first and returns err.
func (k *check) fail(err *Error) error {
	found := err.URL
	if u, parseErr := url.Parse(err.URL); parseErr == nil && u.Host != "" && err.Code != BadRedirect {
		found = u.Host
	}
	if err.Code == Unavailable {
		found = statusText(k.report.Status)
	}
	f := finding(err.Code, found, k.report.Profile)
	k.report.Findings = append([]Finding{f}, k.report.Findings...)
	return err
}

// ask asks the first link with rel=me where it redirects to, which must be the
// profile exactly.
func (k *check) ask(ctx context.Context, candidate string) error {
	r := &k.report
	u, err := url.Parse(withoutFragment(candidate))
	if err != nil || !isWeb(u) {
		return nil // it leads nowhere, and a finding says so
	}
	location, failed := k.head(ctx, u)
	switch {
	case failed != nil && (failed.Code == PrivateAddress || failed.Code == RefusedAddress):
		r.add(RedirectFailed, string(failed.Code)) // it will never be asked: an answer
	case failed != nil:
		r.add(RedirectFailed, string(failed.Code))
		return failed
	case location == r.Profile:
		r.Linked = true
	case location != "":
		code := NoRedirect
		if misses := missCodes(location, r.Profile, r.FinalURL); len(misses) > 0 && misses[0] != Elsewhere {
			code = misses[0]
		} else if len(misses) == 0 {
			code = LetterCase
		}
		r.add(code, location)
	}
	return nil
}

func (c *Checker) timeout() time.Duration {
	if c.Timeout == 0 {
		return defaultTimeout
	}
	return c.Timeout
}

func (c *Checker) redirects() int {
	if c.MaxRedirects == 0 {
		return defaultRedirects
	}
	return max(0, c.MaxRedirects)
}

func (c *Checker) perHost() int {
	if c.PerHost <= 0 {
		return defaultPerHost
	}
	return c.PerHost
}
