package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/pgtest"
	"github.com/seed-374a2035/masto/internal/s3test"
)

// siege is many clients that update accounts through a cluster, while bad
// things happen to it.
type siege struct {
	cluster *cluster
	db      *database
	http    http.Client
	media   *uploads
	clients []*updater
	// refuses reports whether a process that runs may answer with a status.
	refuses func(status int) bool

	answered, failed atomic.Int64 // updates
	ended            atomic.Bool

	mu       sync.Mutex
	attempts map[string]*attempt // by marker
}

// updater is a client that sends one update after the other.
type updater struct {
	name    string
	account string
	token   string
	parts   part // what it sets
	alone   bool // whether nobody else updates the account

	attempts int
	marker   string // of the last update that was answered
}

// attempt is an update that was sent.
type attempt struct {
	updater  *updater
	number   int // of the attempts of its client
	pictures map[part]string
	answered bool
}

// The clients of a siege: sharedClients update one account, a third of them its
// texts, a third its avatar and a third its header. The others update all of an
// account of their own.
const (
	allClients    = 64
	sharedClients = 24
)

// patience is how long nothing may succeed.
const patience = 3 * time.Minute

// pauseOfClients is how long a client pauses at most between its updates.
const pauseOfClients = 500 * time.Millisecond

// TestProcesses kills one of three processes 30 times with 64 clients. Those
// that run refuse nothing.
func TestProcesses(t *testing.T) {
	s := newSiege(t, newPostgres(t), s3test.Shared(t))
	s.refuses = func(int) bool { return false }
	s.hold(t, func() {
		for i := range 30 {
			s.waitFor(t, 10)
			// Clients go on to the next process, which is not killed next.
			s.cluster.kill(t, 2-i%3)
		}
	})
}

// TestDatabaseRestarts restarts PostgreSQL four times with 64 clients, half of
// the times after a crash. Updates fail, and then succeed again.
func TestDatabaseRestarts(t *testing.T) {
	server := pgtest.Start(t)
	s := newSiege(t, server.Address, t.TempDir())
	s.refuses = func(status int) bool {
		return status == http.StatusInternalServerError || status == http.StatusServiceUnavailable
	}
	s.hold(t, func() {
		for i := range 4 {
			s.waitFor(t, 50)
			if i%2 == 1 {
				server.Crash(t)
			}
			server.Restart(t)
		}
		s.waitFor(t, 50)
	})
	assert.Positive(t, s.failed.Load(), "nobody noticed the restarts")
}

// newSiege starts three processes on a database and a store of pictures, and
// adds accounts.
func newSiege(t *testing.T, address, pictures string) *siege {
	t.Helper()
	s := &siege{
		http: http.Client{
			Timeout:   90 * time.Second, // A server has a minute.
			Transport: &http.Transport{MaxIdleConnsPerHost: allClients},
		},
		attempts: map[string]*attempt{},
	}
	s.cluster = startCluster(t, 3, "-db", address, "-media", pictures,
		"-domain", "social.example", "-verify", "off", "-demo=false")
	db, err := openDatabase(address)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	s.db = db
	own, err := keepFolder(t.Context(), db)
	require.NoError(t, err)
	s.media, err = openUploads(t.Context(), config{media: pictures, baseURL: site}, own)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.media.close()) })
	store, err := db.accounts(t.Context())
	require.NoError(t, err)
	tokens := &tokens{db, store}
	for i := range allClients {
		c := &updater{name: "c" + strconv.Itoa(i), account: "shared", parts: texts << (i % 3)}
		if i >= sharedClients {
			c.account, c.parts, c.alone = c.name, everything, true
		}
		if i == 0 || c.alone {
			require.NoError(t, store.Create(t.Context(), masto.NewRecord(c.account, c.account)))
		}
		c.token, err = tokens.grant(t.Context(), c.account, "read write")
		require.NoError(t, err)
		s.clients = append(s.clients, c)
	}
	return s
}

// hold lets all clients update until trouble returns, and checks what is there
// then.
func (s *siege) hold(t *testing.T, trouble func()) {
	t.Helper()
	noteHistory(t, s.db)
	var all sync.WaitGroup
	for i, c := range s.clients {
		all.Go(func() {
			for n := i; n < i+3 || !s.ended.Load(); n++ {
				time.Sleep(rand.N(pauseOfClients))
				s.update(t, c, n)
				s.look(t, c, n+1)
			}
		})
	}
	func() {
		defer s.ended.Store(true)
		trouble()
	}()
	all.Wait()
	t.Logf("%d updates were answered, %d failed", s.answered.Load(), s.failed.Load())
	s.checkHistory(t)
	s.checkPictures(t)
	s.checkOutbox(t)
}

// waitFor waits until more updates were answered.
func (s *siege) waitFor(t *testing.T, more int64) {
	t.Helper()
	enough := s.answered.Load() + more
	reached := func() bool { return s.answered.Load() >= enough }
	require.Eventually(t, reached, patience, time.Millisecond, "updates do not succeed any more")
}

// retry calls try with the numbers of processes, until one answers.
func (s *siege) retry(t *testing.T, process int, try func(base string) (answered bool)) {
	for end := time.Now().Add(patience); !try(s.cluster.at(process)); process++ {
		if time.Now().After(end) {
			t.Error("nobody answers any more")
			return
		}
		time.Sleep(20 * time.Millisecond) // as a client does
	}
}

// update sends updates, each with a marker of its own, until one is answered.
func (s *siege) update(t *testing.T, c *updater, process int) {
	s.retry(t, process, func(base string) bool {
		c.attempts++
		a := &attempt{updater: c, number: c.attempts, pictures: newPictures(c.parts)}
		marker := c.name + "-" + strconv.Itoa(c.attempts)
		s.mu.Lock()
		s.attempts[marker] = a
		s.mu.Unlock()
		_, contentType, body := encodings["multipart"](t, parameters(c.parts, marker, a.pictures))
		status, _ := s.send(t, http.MethodPatch, base+"/api/v1/profile", c.token, contentType, body)
		if status != http.StatusOK {
			s.failed.Add(1)
			return false
		}
		a.answered, c.marker = true, marker
		s.answered.Add(1)
		return true
	})
}

// send returns the status and the body of an answer, 0 where there is none.
func (s *siege) send(t *testing.T, method, url, token, contentType string, body []byte) (int, []byte) {
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if !assert.NoError(t, err) {
		return 0, nil
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return 0, nil
	case resp.StatusCode >= http.StatusInternalServerError && !s.refuses(resp.StatusCode):
		t.Errorf("%s %s: %s %s", method, url, resp.Status, answer)
	}
	return resp.StatusCode, answer
}

// profile reads the profile of a client's account. After an update that was
// answered every process shows it.
func (s *siege) profile(t *testing.T, c *updater, process int) (v *view) {
	v = &view{}
	s.retry(t, process, func(base string) bool {
		status, answer := s.send(t, http.MethodGet, base+"/api/v1/profile", c.token, "", nil)
		if status != http.StatusOK {
			return false
		}
		v = readView(t, answer)
		return true
	})
	for _, marker := range v.markers() {
		if c.alone {
			assert.Equal(t, c.marker, marker, "an update that was answered was lost")
		}
	}
	return v
}

// look reads the profile of a client's account and fetches its pictures. One
// that is not there was replaced meanwhile.
func (s *siege) look(t *testing.T, c *updater, process int) {
	before := s.profile(t, c, process)
	for _, p := range before.pictures() {
		if p.url == "" {
			continue
		}
		status, data := s.fetch(t, p.url, process)
		if status == http.StatusOK {
			assert.True(t, string(data) == s.picture(p), "not the picture of %s", p.marker)
			continue
		}
		now := s.profile(t, c, process)
		assert.NotEqual(t, now.address(p.part), p.url, "status %d of the picture of %s", status, p.marker)
	}
}

// picture returns a picture as it was sent, "" if nobody sent it.
func (s *siege) picture(p namedPicture) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.attempts[p.marker]; a != nil {
		return a.pictures[p.part]
	}
	return ""
}

// fetch fetches a picture: its status is 200 or 404.
func (s *siege) fetch(t *testing.T, url string, process int) (status int, data []byte) {
	s.retry(t, process, func(base string) bool {
		address := url
		if path, ok := strings.CutPrefix(url, site); ok {
			address = base + path
		}
		status, data = s.send(t, http.MethodGet, address, "", "", nil)
		return status == http.StatusOK || status == http.StatusNotFound
	})
	return status, data
}
