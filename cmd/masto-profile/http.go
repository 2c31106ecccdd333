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

	"github.com/seed-374a2035/masto"
)

// maxAnswer is how much of an answer is read.
const maxAnswer = 4 << 20

// client sends requests to one server, with the token, and to no other.
type client struct {
	base  *url.URL // without a slash at the end
	token string   // "": none
	http  *http.Client
	// readTime and uploadTime are how long a request without and with a body may take, its answer included.
	readTime, uploadTime time.Duration
}

func newClient(base *url.URL, token string) *client {
	return &client{base: base, token: token, readTime: 30 * time.Second, uploadTime: 10 * time.Minute, http: &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  time.Minute,
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: sameServer,
	}}
}

// errRedirect is a redirect that is not followed.
var errRedirect = errors.New("the server sends us elsewhere")

// sameServer lets a GET be redirected within its server, and nothing else: the token is not for others, and a PATCH that is redirected
// would become a GET.
func sameServer(req *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > 3 || first.Method != http.MethodGet || req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return fmt.Errorf("%w, to %s", errRedirect, req.URL.Redacted())
	}
	return nil
}

// body is what a request sends.
type body struct {
	contentType string
	length      int64
	open        func() io.Reader
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
}

// get fetches path, which begins with a slash and may have a query.
func (c *client) get(ctx context.Context, path string) ([]byte, error) {
	a, err := c.do(ctx, http.MethodGet, path, nil)
	return a.body, err
}

// do sends a request. An answer that is no success is an error with a *masto.APIError and an exit code.
func (c *client) do(ctx context.Context, method, path string, b *body) (answer, error) {
	a, err := c.send(ctx, method, path, b)
	if err != nil {
		return a, &exitError{exitServer, err}
	}
	if a.status < 200 || a.status > 299 {
		return a, &exitError{exitCode(a.status), fmt.Errorf("%s %s: %w", method, path, masto.DecodeAPIError(a.status, a.body))}
	}
	return a, nil
}

// send sends a request and reads the answer, whatever it is.
func (c *client) send(ctx context.Context, method, path string, b *body) (answer, error) {
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

// exitCode returns what a status means for whoever started the program.
func exitCode(status int) int {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return exitUnauthorized
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return exitRefused
	}
	return exitServer
}

// isMissing tells whether err says that the server has no such method or account.
func isMissing(err error) bool {
	var e *masto.APIError
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}
