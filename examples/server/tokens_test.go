package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A first start that ends between the account and its token leaves the token to
// the next one.
func TestTokenAfterACrash(t *testing.T) {
	dir := t.TempDir()
	s := startSession(t, dir, "")
	db := s.database(t)
	_, err := db.ExecContext(t.Context(), `DELETE FROM tokens`)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	s.grant(t, "2", "read") // somebody else's
	s.stop()

	again := startSession(t, dir, "")
	require.NotEmpty(t, again.token)
	assert.Equal(t, "Demo", again.profile(t)["display_name"])
	again.stop()
	assert.Empty(t, startSession(t, dir, "").token, "it was given out")
}

func TestScopes(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string // "" for an error
	}{
		{text: "read write", want: "read write"},
		{text: " profile\twrite:accounts ", want: "profile write:accounts"},
		{text: "read:accounts", want: "read:accounts"},
		{text: ""},
		{text: " "},
		{text: "bogus"},
		{text: "read bogus"},
		{text: "READ"},
		{text: "read,write"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			got, err := parseScopes(tt.text)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want == "", err != nil)
		})
	}
}

// Each scope of the server is for reading or for writing.
func TestScopesOfTokens(t *testing.T) {
	for _, scope := range knownScopes() {
		s := startSession(t, t.TempDir(), scope)
		read := s.get(t, "/api/v1/profile").status
		write := s.patch(t, "/api/v1/profile", "form", text("note", "x")).status
		assert.Contains(t, [][2]int{{200, 403}, {403, 200}}, [2]int{read, write}, scope)
	}
}

// asServer is the environment variable by which the program of the tests is the
// server instead.
const asServer = "MASTO_TEST_AS_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestUnknownScope runs the server with a scope that does not exist, which is
// an error of the command line.
func TestUnknownScope(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(ctx, program, "-addr", "localhost:0", "-token", "read bogus")
	cmd.Env = append(os.Environ(), asServer+"=1")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, string(out))
	assert.Equal(t, 2, exit.ExitCode())
	assert.Contains(t, string(out), `there is no scope "bogus"`)
	files, err := os.ReadDir(cmd.Dir)
	require.NoError(t, err)
	assert.Empty(t, files, "nothing was started")
}

// Of a token only the hash is kept.
func TestTokensAreStoredHashed(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	assert.NotContains(t, s.snapshot(t), s.token)
	for _, name := range []string{"masto.db", "masto.db-wal"} {
		data, err := os.ReadFile(filepath.Join(s.dir, "data", name))
		require.NoError(t, err)
		assert.NotContains(t, string(data), s.token, name)
	}
}
