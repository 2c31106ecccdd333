package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/pictures"
	"github.com/seed-374a2035/masto/sqlstore"
)

// session is a server on a real listener, with its data in a folder, and a
// client of it.
type session struct {
	dir, base, token string
	printed          string // what the server says when it starts
	stop             func()
	watched          *database // the database as snapshot reads it; nil before the first
}

// syncBuffer is what the server prints to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const site = "https://social.example"

// startSession starts the server as main does. It is stopped at the end of the
// test, or before by stop.
func startSession(t *testing.T, dir, scopes string) *session {
	t.Helper()
	return startServer(t, dir, scopes, false)
}

// startServer is startSession for a server that may be an old one.
func startServer(t *testing.T, dir, scopes string, old bool) *session {
	t.Helper()
	s := startConfig(t, config{
		database: filepath.Join(dir, "data", "masto.db"),
		media:    filepath.Join(dir, "media"),
		domain:   "social.example",
		old:      old,
	}, scopes)
	s.dir = dir
	return s
}

// startConfig is startServer for any config.
func startConfig(t *testing.T, c config, scopes string) *session {
	t.Helper()
	if c.check == nil {
		c.verify = verifyOff // no test asks pages of the internet
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	out := &syncBuffer{}
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, c, scopes, out) }()
	s := &session{base: "http://" + listener.Addr().String()}
	s.stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-served)
	})
	t.Cleanup(s.stop)
	t.Cleanup(func() {
		if s.watched != nil {
			assert.NoError(t, s.watched.Close())
		}
	})
	started := func() bool { return strings.HasSuffix(out.String(), " to edit it.\n") }
	require.Eventually(t, started, 10*time.Second, 5*time.Millisecond)
	s.printed = out.String()
	if m := regexp.MustCompile(`(?m)^TOKEN=([\w-]{43})$`).FindStringSubmatch(s.printed); m != nil {
		s.token = m[1]
	}
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// object returns the JSON object in a body.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &m), a.body)
	return m
}

// request is what the client sends.
type request struct {
	method, path  string
	authorization string
	contentType   string
	body          io.Reader
}

func (s *session) send(t *testing.T, r request) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, s.base+r.path, r.body)
	require.NoError(t, err)
	if r.authorization != "" {
		req.Header.Set("Authorization", r.authorization)
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// get returns what is at a path, with the session's token.
func (s *session) get(t *testing.T, path string) answer {
	t.Helper()
	return s.send(t, request{method: "GET", path: path, authorization: "Bearer " + s.token})
}

func (s *session) profile(t *testing.T) map[string]any {
	t.Helper()
	a := s.get(t, "/api/v1/profile")
	require.Equal(t, 200, a.status, a.body)
	return a.object(t)
}

// param is a parameter of an update, by its name in a form; file is the content
// type of a picture that is sent as a file.
type param struct {
	name  string
	value string
	file  string
	as    string // the file's name; "" stands for "a picture"
}

// text returns a parameter that is a text.
func text(name, value string) param { return param{name: name, value: value} }

// file returns a parameter that is a picture.
func file(name, data, contentType string) param {
	return param{name: name, value: data, file: contentType}
}

// fileNames writes the names of files as browsers do.
var fileNames = strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")

// encodings are the ways to send parameters, in order.
var encodings = map[string]func(t *testing.T, params []param) (query, contentType string, body []byte){
	"query": func(_ *testing.T, params []param) (string, string, []byte) { return "?" + formOf(params), "", nil },
	"form": func(_ *testing.T, params []param) (string, string, []byte) {
		return "", "application/x-www-form-urlencoded", []byte(formOf(params))
	},
	"multipart": func(t *testing.T, params []param) (string, string, []byte) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, p := range params {
			h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q`, p.name)}}
			if p.file != "" {
				name := fileNames.Replace(cmp.Or(p.as, "a picture"))
				h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename="%s"`, p.name, name))
				h.Set("Content-Type", p.file)
			}
			part, err := w.CreatePart(h)
			require.NoError(t, err)
			_, err = io.WriteString(part, p.value)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		return "", w.FormDataContentType(), b.Bytes()
	},
	"JSON": func(t *testing.T, params []param) (string, string, []byte) {
		b, err := json.Marshal(treeOf(params))
		require.NoError(t, err)
		return "", "application/json", b
	},
}

func (p param) text() string {
	if p.file == "" {
		return p.value
	}
	return "data:" + p.file + ";base64," + base64.StdEncoding.EncodeToString([]byte(p.value))
}

func formOf(params []param) string {
	var pairs []string
	for _, p := range params {
		pairs = append(pairs, url.QueryEscape(p.name)+"="+url.QueryEscape(p.text()))
	}
	return strings.Join(pairs, "&")
}

// treeOf makes a JSON object of parameters with names like source[privacy],
// list[] and list[0][name].
func treeOf(params []param) map[string]any {
	tree := map[string]any{}
	for _, p := range params {
		keys := strings.Split(strings.ReplaceAll(p.name, "]", ""), "[")
		switch {
		case len(keys) == 1:
			tree[p.name] = p.text()
		case keys[1] == "":
			list, _ := tree[keys[0]].([]string)
			if p.value != "" {
				list = append(list, p.value)
			}
			tree[keys[0]] = append([]string{}, list...)
		default:
			at := tree
			for _, k := range keys[:len(keys)-1] {
				inner, ok := at[k].(map[string]any)
				if !ok {
					inner = map[string]any{}
					at[k] = inner
				}
				at = inner
			}
			at[keys[len(keys)-1]] = p.text()
		}
	}
	return tree
}

// patch sends params in one of the encodings.
func (s *session) patch(t *testing.T, path, encoding string, params ...param) answer {
	t.Helper()
	query, contentType, body := encodings[encoding](t, params)
	return s.send(t, request{"PATCH", path + query, "Bearer " + s.token, contentType, bytes.NewReader(body)})
}

// Pictures of one pixel.
var (
	pngPixel = decoded("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" +
		"+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	gifPixel = decoded("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
)

func decoded(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// prepared returns what becomes of a picture that is uploaded.
func prepared(t *testing.T, kind, data string) string {
	t.Helper()
	main, still, err := pictures.Prepare(t.Context(), kind, []byte(data))
	require.NoError(t, err)
	require.Nil(t, still)
	return string(main)
}

// snapshot is everything that the server keeps when its outbox is empty: each
// row of each table, each file of the folder of pictures.
func (s *session) snapshot(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if s.watched == nil {
		s.watched = s.database(t)
	}
	outboxIsEmpty := func() bool { return queued(t, s.watched) == 0 }
	require.Eventually(t, outboxIsEmpty, 10*time.Second, 5*time.Millisecond)
	for _, table := range column(t, s.watched, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		fmt.Fprintf(&b, "table %s\n", table)
		dump(t, &b, s.watched, table)
	}
	for _, name := range s.files(t) {
		data, err := os.ReadFile(filepath.Join(s.folder(t), name))
		require.NoError(t, err)
		fmt.Fprintf(&b, "file %s %q\n", name, data)
	}
	return b.String()
}

// queued returns how many rows the outbox has.
func queued(t *testing.T, db *database) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM outbox").Scan(&n))
	return n
}

// dump writes each value of each row.
func dump(t *testing.T, b *strings.Builder, db *database, table string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT * FROM "`+table+`" ORDER BY 1`)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		values, targets := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		require.NoError(t, rows.Scan(targets...))
		for i, v := range values {
			fmt.Fprintf(b, "%s: %T %q\n", names[i], v, fmt.Sprint(v))
		}
	}
	require.NoError(t, rows.Err())
}

// column returns the texts that a query selects.
func column(t *testing.T, db *database, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, all)
	return all
}

// folder returns the folder of the pictures of the server.
func (s *session) folder(t *testing.T) string {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(s.dir, "media", "pictures-*"))
	require.NoError(t, err)
	require.Len(t, folders, 1)
	return folders[0]
}

// files lists the pictures.
func (s *session) files(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(s.folder(t)), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	require.NoError(t, err)
	return names
}

// database opens the database a second time, beside the server.
func (s *session) database(t *testing.T) *database {
	t.Helper()
	db, err := openDatabase(filepath.Join(s.dir, "data", "masto.db"))
	require.NoError(t, err)
	return db
}

// grant gives out a token behind the server's back.
func (s *session) grant(t *testing.T, accountID, scopes string) string {
	t.Helper()
	db := s.database(t)
	defer func() { _ = db.Close() }()
	token, err := (&tokens{db: db}).grant(t.Context(), accountID, scopes)
	require.NoError(t, err)
	return token
}

// TestSession is a user's whole way: everything is set, changed and cleared by
// every encoding, pictures come and go, the server is stopped and started
// again, and all is as it was.
func TestSession(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startSession(t, dir, "")
	require.NotEmpty(t, s.token, "the first start gives out a token")

	first := s.profile(t)
	assert.Equal(t, "1", first["id"])
	assert.Nil(t, first["avatar"])
	assert.Nil(t, first["header"])

	for name := range encodings {
		for _, path := range []string{"/api/v1/profile", "/api/v1/accounts/update_credentials"} {
			t.Run(name+" "+path, func(t *testing.T) {
				s.everyAttribute(t, path, name)
				s.pictures(t, path, name)
			})
		}
	}
	a := s.patch(t, "/api/v1/profile", "multipart",
		text("note", "See #masto, @demo and https://example.com"),
		file("avatar", pngPixel, "image/png"),
		text("avatar_description", "One pixel"),
		text("fields_attributes[0][name]", "Web"),
		text("fields_attributes[0][value]", "https://example.com/me"),
	)
	require.Equal(t, 200, a.status, a.body)
	paths := []string{
		"/api/v1/profile",
		"/api/v1/accounts/verify_credentials",
		"/api/v1/accounts/1",
		"/api/v1/accounts/lookup?acct=demo",
		"/api/v2/instance",
		"/@demo",
		"/",
	}
	before := map[string]answer{}
	for _, path := range paths {
		before[path] = s.get(t, path)
		require.Equal(t, 200, before[path].status, path)
	}
	kept := s.snapshot(t)

	s.stop()
	again := startSession(t, dir, "")
	assert.Empty(t, again.token, "later starts do not know the token, and need no other")
	again.token = s.token
	assert.Equal(t, kept, again.snapshot(t))
	for _, path := range paths {
		assert.Equal(t, before[path].body, again.get(t, path).body, path)
	}
	avatar, _ := again.profile(t)["avatar"].(string)
	picture := again.get(t, strings.TrimPrefix(avatar, site))
	assert.Equal(t, 200, picture.status)
	assert.Equal(t, prepared(t, "avatar", pngPixel), picture.body)

	again.stop()
	third := startSession(t, dir, "read")
	require.NotEmpty(t, third.token, "-token gives out another one")
	assert.Equal(t, 200, third.get(t, "/api/v1/profile").status)
	assert.Equal(t, 403, third.patch(t, "/api/v1/profile", "form", text("note", "x")).status)
}

// everyAttribute sets, changes and clears each attribute, which leaves all
// others alone.
func (s *session) everyAttribute(t *testing.T, path, encoding string) {
	one := func(name, value string) []param { return []param{text(name, value)} }
	type step struct {
		send []param
		want any // of the member; JSON as Go decodes it
	}
	texts := func(name, a, b string) []step {
		return []step{{one(name, a), a}, {one(name, b), b}, {one(name, ""), ""}}
	}
	bools := func(name string) []step {
		return []step{
			{one(name, "true"), true},
			{one(name, "0"), false},
			{one(name, "on"), true},
			{one(name, "off"), false},
		}
	}
	nullable := func(name string) []step { return append(bools(name), step{one(name, ""), nil}) }
	row := func(i, name, value string) []param {
		return []param{
			{name: "fields_attributes[" + i + "][name]", value: name},
			{name: "fields_attributes[" + i + "][value]", value: value},
		}
	}
	field := func(name, value string) any {
		return map[string]any{
			"name":        name,
			"value":       value,
			"verified_at": nil,
		}
	}
	now := attributes(t, s.get(t, "/api/v1/profile"), s.get(t, "/api/v1/accounts/verify_credentials"))
	for member, steps := range map[string][]step{
		"display_name":       texts("display_name", "Alice 😀", "Bob & <b>"),
		"note":               texts("note", "Hello\n\n#world", "Two\nlines"),
		"avatar_description": texts("avatar_description", "A face", "Another face"),
		"header_description": texts("header_description", "A hill", "Another hill"),
		"locked":             bools("locked"),
		"bot":                bools("bot"),
		"indexable":          bools("indexable"),
		"show_media":         bools("show_media"),
		"show_media_replies": bools("show_media_replies"),
		"show_featured":      bools("show_featured"),
		"discoverable":       nullable("discoverable"),
		"hide_collections":   nullable("hide_collections"),
		"attribution_domains": {
			{
				[]param{
					{name: "attribution_domains[]", value: "a.example"},
					{name: "attribution_domains[]", value: "https://b.example"},
				},
				[]any{"a.example", "b.example"},
			},
			{one("attribution_domains[]", "c.example"), []any{"c.example"}},
			{one("attribution_domains[]", ""), []any{}},
		},
		"fields": {
			{
				append(row("0", "Web", "https://example.com"), row("1", "Pronouns", "they")...),
				[]any{field("Web", "https://example.com"), field("Pronouns", "they")},
			},
			{row("0", "Web", "none"), []any{field("Web", "none")}},
			{row("0", "", ""), []any{}},
		},
		"source.privacy": {
			{one("source[privacy]", masto.PrivacyUnlisted), masto.PrivacyUnlisted},
			{one("source[privacy]", masto.PrivacyDirect), masto.PrivacyDirect},
			{one("source[privacy]", ""), masto.PrivacyPublic},
		},
		"source.sensitive": {
			{one("source[sensitive]", "true"), true},
			{one("source[sensitive]", "false"), false},
		},
		"source.language": {
			{one("source[language]", "de"), "de"},
			{one("source[language]", "en"), "en"},
			{one("source[language]", ""), ""},
		},
		"source.quote_policy": {
			{one("source[quote_policy]", masto.QuoteNobody), masto.QuoteNobody},
			{one("source[quote_policy]", masto.QuoteFollowers), masto.QuoteFollowers},
			{one("source[quote_policy]", ""), masto.QuotePublic},
		},
	} {
		for i, step := range steps {
			a := s.patch(t, path, encoding, step.send...)
			require.Equal(t, 200, a.status, "%s, step %d: %s", member, i, a.body)
			profile, credentials := s.get(t, "/api/v1/profile"), s.get(t, "/api/v1/accounts/verify_credentials")
			after := attributes(t, profile, credentials)
			require.Equal(t, step.want, after[member], "%s, step %d", member, i)
			now[member] = step.want
			if step.want == true && member == "locked" {
				now["source.privacy"] = masto.PrivacyPrivate // That is the default of a locked account.
			} else if member == "locked" {
				now["source.privacy"] = masto.PrivacyPublic
			}
			require.Equal(t, now, after, "%s, step %d: something else changed too", member, i)
			if path == "/api/v1/profile" {
				require.Equal(t, profile.body, a.body, "the answer is what GET answers")
			} else {
				require.Equal(t, credentials.body, a.body)
			}
		}
	}
}

// attributes returns the members of the profile and, as source.privacy and so
// on, the defaults of new posts.
func attributes(t *testing.T, profile, credentials answer) map[string]any {
	t.Helper()
	require.Equal(t, 200, profile.status, profile.body)
	all := profile.object(t)
	delete(all, "formatted_note")
	delete(all, "formatted_fields")
	source, ok := credentials.object(t)["source"].(map[string]any)
	require.True(t, ok)
	for _, name := range []string{"privacy", "sensitive", "language", "quote_policy"} {
		all["source."+name] = source[name]
	}
	return all
}

// pictures uploads both pictures, replaces them and deletes each of them twice.
func (s *session) pictures(t *testing.T, path, encoding string) {
	a := s.patch(t, path, encoding,
		text("avatar_description", "A face"),
		text("header_description", "A hill"),
		file("avatar", pngPixel, "image/png"),
		file("header", gifPixel, "image/gif"),
	)
	require.Equal(t, 200, a.status, a.body)
	p := s.profile(t)
	s.shows(t, p["avatar"], "image/png", prepared(t, "avatar", pngPixel))
	s.shows(t, p["header"], "image/gif", gifPixel)
	assert.Len(t, s.files(t), 2)

	a = s.patch(t, path, encoding, file("avatar", gifPixel, "image/gif"))
	require.Equal(t, 200, a.status, a.body)
	now := s.profile(t)
	s.shows(t, now["avatar"], "image/png", prepared(t, "avatar", gifPixel))
	assert.Equal(t, p["header"], now["header"])
	assert.Len(t, s.files(t), 2, "the replaced picture is gone")

	a = s.patch(t, path, encoding, text("avatar", "")) // Forms send an empty text for no change.
	require.Equal(t, 200, a.status, a.body)
	assert.Equal(t, now["avatar"], s.profile(t)["avatar"])

	for kind, other := range map[string]string{"avatar": "header", "header": "avatar"} {
		before := s.profile(t)
		for range 2 {
			a := s.send(t, request{
				method:        "DELETE",
				path:          "/api/v1/profile/" + kind,
				authorization: "Bearer " + s.token,
			})
			require.Equal(t, 200, a.status, a.body)
			account := a.object(t)
			assert.Equal(t, site+"/"+kind+"s/original/missing.png", account[kind])
			assert.Contains(t, account, "source", "it is a CredentialAccount")
			p := s.profile(t)
			assert.Nil(t, p[kind])
			assert.Nil(t, p[kind+"_static"])
			assert.Equal(t, before[other], p[other])
			assert.Equal(t, "A face", p["avatar_description"])
			assert.Equal(t, "A hill", p["header_description"])
		}
	}
	assert.Empty(t, s.files(t))
}

// shows fetches a picture.
func (s *session) shows(t *testing.T, address any, contentType, data string) {
	t.Helper()
	url, _ := address.(string)
	path, ok := strings.CutPrefix(url, site)
	require.True(t, ok, "%v", address)
	a := s.send(t, request{method: "GET", path: path})
	require.Equal(t, 200, a.status)
	assert.Equal(t, data, a.body)
	assert.Equal(t, contentType, a.header.Get("Content-Type"))
	assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
}

// addAccount adds an account behind the server's back.
func (s *session) addAccount(t *testing.T, id, name string, suspended bool) {
	t.Helper()
	s.add(t, &masto.Record{Username: name, Suspended: suspended, Profile: masto.Profile{ID: id}})
}

// add adds an account behind the server's back.
func (s *session) add(t *testing.T, r *masto.Record) {
	t.Helper()
	db := s.database(t)
	defer func() { _ = db.Close() }()
	require.NoError(t, sqlstore.NewSQLite(db.DB).Create(t.Context(), r))
}
