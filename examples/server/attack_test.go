package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// arena is a tab in which documents are loaded without the policy that would
// keep their scripts from running, so that nothing but the HTML itself is safe
// or not.
type arena struct {
	tab context.Context

	mu  sync.Mutex
	out map[string]bool // the paths that were asked of evilHost
}

func newArena(t *testing.T, browser context.Context, s *session) *arena {
	t.Helper()
	a := &arena{tab: newTab(t, browser, screen{}), out: map[string]bool{}}
	call(t, a.tab, network.Enable, network.EnableParams{})
	require.NoError(t, chromedp.Listen(a.tab, func(event any) {
		sent, ok := event.(*network.EventRequestWillBeSent)
		if !ok {
			return
		}
		if to, err := url.Parse(sent.Request.URL); err == nil && to.Hostname() == evilHost {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.out[path.Base(to.Path)] = true
		}
	}))
	call(t, a.tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
	call(t, a.tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `window.fire = number => { (window.top.fired ||= []).push(number); }`,
	})
	do(t, a.tab, chromedp.Navigate(s.base+"/tags/arena"))
	harness, err := os.ReadFile("testdata/attack/harness.js")
	require.NoError(t, err)
	eval[int](t, a.tab, string(harness)+";document.body.replaceChildren(); 0")
	return a
}

// fired returns the numbers of the payloads that ran a script or sent a request
// since the last call.
func (a *arena) fired(t *testing.T) map[int]bool {
	t.Helper()
	fired := map[int]bool{}
	for _, number := range eval[[]int](t, a.tab, `(window.fired || []).splice(0)`) {
		fired[number] = true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for out := range a.out {
		var number int
		_, _ = fmt.Sscanf(out, "%d", &number)
		fired[number] = true
	}
	clear(a.out)
	return fired
}

// loaded is what came of a document.
type loaded struct {
	Wrong    []string
	Skeleton string
}

// atOnce is how many documents are loaded at a time.
const atOnce = 60

// load loads documents in frames.
func (a *arena) load(t *testing.T, documents []string) []loaded {
	t.Helper()
	var all []loaded
	for batch := range slices.Chunk(documents, atOnce) {
		all = append(all, eval[[]loaded](t, a.tab, "load("+jsonOf(t, batch)+")")...)
	}
	return all
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// unharmed requires that nothing fired and nothing is where it has no right to
// be, and that all documents are the same but for what people wrote.
func (a *arena) unharmed(t *testing.T, documents []string) {
	t.Helper()
	skeletons := map[string][]int{}
	for i, l := range a.load(t, documents) {
		assert.Empty(t, l.Wrong, "document %d", i)
		skeletons[l.Skeleton] = append(skeletons[l.Skeleton], i)
	}
	if len(skeletons) != 1 {
		t.Errorf("an element escaped from its place in some of %v", slices.Collect(maps.Values(skeletons)))
	}
	assert.Empty(t, a.fired(t), "fired")
}

// TestAttack brings every payload to every place where a text of people, or of
// other servers, is shown.
func TestAttack(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	s := startShowcase(t)
	all := payloads()
	local, remote := s.victims(t, all)
	a := newArena(t, browser, s)

	control := a.control(t, all)
	steps := []struct {
		name string
		run  func(t *testing.T)
	}{
		{"innerHTML of the API, twice", func(t *testing.T) {
			for _, accounts := range [][]*masto.Record{local, remote} {
				texts := s.apiHTML(t, accounts)
				for i, wrong := range eval[[][]string](t, a.tab, "write("+jsonOf(t, texts)+")") {
					assert.Empty(t, wrong, texts[i])
				}
			}
			assert.Empty(t, a.fired(t), "fired")
		}},
		{"pages of local accounts", func(t *testing.T) { a.unharmed(t, s.profilePages(t, half(local, 0))) }},
		{"pages of remote accounts", func(t *testing.T) { a.unharmed(t, s.profilePages(t, half(remote, 1))) }},
		{"editor and preview", func(t *testing.T) { a.unharmed(t, s.editorPages(t, all)) }},
		{"query strings", func(t *testing.T) { a.unharmed(t, s.queriedPages(t, all)) }},
		{"paths", func(t *testing.T) { a.unharmed(t, s.tagPages(t, all)) }},
		{"file names", func(t *testing.T) { s.fileNamesAreNotShown(t, all) }},
		{"tokens", func(t *testing.T) { s.tokensAreNotShown(t, all) }},
	}
	for _, step := range steps {
		t.Run(step.name, step.run)
	}
	report(t, all, control)
}

// control loads the payloads without anything between them and the browser, and
// returns those that fire. It shows that the others would have been seen.
func (a *arena) control(t *testing.T, all []payload) map[int]bool {
	t.Helper()
	var documents []string
	for _, p := range all {
		documents = append(documents, "<!DOCTYPE html><title>"+p.text+"</title>"+
			`<main><div class="note">`+p.text+`</div></main><p title="`+p.text+`"><a href="`+p.text+`">x</a>`)
	}
	a.load(t, documents)
	fired := a.fired(t)
	assert.GreaterOrEqual(t, len(fired), 100, "the control run is to show that payloads fire")
	return fired
}

// victims adds a local and a remote account for each payload, which has it and
// the ones after it in all of its texts. So every payload is in every text.
func (s *session) victims(t *testing.T, all []payload) (local, remote []*masto.Record) {
	t.Helper()
	db := s.database(t)
	defer func() { _ = db.Close() }()
	store, err := db.accounts(t.Context())
	require.NoError(t, err)
	for i := range all {
		next := i
		take := func() string {
			next++
			return all[(next-1)%len(all)].text
		}
		r := masto.NewRecord(fmt.Sprintf("1%05d", i), fmt.Sprintf("local%d", i))
		r.Profile.DisplayName, r.Profile.Note = take(), take()
		r.Profile.AvatarDescription, r.Profile.HeaderDescription = take(), take()
		r.Profile.Avatar = s.base + emojiPath + "spore.png"
		r.Profile.Header = r.Profile.Avatar
		for range 4 {
			r.Profile.Fields = append(r.Profile.Fields, masto.Field{Name: "x " + take(), Value: "x " + take()})
		}
		r.Role = &masto.Role{ID: "1", Name: take(), Color: take(), Highlighted: true}
		elsewhere := r.Clone()
		elsewhere.Username, elsewhere.Domain, elsewhere.Role = fmt.Sprintf("remote%d", i), "remote.example", nil
		elsewhere.Profile.ID = fmt.Sprintf("2%05d", i)
		elsewhere.URI = "https://remote.example/users/x"
		require.NoError(t, store.Create(t.Context(), r))
		require.NoError(t, store.Create(t.Context(), elsewhere))
		local, remote = append(local, r), append(remote, elsewhere)
	}
	return local, remote
}

// apiHTML returns all HTML that the API has for accounts.
func (s *session) apiHTML(t *testing.T, accounts []*masto.Record) (texts []string) {
	t.Helper()
	for _, r := range accounts {
		var account masto.Account
		answer := s.send(t, request{method: "GET", path: "/api/v1/accounts/" + r.Profile.ID})
		require.NoError(t, account.UnmarshalJSON([]byte(answer.body)))
		texts = append(texts, account.Note, masto.Emojify(account.Note, account.Emojis, true))
		for _, f := range account.Fields {
			texts = append(texts, f.Value)
		}
	}
	return texts
}

// profilePages returns the pages of accounts.
func (s *session) profilePages(t *testing.T, accounts []*masto.Record) (documents []string) {
	t.Helper()
	for _, r := range accounts {
		handle := r.Username
		if r.Domain != "" {
			handle += "@" + r.Domain
		}
		answer := s.send(t, request{method: "GET", path: "/@" + handle})
		require.Equal(t, 200, answer.status)
		assert.Contains(t, answer.header.Get("Content-Security-Policy"), "default-src 'none'")
		documents = append(documents, answer.body)
	}
	return documents
}

// editorPages returns the editor as it is when payloads were entered and are
// not saved yet, with the preview. Each payload is in some of the texts.
func (s *session) editorPages(t *testing.T, all []payload) (documents []string) {
	t.Helper()
	began := base(t, s.edit(t, editorPath, nil))
	const texts = 12
	for start := 0; start < len(all); start += texts / 2 {
		take := func(i int) string { return all[(start+i)%len(all)].text }
		params := []param{
			began,
			text("do", "preview"),
			text("display_name", take(0)),
			text("note", take(1)),
			text("avatar_description", take(2)),
			text("header_description", take(3)),
			text("domains", take(4)),
			text("source[language]", take(5)),
			text("source[privacy]", take(6)),
		}
		for i := range 4 {
			params = append(params,
				text(fmt.Sprintf("fields_attributes[%d][name]", i), "x "+take(4+i)),
				text(fmt.Sprintf("fields_attributes[%d][value]", i), "x "+take(8+i)),
			)
		}
		a := s.edit(t, editorPath, nil, params...)
		require.Equal(t, 200, a.status)
		documents = append(documents, a.body)
	}
	return documents
}

// queriedPages returns pages whose addresses have payloads in their queries.
func (s *session) queriedPages(t *testing.T, all []payload) (documents []string) {
	t.Helper()
	profile := s.send(t, request{method: "GET", path: "/@demo"}).body
	for i, p := range all {
		query := "?" + url.Values{"lang": {p.text}, "saved": {p.text}, p.text: {p.text}}.Encode()
		if i%2 == 0 {
			documents = append(documents, s.send(t, request{method: "GET", path: editorPath + query}).body)
		}
		queried := s.send(t, request{method: "GET", path: "/@demo" + query})
		assert.Equal(t, profile, queried.body, "nothing of it is shown")
	}
	return documents
}

// tagPages returns pages whose addresses have payloads in their paths.
func (s *session) tagPages(t *testing.T, all []payload) (documents []string) {
	t.Helper()
	for _, p := range half(all, 1) {
		documents = append(documents, s.send(t, request{method: "GET", path: "/tags/" + url.PathEscape(p.text)}).body)
	}
	return documents
}

// fileNamesAreNotShown requires that pages and answers are the same whatever
// the name of a file is, be it a picture or not. A name has no control
// characters: they break the head of its part.
func (s *session) fileNamesAreNotShown(t *testing.T, all []payload) {
	seen := map[string]bool{}
	began := base(t, s.edit(t, editorPath, nil))
	for _, p := range append(all, payload{text: "a picture"}) {
		name := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, p.text)
		picture, noPicture := file("avatar", pngPixel, "image/png"), file("avatar", "no picture", "image/png")
		picture.as, noPicture.as = name, name
		previewed := s.edit(t, editorPath, nil, began, text("do", "preview"), picture)
		assert.Equal(t, 200, previewed.status)
		marked := s.edit(t, editorPath, nil, began, noPicture)
		assert.Equal(t, 422, marked.status)
		refused := s.patch(t, "/api/v1/profile", "multipart", noPicture)
		assert.Equal(t, 422, refused.status)
		for _, a := range []answer{previewed, marked, refused} {
			seen[a.body] = true
		}
	}
	assert.Len(t, seen, 3)
}

// half returns every other element, from a first one on. The accounts of
// victims have each payload in every other text, so that half of the local ones
// and the other half of the remote ones have it in all.
func half[T any](all []T, first int) (some []T) {
	for i := first; i < len(all); i += 2 {
		some = append(some, all[i])
	}
	return some
}

// tokensAreNotShown requires that nothing shows a token that is not known.
func (s *session) tokensAreNotShown(t *testing.T, all []payload) {
	pages := map[string]bool{}
	for _, p := range all {
		a := s.edit(t, signInPath, nil, text("token", p.text))
		assert.Equal(t, 403, a.status)
		pages[a.body] = true
		if printable := strings.ToValidUTF8(p.text, ""); !strings.ContainsAny(printable, "\x01\r\n") {
			a = s.send(t, request{method: "GET", path: "/api/v1/profile", authorization: "Bearer " + printable})
			assert.Equal(t, 401, a.status)
			pages[a.body] = true
		}
	}
	assert.Len(t, pages, 2, "one page and one answer of the API, whatever the token")
}

// report prints the payloads by kind: how many there are, and how many fired in
// the control run.
func report(t *testing.T, all []payload, control map[int]bool) {
	t.Helper()
	tried, fired := map[string]int{}, map[string]int{}
	var kinds []string
	for i, p := range all {
		if tried[p.kind]++; tried[p.kind] == 1 {
			kinds = append(kinds, p.kind)
		}
		if control[i] {
			fired[p.kind]++
		}
	}
	for _, kind := range kinds {
		t.Logf("%-12s %3d tried, %3d fired in the control run", kind, tried[kind], fired[kind])
	}
	t.Logf("%-12s %3d tried, %3d fired in the control run", "all", len(all), len(control))
}
