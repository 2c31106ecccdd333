package mastotest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// The table of encodings in README.md says what the fake servers do.
func TestREADMEOfEncodings(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	rows := map[string][]string{}
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(line, " | "); len(cells) == 6 {
			rows[strings.TrimPrefix(cells[0], "| ")] = cells[1:5]
		}
	}
	for _, software := range kinds {
		assert.Equal(t, []string{
			takes(t, software, "multipart"), takes(t, software, "form"), takes(t, software, "JSON"), removes(t, software),
		}, rows[software.String()], software)
	}
}

// takes tells what of text, fields and pictures a kind of server takes in an encoding.
func takes(t *testing.T, software mastotest.Software, encoding string) string {
	t.Helper()
	try := func(method string, u masto.Update, took func(p masto.Profile) bool) bool {
		s := mastotest.NewServer(t, mastotest.As(software))
		send(t, s, method, update, encoding, u)
		return took(s.Record().Profile)
	}
	var says []string
	text := masto.Update{Note: masto.Some("New")}
	method := "PATCH"
	if !try(method, text, func(p masto.Profile) bool { return p.Note == "New" }) {
		method = "POST"
		says = append(says, "by POST")
		require.True(t, try(method, text, func(p masto.Profile) bool { return p.Note == "New" }))
	}
	if !try(method, masto.Update{Fields: masto.Some([]masto.Field{{Name: "a", Value: "b"}})}, func(p masto.Profile) bool { return p.Fields[0].Name == "a" }) {
		says = append(says, "no fields")
	}
	picture := masto.Some(&masto.Upload{Filename: "a.png", Data: []byte(pngData)})
	if !try(method, masto.Update{Avatar: picture}, func(p masto.Profile) bool { return p.Avatar != "" }) {
		says = append(says, "no pictures")
	}
	if says == nil {
		return "yes"
	}
	return strings.Join(says, ", ")
}

// removes tells how a picture is removed.
func removes(t *testing.T, software mastotest.Software) string {
	t.Helper()
	var ways []string
	for _, w := range []struct{ name, method, path, contentType, body string }{
		{"DELETE", "DELETE", profile + "/avatar", "", ""},
		{"JSON null", "PATCH", update, "application/json", `{"avatar":null}`},
		{"an empty text", "PATCH", update, "application/x-www-form-urlencoded", "avatar="},
	} {
		s := mastotest.NewServer(t, mastotest.As(software))
		r := s.Record()
		r.Profile.Avatar = s.URL + "/media/1.png"
		s.SetRecord(r)
		do(t, s, w.method, w.path, w.contentType, strings.NewReader(w.body))
		if s.Record().Profile.Avatar == "" {
			ways = append(ways, w.name)
		}
	}
	if ways == nil {
		return "none"
	}
	return strings.Join(ways, ", ")
}
