package client_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

func TestDecodeAPIError(t *testing.T) {
	for _, c := range []struct {
		name        string
		body        string
		message     string
		description string
		findings    []masto.Finding
		// content is what Error says about a body that is no JSON.
		content string
	}{
		{name: "Mastodon", body: `{"error":"Record not found"}`, message: "Record not found"},
		{
			name:        "OAuth",
			body:        `{"error":"invalid_grant","error_description":"The grant is invalid"}`,
			message:     "invalid_grant",
			description: "The grant is invalid",
		},
		{name: "OAuth with one text", body: `{"error":"a","error_description":"a"}`, message: "a", description: "a"},
		{name: "Laravel", body: `{"message":"Unauthenticated."}`, message: "Unauthenticated."},
		{
			name:     "Laravel with details",
			body:     `{"message":"It is too big.","errors":{"avatar":["It is too big."]}}`,
			message:  "It is too big.",
			findings: []masto.Finding{{Attribute: "avatar", Description: "It is too big."}},
		},
		{
			name:     "Pleroma",
			body:     `{"error":{"bio":["should be at most 5000 character(s)"]}}`,
			message:  "Bio should be at most 5000 character(s)",
			findings: []masto.Finding{{Attribute: "note", Description: "should be at most 5000 character(s)"}},
		},
		{name: "Misskey", body: `{"error":{"code":5,"message":"inside"}}`, message: "inside"},
		{name: "Phoenix", body: `{"errors":{"detail":"Not Found"}}`, message: "Not Found"},
		{name: "a detail", body: `{"detail":"Not Found"}`, message: "Not Found"},
		{name: "a list", body: `{"error":["one","two"]}`, message: "one, two"},
		{
			name:    "a list of objects",
			body:    `{"errors":[{"title":"one"},{"detail":"two"},5,null,{}]}`,
			message: "one, two",
		},
		{
			name:    "an object of lists",
			body:    `{"error":{"display_name":["is too long","is odd"],"note":["is too long"]}}`,
			message: "Display name is too long, Display name is odd, Note is too long",
			findings: []masto.Finding{
				{Attribute: "display_name", Description: "is too long"},
				{Attribute: "display_name", Description: "is odd"},
				{Attribute: "note", Description: "is too long"},
			},
		},
		{
			name:     "an object of texts",
			body:     `{"error":{"note":"is too long"}}`,
			message:  "Note is too long",
			findings: []masto.Finding{{Attribute: "note", Description: "is too long"}},
		},
		{
			name:     "details of texts",
			body:     `{"error":"no","details":{"note":["is too long",5]}}`,
			message:  "no",
			findings: []masto.Finding{{Attribute: "note", Description: "is too long"}},
		},
		{name: "null", body: `{"error":null,"details":5}`},
		{name: "a list of lists", body: `{"error":[["x"],[]]}`},
		{name: "an empty list", body: `{"error":[],"message":"x"}`, message: "x"},
		{name: "an empty object", body: `{}`},
		{name: "no object", body: `null`},
		{name: "an empty array", body: `[]`},
		{name: "an array", body: `["a","b"]`, message: "a, b"},
		{name: "a text", body: `"too many requests"`, message: "too many requests"},
		{name: "empty", body: ``, content: " and nothing else"},
		{name: "white space", body: " \r\n", content: " and nothing else"},
		{name: "a byte order mark", body: "\ufeff{\"error\":\"x\"}", message: "x"},
		{name: "plain text", body: `Retry later`, message: "Retry later", content: " with what is no JSON"},
		{name: "truncated", body: `{"error":"cut`, message: `{"error":"cut`, content: " with what is no JSON"},
		{
			name: "a page with a title",
			body: "<!DOCTYPE html>\n<HTML><head><meta charset=utf-8>" +
				"<TITLE lang=en>502 Bad\n Gateway &amp; more</TITLE></head><body><h1>Nope</h1></body>",
			message: "502 Bad Gateway & more",
			content: " with a web page",
		},
		{
			name:    "a page without one",
			body:    "<html><style>p{}</style><p>Out of<br>order</p>",
			message: "Out of order",
			content: " with a web page",
		},
		{name: "a title without an end", body: "<title>no end", message: "no end", content: " with a web page"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := client.DecodeAPIError(503, nil, []byte(c.body))
			require.Equal(t, 503, got.Status)
			require.Equal(t, c.message, got.Message)
			require.Equal(t, c.description, got.Description)
			require.Equal(t, c.findings, got.Findings)
			require.Equal(t, c.content != "", errors.Is(got, client.ErrNotAPI))
			text := "masto: the server answered 503" + c.content
			if c.message != "" {
				text += ": " + c.message
			}
			if c.description != "" && c.description != c.message {
				text += ": " + c.description
			}
			require.EqualError(t, got, text)
			_, isValidation := errors.AsType[*masto.ValidationError](error(got))
			require.Equal(t, c.findings != nil, isValidation)
		})
	}
}

func TestDecodeAPIErrorCutsPages(t *testing.T) {
	got := client.DecodeAPIError(500, nil, []byte(strings.Repeat("é", 1000)))
	require.Equal(t, strings.Repeat("é", 200), got.Message)
}

// TestFindingsInPlainText reads messages that name attributes, as servers send
// them that have no details.
func TestFindingsInPlainText(t *testing.T) {
	for _, c := range []struct {
		name, message string
		want          []masto.Finding
	}{
		{
			name:    "Mastodon before it had details",
			message: "Validation failed: Display name is too long (maximum is 30 characters), Note is too long",
			want: []masto.Finding{
				{Attribute: "display_name", Description: "is too long (maximum is 30 characters)"},
				{Attribute: "note", Description: "is too long"},
			},
		},
		{
			name:    "GoToSocial",
			message: "Bad Request: note length is 5001, but it must be 5000, or less",
			want: []masto.Finding{
				{Attribute: "note", Description: "length is 5001, but it must be 5000, or less"},
			},
		},
		{
			name:    "a name as it is sent",
			message: "avatar_description: too long",
			want:    []masto.Finding{{Attribute: "avatar_description", Description: "too long"}},
		},
		{
			name:    "another name for it",
			message: "Bio is too long",
			want:    []masto.Finding{{Attribute: "note", Description: "is too long"}},
		},
		{name: "nothing", message: "Validation failed: "},
		{name: "another word", message: "Notes are too long"},
		{name: "a name alone", message: "Note"},
		{name: "a sentence", message: "The note is too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, err := json.Marshal(map[string]string{"error": c.message})
			require.NoError(t, err)
			require.Equal(t, c.want, client.DecodeAPIError(422, nil, body).Findings)
			require.Empty(t, client.DecodeAPIError(404, nil, body).Findings, "it refuses nothing")
		})
	}
}

// TestAPIErrorHasFindings reads a refusal of Validate back.
func TestAPIErrorHasFindings(t *testing.T) {
	refused := masto.Limits{Note: 2}.Validate(masto.Update{
		Note:        masto.Some("too long"),
		Avatar:      masto.Some(&masto.Upload{Data: []byte("text")}),
		DisplayName: masto.Some(strings.Repeat("x", 50)),
	}, nil)
	want, ok := errors.AsType[*masto.ValidationError](refused)
	require.True(t, ok)
	body, err := json.Marshal(want)
	require.NoError(t, err)
	got := client.DecodeAPIError(422, nil, body)
	require.Equal(t, refused.Error(), got.Message)
	require.Equal(t, want.Findings, got.Findings)
	v, ok := errors.AsType[*masto.ValidationError](error(got))
	require.True(t, ok)
	require.Equal(t, want.Findings, v.Findings)
}

// FuzzAPIError checks that any body gives an error, which is a ValidationError
// exactly if there are findings.
func FuzzAPIError(f *testing.F) {
	f.Add([]byte(`{"error":"x","error_description":"y","details":{"a":[{"error":"E","description":"d"}]}}`))
	f.Add([]byte(`<html><title>x</title></html>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e := client.DecodeAPIError(422, nil, body)
		require.NotEmpty(t, e.Error())
		if _, ok := errors.AsType[*masto.ValidationError](error(e)); ok != (len(e.Findings) > 0) {
			t.Errorf("findings %v", e.Findings)
		}
	})
}
