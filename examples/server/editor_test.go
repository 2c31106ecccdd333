package main

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// hidden finds the profile that the form of the editor carries along.
var hidden = regexp.MustCompile(`name="base" value="([^"]*)"`)

// edit sends params to a path of the editor as a browser does whose user has
// signed in, or gets the page if there are none. It follows no redirects.
func (s *session) edit(t *testing.T, path string, headers map[string]string, params ...param) answer {
	t.Helper()
	method, contentType, body := http.MethodGet, "", []byte(nil)
	if params != nil {
		method = http.MethodPost
		_, contentType, body = encodings["multipart"](t, params)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, bytes.NewReader(body))
	require.NoError(t, err)
	req.AddCookie(&http.Cookie{Name: tokenCookie, Value: s.token})
	req.Header.Set("Content-Type", contentType)
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, string(content)}
}

// base returns what the form of a page carries along.
func base(t *testing.T, page answer) param {
	t.Helper()
	m := hidden.FindStringSubmatch(page.body)
	require.NotNil(t, m, page.body)
	return text("base", html.UnescapeString(m[1]))
}

// The form sets every attribute that the API has, and clears it.
func TestEditorSetsEveryAttribute(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	save := func(params ...param) map[string]any {
		a := s.edit(t, editorPath, nil, append(params, base(t, s.edit(t, editorPath, nil)))...)
		require.Equal(t, http.StatusSeeOther, a.status, a.body)
		assert.Equal(t, editorPath+"?saved=1", a.header.Get("Location"))
		return attributes(t, s.get(t, "/api/v1/profile"), s.get(t, "/api/v1/accounts/verify_credentials"))
	}
	before := save(text("display_name", "Demo"))
	field := func(name, value string) any {
		return map[string]any{"name": name, "value": value, "verified_at": nil}
	}
	got := save(
		text("display_name", "Ada"),
		text("note", "One\r\n\r\ntwo"),
		text("avatar_description", "A face"),
		text("header_description", "A hill"),
		file("avatar", pngPixel, "image/png"),
		file("header", pngPixel, "image/png"),
		text("fields_attributes[0][name]", "A"), text("fields_attributes[0][value]", "1"),
		text("fields_attributes[1][name]", ""), text("fields_attributes[1][value]", ""),
		text("fields_attributes[2][name]", "B"), text("fields_attributes[2][value]", "2"),
		text("locked", "0"), text("locked", "1"),
		text("bot", "0"), text("bot", "1"),
		text("indexable", "0"), text("indexable", "1"),
		text("show_media", "0"), text("show_media_replies", "0"), text("show_featured", "0"),
		text("discoverable", "false"),
		text("hide_collections", "true"),
		text("domains", "a.example\r\n\r\nb.example\r\n"),
		text("source[privacy]", "unlisted"),
		text("source[sensitive]", "1"),
		text("source[language]", "de"),
		text("source[quote_policy]", "nobody"),
	)
	for name, want := range map[string]any{
		"display_name": "Ada", "note": "One\n\ntwo",
		"avatar_description": "A face", "header_description": "A hill",
		"fields": []any{field("A", "1"), field("B", "2")},
		"locked": true, "bot": true, "indexable": true,
		"show_media": false, "show_media_replies": false, "show_featured": false,
		"discoverable": false, "hide_collections": true,
		"attribution_domains": []any{"a.example", "b.example"},
		"source.privacy":      "unlisted", "source.sensitive": true,
		"source.language": "de", "source.quote_policy": "nobody",
	} {
		assert.Equal(t, want, got[name], name)
	}
	assert.Contains(t, got["avatar"], uploadPath)
	assert.Contains(t, got["header"], uploadPath)

	got = save(
		text("display_name", "Demo"), text("note", before["note"].(string)), //nolint:errcheck // it is a text
		text("avatar_description", ""), text("header_description", ""),
		text("remove_avatar", "1"), text("remove_header", "1"),
		text("fields_attributes[0][name]", ""), text("fields_attributes[0][value]", ""),
		text("locked", "0"), text("bot", "0"), text("indexable", "0"),
		text("show_media", "1"), text("show_media_replies", "1"), text("show_featured", "1"),
		text("discoverable", "true"), text("hide_collections", ""), text("domains", ""),
		text("source[privacy]", ""), text("source[sensitive]", "0"),
		text("source[language]", ""), text("source[quote_policy]", ""),
	)
	before["fields"], before["source.language"] = []any{}, ""
	assert.Equal(t, before, got)
}

// What is wrong is said beside its input, and nothing is stored.
func TestEditorFindings(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	page := s.edit(t, editorPath, nil)
	before := s.profile(t)
	params := []param{
		base(t, page),
		text("display_name", strings.Repeat("x", 41)),
		text("note", strings.Repeat("y", 501)),
		text("fields_attributes[0][name]", ""), text("fields_attributes[0][value]", "orphan"),
		text("domains", "not a domain"),
		text("source[language]", "no language!"),
		file("avatar", "<svg/>", "image/svg+xml"),
	}
	for _, tt := range []struct{ query, name, finding string }{
		{"", "display_name", "This is too long: at most 40 characters can be saved."},
		{"", "note", "This is too long: at most 500 characters can be saved."},
		{"", "fields_attributes", "A row with content needs a label."},
		{"", "domains", "This is no domain: not a domain."},
		{"", "source[language]", "This is none of the choices: no language!."},
		{"", "avatar", "This file cannot be used. Choose a picture of the type PNG, JPEG, GIF or WebP."},
		{"?lang=de", "note", "Das ist zu lang: Höchstens 500 Zeichen können gespeichert werden."},
	} {
		t.Run(tt.query+tt.name, func(t *testing.T) {
			a := s.edit(t, editorPath+tt.query, nil, params...)
			require.Equal(t, http.StatusUnprocessableEntity, a.status)
			assert.Contains(t, a.body, `data-problem="`+tt.name+`"`)
			assert.Contains(t, a.body, ">"+tt.finding)
			assert.Contains(t, a.body, strings.Repeat("y", 501), "what was typed stays")
			a = s.edit(t, editorPath+tt.query, map[string]string{"Accept": "application/json"}, params...)
			var state editorState
			require.NoError(t, json.Unmarshal([]byte(a.body), &state))
			assert.Equal(t, 1, strings.Count(state.Problems[tt.name], tt.finding), state.Problems)
		})
	}
	assert.Equal(t, before, s.profile(t))
	assert.Empty(t, s.files(t))
}

// While the user types, the server counts as it will when it stores.
func TestEditorPreview(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	a := s.edit(t, previewPath, nil,
		base(t, s.edit(t, editorPath, nil)),
		text("display_name", "<b>Ada</b>"),
		text("note", "👨‍👩‍👧‍👦 https://example.com/"+strings.Repeat("long/", 30)),
		text("fields_attributes[0][name]", strings.Repeat("n", 256)),
		text("fields_attributes[0][value]", "http://ada.example"),
	)
	require.Equal(t, 200, a.status, a.body)
	var state editorState
	require.NoError(t, json.Unmarshal([]byte(a.body), &state))
	assert.Equal(t, gauge{Text: "24 / 500"}, state.Counters["note"], "a family, and an address with its space")
	assert.Equal(t, gauge{Text: "10 / 40"}, state.Counters["display_name"])
	assert.Equal(t, gauge{Text: "256 / 255", Over: true, Note: "The end will not be shown."},
		state.Counters["fields_attributes[0][name]"])
	assert.Contains(t, state.Card, "&lt;b&gt;Ada&lt;/b&gt;")
	assert.Contains(t, state.Card, `<a href="https://example.com/long/`)
	assert.Contains(t, state.Links["http://ada.example"], "<code>https://ada.example</code>")
	assert.Empty(t, state.Problems)
	assert.Equal(t, "Demo", s.profile(t)["display_name"], "nothing is stored")
}

// What somebody else changed meanwhile is shown and not overwritten, and what
// only they changed is kept.
func TestEditorConflict(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	began := base(t, s.edit(t, editorPath, nil))
	require.Equal(t, 200, s.patch(t, "/api/v1/profile", "form",
		text("note", "theirs <b>"), text("display_name", "Their name"), text("source[privacy]", "private")).status)
	mine := []param{
		text("note", "mine"),
		text("display_name", "Demo"),
		text("avatar_description", "also mine"),
		text("source[privacy]", "direct"),
	}
	a := s.edit(t, editorPath, nil, append(mine, began)...)
	require.Equal(t, http.StatusConflict, a.status)
	assert.Contains(t, a.body, `<dt>Bio</dt><dd dir="auto">theirs &lt;b&gt;</dd>`)
	assert.Contains(t, a.body, `<dt>Who sees new posts</dt>`)
	assert.NotContains(t, a.body, `<dt>Display name</dt>`, "only they changed it")
	assert.Contains(t, a.body, `name="display_name" value="Their name"`)
	assert.Contains(t, a.body, "\nmine</textarea>")
	assert.Equal(t, "theirs <b>", s.profile(t)["note"])

	mine[1] = text("display_name", "Their name") // as the form has it now
	a = s.edit(t, editorPath, nil, append(mine, base(t, a))...)
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	p := s.profile(t)
	assert.Equal(t, "mine", p["note"])
	assert.Equal(t, "Their name", p["display_name"])
	assert.Equal(t, "also mine", p["avatar_description"])
}

// Rows move without a script, and nothing is stored until the form is saved.
func TestEditorMovesRows(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	rows := []param{
		base(t, s.edit(t, editorPath, nil)),
		text("fields_attributes[0][name]", "A"), text("fields_attributes[0][value]", "1"),
		text("fields_attributes[1][name]", "B"), text("fields_attributes[1][value]", "2"),
	}
	for do, moved := range map[string]bool{
		"down-0": true, "up-1": true, "up-0": false, "down-1": false, "down-9": false, "up-x": false, "up--1": false,
	} {
		a := s.edit(t, editorPath, nil, append(rows, text("do", do))...)
		require.Equal(t, 200, a.status, do)
		assert.Contains(t, a.body, "data-unsaved")
		swapped := strings.Index(a.body, `[name]" value="B"`) < strings.Index(a.body, `[name]" value="A"`)
		assert.Equal(t, moved, swapped, do)
	}
	assert.NotEqual(t, "A", s.profile(t)["fields"].([]any)[0].(map[string]any)["name"]) //nolint:errcheck // JSON
}

// Who has not signed in sees nothing, and no other site can act for a user.
func TestEditorIsGuarded(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	page := s.edit(t, editorPath, nil)
	require.Equal(t, 200, page.status)
	policy := page.header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.Contains(t, policy, "script-src 'self'")
	assert.NotContains(t, policy, "unsafe")
	assert.Equal(t, "no-store", page.header.Get("Cache-Control"))
	began := base(t, page)

	for name, headers := range map[string]map[string]string{
		"another site":   {"Sec-Fetch-Site": "cross-site"},
		"the same site":  {"Sec-Fetch-Site": "same-site"}, // another port of this machine, say
		"another origin": {"Origin": "https://evil.example"},
	} {
		for _, path := range []string{editorPath, previewPath, signInPath, signOutPath} {
			assert.Equal(t, 403, s.edit(t, path, headers, began, text("note", "owned")).status, name+" "+path)
		}
	}
	assert.Equal(t, 400, s.edit(t, editorPath, nil, text("note", "owned")).status, "no form of the editor")

	good := s.token
	s.addAccount(t, "2", "gone", true)
	for name, tt := range map[string]struct{ token, why string }{
		"none":         {"", "not known"},
		"unknown":      {"x", "not known"},
		"reads only":   {s.grant(t, demoID, "read"), "scopes"},
		"writes only":  {s.grant(t, demoID, "write"), "scopes"},
		"of no user":   {s.grant(t, "", "read write"), "scopes"},
		"of suspended": {s.grant(t, "2", "read write"), "suspended"},
	} {
		s.token = tt.token
		a := s.edit(t, editorPath, nil)
		assert.Contains(t, a.body, `name="token"`, name)
		assert.NotContains(t, a.body, "here to be changed", name)
		assert.Equal(t, 401, s.edit(t, editorPath, nil, began, text("note", "owned")).status, name)
		a = s.edit(t, signInPath, nil, text("token", tt.token))
		assert.Equal(t, 403, a.status, name)
		assert.Contains(t, a.body, tt.why, name)
	}
	s.token = good
	assert.NotEqual(t, "owned", s.profile(t)["note"])

	a := s.edit(t, signInPath+"?lang=de", nil, text("token", " TOKEN="+good+"\n"))
	require.Equal(t, http.StatusSeeOther, a.status)
	assert.Equal(t, editorPath+"?lang=de", a.header.Get("Location"))
	cookie := a.header.Get("Set-Cookie")
	assert.Equal(t, tokenCookie+"="+good+"; Path=/settings/; HttpOnly; Secure; SameSite=Strict", cookie)
	assert.Contains(t, s.edit(t, signOutPath, nil, text("x", "")).header.Get("Set-Cookie"), "Max-Age=0")
}

// A conflict is found in the transaction of the update.
func TestGuardedStore(t *testing.T) {
	record := func(note string) *masto.Record {
		r := masto.NewRecord("1", "demo")
		r.Profile.Note = note
		return r
	}
	s := startSession(t, t.TempDir(), "")
	s.add(t, &masto.Record{Username: "x", Profile: masto.Profile{ID: "x", Note: "theirs"}})
	db := s.database(t)
	defer func() { _ = db.Close() }()
	store, err := db.accounts(t.Context())
	require.NoError(t, err)
	guarded := guardedStore{store, record("base"), record("mine")}
	_, err = guarded.Update(t.Context(), "x", func(*masto.Record) (masto.Changes, error) {
		t.Error("it was changed")
		return 0, nil
	})
	var conflict *conflictError
	require.ErrorAs(t, err, &conflict)
	assert.Equal(t, []string{"note"}, conflict.names)
	assert.Equal(t, "theirs", conflict.theirs.Profile.Note)
	assert.Equal(t, "changed meanwhile: note", conflict.Error())
}
