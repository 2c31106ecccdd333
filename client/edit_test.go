package client_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestEdit edits a profile on each kind of server. The rows that do not change
// stay verified, and nothing is sent of what does not change.
func TestEdit(t *testing.T) {
	for _, kind := range fakeserver.Kinds() {
		t.Run(kind.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(kind), fakeserver.Strict())
			c := client.New(s.URL, s.Token)
			updated, err := c.Edit(t.Context(), func(d *client.Draft) error {
				d.Note += " And moss."
				d.NewAvatar = upload("me")
				return nil
			})
			require.NoError(t, err)
			assert.Empty(t, updated.Ignored)
			want := "Mushrooms! https://loaf.io #fungi And moss."
			assert.Equal(t, want, updated.Profile.Note)
			p := s.Record().Profile
			assert.Equal(t, want, p.Note)
			assert.NotEmpty(t, p.Avatar)
			assert.False(t, p.Fields[0].VerifiedAt.IsZero())
			_, sentFields := s.LastUpdate().Param("fields_attributes[0][name]")
			assert.False(t, sentFields)

			before := len(s.Requests())
			updated, err = c.Edit(t.Context(), func(*client.Draft) error { return nil })
			require.NoError(t, err)
			assert.Equal(t, want, updated.Profile.Note)
			for _, r := range s.Requests()[before:] {
				assert.Equal(t, "GET", r.Method, "nothing changed")
			}
		})
	}
}

// TestEditStops checks that nothing is sent if the callback returns an error.
func TestEditStops(t *testing.T) {
	s := fakeserver.New(t)
	stop := errors.New("stop")
	_, err := client.New(s.URL, s.Token).Edit(t.Context(), func(d *client.Draft) error {
		d.Note = "New"
		return stop
	})
	require.ErrorIs(t, err, stop)
	assert.NotEqual(t, "New", s.Record().Profile.Note)
}

// TestEditConflict changes the profile elsewhere while it is edited.
func TestEditConflict(t *testing.T) {
	for _, c := range []struct {
		name      string
		elsewhere func(p *masto.Profile)
		edit      func(d *client.Draft)
		conflict  []string
	}{
		{
			name:      "another attribute",
			elsewhere: func(p *masto.Profile) { p.Bot = true },
			edit:      func(d *client.Draft) { d.Note = "Mine" },
		},
		{
			name:      "the same attribute",
			elsewhere: func(p *masto.Profile) { p.Note = "Theirs" },
			edit:      func(d *client.Draft) { d.Note = "Mine" },
			conflict:  []string{"note"},
		},
		{
			name:      "to the same value",
			elsewhere: func(p *masto.Profile) { p.Note = "Ours" },
			edit:      func(d *client.Draft) { d.Note = "Ours" },
		},
		{
			name:      "another row, in place",
			elsewhere: func(p *masto.Profile) { p.Fields[1].Value = "they" },
			edit:      func(d *client.Draft) { d.Fields[0].Value = "https://moss.example" },
			conflict:  []string{"fields_attributes"},
		},
		{
			name:      "a picture",
			elsewhere: func(p *masto.Profile) { p.Avatar = "https://social.example/a.png" },
			edit:      func(d *client.Draft) { d.NewAvatar = upload("me") },
			conflict:  []string{"avatar"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := fakeserver.New(t)
			_, err := client.New(s.URL, s.Token).Edit(t.Context(), func(d *client.Draft) error {
				c.edit(d)
				r := s.Record()
				c.elsewhere(&r.Profile)
				s.SetRecord(r)
				return nil
			})
			if c.conflict == nil {
				require.NoError(t, err)
				return
			}
			e, ok := errors.AsType[*client.ConflictError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, c.conflict, e.Attributes)
			for _, r := range s.Requests() {
				assert.Equal(t, "GET", r.Method)
			}
		})
	}
}

// TestEditWithoutSource edits an account whose server shows HTML alone: what it
// links to stays.
func TestEditWithoutSource(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.GoToSocial), fakeserver.WithMiddleware(
		fakeserver.Only("GET", "/api/v1/accounts/verify_credentials", fakeserver.Failing(200, nil, `{
			"id": "1",
			"username": "alice",
			"note": "<p>Ask <a class=\"mention\" href=\"https://far.example/@bob\">@bob</a></p>",
			"fields": [
				{"name": "Site", "value": "<a href=\"https://loaf.io/a?b=c\">loaf.io</a>"},
				{"name": "Mood", "value": "damp"}
			]
		}`)),
	), fakeserver.Strict())
	_, err := client.New(s.URL, s.Token).Edit(t.Context(), func(d *client.Draft) error {
		d.Fields[1].Value = "dry"
		d.Note += "!"
		return nil
	})
	require.NoError(t, err)
	p := s.Record().Profile
	assert.Equal(t, "Ask @bob@far.example!", p.Note)
	assert.Equal(t, "Site=https://loaf.io/a?b=c Mood=dry", rows(p.Fields))
}

// TestPartialError lets the second request of an update fail.
func TestPartialError(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.GoToSocial), fakeserver.WithMiddleware(
		fakeserver.Only("DELETE", "", fakeserver.Failing(500, nil, `{"error":"no"}`)),
	))
	_, err := client.New(s.URL, s.Token).Update(t.Context(), masto.Update{
		Note:   masto.Some("New"),
		Avatar: masto.Some[*masto.Upload](nil),
	})
	e, ok := errors.AsType[*client.PartialError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, []string{"note"}, e.Done)
	assert.Equal(t, []string{"avatar"}, e.Left)
	require.ErrorIs(t, err, client.ErrUnavailable)
	require.EqualError(t, err,
		"note: changed; avatar: DELETE /api/v1/profile/avatar: masto: the server answered 500: no")
	assert.Equal(t, "New", s.Record().Profile.Note)
}

// TestUpdateAllAtOnce sets everything that a server takes by one call, removes
// a picture and uploads the other.
func TestUpdateAllAtOnce(t *testing.T) {
	for _, c := range []struct {
		kind     fakeserver.Software
		requests []string
	}{
		{fakeserver.Mastodon, []string{
			"PATCH /api/v1/profile", "PATCH /api/v1/accounts/update_credentials", "DELETE /api/v1/profile/header",
		}},
		{fakeserver.Mastodon42, []string{"PATCH /api/v1/accounts/update_credentials", "DELETE /api/v1/profile/header"}},
		{fakeserver.Pleroma, []string{
			"PATCH /api/v1/accounts/update_credentials", "PATCH /api/v1/accounts/update_credentials",
			"PATCH /api/v1/accounts/update_credentials",
		}},
		{fakeserver.GoToSocial, []string{"PATCH /api/v1/accounts/update_credentials", "DELETE /api/v1/profile/header"}},
		{fakeserver.Pixelfed, []string{"POST /api/v1/accounts/update_credentials"}},
	} {
		t.Run(c.kind.String(), func(t *testing.T) {
			r := masto.NewRecord("7", "bob")
			r.Profile.Header = "https://social.example/h.png"
			s := fakeserver.New(t, fakeserver.WithSoftware(c.kind), fakeserver.WithRecord(r), fakeserver.Strict(),
				fakeserver.WithLimits(masto.Limits{Fields: 20, FieldName: 100, FieldValue: 100}))
			caller := client.New(s.URL, s.Token)
			i, err := caller.Instance(t.Context())
			require.NoError(t, err)
			u := manyThings(i)
			updated, err := caller.Update(t.Context(), u)
			require.NoError(t, err)
			assert.Empty(t, updated.Ignored)
			var sent []string
			for _, r := range s.Requests() {
				if r.Method != "GET" {
					sent = append(sent, r.Method+" "+r.Path)
				}
			}
			assert.Equal(t, c.requests, sent)
			p := s.Record().Profile
			assert.Equal(t, "Hello", p.Note)
			assert.NotEmpty(t, p.Avatar)
			if u.Header.Set {
				assert.Empty(t, p.Header)
			}
			if u.Fields.Set {
				assert.Equal(t, rows(u.Fields.Value), rows(p.Fields), "in their order")
			}
		})
	}
}

// manyThings returns an update of all kinds of values that a server takes.
func manyThings(i *client.Instance) masto.Update {
	u := masto.Update{
		Note:   masto.Some("Hello"),
		Avatar: masto.Some(upload("me")),
		Header: masto.Some[*masto.Upload](nil),
	}
	var eleven []masto.Field
	for n := range 11 {
		eleven = append(eleven, masto.Field{Name: string(rune('a' + n)), Value: "x"})
	}
	u.Fields = masto.Some(eleven)
	u.Posting.Privacy = masto.Some(masto.PrivacyUnlisted)
	u.Posting.Language = masto.Some[*string](nil)
	u.ShowMedia = masto.Some(false)
	for _, name := range i.Unsupported(u) {
		switch name {
		case "header":
			u.Header.Set = false
		case "fields_attributes":
			u.Fields.Set = false
		case "source[privacy]":
			u.Posting.Privacy.Set = false
		case "source[language]":
			u.Posting.Language.Set = false
		case "show_media":
			u.ShowMedia.Set = false
		}
	}
	return u
}

// TestProgress checks that the progress covers all bodies of an update, and
// goes up to the end.
func TestProgress(t *testing.T) {
	s := fakeserver.New(t)
	type point struct{ sent, total int64 }
	var points []point
	_, err := client.New(s.URL, s.Token).Update(t.Context(), masto.Update{
		ShowMedia: masto.Some(false),
		Posting:   masto.PostingUpdate{Sensitive: masto.Some(true)},
		Avatar:    masto.Some(&masto.Upload{Data: []byte(pngData + strings.Repeat("x", 1<<20))}),
	}, client.Progress(func(sent, total int64) { points = append(points, point{sent, total}) }))
	require.NoError(t, err)
	require.Greater(t, len(points), 5)
	last := points[len(points)-1]
	assert.Equal(t, last.total, last.sent)
	length := 0
	for _, r := range s.Requests() {
		length += len(r.Body)
	}
	assert.Equal(t, int64(length), last.total)
	for i := 1; i < len(points); i++ {
		assert.Greater(t, points[i].sent, points[i-1].sent)
	}
}

// TestResend checks that an upload can be sent again from its start.
func TestResend(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithMiddleware(
		fakeserver.Only("PATCH", "", fakeserver.Times(1, fakeserver.RateLimited(time.Second)))))
	c := client.New(s.URL, s.Token)
	c.MaxWait = time.Minute
	_, err := c.Update(t.Context(), masto.Update{Avatar: masto.Some(upload("me"))})
	require.NoError(t, err)
	_, data, ok := s.Picture(s.Record().Profile.Avatar)
	require.True(t, ok)
	assert.Equal(t, pngData+"me", string(data))
}

// TestPromisedMethods reads and edits on a server that says it has the profile
// methods, and has not.
func TestPromisedMethods(t *testing.T) {
	missing := fakeserver.Failing(404, nil, `{"error":"not found"}`)
	s := fakeserver.New(t, fakeserver.WithMiddleware(fakeserver.Only("", "/api/v1/profile", missing)))
	c := client.New(s.URL, s.Token)
	updated, err := c.Update(t.Context(), masto.Update{Note: masto.Some("New")})
	require.NoError(t, err)
	assert.Equal(t, "New", updated.Profile.Note)
	_, err = c.Edit(t.Context(), func(d *client.Draft) error { d.Note = "Newer"; return nil })
	require.NoError(t, err)
	assert.Equal(t, "Newer", s.Record().Profile.Note)
}

// TestDeletePictures removes pictures by their own methods.
func TestDeletePictures(t *testing.T) {
	r := masto.NewRecord("7", "bob")
	r.Profile.Avatar, r.Profile.Header = "https://social.example/a.png", "https://social.example/h.png"
	s := fakeserver.New(t, fakeserver.WithRecord(r))
	c := client.New(s.URL, s.Token)
	updated, err := c.DeleteAvatar(t.Context())
	require.NoError(t, err)
	assert.Empty(t, updated.Profile.Avatar)
	assert.NotEmpty(t, updated.Profile.Header)
	updated, err = c.DeleteHeader(t.Context())
	require.NoError(t, err)
	assert.Empty(t, updated.Profile.Header)
}
