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

// TestRefused sends everything that must be refused, by every encoding and to
// both methods, beside values that would be fine: after each the database and
// the folder of pictures are byte for byte what they were.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := startSession(t, t.TempDir(), "")
	s.addAccount(t, "2", "suspended", true)
	a := s.patch(t, "/api/v1/profile", "multipart",
		text("note", "Before"),
		file("avatar", pngPixel, "image/png"),
		file("header", gifPixel, "image/gif"),
	)
	require.Equal(t, 200, a.status, a.body)

	fine := []param{
		text("note", "After"),
		text("locked", "true"),
		file("avatar", gifPixel, "image/gif"),
		file("header", pngPixel, "image/png"),
	}
	bearer := "Bearer " + s.token
	senders := refusedSenders(t, s)
	kept := s.snapshot(t)
	check := func(t *testing.T, a answer, status int) {
		t.Helper()
		require.Equal(t, status, a.status, a.body)
		if status != 431 { // That is net/http's own answer.
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
			for _, c := range refusedValues() {
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
		for _, c := range refusedBodies() {
			t.Run(path+" by "+c.encoding+", "+c.name, func(t *testing.T) {
				body := io.MultiReader(strings.NewReader(c.body), io.LimitReader(zeros{}, int64(c.pad)))
				check(t, s.send(t, request{"PATCH", path + c.query, bearer, c.contentType, body}), c.status)
			})
		}
	}
	for _, kind := range []string{"avatar", "header"} {
		for _, c := range senders {
			t.Run("DELETE of the "+kind+" with "+c.name, func(t *testing.T) {
				a := s.send(t, request{
					method:        "DELETE",
					path:          "/api/v1/profile/" + kind,
					authorization: c.authorization,
				})
				check(t, a, c.status)
				assert.Equal(t, c.body, a.body)
			})
		}
	}
	// Unknown parameters are no error, but change nothing either.
	for encoding := range encodings {
		a := s.patch(t, "/api/v1/profile", encoding, text("unknown", "x"), text("source[unknown]", "x"))
		require.Equal(t, 200, a.status, a.body)
		require.Equal(t, kept, s.snapshot(t))
	}
}

// sender is somebody who may not change the account.
type sender struct {
	name          string
	authorization string
	status        int
	body          string
}

// refusedSenders returns all kinds of them.
func refusedSenders(t *testing.T, s *session) []sender {
	t.Helper()
	const (
		unauthorized = `{"error":"The access token is invalid"}`
		outside      = `{"error":"This action is outside the authorized scopes"}`
	)
	bearer := "Bearer " + s.token
	return []sender{
		{
			name:   "no token",
			status: 401,
			body:   unauthorized,
		},
		{
			name:          "another scheme",
			authorization: "Basic " + s.token,
			status:        401,
			body:          unauthorized,
		},
		{
			name:          "no scheme",
			authorization: s.token,
			status:        401,
			body:          unauthorized,
		},
		{
			name:          "an empty token",
			authorization: "Bearer ",
			status:        401,
			body:          unauthorized,
		},
		{
			name:          "an unknown token",
			authorization: bearer + "x",
			status:        401,
			body:          unauthorized,
		},
		{
			name:          "a scope for reading",
			authorization: "Bearer " + s.grant(t, "1", "read profile read:accounts write:statuses"),
			status:        403,
			body:          outside,
		},
		{
			name:          "no scope",
			authorization: "Bearer " + s.grant(t, "1", ""),
			status:        403,
			body:          outside,
		},
		{
			name:          "a token without user",
			authorization: "Bearer " + s.grant(t, "", "read write"),
			status:        422,
			body:          `{"error":"This method requires an authenticated user"}`,
		},
		{
			name:          "a suspended user",
			authorization: "Bearer " + s.grant(t, "2", "read write"),
			status:        403,
			body:          `{"error":"Your login is currently disabled"}`,
		},
		{
			name:          "an unknown account",
			authorization: "Bearer " + s.grant(t, "404", "read write"),
			status:        404,
			body:          `{"error":"Record not found"}`,
		},
	}
}

// refusedValue is an update with a value that is not allowed.
type refusedValue struct {
	name   string
	wrong  []param
	detail string // the member of "details" that names it
	long   bool   // too long for a query
}

// hugeGIF says that it has 65,535 by 65,535 pixels.
var hugeGIF = gifPixel[:6] + "\xff\xff\xff\xff" + gifPixel[10:]

func refusedValues() []refusedValue {
	png := pngPixel[:24]
	return []refusedValue{
		{
			name:   "a display name too long",
			wrong:  []param{text("display_name", strings.Repeat("x", 41))},
			detail: "display_name",
		},
		{
			name:   "a bio too long",
			wrong:  []param{text("note", strings.Repeat("x", 501))},
			detail: "note",
		},
		{
			name:   "a description too long",
			wrong:  []param{text("avatar_description", strings.Repeat("x", 151))},
			detail: "avatar_description",
		},
		{
			name:   "too many fields",
			wrong:  rows(5),
			detail: "fields",
		},
		{
			name:   "a domain that is none",
			wrong:  []param{text("attribution_domains[]", "no domain")},
			detail: "attribution_domains",
		},
		{
			name:   "an avatar that is no picture",
			wrong:  []param{file("avatar", "hello", "text/plain")},
			detail: "avatar_content_type",
		},
		{
			name:   "an avatar that only says so",
			wrong:  []param{file("avatar", "<html><script>alert(1)</script>", "image/png")},
			detail: "avatar",
		},
		{
			name:   "an avatar that is cut short",
			wrong:  []param{file("avatar", pngPixel[:50], "image/png")},
			detail: "avatar",
		},
		{
			name:   "a header with too many pixels",
			wrong:  []param{file("header", hugeGIF, "image/gif")},
			detail: "header",
		},
		{
			name:   "an avatar of another type",
			wrong:  []param{file("avatar", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")},
			detail: "avatar_content_type",
		},
		{
			name:   "a header of another type",
			wrong:  []param{file("header", "BM"+strings.Repeat("\x00", 64), "image/bmp")},
			detail: "header_content_type",
		},
		{
			name:   "an avatar too large",
			wrong:  []param{file("avatar", png+strings.Repeat("\x00", 8<<20-len(png)), "image/png")},
			detail: "avatar_file_size",
			long:   true,
		},
		{
			name:   "a header too large",
			wrong:  []param{file("header", png+strings.Repeat("\x00", 9<<20), "image/png")},
			detail: "header_file_size",
			long:   true,
		},
	}
}

// refusedBody is a request that is wrong as a whole.
type refusedBody struct {
	name        string
	encoding    string
	query       string
	contentType string
	body        string
	pad         int // zeros that follow
	status      int
}

func refusedBodies() []refusedBody {
	const (
		jsonType      = "application/json"
		formType      = "application/x-www-form-urlencoded"
		multipartType = "multipart/form-data; boundary=x"
		notePart      = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nAfter"
	)
	return []refusedBody{
		{
			name:        "malformed",
			encoding:    "JSON",
			contentType: jsonType,
			body:        `{"note":"After",`,
			status:      400,
		},
		{
			name:        "malformed",
			encoding:    "JSON",
			contentType: jsonType,
			body:        `{"note":"After"} x`,
			status:      400,
		},
		{
			name:        "no object",
			encoding:    "JSON",
			contentType: jsonType,
			body:        `"note"`,
			status:      400,
		},
		{
			name:        "malformed",
			encoding:    "form",
			contentType: formType,
			body:        "note=After&locked=%zz",
			status:      400,
		},
		{
			name:     "malformed",
			encoding: "query",
			query:    "?note=After&locked=%zz",
			status:   400,
		},
		{
			name:        "malformed",
			encoding:    "multipart",
			contentType: multipartType,
			body:        notePart,
			status:      400,
		},
		{
			name:        "no boundary",
			encoding:    "multipart",
			contentType: "multipart/form-data",
			body:        "--x--",
			status:      400,
		},
		{
			name:        "invalid UTF-8",
			encoding:    "JSON",
			contentType: jsonType,
			body:        "{\"note\":\"After\xff\"}",
			status:      400,
		},
		{
			name:        "invalid UTF-8",
			encoding:    "form",
			contentType: formType,
			body:        "locked=true&note=After%ff",
			status:      400,
		},
		{
			name:     "invalid UTF-8",
			encoding: "query",
			query:    "?locked=true&note=After%ff",
			status:   400,
		},
		{
			name:        "invalid UTF-8",
			encoding:    "multipart",
			contentType: multipartType,
			body:        notePart + "\xff\r\n--x--\r\n",
			status:      400,
		},
		{
			name:        "too large",
			encoding:    "JSON",
			contentType: jsonType,
			body:        `{"note":"After","x":"`,
			pad:         40 << 20,
			status:      413,
		},
		{
			name:        "too large",
			encoding:    "form",
			contentType: formType,
			body:        `note=After&x=`,
			pad:         40 << 20,
			status:      413,
		},
		{
			name:     "too large",
			encoding: "query",
			query:    "?note=After&x=" + strings.Repeat("x", 100<<10),
			status:   431,
		},
		{
			name:        "too large",
			encoding:    "multipart",
			contentType: multipartType,
			body:        "--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\"\r\n\r\n",
			pad:         40 << 20,
			status:      413,
		},
		{
			name:        "too many parts",
			encoding:    "JSON",
			contentType: jsonType,
			body:        `{"note":"After","attribution_domains":[` + strings.Repeat(`"a",`, 5000) + `"a"]}`,
			status:      400,
		},
		{
			name:        "too many parts",
			encoding:    "form",
			contentType: formType,
			body:        "note=After" + strings.Repeat("&x=1", 5000),
			status:      400,
		},
		{
			name:     "too many parts",
			encoding: "query",
			query:    "?note=After" + strings.Repeat("&x=1", 5000),
			status:   400,
		},
		{
			name:        "too many parts",
			encoding:    "multipart",
			contentType: multipartType,
			body:        strings.Repeat(notePart+"\r\n", 5000) + "--x--\r\n",
			status:      400,
		},
		{
			name:        "another type",
			encoding:    "JSON",
			contentType: "text/plain",
			body:        `{"note":"After"}`,
			status:      415,
		},
		{
			name:     "another type",
			encoding: "form",
			body:     "note=After",
			status:   415,
		},
		{
			name:        "another type",
			encoding:    "query",
			query:       "?note=After",
			contentType: "application/octet-stream",
			body:        "x",
			status:      415,
		},
		{
			name:        "another type",
			encoding:    "multipart",
			contentType: "multipart/mixed; boundary=x",
			body:        notePart + "\r\n--x--\r\n",
			status:      415,
		},
	}
}

// zeros reads as zeros without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// rows returns n fields.
func rows(n int) []param {
	var all []param
	for i := range n {
		name := "fields_attributes[" + strconv.Itoa(i) + "]"
		all = append(all, text(name+"[name]", "a"), text(name+"[value]", "b"))
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
