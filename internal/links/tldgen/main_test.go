package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTableIsFresh writes the table again: the version of the list that go.mod names is the one that counts.
func TestTableIsFresh(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tlds.go")
	require.NoError(t, write(file))
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join("..", "tlds.go"))
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run: go generate ./internal/links")
	for _, d := range []string{`"com"`, `"np"`, `"xn--p1ai"`} {
		assert.Contains(t, string(got), d)
	}
	assert.NotContains(t, string(got), `"example"`)
}
