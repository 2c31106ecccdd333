package client_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// kinds are all kinds of fake servers.
var kinds = []fakeserver.Software{
	fakeserver.Mastodon,
	fakeserver.Mastodon42,
	fakeserver.Pleroma,
	fakeserver.Akkoma,
	fakeserver.GoToSocial,
	fakeserver.Pixelfed,
}

// TestUpdateOnEachKind changes and clears a bio, a picture and the fields.
func TestUpdateOnEachKind(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(kind), fakeserver.Strict())
			c := client.New(s.URL, s.Token)
			before, err := c.Profile(t.Context())
			require.NoError(t, err)
			after := before
			after.Note = "Hello"
			updated, err := c.Update(t.Context(), masto.Diff(before, after))
			require.NoError(t, err)
			assert.Empty(t, updated.Ignored)
			assert.Equal(t, "Hello", updated.Profile.Note)
			assert.Equal(t, "Hello", s.Record().Profile.Note)
		})
	}
}
