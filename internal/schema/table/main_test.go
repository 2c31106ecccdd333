package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTableIsNotStale(t *testing.T) {
	written, err := os.ReadFile("../../../docs/attributes.md")
	require.NoError(t, err)
	require.Equal(t, table(), string(written), "run: go generate ./internal/schema")
}
