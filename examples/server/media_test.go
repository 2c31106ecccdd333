package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/s3test"
)

// buckets are addresses of new buckets.
var buckets = []struct {
	name    string
	address func(t *testing.T) string
}{
	{"file", func(t *testing.T) string { return "file://" + filepath.ToSlash(t.TempDir()) + "?no_tmp_dir=true" }},
	{"S3", func(t *testing.T) string { return s3test.Shared(t) }},
}

// TestBucket uploads, replaces, fetches and removes pictures on a server that
// keeps them in a bucket, through two processes.
func TestBucket(t *testing.T) {
	for _, b := range buckets {
		t.Run(b.name, func(t *testing.T) {
			c := config{
				database: filepath.Join(t.TempDir(), "masto.db"),
				media:    b.address(t),
				domain:   "social.example",
			}
			s := startConfig(t, c, "read write")
			other := startConfig(t, c, "")
			a := s.patch(t, "/api/v1/profile", "multipart", file("avatar", pngPixel, "image/png"))
			require.Equal(t, 200, a.status, a.body)
			avatar, ok := a.object(t)["avatar"].(string)
			require.True(t, ok)
			fetched := other.fetch(t, avatar)
			assert.Equal(t, fetched, s.fetch(t, avatar))
			path := strings.TrimPrefix(avatar, site)
			assert.Regexp(t, `^/uploads/1-avatar-[A-Z2-7]{26}\.png$`, path)

			for _, c := range []struct{ name, path, asked, want string }{
				{"a range", path, "bytes=1-3", fetched[1:4]},
				{"the end", path, "bytes=-4", fetched[len(fetched)-4:]},
			} {
				t.Run(c.name, func(t *testing.T) {
					req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+c.path, nil)
					require.NoError(t, err)
					req.Header.Set("Range", c.asked)
					resp, err := http.DefaultClient.Do(req)
					require.NoError(t, err)
					defer func() { _ = resp.Body.Close() }()
					body, err := io.ReadAll(resp.Body)
					require.NoError(t, err)
					assert.Equal(t, http.StatusPartialContent, resp.StatusCode)
					assert.Equal(t, c.want, string(body))
				})
			}
			for _, missing := range []string{
				uploadPath,
				uploadPath + "1-avatar-" + strings.Repeat("A", 26) + ".png",
				uploadPath + "%2e%2e/" + strings.TrimPrefix(path, uploadPath),
			} {
				assert.Equal(t, 404, s.send(t, request{method: "GET", path: missing}).status, missing)
			}

			a = other.send(t, request{
				method: "DELETE", path: "/api/v1/profile/avatar", authorization: "Bearer " + s.token,
			})
			require.Equal(t, 200, a.status, a.body)
			assert.Equal(t, 404, s.send(t, request{method: "GET", path: path}).status)
		})
	}
}

// TestBucketIsServedSafely puts what is no picture into a bucket.
func TestBucketIsServedSafely(t *testing.T) {
	address := buckets[0].address(t)
	u, err := openUploads(t.Context(), config{media: address, baseURL: site}, "pictures-x")
	require.NoError(t, err)
	defer func() { assert.NoError(t, u.close()) }()
	key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
	page, err := u.Put(t.Context(), key, "text/html", []byte("<script>alert(1)</script>"))
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("GET "+uploadPath+"{name...}", u)
	serve := func(url string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		path := strings.TrimPrefix(url, site)
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w
	}
	assert.Equal(t, http.StatusNotFound, serve(page).Code)
	picture, err := u.Put(t.Context(), key, "image/png", []byte(pngPixel))
	require.NoError(t, err)
	w := serve(picture)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "image/png", w.Header().Get("Content-Type"))
	assert.Equal(t, "public, max-age=31536000, immutable", w.Header().Get("Cache-Control"))
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
}

func TestBucketThatIsNotThere(t *testing.T) {
	missing := strings.Replace(s3test.Shared(t), "s3://masto", "s3://missing", 1)
	for _, address := range []string{missing, "nothing://bucket", "file:///missing/folder"} {
		t.Run(address[:4], func(t *testing.T) {
			dir := t.TempDir()
			c := config{database: filepath.Join(dir, "masto.db"), media: address}
			_, err := open(t.Context(), c.at("localhost:8080"))
			require.Error(t, err)
		})
	}
}

// TestDatabasesShareMedia sweeps with one of two databases that have the same
// folder of pictures. It leaves those of the other one.
func TestDatabasesShareMedia(t *testing.T) {
	dir := t.TempDir()
	opened := func(name string) *app {
		c := config{database: filepath.Join(dir, name), media: filepath.Join(dir, "media"), verify: verifyOff}
		a, err := open(t.Context(), c.at("localhost:8080"))
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, a.close()) })
		return a
	}
	one, two := opened("one.db"), opened("two.db")
	key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
	for _, a := range []*app{one, two} {
		_, err := a.uploads.Put(t.Context(), key, "image/png", []byte(pngPixel))
		require.NoError(t, err)
	}
	count := func(a *app) (n int) {
		for _, err := range a.uploads.List(t.Context()) {
			require.NoError(t, err)
			n++
		}
		return n
	}
	sweeper := &sweeper{one.db, one.uploads, one.store}
	require.NoError(t, sweeper.sweepIfDue(t.Context(), time.Now().Add(2*sweepGrace)))
	assert.Zero(t, count(one))
	assert.Equal(t, 1, count(two))
}

// TestFolder checks in which folder the pictures of a database are.
func TestFolder(t *testing.T) {
	for _, c := range databases {
		t.Run(c.name, func(t *testing.T) {
			ctx, name := t.Context(), c.open(t)
			db, err := openDatabase(name)
			require.NoError(t, err)
			defer func() { assert.NoError(t, db.Close()) }()
			require.NoError(t, db.createTables(ctx))
			folder, err := keepFolder(ctx, db)
			require.NoError(t, err)
			assert.Regexp(t, `^pictures-[a-z2-7]{10}$`, folder)
			again, err := keepFolder(ctx, db)
			require.NoError(t, err)
			assert.Equal(t, folder, again)

			// An earlier version stored only the address.
			_, err = db.ExecContext(ctx, "DELETE FROM settings")
			require.NoError(t, err)
			require.NoError(t, keepBaseURL(ctx, db, site))
			folder, err = keepFolder(ctx, db)
			require.NoError(t, err)
			assert.Empty(t, folder)
		})
	}
}

// TestMediaURL checks the addresses of pictures that something else serves.
func TestMediaURL(t *testing.T) {
	for _, c := range []struct{ name, media string }{
		{"folder", t.TempDir()},
		{"bucket", buckets[0].address(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := config{media: c.media, mediaURL: "https://cdn.example/media/", baseURL: site}
			u, err := openUploads(t.Context(), cfg, "pictures-x")
			require.NoError(t, err)
			defer func() { assert.NoError(t, u.close()) }()
			key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
			url, err := u.Put(t.Context(), key, "image/png", []byte(pngPixel))
			require.NoError(t, err)
			rest, ok := strings.CutPrefix(url, "https://cdn.example/media/")
			require.True(t, ok, url)
			path := filepath.Join(strings.TrimSuffix(strings.TrimPrefix(c.media, "file://"), "?no_tmp_dir=true"), rest)
			data, err := os.ReadFile(path)
			require.NoError(t, err, "what serves the whole of -media serves it at that address")
			assert.Equal(t, pngPixel, string(data))
		})
	}
}

// TestSweepOnceADay checks that one process sweeps, once a day.
func TestSweepOnceADay(t *testing.T) {
	for _, c := range databases {
		t.Run(c.name, func(t *testing.T) {
			db, err := openDatabase(c.open(t))
			require.NoError(t, err)
			defer func() { assert.NoError(t, db.Close()) }()
			require.NoError(t, db.createTables(t.Context()))
			now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			for _, step := range []struct {
				after time.Duration
				want  bool
			}{
				{0, true},
				{0, false},
				{sweepCheck, false},
				{sweepEvery - time.Second, false},
				{sweepEvery, true},
				{sweepEvery, false},
				{3 * sweepEvery, true},
			} {
				got, err := (&sweeper{db: db}).claim(t.Context(), now.Add(step.after))
				require.NoError(t, err)
				assert.Equal(t, step.want, got, step.after)
			}
		})
	}
}
