package main

import (
	"context"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/linkcheck"
)

// scene is a queue of verifications on a new database, with a clock of its own
// and pages that it makes up.
type scene struct {
	*verifier
	clock time.Time
	pages map[string]bool // by address: whether it links back; others fail

	mu    sync.Mutex
	asked []string
}

// newScene has one account, alice, with these fields.
func newScene(t *testing.T, database string, fields ...string) *scene {
	t.Helper()
	db, err := openDatabase(database)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	store, err := db.accounts(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.createTables(t.Context()))
	s := &scene{clock: time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC), pages: map[string]bool{}}
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example", Limits: masto.DefaultLimits()},
		Store: store,
	}
	s.verifier = newVerifier(db, service, nil, config{check: s.answer})
	s.now = func() time.Time { return s.clock }
	store.OnChange = func(ctx context.Context, tx *sql.Tx, _, after *masto.Record, c masto.Changes) error {
		return s.add(ctx, tx, after, c)
	}
	require.NoError(t, store.Create(t.Context(), masto.NewRecord("1", "alice")))
	s.set(t, fields...)
	return s
}

func (s *scene) answer(_ context.Context, url, profileURL string) (linkcheck.Report, error) {
	s.mu.Lock()
	s.asked = append(s.asked, url)
	s.mu.Unlock()
	report := linkcheck.Report{URL: url, FinalURL: url, Profile: profileURL}
	linked, ok := s.pages[url]
	if !ok {
		report.Findings = []linkcheck.Finding{{Code: linkcheck.Unreachable}}
		return report, &linkcheck.Error{Code: linkcheck.Unreachable, URL: url}
	}
	report.Linked = linked
	if !linked {
		report.Findings = []linkcheck.Finding{{Code: linkcheck.NoLink}}
	}
	return report, nil
}

// set gives the account fields with these values.
func (s *scene) set(t *testing.T, values ...string) {
	t.Helper()
	fields := []masto.Field{}
	for _, v := range values {
		fields = append(fields, masto.Field{Name: "Site", Value: v})
	}
	_, err := s.service.Update(t.Context(), "1", masto.Update{Fields: masto.Some(fields)})
	require.NoError(t, err)
}

// turn lets some time pass and the queue have its turn, and returns which pages
// it asked.
func (s *scene) turn(t *testing.T, after time.Duration) []string {
	t.Helper()
	s.clock = s.clock.Add(after)
	s.asked = nil
	for {
		found, err := s.next(t.Context())
		require.NoError(t, err)
		if !found {
			slices.Sort(s.asked)
			return s.asked
		}
	}
}

// marks returns the values of the fields that are verified.
func (s *scene) marks(t *testing.T) (values []string) {
	t.Helper()
	r, err := s.service.Store.Get(t.Context(), "1")
	require.NoError(t, err)
	for _, f := range r.Profile.Fields {
		if !f.VerifiedAt.IsZero() {
			values = append(values, f.Value)
		}
	}
	return values
}

const (
	alice = "https://alice.example/"
	spore = "https://spore.example/"
)

// TestVerifications drives the queue by a clock: what is asked when, and which
// marks there are then.
func TestVerifications(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range databases {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, c.open(t), alice, spore, "she/her")
			s.pages[alice] = true
			assert.Equal(t, []string{alice, spore}, s.turn(t, 0), "after an update every link is checked")
			assert.Equal(t, []string{alice}, s.marks(t))
			assert.Empty(t, s.turn(t, time.Hour-time.Second))
			assert.Equal(t, []string{spore}, s.turn(t, 2*time.Second), "what failed is asked again, alone")

			s.pages[spore] = true
			s.set(t, alice, spore)
			assert.Equal(t, []string{alice, spore}, s.turn(t, 0), "the user asks for it")
			assert.Equal(t, []string{alice, spore}, s.marks(t))
			s.set(t, alice, spore, "they/them")
			assert.Empty(t, s.turn(t, day), "nothing is left to be verified")
			assert.Equal(t, []string{alice, spore}, s.turn(t, 7*day), "their time has come")

			s.pages[alice] = false
			delete(s.pages, spore)
			assert.Equal(t, []string{alice, spore}, s.turn(t, 7*day+time.Second))
			assert.Equal(t, []string{alice, spore}, s.turn(t, day))
			assert.Equal(t, []string{alice, spore}, s.marks(t), "a mark stays for a while")
			assert.Equal(t, []string{alice, spore}, s.turn(t, 2*day))
			assert.Empty(t, s.marks(t))

			s.set(t, spore)
			s.pages[spore] = true
			assert.Equal(t, []string{spore}, s.turn(t, 0))
			links, err := s.known(t.Context(), "1")
			require.NoError(t, err)
			assert.Len(t, links, 1, "a link that is gone is forgotten")
			s.set(t)
			assert.Empty(t, s.turn(t, 8*day))
			links, err = s.known(t.Context(), "1")
			require.NoError(t, err)
			assert.Empty(t, links)
			assert.Empty(t, s.turn(t, 100*day), "there is nothing to check any more")
		})
	}
}

// TestVerificationsInterrupted checks that no process and no update gets lost.
func TestVerificationsInterrupted(t *testing.T) {
	for _, c := range databases {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, c.open(t), alice)
			s.pages[alice] = true

			a, err := s.take(t.Context()) // by a process that dies
			require.NoError(t, err)
			require.Equal(t, &account{id: "1", asked: 1, all: true}, a)
			assert.Empty(t, s.turn(t, verifyTime-time.Second), "it is another one's")
			assert.Equal(t, []string{alice}, s.turn(t, 2*time.Second))

			s.set(t, spore)
			a, err = s.take(t.Context())
			require.NoError(t, err)
			links, err := s.verify(t.Context(), a)
			require.NoError(t, err)
			s.set(t, spore, alice) // while the links are checked
			require.NoError(t, s.store(t.Context(), a, links))
			assert.Equal(t, []string{alice, spore}, s.turn(t, 0), "the update is not forgotten")

			s.set(t, spore)
			ctx, stop := context.WithCancel(t.Context())
			check := s.check
			s.check = func(ctx context.Context, url, _ string) (linkcheck.Report, error) {
				stop()
				return linkcheck.Report{}, &linkcheck.Error{Code: linkcheck.Canceled, URL: url, Err: ctx.Err()}
			}
			found, err := s.next(ctx)
			require.NoError(t, err)
			assert.True(t, found)
			s.check = check
			assert.Equal(t, []string{spore}, s.turn(t, 0), "the next process need not wait")
		})
	}
}

// web is a web server on loopback with one page, and a check that trusts it.
type web struct {
	*httptest.Server

	page  atomic.Pointer[string]
	check checkFunc
}

func newWeb(t *testing.T) *web {
	t.Helper()
	w := &web{}
	w.page.Store(new(""))
	w.Server = httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(rw, *w.page.Load())
	}))
	t.Cleanup(w.Close)
	roots := x509.NewCertPool()
	roots.AddCert(w.Certificate())
	checker := &linkcheck.Checker{Allow: allowLocal, RootCAs: roots, Timeout: time.Minute}
	w.check = checker.Check
	return w
}

// TestLinkStates is a user's way to a mark: the page has no link at first, the
// server says so and what to write, and in the end the profile shows the mark.
// A server that was stopped in between goes on where it was.
func TestLinkStates(t *testing.T) {
	w := newWeb(t)
	dir := t.TempDir()
	c := config{
		database: filepath.Join(dir, "masto.db"),
		media:    filepath.Join(dir, "media"),
		domain:   "social.example",
	}
	// The first server is stopped while it waits for the page.
	asked := make(chan struct{})
	c.check = func(ctx context.Context, url, _ string) (linkcheck.Report, error) {
		close(asked)
		<-ctx.Done()
		return linkcheck.Report{}, &linkcheck.Error{Code: linkcheck.Canceled, URL: url, Err: ctx.Err()}
	}
	s := startConfig(t, c, "")
	set := func() {
		a := s.patch(t, "/api/v1/profile", "form",
			text("fields_attributes[0][name]", "Web"), text("fields_attributes[0][value]", w.URL),
			text("fields_attributes[1][name]", "Blog"), text("fields_attributes[1][value]", "http://Blog.example"),
			text("fields_attributes[2][name]", "Pronouns"), text("fields_attributes[2][value]", "she/her"),
		)
		require.Equal(t, 200, a.status, a.body)
	}
	set()
	<-asked
	states := s.links(t)
	require.Len(t, states, 2, "pronouns are no link")
	assert.Empty(t, states[0].Findings, "it was not checked yet")
	assert.Zero(t, states[0].CheckedAt)
	assert.Equal(t, linkcheck.NotHTTPS, states[1].Findings[0].Code)
	assert.Equal(t, "https://blog.example", states[1].Suggestion)
	s.stop()

	c.check = w.check
	token := s.token
	s = startConfig(t, c, "")
	s.token = token
	checked := func() bool { return !s.links(t)[0].CheckedAt.IsZero() }
	require.Eventually(t, checked, 30*time.Second, 10*time.Millisecond, "without another update")
	state := s.links(t)[0]
	assert.Zero(t, state.VerifiedAt)
	assert.WithinDuration(t, state.CheckedAt.Add(time.Hour), state.Next, time.Second)
	assert.Equal(t, linkcheck.NoLink, state.Findings[0].Code)
	assert.Contains(t, state.Findings[0].Fix, `<a rel="me" href="`+site+`/@demo">`)
	assert.NotContains(t, s.get(t, "/@demo").body, "Verified on")

	w.page.Store(new(`<a rel="me" href="` + site + `/@demo">me</a>`))
	set() // to have it checked again
	// The mark is stored first, and then what was found.
	verified := func() bool {
		l := s.links(t)[0]
		return !l.VerifiedAt.IsZero() && len(l.Findings) == 0
	}
	require.Eventually(t, verified, 30*time.Second, 10*time.Millisecond)
	assert.Contains(t, s.get(t, "/@demo").body, "Verified on")

	a := s.send(t, request{method: "GET", path: linksPath})
	assert.Equal(t, 401, a.status, "they are the owner's alone")
	a = s.send(t, request{method: "POST", path: linksPath, authorization: "Bearer " + token})
	assert.Equal(t, 405, a.status)
}

// links returns the states of the links.
func (s *session) links(t *testing.T) (states []linkState) {
	t.Helper()
	a := s.get(t, linksPath)
	require.Equal(t, 200, a.status, a.body)
	require.NoError(t, json.Unmarshal([]byte(a.body), &states))
	return states
}

// TestVerifyFlag runs the server beside a page on this machine that links back.
// With -verify local it is verified; without, no page of this machine is asked.
func TestVerifyFlag(t *testing.T) {
	program := build(t, ".")
	for _, tt := range []struct {
		mode string
		code linkcheck.Code // of what is found; "" if the link is verified
	}{
		{"local", ""},
		{"public", linkcheck.PrivateAddress},
	} {
		t.Run(tt.mode, func(t *testing.T) {
			w := newWeb(t)
			w.page.Store(new(`<a rel="me" href="` + site + `/@demo">me</a>`))
			dir := t.TempDir()
			roots := filepath.Join(dir, "roots.pem")
			certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.Certificate().Raw})
			require.NoError(t, os.WriteFile(roots, certificate, 0o600))
			t.Setenv("SSL_CERT_FILE", roots)
			p := startProcess(t, program, "-verify", tt.mode, "-url", site, "-domain", "social.example",
				"-db", filepath.Join(dir, "masto.db"), "-media", filepath.Join(dir, "media"))
			defer p.kill()
			s := &session{base: p.base, token: p.token}
			a := s.patch(t, "/api/v1/profile", "form",
				text("fields_attributes[0][name]", "Here"),
				text("fields_attributes[0][value]", w.URL),
			)
			require.Equal(t, 200, a.status, a.body)
			checked := func() bool { return !s.links(t)[0].CheckedAt.IsZero() }
			require.Eventually(t, checked, 30*time.Second, 10*time.Millisecond)
			state := s.links(t)[0]
			assert.Equal(t, tt.code == "", !state.VerifiedAt.IsZero(), "%+v", state)
			if tt.code != "" {
				assert.Equal(t, tt.code, state.Findings[0].Code)
			}
		})
	}
	_, errs, err := new(session).runs(t, program, "-verify", "all")
	require.Error(t, err)
	assert.Contains(t, errs, "it is public, local or off")
}
