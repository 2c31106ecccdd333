package masto_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestVerifiableURL(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		reason      string // a word of the error, "" for none
	}{
		{"an address", "https://spore.io", ""},
		{"spaces around and a slash that is encoded", " https://spore.io/a%2Fb ", ""},
		{"a port and a tilde", "https://spore.io:8443/~x", ""},
		{"a letter that is encoded", "https://spore.io/%EF%AC%81", ""},
		{"NUL in the path", "https://spore.io/%00", ""},
		{"no TLS", "http://spore.io", "https"},
		{"no scheme", "spore.io", "https"},
		{"nothing but a scheme", "https:", "address"},
		{"a port that is no number", "https://a:b/", "address"},
		{"a user", "https://u@spore.io", "user"},
		{"no host", "https:/spore.io", "host"},
		{"a capital letter in the host", "https://Spore.io", "host"},
		{"an international host", "https://bücher.com", "host"},
		{"a dot after the host", "https://spore.io.", "host"},
		{"an encoded letter in the host", "https://a%C3%A9.io", "host"},
		{"an encoded NUL in the host", "https://a%00b", "host"},
		{"NUL in the host", "https://a\x00b", "host"},
		{"a host of an encoded NUL", "https://%00", "host"},
		{"an encoded NUL at the end of the host", "https://spore.io%00/", "host"},
		{"a letter in the path", "https://spore.io/é", "path"},
		{"a dot segment", "https://spore.io/a/./b", "path"},
		{"a tilde that is encoded", "https://spore.io/%7Ex", "path"},
		{"a letter and its accent", "https://spore.io/e%CC%81", "path"},
		{"small hexadecimal digits", "https://spore.io/%2f", "path"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := masto.Field{Value: tt.value}.VerifiableURL()
			if tt.reason != "" {
				require.ErrorContains(t, err, tt.reason)
				require.Empty(t, got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, strings.TrimSpace(tt.value), got)
		})
	}
}

func TestUnverifiableError(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		reason      error
		suggestion  string
	}{
		{"no TLS", "http://spore.io/x?q#f", masto.ErrNotHTTPS, "https://spore.io/x?q#f"},
		{"no TLS, with its port", "http://spore.io:80/", masto.ErrNotHTTPS, "https://spore.io/"},
		{"a scheme in capitals", "HTTPS://spore.io", masto.ErrNotHTTPS, "https://spore.io"},
		{"no scheme", "spore.io/x", masto.ErrNotHTTPS, "https://spore.io/x"},
		{"no scheme, but a port", "spore.io:8443/x", masto.ErrNotHTTPS, "https://spore.io:8443/x"},
		{"nothing but slashes for a scheme", "//spore.io", masto.ErrNotHTTPS, "https://spore.io"},
		{"a slash too few", "https:/spore.io", masto.ErrNoHost, "https://spore.io"},
		{"a user", "https://u:p@spore.io/", masto.ErrHasUser, "https://spore.io/"},
		{"a capital letter in the host", "https://Spore.io/A", masto.ErrHostNotNormal, "https://spore.io/A"},
		{"an international host", "https://faß.de", masto.ErrHostNotNormal, "https://xn--fa-hia.de"},
		{"a dot after the host", "https://spore.io.", masto.ErrHostNotNormal, "https://spore.io"},
		{"an encoded letter in the host", "https://sp%6Fre.io/", masto.ErrHostNotNormal, "https://spore.io/"},
		{"a letter in the path", "https://spore.io/é", masto.ErrPathNotNormal, "https://spore.io/%C3%A9"},
		{"a letter and its accent", "https://spore.io/e%CC%81", masto.ErrPathNotNormal, "https://spore.io/%C3%A9"},
		{"dot segments", "https://spore.io/a/./../b/..", masto.ErrPathNotNormal, "https://spore.io/"},
		{"more of them than segments", "https://spore.io/../../b", masto.ErrPathNotNormal, "https://spore.io/b"},
		{"a dot segment at the end", "https://spore.io/a/.", masto.ErrPathNotNormal, "https://spore.io/a/"},
		{"a tilde that is encoded", "https://spore.io/%7Ex", masto.ErrPathNotNormal, "https://spore.io/~x"},
		{"small hexadecimal digits", "https://spore.io/%2f", masto.ErrPathNotNormal, "https://spore.io/%2F"},
		{"a space in the path", "https://spore.io/a b", masto.ErrPathNotNormal, "https://spore.io/a%20b"},
		{"several things", "http://u@Bücher.example/%7e", masto.ErrNotHTTPS, "https://xn--bcher-kva.example/~"},
		{"words", "see my site", masto.ErrNotHTTPS, ""},
		{"a word", "mushrooms", masto.ErrNotHTTPS, ""},
		{"mail", "mailto:a@spore.io", masto.ErrNotHTTPS, ""},
		{"an address and a word", "https://spore.io see", masto.ErrNotURL, ""},
		{"a port that is no number", "https://a:b/", masto.ErrNotURL, ""},
		{"what no host can be", "https://%00", masto.ErrHostNotNormal, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := masto.Field{Value: tt.value}.VerifiableURL()
			var u *masto.UnverifiableError
			require.ErrorAs(t, err, &u)
			require.ErrorIs(t, err, tt.reason)
			require.Equal(t, tt.value, u.URL)
			require.Equal(t, tt.suggestion, u.Suggestion)
			if tt.suggestion != "" {
				require.NoError(t, masto.CheckVerifiable(tt.suggestion))
				require.ErrorContains(t, err, tt.suggestion)
			}
		})
	}
	_, err := masto.VerifiableLink("no link")
	require.ErrorIs(t, err, masto.ErrNotLoneLink)
	require.Error(t, masto.CheckVerifiable("http://a.io/"+strings.Repeat("x", 1<<20)))
}

// FuzzVerifiableURL checks that a verifiable address is the value, and https
// for net/url too if that can read it.
func FuzzVerifiableURL(f *testing.F) {
	for _, v := range vectors.File(f, "verifiable") {
		f.Add(decode[struct{ Value string }](v.In).Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := masto.Field{Value: value}.VerifiableURL()
		if err != nil {
			require.Empty(t, got)
			var u *masto.UnverifiableError
			require.ErrorAs(t, err, &u)
			require.True(t, u.Suggestion == "" || masto.CheckVerifiable(u.Suggestion) == nil)
			return
		}
		require.True(t, strings.HasPrefix(got, "https://"))
		require.Contains(t, value, got)
		if u, err := url.Parse(got); err == nil {
			require.Equal(t, "https", u.Scheme)
			require.Nil(t, u.User)
			require.Equal(t, strings.ToLower(u.Host), u.Host)
		}
		link, err := masto.VerifiableLink(`<a href="` + escape(got) + `">` + escape(got) + `</a>`)
		if utf8.ValidString(got) && !strings.ContainsAny(got, "\r\x00") {
			require.NoError(t, err)
			require.Equal(t, got, link)
		}
	})
}

// escape writes text as HTML.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(s)
}

func FuzzVerifiableLink(f *testing.F) {
	for _, v := range vectors.File(f, "verifiable") {
		f.Add(decode[struct{ HTML string }](v.In).HTML)
	}
	f.Fuzz(func(t *testing.T, html string) {
		got, err := masto.VerifiableLink(html)
		if err != nil {
			require.Empty(t, got)
			return
		}
		again, err := masto.Field{Value: got}.VerifiableURL()
		if len(got) <= 255 && strings.Trim(got, "\x00\t\n\v\f\r ") == got {
			require.NoError(t, err)
			require.Equal(t, got, again)
		}
	})
}

func TestLinksBack(t *testing.T) {
	const profile = "https://social.example/@alice"
	const link = `href="https://social.example/@alice">`
	for _, tt := range []struct {
		name, page, ask string
		found           bool
	}{
		{"an a, in any case", `<a rel=me href=https://SOCIAL.example/@Alice>`, "", true},
		{"a link element", `<link rel="x me" ` + link, "", true},
		{"two others", `<a rel=me href=https://a.io><a rel=me href=https://b.io>`, "https://a.io", false},
		{"the first without an address", `<a rel=me><a rel=me href=https://b.io>`, "", false},
		{"the first with a blank address", `<a rel=me href=" "><a rel=me href=https://b.io>`, "", false},
		{"in svg", `<svg><a rel=me ` + link, "", false},
		{"in a template", `<template><a rel=me ` + link, "", true},
		{"in noscript in the head", `<head><noscript><link rel=me ` + link, "", true},
		{"rel in capital letters", `<a rel="NOFOLLOW ME" ` + link, "", true},
		{"rel divided by each white space", "<a rel='a\tb\nc\fd\rme' " + link, "", true},
		{"rel divided by a vertical tab", "<a rel='nofollow\vme' " + link, "", false},
		{"another word", `<a rel="me-x" ` + link, "", false},
		{"in a frameset", `<frameset><frame src=x><a rel=me ` + link + `</a></frameset>`, "", false},
		{"behind the end", `<html><body>x</body></html><a rel=me ` + link, "", true},
		{"behind 1 MiB", strings.Repeat(" ", 1<<20) + `<a rel=me ` + link, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found, ask, err := masto.LinksBack(strings.NewReader(tt.page), profile)
			require.NoError(t, err)
			require.Equal(t, tt.found, found)
			require.Equal(t, tt.ask, ask)
		})
	}
	failure := errors.New("no more")
	_, _, err := masto.LinksBack(iotest.ErrReader(failure), profile)
	require.ErrorIs(t, err, failure)
	_, _, err = masto.LinksBack(strings.NewReader(strings.Repeat("<b>", 500)), profile)
	require.Error(t, err)
}

func FuzzLinksBack(f *testing.F) {
	for _, v := range vectors.File(f, "link_back") {
		in := decode[struct {
			HTML string
			URL  string `json:"profile_url"`
		}](v.In)
		f.Add(in.HTML, in.URL)
	}
	f.Fuzz(func(t *testing.T, page, profile string) {
		found, ask, err := masto.LinksBack(strings.NewReader(page), profile)
		require.False(t, found && ask != "")
		require.False(t, err != nil && (found || ask != ""))
		require.Equal(t, strings.TrimSpace(ask) == "", ask == "")
	})
}
