package masto_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestDecodeAPIError(t *testing.T) {
	for _, c := range []struct {
		body string
		want masto.APIError
		text string
	}{
		{`{"error":"Record not found"}`, masto.APIError{Message: "Record not found"}, ": Record not found"},
		{
			`{"error":"invalid_grant","error_description":"The grant is invalid"}`,
			masto.APIError{Message: "invalid_grant", Description: "The grant is invalid"},
			": invalid_grant: The grant is invalid",
		},
		{`{"error":"a","error_description":"a"}`, masto.APIError{Message: "a", Description: "a"}, ": a"},
		{`{"message":"Unauthenticated."}`, masto.APIError{Message: "Unauthenticated."}, ": Unauthenticated."},
		{`{"error":{"code":5,"message":"inside"}}`, masto.APIError{Message: "inside"}, ": inside"},
		{`{"error":null,"details":5}`, masto.APIError{}, ""},
		{`{"error":["x"]}`, masto.APIError{}, ""},
		{`{}`, masto.APIError{}, ""},
		{`null`, masto.APIError{}, ""},
		{`[]`, masto.APIError{}, ""},
		{`"too many requests"`, masto.APIError{Message: "too many requests"}, ": too many requests"},
		{``, masto.APIError{}, ""},
		{" \r\n", masto.APIError{}, ""},
		{"\ufeff{\"error\":\"x\"}", masto.APIError{Message: "x"}, ": x"},
		{`Retry later`, masto.APIError{Message: "Retry later"}, ": Retry later"},
		{`{"error":"cut`, masto.APIError{Message: `{"error":"cut`}, `: {"error":"cut`},
		{
			"<!DOCTYPE html>\n<HTML><head><meta charset=utf-8><TITLE lang=en>502 Bad\n Gateway &amp; more</TITLE></head><body><h1>Nope</h1></body>",
			masto.APIError{Message: "502 Bad Gateway & more"},
			": 502 Bad Gateway & more",
		},
		{"<html><style>p{}</style><p>Out of<br>order</p>", masto.APIError{Message: "Out of order"}, ": Out of order"},
		{"<title>no end", masto.APIError{Message: "no end"}, ": no end"},
	} {
		c.want.Status = 503
		got := masto.DecodeAPIError(503, []byte(c.body))
		require.Equal(t, &c.want, got, c.body)
		require.Equal(t, "masto: the server answered 503"+c.text, got.Error())
		require.NoError(t, errors.Unwrap(got))
	}
	long := masto.DecodeAPIError(500, []byte(strings.Repeat("é", 1000)))
	require.Equal(t, strings.Repeat("é", 200), long.Message)
}

func TestAPIErrorHasFindings(t *testing.T) {
	refused := masto.Limits{}.Validate(badUpdate().Normalized(), nil)
	got := masto.DecodeAPIError(422, encode(refused))
	require.Equal(t, refused.Error(), got.Message)
	v, ok := errors.AsType[*masto.ValidationError](error(got))
	require.True(t, ok)
	require.Equal(t, codes(v.Findings), codes(got.Findings))
	require.Len(t, got.Findings, 16)
}

func FuzzAPIError(f *testing.F) {
	f.Add([]byte(`{"error":"x","error_description":"y","details":{"a":[{"error":"E","description":"d"}]}}`))
	f.Add([]byte(`<html><title>x</title></html>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e := masto.DecodeAPIError(500, body)
		require.NotEmpty(t, e.Error())
		if _, ok := errors.AsType[*masto.ValidationError](error(e)); ok != (len(e.Findings) > 0) {
			t.Errorf("findings %v", e.Findings)
		}
	})
}
