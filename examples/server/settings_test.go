package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The addresses of pictures begin with that of the server, so that it cannot be
// another one at a later start.
func TestAddressStays(t *testing.T) {
	dir := t.TempDir()
	c := config{database: filepath.Join(dir, "masto.db"), media: filepath.Join(dir, "media")}
	start := func(c config, address string) error {
		a, err := open(t.Context(), c.at(address))
		if err == nil {
			err = a.close()
		}
		return err
	}
	require.NoError(t, start(c, "localhost:8080"))
	require.NoError(t, start(c, "localhost:8080"))

	elsewhere := start(c, "localhost:9090")
	require.ErrorContains(t, elsewhere, "the data in "+c.database+" belongs to http://localhost:8080")
	require.ErrorContains(t, elsewhere, "start with -url http://localhost:8080, or with another -db and -media")

	c.baseURL = "http://localhost:8080/" // as a browser shows it
	require.NoError(t, start(c, "localhost:9090"))
	c.baseURL = "https://social.example"
	require.Error(t, start(c, "localhost:8080"))
	c.database, c.media = filepath.Join(dir, "other.db"), filepath.Join(dir, "other")
	require.NoError(t, start(c, "localhost:8080"))
	require.NoError(t, start(c, "localhost:9090"), "with -url the server may listen anywhere")
}
