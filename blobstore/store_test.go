package blobstore_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	_ "gocloud.dev/blob/s3blob"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/blobstore"
	"github.com/seed-374a2035/masto/internal/s3test"
	"github.com/seed-374a2035/masto/mastotest"
)

const base = "https://files.example/media/"

var avatar = masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}

// drivers are the kinds of buckets that the tests run on. bucket returns an
// empty one.
var drivers = []struct {
	name   string
	bucket func(t *testing.T) *blob.Bucket
}{
	{"memory", func(*testing.T) *blob.Bucket { return memblob.OpenBucket(nil) }},
	{"file", func(t *testing.T) *blob.Bucket {
		return openBucket(t, "file://"+filepath.ToSlash(t.TempDir())+"?no_tmp_dir=true")
	}},
	{"S3", func(t *testing.T) *blob.Bucket { return openBucket(t, s3test.Shared(t)) }},
}

func openBucket(t *testing.T, address string) *blob.Bucket {
	t.Helper()
	b, err := blob.OpenBucket(t.Context(), address)
	require.NoError(t, err)
	return b
}

// newStore returns a Store in a bucket, which it closes.
func newStore(t *testing.T, b *blob.Bucket) *blobstore.Store {
	t.Helper()
	s := blobstore.New(b, base)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// keys returns the keys in a bucket.
func keys(t *testing.T, b *blob.Bucket) []string {
	t.Helper()
	var keys []string
	objects := b.List(nil)
	for {
		object, err := objects.Next(t.Context())
		if err == io.EOF { //nolint:errorlint // Next returns it as it is
			return keys
		}
		require.NoError(t, err)
		keys = append(keys, object.Key)
	}
}

// readable adds ReadMedia to a Store, with which the suite reads pictures back.
type readable struct{ *blobstore.Store }

func (r readable) ReadMedia(ctx context.Context, url string) ([]byte, error) {
	reader, err := r.Open(ctx, strings.TrimPrefix(url, base))
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	return io.ReadAll(reader)
}

func TestMediaStore(t *testing.T) {
	for _, d := range drivers {
		t.Run(d.name, func(t *testing.T) {
			mastotest.TestMediaStore(t, func(t *testing.T) masto.MediaStore {
				return readable{newStore(t, d.bucket(t))}
			})
		})
	}
}

// TestAttributes checks what a bucket, or a cache in front of it, sends with a
// picture.
func TestAttributes(t *testing.T) {
	for _, d := range drivers {
		for _, c := range []struct{ name, contentType, want string }{
			{"a picture", "image/png", "image/png"},
			{"without a type", "", "application/octet-stream"},
		} {
			t.Run(d.name+"/"+c.name, func(t *testing.T) {
				bucket := d.bucket(t)
				address, err := newStore(t, bucket).Put(t.Context(), avatar, c.contentType, []byte("<script>"))
				require.NoError(t, err)
				require.Regexp(t, `^https://files\.example/media/1-avatar-[A-Z2-7]{26}\.png$`, address)
				got, err := bucket.Attributes(t.Context(), strings.TrimPrefix(address, base))
				require.NoError(t, err)
				assert.Equal(t, c.want, got.ContentType)
				assert.Equal(t, "public, max-age=31536000, immutable", got.CacheControl)
			})
		}
	}
}

func TestPutRefusesStrangeExtensions(t *testing.T) {
	bucket := memblob.OpenBucket(nil)
	s := newStore(t, bucket)
	for _, ext := range []string{"../x", "PNG", ".png", "toolong99"} {
		t.Run(ext, func(t *testing.T) {
			_, err := s.Put(t.Context(), masto.MediaKey{Ext: ext}, "", []byte("data"))
			require.ErrorContains(t, err, "extension")
		})
	}
	assert.Empty(t, keys(t, bucket))
}

func TestOpen(t *testing.T) {
	ctx := t.Context()
	dir := filepath.ToSlash(t.TempDir())
	for _, c := range []struct{ name, address, want string }{
		{"no driver", "gs://bucket", `no driver registered for "gs"`},
		{"no address", "media", "blobstore: open"},
		{"no folder", "file://" + dir + "/missing", "blobstore: open"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := blobstore.Open(ctx, c.address, base)
			assert.ErrorContains(t, err, c.want)
		})
	}
	t.Run("no bucket", func(t *testing.T) {
		_, err := blobstore.Open(ctx, strings.Replace(s3test.Shared(t), "s3://masto", "s3://missing", 1), base)
		assert.ErrorContains(t, err, "blobstore: open")
	})
	t.Run("twice", func(t *testing.T) {
		address := s3test.Shared(t)
		first, err := blobstore.Open(ctx, address, strings.TrimSuffix(base, "/"))
		require.NoError(t, err)
		picture, err := first.Put(ctx, avatar, "image/png", []byte("data"))
		require.NoError(t, err)
		require.NoError(t, first.Close())
		second, err := blobstore.Open(ctx, address, base)
		require.NoError(t, err)
		data, err := readable{second}.ReadMedia(ctx, picture)
		require.NoError(t, err)
		assert.Equal(t, "data", string(data))
		require.NoError(t, second.Close())
	})
}

// TestOthers checks that objects which are no pictures are left alone.
func TestOthers(t *testing.T) {
	for _, d := range drivers {
		t.Run(d.name, func(t *testing.T) {
			bucket := d.bucket(t)
			s := newStore(t, bucket)
			others := []string{"1/avatar.png", "backup.sql", "index.html"}
			for _, key := range others {
				require.NoError(t, bucket.WriteAll(t.Context(), key, []byte("data"), nil))
			}
			for info, err := range s.List(t.Context()) {
				require.NoError(t, err)
				t.Errorf("%s is listed", info.URL)
			}
			for _, key := range append(others, "", ".", "../x", "1-avatar-"+strings.Repeat("A", 26)+".png") {
				_, err := s.Open(t.Context(), key)
				require.ErrorIs(t, err, fs.ErrNotExist, key)
				require.NoError(t, s.Delete(t.Context(), base+key))
			}
			got := keys(t, bucket)
			slices.Sort(got)
			assert.Equal(t, others, got)
		})
	}
}

// TestOpenSeeks reads a part of a picture, as a request for a range does.
func TestOpenSeeks(t *testing.T) {
	for _, d := range drivers {
		t.Run(d.name, func(t *testing.T) {
			s := newStore(t, d.bucket(t))
			picture, err := s.Put(t.Context(), avatar, "image/png", []byte("0123456789"))
			require.NoError(t, err)
			r, err := s.Open(t.Context(), strings.TrimPrefix(picture, base))
			require.NoError(t, err)
			defer func() { require.NoError(t, r.Close()) }()
			assert.Equal(t, "image/png", r.ContentType())
			assert.EqualValues(t, 10, r.Size())
			assert.WithinDuration(t, time.Now(), r.ModTime(), time.Minute)
			_, err = r.Seek(6, io.SeekStart)
			require.NoError(t, err)
			rest, err := io.ReadAll(r)
			require.NoError(t, err)
			assert.Equal(t, "6789", string(rest))
		})
	}
}

// TestListPages lists more pictures than S3 has on a page.
func TestListPages(t *testing.T) {
	s := newStore(t, memblob.OpenBucket(nil))
	const pictures = 2345
	for range pictures {
		_, err := s.Put(t.Context(), avatar, "image/png", nil)
		require.NoError(t, err)
	}
	listed := map[string]bool{}
	for info, err := range s.List(t.Context()) {
		require.NoError(t, err)
		listed[info.URL] = true
	}
	assert.Len(t, listed, pictures)
}

// behind returns a Store that reaches a bucket of S3 through a handler, and a
// Store that reaches it without one.
func behind(t *testing.T, handler func(next http.Handler) http.Handler) (through, direct *blobstore.Store) {
	t.Helper()
	address, err := url.Parse(s3test.Shared(t))
	require.NoError(t, err)
	direct = newStore(t, openBucket(t, address.String()))
	query := address.Query()
	endpoint, err := url.Parse(query.Get("endpoint"))
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(endpoint)
		r.Out.Host = r.In.Host // It is signed.
	}}
	server := httptest.NewServer(handler(proxy))
	t.Cleanup(server.Close)
	query.Set("endpoint", server.URL)
	address.RawQuery = query.Encode()
	return newStore(t, openBucket(t, address.String())), direct
}

// TestTimeout checks that no call waits for a bucket that does not answer.
func TestTimeout(t *testing.T) {
	ended := make(chan struct{})
	s, _ := behind(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-ended })
	})
	t.Cleanup(func() { close(ended) })
	s.Timeout = 100 * time.Millisecond
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"put", func() error {
			_, err := s.Put(t.Context(), avatar, "image/png", []byte("data"))
			return err
		}},
		{"delete", func() error { return s.Delete(t.Context(), base+"1-avatar-"+strings.Repeat("A", 26)+".png") }},
		{"list", func() error {
			for _, err := range s.List(t.Context()) {
				return err
			}
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.ErrorIs(t, c.call(), context.DeadlineExceeded)
		})
	}
}

// TestLostAnswer stores pictures of which the bucket cannot say that they are
// stored. No such picture is left.
func TestLostAnswer(t *testing.T) {
	var lost atomic.Int64
	s, direct := behind(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPut {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(httptest.NewRecorder(), r)
			lost.Add(1)
			panic(http.ErrAbortHandler)
		})
	})
	_, err := s.Put(t.Context(), avatar, "image/png", []byte("data"))
	require.Error(t, err)
	assert.Positive(t, lost.Load())
	for info, err := range direct.List(t.Context()) {
		require.NoError(t, err)
		t.Errorf("%s is left", info.URL)
	}
}

// TestServerDown checks that a Store reports an S3 server that is stopped, and
// works again when it is back.
func TestServerDown(t *testing.T) {
	server := s3test.Start(t)
	s := newStore(t, openBucket(t, server.Address))
	picture, err := s.Put(t.Context(), avatar, "image/png", []byte("data"))
	require.NoError(t, err)
	server.Stop(t)
	hasty := newStore(t, openBucket(t, server.Address))
	hasty.Timeout = 200 * time.Millisecond
	_, err = hasty.Put(t.Context(), avatar, "image/png", []byte("data"))
	require.Error(t, err)
	require.Error(t, hasty.Delete(t.Context(), picture))
	opening, cancel := context.WithTimeout(t.Context(), hasty.Timeout)
	defer cancel()
	_, err = hasty.Open(opening, strings.TrimPrefix(picture, base))
	require.Error(t, err)
	require.NotErrorIs(t, err, fs.ErrNotExist)
	server.Restart(t)
	data, err := readable{s}.ReadMedia(t.Context(), picture)
	require.NoError(t, err)
	assert.Equal(t, "data", string(data))
	require.NoError(t, s.Delete(t.Context(), picture))
}

func Example() {
	ctx := context.Background()
	// import _ "gocloud.dev/blob/memblob", or another driver.
	pictures, err := blobstore.Open(ctx, "mem://", "https://social.example/media")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = pictures.Close() }()

	key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
	url, err := pictures.Put(ctx, key, "image/png", []byte("\x89PNG…"))
	if err != nil {
		fmt.Println(err)
		return
	}
	name := strings.TrimPrefix(url, "https://social.example/media/")
	fmt.Println(strings.HasPrefix(name, "1-avatar-"), strings.HasSuffix(name, ".png"))

	picture, err := pictures.Open(ctx, name)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(picture.ContentType(), picture.Size(), picture.Close())
	fmt.Println(pictures.Delete(ctx, url), pictures.Delete(ctx, url))
	// Output:
	// true true
	// image/png 7 <nil>
	// <nil> <nil>
}
