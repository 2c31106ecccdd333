package fakeserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestTakesTexts sets and clears a text and a Boolean in each encoding, on each
// kind of server.
func TestTakesTexts(t *testing.T) {
	for _, software := range fakeserver.Kinds() {
		for _, encoding := range encodings {
			t.Run(software.String()+"/"+encoding, func(t *testing.T) {
				s := fakeserver.New(t, fakeserver.WithSoftware(software), fakeserver.Strict())
				ignored := software == fakeserver.Pixelfed && encoding == "multipart"
				before := s.Record().Profile
				for _, note := range []string{"New\nnote & more", ""} {
					u := masto.Update{Note: masto.Some(note), Locked: masto.Some(note != "")}
					status, body := send(t, s, "PATCH", update, encoding, u)
					require.Equal(t, 200, status, string(body))
					if ignored {
						assert.Equal(t, before, s.Record().Profile)
						continue
					}
					assert.Equal(t, note, s.Record().Profile.Note)
					assert.Equal(t, note != "", s.Record().Profile.Locked)
					assert.Equal(t, "Alice", s.Record().Profile.DisplayName)
				}
			})
		}
	}
}

// TestTakesUnquotedBoundaries sends a boundary without the quotes that it
// needs, which real servers take.
func TestTakesUnquotedBoundaries(t *testing.T) {
	body := "--===1===\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nNew\r\n--===1===--\r\n"
	for _, software := range []fakeserver.Software{fakeserver.Mastodon, fakeserver.Pleroma} {
		t.Run(software.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(software), fakeserver.Strict())
			contentType := "multipart/form-data; boundary====1==="
			status, answer := do(t, s, "PATCH", update, contentType, strings.NewReader(body))
			require.Equal(t, 200, status, string(answer))
			assert.Equal(t, "New", s.Record().Profile.Note)
		})
	}
}

// TestTakesFields checks that a row keeps its verification on every kind of
// server that has rows, and which order the rows have there.
func TestTakesFields(t *testing.T) {
	rows := []masto.Field{
		{Name: "Site", Value: "https://loaf.io"},
		{Name: "Mood", Value: "damp"},
		{Name: "nothing"},
		{Name: " ", Value: " "},
	}
	for i := range 8 {
		rows = append(rows, masto.Field{Name: fmt.Sprint("n", i), Value: "v"})
	}
	limits := masto.Limits{Fields: 20, FieldName: 255, FieldValue: 255}
	for _, software := range fakeserver.Kinds() {
		for _, encoding := range encodings {
			t.Run(software.String()+"/"+encoding, func(t *testing.T) {
				s := fakeserver.New(t, fakeserver.WithSoftware(software), fakeserver.WithLimits(limits))
				status, body := send(t, s, "PATCH", update, encoding, masto.Update{Fields: masto.Some(rows)})
				if software == fakeserver.GoToSocial && encoding == "JSON" {
					require.Equal(t, 400, status)
					assert.Contains(t, string(body), "cannot unmarshal array")
					return
				}
				require.Equal(t, 200, status, string(body))
				var names []string
				for _, f := range s.Record().Profile.Fields {
					names = append(names, f.Name)
				}
				got := strings.Join(names, " ")
				switch {
				case software == fakeserver.Pixelfed:
					assert.Equal(t, "Site Pronouns", got)
				case software == fakeserver.GoToSocial:
					assert.Equal(t, "Site Mood n0 n1 n2 n3 n4 n5 n6 n7", got)
				case (software == fakeserver.Pleroma || software == fakeserver.Akkoma) && encoding != "JSON":
					assert.Equal(t, "Site Mood n6 n7 nothing n0 n1 n2 n3 n4 n5", got)
				default:
					assert.Equal(t, "Site Mood nothing n0 n1 n2 n3 n4 n5 n6 n7", got)
				}
				assert.False(t, s.Record().Profile.Fields[0].VerifiedAt.IsZero())
			})
		}
	}
}

// TestClearsFields clears a list in each encoding.
func TestClearsFields(t *testing.T) {
	for _, software := range fakeserver.Kinds() {
		for _, encoding := range encodings {
			if software == fakeserver.Pixelfed || software == fakeserver.GoToSocial && encoding == "JSON" {
				continue // the former has no fields, the latter refuses a list
			}
			t.Run(software.String()+"/"+encoding, func(t *testing.T) {
				s := fakeserver.New(t, fakeserver.WithSoftware(software), fakeserver.Strict())
				none := masto.Update{Fields: masto.Some([]masto.Field{})}
				status, body := send(t, s, "PATCH", update, encoding, none)
				require.Equal(t, 200, status, string(body))
				assert.Empty(t, s.Record().Profile.Fields)
			})
		}
	}
}

// TestGoToSocial sends what only GoToSocial reads differently.
func TestGoToSocial(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.GoToSocial))
	body := `{"fields_attributes":{"10":{"name":"b","value":"2"},"2":{"name":"a","value":"1"}},"discoverable":null}`
	status, answer := do(t, s, "PATCH", update, typeJSON, strings.NewReader(body))
	require.Equal(t, 200, status, string(answer))
	assert.Equal(t, []masto.Field{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, s.Record().Profile.Fields)
	assert.True(t, *s.Record().Profile.Discoverable, "null changes nothing")

	status, _ = do(t, s, "PATCH", update, typeForm, strings.NewReader("discoverable="))
	require.Equal(t, 200, status)
	assert.False(t, *s.Record().Profile.Discoverable, "an empty text is false")

	status, answer = do(t, s, "PATCH", update, typeJSON, strings.NewReader(`{"show_media":true}`))
	assert.Equal(t, 400, status)
	assert.Contains(t, string(answer), "empty form submitted")
	status, _ = do(t, s, "PATCH", update, "text/plain", strings.NewReader(`note`))
	assert.Equal(t, 400, status)
}

// TestTakesPictures uploads and removes a picture in every way, on each kind of
// server.
func TestTakesPictures(t *testing.T) {
	// upload and remove hold "set", "removed", "kept" or "ignored" where the
	// status is 200, and else the status.
	type upload struct{ json, form, multipart, post string }
	type remove struct{ null, empty string }
	for _, tt := range []struct {
		software fakeserver.Software
		upload   upload
		remove   remove
	}{
		{
			software: fakeserver.Mastodon,
			upload:   upload{json: "set", form: "set", multipart: "set", post: "405"},
			remove:   remove{null: "removed", empty: "kept"},
		},
		{
			software: fakeserver.Mastodon42,
			upload:   upload{json: "set", form: "set", multipart: "set", post: "405"},
			remove:   remove{null: "removed", empty: "kept"},
		},
		{
			software: fakeserver.Pleroma,
			upload:   upload{json: "403", form: "403", multipart: "set", post: "405"},
			remove:   remove{null: "kept", empty: "removed"},
		},
		{
			software: fakeserver.Akkoma,
			upload:   upload{json: "403", form: "403", multipart: "set", post: "405"},
			remove:   remove{null: "kept", empty: "removed"},
		},
		{
			software: fakeserver.GoToSocial,
			upload:   upload{json: "400", form: "400", multipart: "set", post: "405"},
			remove:   remove{null: "400", empty: "400"},
		},
		{
			software: fakeserver.Pixelfed,
			upload:   upload{json: "422", form: "422", multipart: "ignored", post: "set"},
			remove:   remove{null: "422", empty: "422"},
		},
	} {
		t.Run(tt.software.String(), func(t *testing.T) {
			assert.Equal(t, tt.upload, upload{
				json:      afterUpload(t, tt.software, "PATCH", "JSON"),
				form:      afterUpload(t, tt.software, "PATCH", "form"),
				multipart: afterUpload(t, tt.software, "PATCH", "multipart"),
				post:      afterUpload(t, tt.software, "POST", "multipart"),
			})
			assert.Equal(t, tt.remove, remove{
				null:  afterRemoval(t, tt.software, typeJSON, `{"avatar":null}`),
				empty: afterRemoval(t, tt.software, typeForm, "avatar="),
			})
		})
	}
}

// afterUpload uploads an avatar and returns what became of it, or the status.
func afterUpload(t *testing.T, software fakeserver.Software, method, encoding string) string {
	t.Helper()
	s := fakeserver.New(t, fakeserver.WithSoftware(software))
	status, _ := send(t, s, method, update, encoding, masto.Update{Avatar: masto.Some(png())})
	switch {
	case status != 200:
		return fmt.Sprint(status)
	case s.Record().Profile.Avatar == "":
		return "ignored"
	}
	return "set"
}

// afterRemoval sends an update that may remove the avatar and returns what
// became of it, or the status.
func afterRemoval(t *testing.T, software fakeserver.Software, contentType, body string) string {
	t.Helper()
	s := fakeserver.New(t, fakeserver.WithSoftware(software))
	r := s.Record()
	r.Profile.Avatar = "https://files.example/1.png"
	s.SetRecord(r)
	status, _ := do(t, s, "PATCH", update, contentType, strings.NewReader(body))
	switch {
	case status != 200:
		return fmt.Sprint(status)
	case s.Record().Profile.Avatar == "":
		return "removed"
	}
	return "kept"
}

// TestRefuses sends a bio that is too long. Each kind of server refuses it in
// its own way, and changes nothing.
func TestRefuses(t *testing.T) {
	long := masto.Update{
		Note:        masto.Some(strings.Repeat("x", 6000)),
		DisplayName: masto.Some("New"),
	}
	for _, tt := range []struct {
		software fakeserver.Software
		status   int
		code     string
		message  string
	}{
		{
			software: fakeserver.Mastodon,
			status:   422,
			code:     "ERR_TOO_LONG",
			message:  "Validation failed: Note is too long (maximum is 500 characters)",
		},
		{
			software: fakeserver.Mastodon42,
			status:   422,
			code:     "ERR_TOO_LONG",
			message:  "Validation failed: Note is too long (maximum is 500 characters)",
		},
		{
			software: fakeserver.Pleroma,
			status:   403,
			message:  "Invalid request",
		},
		{
			software: fakeserver.Akkoma,
			status:   403,
			message:  "Invalid request",
		},
		{
			software: fakeserver.GoToSocial,
			status:   400,
			message:  "Bad Request: Validation failed: Note is too long (maximum is 5000 characters)",
		},
		{
			software: fakeserver.Pixelfed,
			status:   422,
			message:  "Note is too long (maximum is 200 characters).",
		},
	} {
		t.Run(tt.software.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(tt.software))
			status, body := send(t, s, "PATCH", update, "JSON", long)
			e := client.DecodeAPIError(status, nil, body)
			code := ""
			if len(e.Findings) > 0 {
				code = e.Findings[0].Code
			}
			assert.Equal(t, tt.status, status)
			assert.Equal(t, tt.code, code)
			assert.Equal(t, tt.message, e.Message)
			assert.Equal(t, "Alice", s.Record().Profile.DisplayName)
		})
	}
}

// TestPleromaRefusesLongFields shows that Pleroma does not cut a row.
func TestPleromaRefusesLongFields(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pleroma))
	rows := []masto.Field{{Name: "a", Value: strings.Repeat("x", 3000)}}
	status, _ := send(t, s, "PATCH", update, "form", masto.Update{Fields: masto.Some(rows)})
	assert.Equal(t, 403, status)
}

// TestIgnores sends what Mastodon ignores next to a bio, and checks that only
// the bio is changed.
func TestIgnores(t *testing.T) {
	for _, tt := range []struct {
		name        string
		path        string
		contentType string
		body        string
	}{
		{
			name:        "the defaults of posts, in the profile",
			path:        profile,
			contentType: typeForm,
			body:        "note=New&source[privacy]=private",
		},
		{
			name:        "the defaults of posts, in the profile, in JSON",
			path:        profile,
			contentType: typeJSON,
			body:        `{"note":"New","source":{"privacy":"private"}}`,
		},
		{
			name:        "tabs, in the credentials",
			path:        update,
			contentType: typeForm,
			body:        "note=New&show_media=false&show_media_replies=0&show_featured=f",
		},
		{
			name:        "a tab, in the credentials, in JSON",
			path:        update,
			contentType: typeJSON,
			body:        `{"note":"New","show_media":false}`,
		},
		{
			name:        "domains with an index",
			path:        profile,
			contentType: typeForm,
			body:        "note=New&attribution_domains[0]=a.example",
		},
		{
			name:        "domains with an index, in the credentials",
			path:        update,
			contentType: typeForm,
			body:        "note=New&attribution_domains[0]=a.example",
		},
		{
			name:        "domains by number",
			path:        profile,
			contentType: typeJSON,
			body:        `{"note":"New","attribution_domains":{"0":"a.example"}}`,
		},
		{
			name:        "a list for a text",
			path:        profile,
			contentType: typeJSON,
			body:        `{"note":"New","display_name":["a"]}`,
		},
		{
			name:        "an empty object for a text",
			path:        update,
			contentType: typeJSON,
			body:        `{"note":"New","display_name":{},"avatar":{}}`,
		},
		{
			name:        "a text for a list",
			path:        profile,
			contentType: typeForm,
			body:        "note=New&fields_attributes=&attribution_domains=",
		},
		{
			name:        "null for a list",
			path:        update,
			contentType: typeJSON,
			body:        `{"note":"New","fields_attributes":null}`,
		},
	} {
		for _, software := range []fakeserver.Software{fakeserver.Mastodon, fakeserver.Mastodon42} {
			if software == fakeserver.Mastodon42 && tt.path == profile {
				continue
			}
			t.Run(software.String()+"/"+tt.name, func(t *testing.T) {
				s := fakeserver.New(t, fakeserver.WithSoftware(software))
				want := s.Record()
				want.Profile.Note = "New"
				status, body := do(t, s, "PATCH", tt.path, tt.contentType, strings.NewReader(tt.body))
				require.Equal(t, 200, status, string(body))
				assert.Equal(t, want, s.Record())
			})
		}
	}
}
