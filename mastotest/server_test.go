package mastotest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// kinds are all kinds of servers.
var kinds = []mastotest.Software{
	mastotest.Mastodon, mastotest.Mastodon42, mastotest.Pleroma, mastotest.Akkoma, mastotest.GoToSocial, mastotest.Pixelfed,
}

const (
	pngData = "\x89PNG\r\n\x1a\n and so on"
	profile = "/api/v1/profile"
	verify  = "/api/v1/accounts/verify_credentials"
	update  = "/api/v1/accounts/update_credentials"
)

// do sends a request with the token of s.
func do(t *testing.T, s *mastotest.Server, method, path, contentType string, body io.Reader) (status int, answer []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, body)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+s.Token)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, answer
}

// encodings are the three forms of an update.
var encodings = []string{"JSON", "form", "multipart"}

// send sends u by PATCH, or POST, in one of the encodings.
func send(t *testing.T, s *mastotest.Server, method, path, encoding string, u masto.Update) (int, []byte) {
	t.Helper()
	switch encoding {
	case "JSON":
		body, err := u.MarshalJSON()
		require.NoError(t, err)
		return do(t, s, method, path, "application/json", bytes.NewReader(body))
	case "form":
		body, err := u.EncodeForm()
		require.NoError(t, err)
		return do(t, s, method, path, "application/x-www-form-urlencoded", strings.NewReader(body))
	}
	m, err := u.EncodeMultipart()
	require.NoError(t, err)
	return do(t, s, method, path, m.ContentType, m.NewReader())
}

func object(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(body, &m), string(body))
	return m
}

// Without an option it is the reference, with everything that a client may ask
// for.
func TestServerIsTheReference(t *testing.T) {
	s := mastotest.NewServer(t, mastotest.Strict())
	status, body := do(t, s, "GET", profile, "", nil)
	require.Equal(t, 200, status)
	assert.Equal(t, "Mushrooms! https://loaf.io #fungi", object(t, body)["note"])

	status, body = do(t, s, "GET", verify, "", nil)
	require.Equal(t, 200, status)
	var c masto.CredentialAccount
	require.NoError(t, json.Unmarshal(body, &c))
	assert.Equal(t, "alice", c.Username)
	assert.False(t, c.Fields[0].VerifiedAt.IsZero())
	assert.Empty(t, c.Extra, "every member is one that masto knows")

	for _, path := range []string{"/api/v1/accounts/1", "/api/v1/accounts/lookup?acct=Alice"} {
		status, body = do(t, s, "GET", path, "", nil)
		require.Equal(t, 200, status, path)
		assert.NotContains(t, object(t, body), "source", path)
	}
	for _, path := range []string{"/api/v1/accounts/2", "/api/v1/accounts/lookup?acct=bob", "/api/v3/instance", "/media/1.png"} {
		status, body = do(t, s, "GET", path, "", nil)
		assert.Equal(t, 404, status, path)
		assert.JSONEq(t, `{"error":"Record not found"}`, string(body))
	}
	for _, path := range []string{"/api/v1/accounts/1", "/api/v1/accounts/lookup"} {
		status, _ = do(t, s, "DELETE", path, "", nil)
		assert.Equal(t, 405, status, path)
	}
	u := masto.Update{Note: masto.Some(""), Avatar: masto.Some(&masto.Upload{Filename: "me.png", Data: []byte(pngData)})}
	for _, encoding := range encodings {
		for _, to := range [][2]string{
			{"PATCH", profile},
			{"PUT", profile},
			{"PATCH", update},
		} {
			s.SetRecord(&masto.Record{Username: "alice", Profile: masto.Profile{Note: "Before"}})
			status, body = send(t, s, to[0], to[1], encoding, u)
			require.Equal(t, 200, status, string(body))
			assert.Equal(t, to[0], s.LastUpdate().Method)
			r := s.Record()
			assert.Empty(t, r.Profile.Note)
			contentType, data, ok := s.Picture(r.Profile.Avatar)
			require.True(t, ok)
			assert.Equal(t, "image/png "+pngData, contentType+" "+string(data))
			status, body = do(t, s, "GET", strings.TrimPrefix(r.Profile.Avatar, s.URL), "", nil)
			assert.Equal(t, 200, status)
			assert.Equal(t, pngData, string(body))
		}
	}
	status, _ = do(t, s, "DELETE", profile+"/avatar", "", nil)
	require.Equal(t, 200, status)
	assert.Empty(t, s.Record().Profile.Avatar)
}

func TestServerTokens(t *testing.T) {
	s := mastotest.NewServer(t)
	s.Token = s.ReadToken
	status, _ := do(t, s, "GET", profile, "", nil)
	assert.Equal(t, 200, status)
	status, body := do(t, s, "PATCH", profile, "application/json", strings.NewReader(`{"note":"x"}`))
	assert.Equal(t, 403, status, string(body))
	s.Token = "guessed"
	status, body = do(t, s, "GET", profile, "", nil)
	assert.Equal(t, 401, status)
	assert.JSONEq(t, `{"error":"The access token is invalid"}`, string(body))
}

// What each kind of server has, and what its documents say.
func TestServerKinds(t *testing.T) {
	for _, c := range []struct {
		software           mastotest.Software
		profile, delete    int
		name, missing      string
		fields, note, size int64 // of a profile, as the instance tells them; -1: it does not
	}{
		{mastotest.Mastodon, 200, 200, "Mastodon 4.6", "/avatars/original/missing.png", 4, 500, 0},
		{mastotest.Mastodon42, 404, 200, "Mastodon 4.2", "/avatars/original/missing.png", 0, 0, 0},
		{mastotest.Pleroma, 404, 404, "Pleroma", "/images/avi.png", 10, -1, 2_000_000},
		{mastotest.Akkoma, 404, 404, "Akkoma", "", 10, -1, 2_000_000},
		{mastotest.GoToSocial, 404, 200, "GoToSocial", "", 6, -1, -1},
		{mastotest.Pixelfed, 404, 404, "Pixelfed", "/storage/avatars/default.jpg", -1, -1, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.name, c.software.String())
			s := mastotest.NewServer(t, mastotest.As(c.software))
			status, _ := do(t, s, "GET", profile, "", nil)
			assert.Equal(t, c.profile, status)
			status, _ = do(t, s, "DELETE", profile+"/header", "", nil)
			assert.Equal(t, c.delete, status)

			status, body := do(t, s, "GET", "/api/v2/instance", "", nil)
			if status == 404 {
				status, body = do(t, s, "GET", "/api/v1/instance", "", nil)
			}
			require.Equal(t, 200, status)
			i, err := masto.DecodeInstance(body)
			require.NoError(t, err)
			assert.Equal(t, c.profile == 200, i.HasProfileAPI())
			assert.Equal(t, c.fields, int64(i.Limits.Fields))
			assert.Equal(t, c.note, int64(i.Limits.Note))
			assert.Equal(t, c.size, i.Limits.ImageBytes)

			status, body = do(t, s, "GET", verify, "", nil)
			require.Equal(t, 200, status)
			var a masto.CredentialAccount
			require.NoError(t, json.Unmarshal(body, &a))
			assert.Equal(t, c.missing, strings.TrimPrefix(a.Avatar, s.URL))
			assert.Equal(t, "Mushrooms! https://loaf.io #fungi", a.EditableProfile().Note)
			assert.Contains(t, a.Note, "<p>")
		})
	}
}

// The reference's answers about itself have every member of the captured ones,
// and the limits that the server has.
func TestServerInstance(t *testing.T) {
	s := mastotest.NewServer(t, mastotest.WithLimits(masto.Limits{Note: 1000, Fields: -1}))
	for path, sample := range map[string]string{
		"/api/v1/instance": "mastodon-4.6.4-v1.json",
		"/api/v2/instance": "mastodon-4.6.4.json",
	} {
		t.Run(path, func(t *testing.T) {
			captured, err := os.ReadFile("../testdata/instance/" + sample)
			require.NoError(t, err)
			status, body := do(t, s, "GET", path, "", nil)
			require.Equal(t, 200, status)
			assert.Empty(t, missingMembers("", object(t, captured), object(t, body)))
		})
	}
	_, body := do(t, s, "GET", "/api/v2/instance", "", nil)
	i, err := masto.DecodeInstance(body)
	require.NoError(t, err)
	assert.Equal(t, 11, i.APIVersion)
	assert.Equal(t, 40, i.Limits.DisplayName)
	assert.Equal(t, 1000, i.Limits.Note)
	assert.Equal(t, -1, i.Limits.Fields)
}

// missingMembers returns the paths of the members of want that got lacks or has
// in another JSON type; those of the elements of lists are not compared.
func missingMembers(path string, want, got map[string]any) []string {
	var found []string
	for name, w := range want {
		g, ok := got[name]
		inner, isObject := w.(map[string]any)
		switch {
		case !ok:
			found = append(found, path+"/"+name)
		case isObject:
			object, _ := g.(map[string]any)
			found = append(found, missingMembers(path+"/"+name, inner, object)...)
		case fmt.Sprintf("%T", w) != fmt.Sprintf("%T", g):
			found = append(found, fmt.Sprintf("%s/%s is %T", path, name, g))
		}
	}
	return found
}

// Each kind of server says what it is in NodeInfo.
func TestServerNodeInfo(t *testing.T) {
	for software, want := range map[mastotest.Software]string{
		mastotest.Mastodon:   "mastodon 4.6.4",
		mastotest.Mastodon42: "mastodon 4.2.10",
		mastotest.Pleroma:    "pleroma 2.9.1",
		mastotest.Akkoma:     "akkoma 3.15.2",
		mastotest.GoToSocial: "gotosocial 0.19.1+git-0000000",
		mastotest.Pixelfed:   "pixelfed 0.12.5",
	} {
		t.Run(want, func(t *testing.T) {
			s := mastotest.NewServer(t, mastotest.As(software))
			_, body := do(t, s, "GET", "/.well-known/nodeinfo", "", nil)
			var found struct{ Links []struct{ Rel, Href string } }
			require.NoError(t, json.Unmarshal(body, &found))
			require.Len(t, found.Links, 1)
			_, body = do(t, s, "GET", strings.TrimPrefix(found.Links[0].Href, s.URL), "", nil)
			var info struct {
				Software struct{ Name, Version string }
			}
			require.NoError(t, json.Unmarshal(body, &info))
			assert.Equal(t, want, info.Software.Name+" "+info.Software.Version)
		})
	}
}

// An account of a kind of server has the members that the fixture of that kind
// has, but for those that depend on what is set and on the version.
func TestServerShapes(t *testing.T) {
	fixtures := map[string]mastotest.Fixture{}
	for _, f := range mastotest.Fixtures() {
		fixtures[f.Name] = f
	}
	for _, c := range []struct {
		software mastotest.Software
		fixture  string
		more     []string // that the fixture lacks
		fewer    []string // that the server lacks
	}{
		{software: mastotest.Mastodon, fixture: "mastodon/credential-4.6.4"},
		{
			software: mastotest.Mastodon42,
			fixture:  "mastodon/credential-4.2",
			fewer:    []string{"/source/indexable"},
		},
		{
			software: mastotest.Pleroma,
			fixture:  "pleroma/credential",
			more: []string{ // since 2.9
				"/uri", "/pleroma/also_known_as", "/pleroma/hide_followers", "/pleroma/hide_follows",
				"/pleroma/is_admin", "/pleroma/is_moderator", "/pleroma/skip_thread_containment",
			},
		},
		{software: mastotest.Akkoma, fixture: "akkoma/credential", more: []string{"/pleroma/hide_favorites"}},
		{software: mastotest.GoToSocial, fixture: "gotosocial/credential", more: []string{"/avatar_description"}},
		{software: mastotest.Pixelfed, fixture: "pixelfed/credential"},
	} {
		t.Run(c.software.String(), func(t *testing.T) {
			s := mastotest.NewServer(t, mastotest.As(c.software))
			_, body := do(t, s, "GET", verify, "", nil)
			got, want := object(t, body), object(t, fixtures[c.fixture].JSON)
			assert.ElementsMatch(t, c.more, namesOnlyIn(got, want), "more than the fixture")
			assert.ElementsMatch(t, c.fewer, namesOnlyIn(want, got), "fewer than the fixture")
		})
	}
}

// namesOnlyIn returns the paths of members of a that b does not have.
func namesOnlyIn(a, b map[string]any) []string {
	var paths []string
	for name, value := range a {
		other, ok := b[name]
		if !ok {
			paths = append(paths, "/"+name)
			continue
		}
		inner, _ := value.(map[string]any)
		otherInner, isObject := other.(map[string]any)
		if !isObject {
			continue
		}
		for _, path := range namesOnlyIn(inner, otherInner) {
			paths = append(paths, "/"+name+path)
		}
	}
	return paths
}

// The text of the account and its fields, set and cleared in each encoding, on
// each kind of server that takes it.
func TestServerTakesTexts(t *testing.T) {
	for _, software := range kinds {
		for _, encoding := range encodings {
			t.Run(software.String()+"/"+encoding, func(t *testing.T) {
				s := mastotest.NewServer(t, mastotest.As(software), mastotest.Strict())
				ignored := software == mastotest.Pixelfed && encoding == "multipart"
				before := s.Record().Profile
				for _, note := range []string{"New\nnote & more", ""} {
					status, body := send(t, s, "PATCH", update, encoding, masto.Update{Note: masto.Some(note), Locked: masto.Some(note != "")})
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

// Boundaries without the quotes that they need are taken, as real servers do.
func TestServerTakesUnquotedBoundaries(t *testing.T) {
	body := "--===1===\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nNew\r\n--===1===--\r\n"
	for _, software := range []mastotest.Software{mastotest.Mastodon, mastotest.Pleroma} {
		t.Run(software.String(), func(t *testing.T) {
			s := mastotest.NewServer(t, mastotest.As(software), mastotest.Strict())
			status, answer := do(t, s, "PATCH", update, "multipart/form-data; boundary====1===", strings.NewReader(body))
			require.Equal(t, 200, status, string(answer))
			assert.Equal(t, "New", s.Record().Profile.Note)
		})
	}
}

// A row keeps its verification on every kind of server that has rows, and their
// order is that of arrival but for Pleroma's.
func TestServerTakesFields(t *testing.T) {
	rows := []masto.Field{{Name: "Site", Value: "https://loaf.io"}, {Name: "Mood", Value: "damp"}, {Name: "nothing"}, {Name: " ", Value: " "}}
	for i := range 8 {
		rows = append(rows, masto.Field{Name: fmt.Sprint("n", i), Value: "v"})
	}
	for _, software := range kinds {
		for _, encoding := range encodings {
			t.Run(software.String()+"/"+encoding, func(t *testing.T) {
				s := mastotest.NewServer(t, mastotest.As(software), mastotest.WithLimits(masto.Limits{Fields: 20, FieldName: 255, FieldValue: 255}))
				status, body := send(t, s, "PATCH", update, encoding, masto.Update{Fields: masto.Some(rows)})
				if software == mastotest.GoToSocial && encoding == "JSON" {
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
				case software == mastotest.Pixelfed:
					assert.Equal(t, "Site Pronouns", got)
				case software == mastotest.GoToSocial:
					assert.Equal(t, "Site Mood n0 n1 n2 n3 n4 n5 n6 n7", got)
				case (software == mastotest.Pleroma || software == mastotest.Akkoma) && encoding != "JSON":
					assert.Equal(t, "Site Mood n6 n7 nothing n0 n1 n2 n3 n4 n5", got)
				default:
					assert.Equal(t, "Site Mood nothing n0 n1 n2 n3 n4 n5 n6 n7", got)
				}
				assert.False(t, s.Record().Profile.Fields[0].VerifiedAt.IsZero())
			})
		}
	}
}

// GoToSocial takes rows by number in JSON.
func TestServerGoToSocialRowsByNumber(t *testing.T) {
	s := mastotest.NewServer(t, mastotest.As(mastotest.GoToSocial))
	body := `{"fields_attributes":{"10":{"name":"b","value":"2"},"2":{"name":"a","value":"1"}},"discoverable":null}`
	status, answer := do(t, s, "PATCH", update, "application/json", strings.NewReader(body))
	require.Equal(t, 200, status, string(answer))
	assert.Equal(t, []masto.Field{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, s.Record().Profile.Fields)
	assert.True(t, *s.Record().Profile.Discoverable, "null changes nothing")

	status, _ = do(t, s, "PATCH", update, "application/x-www-form-urlencoded", strings.NewReader("discoverable="))
	require.Equal(t, 200, status)
	assert.False(t, *s.Record().Profile.Discoverable, "an empty text is false")

	status, answer = do(t, s, "PATCH", update, "application/json", strings.NewReader(`{"show_media":true}`))
	assert.Equal(t, 400, status)
	assert.Contains(t, string(answer), "empty form submitted")
	status, _ = do(t, s, "PATCH", update, "text/plain", strings.NewReader(`note`))
	assert.Equal(t, 400, status)
}

// Uploading and removing a picture, by kind of server and encoding.
func TestServerTakesPictures(t *testing.T) {
	u := masto.Update{Avatar: masto.Some(&masto.Upload{Filename: "me.png", ContentType: "image/png", Data: []byte(pngData)})}
	remove := masto.Update{Avatar: masto.Some[*masto.Upload](nil)}
	type result struct{ json, form, multipart, post, null, empty string }
	for software, want := range map[mastotest.Software]result{
		mastotest.Mastodon:   {"set", "set", "set", "405", "removed", "kept"},
		mastotest.Mastodon42: {"set", "set", "set", "405", "removed", "kept"},
		mastotest.Pleroma:    {"403", "403", "set", "405", "kept", "removed"},
		mastotest.Akkoma:     {"403", "403", "set", "405", "kept", "removed"},
		mastotest.GoToSocial: {"400", "400", "set", "405", "400", "400"},
		mastotest.Pixelfed:   {"422", "422", "ignored", "set", "422", "422"},
	} {
		t.Run(software.String(), func(t *testing.T) {
			try := func(method, encoding string) string {
				s := mastotest.NewServer(t, mastotest.As(software))
				status, _ := send(t, s, method, update, encoding, u)
				switch {
				case status != 200:
					return fmt.Sprint(status)
				case s.Record().Profile.Avatar == "":
					return "ignored"
				}
				return "set"
			}
			s := mastotest.NewServer(t, mastotest.As(software))
			after := func(contentType, body string) string {
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
			null, err := remove.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, want, result{
				try("PATCH", "JSON"), try("PATCH", "form"), try("PATCH", "multipart"), try("POST", "multipart"),
				after("application/json", string(null)), after("application/x-www-form-urlencoded", "avatar="),
			})
		})
	}
}

// What is too long is refused in the way of each kind, and none of it changes
// anything.
func TestServerRefuses(t *testing.T) {
	long := masto.Update{Note: masto.Some(strings.Repeat("x", 6000)), DisplayName: masto.Some("New")}
	for software, want := range map[mastotest.Software]string{
		mastotest.Mastodon:   `422 ERR_TOO_LONG Validation failed: Note is too long (maximum is 500 characters)`,
		mastotest.Mastodon42: `422 ERR_TOO_LONG Validation failed: Note is too long (maximum is 500 characters)`,
		mastotest.Pleroma:    `403  Invalid request`,
		mastotest.Akkoma:     `403  Invalid request`,
		mastotest.GoToSocial: `400  Bad Request: Validation failed: Note is too long (maximum is 5000 characters)`,
		mastotest.Pixelfed:   `422  Note is too long (maximum is 200 characters).`,
	} {
		s := mastotest.NewServer(t, mastotest.As(software))
		status, body := send(t, s, "PATCH", update, "JSON", long)
		e := masto.DecodeAPIError(status, body)
		code := ""
		if len(e.Findings) > 0 {
			code = e.Findings[0].Code
		}
		assert.Equal(t, want, fmt.Sprint(status, " ", code, " ", e.Message), software)
		assert.Equal(t, "Alice", s.Record().Profile.DisplayName)
	}
	s := mastotest.NewServer(t, mastotest.As(mastotest.Pleroma))
	status, _ := send(t, s, "PATCH", update, "form", masto.Update{Fields: masto.Some([]masto.Field{{Name: "a", Value: strings.Repeat("x", 3000)}})})
	assert.Equal(t, 403, status, "rows are not cut")
}

// The client's test sees what was sent.
func TestServerRequests(t *testing.T) {
	s := mastotest.NewServer(t)
	u := masto.Update{
		DisplayName: masto.Some("Ä & b"), Fields: masto.Some([]masto.Field{{Name: "n", Value: "v"}}), AttributionDomains: masto.Some([]string{"a.example"}),
		Discoverable: masto.Some(new(true)), Posting: masto.PostingUpdate{Privacy: masto.Some("private")},
	}
	for _, encoding := range encodings {
		status, _ := send(t, s, "PATCH", profile+"?note=x", encoding, u)
		require.Equal(t, 200, status)
		r := s.LastUpdate()
		assert.Equal(t, "PATCH /api/v1/profile note=x 200", fmt.Sprint(r.Method, " ", r.Path, " ", r.Query, " ", r.Status))
		assert.Equal(t, []mastotest.Param{
			{Name: "note", Value: "x"},
			{Name: "display_name", Value: "Ä & b"},
			{Name: "discoverable", Value: "true"},
			{Name: "attribution_domains[]", Value: "a.example"},
			{Name: "fields_attributes[0][name]", Value: "n"},
			{Name: "fields_attributes[0][value]", Value: "v"},
			{Name: "source[privacy]", Value: "private"},
		}, r.Params, encoding)
	}
	assert.Len(t, s.Requests(), 3)

	send(t, s, "PATCH", profile, "multipart", masto.Update{Header: masto.Some(&masto.Upload{Filename: "a.png", ContentType: "image/png", Data: []byte(pngData)})})
	r := s.LastUpdate()
	p, ok := r.Param("header")
	require.True(t, ok)
	assert.Equal(t, &masto.Upload{Filename: "a.png", ContentType: "image/png", Data: []byte(pngData)}, p.File)
	_, ok = r.Param("avatar")
	assert.False(t, ok)

	do(t, s, "PATCH", profile, "application/json", strings.NewReader(`{"header":null,"fields_attributes":[],"attribution_domains":[],"locked":false}`))
	r = s.LastUpdate()
	assert.Equal(t, []mastotest.Param{
		{Name: "header", Null: true}, {Name: "fields_attributes[]"}, {Name: "attribution_domains[]"}, {Name: "locked", Value: "false"},
	}, r.Params)
}

// recorder is a testing.TB that notes failures instead of failing.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// What Mastodon ignores changes nothing here either, and the rest is applied.
func TestServerIgnores(t *testing.T) {
	const form, isJSON = "application/x-www-form-urlencoded", "application/json"
	for _, c := range []struct {
		name, path, contentType, body string
	}{
		{"the defaults of posts, in the profile", profile, form, "note=New&source[privacy]=private"},
		{"the same in JSON", profile, isJSON, `{"note":"New","source":{"privacy":"private"}}`},
		{"tabs, in the credentials", update, form, "note=New&show_media=false&show_media_replies=0&show_featured=f"},
		{"the same in JSON", update, isJSON, `{"note":"New","show_media":false}`},
		{"domains with an index", profile, form, "note=New&attribution_domains[0]=a.example"},
		{"domains with an index, in the credentials", update, form, "note=New&attribution_domains[0]=a.example"},
		{"domains by number", profile, isJSON, `{"note":"New","attribution_domains":{"0":"a.example"}}`},
		{"a list for a text", profile, isJSON, `{"note":"New","display_name":["a"]}`},
		{"an empty object for a text", update, isJSON, `{"note":"New","display_name":{},"avatar":{}}`},
		{"a text for a list", profile, form, "note=New&fields_attributes=&attribution_domains="},
		{"null for a list", update, isJSON, `{"note":"New","fields_attributes":null}`},
	} {
		for _, software := range []mastotest.Software{mastotest.Mastodon, mastotest.Mastodon42} {
			if software == mastotest.Mastodon42 && c.path == profile {
				continue
			}
			t.Run(software.String()+"/"+c.name, func(t *testing.T) {
				s := mastotest.NewServer(t, mastotest.As(software))
				want := s.Record()
				want.Profile.Note = "New"
				status, body := do(t, s, "PATCH", c.path, c.contentType, strings.NewReader(c.body))
				require.Equal(t, 200, status, string(body))
				assert.Equal(t, want, s.Record())
			})
		}
	}
}

// A list is cleared in each encoding.
func TestServerClearsFields(t *testing.T) {
	for _, software := range kinds[:5] { // Pixelfed has none
		for _, encoding := range encodings {
			t.Run(software.String()+"/"+encoding, func(t *testing.T) {
				if software == mastotest.GoToSocial && encoding == "JSON" {
					t.Skip("a list is refused there")
				}
				s := mastotest.NewServer(t, mastotest.As(software), mastotest.Strict())
				status, body := send(t, s, "PATCH", update, encoding, masto.Update{Fields: masto.Some([]masto.Field{})})
				require.Equal(t, 200, status, string(body))
				assert.Empty(t, s.Record().Profile.Fields)
			})
		}
	}
}

// Strict tells the mistakes of a client that servers do not tell, and nothing
// else.
func TestServerStrict(t *testing.T) {
	const form, isJSON = "application/x-www-form-urlencoded", "application/json"
	for _, c := range []struct {
		name, path, contentType, body string
		want                          string // of the one failure; "": there is none
	}{
		{"a typing error", profile, form, "display_nam=x", "no server knows the parameter display_nam"},
		{
			"a typing error in a row", profile, form, "fields_attributes[0][label]=x",
			"no server knows the parameter fields_attributes[0][label]",
		},
		{"nothing", profile, form, "", "the update sets nothing"},
		{"a broken escape", profile, form, "note=%zz", "invalid URL escape"},
		{
			"every kind of list", profile, form,
			"note=x&fields_attributes[][name]=a&fields_attributes[][value]=b&attribution_domains[]=", "",
		},
		{"empty lists", profile, isJSON, `{"fields_attributes":[],"attribution_domains":[]}`, ""},
		{
			"the defaults of posts, in the profile", profile, form, "source[privacy]=private",
			"the parameter source[privacy] is ignored: update_credentials has",
		},
		{"the defaults of posts", update, form, "source[privacy]=private", ""},
		{
			"a tab, in the credentials", update, isJSON, `{"show_media":true}`,
			"the parameter show_media is ignored: PATCH /api/v1/profile has",
		},
		{"a tab", profile, isJSON, `{"show_media":true}`, ""},
		{
			"domains with an index", profile, form, "attribution_domains[0]=a.example",
			"the parameter attribution_domains[0] is ignored: a list has no indices",
		},
		{"a list for a text", profile, isJSON, `{"note":["a"]}`, "the parameter note has a shape that it cannot have"},
		{"an object for a file", update, isJSON, `{"avatar":{}}`, "the parameter avatar has a shape"},
		{"texts for rows", update, isJSON, `{"fields_attributes":["a"]}`, "the parameter fields_attributes has a shape"},
		{"a text for source", update, isJSON, `{"source":"x"}`, "the parameter source has a shape"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{TB: t}
			s := mastotest.NewServer(r, mastotest.Strict())
			do(t, s, "PATCH", c.path, c.contentType, strings.NewReader(c.body))
			if c.want == "" {
				assert.Empty(t, r.failures)
				return
			}
			require.Len(t, r.failures, 1)
			assert.Contains(t, r.failures[0], c.want)
		})
	}
	r := &recorder{TB: t}
	s := mastotest.NewServer(r, mastotest.Strict())
	do(t, s, "GET", profile+"?access_token=x", "", nil)
	do(t, s, "PATCH", profile, "text/plain", strings.NewReader("note=x"))
	require.Len(t, r.failures, 2)
	assert.Contains(t, r.failures[0], "the token is in the address")
	assert.Contains(t, r.failures[1], "content type")

	pixelfed := mastotest.NewServer(r, mastotest.Strict(), mastotest.As(mastotest.Pixelfed))
	do(t, pixelfed, "POST", update, "application/x-www-form-urlencoded", strings.NewReader("nota=x"))
	require.Len(t, r.failures, 3)
	assert.Contains(t, r.failures[2], "no server knows the parameter nota")

	lenient := &recorder{TB: t}
	s = mastotest.NewServer(lenient)
	do(t, s, "PATCH", profile, "text/plain", strings.NewReader("note=x"))
	assert.Empty(t, lenient.failures)
}

// TestServerWithRecord: the server shows an account of one's own, and what is
// done to it later does not reach the record that was given.
func TestServerWithRecord(t *testing.T) {
	mine := &masto.Record{Username: "dora", Profile: masto.Profile{ID: "7", DisplayName: "Dora"}}
	s := mastotest.NewServer(t, mastotest.WithRecord(mine))
	status, body := do(t, s, "GET", "/api/v1/accounts/7", "", nil)
	require.Equal(t, 200, status)
	var a masto.Account
	require.NoError(t, a.UnmarshalJSON(body))
	assert.Equal(t, "dora", a.Acct)
	assert.Equal(t, "Dora", a.DisplayName)
	status, _ = send(t, s, "PATCH", profile, encodings[0], masto.Update{DisplayName: masto.Some("")})
	require.Equal(t, 200, status)
	assert.Empty(t, s.Record().Profile.DisplayName)
	assert.Equal(t, "Dora", mine.Profile.DisplayName)
}
