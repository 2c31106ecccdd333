package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestToken checks that the token is read from the environment or from a
// private file, and that it is never printed.
func TestToken(t *testing.T) {
	s := fakeserver.New(t)
	private := writeFile(t, "token", s.Token+"\n", 0o600)
	for _, c := range []struct {
		name string
		env  map[string]string
		args []string
		code int
		text string
	}{
		{
			name: "in the environment",
			env:  map[string]string{"MASTO_TOKEN": s.Token},
			text: "Alice",
		},
		{
			name: "in a file that the environment names",
			env:  map[string]string{"MASTO_TOKEN_FILE": private},
			text: "Alice",
		},
		{
			name: "in a file",
			args: []string{"-token-file", private},
			text: "Alice",
		},
		{
			name: "missing",
			code: exitUsage,
			text: "there is no access token",
		},
		{
			name: "wrong",
			env:  map[string]string{"MASTO_TOKEN": "guessed"},
			code: exitUnauthorized,
			text: "The access token is invalid",
		},
		{
			name: "in a file that the group may read",
			args: []string{"-token-file", writeFile(t, "t", s.Token, 0o640)},
			code: exitUsage,
			text: "(mode 0640): run chmod 600 on it",
		},
		{
			name: "in a file that everyone may read",
			args: []string{"-token-file", writeFile(t, "t", s.Token, 0o604)},
			code: exitUsage,
			text: "(mode 0604): run chmod 600 on it",
		},
		{
			name: "in a folder",
			args: []string{"-token-file", t.TempDir()},
			code: exitUsage,
			text: "is not a regular file",
		},
		{
			name: "in a file that does not exist",
			args: []string{"-token-file", "/does/not/exist"},
			code: exitUsage,
			text: "no such file",
		},
		{
			name: "in a large file",
			args: []string{"-token-file", writeFile(t, "t", strings.Repeat("x", 1<<20), 0o600)},
			code: exitUsage,
			text: "too large",
		},
		{
			name: "as an argument",
			args: []string{"-token", s.Token},
			code: exitUsage,
			text: "flag provided but not defined",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := map[string]string{"MASTO_SERVER": s.URL}
			maps.Copy(env, c.env)
			r := runWith(t, env, "", append(c.args, "show")...)
			assert.Equal(t, c.code, r.code, r.err)
			assert.Contains(t, r.out+r.err, c.text)
			assert.NotContains(t, r.out+r.err, s.Token)
		})
	}
}

func TestTokenWithoutScope(t *testing.T) {
	s := fakeserver.New(t)
	r := runs(t, s.URL, s.ReadToken, "", "edit", "-y", "-name", "x")
	assert.Equal(t, exitUnauthorized, r.code)
	assert.Contains(t, r.err, "outside the authorized scopes")
}

// TestStrangeServers checks that the program ends with an exit code and an
// error, whatever the server answers.
func TestStrangeServers(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		code   int
		text   string
	}{
		{
			name:   "error page",
			status: http.StatusBadGateway,
			body:   "<html><head><title>Bad Gateway</title></head><body>nginx</body></html>",
			code:   exitServer,
			text:   "answered 502 with a web page: Bad Gateway",
		},
		{
			name:   "empty",
			status: http.StatusInternalServerError,
			body:   "",
			code:   exitServer,
			text:   "answered 500",
		},
		{
			name:   "not the API",
			status: http.StatusOK,
			body:   "<html>Welcome</html>",
			code:   exitServer,
			text:   "answered 200 with a web page, so it is not the API; is the address right?",
		},
		{
			name:   "rate limit",
			status: http.StatusTooManyRequests,
			body:   `{"error":"Too many requests"}`,
			code:   exitServer,
			text:   "Too many requests",
		},
		{
			name:   "login page",
			status: http.StatusUnauthorized,
			body:   "log in",
			code:   exitUnauthorized,
			text:   "log in",
		},
		{
			name:   "too long",
			status: http.StatusOK,
			body:   strings.Repeat("x", 4<<20+1),
			code:   exitServer,
			text:   "too large: more than 4194304 bytes",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
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

func TestUsage(t *testing.T) {
	private := writeFile(t, "token", "token", 0o600)
	for _, c := range []struct {
		name string
		args []string
		code int
		text string
	}{
		{"no command", nil, exitUsage, "login, show, edit,"},
		{"unknown command", []string{"delete"}, exitUsage, `unknown command "delete"`},
		{"unknown flag", []string{"-nonsense"}, exitUsage, "not defined"},
		{"two names", []string{"show", "a", "b"}, exitUsage, "at most one name"},
		{"argument of check", []string{"check", "x"}, exitUsage, "no arguments"},
		{"help", []string{"-help"}, 0, "Exit codes:"},
		{"help of edit", []string{"edit", "-help"}, 0, "-set-field"},
		{"help with a command", []string{"help", "copy"}, 0, "masto-profile copy @alice@old.example"},
		{"help with a wrong command", []string{"help", "x"}, exitUsage, `unknown command "x"`},
		{"no address", []string{"-server", "ftp://a.example", "show", "alice"}, exitUsage, "should be such as https://"},
		{"unencrypted", []string{"show", "-server", "http://a.example", "-token-file", private}, exitUsage, "use https"},
		{"no server", []string{"show"}, exitUsage, "there is no server"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runWith(t, nil, "", c.args...)
			assert.Equal(t, c.code, r.code)
			assert.Contains(t, r.out+r.err, c.text)
		})
	}
}

// TestHelpListsExitCodes checks that the numbers in the help text are those of
// the constants.
func TestHelpListsExitCodes(t *testing.T) {
	var codes []int
	for l := range strings.Lines(helpTail) {
		var code int
		if n, _ := fmt.Sscanf(l, "  %d  ", &code); n == 1 {
			codes = append(codes, code)
		}
	}
	assert.Equal(t, []int{
		0,
		exitFailed,
		exitUsage,
		exitRefused,
		exitUnauthorized,
		exitServer,
		exitConflict,
		exitDeclined,
		exitDeviations,
		exitNotLinked,
	}, codes)
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

// FuzzSafeJSON checks that safeJSON returns JSON that is safe to print and has
// the same value.
func FuzzSafeJSON(f *testing.F) {
	f.Add("a\u009b2J\x7f\u202e\u2028\"\\\n")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // The library writes only valid UTF-8.
		}
		data, err := json.Marshal(s)
		require.NoError(t, err)
		text := safeJSON(data)
		require.Equal(t, client.TerminalText(text), text)
		var got string
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Equal(t, s, got)
	})
}
