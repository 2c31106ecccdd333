package client_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestReading reads accounts and the instance of each kind of server.
func TestReading(t *testing.T) {
	software := map[fakeserver.Software]string{
		fakeserver.Mastodon:   "mastodon",
		fakeserver.Mastodon42: "mastodon",
		fakeserver.Pleroma:    "pleroma",
		fakeserver.Akkoma:     "akkoma",
		fakeserver.GoToSocial: "gotosocial",
		fakeserver.Pixelfed:   "pixelfed",
	}
	for _, kind := range fakeserver.Kinds() {
		t.Run(kind.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(kind))
			c := client.New(s.URL+"/", s.Token)
			assert.Equal(t, s.URL, c.Server())
			i, err := c.Instance(t.Context())
			require.NoError(t, err)
			assert.Equal(t, software[kind], i.Software)
			own, err := c.VerifyCredentials(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "Mushrooms! https://loaf.io #fungi", own.Source.Note)
			a, err := c.Account(t.Context(), own.ID)
			require.NoError(t, err)
			assert.Equal(t, "alice", a.Username)
			a, err = client.New(s.URL, "").Lookup(t.Context(), "@alice")
			require.NoError(t, err)
			assert.Equal(t, own.ID, a.ID)
			p, err := c.Profile(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "Mushrooms! https://loaf.io #fungi", p.Note)
			assert.Empty(t, p.Avatar, "no placeholder")
			_, err = c.Lookup(t.Context(), "nobody")
			require.ErrorIs(t, err, client.ErrNotFound)
			body, err := c.Get(t.Context(), "/api/v1/accounts/nobody")
			require.ErrorIs(t, err, client.ErrNotFound)
			assert.Contains(t, string(body), `"error"`)
		})
	}
}

// TestSilentServer reads from a server that says nothing about itself.
func TestSilentServer(t *testing.T) {
	missing := fakeserver.Failing(404, nil, "{}")
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Mastodon42), fakeserver.WithMiddleware(
		fakeserver.Only("", "/api/v1/instance", missing),
		fakeserver.Only("", "/api/v2/instance", missing),
		fakeserver.Only("", "/.well-known/nodeinfo", missing),
	))
	c := client.New(s.URL, s.Token)
	i, err := c.Instance(t.Context())
	require.NoError(t, err)
	assert.Equal(t, &client.Instance{Limits: unknown}, i)
	updated, err := c.Update(t.Context(), masto.Update{Note: masto.Some("New"), ShowMedia: masto.Some(false)})
	require.NoError(t, err)
	assert.Equal(t, []string{"show_media"}, updated.Ignored, "nobody knew before")
	_, err = c.DeleteAvatar(t.Context())
	require.NoError(t, err)
}

// TestPicture fetches a picture of one server for another one, without the
// token.
func TestPicture(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Empty(t, r.Header.Get("Authorization"))
		if r.URL.Path != "/a/me.png" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte(pngData))
	}))
	defer server.Close()
	c := client.New("https://social.example", "token")
	got, err := c.Picture(t.Context(), server.URL+"/a/me.png?x=1")
	require.NoError(t, err)
	assert.Equal(t, &masto.Upload{Filename: "me.png", ContentType: "image/png", Data: []byte(pngData)}, got)
	_, err = c.Picture(t.Context(), server.URL+"/b.png")
	require.ErrorIs(t, err, client.ErrNotFound)
	for _, address := range []string{"", "me.png", "http://social.example/a.png", "file:///etc/passwd"} {
		_, err = c.Picture(t.Context(), address)
		require.ErrorIs(t, err, client.ErrAddress, address)
	}
}
