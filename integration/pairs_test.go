package integration

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/blobstore"
	"github.com/seed-374a2035/masto/dirstore"
	"github.com/seed-374a2035/masto/internal/s3test"
	"github.com/seed-374a2035/masto/media"
	"github.com/seed-374a2035/masto/memstore"
)

// pictureStore is a store of pictures that can be read back.
type pictureStore interface {
	masto.MediaLister
	ReadMedia(ctx context.Context, url string) ([]byte, error)
}

type memoryPictures struct{ *memstore.Media }

func (m memoryPictures) ReadMedia(_ context.Context, url string) ([]byte, error) {
	_, data, ok := m.Open(url)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

type folderPictures struct{ *dirstore.Store }

func (f folderPictures) ReadMedia(_ context.Context, url string) ([]byte, error) {
	return fs.ReadFile(f.FS(), strings.TrimPrefix(url, filesURL))
}

type bucketPictures struct{ *blobstore.Store }

func (b bucketPictures) ReadMedia(ctx context.Context, url string) ([]byte, error) {
	r, err := b.Open(ctx, strings.TrimPrefix(url, filesURL))
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return io.ReadAll(r)
}

// accountStores and pictureStores are what the pairs are made of.
var (
	accountStores = []struct {
		name string
		open func(t *testing.T, seed ...*masto.Record) masto.Store
	}{
		{"memory", func(_ *testing.T, seed ...*masto.Record) masto.Store { return memstore.New(seed...) }},
		{"SQLite", func(t *testing.T, seed ...*masto.Record) masto.Store {
			file := filepath.ToSlash(filepath.Join(t.TempDir(), "masto.db"))
			const pragmas = "?_pragma=journal_mode(wal)&_pragma=busy_timeout(10000)"
			return migrated(t, openSQLite(t, "file:"+file+pragmas), seed...)
		}},
		{"PostgreSQL", func(t *testing.T, seed ...*masto.Record) masto.Store {
			return postgresWith(t, openPostgres(t, newSchema(t)), seed...)
		}},
	}
	pictureStores = []struct {
		name string
		open func(t *testing.T) pictureStore
	}{
		{"memory", func(*testing.T) pictureStore { return memoryPictures{memstore.NewMedia(filesURL)} }},
		{"folder", func(t *testing.T) pictureStore {
			s, err := dirstore.Open(t.TempDir(), filesURL)
			require.NoError(t, err)
			return folderPictures{s}
		}},
		{"S3", func(t *testing.T) pictureStore {
			s, err := blobstore.Open(t.Context(), s3test.Shared(t), filesURL)
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, s.Close()) })
			return bucketPictures{s}
		}},
	}
)

// TestPairs runs a site on each pair of a store of accounts and one of
// pictures: the pictures of accounts that clients update at the same time are
// there to the byte, and a sweep leaves nothing else. The suites of mastotest
// check each store by itself.
func TestPairs(t *testing.T) {
	for _, accounts := range accountStores {
		for _, pictures := range pictureStores {
			t.Run(accounts.name+" and "+pictures.name, func(t *testing.T) {
				seed := []*masto.Record{masto.NewRecord("1", "alice"), masto.NewRecord("2", "bob")}
				runSite(t, accounts.open(t, seed...), pictures.open(t))
			})
		}
	}
}

// runSite lets clients replace and remove the pictures of two accounts.
func runSite(t *testing.T, accounts masto.Store, pictures pictureStore) {
	service := &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: accounts, Media: pictures}
	upload := func(text string) masto.Opt[*masto.Upload] {
		return masto.Some(&masto.Upload{Data: []byte(png + text)})
	}
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() {
			id := fmt.Sprint(1 + client%2)
			for n := range 5 {
				text := fmt.Sprintf("%s %d %d", id, client, n)
				u := masto.Update{Avatar: upload("avatar " + text), AvatarDescription: masto.Some(text)}
				if n%2 == 1 {
					u.Header = upload("header " + text)
				}
				_, err := service.Update(t.Context(), id, u)
				assert.NoError(t, err)
			}
		})
	}
	clients.Wait()
	_, err := service.DeleteHeader(t.Context(), "2")
	require.NoError(t, err)
	orphan, err := pictures.Put(t.Context(), masto.MediaKey{AccountID: "2", Kind: masto.KindHeader, Ext: "png"},
		"image/png", []byte(png))
	require.NoError(t, err)

	report, err := media.Sweep(t.Context(), pictures, accounts, time.Now().Add(2*time.Hour), time.Hour)
	require.NoError(t, err)
	if assert.Len(t, report.Removed, 1) {
		assert.Equal(t, orphan, report.Removed[0].URL)
	}
	named := map[string]bool{}
	for _, id := range []string{"1", "2"} {
		r, err := accounts.Get(t.Context(), id)
		require.NoError(t, err)
		data, err := pictures.ReadMedia(t.Context(), r.Profile.Avatar)
		require.NoError(t, err)
		assert.Equal(t, png+"avatar "+r.Profile.AvatarDescription, string(data))
		named[r.Profile.Avatar] = true
		if id == "2" {
			assert.Empty(t, r.Profile.Header)
			continue
		}
		data, err = pictures.ReadMedia(t.Context(), r.Profile.Header)
		require.NoError(t, err)
		assert.Contains(t, string(data), png+"header 1 ")
		named[r.Profile.Header] = true
	}
	assert.Equal(t, named, addresses(t, pictures))
}

// addresses returns the addresses of the pictures that are there.
func addresses(t *testing.T, pictures masto.MediaLister) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	for picture, err := range pictures.List(t.Context()) {
		require.NoError(t, err)
		there[picture.URL] = true
	}
	return there
}
