package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// The paths that updates are sent to.
const (
	profilePath = "/api/v1/profile"
	updatePath  = "/api/v1/accounts/update_credentials"
)

const pngData = "\x89PNG\r\n\x1a\n and so on"

// result is the exit code and the output of a run of the program.
type result struct {
	code     int
	out, err string
}

// runs runs the program against the server at url, with a token.
func runs(t *testing.T, url, token, stdin string, args ...string) result {
	t.Helper()
	return runWith(t, map[string]string{"MASTO_SERVER": url, "MASTO_TOKEN": token}, stdin, args...)
}

func runWith(t *testing.T, env map[string]string, stdin string, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	p := newProgram(env)
	p.in, p.out, p.err = strings.NewReader(stdin), &out, &err
	code := p.run(t.Context(), args)
	return result{code, out.String(), err.String()}
}

// newProgram returns a program that reads nothing and writes nowhere.
func newProgram(env map[string]string) *program {
	return &program{
		in:  strings.NewReader(""),
		out: io.Discard,
		err: io.Discard,
		env: func(name string) string { return env[name] },
	}
}

// on runs the program against a fake server, with the server's token.
func on(t *testing.T, s *fakeserver.Server, args ...string) result {
	t.Helper()
	return runs(t, s.URL, s.Token, "", args...)
}

func writeFile(t *testing.T, name, data string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(data), 0o600))
	require.NoError(t, os.Chmod(file, mode)) // The umask does not apply to Chmod.
	return file
}

// writes returns the number of requests that could change something.
func writes(s *fakeserver.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			n++
		}
	}
	return n
}

func TestShow(t *testing.T) {
	s := fakeserver.New(t, fakeserver.Strict())
	r := on(t, s, "show")
	require.Equal(t, 0, r.code, r.err)
	host := strings.TrimPrefix(s.URL, "http://")
	assert.Equal(t, `Alice  @alice@`+host+`

  Mushrooms! https://loaf.io #fungi

✓ Site      https://loaf.io  (verified 2024-03-04)
  Pronouns  she/her

  discoverable: yes
  indexable: yes
  may credit the account: loaf.io

  12 followers · 34 following · 56 posts · joined 2023-05-06 · last post 2024-02-29
  `+s.URL+`/@alice
`, r.out)

	someone := runs(t, s.URL, "", "", "show", "@alice")
	assert.Equal(t, strings.Replace(r.out, "  may credit the account: loaf.io\n", "", 1), someone.out,
		"without a token as well")
	assert.Empty(t, s.Requests()[1].Header.Get("Authorization"))

	r = on(t, s, "-json", "show")
	var a masto.CredentialAccount
	require.NoError(t, json.Unmarshal([]byte(r.out), &a))
	assert.Equal(t, "Mushrooms! https://loaf.io #fungi", a.Source.Note)

	assert.Equal(t, exitServer, on(t, s, "show", "nobody").code)
}

// TestShowIsSafe checks that nothing that a server sends can control the
// terminal.
func TestShowIsSafe(t *testing.T) {
	evil := "\x1b]0;owned\a\x1b[31mred\u202e\u009b2J\r\nsecond"
	account := masto.Account{
		Username:       "eve",
		Acct:           "eve@\x1b[2Jevil.example",
		DisplayName:    evil,
		Note:           "<p>" + evil + "</p>",
		URL:            "https://e.example/" + evil,
		Fields:         []masto.Field{{Name: evil, Value: evil}},
		Roles:          []masto.AccountRole{{Name: evil}},
		FollowersCount: -1,
		Moved:          &masto.Account{Acct: evil},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("acct") == "error" {
			w.WriteHeader(http.StatusTeapot)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": evil})
			return
		}
		_, _ = w.Write(account.AppendJSON(nil))
	}))
	defer server.Close()
	for _, args := range [][]string{{"show", "eve"}, {"-json", "show", "eve"}, {"show", "error"}} {
		r := runs(t, server.URL, "", "", args...)
		for _, text := range []string{r.out, r.err} {
			assert.Equal(t, client.TerminalText(text), text, args)
		}
		assert.Contains(t, r.out+r.err, "red")
	}
	r := runs(t, server.URL, "", "", "show", "eve")
	assert.Contains(t, r.out, "followers hidden")
	assert.Contains(t, r.out, "moved to @red second")
	r = runs(t, server.URL, "", "", "-json", "show", "eve")
	var a masto.Account
	require.NoError(t, json.Unmarshal([]byte(r.out), &a))
	assert.Equal(t, evil, a.DisplayName, "JSON has the whole text")
}

// TestShowFixtures shows an account of every kind of server.
func TestShowFixtures(t *testing.T) {
	for _, f := range mastotest.Fixtures() {
		t.Run(f.Name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write(f.JSON)
			}))
			defer server.Close()
			r := runs(t, server.URL, "token", "", "show")
			require.Equal(t, 0, r.code, r.err)
			assert.Contains(t, r.out, "@"+f.Account.Acct)
			for _, field := range f.Account.Fields {
				assert.Contains(t, r.out, field.Name)
				assert.Contains(t, r.out, masto.PlainText(field.Value))
			}
			assert.NotContains(t, r.out, "<")
		})
	}
}

// TestEditOnEachKindOfServer checks that the same command edits a profile on
// every kind of server, by the method that the server has.
func TestEditOnEachKindOfServer(t *testing.T) {
	for _, c := range []struct {
		software fakeserver.Software
		path     string
	}{
		{fakeserver.Mastodon, profilePath},
		{fakeserver.Mastodon42, updatePath},
		{fakeserver.Pleroma, updatePath},
		{fakeserver.Akkoma, updatePath},
		{fakeserver.GoToSocial, updatePath},
		{fakeserver.Pixelfed, updatePath},
	} {
		software := c.software
		t.Run(software.String(), func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithSoftware(software), fakeserver.Strict())
			r := on(t, s, "edit", "-y", "-bio", "", "-name", "Alice & co", "-locked", "true")
			require.Equal(t, 0, r.code, r.err)
			sent := s.LastUpdate()
			assert.Equal(t, http.MethodPatch, sent.Method)
			assert.Equal(t, c.path, sent.Path)
			assert.Len(t, sent.Params, 3, "only what changed")
			p := s.Record().Profile
			assert.Equal(t, "Alice & co//true", fmt.Sprint(p.DisplayName, "/", p.Note, "/", p.Locked))
			assert.Contains(t, r.err, `display_name: "Alice" -> "Alice & co"`)
			assert.Contains(t, r.err, "  - Mushrooms! https://loaf.io #fungi")

			file := writeFile(t, "me.png", pngData, 0o600)
			r = on(t, s, "edit", "-y", "-avatar", file)
			require.Equal(t, 0, r.code, r.err)
			avatar := s.Record().Profile.Avatar
			_, data, ok := s.Picture(avatar)
			require.True(t, ok)
			assert.Equal(t, pngData, string(data))
			if software == fakeserver.Pixelfed {
				return // Pixelfed cannot remove a picture.
			}
			r = on(t, s, "edit", "-y", "-avatar", "")
			require.Equal(t, 0, r.code, r.err)
			assert.Empty(t, s.Record().Profile.Avatar)
		})
	}
}

// TestEditField checks that a change of one field keeps the others, and their
// verification.
func TestEditField(t *testing.T) {
	for _, software := range []fakeserver.Software{fakeserver.Mastodon, fakeserver.Mastodon42, fakeserver.GoToSocial} {
		s := fakeserver.New(t, fakeserver.WithSoftware(software))
		r := on(t, s, "edit", "-y", "-set-field", "Pronouns=they", "-set-field", "Mood=damp=wet")
		require.Equal(t, 0, r.code, r.err)
		fields := s.Record().Profile.Fields
		require.Len(t, fields, 3)
		assert.False(t, fields[0].VerifiedAt.IsZero())
		assert.Equal(t, []masto.Field{{Name: "Pronouns", Value: "they"}, {Name: "Mood", Value: "damp=wet"}}, fields[1:])
		assert.Contains(t, r.err, "fields:\n  - Pronouns: she/her\n  + Pronouns: they\n  + Mood: damp=wet\n")

		r = on(t, s, "edit", "-y", "-set-field", "Site=https://other.example")
		assert.Contains(t, r.err, "  - Site: https://loaf.io ✓\n  + Site: https://other.example\n", "the mark goes")
		r = on(t, s, "edit", "-y", "-remove-field", "Site", "-remove-field", "Mood")
		require.Equal(t, 0, r.code, r.err)
		assert.Len(t, s.Record().Profile.Fields, 1)
		assert.Equal(t, exitUsage, on(t, s, "edit", "-y", "-remove-field", "Site").code)
	}
}

func TestEditFlags(t *testing.T) {
	bio := writeFile(t, "bio.txt", "From\na file\n", 0o600)
	picture := writeFile(t, "h.png", pngData, 0o600)
	for _, c := range []struct {
		flag, value string
		got         func(p *masto.Profile) any
		want        any
	}{
		{
			flag:  "-bio-file",
			value: bio,
			got:   func(p *masto.Profile) any { return p.Note },
			want:  "From\na file",
		},
		{
			flag:  "-domains",
			value: "a.example, b.example",
			got:   func(p *masto.Profile) any { return p.AttributionDomains },
			want:  []string{"a.example", "b.example"},
		},
		{
			flag:  "-domains",
			value: "",
			got:   func(p *masto.Profile) any { return len(p.AttributionDomains) },
			want:  0,
		},
		{
			flag:  "-avatar-description",
			value: "A face",
			got:   func(p *masto.Profile) any { return p.AvatarDescription },
			want:  "A face",
		},
		{
			flag:  "-header-description",
			value: "A hill",
			got:   func(p *masto.Profile) any { return p.HeaderDescription },
			want:  "A hill",
		},
		{
			flag:  "-bot",
			value: "true",
			got:   func(p *masto.Profile) any { return p.Bot },
			want:  true,
		},
		{
			flag:  "-indexable",
			value: "false",
			got:   func(p *masto.Profile) any { return p.Indexable },
			want:  false,
		},
		{
			flag:  "-show-media",
			value: "false",
			got:   func(p *masto.Profile) any { return p.ShowMedia },
			want:  false,
		},
		{
			flag:  "-show-media-replies",
			value: "false",
			got:   func(p *masto.Profile) any { return p.ShowMediaReplies },
			want:  false,
		},
		{
			flag:  "-show-featured",
			value: "false",
			got:   func(p *masto.Profile) any { return p.ShowFeatured },
			want:  false,
		},
		{
			flag:  "-discoverable",
			value: "null",
			got:   func(p *masto.Profile) any { return p.Discoverable == nil },
			want:  true,
		},
		{
			flag:  "-discoverable",
			value: "false",
			got:   func(p *masto.Profile) any { return nullableText(p.Discoverable) },
			want:  "false",
		},
		{
			flag:  "-hide-collections",
			value: "true",
			got:   func(p *masto.Profile) any { return nullableText(p.HideCollections) },
			want:  "true",
		},
		{
			flag:  "-header",
			value: picture,
			got:   func(p *masto.Profile) any { return p.Header != "" },
			want:  true,
		},
	} {
		t.Run(c.flag, func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.Strict())
			before := s.Record().Profile
			assert.NotEqual(t, c.want, c.got(&before))
			r := on(t, s, "edit", "-y", c.flag, c.value)
			require.Equal(t, 0, r.code, r.err)
			after := s.Record().Profile
			assert.Equal(t, c.want, c.got(&after))
			assert.Equal(t, 1, writes(s))
		})
	}
}

func TestEditBioFromStdin(t *testing.T) {
	s := fakeserver.New(t)
	r := runs(t, s.URL, s.Token, "from stdin\n", "edit", "-y", "-bio-file", "-")
	require.Equal(t, 0, r.code, r.err)
	assert.Equal(t, "from stdin", s.Record().Profile.Note)
}

func TestEditRefusesArguments(t *testing.T) {
	s := fakeserver.New(t)
	text := writeFile(t, "a.png", "text", 0o600)
	for _, c := range []struct {
		name string
		args []string
		text string
	}{
		{"no Boolean", []string{"-bot", "maybe"}, `invalid value "maybe" for flag -bot: true or false`},
		{"no value", []string{"-set-field", "x"}, "it must be label=value"},
		{"no file", []string{"-avatar", "/does/not/exist"}, "no such file"},
		{"no picture", []string{"-avatar", text}, "a picture must be JPEG, PNG, GIF or WebP"},
		{"stray", []string{"stray"}, `unexpected argument "stray"`},
		{"unknown flag", []string{"-nonsense"}, "not defined: -nonsense"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := on(t, s, append([]string{"edit", "-y"}, c.args...)...)
			assert.Equal(t, exitUsage, r.code)
			assert.Contains(t, r.err, c.text)
		})
	}
	assert.Zero(t, writes(s))
}

// TestEditAsks checks that nothing is sent before the user says yes, or if
// nothing changes.
func TestEditAsks(t *testing.T) {
	s := fakeserver.New(t)
	for _, answer := range []string{"", "n\n", "what\n"} {
		r := runs(t, s.URL, s.Token, answer, "edit", "-name", "New")
		assert.Equal(t, exitDeclined, r.code, "%q", answer)
		assert.Contains(t, r.err, "Send this? [y/N]")
	}
	assert.Equal(t, 0, on(t, s, "edit", "-n", "-name", "New").code)
	r := on(t, s, "edit", "-y", "-name", "Alice")
	assert.Equal(t, 0, r.code)
	assert.Contains(t, r.err, "Nothing changes.")
	assert.Zero(t, writes(s))
	assert.Equal(t, 0, runs(t, s.URL, s.Token, "Yes\n", "edit", "-name", "New").code)
	assert.Equal(t, 1, writes(s))
	r = on(t, s, "-json", "edit", "-y", "-name", "Newer")
	var p masto.Profile
	require.NoError(t, json.Unmarshal([]byte(r.out), &p))
	assert.Equal(t, "Newer", p.DisplayName)
}

// TestEditInterrupted checks that an interrupt answers the question with no.
func TestEditInterrupted(t *testing.T) {
	s := fakeserver.New(t)
	typed, keyboard := io.Pipe()
	defer func() { _ = keyboard.Close() }()
	ctx, interrupt := context.WithCancel(t.Context())
	env := map[string]string{"MASTO_SERVER": s.URL, "MASTO_TOKEN": s.Token}
	p := newProgram(env)
	p.in, p.err = typed, &onWrite{text: "[y/N]", do: interrupt}
	assert.Equal(t, exitDeclined, p.run(ctx, []string{"edit", "-name", "New"}))
	assert.Zero(t, writes(s))
}

// onWrite is a writer that calls do whenever text is written.
type onWrite struct {
	text string
	do   func()
}

func (o *onWrite) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(o.text)) {
		o.do()
	}
	return len(p), nil
}

// TestEditValidates checks that an update is not sent if it exceeds the limits
// that the server states.
func TestEditValidates(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithLimits(masto.Limits{Note: 20, FieldValue: 5}))
	r := on(t, s, "edit", "-y", "-bio", strings.Repeat("x", 50), "-domains", "no domain!")
	assert.Equal(t, exitRefused, r.code)
	assert.Contains(t, r.err, "! note: 50 of 20 characters\n")
	assert.Contains(t, r.err, "\n  note is too long (maximum is 20 characters)\n")
	assert.Contains(t, r.err, "\n  attribution_domains domain! is not a valid domain name\n")
	assert.Zero(t, writes(s))

	r = on(t, s, "edit", "-y", "-set-field", "Mood=rather damp")
	assert.Contains(t, r.err, "! fields_attributes[2][value]: 11 of 5 code points: the server may truncate it\n")
	assert.Equal(t, exitRefused, r.code, "the server did not store all of it: %s", r.err)
	assert.Equal(t, 1, writes(s))

	// If a server states no limit, the update is sent, and the server decides.
	pleroma := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pleroma))
	r = on(t, pleroma, "edit", "-y", "-name", strings.Repeat("x", 90))
	assert.Equal(t, 0, r.code, r.err)
	assert.Contains(t, r.err, "! display_name: 90 of 40 code points on most servers; this one states no limit\n")
	r = on(t, pleroma, "edit", "-y", "-name", strings.Repeat("x", 101))
	assert.Equal(t, exitRefused, r.code)
	assert.Contains(t, r.err, "Invalid request")
	old := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Mastodon42))
	r = on(t, old, "edit", "-y", "-bio", strings.Repeat("x", 501))
	assert.Equal(t, exitRefused, r.code)
	assert.Contains(t, r.err, "\n  note is too long (maximum is 500 characters)\n", "the server's own words")
}

// TestEditConflict checks that a change that was made elsewhere in the meantime
// is never overwritten: the update fails if it changes the same attribute.
func TestEditConflict(t *testing.T) {
	s := fakeserver.New(t)
	elsewhere := func(change func(p *masto.Profile)) http.HandlerFunc {
		reads := 0
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && r.URL.Path == profilePath {
				if reads++; reads == 2 {
					record := s.Record()
					change(&record.Profile)
					s.SetRecord(record)
				}
			}
			forward(w, r, s.URL)
		}
	}
	proxy := httptest.NewServer(elsewhere(func(p *masto.Profile) { p.Note, p.Bot = "From the phone", true }))
	defer proxy.Close()
	r := runs(t, proxy.URL, s.Token, "", "edit", "-y", "-bio", "From the desk")
	assert.Equal(t, exitConflict, r.code, r.err)
	assert.Contains(t, r.err, "note")
	assert.Zero(t, writes(s))

	other := httptest.NewServer(elsewhere(func(p *masto.Profile) { p.Bot = false }))
	defer other.Close()
	r = runs(t, other.URL, s.Token, "", "edit", "-y", "-bio", "From the desk")
	require.Equal(t, 0, r.code, r.err)
	assert.Equal(t, "From the desk false", fmt.Sprint(s.Record().Profile.Note, " ", s.Record().Profile.Bot))

	picture := httptest.NewServer(elsewhere(func(p *masto.Profile) { p.Avatar = s.URL + "/media/other.png" }))
	defer picture.Close()
	r = runs(t, picture.URL, s.Token, "", "edit", "-y", "-avatar", writeFile(t, "a.png", pngData, 0o600))
	assert.Equal(t, exitConflict, r.code, r.err)
}

// forward passes a request on to another server, and its answer back.
func forward(w http.ResponseWriter, r *http.Request, to string) {
	req := r.Clone(r.Context())
	req.RequestURI = ""
	req.URL.Scheme, req.URL.Host, _ = strings.Cut(to, "://")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	var b bytes.Buffer
	_, _ = b.ReadFrom(resp.Body)
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(b.Bytes())
}

// TestEditReportsWhatWasNotStored checks that the user is told of what a server
// does not take, and of what it ignores without an error.
func TestEditReportsWhatWasNotStored(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pixelfed))
	r := on(t, s, "edit", "-y", "-set-field", "Mood=damp", "-name", "New")
	assert.Equal(t, exitRefused, r.code)
	assert.Contains(t, r.err, "the server runs pixelfed, which does not take this: fields_attributes")
	assert.Zero(t, writes(s), "nothing is sent where not all can be")
	old := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Mastodon42))
	r = on(t, old, "edit", "-y", "-show-media", "false")
	assert.Contains(t, r.err, "the server runs mastodon, which does not take this: show_media")
	gts := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.GoToSocial))
	r = on(t, gts, "edit", "-y", "-set-field", "Mood=")
	assert.Contains(t, r.err, "did not store this as it was sent: fields_attributes")
}

// TestEditProgress checks that the progress of an upload is shown up to 100%.
func TestEditProgress(t *testing.T) {
	s := fakeserver.New(t)
	var out, err bytes.Buffer
	env := map[string]string{"MASTO_SERVER": s.URL, "MASTO_TOKEN": s.Token}
	p := newProgram(env)
	p.out, p.err, p.progress = &out, &err, true
	file := writeFile(t, "a.png", pngData+strings.Repeat("x", 1<<20), 0o600)
	require.Equal(t, 0, p.run(t.Context(), []string{"edit", "-y", "-avatar", file}), err.String())
	length := len(s.LastUpdate().Body)
	assert.Equal(t, fmt.Sprint(length), s.LastUpdate().Header.Get("Content-Length"))
	assert.Contains(t, err.String(), fmt.Sprintf("\rsent 100%% of %d bytes\n", length))
	assert.Greater(t, strings.Count(err.String(), "\rsent"), 5)
}
