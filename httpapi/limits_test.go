package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

// patchHead is the start of a request that is written by hand.
const patchHead = "PATCH /api/v1/profile HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer rw\r\n"

func TestLimitOfBody(t *testing.T) {
	s := start(t, func(a *httpapi.API) { a.MaxBody = 1000 })
	fits := `{"note":"New"` + strings.Repeat(" ", 1000-14) + `}`
	require.Len(t, fits, 1000)
	a := s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(fits+" "))
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.status, a.body)
	undeclared := io.MultiReader(strings.NewReader(fits), strings.NewReader(" "))
	a = s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, undeclared)
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.status, a.body)
	assert.NotEmpty(t, a.member(t, "error"))
	a = s.do(t, "PATCH", "/api/v1/profile", "unknown", jsonType, strings.NewReader(fits+" "))
	assert.Equal(t, http.StatusUnauthorized, a.status, "who asks comes first")
	assert.Equal(t, "Hello", s.note(t))
	a = s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(fits))
	assert.Equal(t, 200, a.status, a.body)
	assert.Equal(t, "New", s.note(t))
}

// Without a limit of its own a body may be as large as the limits of the site
// need.
func TestDefaultLimitOfBody(t *testing.T) {
	require.EqualValues(t, httpapi.DefaultBody, masto.DefaultLimits().MaxBody())
	for _, c := range []struct {
		name   string
		limits masto.Limits
		size   int64
		status int
	}{
		{
			name:   "the default limits, a body as large as it may be",
			size:   httpapi.DefaultBody,
			status: http.StatusOK,
		},
		{
			name:   "the default limits, one byte more",
			size:   httpapi.DefaultBody + 1,
			status: http.StatusRequestEntityTooLarge,
		},
		{
			name:   "smaller pictures",
			limits: masto.Limits{ImageBytes: 1},
			size:   1<<20 + 4,
			status: http.StatusRequestEntityTooLarge,
		},
		{
			name:   "larger pictures",
			limits: masto.Limits{ImageBytes: 9 << 20},
			size:   httpapi.DefaultBody + 1,
			status: http.StatusOK,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, func(a *httpapi.API) { a.Service.Site.Limits = c.limits })
			head, tail := `{"note":"New"`, `}`
			body := head + strings.Repeat(" ", int(c.size)-len(head+tail)) + tail
			a := s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, struct{ io.Reader }{strings.NewReader(body)})
			assert.Equal(t, c.status, a.status, a.body)
			assert.Equal(t, c.status == http.StatusOK, s.note(t) == "New")
		})
	}
}

// A negative limit is none.
func TestWithoutLimits(t *testing.T) {
	var deadline bool
	s := start(t, func(a *httpapi.API) {
		a.MaxBody, a.Timeout = -1, -1
		a.Service.View = func(ctx context.Context, _ ...*masto.Record) (masto.View, error) {
			_, deadline = ctx.Deadline()
			return masto.View{}, nil
		}
	})
	a := s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(`{"note":"New"}`))
	assert.Equal(t, 200, a.status, a.body)
	assert.False(t, deadline)
	large := `{"note":"Newer"` + strings.Repeat(" ", httpapi.DefaultBody) + `}`
	a = s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(large))
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.status, "masto.DecodeUpdate has a limit of its own")
	assert.Equal(t, "New", s.note(t))
}

// A client that breaks off, or whose chunks are broken, is no error of the
// server's: it is answered 400, and logged at the debug level.
func TestBrokenBodies(t *testing.T) {
	const (
		json      = "Content-Type: application/json\r\n"
		parts     = "Content-Type: multipart/form-data; boundary=x\r\n"
		length    = "Content-Length: 100\r\n\r\n"
		chunked   = "Transfer-Encoding: chunked\r\n\r\n"
		firstPart = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nNew\r\n"
	)
	for _, c := range []struct{ name, rest string }{
		{"JSON that breaks off", json + length + `{"note":"New"}`},
		{"a form that breaks off", "Content-Type: " + form + "\r\n" + length + "note=New"},
		{"parts that break off", parts + length + firstPart},
		{"nothing of what was promised", json + length},
		{"chunks that break off", json + chunked + "e\r\n{\"note\":\"New\"}\r\n"},
		{"a chunk that breaks off", json + chunked + "ff\r\n{\"note\":\"New\"}"},
		{"a chunk without a size", json + chunked + "zz\r\n{\"note\":\"New\"}\r\n0\r\n\r\n"},
		{"a chunk of another size", json + chunked + "2\r\n{\"note\":\"New\"}\r\n0\r\n\r\n"},
		{"a chunk of parts without a size", parts + chunked + "zz\r\n" + firstPart + "\r\n0\r\n\r\n"},
		{"a type that nobody knows", "Content-Type: text/plain\r\n" + length},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, nil)
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
			require.NoError(t, err)
			defer func() { _ = conn.Close() }()
			_, err = io.WriteString(conn, patchHead+c.rest)
			require.NoError(t, err)
			half, ok := conn.(*net.TCPConn)
			require.True(t, ok)
			require.NoError(t, half.CloseWrite())
			answer, err := io.ReadAll(conn)
			require.NoError(t, err)
			assert.Contains(t, string(answer), "HTTP/1.1 400 ")
			assert.Contains(t, string(answer), `{"error":"`)
			assert.NotContains(t, s.log.String(), "level=ERROR")
			assert.Contains(t, s.log.String(), "level=DEBUG")
			assert.Equal(t, "Hello", s.note(t))
		})
	}
}

// A client that goes away while its answer is made is no error of the server's
// either, whatever the store says of an interrupted call.
func TestClientGoesAway(t *testing.T) {
	asked := make(chan struct{})
	var api *httpapi.API
	s := start(t, func(a *httpapi.API) {
		a.Service.View = func(ctx context.Context, _ ...*masto.Record) (masto.View, error) {
			close(asked)
			<-ctx.Done()
			return masto.View{}, errors.New("interrupted (9)")
		}
		api = a
	})
	ctx, leave := context.WithCancel(t.Context())
	w := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r := httptest.NewRequestWithContext(ctx, "GET", "/api/v1/profile", nil)
		r.Header.Set("Authorization", "Bearer rw")
		api.GetProfile(w, r)
	}()
	<-asked
	leave()
	<-done
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, s.log.String(), "level=DEBUG")
	assert.NotContains(t, s.log.String(), "level=ERROR")
}

// A body that stops arriving is answered in time, on a connection that then
// ends.
func TestLimitOfTime(t *testing.T) {
	s := start(t, func(a *httpapi.API) { a.Timeout = 100 * time.Millisecond })
	for name, head := range map[string]string{
		"JSON":      "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"note\":",
		"form":      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nnote=New",
		"multipart": "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100\r\n\r\n--x\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
			require.NoError(t, err)
			defer func() { _ = conn.Close() }()
			_, err = io.WriteString(conn, patchHead+head)
			require.NoError(t, err)
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
			all, err := io.ReadAll(conn)
			require.NoError(t, err)
			assert.Contains(t, string(all), "HTTP/1.1 408 ")
			assert.Contains(t, string(all), "Connection: close")
			assert.Contains(t, string(all), `{"error":"`)
			assert.Equal(t, "Hello", s.note(t))
		})
	}
}

// deadlines is a http.ResponseWriter that remembers the first deadline for
// reading.
type deadlines struct {
	http.ResponseWriter
	first *time.Time
}

func (d deadlines) Unwrap() http.ResponseWriter { return d.ResponseWriter }

func (d deadlines) SetReadDeadline(end time.Time) error {
	if d.first.IsZero() {
		*d.first = end
	}
	return http.NewResponseController(d.ResponseWriter).SetReadDeadline(end)
}

// Without a limit of one's own the body and the store have DefaultTime, which
// nobody needs to wait for to see.
func TestDefaultLimitOfTime(t *testing.T) {
	var body, store time.Time
	s := start(t, func(a *httpapi.API) {
		a.Service.View = func(ctx context.Context, _ ...*masto.Record) (masto.View, error) {
			store, _ = ctx.Deadline()
			return masto.View{}, nil
		}
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.api.UpdateProfile(deadlines{w, &body}, r)
	}))
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), "PATCH", server.URL, strings.NewReader("note=New"))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer rw")
	req.Header.Set("Content-Type", form)
	before := time.Now()
	require.Equal(t, 200, s.send(t, req).status)
	for name, end := range map[string]time.Time{"body": body, "store": store} {
		assert.False(t, end.Before(before.Add(httpapi.DefaultTime)), "%s: %v", name, end)
		assert.False(t, end.After(time.Now().Add(httpapi.DefaultTime)), "%s: %v", name, end)
	}
}

// Within the time, a body may come slowly, and the connection may be used again
// and for longer than the limit.
func TestSlowBodyWithinTheLimit(t *testing.T) {
	const limit = 2 * time.Second
	s := start(t, func(a *httpapi.API) { a.Timeout = limit })
	pr, pw := io.Pipe()
	go func() {
		for _, piece := range []string{`{"no`, `te":"Ne`, `w"}`} {
			_, _ = io.WriteString(pw, piece)
			time.Sleep(10 * time.Millisecond)
		}
		_ = pw.Close()
	}()
	assert.Equal(t, 200, s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, pr).status)
	time.Sleep(limit + 100*time.Millisecond)
	assert.Equal(t, 200, s.do(t, "GET", "/api/v1/profile", "rw", "", nil).status)
	assert.Equal(t, "New", s.note(t))
}

func TestLimitOfParts(t *testing.T) {
	s := start(t, nil)
	limits := masto.DefaultLimits()
	most := masto.MaxExtraParams + limits.AttributionDomains + 3*limits.Fields
	for encoding, encode := range map[string]func(n int) (contentType, body string){
		"form": func(n int) (string, string) { return form, strings.Repeat("x=1&", n-1) + "note=New" },
		"multipart": func(n int) (string, string) {
			var b bytes.Buffer
			parts := multipart.NewWriter(&b)
			for range n - 1 {
				require.NoError(t, parts.WriteField("x", "1"))
			}
			require.NoError(t, parts.WriteField("note", "New"))
			require.NoError(t, parts.Close())
			return parts.FormDataContentType(), b.String()
		},
		"JSON": func(n int) (string, string) { return jsonType, "{" + strings.Repeat(`"x":1,`, n-1) + `"note":"New"}` },
	} {
		for _, n := range []int{most + 1, 20 * most} {
			contentType, body := encode(n)
			a := s.do(t, "PATCH", "/api/v1/profile", "rw", contentType, strings.NewReader(body))
			assert.Equal(t, 400, a.status, "%s: %s", encoding, a.body)
			assert.Equal(t, `{"error":"The request has too many parts"}`, a.body)
			assert.Equal(t, "Hello", s.note(t))
		}
		contentType, body := encode(most)
		a := s.do(t, "PATCH", "/api/v1/profile", "rw", contentType, strings.NewReader(body))
		assert.Equal(t, 200, a.status, "%s: %s", encoding, a.body)
		assert.Equal(t, "New", s.note(t))
		assert.Equal(t, 200, s.do(t, "PATCH", "/api/v1/profile", "rw", form, strings.NewReader("note=Hello")).status)
	}
}
