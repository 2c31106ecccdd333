package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

// tokens is an Authenticator.
type tokens httpapi.Tokens

func (t tokens) Authenticate(ctx context.Context, token string) (httpapi.Grant, error) {
	if token == "explode" {
		return httpapi.Grant{}, errors.New("secret: the token table is locked")
	}
	g, err := httpapi.Tokens(t).Authenticate(ctx, token)
	if err != nil {
		return g, fmt.Errorf("looking for it: %w", err)
	}
	return g, nil
}

// scoped returns a token of alice's for these scopes.
func scoped(scopes ...string) httpapi.Grant { return httpapi.Grant{AccountID: "1", Scopes: scopes} }

// server is an API on a real listener, with alice (id 1).
type server struct {
	*httptest.Server
	api *httpapi.API
	log *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func start(t *testing.T, change func(*httpapi.API)) *server {
	t.Helper()
	log := &lockedBuffer{}
	api := &httpapi.API{
		Service: &masto.Service{
			Site: &masto.Site{Domain: "social.example"},
			Store: memstore.New(&masto.Record{
				Username: "alice",
				Profile:  masto.Profile{ID: "1", DisplayName: "Alice", Note: "Hello"},
			}),
			Media: memstore.NewMedia("https://files.example/"),
		},
		Auth: tokens{
			"rw":       scoped("read", "write"),
			"app":      {Scopes: []string{"read", "write"}},
			"disabled": {AccountID: "1", Scopes: []string{"read", "write"}, Disabled: true},
			"gone":     {AccountID: "404", Scopes: []string{"read", "write"}},
		},
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(api)
	}
	s := &server{httptest.NewServer(api.Handler()), api, log}
	t.Cleanup(s.Close)
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *server) do(t *testing.T, method, path, token, contentType string, body io.Reader) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, body)
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return s.send(t, req)
}

func (s *server) send(t *testing.T, req *http.Request) answer {
	t.Helper()
	resp, err := s.Client().Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, string(data)}
}

func (s *server) note(t *testing.T) string {
	t.Helper()
	r, err := s.api.Service.Store.Get(t.Context(), "1")
	require.NoError(t, err)
	return r.Profile.Note
}

// member returns a member of the JSON object in a body.
func (a answer) member(t *testing.T, name string) any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &m), a.body)
	return m[name]
}

const (
	form     = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// endpoints are all methods, with the kind of scope each needs.
var endpoints = []struct {
	method, path string
	write        bool
	profile      bool // answers a Profile, else a CredentialAccount
}{
	{"GET", "/api/v1/profile", false, true},
	{"HEAD", "/api/v1/profile", false, true},
	{"PATCH", "/api/v1/profile", true, true},
	{"PUT", "/api/v1/profile", true, true},
	{"DELETE", "/api/v1/profile/avatar", true, false},
	{"DELETE", "/api/v1/profile/header", true, false},
	{"GET", "/api/v1/accounts/verify_credentials", false, false},
	{"HEAD", "/api/v1/accounts/verify_credentials", false, false},
	{"PATCH", "/api/v1/accounts/update_credentials", true, false},
}

func TestMethodsAnswer(t *testing.T) {
	s := start(t, nil)
	for _, e := range endpoints {
		t.Run(e.method+" "+e.path, func(t *testing.T) {
			a := s.do(t, e.method, e.path, "rw", "", nil)
			require.Equal(t, http.StatusOK, a.status, a.body)
			assert.Equal(t, "application/json; charset=utf-8", a.header.Get("Content-Type"))
			assert.Equal(t, "private, no-store", a.header.Get("Cache-Control"))
			assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
			assert.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
			if e.method == "HEAD" {
				assert.Empty(t, a.body)
				assert.NotEmpty(t, a.header.Get("Content-Length"))
				return
			}
			assert.Equal(t, "1", a.member(t, "id"))
			if e.profile {
				assert.Equal(t, "Hello", a.member(t, "note"))
				assert.Contains(t, a.body, `"formatted_note"`)
			} else {
				assert.Equal(t, "<p>Hello</p>", a.member(t, "note"))
				assert.Contains(t, a.body, `"source"`)
				assert.Contains(t, a.body, `"role"`)
			}
		})
	}
}

func TestScopes(t *testing.T) {
	may := map[string]struct{ read, write bool }{
		"profile": {true, false}, "read": {true, false}, "read:accounts": {true, false},
		"write": {false, true}, "write:accounts": {false, true},
		"": {}, "follow": {}, "read:statuses": {}, "write:statuses": {},
		"admin:read": {}, "READ": {}, "read write": {}, "write:accounts2": {},
	}
	all := tokens{}
	for scope := range may {
		all["only:"+scope] = scoped(scope)
		all["also:"+scope] = scoped("push", scope)
	}
	all["none"] = scoped()
	s := start(t, func(a *httpapi.API) { a.Auth = all })
	for _, e := range endpoints {
		for scope, m := range may {
			for _, token := range []string{"only:" + scope, "also:" + scope} {
				want := http.StatusForbidden
				if m.read && !e.write || m.write && e.write {
					want = http.StatusOK
				}
				a := s.do(t, e.method, e.path, token, "", nil)
				require.Equal(t, want, a.status, "%s %s with %q", e.method, e.path, token)
				if want == http.StatusForbidden && e.method != "HEAD" {
					require.JSONEq(t, `{"error":"This action is outside the authorized scopes"}`, a.body)
				}
			}
		}
		require.Equal(t, http.StatusForbidden, s.do(t, e.method, e.path, "none", "", nil).status)
	}
}

func TestRefusedTokens(t *testing.T) {
	s := start(t, nil)
	for _, e := range endpoints {
		for token, want := range map[string]struct {
			status int
			body   string
		}{
			"":         {401, `{"error":"The access token is invalid"}`},
			"unknown":  {401, `{"error":"The access token is invalid"}`},
			"app":      {422, `{"error":"This method requires an authenticated user"}`},
			"disabled": {403, `{"error":"Your login is currently disabled"}`},
			"gone":     {404, `{"error":"Record not found"}`},
		} {
			a := s.do(t, e.method, e.path, token, "", nil)
			require.Equal(t, want.status, a.status, "%s %s with %q", e.method, e.path, token)
			require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
			if e.method != "HEAD" {
				require.Equal(t, want.body, a.body)
			}
		}
	}
	assert.Empty(t, s.log.String(), "none of these is an error of the server")
	assert.Equal(t, "Bearer", s.do(t, "GET", "/api/v1/profile", "", "", nil).header.Get("WWW-Authenticate"))
	unknown := s.do(t, "GET", "/api/v1/profile", "no", "", nil)
	assert.Equal(t, `Bearer error="invalid_token"`, unknown.header.Get("WWW-Authenticate"))
}

func TestBearer(t *testing.T) {
	s := start(t, nil)
	for header, want := range map[string]int{
		"Bearer rw": 200, "bearer rw": 200, "BEARER rw": 200, "bEaReR    rw": 200,
		"Bearer rw ": 200, // net/http cuts the end
		"":           401, "Bearer": 401, "Bearer ": 401, "Bearerrw": 401, "rw": 401,
		"Basic rw": 401, "Token rw": 401, "Bearer\trw": 401,
		"Bearer rw rw": 401, "Bearer: rw": 401, "Bearer \"rw\"": 401,
		"Bearer rw,": 401, "XBearer rw": 401, "Bearer\u00a0rw": 401,
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/profile", nil)
		require.NoError(t, err)
		if header != "" {
			req.Header.Set("Authorization", header)
		}
		require.Equal(t, want, s.send(t, req).status, "%q", header)
	}
	address := s.URL + "/api/v1/profile?access_token=rw&bearer_token=rw"
	req, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	require.NoError(t, err)
	require.Equal(t, 401, s.send(t, req).status, "a token in the address would end up in logs")
	req.Header["Authorization"] = []string{"Bearer rw", "Bearer unknown"}
	require.Equal(t, 401, s.send(t, req).status, "two tokens are none")
}

func TestWrongMethod(t *testing.T) {
	s := start(t, nil)
	allow := map[string]string{
		"/api/v1/profile":                     "GET, HEAD, OPTIONS, PATCH, PUT",
		"/api/v1/profile/avatar":              "DELETE, OPTIONS",
		"/api/v1/profile/header":              "DELETE, OPTIONS",
		"/api/v1/accounts/verify_credentials": "GET, HEAD, OPTIONS",
		"/api/v1/accounts/update_credentials": "OPTIONS, PATCH",
	}
	for path, want := range allow {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE"} {
			if strings.Contains(want, method) {
				continue
			}
			a := s.do(t, method, path, "rw", "", nil)
			require.Equal(t, http.StatusMethodNotAllowed, a.status, "%s %s", method, path)
			require.Equal(t, want, a.header.Get("Allow"))
			if method != "HEAD" {
				require.NotEmpty(t, a.member(t, "error"))
			}
		}
		a := s.do(t, "OPTIONS", path, "", "", nil)
		require.Equal(t, http.StatusNoContent, a.status)
		require.Equal(t, want, a.header.Get("Allow"))
		require.Empty(t, a.body)
	}
}

func TestReadOnly(t *testing.T) {
	s := start(t, nil)
	h := httpapi.ReadOnly(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE", "PURGE"} {
		like := s.do(t, method, "/api/v1/accounts/verify_credentials", "rw", "", nil)
		for _, preflight := range []string{"", "GET"} {
			req := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
			if preflight != "" {
				req.Header.Set("Access-Control-Request-Method", preflight)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"), method)
			if method == "GET" || method == "HEAD" {
				assert.Equal(t, http.StatusTeapot, w.Code, method)
				continue
			}
			assert.Equal(t, like.status, w.Code, method)
			assert.Equal(t, like.body, w.Body.String(), method)
			for _, name := range []string{"Allow", "Content-Type", "X-Content-Type-Options", "Cache-Control"} {
				assert.Equal(t, like.header.Get(name), w.Header().Get(name), "%s of %s", name, method)
			}
			if preflight != "" && method == "OPTIONS" {
				assert.Equal(t, "GET, HEAD, OPTIONS", w.Header().Get("Access-Control-Allow-Methods"))
			}
		}
	}
}

func TestOneHandlerByItself(t *testing.T) {
	s := start(t, nil)
	for names, h := range map[string]http.HandlerFunc{
		"GET":       s.api.GetProfile,
		"PATCH PUT": s.api.UpdateProfile,
		"DELETE":    s.api.DeleteAvatar,
	} {
		for _, method := range []string{"GET", "PATCH", "PUT", "DELETE", "POST"} {
			req := httptest.NewRequestWithContext(t.Context(), method, "/elsewhere", nil)
			req.Header.Set("Authorization", "Bearer rw")
			w := httptest.NewRecorder()
			h(w, req)
			want := http.StatusMethodNotAllowed
			if slices.Contains(strings.Fields(names), method) {
				want = http.StatusOK
			}
			assert.Equal(t, want, w.Code, "%s on the handler of %s", method, names)
		}
	}
}

func TestUnknownPath(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/", "/api", "/api/v1/profile/", "/api/v1/profile/avatars", "/api/v1/accounts/1"} {
		a := s.do(t, "GET", path, "rw", "", nil)
		assert.Equal(t, 404, a.status, path)
		assert.Equal(t, `{"error":"Record not found"}`, a.body)
	}
}

func TestPreflight(t *testing.T) {
	s := start(t, nil)
	preflight := func(path, method, headers string) answer {
		req, err := http.NewRequestWithContext(t.Context(), "OPTIONS", s.URL+path, nil)
		require.NoError(t, err)
		req.Header.Set("Origin", "https://app.example")
		req.Header.Set("Access-Control-Request-Method", method)
		if headers != "" {
			req.Header.Set("Access-Control-Request-Headers", headers)
		}
		return s.send(t, req)
	}
	a := preflight("/api/v1/profile", "PATCH", "authorization, content-type")
	assert.Equal(t, http.StatusNoContent, a.status)
	assert.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "GET, HEAD, OPTIONS, PATCH, PUT", a.header.Get("Access-Control-Allow-Methods"))
	assert.Equal(t, "authorization, content-type", a.header.Get("Access-Control-Allow-Headers"))
	assert.NotEmpty(t, a.header.Get("Access-Control-Max-Age"))
	assert.Empty(t, a.header.Get("Access-Control-Allow-Credentials"), "a token is sent by hand, never by the browser")

	h := httpapi.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	assert.Equal(t, http.StatusTeapot, w.Code)
	assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
	assert.Contains(t, w.Header().Get("Access-Control-Expose-Headers"), "X-RateLimit-Remaining")
	req := httptest.NewRequestWithContext(t.Context(), "OPTIONS", "/", nil)
	req.Header.Set("Access-Control-Request-Method", "GET")
	w = httptest.NewRecorder()
	h.ServeHTTP(w, req)
	assert.Equal(t, http.StatusNoContent, w.Code)
}

// broken is a Store that fails.
type broken struct {
	masto.Store
	err error
}

func (b broken) Get(context.Context, string) (*masto.Record, error) { return nil, b.err }

func (b broken) Update(context.Context, string, func(*masto.Record) (masto.Changes, error)) (*masto.Record, error) {
	return nil, b.err
}

func TestInternalErrorsAreNotTold(t *testing.T) {
	s := start(t, func(a *httpapi.API) {
		a.Service.Store = broken{err: errors.New("secret: dial tcp 10.0.0.7:5432")}
	})
	for _, e := range endpoints {
		a := s.do(t, e.method, e.path, "rw", "", nil)
		require.Equal(t, 500, a.status)
		require.NotContains(t, a.body, "secret")
		if e.method != "HEAD" {
			require.NotEmpty(t, a.member(t, "error"))
		}
	}
	assert.Contains(t, s.log.String(), "secret: dial tcp", "it is in the log")
	assert.Contains(t, s.log.String(), "path=/api/v1/profile/avatar")
	assert.NotContains(t, s.log.String(), "rw\"", "no token in the log")

	a := s.do(t, "GET", "/api/v1/profile", "explode", "", nil)
	assert.Equal(t, 500, a.status)
	assert.NotContains(t, a.body, "secret")
	assert.Contains(t, s.log.String(), "the token table is locked")
}

func TestSlowStore(t *testing.T) {
	s := start(t, func(a *httpapi.API) {
		a.Timeout = 50 * time.Millisecond
		a.Service.View = func(ctx context.Context, _ ...*masto.Record) (masto.View, error) {
			<-ctx.Done()
			return masto.View{}, fmt.Errorf("loading: %w", ctx.Err())
		}
	})
	a := s.do(t, "GET", "/api/v1/profile", "rw", "", nil)
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
	assert.NotEmpty(t, a.member(t, "error"))
	a = s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(`{"note":"New"}`))
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
}

func TestUpdateByEveryEncoding(t *testing.T) {
	picture := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	require.NoError(t, parts.WriteField("note", "by multipart"))
	w, err := parts.CreateFormFile("avatar", "a.png")
	require.NoError(t, err)
	_, err = io.WriteString(w, picture)
	require.NoError(t, err)
	require.NoError(t, parts.Close())
	for _, to := range [][2]string{
		{"PATCH", "/api/v1/profile"},
		{"PUT", "/api/v1/profile"},
		{"PATCH", "/api/v1/accounts/update_credentials"},
	} {
		method, path := to[0], to[1]
		s := start(t, nil)
		a := s.do(t, method, path, "rw", jsonType, strings.NewReader(`{"note":"by JSON"}`))
		require.Equal(t, 200, a.status, a.body)
		assert.Contains(t, a.body, "by JSON")
		a = s.do(t, method, path, "rw", form, strings.NewReader(url.Values{"note": {"by form"}}.Encode()))
		require.Equal(t, 200, a.status, a.body)
		assert.Contains(t, a.body, "by form")
		a = s.do(t, method, path+"?note=by+query", "rw", "", nil)
		require.Equal(t, 200, a.status, a.body)
		assert.Contains(t, a.body, "by query")
		a = s.do(t, method, path, "rw", parts.FormDataContentType(), bytes.NewReader(b.Bytes()))
		require.Equal(t, 200, a.status, a.body)
		assert.Contains(t, a.body, "by multipart")
		assert.Contains(t, a.member(t, "avatar"), "https://files.example/")
		a = s.do(t, "DELETE", "/api/v1/profile/avatar", "rw", "", nil)
		require.Equal(t, 200, a.status)
		assert.Equal(t, "https://social.example/avatars/original/missing.png", a.member(t, "avatar"))
		assert.Equal(t, "by multipart", s.note(t))
	}
}

func TestRefusedBodies(t *testing.T) {
	s := start(t, nil)
	for name, c := range map[string]struct {
		contentType, body string
		status            int
	}{
		"malformed JSON":     {jsonType, `{"note":`, 400},
		"JSON but no object": {jsonType, `["note"]`, 400},
		"malformed form":     {form, "note=%zz", 400},
		"malformed parts":    {"multipart/form-data; boundary=x", "--x\r\nnonsense", 400},
		"no boundary":        {"multipart/form-data", "--x--", 400},
		"UTF-8 in JSON":      {jsonType, "{\"note\":\"\xff\"}", 400},
		"UTF-8 in a form":    {form, "note=%ff", 400},
		"content type":       {"text/plain", "note=New", 415},
		"no content type":    {"", "note=New", 415},
		"too long":           {jsonType, `{"display_name":"` + strings.Repeat("x", 41) + `"}`, 422},
		"no picture":         {jsonType, `{"avatar":"data:image/png;base64,eHh4"}`, 422},
	} {
		for _, path := range []string{"/api/v1/profile", "/api/v1/accounts/update_credentials"} {
			a := s.do(t, "PATCH", path, "rw", c.contentType, strings.NewReader(c.body))
			require.Equal(t, c.status, a.status, "%s: %s", name, a.body)
			require.NotEmpty(t, a.member(t, "error"))
			require.NotContains(t, a.body, "masto:", name)
			if c.status == 422 {
				require.NotEmpty(t, a.member(t, "details"))
			}
			require.Equal(t, c.status == 415, a.header.Get("Accept-Patch") != "")
		}
		require.Equal(t, "Hello", s.note(t), name)
	}
	assert.Empty(t, s.log.String(), "none of these is an error of the server")
}

func TestServerWithoutPictures(t *testing.T) {
	s := start(t, func(a *httpapi.API) { a.Service.Media = nil })
	body := `{"avatar":"data:image/png;base64,iVBORw0KGgo="}`
	a := s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(body))
	assert.Equal(t, 422, a.status, a.body)
	assert.NotEmpty(t, a.member(t, "error"))
	assert.Empty(t, s.log.String())
}

func TestWriteError(t *testing.T) {
	api := &httpapi.API{Log: slog.New(slog.DiscardHandler)}
	for _, c := range []struct {
		err    error
		status int
		body   string
	}{
		{fmt.Errorf("reading: %w", masto.ErrNotFound), 404, `{"error":"Record not found"}`},
		{fmt.Errorf("no: %w", httpapi.ErrUnknownToken), 401, `{"error":"The access token is invalid"}`},
		{fmt.Errorf("secret: %w note: NUL", masto.ErrMalformed), 400, `{"error":"The request is malformed note: NUL"}`},
		{fmt.Errorf("updating: %w", masto.ErrBusy), 503, `{"error":"The server is busy, please try again later"}`},
		{errors.New("secret"), 500, `{"error":"Something went wrong on the server"}`},
	} {
		w := httptest.NewRecorder()
		api.WriteError(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), c.err)
		assert.Equal(t, c.status, w.Code)
		assert.Equal(t, c.body, w.Body.String())
		assert.Equal(t, c.status == http.StatusServiceUnavailable, w.Header().Get("Retry-After") != "")
	}
}

// A busy store is no failure: the client comes again.
func TestBusyStore(t *testing.T) {
	s := start(t, func(a *httpapi.API) {
		a.Service.Store = broken{err: fmt.Errorf("secret: %w", masto.ErrBusy)}
	})
	for _, e := range endpoints {
		a := s.do(t, e.method, e.path, "rw", "", nil)
		require.Equal(t, http.StatusServiceUnavailable, a.status, "%s %s", e.method, e.path)
		seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
		require.NoError(t, err)
		require.Positive(t, seconds)
		require.NotContains(t, a.body, "secret")
	}
	assert.Contains(t, s.log.String(), "level=WARN")
	assert.NotContains(t, s.log.String(), "level=ERROR")
}

// A body that cannot be read is answered with what is wrong and where.
func TestMalformedBodiesAreExplained(t *testing.T) {
	s := start(t, nil)
	for _, c := range []struct{ name, contentType, body, message string }{
		{
			"JSON that ends", jsonType, `{"note":`,
			"The request is malformed JSON: unexpected end of JSON input at byte 8",
		},
		{
			"JSON but no object", jsonType, `["note"]`,
			"The request is malformed",
		},
		{
			"form", form, "locked=true&note=%zz",
			`The request is malformed form: invalid URL escape "%zz" at byte 12`,
		},
		{
			"no boundary", "multipart/form-data", "--x--",
			"The request is malformed multipart: ",
		},
		{
			"a long head", "multipart/form-data; boundary=x",
			"--x\r\n" + strings.Repeat("a", 10_000) + "\r\n\r\nNew\r\n--x--",
			"The request is malformed multipart: ",
		},
		{
			"JSON that is not UTF-8", jsonType, "{\"note\":\"\xff\"}",
			"The request is not valid UTF-8 at byte 9",
		},
		{
			"form that is not UTF-8", form, "locked=true&note=%ff",
			"The request is not valid UTF-8 at byte 12",
		},
		{
			"part that is not UTF-8", "multipart/form-data; boundary=x",
			"--x\r\nContent-Disposition: form-data; name=note\r\n\r\n\xff\r\n--x--",
			"The request is not valid UTF-8 in part 1",
		},
		{
			"NUL in JSON", jsonType, `{"note":"a\u0000b"}`,
			"The request is malformed text: note has a NUL",
		},
		{
			"NUL in a field of a form", form,
			"locked=true&fields_attributes[0][name]=a&fields_attributes[0][value]=b%00c",
			"The request is malformed text: fields_attributes has a NUL",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(t, "PATCH", "/api/v1/profile", "rw", c.contentType, strings.NewReader(c.body))
			assert.Equal(t, 400, a.status)
			message, ok := a.member(t, "error").(string)
			require.True(t, ok)
			assert.Contains(t, message, c.message)
			assert.Less(t, len(message), 400)
			assert.Equal(t, "Hello", s.note(t), "nothing is stored")
		})
	}
}

// What has the wrong shape is left out, and told the log alone.
func TestWrongShapesAreLogged(t *testing.T) {
	s := start(t, nil)
	body := `{"display_name":["a"],"fields_attributes":null,"note":"New"}`
	a := s.do(t, "PATCH", "/api/v1/profile", "rw", jsonType, strings.NewReader(body))
	require.Equal(t, 200, a.status, a.body)
	assert.Equal(t, "New", a.member(t, "note"))
	assert.Contains(t, s.log.String(), "level=DEBUG")
	assert.Contains(t, s.log.String(), "parameters=[display_name]")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	s := start(t, nil)
	for _, c := range []struct {
		name    string
		api     *httpapi.API
		missing string
	}{
		{"no Service", &httpapi.API{Auth: s.api.Auth}, "httpapi: API.Service is not set"},
		{"no Auth", &httpapi.API{Service: s.api.Service}, "httpapi: API.Auth is not set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.PanicsWithValue(t, c.missing, func() { c.api.Handler() })
			assert.PanicsWithValue(t, c.missing, func() { c.api.Register(http.NewServeMux()) })
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			assert.PanicsWithValue(t, c.missing, func() { c.api.GetProfile(httptest.NewRecorder(), r) })
		})
	}
	h := new(httpapi.API).Authorized([]string{"read"}, nil)
	assert.PanicsWithValue(t, "httpapi: API.Auth is not set", func() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	})
}
