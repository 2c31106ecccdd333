package httpapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/httpapi"
)

// teapot is a handler of the server's own, which tells by its status that it
// was asked.
func teapot(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }

// unasked is a method of the server's own that is not to be reached.
func unasked(t *testing.T) func(http.ResponseWriter, *http.Request, httpapi.Grant) {
	return func(http.ResponseWriter, *http.Request, httpapi.Grant) { t.Error("next was asked") }
}

// ask answers a request of alice's by h.
func ask(t *testing.T, h http.Handler, method, path, token string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Patterns of the server's own do not hide the methods, and are not hidden,
// whichever are registered first.
func TestRegisterBesideOtherPatterns(t *testing.T) {
	s := start(t, nil)
	for _, own := range [][]string{
		{},
		{"GET /api/v1/accounts/{id}"},
		{"/api/v1/accounts/{id}"},
		{"GET /api/v1/accounts/{id}", "OPTIONS /api/v1/accounts/{id}", "DELETE /api/v1/accounts/{id}"},
		{"GET /api/v1/accounts/{id}", "/api/v1/accounts/{id}", "/api/v1/{rest...}", "/api/", "/"},
		{"GET /api/v1/accounts/{id}/statuses", "GET /api/v1/accounts/lookup", "/api/v1/profile/{kind}"},
		{"/api/v1/{section}/{id}"},
	} {
		for _, when := range []string{"before", "after"} {
			t.Run(strings.Join(own, ", ")+" "+when, func(t *testing.T) {
				mux := http.NewServeMux()
				if when == "after" {
					s.api.Register(mux)
				}
				for _, pattern := range own {
					mux.HandleFunc(pattern, teapot)
				}
				if when == "before" {
					s.api.Register(mux)
				}
				for _, e := range endpoints {
					require.Equal(t, http.StatusOK, ask(t, mux, e.method, e.path, "rw").Code, "%s %s", e.method, e.path)
					w := ask(t, mux, http.MethodOptions, e.path, "")
					require.Equal(t, http.StatusNoContent, w.Code)
					require.Contains(t, w.Header().Get("Allow"), e.method)
				}
				if len(own) > 0 && strings.HasSuffix(own[0], "/accounts/{id}") {
					require.Equal(t, http.StatusTeapot, ask(t, mux, "GET", "/api/v1/accounts/1", "rw").Code)
				}
			})
		}
	}
}

// Where nothing else is registered for a path, a wrong method is a 405.
func TestRegisteredPathsRefuseOtherMethods(t *testing.T) {
	s := start(t, nil)
	mux := http.NewServeMux()
	s.api.Register(mux)
	w := ask(t, mux, "POST", "/api/v1/profile", "rw")
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, "GET, HEAD, OPTIONS, PATCH, PUT", w.Header().Get("Allow"))
	assert.Equal(t, http.StatusNotFound, ask(t, mux, "GET", "/api/v1/accounts/1", "rw").Code)
}

// A method of the server's own refuses the tokens that the others refuse.
func TestAuthorized(t *testing.T) {
	scopes := []string{"read:lists", "read"}
	s := start(t, func(a *httpapi.API) {
		a.Auth = tokens{
			"exact":    scoped("read:lists"),
			"wide":     scoped("push", "read"),
			"narrow":   scoped("write", "read:accounts"),
			"none":     scoped(),
			"app":      {Scopes: []string{"read"}},
			"disabled": {AccountID: "1", Scopes: []string{"read"}, Disabled: true},
		}
	})
	var got httpapi.Grant
	h := s.api.Authorized(scopes, func(w http.ResponseWriter, _ *http.Request, g httpapi.Grant) {
		got = g
		w.WriteHeader(http.StatusTeapot)
	})
	scopes[0], scopes[1] = "write", "write" // it has a copy
	for _, c := range []struct {
		token  string
		status int
	}{
		{"exact", http.StatusTeapot},
		{"wide", http.StatusTeapot},
		{"narrow", http.StatusForbidden},
		{"none", http.StatusForbidden},
		{"app", http.StatusUnprocessableEntity},
		{"disabled", http.StatusForbidden},
		{"unknown", http.StatusUnauthorized},
		{"", http.StatusUnauthorized},
	} {
		t.Run("token "+c.token, func(t *testing.T) {
			got = httpapi.Grant{}
			w := ask(t, h, "POST", "/api/v1/lists", c.token)
			assert.Equal(t, c.status, w.Code)
			assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
			if c.status == http.StatusTeapot {
				assert.Equal(t, "1", got.AccountID)
				return
			}
			assert.Empty(t, got.AccountID, "next is not asked")
			assert.Contains(t, w.Body.String(), `{"error":"`)
		})
	}
	nobody := s.api.Authorized(nil, unasked(t))
	assert.Equal(t, http.StatusForbidden, ask(t, nobody, "POST", "/", "wide").Code, "no scope is no permission")
}

// It answers a page's preflight request, which has no token.
func TestAuthorizedPreflight(t *testing.T) {
	s := start(t, nil)
	h := s.api.Authorized([]string{"write"}, unasked(t))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/", nil)
	r.Header.Set("Access-Control-Request-Method", "POST")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	assert.Equal(t, http.StatusNoContent, w.Code)
	assert.Contains(t, w.Header().Get("Access-Control-Allow-Methods"), "POST")
}

// The body and the time of a method of one's own have the limits of the API.
func TestAuthorizedLimits(t *testing.T) {
	s := start(t, func(a *httpapi.API) { a.MaxBody, a.Timeout = 10, 5*time.Second })
	var deadline bool
	next := func(w http.ResponseWriter, r *http.Request, _ httpapi.Grant) {
		_, deadline = r.Context().Deadline()
		var v any
		if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
			s.api.WriteError(w, r, err)
			return
		}
		w.WriteHeader(http.StatusTeapot)
	}
	server := httptest.NewServer(s.api.Authorized([]string{"write"}, next))
	defer server.Close()
	for _, c := range []struct {
		name   string
		body   io.Reader
		status int
	}{
		{"small", strings.NewReader(`{"a":1}`), http.StatusTeapot},
		{"large", strings.NewReader(`{"a":"` + strings.Repeat("x", 10) + `"}`), http.StatusRequestEntityTooLarge},
		{"large, of unknown length", struct{ io.Reader }{strings.NewReader(`{"a":"xxxxxxxxxx"}`)}, http.StatusRequestEntityTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), "POST", server.URL, c.body)
			require.NoError(t, err)
			req.Header.Set("Authorization", "Bearer rw")
			assert.Equal(t, c.status, s.send(t, req).status)
			assert.True(t, deadline)
		})
	}
}
