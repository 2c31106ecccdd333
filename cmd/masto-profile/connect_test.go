package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// The token comes from the environment or from a file that is private, and from nowhere else.
func TestToken(t *testing.T) {
	s := mastotest.NewServer(t)
	private := writeFile(t, "token", s.Token+"\n", 0o600)
	for _, c := range []struct {
		env  map[string]string
		args []string
		code int
		text string
	}{
		{map[string]string{"MASTO_TOKEN": s.Token}, nil, 0, "Alice"},
		{map[string]string{"MASTO_TOKEN_FILE": private}, nil, 0, "Alice"},
		{nil, []string{"-token-file", private}, 0, "Alice"},
		{nil, nil, exitUsage, "there is no token"},
		{map[string]string{"MASTO_TOKEN": "guessed"}, nil, exitUnauthorized, "The access token is invalid"},
		{nil, []string{"-token-file", writeFile(t, "t", s.Token, 0o640)}, exitUsage, "chmod 600"},
		{nil, []string{"-token-file", writeFile(t, "t", s.Token, 0o604)}, exitUsage, "chmod 600"},
		{nil, []string{"-token-file", t.TempDir()}, exitUsage, "is not a file"},
		{nil, []string{"-token-file", "/does/not/exist"}, exitUsage, "no such file"},
		{nil, []string{"-token-file", writeFile(t, "t", strings.Repeat("x", 1<<20), 0o600)}, exitUsage, "too large"},
		{nil, []string{"-token", s.Token}, exitUsage, "flag provided but not defined"},
	} {
		env := map[string]string{"MASTO_SERVER": s.URL}
		for name, value := range c.env {
			env[name] = value
		}
		r := runWith(t, env, "", append(c.args, "show")...)
		assert.Equal(t, c.code, r.code, "%v: %s", c.args, r.err)
		assert.Contains(t, r.out+r.err, c.text)
		assert.NotContains(t, r.out+r.err, "a-token-that", "it is never printed")
	}
	r := runs(t, s.URL, s.ReadToken, "", "edit", "-y", "-name", "x")
	assert.Equal(t, exitUnauthorized, r.code)
	assert.Contains(t, r.err, "outside the authorized scopes")
}

func TestServerAddress(t *testing.T) {
	for in, want := range map[string]string{
		"social.example":            "https://social.example",
		"https://social.example/":   "https://social.example",
		"https://social.example/m/": "https://social.example/m",
		"http://localhost:3000":     "http://localhost:3000",
		"http://[::1]:3000":         "http://[::1]:3000",
		"http://social.example":     "",
		"http://127.0.0.1.example":  "",
		"ftp://social.example":      "",
		"https://a:b@social.test":   "",
		"https://social.test/?x":    "",
		"https://":                  "",
		"":                          "",
		"https://a b":               "",
	} {
		u, err := serverAddress(in)
		if want == "" {
			assert.Error(t, err, in)
			continue
		}
		require.NoError(t, err, in)
		assert.Equal(t, want, u.String())
	}
}

// The token goes to the server that it is for, and to no other; and a PATCH is never repeated as a GET.
func TestRedirects(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s came here, with %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	s := mastotest.NewServer(t)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == verifyPath:
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusFound)
		case r.Method == http.MethodPatch:
			http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
		case r.URL.Path == "/api/v1/accounts/lookup":
			http.Redirect(w, r, "/api/v1/accounts/1", http.StatusFound)
		case r.URL.Path == "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			forward(w, r, s.URL)
		}
	}))
	defer proxy.Close()
	r := runs(t, proxy.URL, s.Token, "", "show")
	assert.Equal(t, exitServer, r.code)
	assert.Contains(t, r.err, "sends us elsewhere")
	r = runs(t, proxy.URL, s.Token, "", "show", "alice")
	assert.Equal(t, 0, r.code, r.err)
	r = runs(t, proxy.URL, s.Token, "", "edit", "-y", "-name", "x")
	assert.Equal(t, exitServer, r.code)
	assert.Equal(t, "Alice", s.Record().Profile.DisplayName)

	base, err := serverAddress(proxy.URL)
	require.NoError(t, err)
	_, err = newClient(base, "").get(t.Context(), "/loop")
	assert.ErrorIs(t, err, errRedirect)
}

// Whatever is at the address, the program ends with a code and a line.
func TestStrangeServers(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		code   int
		text   string
	}{
		"error page":    {502, "<html><head><title>Bad Gateway</title></head><body>nginx</body></html>", exitServer, "answered 502: Bad Gateway"},
		"empty":         {500, "", exitServer, "answered 500"},
		"not the API":   {200, "<html>Welcome</html>", exitServer, "malformed JSON"},
		"rate limit":    {429, `{"error":"Too many requests"}`, exitServer, "Too many requests"},
		"login page":    {401, "log in", exitUnauthorized, "log in"},
		"much too long": {200, strings.Repeat("x", maxAnswer+1), exitServer, "larger than 4 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
			}))
			defer server.Close()
			for _, args := range [][]string{{"show"}, {"edit", "-y", "-name", "x"}, {"check"}} {
				r := runs(t, server.URL, "token", "", args...)
				assert.Equal(t, c.code, r.code, "%v: %s", args, r.err)
				assert.Contains(t, r.err, c.text, args)
			}
		})
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	assert.Equal(t, exitServer, runs(t, closed.URL, "token", "", "show").code)
}

// A server that never ends its answer is not waited for.
func TestTimeout(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("{"))
		_ = http.NewResponseController(w).Flush()
		<-release
	}))
	defer server.Close()
	defer close(release)
	base, err := serverAddress(server.URL)
	require.NoError(t, err)
	c := newClient(base, "token")
	c.readTime, c.uploadTime = 50*time.Millisecond, 50*time.Millisecond
	for _, b := range []*body{nil, {"text/plain", 1, func() io.Reader { return strings.NewReader("x") }}} {
		_, err = c.do(t.Context(), http.MethodPost, "/", b)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var coded *exitError
		require.ErrorAs(t, err, &coded)
		assert.Equal(t, exitServer, coded.code)
	}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		text string
	}{
		{nil, exitUsage, "show, edit or check"},
		{[]string{"delete"}, exitUsage, `no command "delete"`},
		{[]string{"-nonsense"}, exitUsage, "not defined"},
		{[]string{"show", "a", "b"}, exitUsage, "one name"},
		{[]string{"check", "x"}, exitUsage, "no arguments"},
		{[]string{"-help"}, 0, "Exit codes:"},
		{[]string{"edit", "-help"}, 0, "-set-field"},
		{[]string{"show"}, exitUsage, "there is no server"},
	} {
		r := runWith(t, nil, "", c.args...)
		assert.Equal(t, c.code, r.code, c.args)
		assert.Contains(t, r.err, c.text)
	}
	var codes []int
	for l := range strings.Lines(help) {
		var code int
		if n, _ := fmt.Sscanf(l, "  %d  ", &code); n == 1 {
			codes = append(codes, code)
		}
	}
	assert.Equal(t, []int{0, exitFailed, exitUsage, exitRefused, exitUnauthorized, exitServer, exitConflict, exitDeclined, exitDeviations}, codes)
}

func TestIsTerminal(t *testing.T) {
	f, err := os.Open(writeFile(t, "f", "", 0o600))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	assert.False(t, isTerminal(f))
}

func TestWrap(t *testing.T) {
	assert.Equal(t, "> one two\n> three\n> äöü\n\n> x", wrap("one two three äöü\n\nx", "> ", 8))
	assert.Empty(t, wrap("\n\n", "  ", 10))
	assert.Equal(t, "  "+strings.Repeat("x", 20), wrap(strings.Repeat("x", 20), "  ", 10))
}

// JSON that is printed is safe to print, and says the same.
func FuzzSafeJSON(f *testing.F) {
	f.Add("a\u009b2J\x7f\u202e\u2028\"\\\n")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // the library writes no such JSON
		}
		data, err := json.Marshal(s)
		require.NoError(t, err)
		text := safeJSON(data)
		require.Equal(t, masto.TerminalText(text), text)
		var got string
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Equal(t, s, got)
	})
}
