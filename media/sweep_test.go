package media_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/media"
	"github.com/seed-374a2035/masto/memstore"
)

const (
	base  = "https://files.example/"
	grace = time.Hour
)

// now is when the tests sweep, and old and young are times of pictures.
var (
	now   = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	old   = now.Add(-grace - time.Second)
	young = now.Add(-grace)
)

// fakePictures is a MediaLister whose pictures and errors a test chooses.
type fakePictures struct {
	masto.MediaStore
	infos   []masto.MediaInfo
	listErr error // ends the list
	refused map[string]error
	deleted []string
}

func (f *fakePictures) List(context.Context) iter.Seq2[masto.MediaInfo, error] {
	return func(yield func(masto.MediaInfo, error) bool) {
		for _, info := range f.infos {
			if !yield(info, nil) {
				return
			}
		}
		if f.listErr != nil {
			yield(masto.MediaInfo{}, f.listErr)
		}
	}
}

func (f *fakePictures) Delete(_ context.Context, url string) error {
	if err := f.refused[url]; err != nil {
		return err
	}
	f.deleted = append(f.deleted, url)
	return nil
}

// info is a picture of an account that was stored at a time.
func info(account, name string, stored time.Time) masto.MediaInfo {
	return masto.MediaInfo{
		URL:    base + name,
		Key:    masto.MediaKey{AccountID: account, Kind: masto.KindAvatar, Ext: "png"},
		Stored: stored,
	}
}

// naming is an account with a picture of each kind.
func naming(id string) *masto.Record {
	r := masto.NewRecord(id, "user"+id)
	r.Profile.Avatar, r.Profile.AvatarStatic = base+id+"/a", base+id+"/b"
	r.Profile.Header, r.Profile.HeaderStatic = base+id+"/c", base+id+"/d"
	return r
}

func TestSweep(t *testing.T) {
	for _, c := range []struct {
		name    string
		picture masto.MediaInfo
		want    media.Report
	}{
		{"its avatar", info("1", "1/a", old), media.Report{Named: 1}},
		{"its avatar's still", info("1", "1/b", old), media.Report{Named: 1}},
		{"its header", info("1", "1/c", old), media.Report{Named: 1}},
		{"its header's still", info("1", "1/d", old), media.Report{Named: 1}},
		{"a picture that is not named", info("1", "1/e", old), media.Report{Removed: make([]masto.MediaInfo, 1)}},
		{"another account's", info("1", "2/e", old), media.Report{Removed: make([]masto.MediaInfo, 1)}},
		{"a deleted account's", info("3", "3/a", old), media.Report{Removed: make([]masto.MediaInfo, 1)}},
		{"one of an account without pictures", info("2", "2/a", old), media.Report{Removed: make([]masto.MediaInfo, 1)}},
		{"as old as the grace", info("1", "1/e", young), media.Report{Young: 1}},
		{"from the future", info("1", "1/e", now.Add(grace)), media.Report{Young: 1}},
		{"of nobody", info("", "1/e", old), media.Report{Unknown: 1}},
		{"without a time", info("1", "1/e", time.Time{}), media.Report{Unknown: 1}},
		{
			"named by its address at an earlier base",
			masto.MediaInfo{URL: "https://cdn.example/x/a", Key: masto.MediaKey{AccountID: "1"}, Stored: old},
			media.Report{Named: 1},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			pictures := &fakePictures{infos: []masto.MediaInfo{c.picture}}
			accounts := memstore.New(naming("1"), masto.NewRecord("2", "bob"))
			var deleted []string
			if len(c.want.Removed) == 1 {
				c.want.Removed[0] = c.picture
				deleted = []string{c.picture.URL}
			}
			got, err := media.Sweep(t.Context(), pictures, accounts, now, grace)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			assert.Equal(t, 1, got.Listed())
			assert.Equal(t, deleted, pictures.deleted)
		})
	}
}

// getter is a Store that counts its calls and fails for some accounts.
type getter struct {
	masto.Store
	fails func(id string) bool
	gets  int
}

var errRead = errors.New("cannot read")

func (g *getter) Get(ctx context.Context, id string) (*masto.Record, error) {
	g.gets++
	if g.fails != nil && g.fails(id) {
		return nil, errRead
	}
	return g.Store.Get(ctx, id)
}

// manyGetter is a getter that answers for many.
type manyGetter struct {
	*getter
	many int
}

func (g *manyGetter) GetMany(ctx context.Context, ids ...string) (map[string]*masto.Record, error) {
	g.many++
	found := map[string]*masto.Record{}
	for _, id := range ids {
		if g.fails != nil && g.fails(id) {
			return nil, errRead
		}
		if r, err := g.Store.Get(ctx, id); err == nil {
			found[id] = r
		}
	}
	return found, nil
}

// many returns three pictures of each of 250 accounts, of which one is named.
func many() (*fakePictures, *memstore.Store) {
	pictures, accounts := &fakePictures{}, memstore.New()
	for i := range 250 {
		id := fmt.Sprint(i)
		accounts.Put(naming(id))
		for _, name := range []string{"/a", "/e", "/f"} {
			pictures.infos = append(pictures.infos, info(id, id+name, old))
		}
	}
	return pictures, accounts
}

func TestSweepAsksForManyAtOnce(t *testing.T) {
	pictures, accounts := many()
	store := &manyGetter{getter: &getter{Store: accounts}}
	got, err := media.Sweep(t.Context(), pictures, store, now, grace)
	require.NoError(t, err)
	assert.Equal(t, 250, got.Named)
	assert.Len(t, got.Removed, 500)
	assert.LessOrEqual(t, store.many, 6)
	assert.Zero(t, store.gets)
}

func TestSweepOneAccountThatCannotBeRead(t *testing.T) {
	fails := func(id string) bool { return id == "7" }
	for _, c := range []struct {
		name  string
		store func(s masto.Store) masto.Store
	}{
		{"a Store", func(s masto.Store) masto.Store { return &getter{Store: s, fails: fails} }},
		{"a ManyGetter", func(s masto.Store) masto.Store {
			return &manyGetter{getter: &getter{Store: s, fails: fails}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pictures, accounts := many()
			got, err := media.Sweep(t.Context(), pictures, c.store(accounts), now, grace)
			require.ErrorIs(t, err, errRead)
			require.ErrorContains(t, err, `"7"`)
			assert.Equal(t, 3, got.Unknown)
			assert.Equal(t, 249, got.Named)
			assert.Len(t, got.Removed, 498)
			assert.NotContains(t, pictures.deleted, base+"7/e")
		})
	}
}

func TestSweepEndsEarly(t *testing.T) {
	t.Run("a Store that is down", func(t *testing.T) {
		pictures, accounts := many()
		store := &getter{Store: accounts, fails: func(string) bool { return true }}
		got, err := media.Sweep(t.Context(), pictures, store, now, grace)
		require.ErrorIs(t, err, errRead)
		assert.LessOrEqual(t, store.gets, 100)
		assert.Equal(t, got.Listed(), got.Unknown)
		assert.Empty(t, pictures.deleted)
	})
	t.Run("a list that breaks off", func(t *testing.T) {
		pictures, accounts := many()
		pictures.listErr = errors.New("no more")
		got, err := media.Sweep(t.Context(), pictures, accounts, now, grace)
		require.ErrorIs(t, err, pictures.listErr)
		assert.Len(t, got.Removed, 500, "what was listed before is judged")
	})
	t.Run("a canceled context", func(t *testing.T) {
		pictures, accounts := many()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got, err := media.Sweep(ctx, pictures, accounts, now, grace)
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, got.Removed)
		assert.Empty(t, pictures.deleted)
	})
}

func TestSweepWhatCannotBeRemoved(t *testing.T) {
	pictures, accounts := many()
	errDelete := errors.New("cannot delete")
	pictures.refused = map[string]error{base + "7/e": errDelete}
	got, err := media.Sweep(t.Context(), pictures, accounts, now, grace)
	require.ErrorIs(t, err, errDelete)
	require.ErrorContains(t, err, base+"7/e")
	assert.Equal(t, 1, got.Failed)
	assert.Len(t, got.Removed, 499)
	assert.Equal(t, len(pictures.infos), got.Listed())
}

func ExampleSweep() {
	ctx := context.Background()
	pictures := memstore.NewMedia("https://files.example")
	key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
	avatar, err := pictures.Put(ctx, key, "image/png", []byte("\x89PNG…"))
	if err != nil {
		fmt.Println(err)
		return
	}
	// Of this one, the process was killed before the account named it.
	if _, err := pictures.Put(ctx, key, "image/png", []byte("\x89PNG…")); err != nil {
		fmt.Println(err)
		return
	}
	alice := masto.NewRecord("1", "alice")
	alice.Profile.Avatar = avatar
	accounts := memstore.New(alice)

	tomorrow := time.Now().Add(24 * time.Hour)
	report, err := media.Sweep(ctx, pictures, accounts, tomorrow, time.Hour)
	fmt.Println(report.Named, "named,", len(report.Removed), "removed,", err)
	for _, removed := range report.Removed {
		fmt.Println(removed.URL, removed.Key.AccountID, removed.Key.Kind)
	}
	// Output:
	// 1 named, 1 removed, <nil>
	// https://files.example/2.png 1 avatar
}
