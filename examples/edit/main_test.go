package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestSetBio sets and clears the bio on each kind of server.
func TestSetBio(t *testing.T) {
	for _, kind := range fakeserver.Kinds() {
		t.Run(kind.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(kind), fakeserver.Strict())
			c := client.New(s.URL, s.Token)
			old, err := setBio(t.Context(), c, "I grow mushrooms")
			require.NoError(t, err)
			assert.Equal(t, "Mushrooms! https://loaf.io #fungi", old)
			old, err = setBio(t.Context(), c, "")
			require.NoError(t, err)
			assert.Equal(t, "I grow mushrooms", old)
			assert.Empty(t, s.Record().Profile.Note)
		})
	}
}
