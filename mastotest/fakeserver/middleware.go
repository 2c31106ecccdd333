package fakeserver

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"time"
)

// Middleware stands between a client and the server: it may answer itself,
// delay, or change an answer. What it answers itself is not among
// [Server.Requests].
type Middleware func(next http.Handler) http.Handler

// WithMiddleware puts middleware in front of the server, the first outermost.
//
//	s := fakeserver.New(t, fakeserver.WithMiddleware(
//		fakeserver.Times(1, fakeserver.RateLimited(2*time.Second)),
//	))
func WithMiddleware(middleware ...Middleware) Option {
	return func(o *options) { o.middleware = append(o.middleware, middleware...) }
}

// Failing answers every request with a status and a body, such as 500 and the
// page of a proxy. header may be nil.
func Failing(status int, header http.Header, body string) Middleware {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[name] = values
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// RateLimited answers every request with 429, as Mastodon does. retryAfter is
// the value of Retry-After in whole seconds, and 0 leaves the header out.
func RateLimited(retryAfter time.Duration) Middleware {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	if retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	}
	return Failing(http.StatusTooManyRequests, header, `{"error":"Too many requests"}`)
}

// Slow waits before each request is performed, or until the client goes away.
func Slow(latency time.Duration) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(latency):
				next.ServeHTTP(w, r)
			case <-r.Context().Done():
			}
		})
	}
}

// CutBody performs each request, but sends only the first n bytes of the answer
// and closes the connection.
func CutBody(n int) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			body := answer.Body.Bytes()
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(answer.Code)
			_, _ = bytes.NewReader(body[:min(n, len(body))]).WriteTo(w)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler) // This is how a handler breaks off.
		})
	}
}

// Times lets m have the first n requests, and the server the others.
func Times(n int, m Middleware) Middleware {
	return func(next http.Handler) http.Handler {
		var seen atomic.Int64
		with := m(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1) <= int64(n) {
				with.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Only lets m have the requests with a method and a path, and the server the
// others. "" stands for any method, or any path.
func Only(method, path string, m Middleware) Middleware {
	return func(next http.Handler) http.Handler {
		with := m(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if (method == "" || r.Method == method) && (path == "" || r.URL.Path == path) {
				with.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
