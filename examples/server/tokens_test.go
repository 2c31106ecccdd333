package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A first start that ends between the account and its token leaves the token to the next one.
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
