package mastotest

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
)

// TestMediaStore checks the store that open returns against the rules of
// [masto.MediaStore]. Each rule is a subtest with a fresh store. open returns
// an empty store, and calls t.Cleanup to release what it needs.
//
// The interface has no way to read a picture back. If the store has a method
//
//	ReadMedia(ctx context.Context, url string) ([]byte, error)
//
// that returns the data at an address that Put returned, and an error if there
// are none, then the rules about data are checked, too: data arrive whole, are
// copied, and are removed by nothing but Delete. Without the method those
// subtests are skipped. If production code has no use for the method, a type of
// the test that embeds the store can have it.
//
// The rules of [masto.MediaLister] are checked if the store is one, and skipped
// otherwise.
func TestMediaStore(t *testing.T, open func(t *testing.T) masto.MediaStore) {
	testMediaStore(t, open, 30*time.Second)
}

// testMediaStore is TestMediaStore with the time that one call of the store may
// take.
func testMediaStore(t *testing.T, open func(t *testing.T) masto.MediaStore, patience time.Duration) {
	for _, c := range mediaCases() {
		t.Run(c.name, func(t *testing.T) {
			m := &mediaTest{T: t, rule: c.rule, patience: patience, store: open(t)}
			if m.store == nil {
				t.Fatal("open returned no store")
			}
			c.run(m)
		})
	}
}

// mediaCase is one rule and how it is checked.
type mediaCase struct {
	name string // The name of the subtest.
	rule string // The rule, as a failure states it.
	run  func(m *mediaTest)
}

// mediaCases returns the rules of media stores.
func mediaCases() []mediaCase {
	return []mediaCase{
		{
			name: "put/address",
			rule: "Put returns an address for a picture of each kind and type",
			run:  putAddress,
		},
		{
			name: "put/new address",
			rule: "Put returns a new address at every call, for equal data too, and never again that of a deleted " +
				"picture",
			run: putNew,
		},
		{
			name: "put/concurrent",
			rule: "Puts at the same time return different addresses",
			run:  putConcurrent,
		},
		{
			name: "put/canceled",
			rule: "a canceled context ends Put with an error",
			run:  putCanceled,
		},
		{
			name: "put/data",
			rule: "what Put stored is what can be read at its address, to the byte",
			run:  putData,
		},
		{
			name: "put/copy",
			rule: "Put shares nothing with the data that it was given",
			run:  putCopy,
		},
		{
			name: "delete/stored",
			rule: "Delete removes a picture, and deleting it again is no error",
			run:  deleteStored,
		},
		{
			name: "delete/missing",
			rule: "Delete of what is missing, or is not this store's, is no error",
			run:  deleteMissing,
		},
		{
			name: "delete/concurrent",
			rule: "Deletes of one picture at the same time are no error",
			run:  deleteConcurrent,
		},
		{
			name: "delete/removes",
			rule: "Delete removes the picture at its address",
			run:  deleteRemoves,
		},
		{
			name: "delete/only that",
			rule: "Delete leaves every other picture, whatever address it is called with",
			run:  deleteOnlyThat,
		},
		{
			name: "list/all",
			rule: "List yields each picture once, with its address, its key and the time when it was stored",
			run:  listAll,
		},
		{
			name: "list/any account",
			rule: "List tells the account of a picture or none, and never another account, whatever its id is",
			run:  listAnyAccount,
		},
		{
			name: "list/deleted",
			rule: "List does not yield a picture that was deleted",
			run:  listDeleted,
		},
		{
			name: "list/canceled",
			rule: "a canceled context ends List with an error",
			run:  listCanceled,
		},
		{
			name: "list/break",
			rule: "List ends where its caller breaks off",
			run:  listBreak,
		},
		{
			name: "list/deleting",
			rule: "pictures may be deleted while they are listed",
			run:  listDeleting,
		},
	}
}

// mediaTest is the run of one case.
type mediaTest struct {
	*testing.T
	rule     string
	store    masto.MediaStore
	patience time.Duration
}

// broken ends the case: the store broke its rule.
func (m *mediaTest) broken(format string, args ...any) {
	m.Helper()
	m.Fatalf("rule: %s\n"+format, append([]any{m.rule}, args...)...)
}

// tryPut calls Put, which must return in time.
func (m *mediaTest) tryPut(ctx context.Context, key masto.MediaKey, data []byte) (string, error) {
	return guard(m.patience, func() (string, error) { return m.store.Put(ctx, key, contentTypes[key.Ext], data) })
}

// put stores data, which must succeed.
func (m *mediaTest) put(key masto.MediaKey, data []byte) string {
	m.Helper()
	url, err := m.tryPut(m.Context(), key, data)
	if err != nil {
		m.broken("Put of %+v failed: %v", key, err)
	}
	if url == "" {
		m.broken("Put of %+v returned no address", key)
	}
	return url
}

// tryDelete calls Delete, which must return in time.
func (m *mediaTest) tryDelete(url string) error {
	_, err := guard(m.patience, func() (struct{}, error) { return struct{}{}, m.store.Delete(m.Context(), url) })
	return err
}

// delete removes the picture at url, which must succeed.
func (m *mediaTest) delete(url string) {
	m.Helper()
	if err := m.tryDelete(url); err != nil {
		m.broken("Delete(%q) failed: %v", url, err)
	}
}

// mediaReader is a media store that lets the suite read pictures back.
type mediaReader interface {
	ReadMedia(ctx context.Context, url string) ([]byte, error)
}

// reader returns the store as a mediaReader. It skips the case if the store is
// none.
func (m *mediaTest) reader() mediaReader {
	m.Helper()
	r, ok := m.store.(mediaReader)
	if !ok {
		m.Skip("the store has no method ReadMedia(ctx context.Context, url string) ([]byte, error), " +
			"so the suite cannot read pictures back")
	}
	return r
}

// holds ends the case unless want can be read at url.
func (m *mediaTest) holds(r mediaReader, url string, want []byte) {
	m.Helper()
	got, err := r.ReadMedia(m.Context(), url)
	if err != nil {
		m.broken("reading %q failed: %v", url, err)
	}
	if !bytes.Equal(got, want) {
		m.broken("%d bytes were stored at %q, and %d others read", len(want), url, len(got))
	}
}

// contentTypes has the content types of the pictures that a Service stores, by
// extension.
var contentTypes = map[string]string{
	"png":  "image/png",
	"jpg":  "image/jpeg",
	"gif":  "image/gif",
	"webp": "image/webp",
}

// mediaKeys returns a key of each kind and type, for IDs like those of servers.
func mediaKeys() []masto.MediaKey {
	var keys []masto.MediaKey
	for _, id := range []string{"1", "109876543210987654", "01J5X-q_z"} {
		for _, kind := range []string{
			masto.KindAvatar, masto.KindAvatarStatic, masto.KindHeader, masto.KindHeaderStatic,
		} {
			for _, ext := range []string{"png", "jpg", "gif", "webp"} {
				keys = append(keys, masto.MediaKey{AccountID: id, Kind: kind, Ext: ext})
			}
		}
	}
	return keys
}

// someKey is the key of most cases.
func someKey() masto.MediaKey {
	return masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
}

func putAddress(m *mediaTest) {
	seen := map[string]bool{}
	for _, key := range mediaKeys() {
		url := m.put(key, []byte("data"))
		if seen[url] {
			m.broken("Put of %+v returned %q, the address of another picture", key, url)
		}
		seen[url] = true
	}
}

func putNew(m *mediaTest) {
	seen := map[string]bool{}
	for i := range 20 {
		url := m.put(someKey(), []byte("data"))
		if seen[url] {
			m.broken("Put returned %q again", url)
		}
		seen[url] = true
		if i%2 == 0 {
			m.delete(url)
		}
	}
}

func putConcurrent(m *mediaTest) {
	var mu sync.Mutex
	seen := map[string]bool{}
	each(func(string) {
		url, err := m.tryPut(m.Context(), someKey(), []byte("data"))
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			m.Errorf("rule: %s\nPut failed: %v", m.rule, err)
		}
		if seen[url] {
			m.Errorf("rule: %s\nPut returned %q twice", m.rule, url)
		}
		seen[url] = true
	})
}

func putCanceled(m *mediaTest) {
	ctx, cancel := context.WithCancel(m.Context())
	cancel()
	if url, err := m.tryPut(ctx, someKey(), []byte("data")); err == nil {
		m.broken("Put returned %q and no error", url)
	}
	m.put(someKey(), []byte("data")) // The store still works.
}

func putData(m *mediaTest) {
	r := m.reader()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	contents := [][]byte{every, []byte("\r\n\x00\x1a"), bytes.Repeat(every, 4096), every}
	var urls []string
	for _, data := range contents {
		urls = append(urls, m.put(someKey(), data))
	}
	for i, data := range contents {
		m.holds(r, urls[i], data)
	}
}

func putCopy(m *mediaTest) {
	r := m.reader()
	data := []byte("the data")
	url := m.put(someKey(), data)
	clear(data)
	m.holds(r, url, []byte("the data"))
}

func deleteStored(m *mediaTest) {
	for _, key := range mediaKeys() {
		url := m.put(key, []byte("data"))
		m.delete(url)
		m.delete(url)
	}
}

// foreign returns addresses of pictures that are not in the store. One is the
// same path on another host.
func foreign(address string) []string {
	list := []string{
		"", "/", ".", "..", " ", "%", "%zz", "://", "http://[::1", "\xff\xfe", "missing.png",
		"https://social.example/avatars/original/missing.png", "../../../../etc/passwd", "file:///etc/passwd",
		"https://files.example/../../etc/passwd", address + "x", "x" + address,
	}
	if u, err := url.Parse(address); err == nil {
		list = append(list, "https://elsewhere.example"+u.EscapedPath())
	}
	return list
}

// mangled returns addresses that no store returns, but that a store might take
// for address.
func mangled(address string) []string {
	return []string{
		address + "/", address + "?x=1", address + "#x", address[:len(address)-1], address + address,
	}
}

func deleteMissing(m *mediaTest) {
	url := m.put(someKey(), []byte("data"))
	for _, address := range append(foreign(url), mangled(url)...) {
		m.delete(address)
	}
	m.delete(url)
}

func deleteConcurrent(m *mediaTest) {
	url := m.put(someKey(), []byte("data"))
	each(func(string) {
		if err := m.tryDelete(url); err != nil {
			m.Errorf("rule: %s\nDelete(%q) failed: %v", m.rule, url, err)
		}
	})
}

func deleteRemoves(m *mediaTest) {
	r := m.reader()
	url := m.put(someKey(), []byte("data"))
	m.delete(url)
	if data, err := r.ReadMedia(m.Context(), url); err == nil {
		m.broken("%q can still be read, %d bytes", url, len(data))
	}
}

func deleteOnlyThat(m *mediaTest) {
	r := m.reader()
	urls := map[string][]byte{}
	for i, key := range mediaKeys() {
		data := fmt.Appendf(nil, "data %d", i)
		urls[m.put(key, data)] = data
	}
	gone := m.put(someKey(), []byte("gone"))
	for _, address := range foreign(gone) {
		m.delete(address)
	}
	m.holds(r, gone, []byte("gone"))
	m.delete(gone)
	for url, data := range urls {
		m.holds(r, url, data)
	}
}
