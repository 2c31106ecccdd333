package fakeserver_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestREADMEOfEncodings compares the table of encodings in README.md with what
// the fake servers do.
func TestREADMEOfEncodings(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	rows := map[string][]string{}
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(line, " | "); len(cells) == 6 {
			rows[strings.TrimPrefix(cells[0], "| ")] = cells[1:5]
		}
	}
	for _, software := range fakeserver.Kinds() {
		t.Run(software.String(), func(t *testing.T) {
			assert.Equal(t, []string{
				takes(t, software, "multipart"),
				takes(t, software, "form"),
				takes(t, software, "JSON"),
				removes(t, software),
			}, rows[software.String()])
		})
	}
}

// takes returns what a kind of server takes in an encoding, in the words of the
// README.
func takes(t *testing.T, software fakeserver.Software, encoding string) string {
	t.Helper()
	try := func(method string, u masto.Update, took func(p masto.Profile) bool) bool {
		s := fakeserver.New(t, fakeserver.WithSoftware(software))
		send(t, s, method, update, encoding, u)
		return took(s.Record().Profile)
	}
	var says []string

	text := masto.Update{Note: masto.Some("New")}
	tookText := func(p masto.Profile) bool { return p.Note == "New" }
	method := "PATCH"
	if !try(method, text, tookText) {
		method = "POST"
		says = append(says, "by POST")
		require.True(t, try(method, text, tookText))
	}

	fields := masto.Update{Fields: masto.Some([]masto.Field{{Name: "a", Value: "b"}})}
	if !try(method, fields, func(p masto.Profile) bool { return p.Fields[0].Name == "a" }) {
		says = append(says, "no fields")
	}

	picture := masto.Update{Avatar: masto.Some(png())}
	if !try(method, picture, func(p masto.Profile) bool { return p.Avatar != "" }) {
		says = append(says, "no pictures")
	}

	if says == nil {
		return "yes"
	}
	return strings.Join(says, ", ")
}

// removes returns how a picture is removed on a kind of server, in the words of
// the README.
func removes(t *testing.T, software fakeserver.Software) string {
	t.Helper()
	var ways []string
	for _, way := range []struct {
		name        string
		method      string
		path        string
		contentType string
		body        string
	}{
		{
			name:   "DELETE",
			method: "DELETE",
			path:   profile + "/avatar",
		},
		{
			name:        "JSON null",
			method:      "PATCH",
			path:        update,
			contentType: typeJSON,
			body:        `{"avatar":null}`,
		},
		{
			name:        "an empty text",
			method:      "PATCH",
			path:        update,
			contentType: typeForm,
			body:        "avatar=",
		},
	} {
		s := fakeserver.New(t, fakeserver.WithSoftware(software))
		r := s.Record()
		r.Profile.Avatar = s.URL + "/media/1.png"
		s.SetRecord(r)
		do(t, s, way.method, way.path, way.contentType, strings.NewReader(way.body))
		if s.Record().Profile.Avatar == "" {
			ways = append(ways, way.name)
		}
	}
	if ways == nil {
		return "none"
	}
	return strings.Join(ways, ", ")
}
