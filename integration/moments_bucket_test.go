package integration

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	_ "gocloud.dev/blob/s3blob"

	"github.com/seed-374a2035/masto/blobstore"
	"github.com/seed-374a2035/masto/internal/s3test"
)

// mediaInBucket keeps the pictures of p in a bucket, which direct reaches when
// nothing happens to it.
func mediaInBucket(t *testing.T, p *place, bucket, direct *blob.Bucket) {
	t.Helper()
	t.Cleanup(func() { assert.NoError(t, bucket.Close()) })
	p.media.MediaLister = blobstore.New(bucket, filesURL)
	p.pictures = func(t *testing.T) map[string]string {
		found := map[string]string{}
		objects := direct.List(nil)
		for {
			object, err := objects.Next(t.Context())
			if err == io.EOF { //nolint:errorlint // Next returns it as it is
				return found
			}
			require.NoError(t, err)
			data, err := direct.ReadAll(t.Context(), object.Key)
			require.NoError(t, err)
			found[filesURL+object.Key] = string(data)
		}
	}
}

func mediaInMemoryBucket(t *testing.T, p *place) {
	bucket := memblob.OpenBucket(nil)
	mediaInBucket(t, p, bucket, bucket)
}

func mediaInFileBucket(t *testing.T, p *place) {
	p.disk = newDisk(t)
	bucket, err := fileblob.OpenBucket(p.disk.folder, &fileblob.Options{NoTempDir: true})
	require.NoError(t, err)
	mediaInBucket(t, p, bucket, bucket)
	if !p.disk.small {
		p.disk.pretend(readOnly(t, p.disk.folder))
	}
}

func mediaInS3(t *testing.T, p *place) {
	p.requests = &requestCutter{}
	address := s3test.Shared(t)
	direct := openBucket(t, address)
	t.Cleanup(func() { assert.NoError(t, direct.Close()) })
	mediaInBucket(t, p, openBucket(t, p.requests.proxy(t, address)), direct)
}

func mediaInS3OnDisk(t *testing.T, p *place) {
	p.disk = newDisk(t)
	bucket := openBucket(t, s3test.StartIn(t, p.disk.folder).Address)
	mediaInBucket(t, p, bucket, bucket)
	if !p.disk.small {
		p.disk.pretend(readOnly(t, p.disk.folder))
	}
}

func openBucket(t *testing.T, address string) *blob.Bucket {
	t.Helper()
	bucket, err := blob.OpenBucket(t.Context(), address)
	require.NoError(t, err)
	return bucket
}

// requestCutter loses the connections of HTTP requests.
type requestCutter struct {
	method string
	at     cut
	left   atomic.Int64 // how many requests are still to be cut
}

// cut loses the connections of the next requests of a method.
func (c *requestCutter) cut(method string, at cut, requests int64) {
	c.method, c.at = method, at
	c.left.Store(requests)
}

// proxy returns the address of a bucket that is reached through c.
func (c *requestCutter) proxy(t *testing.T, bucket string) string {
	t.Helper()
	address, err := url.Parse(bucket)
	require.NoError(t, err)
	query := address.Query()
	endpoint, err := url.Parse(query.Get("endpoint"))
	require.NoError(t, err)
	quiet := log.New(io.Discard, "", 0)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(endpoint)
			r.Out.Host = r.In.Host // It is signed.
		},
		ErrorLog: quiet,
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != c.method || c.left.Add(-1) < 0 {
			proxy.ServeHTTP(w, r)
			return
		}
		switch c.at {
		case cutWithin:
			half := io.LimitReader(r.Body, r.ContentLength/2)
			r.Body = io.NopCloser(io.MultiReader(half, iotest.ErrReader(io.ErrUnexpectedEOF)))
			proxy.ServeHTTP(httptest.NewRecorder(), r)
		case cutAfter:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
		}
		panic(http.ErrAbortHandler)
	}))
	server.Config.ErrorLog = quiet
	server.Start()
	t.Cleanup(server.Close)
	query.Set("endpoint", server.URL)
	address.RawQuery = query.Encode()
	return address.String()
}
