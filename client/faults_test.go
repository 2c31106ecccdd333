package client_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// fault is something that goes wrong, and the error that the user sees.
type fault struct {
	name string
	// handler answers requests, unless client makes a client of its own.
	handler http.HandlerFunc
	client  func(t *testing.T) *client.Client
	// want is the text of the error, in which HOST stands for the server.
	want string
	is   error // that the error matches; nil for none
}

// answering returns a handler that answers everything alike.
func answering(status int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const verify = "GET /api/v1/accounts/verify_credentials: "

var faults = []fault{
	{
		name:    "429 with Retry-After",
		handler: answering(429, "Retry-After: 120", `{"error":"Too many requests"}`),
		want:    "masto: the server answered 429: Too many requests; it asks to wait for 2m0s",
		is:      client.ErrRateLimited,
	},
	{
		name:    "429 without",
		handler: answering(429, "", `{"error":"Too many requests"}`),
		want:    "masto: the server answered 429: Too many requests",
		is:      client.ErrRateLimited,
	},
	{
		name:    "500",
		handler: answering(500, "", ""),
		want:    "masto: the server answered 500 and nothing else",
		is:      client.ErrUnavailable,
	},
	{
		name:    "503",
		handler: answering(503, "Content-Type: text/html", "<html><head><title>Maintenance</title></head></html>"),
		want:    "masto: the server answered 503 with a web page: Maintenance",
		is:      client.ErrUnavailable,
	},
	{
		name:    "HTML with 200",
		handler: answering(200, "Content-Type: text/html", "<!doctype html><title>Welcome</title>"),
		want: "masto: the server answered 200 with a web page, so it is not the API; is the address right?" +
			": Welcome",
		is: client.ErrNotAPI,
	},
	{
		name:    "HTML with 404",
		handler: answering(404, "Content-Type: text/html", "<title>Not found</title>"),
		want: "masto: the server answered 404 with a web page, so it is not the API; is the address right?" +
			": Not found",
		is: client.ErrNotAPI,
	},
	{
		name:    "nothing with 200",
		handler: answering(200, "", ""),
		want:    "masto: the server answered 200 and nothing else, so it is not the API; is the address right?",
		is:      client.ErrNotAPI,
	},
	{
		name:    "JSON that is no account",
		handler: answering(200, "", "[]"),
		want:    "masto: malformed JSON: not an object at byte 0",
		is:      masto.ErrMalformed,
	},
	{
		name:    "cut body",
		handler: fakeserver.CutBody(10)(answering(200, "", `{"id":"1","username":"alice"}`)).ServeHTTP,
		want:    "the answer of HOST ended early: unexpected EOF",
		is:      io.ErrUnexpectedEOF,
	},
	{
		name:    "100 MB body",
		handler: sendMegabytes(100),
		want:    "the answer is too large: more than 4194304 bytes",
		is:      masto.ErrTooLarge,
	},
	{
		name:    "slow body",
		handler: neverEnd,
		want:    "HOST took longer than 100ms: context deadline exceeded",
		is:      context.DeadlineExceeded,
	},
	{
		name:    "slow answer",
		handler: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		want:    "HOST took longer than 100ms: context deadline exceeded",
		is:      context.DeadlineExceeded,
	},
	{
		name:    "redirect to another host",
		handler: answering(302, "Location: https://evil.example/x", ""),
		want:    "the server redirects to another address: https://evil.example/x",
		is:      client.ErrRedirect,
	},
	{
		name:   "redirect from https to http",
		client: redirectedToHTTP,
		want:   "the server redirects to another address: http://HOST/x",
		is:     client.ErrRedirect,
	},
	{
		name: "redirect loop",
		handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		},
		want: "the server redirects to another address: http://HOST/api/v1/accounts/verify_credentials",
		is:   client.ErrRedirect,
	},
	{
		name:   "TLS error",
		client: distrusted,
		want: "the certificate of HOST cannot be trusted: tls: failed to verify certificate: x509: " +
			"certificate signed by unknown authority",
	},
	{
		name:   "https of an http server",
		client: notTLS,
		want:   "HOST does not speak https: http: server gave HTTP response to HTTPS client",
	},
	{
		name:   "no such host",
		client: nowhere,
		want:   "there is no host nosuch.example; is the address right? lookup nosuch.example: no such host",
	},
	{
		name:   "nobody listens",
		client: closed,
		want:   "dial tcp HOST: connect: connection refused",
	},
}

// TestFaults checks that each fault ends with an error that says what is wrong.
func TestFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			var c *client.Client
			if f.client != nil {
				c = f.client(t)
			} else {
				server := httptest.NewServer(f.handler)
				defer server.Close()
				defer server.CloseClientConnections()
				c = client.New(server.URL, "token")
			}
			if strings.HasPrefix(f.name, "slow") {
				c.Timeout = 100 * time.Millisecond
			}
			_, err := c.VerifyCredentials(t.Context())
			_, host, _ := strings.Cut(c.Server(), "://")
			require.EqualError(t, err, verify+strings.ReplaceAll(f.want, "HOST", host))
			if f.is != nil {
				require.ErrorIs(t, err, f.is)
			}
		})
	}
}

// TestCanceled checks that a call ends when its context is canceled.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	c := client.New(server.URL, "token")
	_, err := c.VerifyCredentials(ctx)
	_, host, _ := strings.Cut(c.Server(), "://")
	require.EqualError(t, err, verify+"canceled before "+host+" answered: context canceled")
	require.ErrorIs(t, err, context.Canceled)
}

// sendMegabytes returns a handler that sends so much until the client goes
// away.
func sendMegabytes(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		part := []byte(strings.Repeat(" ", 1<<20))
		for range n {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	}
}

// neverEnd sends the start of a body, and nothing more.
func neverEnd(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "{")
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// startTLS starts an https server that logs nothing.
func startTLS(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func redirectedToHTTP(t *testing.T) *client.Client {
	t.Helper()
	server := startTLS(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+"/x", http.StatusFound)
	})
	c := client.New(server.URL, "token")
	c.HTTP = server.Client()
	return c
}

func distrusted(t *testing.T) *client.Client {
	t.Helper()
	return client.New(startTLS(t, answering(200, "", "{}")).URL, "token")
}

func notTLS(t *testing.T) *client.Client {
	t.Helper()
	server := httptest.NewServer(answering(200, "", "{}"))
	t.Cleanup(server.Close)
	return client.New(strings.Replace(server.URL, "http:", "https:", 1), "token")
}

func nowhere(*testing.T) *client.Client {
	c := client.New("nosuch.example", "token")
	c.HTTP = &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "nosuch.example", IsNotFound: true}
		},
	}}
	return c
}

func closed(*testing.T) *client.Client {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return client.New(server.URL, "token")
}

// TestRedirects checks that a GET follows a redirect on the same server, and
// that no redirected update is repeated as a GET.
func TestRedirects(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithMiddleware(
		fakeserver.Only("GET", "/api/v1/accounts/lookup",
			fakeserver.Failing(302, http.Header{"Location": {"/api/v1/accounts/1"}}, "")),
		fakeserver.Only("PATCH", "",
			fakeserver.Failing(303, http.Header{"Location": {"/api/v1/profile"}}, "")),
	))
	c := client.New(s.URL, s.Token)
	a, err := c.Lookup(t.Context(), "@alice")
	require.NoError(t, err)
	require.Equal(t, "alice", a.Username)
	_, err = c.Update(t.Context(), masto.Update{Note: masto.Some("New")})
	require.ErrorIs(t, err, client.ErrRedirect)
	require.NotEqual(t, "New", s.Record().Profile.Note)
}

// TestMaxWait checks when a request is sent again.
func TestMaxWait(t *testing.T) {
	unavailable := http.Header{"Retry-After": {"1"}}
	for _, c := range []struct {
		name       string
		middleware fakeserver.Middleware
		maxWait    time.Duration
		update     bool
		ok         bool
	}{
		{name: "not asked for", middleware: fakeserver.RateLimited(time.Second)},
		{name: "asked for", middleware: fakeserver.RateLimited(time.Second), maxWait: time.Minute, ok: true},
		{
			name: "an update", middleware: fakeserver.RateLimited(time.Second),
			maxWait: time.Minute, update: true, ok: true,
		},
		{name: "too long", middleware: fakeserver.RateLimited(time.Hour), maxWait: time.Minute},
		{name: "the server does not say how long", middleware: fakeserver.RateLimited(0), maxWait: time.Minute},
		{
			name: "until the end of the period", maxWait: time.Hour, ok: true,
			middleware: fakeserver.Failing(429, http.Header{
				"X-Ratelimit-Limit":     {"300"},
				"X-Ratelimit-Remaining": {"0"},
				"X-Ratelimit-Reset":     {"2020-01-01T00:00:00.123Z"},
			}, "{}"),
		},
		{name: "503", middleware: fakeserver.Failing(503, unavailable, "{}"), maxWait: time.Minute, ok: true},
		{
			name: "503 to an update", middleware: fakeserver.Failing(503, unavailable, "{}"),
			maxWait: time.Minute, update: true,
		},
		{name: "500", middleware: fakeserver.Failing(500, unavailable, "{}"), maxWait: time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			method, path := "GET", "/api/v1/accounts/verify_credentials"
			if c.update {
				method, path = "PATCH", "/api/v1/profile"
			}
			s := fakeserver.New(t, fakeserver.WithMiddleware(
				fakeserver.Only(method, path, fakeserver.Times(1, c.middleware))))
			caller := client.New(s.URL, s.Token)
			caller.MaxWait = c.maxWait
			_, err := caller.VerifyCredentials(t.Context())
			if c.update {
				_, err = caller.Update(t.Context(), masto.Update{Note: masto.Some("New")})
			}
			require.Equal(t, c.ok, err == nil, "%v", err)
		})
	}
}

// TestAPIErrorHeaders checks what is read from the header of an error.
func TestAPIErrorHeaders(t *testing.T) {
	reset := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	e := client.DecodeAPIError(429, http.Header{
		"Retry-After":           {"Fri, 02 Jan 2026 03:04:05 GMT"},
		"Date":                  {"Fri, 02 Jan 2026 03:03:05 GMT"},
		"X-Ratelimit-Limit":     {"300"},
		"X-Ratelimit-Remaining": {"-2"},
		"X-Ratelimit-Reset":     {"2026-01-02T03:04:05.000000Z"},
	}, nil)
	assert.Equal(t, time.Minute, e.RetryAfter)
	assert.Equal(t, client.RateLimit{Limit: 300, Reset: reset}, e.RateLimit)
	for _, value := range []string{"", "-1", "soon", "9999999999999", "Fri, 02 Jan 2015 03:04:05 GMT"} {
		e := client.DecodeAPIError(503, http.Header{"Retry-After": {value}, "X-Ratelimit-Limit": {"x"}}, nil)
		assert.Zero(t, e.RetryAfter, value)
		assert.Zero(t, e.RateLimit)
	}
}

// TestAPIErrorIs checks which errors each status stands for.
func TestAPIErrorIs(t *testing.T) {
	for status, want := range map[int]error{
		400: client.ErrRefused,
		401: client.ErrUnauthorized,
		403: client.ErrForbidden,
		404: client.ErrNotFound,
		405: client.ErrNotFound,
		410: client.ErrNotFound,
		413: client.ErrRefused,
		422: client.ErrRefused,
		429: client.ErrRateLimited,
		500: client.ErrUnavailable,
		503: client.ErrUnavailable,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			e := client.DecodeAPIError(status, nil, []byte("{}"))
			for _, target := range []error{
				client.ErrUnauthorized, client.ErrForbidden, client.ErrNotFound, client.ErrRefused,
				client.ErrRateLimited, client.ErrUnavailable, client.ErrNotAPI,
			} {
				require.Equal(t, target == want, e.Is(target), target) //nolint:errorlint // the very error
			}
		})
	}
}

// TestServerAddress checks which addresses New takes.
func TestServerAddress(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     string // or err
		err      string
	}{
		{name: "domain", in: "social.example", want: "https://social.example"},
		{name: "slash", in: "https://social.example/", want: "https://social.example"},
		{name: "path", in: "https://social.example/m/", want: "https://social.example/m"},
		{name: "localhost", in: "http://localhost:3000", want: "http://localhost:3000"},
		{name: "loopback", in: "http://[::1]:3000", want: "http://[::1]:3000"},
		{name: "http", in: "http://social.example", err: "use https"},
		{name: "not loopback", in: "http://127.0.0.1.example", err: "use https"},
		{name: "another scheme", in: "ftp://social.example", err: "should be such as https://social.example"},
		{name: "password", in: "https://a:b@social.test", err: "should be such as"},
		{name: "query", in: "https://social.test/?x", err: "should be such as"},
		{name: "no host", in: "https://", err: "should be such as"},
		{name: "empty", in: "", err: "it is missing"},
		{name: "space", in: "https://a b", err: "invalid character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := client.New(c.in, "token")
			require.Equal(t, c.want, made.Server())
			if c.err != "" {
				_, err := made.Profile(t.Context())
				require.ErrorIs(t, err, client.ErrAddress)
				require.ErrorContains(t, err, c.err)
			}
		})
	}
	require.NotEmpty(t, client.New("http://social.example", "").Server(), "nothing secret is sent")
}
