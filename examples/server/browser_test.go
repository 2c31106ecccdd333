package main

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// browser returns the path of a Chromium: that of the environment variable
// CHROMIUM, or the one on the PATH.
func browser(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath(cmp.Or(os.Getenv("CHROMIUM"), "chromium"))
	if err != nil {
		lacks(t, "no browser to look at the page with: %v", err)
	}
	return path
}

// TestPageInBrowser lets a real browser load the profile page of a user who
// tried everything, and looks at what it made of it.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	chromium := browser(t)
	s := startSession(t, t.TempDir(), "")
	a := s.patch(t, "/api/v1/profile", "multipart",
		text("display_name", `<img src=x onerror=alert(1)>`),
		text("note", "Hello @demo <img src=x onerror=document.title='owned'>\n\nhttps://example.com/\"onclick=\"x"),
		text("avatar_description", `" onerror="document.title='owned'`),
		file("avatar", pngPixel, "image/png"),
		text("fields_attributes[0][name]", "Site"),
		text("fields_attributes[0][value]", "https://spore.io"),
	)
	require.Equal(t, 200, a.status, a.body)

	page := openPage(t, chromium, s.base+"/@demo")
	assert.Contains(t, page, "<title>demo</title>", "no script ran")
	assert.Contains(t, page, `<p>Hello <span class="h-card" translate="no">`+
		`<a href="https://social.example/@demo" class="u-url mention">@<span>demo</span></a></span>`)
	assert.Contains(t, page, `<a href="https://spore.io" target="_blank" rel="nofollow noopener me" translate="no">`)
	assert.Contains(t, page, "&lt;img src=x onerror=document.title='owned'&gt;")
	assert.NotContains(t, page, "<script")
}

// openPage opens a page in the browser, with more arguments, and returns what
// it made of the HTML.
func openPage(t *testing.T, chromium, address string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	args = append(args,
		"--headless",
		"--no-sandbox",
		"--disable-gpu",
		"--disable-quic",
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-dev-shm-usage",
		"--user-data-dir="+t.TempDir(),
		"--virtual-time-budget=2000",
		"--dump-dom",
		address,
	)
	dom, err := exec.CommandContext(ctx, chromium, args...).Output()
	require.NoError(t, err)
	return string(dom)
}
