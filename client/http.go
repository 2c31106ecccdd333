package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/wire"
)

// The defaults of a Client.
const (
	defaultAgent         = "masto (https://pkg.go.dev/github.com/seed-374a2035/masto)"
	defaultTimeout       = 30 * time.Second
	defaultUploadTimeout = 10 * time.Minute
	defaultMaxAnswer     = 4 << 20
)

// maxSends is how often a request is sent at most, whatever a server says about
// sending it again.
const maxSends = 5

// ErrRedirect means that the server redirects to another server, from https to
// http, or again and again. Such a redirect is not followed: no other server
// may see the token.
var ErrRedirect = errors.New("the server redirects to another address")

// errTimeout is the cause of a request that took longer than the Client allows.
var errTimeout = errors.New("timeout")

// ownHTTP sends the requests of a Client that has no http.Client.
var ownHTTP = &http.Client{Transport: &http.Transport{
	Proxy:                  http.ProxyFromEnvironment,
	DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
	TLSHandshakeTimeout:    10 * time.Second,
	IdleConnTimeout:        90 * time.Second,
	MaxResponseHeaderBytes: 64 << 10,
	ForceAttemptHTTP2:      true,
}}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sameServer allows a GET to be redirected, a few times, to another address of
// the same server. A redirected PATCH would become a GET.
func sameServer(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	same := to.Scheme == from.Scheme && to.Host == from.Host
	if len(via) > 3 || via[0].Method != http.MethodGet || !same {
		return fmt.Errorf("%w: %s", ErrRedirect, to.Redacted())
	}
	return nil
}

// request is what a Client sends.
type request struct {
	method string
	path   string // with a slash at the start, and perhaps a query
	public bool   // without the token
	body   *body  // nil for none
}

// body is the body of a request.
type body struct {
	contentType string
	length      int64            // in bytes
	open        func() io.Reader // returns a reader from the start
	uploads     bool             // whether there is a picture in it
}

// answer is what a server answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// Get returns the answer to GET of a path of the server, such as
// /api/v1/preferences, for what Client has no method for. It must be JSON. If
// the error is an [*APIError], the answer that it was made from is returned,
// too.
func (c *Client) Get(ctx context.Context, path string) ([]byte, error) {
	a, err := c.do(ctx, request{method: http.MethodGet, path: path})
	return a.body, err
}

// do sends a request, and again if the server asks for that and MaxWait allows.
// The error wraps an [*APIError] if the status is not 2xx or the answer is not
// JSON.
func (c *Client) do(ctx context.Context, r request) (answer, error) {
	left := c.MaxWait
	for sends := 1; ; sends++ {
		a, err := c.send(ctx, r)
		if err == nil {
			err = answerError(a)
		}
		if err == nil {
			return a, nil
		}
		err = fmt.Errorf("%s %s: %w", r.method, r.path, err)
		wait := waitBefore(r, err)
		if wait == 0 || wait > left || sends == maxSends {
			return a, err
		}
		left -= wait
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return a, err
		}
	}
}

// answerError returns the error that an answer is, or nil.
func answerError(a answer) error {
	if a.status < 200 || a.status > 299 {
		return DecodeAPIError(a.status, a.header, a.body)
	}
	if _, err := wire.ParseAny(a.body); err != nil {
		return DecodeAPIError(a.status, a.header, a.body)
	}
	return nil
}

// waitBefore returns how long to wait before r is sent again after an error; 0
// if it must not be sent again.
func waitBefore(r request, err error) time.Duration {
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		return 0
	}
	switch {
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > 0:
		return e.RetryAfter
	case e.Status == http.StatusTooManyRequests && !e.RateLimit.Reset.IsZero():
		return max(time.Until(e.RateLimit.Reset), time.Second)
	case e.Status == http.StatusServiceUnavailable && r.body == nil:
		return e.RetryAfter
	}
	return 0
}

// send sends a request once and returns the answer, whatever its status is.
func (c *Client) send(ctx context.Context, r request) (answer, error) {
	if c.err != nil {
		return answer{}, c.err
	}
	timeout := orDefault(c.Timeout, defaultTimeout)
	if r.body != nil && r.body.uploads {
		timeout = orDefault(c.UploadTimeout, defaultUploadTimeout)
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, errTimeout)
		defer cancel()
	}
	a, err := c.exchange(ctx, r)
	if err != nil {
		return a, c.explain(ctx, err, timeout)
	}
	return a, nil
}

// exchange sends a request and reads the answer.
func (c *Client) exchange(ctx context.Context, r request) (answer, error) {
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return answer{}, err
	}
	sender := *ownHTTP
	if c.HTTP != nil {
		sender = *c.HTTP
	}
	sender.CheckRedirect = sameServer
	resp, err := sender.Do(req)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = readAll(resp.Body, orDefault(c.MaxAnswer, defaultMaxAnswer))
	return a, errors.Join(err, resp.Body.Close())
}

func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base.String()+r.path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	agent := c.UserAgent
	if agent == "" {
		agent = defaultAgent
	}
	req.Header.Set("User-Agent", agent)
	if c.token != "" && !r.public {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if b := r.body; b != nil {
		req.Header.Set("Content-Type", b.contentType)
		req.ContentLength = b.length
		req.Body = io.NopCloser(b.open())
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(b.open()), nil }
	}
	return req, nil
}

// readAll reads r, which must not have more than limit bytes. A negative limit
// is none.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	if limit < 0 {
		return io.ReadAll(r)
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("the answer is %w: more than %d bytes", masto.ErrTooLarge, limit)
	}
	return data, err
}

// orDefault returns what a setting stands for.
func orDefault[T ~int64](setting, fallback T) T {
	if setting == 0 {
		return fallback
	}
	return setting
}

// explain returns an error that says, to somebody who does not know HTTP, why
// there is no answer. It wraps err.
func (c *Client) explain(ctx context.Context, err error, timeout time.Duration) error {
	host := c.base.Host
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // Its text repeats the method and the address.
	}
	var (
		noHost *net.DNSError
		badTLS *tls.CertificateVerificationError
	)
	switch {
	case context.Cause(ctx) == errTimeout: //nolint:errorlint // this very cause
		return fmt.Errorf("%s took longer than %v: %w", host, timeout, context.DeadlineExceeded)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("canceled before %s answered: %w", host, err)
	case errors.As(err, &noHost) && noHost.IsNotFound:
		return fmt.Errorf("there is no host %s; is the address right? %w", host, err)
	case errors.As(err, &badTLS):
		return fmt.Errorf("the certificate of %s cannot be trusted: %w", host, err)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s does not speak https: %w", host, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the answer of %s ended early: %w", host, err)
	}
	return err
}
