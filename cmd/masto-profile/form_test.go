package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// sample returns a profile with texts that look like parts of a form.
func sample() masto.Profile {
	yes := true
	return masto.Profile{
		DisplayName:        "# Alice: = \"x\"",
		Note:               "#fungi\n\n# not a comment\r\n--- your bio\n  indented",
		AvatarDescription:  " two\nlines ",
		Locked:             true,
		Discoverable:       &yes,
		AttributionDomains: []string{"a.example", "b.example"},
		Fields: []masto.Field{
			{Name: "Site", Value: "https://a.example/?x=1&y=2#z"},
			{Name: "a = b", Value: "= c"},
			{Name: `"q"`, Value: `"q" and more`},
			{Name: "odd\x1b[2J", Value: " \ttab\n"},
			{Name: "empty"},
			{Value: "no label"},
		},
	}
}

func TestFormText(t *testing.T) {
	p := sample()
	p.Note, p.Fields = "Two\nlines", p.Fields[:2]
	assert.Equal(t, `display_name: # Alice: = "x"
avatar_description: " two\nlines "
header_description:
locked: true
bot: false
discoverable: true
hide_collections: null
indexable: false
show_media: false
show_media_replies: false
show_featured: false
attribution_domains: a.example, b.example

field: Site = https://a.example/?x=1&y=2#z
field: "a = b" = = c
`+bioMark+`
Two
lines
`, formText(&p))
}

// TestFormUntouched checks that a form that is not edited changes nothing.
func TestFormUntouched(t *testing.T) {
	for _, p := range []masto.Profile{sample(), {}, {Note: "\n\nx\n"}} {
		after, err := parseForm(formText(&p), p)
		require.NoError(t, err)
		assert.Equal(t, masto.Update{}, masto.Diff(p, after))
		after, err = parseForm(strings.ReplaceAll(formText(&p), "\n", "\r\n"), p)
		require.NoError(t, err)
		assert.Equal(t, masto.Update{}, masto.Diff(p, after), "an editor may end lines by CR LF")
	}
}

func TestParseForm(t *testing.T) {
	before := sample()
	text := strings.Join([]string{
		"display_name: ",
		" discoverable:null",
		"# comment",
		"locked: 0",
		"field: Mood = damp",
		"attribution_domains: c.example",
		bioMark,
		"#New",
		"",
	}, "\n")
	after, err := parseForm(text, before)
	require.NoError(t, err)
	assert.Equal(t, masto.Update{
		DisplayName:        masto.Some(""),
		Note:               masto.Some("#New"),
		Locked:             masto.Some(false),
		Discoverable:       masto.Some[*bool](nil),
		Fields:             masto.Some([]masto.Field{{Name: "Mood", Value: "damp"}}),
		AttributionDomains: masto.Some([]string{"c.example"}),
	}, masto.Diff(before, after))
}

func TestParseFormErrors(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"no bio", "display_name: x", "is missing"},
		{"unknown attribute", "nonsense: x\n" + bioMark + "\n", `line 1: unknown attribute "nonsense"`},
		{"no Boolean", "\nlocked: maybe\n" + bioMark + "\n", `line 2: locked: invalid value "maybe"`},
		{"no colon", "nothing\n" + bioMark + "\n", "no colon"},
		{"no equals sign", "field: x\n" + bioMark + "\n", "equals sign"},
		{"open quotes in a field", "field: \"x = y\n" + bioMark + "\n", "line 1"},
		{"open quotes in a text", "display_name: \"x\n" + bioMark, "display_name"},
		{"empty Boolean", "bot:\n" + bioMark, "bot"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseForm(c.text, sample())
			require.ErrorContains(t, err, c.want)
		})
	}
}

// FuzzForm checks that the form of any profile is read back as that profile.
func FuzzForm(f *testing.F) {
	for _, field := range sample().Fields {
		f.Add(field.Name, field.Value, "note", "name")
	}
	f.Add("\xff", "\u2028", "\r\r\n", bioMark)
	f.Fuzz(func(t *testing.T, label, value, note, name string) {
		p := masto.Profile{
			DisplayName: name,
			Note:        note,
			Fields:      []masto.Field{{Name: label, Value: value}, {Name: value, Value: label}},
		}
		text := formText(&p)
		after, err := parseForm(text, p)
		require.NoError(t, err, text)
		require.Equal(t, masto.Update{}, masto.Diff(p, after), text)
		_, _ = parseForm(note, p) // It must not panic, whatever the text is.
	})
}

// TestEditInEditor edits the profile by scripts that take the place of an
// editor.
func TestEditInEditor(t *testing.T) {
	s := fakeserver.New(t, fakeserver.Strict())
	editWith := func(script, stdin string) result {
		editor := writeFile(t, "editor", "#!/bin/sh\n"+script+"\n", 0o700)
		env := map[string]string{"MASTO_SERVER": s.URL, "MASTO_TOKEN": s.Token, "EDITOR": editor}
		return runWith(t, env, stdin, "edit")
	}
	r := editWith("true", "")
	assert.Equal(t, 0, r.code, r.err)
	assert.Contains(t, r.err, "Nothing changes.")

	r = editWith(`sed -i -e 's/^display_name: .*/display_name: Bob/' \
		-e 's/Mushrooms!/Truffles!/' -e '/^field: Pron/d' "$1"`, "y\n")
	require.Equal(t, 0, r.code, r.err)
	p := s.Record().Profile
	assert.Equal(t, "Bob Truffles! https://loaf.io #fungi", p.DisplayName+" "+p.Note)
	require.Len(t, p.Fields, 1)
	assert.False(t, p.Fields[0].VerifiedAt.IsZero())
	assert.Contains(t, r.err, "  - Pronouns: she/her\n")

	r = editWith(`sed -i 's/^locked: .*/locked: perhaps/' "$1"`, "n\n")
	assert.Equal(t, exitRefused, r.code)
	assert.Contains(t, r.err, `locked: invalid value "perhaps"`)
	r = editWith(`if grep -q perhaps "$1"
		then sed -i 's/perhaps/true/' "$1"
		else sed -i 's/^locked: .*/locked: perhaps/' "$1"
		fi`, "y\ny\n")
	assert.Equal(t, 0, r.code, "the second edit corrects the first: %s", r.err)
	assert.True(t, s.Record().Profile.Locked)

	assert.Equal(t, exitFailed, editWith("exit 3", "").code)
	r = editWith(`ls -l "$1" | grep -q '^-rw-------'`, "")
	assert.Equal(t, 0, r.code, "only the user may read the file")
}

func TestCheck(t *testing.T) {
	s := fakeserver.New(t)
	r := on(t, s, "check")
	require.Equal(t, 0, r.code, r.out+r.err)
	assert.Contains(t, r.out, "4.6.4, profile methods: true")
	assert.Regexp(t, `GET /api/v1/profile +200 +ok +0\n`, r.out)
	assert.Regexp(t, `GET /api/v1/accounts/verify_credentials \(no token\) +401 +ok +0\n`, r.out)
	assert.Zero(t, writes(s), "check changes nothing")

	old := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pleroma))
	r = on(t, old, "check")
	assert.Equal(t, exitDeviations, r.code)
	assert.Regexp(t, `GET /api/v1/profile +404 +missing +0\n`, r.out)
	assert.Regexp(t, `GET /api/v1/accounts/verify_credentials +200 +deviates +\d+\n`, r.out)
	assert.Contains(t, r.out, "/source/language missing")
	assert.Contains(t, r.out, "/pleroma unknown")

	r = on(t, old, "-json", "check")
	assert.Equal(t, exitDeviations, r.code)
	assert.Contains(t, r.out, `"result": "missing"`)
	assert.Contains(t, r.out, `"profile_api": false`)
}

// TestCheckFindsErrors checks a server that needs no token and whose errors
// have no text.
func TestCheckFindsErrors(t *testing.T) {
	s := fakeserver.New(t)
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("acct") == "nobody.has.this.name" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"oops":"` + "\u009b2J" + `"}`))
			return
		}
		r.Header.Set("Authorization", "Bearer "+s.Token)
		forward(w, r, s.URL)
	}))
	defer careless.Close()
	r := runs(t, careless.URL, s.Token, "", "check")
	assert.Equal(t, exitDeviations, r.code)
	assert.Regexp(t, `\(no token\) +200 +error: should be 401`, r.out)
	assert.Contains(t, r.out, "/error missing")
	assert.Equal(t, client.TerminalText(r.out), r.out)
}
