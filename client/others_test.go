package client_test

import (
	"errors"
	"mime"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

// otherServer starts a server of a kind that fakeserver does not have. It takes
// updates of one media type.
func otherServer(t *testing.T, version, mediaType string) (*client.Client, *masto.Record) {
	t.Helper()
	r := masto.NewRecord("7", "bob")
	site := &masto.Site{Domain: "social.example"}
	show := func(w http.ResponseWriter) {
		account := site.CredentialAccount(r, masto.View{})
		_, _ = w.Write(account.AppendJSON(nil))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/instance", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"version":"` + version + `"}`))
	})
	mux.HandleFunc("GET /api/v1/accounts/verify_credentials", func(w http.ResponseWriter, _ *http.Request) { show(w) })
	mux.HandleFunc("PATCH /api/v1/accounts/update_credentials", func(w http.ResponseWriter, req *http.Request) {
		contentType := req.Header.Get("Content-Type")
		if got, _, _ := mime.ParseMediaType(contentType); got != mediaType {
			w.WriteHeader(http.StatusUnsupportedMediaType)
			return
		}
		u, err := masto.DecodeUpdate(contentType, "", req.Body, masto.Limits{})
		if !assert.NoError(t, err) {
			return
		}
		r.Apply(u, masto.Pictures{Avatar: masto.Picture{URL: "https://social.example/a.png"}})
		show(w)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return client.New(server.URL, "token"), r
}

// TestOtherKinds sends what the kinds take that fakeserver does not have, and
// nothing of what they do not take.
func TestOtherKinds(t *testing.T) {
	for _, c := range []struct {
		name, version, mediaType string
		takes, not               masto.Update
		names                    []string // of not
	}{
		{
			name:      "Kitsune",
			version:   "4.2.0 (compatible; Kitsune 0.0.1)",
			mediaType: "multipart/form-data",
			takes: masto.Update{
				DisplayName: masto.Some("New"),
				Note:        masto.Some(""),
				Locked:      masto.Some(true),
				Avatar:      masto.Some(upload("me")),
			},
			not:   masto.Update{Header: masto.Some[*masto.Upload](nil), Fields: masto.Some([]masto.Field{})},
			names: []string{"header", "fields_attributes"},
		},
		{
			name:      "Mitra",
			version:   "4.0.0 (compatible; Mitra 1.0.0)",
			mediaType: "application/json",
			takes:     masto.Update{DisplayName: masto.Some("New"), Note: masto.Some("")},
			not:       masto.Update{Avatar: masto.Some(upload("me")), Bot: masto.Some(true)},
			names:     []string{"avatar", "bot"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			caller, r := otherServer(t, c.version, c.mediaType)
			r.Profile.Note = "Old"
			updated, err := caller.Update(t.Context(), c.takes)
			require.NoError(t, err)
			assert.Empty(t, updated.Ignored)
			assert.Equal(t, "New", r.Profile.DisplayName)
			assert.Empty(t, r.Profile.Note)
			_, err = caller.Update(t.Context(), c.not)
			e, ok := errors.AsType[*client.UnsupportedError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, c.names, e.Attributes)
		})
	}
}

// stub answers requests without a network. It reads their bodies by small
// pieces.
type stub struct{ answers map[string]string }

func (s stub) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		piece := make([]byte, 16<<10)
		for {
			if _, err := r.Body.Read(piece); err != nil {
				break
			}
		}
	}
	w := httptest.NewRecorder()
	_, _ = w.WriteString(s.answers[r.URL.Path])
	return w.Result(), nil
}

// TestUploadIsNotCopied checks that an upload is sent from where it is.
func TestUploadIsNotCopied(t *testing.T) {
	c := client.New("social.example", "token")
	c.HTTP = &http.Client{Transport: stub{map[string]string{
		"/api/v2/instance": `{"version":"4.6.4","api_versions":{"mastodon":11}}`,
		"/api/v1/profile":  `{"id":"1","avatar":"https://social.example/a.png"}`,
	}}}
	const size = 32 << 20
	u := masto.Update{Avatar: masto.Some(&masto.Upload{Data: make([]byte, size)})}
	_, err := c.Update(t.Context(), u)
	require.NoError(t, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = c.Update(t.Context(), u)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(size/16))
}
