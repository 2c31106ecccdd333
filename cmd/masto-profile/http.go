package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-374a2035/masto/client"
)

// maxAnswer is the size in bytes of the largest answer that is read.
const maxAnswer = 4 << 20

// connection sends requests, with the access token, to one server and to no
// other.
type connection struct {
	base  *url.URL // without a slash at the end
	token string   // empty if there is none
	http  *http.Client
	// readTime and uploadTime limit the time of a request without and with a
	// body. The time includes that of reading the answer.
	readTime, uploadTime time.Duration
}

func newClient(base *url.URL, token string) *connection {
	return &connection{
		base:       base,
		token:      token,
		readTime:   30 * time.Second,
		uploadTime: 10 * time.Minute,
		http: &http.Client{
			Transport: &http.Transport{
				Proxy:                  http.ProxyFromEnvironment,
				DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
				TLSHandshakeTimeout:    10 * time.Second,
				ResponseHeaderTimeout:  time.Minute,
				MaxResponseHeaderBytes: 64 << 10,
				ForceAttemptHTTP2:      true,
			},
			CheckRedirect: sameServer,
		},
	}
}

// errRedirect says that a redirect was not followed.
var errRedirect = errors.New("the server redirects to another address")

// sameServer allows a GET to be redirected, a few times, to another address of
// the same server. Everything else is refused: no other server may see the
// token, and a redirected PATCH would become a GET.
func sameServer(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	same := to.Scheme == from.Scheme && to.Host == from.Host
	if len(via) > 3 || via[0].Method != http.MethodGet || !same {
		return fmt.Errorf("%w: %s", errRedirect, to.Redacted())
	}
	return nil
}

// body is the body of a request.
type body struct {
	contentType string
	length      int64 // in bytes
	open        func() io.Reader
}

// answer is the status and body of a response.
type answer struct {
	status int
	body   []byte
}

// get returns the body of the answer to a GET. path begins with a slash and may
// have a query. Errors are those of do.
func (c *connection) get(ctx context.Context, path string) ([]byte, error) {
	a, err := c.do(ctx, http.MethodGet, path, nil)
	return a.body, err
}

// do sends a request. Its error has an exit code. It wraps a *client.APIError
// if the server answers with a status other than 2xx.
func (c *connection) do(ctx context.Context, method, path string, b *body) (answer, error) {
	a, err := c.send(ctx, method, path, b)
	if err != nil {
		return a, &exitError{exitServer, err}
	}
	if a.status < 200 || a.status > 299 {
		return a, exit(exitCode(a.status), "%s %s: %w", method, path, client.DecodeAPIError(a.status, nil, a.body))
	}
	return a, nil
}

// send sends a request and returns the answer, whatever its status is.
func (c *connection) send(ctx context.Context, method, path string, b *body) (answer, error) {
	limit := c.readTime
	if b != nil {
		limit = c.uploadTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, nil)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "masto-profile (https://pkg.go.dev/github.com/seed-374a2035/masto)")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if b != nil {
		req.Header.Set("Content-Type", b.contentType)
		req.ContentLength = b.length
		req.Body = io.NopCloser(b.open())
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(b.open()), nil }
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	err = errors.Join(err, resp.Body.Close())
	if err == nil && len(data) > maxAnswer {
		err = fmt.Errorf("%s %s: the answer is larger than %d MiB", method, path, maxAnswer>>20)
	}
	return answer{resp.StatusCode, data}, err
}

// exitCode returns the exit code for an HTTP status.
func exitCode(status int) int {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return exitUnauthorized
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return exitRefused
	}
	return exitServer
}

// isMissing reports whether err says that the server has no such method or
// account.
func isMissing(err error) bool {
	var e *client.APIError
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}
