package masto_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
	"github.com/seed-374a2035/masto/memstore"
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

func TestSetVerified(t *testing.T) {
	old, now := utc(2024, 1, 2, 3, 4, 5, 0), utc(2026, 1, 2, 3, 4, 5, 0)
	const link = `<a href="https://spore.io">https://spore.io</a>`
	for _, c := range []struct {
		name   string
		fields []masto.Field
		at     time.Time
		want   []time.Time
		c      masto.Changes
	}{
		{
			name: "no fields",
			at:   now,
		},
		{
			name:   "a link is marked",
			fields: []masto.Field{{Value: "https://spore.io"}},
			at:     now,
			want:   []time.Time{now},
			c:      masto.ChangedFields,
		},
		{
			name:   "white space at its ends is not part of a link",
			fields: []masto.Field{{Value: " https://spore.io\n"}},
			at:     now,
			want:   []time.Time{now},
			c:      masto.ChangedFields,
		},
		{
			name:   "the link of a remote account",
			fields: []masto.Field{{Value: link}},
			at:     now,
			want:   []time.Time{now},
			c:      masto.ChangedFields,
		},
		{
			name:   "other values are left alone",
			fields: []masto.Field{{Value: "https://spore.io/"}, {Value: "see https://spore.io"}, {Value: "https://spore.io"}},
			at:     now,
			want:   []time.Time{{}, {}, now},
			c:      masto.ChangedFields,
		},
		{
			name:   "every field with the link",
			fields: []masto.Field{{Value: "https://spore.io"}, {Value: "https://spore.io", VerifiedAt: old}},
			at:     now,
			want:   []time.Time{now, now},
			c:      masto.ChangedFields,
		},
		{
			name:   "the same mark",
			fields: []masto.Field{{Value: "https://spore.io", VerifiedAt: old}},
			at:     old.In(time.FixedZone("", 3600)),
			want:   []time.Time{old},
		},
		{
			name:   "a mark is taken away",
			fields: []masto.Field{{Value: "https://spore.io", VerifiedAt: old}},
			want:   []time.Time{{}},
			c:      masto.ChangedFields,
		},
		{
			name:   "there was no mark to take away",
			fields: []masto.Field{{Value: "https://spore.io"}},
			want:   []time.Time{{}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := masto.NewRecord("1", "alice")
			r.Profile.Fields = c.fields
			require.Equal(t, c.c, r.SetVerified("https://spore.io", c.at))
			var got []time.Time
			for _, f := range r.Profile.Fields {
				got = append(got, f.VerifiedAt)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestVerifyLinks(t *testing.T) {
	old, now := utc(2024, 1, 2, 3, 4, 5, 0), utc(2026, 1, 2, 3, 4, 5, 0)
	errDown := errors.New("the site is down")
	type answer struct {
		linked bool
		err    error
	}
	field := func(value string, at time.Time) masto.Field {
		return masto.Field{Name: "Site", Value: value, VerifiedAt: at}
	}
	for _, c := range []struct {
		name      string
		domain    string // of the account
		fields    []masto.Field
		answers   map[string]answer // by link; others must not be asked for
		meanwhile func(r *masto.Record)
		want      []masto.Field
		changes   masto.Changes
	}{
		{
			name:   "nothing to verify",
			fields: []masto.Field{field("she/her", time.Time{}), field("http://spore.io", time.Time{})},
			want:   []masto.Field{field("she/her", time.Time{}), field("http://spore.io", time.Time{})},
		},
		{
			name:    "a page links back",
			fields:  []masto.Field{field("https://spore.io", time.Time{})},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			want:    []masto.Field{field("https://spore.io", now)},
			changes: masto.ChangedFields,
		},
		{
			name:    "a page does not",
			fields:  []masto.Field{field("https://spore.io", time.Time{})},
			answers: map[string]answer{"https://spore.io": {}},
			want:    []masto.Field{field("https://spore.io", time.Time{})},
		},
		{
			name:    "a page links back as before: the mark keeps its time",
			fields:  []masto.Field{field("https://spore.io", old)},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			want:    []masto.Field{field("https://spore.io", old)},
		},
		{
			name:    "a page links back no more",
			fields:  []masto.Field{field("https://spore.io", old)},
			answers: map[string]answer{"https://spore.io": {}},
			want:    []masto.Field{field("https://spore.io", time.Time{})},
			changes: masto.ChangedFields,
		},
		{
			name:   "an error leaves marks as they are",
			fields: []masto.Field{field("https://spore.io", old), field("https://fungi.example", time.Time{})},
			answers: map[string]answer{
				"https://spore.io":      {err: errDown},
				"https://fungi.example": {linked: true, err: errDown},
			},
			want: []masto.Field{field("https://spore.io", old), field("https://fungi.example", time.Time{})},
		},
		{
			name:    "one of two links",
			fields:  []masto.Field{field("https://spore.io", time.Time{}), field("https://fungi.example", time.Time{})},
			answers: map[string]answer{"https://spore.io": {err: errDown}, "https://fungi.example": {linked: true}},
			want:    []masto.Field{field("https://spore.io", time.Time{}), field("https://fungi.example", now)},
			changes: masto.ChangedFields,
		},
		{
			name:    "a link in two fields is asked for once",
			fields:  []masto.Field{field("https://spore.io", time.Time{}), field("https://spore.io", time.Time{})},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			want:    []masto.Field{field("https://spore.io", now), field("https://spore.io", now)},
			changes: masto.ChangedFields,
		},
		{
			name:    "the link was replaced meanwhile",
			fields:  []masto.Field{field("https://spore.io", time.Time{})},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			meanwhile: func(r *masto.Record) {
				r.Profile.Note = "New"
				r.Profile.Fields = []masto.Field{field("https://fungi.example", time.Time{})}
			},
			want: []masto.Field{field("https://fungi.example", time.Time{})},
		},
		{
			name:    "the link moved to another row meanwhile",
			fields:  []masto.Field{field("https://spore.io", time.Time{})},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			meanwhile: func(r *masto.Record) {
				r.Profile.Note = "New"
				r.Profile.Fields = []masto.Field{field("she/her", time.Time{}), field("https://spore.io", time.Time{})}
			},
			want:    []masto.Field{field("she/her", time.Time{}), field("https://spore.io", now)},
			changes: masto.ChangedFields,
		},
		{
			name:   "a remote account has links, and no raw text",
			domain: "remote.example",
			fields: []masto.Field{
				field(`<a href="https://spore.io">https://spore.io</a>`, time.Time{}),
				field("https://fungi.example", time.Time{}),
			},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			want: []masto.Field{
				field(`<a href="https://spore.io">https://spore.io</a>`, now),
				field("https://fungi.example", time.Time{}),
			},
			changes: masto.ChangedFields,
		},
		{
			name:   "raw text of a remote account is not marked with a link to the same page",
			domain: "remote.example",
			fields: []masto.Field{
				field("https://spore.io", time.Time{}),
				field(`<a href="https://spore.io">https://spore.io</a>`, time.Time{}),
			},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			want: []masto.Field{
				field("https://spore.io", time.Time{}),
				field(`<a href="https://spore.io">https://spore.io</a>`, now),
			},
			changes: masto.ChangedFields,
		},
		{
			name: "HTML of a local account is not marked with the same address",
			fields: []masto.Field{
				field("https://spore.io", time.Time{}),
				field(`<a href="https://spore.io">https://spore.io</a>`, time.Time{}),
			},
			answers: map[string]answer{"https://spore.io": {linked: true}},
			want: []masto.Field{
				field("https://spore.io", now),
				field(`<a href="https://spore.io">https://spore.io</a>`, time.Time{}),
			},
			changes: masto.ChangedFields,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := masto.NewRecord("1", "alice")
			r.Domain, r.URL = c.domain, "https://social.example/@alice"
			r.Profile.Fields = c.fields
			store := memstore.New(r)
			var told masto.Changes
			service := &masto.Service{
				Site:     testSite,
				Store:    store,
				OnUpdate: func(_ context.Context, _, _ *masto.Record, c masto.Changes) { told |= c },
			}
			var mu sync.Mutex
			asked := map[string]bool{}
			check := func(ctx context.Context, url, profileURL string) (bool, error) {
				mu.Lock()
				defer mu.Unlock()
				if c.meanwhile != nil { // The record is not locked.
					_, err := store.Update(ctx, "1", func(r *masto.Record) (masto.Changes, error) {
						c.meanwhile(r)
						return masto.ChangedNote | masto.ChangedFields, nil
					})
					assert.NoError(t, err)
				}
				assert.Equal(t, "https://social.example/@alice", profileURL)
				assert.False(t, asked[url], "%s is asked for twice", url)
				asked[url] = true
				assert.Contains(t, c.answers, url)
				return c.answers[url].linked, c.answers[url].err
			}
			got, err := service.VerifyLinks(t.Context(), "1", now, check)
			require.NoError(t, err)
			require.Len(t, asked, len(c.answers))
			require.Empty(t, cmp.Diff(c.want, got.Profile.Fields))
			require.Equal(t, c.changes, told)
			stored, err := store.Get(t.Context(), "1")
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(stored, got))
			if c.meanwhile != nil {
				require.Equal(t, "New", got.Profile.Note)
			}
		})
	}
}

func TestVerifyLinksFails(t *testing.T) {
	r := masto.NewRecord("1", "alice")
	r.Profile.Fields = []masto.Field{{Value: "https://spore.io"}}
	linked := func(context.Context, string, string) (bool, error) { return true, nil }
	now := utc(2026, 1, 2, 3, 4, 5, 0)

	t.Run("no account", func(t *testing.T) {
		service := &masto.Service{Site: testSite, Store: memstore.New(r)}
		_, err := service.VerifyLinks(t.Context(), "2", now, linked)
		require.ErrorIs(t, err, masto.ErrNotFound)
	})
	t.Run("the account is removed meanwhile", func(t *testing.T) {
		w := newFaulty(r)
		_, err := w.service().VerifyLinks(t.Context(), "1", now, func(context.Context, string, string) (bool, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			delete(w.records, "1")
			return true, nil
		})
		require.ErrorIs(t, err, masto.ErrNotFound)
	})
	t.Run("canceled", func(t *testing.T) {
		w := newFaulty(r)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := w.service().VerifyLinks(ctx, "1", now, func(context.Context, string, string) (bool, error) {
			cancel()
			return true, nil
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, cmp.Diff(r, w.read("1")))
	})
}

// countingStore counts updates.
type countingStore struct {
	masto.Store

	updates int
}

func (s *countingStore) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	s.updates++
	return s.Store.Update(ctx, id, change)
}

// Links are checked at the same time, and their marks are written at once. A
// link that is left to be verified is none of what OnUpdate is told.
func TestVerifyLinksAtOnce(t *testing.T) {
	const links = 4
	r := masto.NewRecord("1", "alice")
	for i := range links {
		r.Profile.Fields = append(r.Profile.Fields, masto.Field{Value: fmt.Sprintf("https://spore.io/%d", i)})
	}
	store := &countingStore{Store: memstore.New(r)}
	var told []masto.Changes
	service := &masto.Service{
		Site:     testSite,
		Store:    store,
		OnUpdate: func(_ context.Context, _, _ *masto.Record, c masto.Changes) { told = append(told, c) },
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var waiting atomic.Int32
	all := make(chan struct{})
	check := func(ctx context.Context, url, _ string) (bool, error) {
		if waiting.Add(1) == links {
			close(all)
		}
		select {
		case <-all:
			return url != "https://spore.io/0", nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	_, err := service.VerifyLinks(ctx, "1", utc(2026, 1, 2, 3, 4, 5, 0), check)
	require.NoError(t, err)
	require.Equal(t, 1, store.updates)
	require.Equal(t, []masto.Changes{masto.ChangedFields}, told)
}

// However many links there are, a few pages are asked for at once, and the time
// is linear.
func TestVerifyLinksIsBounded(t *testing.T) {
	r := masto.NewRecord("1", "alice")
	for i := range 5000 {
		r.Profile.Fields = append(r.Profile.Fields, masto.Field{Value: fmt.Sprintf("https://spore.io/%d", i)})
	}
	service := &masto.Service{Site: testSite, Store: memstore.New(r)}
	var running, most atomic.Int32
	got, err := service.VerifyLinks(t.Context(), "1", utc(2026, 1, 2, 3, 4, 5, 0),
		func(context.Context, string, string) (bool, error) {
			n := running.Add(1)
			defer running.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
				runtime.Gosched()
			}
			return true, nil
		})
	require.NoError(t, err)
	require.LessOrEqual(t, most.Load(), int32(4))
	for _, f := range got.Profile.Fields {
		require.False(t, f.VerifiedAt.IsZero())
	}
}
