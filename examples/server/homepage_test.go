package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/linkcheck"
)

// On the first start the demo account's link to the server's own page gets
// verified, by a real check over TLS, and no other page of this machine does.
func TestDemoIsVerified(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var checker linkcheck.Checker
	s := startConfig(t, config{
		database: filepath.Join(dir, "masto.db"),
		media:    filepath.Join(dir, "media"),
		showcase: true,
		check: func(ctx context.Context, url, profileURL string) (linkcheck.Report, error) {
			if strings.HasPrefix(url, "https://localhost:") {
				return checker.Check(ctx, url, profileURL)
			}
			return linkcheck.Report{}, errors.New("not a test for the internet")
		},
	}, "")
	verified := func() bool {
		return strings.Contains(s.send(t, request{method: "GET", path: "/@demo"}).body, "Verified on")
	}
	require.Eventually(t, verified, time.Minute, 20*time.Millisecond)
	page := s.send(t, request{method: "GET", path: homepagePath})
	assert.Contains(t, page.body, `<a rel="me" href="http://localhost:`)

	another := strings.Replace(s.base, "http://127.0.0.1", "https://localhost", 1) + "/@demo"
	a := s.patch(t, "/api/v1/profile", "form",
		text("fields_attributes[0][name]", "Another page"), text("fields_attributes[0][value]", another))
	require.Equal(t, 200, a.status, a.body)
	refused := func() bool {
		states := s.links(t)
		return len(states) == 1 && len(states[0].Findings) > 0
	}
	require.Eventually(t, refused, time.Minute, 20*time.Millisecond)
	assert.Zero(t, s.links(t)[0].VerifiedAt)
}

// The port speaks HTTP with and without TLS, and what is neither does no harm.
func TestEitherListener(t *testing.T) {
	t.Parallel()
	s := startShowcase(t)
	anyone := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the certificate is the server's own
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: anyone}}
	for _, scheme := range []string{"http", "https"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			strings.Replace(s.base, "http", scheme, 1)+homepagePath, nil)
		require.NoError(t, err)
		resp, err := client.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Contains(t, string(body), "A homepage", scheme)
	}
	client.CloseIdleConnections()
}

func TestNewHomepage(t *testing.T) {
	for _, tt := range []struct {
		base string
		url  string // "" for none
	}{
		{base: "http://localhost:8080", url: "https://localhost:8080/demo/homepage"},
		{base: "http://localhost"},
		{base: "http://192.0.2.1:8080"},
		{base: "https://social.example"},
		{base: "https://localhost:8080"},
		{base: ":"},
	} {
		t.Run(tt.base, func(t *testing.T) {
			h, err := newHomepage(tt.base, time.Now())
			require.NoError(t, err)
			if tt.url == "" {
				assert.Nil(t, h)
				return
			}
			require.NotNil(t, h)
			assert.Equal(t, tt.url, h.url)
		})
	}
}
