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

	"github.com/seed-374a2035/masto"
)

// TestClientsInJavaScript lets clients, as they are published, read, update and
// clear the profile. The scripts in testdata/clients have the steps.
func TestClientsInJavaScript(t *testing.T) {
	node := clientsInstalled(t)
	for _, c := range []struct {
		name string
		args []string
	}{
		{"masto.js 8", []string{"masto.js", "masto"}},
		{"masto.js 7", []string{"masto.js", "masto7"}},
		{"megalodon", []string{"megalodon.js"}},
		{"tsl-mastodon-api", []string{"tsl.js"}},
		{"types", []string{"types.js"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startForClients(t)
			out, err := s.node(t, node, c.args...)
			require.NoError(t, err, out)
			assert.Contains(t, out, "ok the last step")
		})
	}
}

// clientsFolder has the scripts, and the clients once npm installed them.
const clientsFolder = "testdata/clients"

// clientsInstalled returns the path of Node.js. Without it, or without the
// clients, the test is skipped.
func clientsInstalled(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		lacks(t, "no Node.js to run clients with: %v", err)
	}
	if _, err := os.Stat(filepath.Join(clientsFolder, "node_modules/masto/package.json")); err != nil {
		lacks(t, "the clients are not installed, run npm ci in examples/server/%s: %v", clientsFolder, err)
	}
	return node
}

// startForClients starts a server with a second account, Bob's. It has no
// domain of its own, so that the pictures are where this server is.
func startForClients(t *testing.T) *session {
	t.Helper()
	dir := t.TempDir()
	s := startConfig(t, config{
		database: filepath.Join(dir, "data", "masto.db"),
		media:    filepath.Join(dir, "media"),
	}, "")
	s.dir = dir
	bob := masto.NewRecord("2", "bob")
	bob.Profile.DisplayName = "Bob"
	s.add(t, bob)
	return s
}

// node runs a script of clientsFolder against the server and returns what it
// printed.
func (s *session) node(t *testing.T, node string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	script := exec.CommandContext(ctx, node, args...)
	script.Dir = clientsFolder
	script.Env = append(os.Environ(), "MASTO_SERVER="+s.base, "MASTO_TOKEN="+s.token)
	out, err := script.CombinedOutput()
	return string(out), err
}

// lacks skips a test that lacks what it runs, but fails it if MASTO_NO_SKIP
// is set, as CI does.
func lacks(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("MASTO_NO_SKIP") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
