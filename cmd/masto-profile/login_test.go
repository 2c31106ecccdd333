package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// withLogin lets programs log in to a fake server. The browser is at once back
// with a code.
func withLogin(token *string) fakeserver.Middleware {
	return func(next http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/", next)
		answer := func(w http.ResponseWriter, members map[string]string) { _ = json.NewEncoder(w).Encode(members) }
		mux.HandleFunc("POST /api/v1/apps", func(w http.ResponseWriter, _ *http.Request) {
			answer(w, map[string]string{"client_id": "id", "client_secret": "secret"})
		})
		mux.HandleFunc("GET /oauth/authorize", func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			http.Redirect(w, r, q.Get("redirect_uri")+"?code=code&state="+q.Get("state"), http.StatusFound)
		})
		mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, _ *http.Request) {
			answer(w, map[string]string{"access_token": *token})
		})
		return mux
	}
}

// loginServer starts a fake server with a login.
func loginServer(t *testing.T) *fakeserver.Server {
	t.Helper()
	var token string
	s := fakeserver.New(t, fakeserver.WithMiddleware(withLogin(&token)))
	token = s.Token
	return s
}

// withTools leaves only the named tools for programs to find, so that no
// keyring of this machine is used, and returns the folder that they are in.
func withTools(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		path, err := exec.LookPath(name)
		require.NoError(t, err)
		require.NoError(t, os.Symlink(path, filepath.Join(folder, name)))
	}
	t.Setenv("PATH", folder)
	return folder
}

// TestLogin logs in, and uses the token and the server from then on.
func TestLogin(t *testing.T) {
	s := loginServer(t)
	home := t.TempDir()
	withTools(t)
	env := map[string]string{"HOME": home}
	r := runWith(t, env, "a-code\n", "login", "-code", s.URL)
	require.Equal(t, 0, r.code, r.err)
	host := strings.TrimPrefix(s.URL, "http://")
	file := filepath.Join(home, ".config", "masto-profile", "tokens", host)
	assert.Equal(t, "You are logged in as @alice@"+host+". The token is in "+file+".\n", r.out)
	assert.NotContains(t, r.out+r.err, s.Token)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	r = runWith(t, env, "", "show")
	require.Equal(t, 0, r.code, r.err)
	assert.Contains(t, r.out, "Alice")
	r = runWith(t, env, "", "show", "-server", "other.example")
	assert.Equal(t, exitUsage, r.code, "there is no token for another server")
	require.NoError(t, os.Chmod(file, 0o644))
	assert.Equal(t, exitUsage, runWith(t, env, "", "show").code, "others may read it")
	r = runWith(t, env, "a-code\n", "login", "-code", s.URL)
	require.Equal(t, 0, r.code, r.err)
	info, err = os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it is replaced")

	assert.Equal(t, exitDeclined, runWith(t, env, "\n", "login", "-code", s.URL).code, "no code")
	assert.Equal(t, exitUsage, runWith(t, nil, "", "login").code)
	assert.Equal(t, exitFailed, runWith(t, nil, "a-code\n", "login", "-code", s.URL).code, "no place for the token")
}

// TestLoginInBrowser opens the browser, for which a script and the test stand.
func TestLoginInBrowser(t *testing.T) {
	s := loginServer(t)
	withTools(t, "mv")
	visited := filepath.Join(t.TempDir(), "address")
	script := "#!/bin/sh\necho \"$1\" >" + visited + ".new\nmv " + visited + ".new " + visited + "\n"
	browser := writeFile(t, "browser", script, 0o700)
	go func() {
		for t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
			address, err := os.ReadFile(visited)
			if err != nil {
				continue
			}
			resp, err := http.Get(strings.TrimSpace(string(address))) //nolint:noctx // it is the end of the test
			if err == nil {
				_ = resp.Body.Close()
			}
			return
		}
	}()
	env := map[string]string{"XDG_CONFIG_HOME": t.TempDir(), "BROWSER": browser}
	r := runWith(t, env, "", "-json", "login", s.URL)
	require.Equal(t, 0, r.code, r.err)
	assert.Contains(t, r.out, `"acct":"alice@`)
}

// TestKeyring keeps the token by the tool of the system, for which a script
// stands that is given no token as an argument.
func TestKeyring(t *testing.T) {
	for _, c := range []struct {
		tool, script string
	}{
		{"secret-tool", `case "$1" in
			store) cat >"$KEEP" ;;
			lookup) cat "$KEEP" ;;
			esac`},
		{"security", `case "$1" in
			-i) sed 's/.*-w "\(.*\)"/\1/' >"$KEEP" ;;
			find-generic-password) cat "$KEEP" ;;
			esac`},
	} {
		t.Run(c.tool, func(t *testing.T) {
			s := loginServer(t)
			folder := withTools(t, "cat", "sed")
			log := filepath.Join(folder, "arguments")
			script := "#!/bin/sh\necho \"$@\" >>" + log + "\n" + c.script + "\n"
			require.NoError(t, os.WriteFile(filepath.Join(folder, c.tool), []byte(script), 0o700))
			t.Setenv("KEEP", filepath.Join(folder, "kept"))
			env := map[string]string{"HOME": t.TempDir()}
			r := runWith(t, env, "a-code\n", "login", "-code", s.URL)
			require.Equal(t, 0, r.code, r.err)
			assert.Contains(t, r.out, "The token is in the keyring, by "+c.tool)
			r = runWith(t, env, "", "show")
			require.Equal(t, 0, r.code, r.err)
			arguments, err := os.ReadFile(log)
			require.NoError(t, err)
			assert.NotContains(t, string(arguments), s.Token)
		})
	}
}

// TestGlobalFlags gives the flags of all commands at any place.
func TestGlobalFlags(t *testing.T) {
	s := fakeserver.New(t)
	token := writeFile(t, "token", s.Token, 0o600)
	for _, args := range []string{
		"-server URL -token-file FILE -json show alice",
		"show -server URL -token-file FILE -json alice",
		"show alice -server URL -token-file FILE -json",
		"-json show -server=URL -token-file FILE -- alice",
	} {
		t.Run(args, func(t *testing.T) {
			words := strings.Fields(strings.NewReplacer("URL", s.URL, "FILE", token).Replace(args))
			r := runWith(t, nil, "", words...)
			require.Equal(t, 0, r.code, r.err)
			assert.True(t, json.Valid([]byte(r.out)), r.out)
		})
	}
}

// TestHelpOfCommands checks that each command has help with an example, on the
// standard output, by either way.
func TestHelpOfCommands(t *testing.T) {
	overview := runWith(t, nil, "", "help")
	assert.Equal(t, overview, runWith(t, nil, "", "-h"))
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			assert.Regexp(t, `\n  `+c.name+` +\w`, overview.out)
			r := runWith(t, nil, "", c.name, "-h")
			assert.Equal(t, 0, r.code, r.err)
			assert.Empty(t, r.err)
			assert.True(t, strings.HasPrefix(r.out, "masto-profile "+c.name), r.out)
			assert.Contains(t, r.out, "\n  ")
			for l := range strings.Lines(r.out) {
				assert.LessOrEqual(t, len(l), 90+len("\n"))
			}
			if c.name != "help" {
				assert.Equal(t, r, runWith(t, nil, "", "help", c.name))
			}
		})
	}
}

// TestCompletion runs the scripts in their shells where there are any.
func TestCompletion(t *testing.T) {
	script := runWith(t, nil, "", "completion", "bash")
	require.Equal(t, 0, script.code, script.err)
	for _, c := range []struct {
		name, words string
		want        []string
	}{
		{"commands", "masto-profile ''", []string{"show", "edit", "login", "help"}},
		{"flags", "masto-profile edit -set", []string{"-set-field"}},
		{"flags after a flag", "masto-profile -json edit -avatar-d", []string{"-avatar-description"}},
		{"shells", "masto-profile completion b", []string{"bash"}},
		{"help", "masto-profile help lo", []string{"login"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			test := script.out + "\nCOMP_WORDS=(" + c.words + "); COMP_CWORD=$((${#COMP_WORDS[@]}-1))\n" +
				"_masto_profile; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
			out, err := exec.CommandContext(context.Background(), "bash", "-c", test).Output()
			require.NoError(t, err)
			for _, word := range c.want {
				assert.Contains(t, strings.Fields(string(out)), word)
			}
		})
	}
	fish := runWith(t, nil, "", "completion", "fish")
	assert.Contains(t, fish.out, "complete -c masto-profile -n '__fish_seen_subcommand_from edit' -o set-field -d ")
	assert.Contains(t, runWith(t, nil, "", "completion", "zsh").out, "bashcompinit")
	assert.Equal(t, exitUsage, runWith(t, nil, "", "completion", "sh").code)
}
