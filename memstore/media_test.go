package memstore_test

import (
	"context"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/memstore"
)

// readable adds ReadMedia to a Media, with which the suite reads pictures back.
type readable struct{ *memstore.Media }

func (r readable) ReadMedia(_ context.Context, url string) ([]byte, error) {
	_, data, ok := r.Open(url)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func TestMedia(t *testing.T) {
	mastotest.TestMediaStore(t, func(*testing.T) masto.MediaStore {
		return readable{memstore.NewMedia("https://files.example")}
	})
}

func TestOpenReturnsACopy(t *testing.T) {
	m := memstore.NewMedia("https://files.example/")
	url, err := m.Put(t.Context(), masto.MediaKey{Ext: "png"}, "image/png", []byte("data"))
	require.NoError(t, err)
	contentType, data, ok := m.Open(url)
	require.True(t, ok)
	assert.Equal(t, "image/png", contentType)
	clear(data)
	_, data, _ = m.Open(url)
	assert.Equal(t, "data", string(data))
}

func ExampleNewMedia() {
	ctx := context.Background()
	media := memstore.NewMedia("https://files.example")
	key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}

	url, err := media.Put(ctx, key, "image/png", []byte("\x89PNG…"))
	fmt.Println(url, err)

	contentType, data, ok := media.Open(url)
	fmt.Println(contentType, len(data), ok)

	fmt.Println(media.Delete(ctx, url))
	_, _, ok = media.Open(url)
	fmt.Println(ok)
	// Output:
	// https://files.example/1.png <nil>
	// image/png 7 true
	// <nil>
	// false
}
