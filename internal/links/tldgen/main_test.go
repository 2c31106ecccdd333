package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The generator reads a private layout of golang.org/x/net: the files
// data/nodes and data/text beside the package publicsuffix, which are embedded
// there and documented nowhere but in the source of that package. A new version
// may change them. Then no TLD is invented, as every label is looked up, but
// most are missing, and this test fails: see domains, which takes the nodes
// apart.

// TestTableIsFresh writes the table again: the version of the list that go.mod
// names is the one that counts.
func TestTableIsFresh(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tlds.go")
	require.NoError(t, write(file))
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join("..", "tlds.go"))
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run: go generate ./internal/links")
	for _, d := range []string{`"com"`, `"np"`, `"xn--p1ai"`} { // even if both tables are wrong
		assert.Contains(t, string(got), d)
	}
	assert.NotContains(t, string(got), `"example"`)
}
