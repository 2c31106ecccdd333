package mastotest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
)

// brokenMedia are media stores with one mistake each, and the case that must
// report it.
var brokenMedia = []struct{ quirk, want string }{
	{"no address", "put/address"},
	{"webp refused", "put/address"},
	{"address by key", "put/new address"},
	{"address by content", "put/new address"},
	{"address reused", "put/new address"},
	{"address by clock", "put/concurrent"},
	{"context ignored", "put/canceled"},
	{"line ends changed", "put/data"},
	{"data shared", "put/copy"},
	{"second delete fails", "delete/stored"},
	{"second delete fails", "delete/missing"},
	{"second delete fails", "delete/concurrent"},
	{"foreign delete fails", "delete/missing"},
	{"delete panics", "delete/missing"},
	{"delete hangs", "delete/stored"},
	{"delete keeps", "delete/removes"},
	{"delete by name", "delete/only that"},
	{"delete by prefix", "delete/only that"},
	{"kind not listed", "list/all"},
	{"time not listed", "list/all"},
	{"listed twice", "list/all"},
	{"account in lower case", "list/any account"},
	{"deleted listed", "list/deleted"},
	{"deleted listed", "list/deleting"},
	{"list ignores context", "list/canceled"},
	{"list goes on", "list/break"},
	{"list locks", "list/deleting"},
}

// TestBrokenMediaStores is TestBrokenStores for media stores.
func TestBrokenMediaStores(t *testing.T) {
	t.Parallel()
	quirks := []string{"none", "no hook", "no list", "empty refused"}
	want := map[string][]string{}
	for _, b := range brokenMedia {
		quirks = append(quirks, b.quirk)
		want[b.quirk] = append(want[b.quirk], b.want)
	}
	quirks = slices.Compact(slices.Sorted(slices.Values(quirks)))
	report := inChild(t, quirks, want, func(t *testing.T, quirk string) {
		testMediaStore(t, func(*testing.T) masto.MediaStore {
			s := &quirkyMedia{quirk: quirk, pictures: map[string][]byte{}, infos: map[string]masto.MediaInfo{}}
			switch quirk {
			case "no hook":
				return struct{ masto.MediaLister }{s}
			case "no list":
				return struct {
					masto.MediaStore
					mediaReader
				}{s, s}
			}
			return s
		}, patienceWith(quirk == "delete hangs" || quirk == "list locks"))
	})
	rules := map[string]string{}
	for _, c := range mediaCases() {
		rules[c.name] = c.rule
	}
	report.check(t, quirks, want, rules)
	for _, name := range []string{"put/data", "put/copy", "delete/removes", "delete/only that"} {
		if !report.skipped("no hook", name) {
			t.Errorf("without the method ReadMedia the case %q is not skipped", name)
		}
	}
	for _, name := range []string{
		"list/all", "list/any account", "list/deleted", "list/canceled", "list/break", "list/deleting",
	} {
		if !report.skipped("no list", name) {
			t.Errorf("without the method List the case %q is not skipped", name)
		}
	}
}

// quirkyMedia is a media store in memory that breaks one rule.
type quirkyMedia struct {
	mu       sync.Mutex
	quirk    string
	last     int
	pictures map[string][]byte
	infos    map[string]masto.MediaInfo
}

// address returns the address of a new picture.
func (s *quirkyMedia) address(key masto.MediaKey, data []byte) string {
	name := fmt.Sprint(s.last)
	switch s.quirk {
	case "no address":
		return ""
	case "address by key":
		name = key.AccountID + key.Kind
	case "address by content":
		name = fmt.Sprintf("%x%s%s", data, key.AccountID, key.Kind)
	case "address reused":
		for n := 0; ; n++ {
			name = fmt.Sprint(n)
			if _, taken := s.pictures["https://files.example/"+name+"."+key.Ext]; !taken {
				break
			}
		}
	}
	return "https://files.example/" + name + "." + key.Ext
}

func (s *quirkyMedia) Put(ctx context.Context, key masto.MediaKey, _ string, data []byte) (string, error) {
	switch {
	case ctx.Err() != nil && s.quirk != "context ignored":
		return "", ctx.Err()
	case s.quirk == "webp refused" && key.Ext == "webp", s.quirk == "empty refused" && len(data) == 0:
		return "", errors.New("refused")
	case s.quirk == "line ends changed":
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	case s.quirk != "data shared":
		data = bytes.Clone(data)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last++; s.quirk == "address by clock" {
		s.mu.Unlock() // Others take the same number meanwhile.
		time.Sleep(time.Millisecond)
		s.mu.Lock()
	}
	url := s.address(key, data)
	s.pictures[url] = data
	s.infos[url] = masto.MediaInfo{URL: url, Key: key, Stored: time.Now()}
	return url, nil
}

func (s *quirkyMedia) Delete(_ context.Context, url string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.pictures[url]
	switch {
	case !ok && s.quirk == "second delete fails":
		return fs.ErrNotExist
	case !strings.HasPrefix(url, "https://files.example/") && s.quirk == "foreign delete fails":
		return errors.New("not ours")
	case s.quirk == "delete panics":
		_ = url[len("https://"):]
	case !ok && s.quirk == "delete hangs":
		s.mu.Unlock()
		defer s.mu.Lock()
		select {}
	case s.quirk == "delete keeps":
		return nil
	}
	for have := range s.pictures {
		byName := s.quirk == "delete by name" && path.Base(have) == path.Base(url)
		byPrefix := s.quirk == "delete by prefix" && url != "" && strings.HasPrefix(url, have)
		if have == url || byName || byPrefix {
			delete(s.pictures, have)
			if s.quirk != "deleted listed" {
				delete(s.infos, have)
			}
		}
	}
	return nil
}

func (s *quirkyMedia) ReadMedia(_ context.Context, url string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.pictures[url]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return bytes.Clone(data), nil
}

func (s *quirkyMedia) List(ctx context.Context) iter.Seq2[masto.MediaInfo, error] {
	return func(yield func(masto.MediaInfo, error) bool) {
		if err := ctx.Err(); err != nil && s.quirk != "list ignores context" {
			yield(masto.MediaInfo{}, err)
			return
		}
		s.mu.Lock()
		infos := slices.Collect(maps.Values(s.infos))
		if s.quirk == "list locks" {
			defer s.mu.Unlock()
		} else {
			s.mu.Unlock()
		}
		for _, info := range infos {
			switch s.quirk {
			case "kind not listed":
				info.Key.Kind = ""
			case "time not listed":
				info.Stored = time.Time{}
			case "account in lower case":
				info.Key.AccountID = strings.ToLower(info.Key.AccountID)
			case "listed twice":
				yield(info, nil)
			}
			if !yield(info, nil) && s.quirk != "list goes on" {
				return
			}
		}
	}
}
