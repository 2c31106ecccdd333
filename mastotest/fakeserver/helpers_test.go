package fakeserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// The paths that the tests ask.
const (
	profile = "/api/v1/profile"
	verify  = "/api/v1/accounts/verify_credentials"
	update  = "/api/v1/accounts/update_credentials"
)

// The content types that the tests send by hand.
const (
	typeForm = "application/x-www-form-urlencoded"
	typeJSON = "application/json"
)

// pngData begins as a PNG does, which is all that a server looks at.
const pngData = "\x89PNG\r\n\x1a\n and so on"

// png returns an upload of pngData.
func png() *masto.Upload {
	return &masto.Upload{Filename: "me.png", ContentType: "image/png", Data: []byte(pngData)}
}

// do sends a request with the token of s.
func do(
	t *testing.T, s *fakeserver.Server, method, path, contentType string, body io.Reader,
) (status int, answer []byte) {
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

// send sends u by a method and in one of the encodings.
func send(
	t *testing.T, s *fakeserver.Server, method, path, encoding string, u masto.Update,
) (status int, answer []byte) {
	t.Helper()
	switch encoding {
	case "JSON":
		body, err := u.MarshalJSON()
		require.NoError(t, err)
		return do(t, s, method, path, typeJSON, bytes.NewReader(body))
	case "form":
		body, err := u.EncodeForm()
		require.NoError(t, err)
		return do(t, s, method, path, typeForm, strings.NewReader(body))
	}
	m, err := u.EncodeMultipart()
	require.NoError(t, err)
	return do(t, s, method, path, m.ContentType, m.NewReader())
}

// object decodes a JSON object.
func object(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(body, &m), string(body))
	return m
}

// recorder is a testing.TB that notes failures instead of failing.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}
