package fakeserver_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestRequests checks that the parameters of an update are the same whatever
// its encoding.
func TestRequests(t *testing.T) {
	s := fakeserver.New(t)
	u := masto.Update{
		DisplayName:        masto.Some("Ä & b"),
		Fields:             masto.Some([]masto.Field{{Name: "n", Value: "v"}}),
		AttributionDomains: masto.Some([]string{"a.example"}),
		Discoverable:       masto.Some(new(true)),
		Posting:            masto.PostingUpdate{Privacy: masto.Some("private")},
	}
	for _, encoding := range encodings {
		t.Run(encoding, func(t *testing.T) {
			status, _ := send(t, s, "PATCH", profile+"?note=x", encoding, u)
			require.Equal(t, 200, status)
			r := s.LastUpdate()
			assert.Equal(t, "PATCH", r.Method)
			assert.Equal(t, "/api/v1/profile", r.Path)
			assert.Equal(t, "note=x", r.Query)
			assert.Equal(t, 200, r.Status)
			assert.Equal(t, []fakeserver.Param{
				{Name: "note", Value: "x"},
				{Name: "display_name", Value: "Ä & b"},
				{Name: "discoverable", Value: "true"},
				{Name: "attribution_domains[]", Value: "a.example"},
				{Name: "fields_attributes[0][name]", Value: "n"},
				{Name: "fields_attributes[0][value]", Value: "v"},
				{Name: "source[privacy]", Value: "private"},
			}, r.Params)
		})
	}
	assert.Len(t, s.Requests(), 3)
}

func TestRequestsWithFiles(t *testing.T) {
	s := fakeserver.New(t)
	send(t, s, "PATCH", profile, "multipart", masto.Update{Header: masto.Some(png())})
	r := s.LastUpdate()
	p, ok := r.Param("header")
	require.True(t, ok)
	assert.Equal(t, png(), p.File)
	_, ok = r.Param("avatar")
	assert.False(t, ok)
}

func TestRequestsThatClear(t *testing.T) {
	s := fakeserver.New(t)
	body := `{"header":null,"fields_attributes":[],"attribution_domains":[],"locked":false}`
	do(t, s, "PATCH", profile, typeJSON, strings.NewReader(body))
	assert.Equal(t, []fakeserver.Param{
		{Name: "header", Null: true},
		{Name: "fields_attributes[]"},
		{Name: "attribution_domains[]"},
		{Name: "locked", Value: "false"},
	}, s.LastUpdate().Params)
}

// TestStrict checks that Strict reports the mistakes of a client that servers
// do not report, and nothing else.
func TestStrict(t *testing.T) {
	for _, tt := range []struct {
		name        string
		method      string // "" is PATCH.
		path        string
		contentType string
		body        string
		want        string // It is in the one failure; "" if there is none.
	}{
		{
			name:        "a typing error",
			path:        profile,
			contentType: typeForm,
			body:        "display_nam=x",
			want:        "no server knows the parameter display_nam",
		},
		{
			name:        "a typing error in a row",
			path:        profile,
			contentType: typeForm,
			body:        "fields_attributes[0][label]=x",
			want:        "no server knows the parameter fields_attributes[0][label]",
		},
		{
			name:        "a typing error in source",
			path:        update,
			contentType: typeForm,
			body:        "source[privcy]=x",
			want:        "no server knows the parameter source[privcy]",
		},
		{
			name:        "nothing",
			path:        profile,
			contentType: typeForm,
			want:        "the update sets nothing",
		},
		{
			name:        "a broken escape",
			path:        profile,
			contentType: typeForm,
			body:        "note=%zz",
			want:        "invalid URL escape",
		},
		{
			name:        "another content type",
			path:        profile,
			contentType: "text/plain",
			body:        "note=x",
			want:        "content type",
		},
		{
			name:   "the token in the address",
			method: "GET",
			path:   profile + "?access_token=x",
			want:   "the token is in the address",
		},
		{
			name:        "every text",
			path:        profile,
			contentType: typeForm,
			body: "display_name=x&note=x&avatar_description=x&header_description=x&locked=1&bot=1" +
				"&discoverable=1&hide_collections=1&indexable=1&show_media=1&show_media_replies=1&show_featured=1",
		},
		{
			name:        "every kind of list",
			path:        profile,
			contentType: typeForm,
			body:        "note=x&fields_attributes[][name]=a&fields_attributes[][value]=b&attribution_domains[]=",
		},
		{
			name:        "empty lists",
			path:        profile,
			contentType: typeJSON,
			body:        `{"fields_attributes":[],"attribution_domains":[]}`,
		},
		{
			name:        "no pictures",
			path:        profile,
			contentType: typeJSON,
			body:        `{"avatar":null,"header":null}`,
		},
		{
			name:        "the defaults of posts, in the profile",
			path:        profile,
			contentType: typeForm,
			body:        "source[privacy]=private",
			want:        "the parameter source[privacy] is ignored: update_credentials has",
		},
		{
			name:        "the defaults of posts",
			path:        update,
			contentType: typeForm,
			body:        "source[privacy]=private&source[sensitive]=1&source[language]=de&source[quote_policy]=nobody",
		},
		{
			name:        "a tab, in the credentials",
			path:        update,
			contentType: typeJSON,
			body:        `{"show_media":true}`,
			want:        "the parameter show_media is ignored: PATCH /api/v1/profile has",
		},
		{
			name:        "a tab",
			path:        profile,
			contentType: typeJSON,
			body:        `{"show_media":true}`,
		},
		{
			name:        "domains with an index",
			path:        profile,
			contentType: typeForm,
			body:        "attribution_domains[0]=a.example",
			want:        "the parameter attribution_domains[0] is ignored: a list has no indices",
		},
		{
			name:        "a list for a text",
			path:        profile,
			contentType: typeJSON,
			body:        `{"note":["a"]}`,
			want:        "the parameter note has a shape that it cannot have",
		},
		{
			name:        "an object for a file",
			path:        update,
			contentType: typeJSON,
			body:        `{"avatar":{}}`,
			want:        "the parameter avatar has a shape",
		},
		{
			name:        "texts for rows",
			path:        update,
			contentType: typeJSON,
			body:        `{"fields_attributes":["a"]}`,
			want:        "the parameter fields_attributes has a shape",
		},
		{
			name:        "a text for source",
			path:        update,
			contentType: typeJSON,
			body:        `{"source":"x"}`,
			want:        "the parameter source has a shape",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			s := fakeserver.New(r, fakeserver.Strict())
			do(t, s, cmp.Or(tt.method, "PATCH"), tt.path, tt.contentType, strings.NewReader(tt.body))
			if tt.want == "" {
				assert.Empty(t, r.failures)
				return
			}
			require.Len(t, r.failures, 1)
			assert.Contains(t, r.failures[0], tt.want)
		})
	}
}

// TestStrictJudgesPOST shows that an update by POST, as Pixelfed takes it, is
// judged too.
func TestStrictJudgesPOST(t *testing.T) {
	r := &recorder{TB: t}
	s := fakeserver.New(r, fakeserver.Strict(), fakeserver.WithSoftware(fakeserver.Pixelfed))
	do(t, s, "POST", update, typeForm, strings.NewReader("nota=x"))
	require.Len(t, r.failures, 1)
	assert.Contains(t, r.failures[0], "no server knows the parameter nota")
}

// TestLenient shows that without Strict a mistake is no failure.
func TestLenient(t *testing.T) {
	r := &recorder{TB: t}
	s := fakeserver.New(r)
	do(t, s, "PATCH", profile, "text/plain", strings.NewReader("note=x"))
	assert.Empty(t, r.failures)
}
