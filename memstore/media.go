package memstore

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/seed-374a2035/masto"
)

// Media is a [masto.MediaStore] in memory, safe for concurrent use. [NewMedia] makes one; do not copy it.
type Media struct {
	base string // ends in a slash

	mu       sync.RWMutex
	last     int // number of the last picture; no number comes twice
	pictures map[string]picture
}

// picture is a stored file; its data are never handed out.
type picture struct {
	contentType string
	data        []byte
}

// NewMedia returns an empty Media. The addresses of its pictures are baseURL, a slash, and a number with an extension.
func NewMedia(baseURL string) *Media {
	return &Media{base: strings.TrimSuffix(baseURL, "/") + "/", pictures: make(map[string]picture)}
}

// Put keeps a copy of data and returns its address, a new one at every call. It fails only if ctx is over.
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
	m.pictures[address] = picture{contentType, bytes.Clone(data)}
	return address, nil
}

// Delete removes the picture at url. One that is missing, or not of this store, is no error.
func (m *Media) Delete(_ context.Context, url string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.pictures, url)
	return nil
}

// Open returns the type and a copy of the data of the picture at url, such as a test's server answers; ok tells whether there is one.
func (m *Media) Open(url string) (contentType string, data []byte, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.pictures[url]
	return p.contentType, bytes.Clone(p.data), ok
}
