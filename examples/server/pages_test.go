package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestProfilePage(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	a := s.patch(t, "/api/v1/profile", "multipart",
		text("display_name", `<script>alert("n")</script>`),
		text("note", "<script>alert(1)</script> @demo https://example.com"),
		text("avatar_description", `" onerror="alert(2)`),
		file("avatar", pngPixel, "image/png"),
		text("fields_attributes[0][name]", "<b>"),
		text("fields_attributes[0][value]", `javascript:alert(3) "'>`),
	)
	require.Equal(t, 200, a.status, a.body)
	for _, path := range []string{"/@demo", "/@DEMO", "/@demo@social.example"} {
		page := s.send(t, request{method: "GET", path: path})
		require.Equal(t, 200, page.status, path)
		assert.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
		policy := page.header.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'")
		assert.NotContains(t, policy, "unsafe")
		assert.NotContains(t, policy, "script-src")
		assert.NotContains(t, page.body, "<script")
		assert.NotContains(t, page.body, `onerror="`)
		assert.NotContains(t, page.body, "href=\"javascript:")
		assert.Contains(t, page.body,
			`<a href="https://social.example/@demo" class="u-url mention">@<span>demo</span></a>`)
		assert.Contains(t, page.body, `<a href="https://example.com"`)
		assert.Contains(t, page.body, "&lt;b&gt;")
	}
	for _, path := range []string{
		"/@nobody",
		"/nobody",
		"/tags",
		"/tags/",
		"/tags/x/y",
		"/@",
		"/@demo@other.example",
		"/@demo/x",
	} {
		page := s.send(t, request{method: "GET", path: path})
		assert.Equal(t, 404, page.status, path)
		assert.Contains(t, page.header.Get("Content-Security-Policy"), "default-src 'none'")
	}
	s.addAccount(t, "2", "gone", true)
	page := s.send(t, request{method: "GET", path: "/@gone"})
	assert.Equal(t, 200, page.status)
	assert.Contains(t, page.body, "suspended")
}

// What previews of links, search engines and other servers read in the head of
// the page.
func TestPageMetadata(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	a := s.patch(t, "/api/v1/profile", "multipart",
		text("display_name", `Ada "A" <Lovelace>`),
		text("note", "First\n\nsecond & third"),
		text("avatar_description", `A "portrait"`),
		file("avatar", pngPixel, "image/png"),
		text("fields_attributes[0][name]", "Site"),
		text("fields_attributes[0][value]", "https://ada.example/"),
		text("fields_attributes[1][name]", "Plain"),
		text("fields_attributes[1][value]", "http://ada.example/"),
	)
	require.Equal(t, 200, a.status, a.body)
	avatar, _ := s.profile(t)["avatar"].(string)
	page := s.send(t, request{method: "GET", path: "/@demo"}).body
	head, _, _ := strings.Cut(page, "</head>")
	for _, want := range []string{
		`<title>Ada &#34;A&#34; &lt;Lovelace&gt; (@demo@social.example)</title>`,
		`<meta name="description" content="First second &amp; third">`,
		`<meta property="og:description" content="First second &amp; third">`,
		`<meta property="og:type" content="profile">`,
		`<meta property="og:title" content="Ada &#34;A&#34; &lt;Lovelace&gt; (@demo@social.example)">`,
		`<meta property="og:url" content="https://social.example/@demo">`,
		`<meta property="og:image" content="` + avatar + `">`,
		`<meta property="og:image:alt" content="A &#34;portrait&#34;">`,
		`<meta property="profile:username" content="demo@social.example">`,
		`<link rel="canonical" href="https://social.example/@demo">`,
		`<link rel="alternate" type="application/activity+json" href="https://social.example/ap/users/1">`,
		`<link rel="me" href="https://ada.example/">`,
		`<link rel="icon" href="/favicon.svg" type="image/svg+xml">`,
	} {
		assert.Contains(t, head, want)
	}
	assert.Equal(t, 1, strings.Count(head, `rel="me"`), "what cannot be verified is not offered")
	icon := s.send(t, request{method: "GET", path: "/favicon.svg"})
	assert.Equal(t, "image/svg+xml", icon.header.Get("Content-Type"))
	assert.Contains(t, icon.header.Get("Content-Security-Policy"), "sandbox")
}

// The color of a role is shown if it is one.
func TestRoleColors(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	for color, shown := range map[string]bool{
		"#ff3bff":            true,
		"":                   false,
		"red":                false,
		"#fff;x:url(//evil)": false,
		"#ff3bff\n":          false,
	} {
		name := fmt.Sprintf("color%x", color)
		r := masto.NewRecord(name, name)
		r.Role = &masto.Role{ID: "1", Name: "<b>Role</b>", Color: color, Highlighted: true}
		s.add(t, r)
		page := s.send(t, request{method: "GET", path: "/@" + r.Username}).body
		assert.Contains(t, page, "<bdi>&lt;b&gt;Role&lt;/b&gt;</bdi>")
		assert.Equal(t, shown, strings.Contains(page, `fill="#ff3bff"`), color)
		assert.NotContains(t, page, "evil")
	}
}

// Where a hashtag links to there is a page.
func TestTagPage(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	a := s.patch(t, "/api/v1/profile", "form", text("note", "#fungi #Pilz_über"))
	require.Equal(t, 200, a.status, a.body)
	links := regexp.MustCompile(`href="`+site+`(/tags/[^"]+)"`).FindAllStringSubmatch(s.send(t, request{
		method: "GET",
		path:   "/@demo",
	}).body, -1)
	require.Len(t, links, 2)
	for i, name := range []string{"fungi", "Pilz_über"} {
		page := s.send(t, request{method: "GET", path: links[i][1]})
		require.Equal(t, 200, page.status, name)
		assert.Contains(t, page.body, `<h1 dir="auto">#`+name+"</h1>")
		assert.Contains(t, page.body, "This example keeps no posts")
	}
	page := s.send(t, request{method: "GET", path: "/tags/" + url.PathEscape(`"><script>alert(1)</script>`)})
	require.Equal(t, 200, page.status)
	assert.NotContains(t, page.body, "<script")
	assert.Contains(t, page.body, "&lt;script&gt;")
	assert.Equal(t, s.send(t, request{
		method: "GET",
		path:   "/@demo",
	}).header.Get("Content-Security-Policy"), page.header.Get("Content-Security-Policy"))
}

// The user decides whether search engines may list the page.
func TestNoindex(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	yes, no := true, false
	for name, noindex := range map[string]*bool{"true": &yes, "false": &no, "nil": nil} {
		s.add(t, &masto.Record{Username: name, Noindex: noindex, Profile: masto.Profile{ID: name}})
		page := s.send(t, request{method: "GET", path: "/@" + name})
		require.Equal(t, 200, page.status, name)
		assert.Equal(t, name == "true", strings.Contains(page.body, `<meta name="robots" content="noindex">`), name)
	}
}

// Whatever gets into the folder of pictures, a browser is never given anything
// but a picture, and never a list.
func TestUploadsAreServedSafely(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	stem := "aa" + strings.Repeat("0", 30)
	require.NoError(t, os.MkdirAll(filepath.Join(s.folder(t), "aa"), 0o700))
	for name, data := range map[string]string{
		"1.png":  "<html><script>alert(1)</script>",
		"2.png":  `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"3.html": "<html>",
		"4.png":  "",
		"5.gif":  "%PDF-1.7",
	} {
		file := stem[:31] + name
		require.NoError(t, os.WriteFile(filepath.Join(s.folder(t), "aa", file), []byte(data), 0o600))
		assert.Equal(t, 404, s.send(t, request{method: "GET", path: "/uploads/aa/" + file}).status, name)
	}
	require.NoError(t, os.WriteFile(filepath.Join(s.folder(t), "aa", stem[:31]+"6.html"), []byte(gifPixel), 0o600))
	a := s.send(t, request{method: "GET", path: "/uploads/aa/" + stem[:31] + "6.html"})
	assert.Equal(t, 200, a.status)
	assert.Equal(t, "image/gif", a.header.Get("Content-Type"), "its content says what it is")
	for _, path := range []string{
		"/uploads",
		"/uploads/",
		"/uploads/aa",
		"/uploads/aa/",
		"/uploads/tmp/",
		"/uploads/%2e%2e/data/masto.db",
		"/uploads/aa/%2e%2e%2f%2e%2e%2fdata%2fmasto.db",
	} {
		assert.Equal(t, 404, s.send(t, request{method: "GET", path: path}).status, path)
	}
	for _, kind := range []string{"avatars", "headers"} {
		a := s.send(t, request{method: "GET", path: "/" + kind + "/original/missing.png"})
		require.Equal(t, 200, a.status)
		assert.Equal(t, "image/png", a.header.Get("Content-Type"))
		assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		assert.Contains(t, a.header.Get("Content-Security-Policy"), "default-src 'none'")
	}
}

func TestPublicMethods(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	byID := s.send(t, request{method: "GET", path: "/api/v1/accounts/1"})
	require.Equal(t, 200, byID.status)
	assert.NotContains(t, byID.object(t), "source", "what anybody sees")
	for _, acct := range []string{"demo", "DEMO", "@demo", "demo@social.example", "demo@SOCIAL.example"} {
		a := s.send(t, request{method: "GET", path: "/api/v1/accounts/lookup?acct=" + acct})
		require.Equal(t, 200, a.status, acct)
		assert.Equal(t, byID.body, a.body)
		assert.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
	}
	for _, path := range []string{
		"/api/v1/accounts/2",
		"/api/v1/accounts/lookup",
		"/api/v1/accounts/lookup?acct=demo@other.example",
		"/api/v1/unknown",
		"/api",
	} {
		a := s.send(t, request{method: "GET", path: path})
		assert.Equal(t, 404, a.status, path)
		if path != "/api" {
			assert.Equal(t, `{"error":"Record not found"}`, a.body)
		}
	}
	for _, path := range []string{
		"/api/v1/accounts/1",
		"/api/v1/accounts/lookup?acct=demo",
		"/api/v1/instance",
		"/api/v2/instance",
	} {
		a := s.send(t, request{method: "POST", path: path})
		assert.Equal(t, http.StatusMethodNotAllowed, a.status, path)
		assert.Equal(t, "GET, HEAD, OPTIONS", a.header.Get("Allow"))
		assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		assert.NotEmpty(t, a.object(t)["error"])
		a = s.send(t, request{method: "OPTIONS", path: path})
		assert.Equal(t, http.StatusNoContent, a.status, path)
		assert.Equal(t, "GET, HEAD, OPTIONS", a.header.Get("Allow"))
	}
}
