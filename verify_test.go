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
)

func TestVerifiableURL(t *testing.T) {
	for value, reason := range map[string]string{
		"https://spore.io":           "",
		" https://spore.io/a%2Fb ":   "",
		"https://spore.io:8443/~x":   "",
		"https://spore.io/%EF%AC%81": "",
		"http://spore.io":            "https",
		"spore.io":                   "https",
		"https:":                     "address",
		"https://a:b/":               "address",
		"https://u@spore.io":         "user",
		"https:/spore.io":            "host",
		"https://Spore.io":           "host",
		"https://bücher.com":         "host",
		"https://spore.io.":          "host",
		"https://a%C3%A9.io":         "host",
		"https://spore.io/é":         "path",
		"https://spore.io/a/./b":     "path",
		"https://spore.io/%7Ex":      "path",
		"https://spore.io/e%CC%81":   "path",
		"https://spore.io/%2f":       "path",
	} {
		got, err := masto.Field{Value: value}.VerifiableURL()
		if reason == "" {
			require.NoError(t, err, value)
			require.Equal(t, strings.TrimSpace(value), got)
			continue
		}
		require.ErrorContains(t, err, reason, value)
		require.Empty(t, got)
	}
}

// FuzzVerifiableURL checks that a verifiable address is the value, and https for net/url too if that can read it.
func FuzzVerifiableURL(f *testing.F) {
	for _, v := range readVectors(f, vectorFile("verifiable")) {
		f.Add(decode[struct{ Value string }](v.In).Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := masto.Field{Value: value}.VerifiableURL()
		if err != nil {
			require.Empty(t, got)
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
	for _, v := range readVectors(f, vectorFile("verifiable")) {
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
	for _, c := range []struct {
		page, ask string
		found     bool
	}{
		{`<a rel=me href=https://SOCIAL.example/@Alice>`, "", true},
		{`<link rel="x me" href="https://social.example/@alice">`, "", true},
		{`<a rel=me href=https://a.io><a rel=me href=https://b.io>`, "https://a.io", false},
		{`<a rel=me><a rel=me href=https://b.io>`, "", false},
		{`<a rel=me href=" "><a rel=me href=https://b.io>`, "", false},
		{`<svg><a rel=me href=https://social.example/@alice>`, "", false},
		{`<template><a rel=me href=https://social.example/@alice>`, "", true},
		{`<a rel=ME href=https://social.example/@alice>`, "", false},
		{strings.Repeat(" ", 1<<20) + `<a rel=me href=https://social.example/@alice>`, "", false},
	} {
		found, ask, err := masto.LinksBack(strings.NewReader(c.page), profile)
		require.NoError(t, err)
		require.Equal(t, c.found, found, c.page)
		require.Equal(t, c.ask, ask, c.page)
	}
	failure := errors.New("no more")
	_, _, err := masto.LinksBack(iotest.ErrReader(failure), profile)
	require.ErrorIs(t, err, failure)
	_, _, err = masto.LinksBack(strings.NewReader(strings.Repeat("<b>", 500)), profile)
	require.Error(t, err)
}

func FuzzLinksBack(f *testing.F) {
	for _, v := range readVectors(f, vectorFile("link_back")) {
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
