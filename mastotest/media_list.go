package mastotest

import (
	"context"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// clocksDiffer is how much the clock of a store may differ from this one.
const clocksDiffer = 5 * time.Minute

// lister returns the store as a MediaLister. It skips the case if the store is
// none.
func (m *mediaTest) lister() masto.MediaLister {
	m.Helper()
	l, ok := m.store.(masto.MediaLister)
	if !ok {
		m.Skip("the store is no masto.MediaLister, so that media.Sweep cannot find what no account names")
	}
	return l
}

// tryList calls List, which must return in time, and visit for each picture
// until that returns false. It stops at the first error.
func (m *mediaTest) tryList(ctx context.Context, l masto.MediaLister, visit func(masto.MediaInfo) bool) error {
	_, err := guard(m.patience, func() (struct{}, error) {
		for info, err := range l.List(ctx) {
			if err != nil {
				return struct{}{}, err
			}
			if !visit(info) {
				break
			}
		}
		return struct{}{}, nil
	})
	return err
}

// list returns the pictures that List yields, by address.
func (m *mediaTest) list(l masto.MediaLister) map[string]masto.MediaInfo {
	m.Helper()
	listed := map[string]masto.MediaInfo{}
	twice := ""
	err := m.tryList(m.Context(), l, func(info masto.MediaInfo) bool {
		if _, ok := listed[info.URL]; ok {
			twice = info.URL
		}
		listed[info.URL] = info
		return true
	})
	if err != nil {
		m.broken("List failed: %v", err)
	}
	if twice != "" {
		m.broken("List yielded %q twice", twice)
	}
	return listed
}

func listAll(m *mediaTest) {
	l := m.lister()
	if listed := m.list(l); len(listed) != 0 {
		m.broken("List of an empty store yielded %v", listed)
	}
	start := time.Now()
	stored := map[string]masto.MediaKey{}
	for _, key := range mediaKeys() {
		stored[m.put(key, []byte("data"))] = key
	}
	end := time.Now()
	listed := m.list(l)
	for url, key := range stored {
		info, ok := listed[url]
		if !ok {
			m.broken("List did not yield %q", url)
		}
		if info.Key != key {
			m.broken("%q was stored for %+v, and listed for %+v", url, key, info.Key)
		}
		if info.Stored.Before(start.Add(-clocksDiffer)) || info.Stored.After(end.Add(clocksDiffer)) {
			m.broken("%q was stored at %v, and listed with %v", url, start, info.Stored)
		}
	}
	if len(listed) != len(stored) {
		m.broken("%d pictures were stored, and %d listed", len(stored), len(listed))
	}
}

func listAnyAccount(m *mediaTest) {
	l := m.lister()
	stored := map[string]string{}
	for _, id := range []string{
		"", "a", "A", "a/b", "a-b", "-", "1-avatar", "~2f", "%2F", ".", "..", "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
		"https://social.example/users/ä?x#y", "\xff", strings.Repeat("ü", 100),
	} {
		key := someKey()
		key.AccountID = id
		if url, err := m.tryPut(m.Context(), key, []byte("data")); err == nil {
			stored[url] = id
		}
	}
	for url, info := range m.list(l) {
		if id := stored[url]; info.Key.AccountID != id && info.Key.AccountID != "" {
			m.broken("%q was stored for account %q, and listed for %q", url, id, info.Key.AccountID)
		}
	}
}

func listDeleted(m *mediaTest) {
	l := m.lister()
	gone, kept := m.put(someKey(), []byte("data")), m.put(someKey(), []byte("data"))
	m.delete(gone)
	listed := m.list(l)
	if _, ok := listed[gone]; ok {
		m.broken("%q is listed", gone)
	}
	if _, ok := listed[kept]; !ok {
		m.broken("%q, which was not deleted, is not listed", kept)
	}
}

func listCanceled(m *mediaTest) {
	l := m.lister()
	m.put(someKey(), []byte("data"))
	ctx, cancel := context.WithCancel(m.Context())
	cancel()
	if err := m.tryList(ctx, l, func(masto.MediaInfo) bool { return true }); err == nil {
		m.broken("there was no error")
	}
}

func listBreak(m *mediaTest) {
	l := m.lister()
	for range 3 {
		m.put(someKey(), []byte("data"))
	}
	yielded := 0
	err := m.tryList(m.Context(), l, func(masto.MediaInfo) bool { yielded++; return false })
	if err != nil || yielded != 1 {
		m.broken("it yielded %d pictures, and the error was: %v", yielded, err)
	}
	m.put(someKey(), []byte("data")) // The store still works.
}

func listDeleting(m *mediaTest) {
	l := m.lister()
	for range 10 {
		m.put(someKey(), []byte("data"))
	}
	var failed error
	err := m.tryList(m.Context(), l, func(info masto.MediaInfo) bool {
		failed = m.store.Delete(m.Context(), info.URL)
		return failed == nil
	})
	if err != nil || failed != nil {
		m.broken("List failed with %v, and Delete with %v", err, failed)
	}
	if left := m.list(l); len(left) != 0 {
		m.broken("%d pictures are left", len(left))
	}
}
