package memstore

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
)

// Media is a [masto.MediaStore] in memory. It is safe for concurrent use. Use
// [NewMedia] to create one, and do not copy it.
type Media struct {
	base string // ends in a slash

	mu       sync.RWMutex
	last     int // the number of the last picture; none is used twice
	pictures map[string]picture
}

// picture is a stored picture. Its data is never returned, only copies of it.
type picture struct {
	key         masto.MediaKey
	contentType string
	data        []byte
	stored      time.Time
}

// NewMedia returns an empty Media. The address of a picture is baseURL, a
// slash, a number, and the extension of its key if it has one.
func NewMedia(baseURL string) *Media {
	return &Media{base: strings.TrimSuffix(baseURL, "/") + "/", pictures: make(map[string]picture)}
}

// Put stores a copy of data and returns its address, which is new for each
// call. It fails only if ctx is done.
func (m *Media) Put(ctx context.Context, key masto.MediaKey, contentType string, data []byte) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("memstore: put picture: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	address := m.base + strconv.Itoa(m.last)
	if key.Ext != "" {
		address += "." + url.PathEscape(key.Ext)
	}
	m.pictures[address] = picture{key, contentType, bytes.Clone(data), time.Now()}
	return address, nil
}

// Delete removes the picture at url. It does nothing and returns nil if there
// is no such picture in m.
func (m *Media) Delete(_ context.Context, url string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.pictures, url)
	return nil
}

// Open returns the content type and a copy of the data of the picture at url,
// so that a server can serve it. ok reports whether there is such a picture.
func (m *Media) Open(url string) (contentType string, data []byte, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.pictures[url]
	return p.contentType, bytes.Clone(p.data), ok
}

// List yields the pictures that are in m when it begins, as [masto.MediaLister]
// requires.
func (m *Media) List(ctx context.Context) iter.Seq2[masto.MediaInfo, error] {
	return func(yield func(masto.MediaInfo, error) bool) {
		for _, info := range m.all() {
			if ctx.Err() != nil {
				break
			}
			if !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(masto.MediaInfo{}, fmt.Errorf("memstore: list pictures: %w", err))
		}
	}
}

// all returns what m knows of its pictures.
func (m *Media) all() []masto.MediaInfo {
	m.mu.RLock()
	defer m.mu.RUnlock()
	infos := make([]masto.MediaInfo, 0, len(m.pictures))
	for address, p := range m.pictures {
		infos = append(infos, masto.MediaInfo{URL: address, Key: p.key, Stored: p.stored})
	}
	return infos
}
