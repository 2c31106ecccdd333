package main

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRefused sends everything that must be refused, by every encoding and to both methods, beside values that would be fine: after
// each the database and the folder of pictures are byte for byte what they were.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := startSession(t, t.TempDir(), "")
	s.addAccount(t, "2", "suspended", true)
	a := s.patch(t, "/api/v1/profile", "multipart",
		param{name: "note", value: "Before"}, param{"avatar", pngPixel, "image/png"}, param{"header", gifPixel, "image/gif"})
	require.Equal(t, 200, a.status, a.body)

	fine := []param{{name: "note", value: "After"}, {name: "locked", value: "true"}, {"avatar", gifPixel, "image/gif"}, {"header", pngPixel, "image/png"}}
	bearer := "Bearer " + s.token
	unauthorized := `{"error":"The access token is invalid"}`
	outside := `{"error":"This action is outside the authorized scopes"}`

	// who sends it
	senders := []struct {
		name, authorization string
		status              int
		body                string
	}{
		{"no token", "", 401, unauthorized},
		{"another scheme", "Basic " + s.token, 401, unauthorized},
		{"no scheme", s.token, 401, unauthorized},
		{"an empty token", "Bearer ", 401, unauthorized},
		{"an unknown token", bearer + "x", 401, unauthorized},
		{"a scope for reading", "Bearer " + s.grant(t, "1", "read profile read:accounts write:statuses"), 403, outside},
		{"no scope", "Bearer " + s.grant(t, "1", ""), 403, outside},
		{"a token without user", "Bearer " + s.grant(t, "", "read write"), 422, `{"error":"This method requires an authenticated user"}`},
		{"a suspended user", "Bearer " + s.grant(t, "2", "read write"), 403, `{"error":"Your login is currently disabled"}`},
		{"an unknown account", "Bearer " + s.grant(t, "404", "read write"), 404, `{"error":"Record not found"}`},
	}

	// what is wrong with the values, by the member of "details" that says so; "": the query cannot be as long as that
	png := pngPixel[:24]
	values := []struct {
		name   string
		wrong  []param
		detail string
		long   bool
	}{
		{"a display name too long", []param{{name: "display_name", value: strings.Repeat("x", 41)}}, "display_name", false},
		{"a bio too long", []param{{name: "note", value: strings.Repeat("x", 501)}}, "note", false},
		{"a description too long", []param{{name: "avatar_description", value: strings.Repeat("x", 151)}}, "avatar_description", false},
		{"too many fields", rows(5), "fields", false},
		{"a domain that is none", []param{{name: "attribution_domains[]", value: "no domain"}}, "attribution_domains", false},
		{"an avatar that is no picture", []param{{"avatar", "hello", "text/plain"}}, "avatar_content_type", false},
		{"an avatar that only says so", []param{{"avatar", "<html><script>alert(1)</script>", "image/png"}}, "avatar", false},
		{"an avatar of another type", []param{{"avatar", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"}}, "avatar_content_type", false},
		{"a header of another type", []param{{"header", "BM" + strings.Repeat("\x00", 64), "image/bmp"}}, "header_content_type", false},
		{"an avatar too large", []param{{"avatar", png + strings.Repeat("\x00", 8<<20-len(png)), "image/png"}}, "avatar_file_size", true},
		{"a header too large", []param{{"header", png + strings.Repeat("\x00", 9<<20), "image/png"}}, "header_file_size", true},
	}

	// what is wrong with the request as a whole
	const formType = "application/x-www-form-urlencoded"
	bodies := []struct {
		name, encoding     string
		query, contentType string
		body               string
		pad                int // zeros that follow
		status             int
	}{
		{"malformed", "JSON", "", "application/json", `{"note":"After",`, 0, 400},
		{"malformed", "JSON", "", "application/json", `{"note":"After"} x`, 0, 400},
		{"no object", "JSON", "", "application/json", `"note"`, 0, 400},
		{"malformed", "form", "", formType, "note=After&locked=%zz", 0, 400},
		{"malformed", "query", "?note=After&locked=%zz", "", "", 0, 400},
		{"malformed", "multipart", "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nAfter", 0, 400},
		{"no boundary", "multipart", "", "multipart/form-data", "--x--", 0, 400},
		{"invalid UTF-8", "JSON", "", "application/json", "{\"note\":\"After\xff\"}", 0, 400},
		{"invalid UTF-8", "form", "", formType, "locked=true&note=After%ff", 0, 400},
		{"invalid UTF-8", "query", "?locked=true&note=After%ff", "", "", 0, 400},
		{"invalid UTF-8", "multipart", "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nAfter\xff\r\n--x--\r\n", 0, 400},
		{"too large", "JSON", "", "application/json", `{"note":"After","x":"`, 40 << 20, 413},
		{"too large", "form", "", formType, `note=After&x=`, 40 << 20, 413},
		{"too large", "query", "?note=After&x=" + strings.Repeat("x", 100<<10), "", "", 0, 431},
		{"too large", "multipart", "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\"\r\n\r\n", 40 << 20, 413},
		{"too many parts", "JSON", "", "application/json", `{"note":"After","attribution_domains":[` + strings.Repeat(`"a",`, 5000) + `"a"]}`, 0, 400},
		{"too many parts", "form", "", formType, "note=After" + strings.Repeat("&x=1", 5000), 0, 400},
		{"too many parts", "query", "?note=After" + strings.Repeat("&x=1", 5000), "", "", 0, 400},
		{"too many parts", "multipart", "", "multipart/form-data; boundary=x", strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nAfter\r\n", 5000) + "--x--\r\n", 0, 400},
		{"another type", "JSON", "", "text/plain", `{"note":"After"}`, 0, 415},
		{"another type", "form", "", "", "note=After", 0, 415},
		{"another type", "query", "?note=After", "application/octet-stream", "x", 0, 415},
		{"another type", "multipart", "", "multipart/mixed; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nAfter\r\n--x--\r\n", 0, 415},
	}

	kept := s.snapshot(t)
	check := func(t *testing.T, a answer, status int) {
		t.Helper()
		require.Equal(t, status, a.status, a.body)
		if status != 431 { // net/http's own
			require.NotEmpty(t, a.object(t)["error"])
		}
		for _, internal := range []string{"masto:", "httpapi:", "sql", "panic", ".go:"} {
			require.NotContains(t, a.body, internal)
		}
		if now := s.snapshot(t); now != kept {
			require.Equal(t, kept, now)
		}
	}
	for _, path := range []string{"/api/v1/profile", "/api/v1/accounts/update_credentials"} {
		for encoding, encode := range encodings {
			query, contentType, body := encode(t, fine)
			for _, c := range senders {
				t.Run(path+" by "+encoding+" with "+c.name, func(t *testing.T) {
					a := s.send(t, request{"PATCH", path + query, c.authorization, contentType, bytes.NewReader(body)})
					check(t, a, c.status)
					assert.Equal(t, c.body, a.body)
				})
			}
			wrong := []string{"POST"}
			if path != "/api/v1/profile" {
				wrong = append(wrong, "PUT")
			}
			for _, method := range wrong {
				t.Run(path+" by "+encoding+" with "+method, func(t *testing.T) {
					a := s.send(t, request{method, path + query, bearer, contentType, bytes.NewReader(body)})
					check(t, a, 405)
					assert.Contains(t, a.header.Get("Allow"), "PATCH")
				})
			}
			for _, c := range values {
				t.Run(path+" by "+encoding+" with "+c.name, func(t *testing.T) {
					query, contentType, body := encode(t, beside(c.wrong, fine))
					a := s.send(t, request{"PATCH", path + query, bearer, contentType, bytes.NewReader(body)})
					if c.long && encoding == "query" {
						check(t, a, 431)
						return
					}
					check(t, a, 422)
					assert.Contains(t, a.object(t)["details"], c.detail, a.body)
					assert.Contains(t, a.body, `{"error":"Validation failed: `)
				})
			}
		}
		for _, c := range bodies {
			t.Run(path+" by "+c.encoding+", "+c.name, func(t *testing.T) {
				body := io.MultiReader(strings.NewReader(c.body), io.LimitReader(zeros{}, int64(c.pad)))
				check(t, s.send(t, request{"PATCH", path + c.query, bearer, c.contentType, body}), c.status)
			})
		}
	}
	for _, kind := range []string{"avatar", "header"} {
		for _, c := range senders {
			t.Run("DELETE of the "+kind+" with "+c.name, func(t *testing.T) {
				a := s.send(t, request{method: "DELETE", path: "/api/v1/profile/" + kind, authorization: c.authorization})
				check(t, a, c.status)
				assert.Equal(t, c.body, a.body)
			})
		}
	}
	// Unknown parameters are no mistake, and change nothing either.
	for encoding := range encodings {
		a := s.patch(t, "/api/v1/profile", encoding, param{name: "unknown", value: "x"}, param{name: "source[unknown]", value: "x"})
		require.Equal(t, 200, a.status, a.body)
		require.Equal(t, kept, s.snapshot(t))
	}
}

// zeros is a reader of nothing else, without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// rows are n fields.
func rows(n int) []param {
	var all []param
	for i := range n {
		name := "fields_attributes[" + strconv.Itoa(i) + "]"
		all = append(all, param{name: name + "[name]", value: "a"}, param{name: name + "[value]", value: "b"})
	}
	return all
}

// beside returns wrong and those of fine that have other names.
func beside(wrong, fine []param) []param {
	all := slices.Clone(wrong)
	for _, p := range fine {
		if !slices.ContainsFunc(wrong, func(w param) bool { return w.name == p.name }) {
			all = append(all, p)
		}
	}
	return all
}
