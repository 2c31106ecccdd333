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

// TestMastoJS lets masto.js, a client of the API in JavaScript, read, update
// and clear the profile: testdata/mastojs/session.js has the steps.
func TestMastoJS(t *testing.T) {
	const folder = "testdata/mastojs"
	node, err := exec.LookPath("node")
	if err != nil {
		lacks(t, "no Node.js to run masto.js with: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules/masto/package.json")); err != nil {
		lacks(t, "masto.js is not installed, run npm ci in examples/server/%s: %v", folder, err)
	}
	dir := t.TempDir()
	// Without a domain of its own, the pictures are where this server is.
	s := startConfig(t, config{
		database: filepath.Join(dir, "masto.db"),
		media:    filepath.Join(dir, "media"),
	}, "")

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	session := exec.CommandContext(ctx, node, "session.js")
	session.Dir = folder
	session.Env = append(os.Environ(), "MASTO_SERVER="+s.base, "MASTO_TOKEN="+s.token)
	out, err := session.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "ok the last step")
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
