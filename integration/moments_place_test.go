package integration

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/dirstore"
	"github.com/seed-374a2035/masto/media"
	"github.com/seed-374a2035/masto/memstore"
)

// place is a Service whose Store and MediaStore something may happen to.
type place struct {
	service *masto.Service
	store   *brittleStore
	media   *brittleMedia
	commit  *cutter // of the Store; nil where it has no commits
	disk    *disk   // of what is tried; nil where that is in memory
	// requests are those of the MediaStore; nil where it sends none.
	requests *requestCutter
	told     []string
	// pictures returns the pictures that are there, by address.
	pictures func(t *testing.T) map[string]string
}

const (
	accountID = "1"
	png       = "\x89PNG\r\n\x1a\n"
	filesURL  = "https://files.example/"
	// pause is how long it takes what is slow.
	pause = 20 * time.Millisecond
)

// newPlace returns a place with an account, all in memory.
func newPlace(t *testing.T) *place {
	p := &place{store: &brittleStore{}, media: &brittleMedia{}}
	p.service = &masto.Service{
		Site:  &masto.Site{Domain: "social.example", Limits: masto.Limits{Note: -1}},
		Store: p.store,
		Media: p.media,
		Picture: func(_ context.Context, _ string, data []byte) (main, still []byte, err error) {
			return data, append([]byte(png+" still"), data...), nil
		},
		OnOrphan: func(_ context.Context, url string, _ error) { p.told = append(p.told, url) },
	}
	storeInMemory(t, p)
	mediaInMemory(t, p)
	return p
}

func storeInMemory(_ *testing.T, p *place) {
	p.store.Store = memstore.New(masto.NewRecord(accountID, "alice"))
}

func storeInSQLite(t *testing.T, p *place) {
	p.disk, p.commit = newDisk(t), &cutter{}
	name := "file:" + p.disk.folder + "/masto.db?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)"
	s := migrated(t, p.commit.openSQLite(t, name), masto.NewRecord(accountID, "alice"))
	p.store.Store = s
	if !p.disk.small {
		p.disk.pretend(func() {
			execute(t, s.db, `CREATE TRIGGER full BEFORE UPDATE OF note ON masto_accounts
				BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
		}, func() { execute(t, s.db, "DROP TRIGGER full") })
	}
}

func storeInPostgres(t *testing.T, p *place) {
	p.disk, p.commit = newDisk(t), &cutter{}
	address := newSchema(t)
	if p.disk.small {
		address += "&default_tablespace=" + tablespace(t, address, p.disk.folder)
	}
	s := postgresWith(t, p.commit.openPostgres(t, address), masto.NewRecord(accountID, "alice"))
	p.store.Store = s
	if !p.disk.small {
		p.disk.pretend(func() {
			execute(t, s.db, `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql
				AS 'BEGIN RAISE disk_full; END'`)
			execute(t, s.db, `CREATE TRIGGER full_disk BEFORE UPDATE ON masto_accounts
				FOR EACH ROW EXECUTE FUNCTION full_disk()`)
		}, func() { execute(t, s.db, "DROP FUNCTION full_disk CASCADE") })
	}
}

func mediaInMemory(_ *testing.T, p *place) {
	store := memstore.NewMedia(filesURL)
	p.media.MediaLister = store
	p.pictures = func(t *testing.T) map[string]string {
		found := map[string]string{}
		for picture, err := range store.List(t.Context()) {
			require.NoError(t, err)
			_, data, _ := store.Open(picture.URL)
			found[picture.URL] = string(data)
		}
		return found
	}
}

func mediaInFolder(t *testing.T, p *place) {
	p.disk = newDisk(t)
	p.keepPicturesIn(t, p.disk.folder)
	if !p.disk.small {
		p.disk.pretend(readOnly(t, p.disk.folder))
	}
}

// keepPicturesIn keeps the pictures of p in a folder. All files there are taken
// for pictures.
func (p *place) keepPicturesIn(t *testing.T, folder string) {
	t.Helper()
	store, err := dirstore.Open(folder, filesURL)
	require.NoError(t, err)
	p.media.MediaLister = store
	p.pictures = func(t *testing.T) map[string]string {
		found := map[string]string{}
		for name, data := range filesIn(t, folder) {
			found[filesURL+name] = data
		}
		return found
	}
}

// hold begins another update of the account, which lasts until release is
// called.
func (p *place) hold() (release func()) {
	begun, end := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = p.store.Store.Update(context.Background(), accountID, func(*masto.Record) (masto.Changes, error) {
			close(begun)
			<-end
			return 0, nil
		})
	}()
	<-begun
	return func() { close(end) }
}

// lift ends what happens.
func (p *place) lift(t *testing.T) {
	t.Helper()
	*p.store = brittleStore{Store: p.store.Store}
	*p.media = brittleMedia{MediaLister: p.media.MediaLister}
	if p.disk != nil {
		p.disk.empty()
	}
	if p.commit != nil {
		require.False(t, p.commit.waits(), "there was no commit")
	}
	if p.requests != nil {
		require.LessOrEqual(t, p.requests.left.Load(), int64(0), "there were too few requests")
	}
}

// numbered returns the update with a number, which stands in all that it sets.
// The bio is longer than a page of a database.
func numbered(n int) masto.Update {
	noise := make([]byte, 24<<10)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(noise) // It never fails.
	text := strconv.Itoa(n)
	return masto.Update{
		DisplayName:       masto.Some(text),
		Note:              masto.Some(text + " " + base64.StdEncoding.EncodeToString(noise)),
		Fields:            masto.Some([]masto.Field{{Name: "Number", Value: text}}),
		AvatarDescription: masto.Some("Avatar " + text),
		HeaderDescription: masto.Some("Header " + text),
		Avatar:            masto.Some(&masto.Upload{Data: []byte(png + " avatar " + text)}),
		Header:            masto.Some(&masto.Upload{Data: []byte(png + " header " + text)}),
	}
}

// profile checks that the profile is that of one update, whole, with its
// pictures, and returns the number of the update.
func (p *place) profile(t *testing.T) int {
	t.Helper()
	r, err := p.store.Get(t.Context(), accountID)
	require.NoError(t, err)
	is := r.Profile
	n, err := strconv.Atoi(is.DisplayName)
	require.NoError(t, err)
	u := numbered(n)
	assert.Equal(t, u.Note.Value, is.Note)
	assert.Equal(t, u.Fields.Value, is.Fields)
	assert.Equal(t, u.AvatarDescription.Value, is.AvatarDescription)
	assert.Equal(t, u.HeaderDescription.Value, is.HeaderDescription)
	there := p.pictures(t)
	for _, file := range []struct{ url, want string }{
		{is.Avatar, string(u.Avatar.Value.Data)},
		{is.AvatarStatic, png + " still" + string(u.Avatar.Value.Data)},
		{is.Header, string(u.Header.Value.Data)},
		{is.HeaderStatic, png + " still" + string(u.Header.Value.Data)},
	} {
		assert.Equal(t, file.want, there[file.url], file.url)
	}
	return n
}

// left returns the addresses of the pictures that the profile does not name.
func (p *place) left(t *testing.T) (urls []string) {
	t.Helper()
	r, err := p.store.Get(t.Context(), accountID)
	require.NoError(t, err)
	there := p.pictures(t)
	for _, url := range []string{r.Profile.Avatar, r.Profile.AvatarStatic, r.Profile.Header, r.Profile.HeaderStatic} {
		delete(there, url)
	}
	for url := range there {
		urls = append(urls, url)
	}
	return urls
}

// sweep removes the pictures that the profile does not name.
func (p *place) sweep(t *testing.T) {
	t.Helper()
	report, err := media.Sweep(t.Context(), p.media, p.store, time.Now().Add(time.Hour), 0)
	require.NoError(t, err)
	require.Zero(t, report.Young+report.Unknown+report.Failed)
}

// hook is called before or after something; its error is that of what it is
// called for.
type hook func(ctx context.Context) error

// run runs a hook that may be nil.
func (h hook) run(ctx context.Context) error {
	if h == nil {
		return nil
	}
	return h(ctx)
}

// broken fails.
func broken(context.Context) error { return errors.New("broken") }

// sleeps takes a while.
func sleeps(context.Context) error {
	time.Sleep(pause)
	return nil
}

// calls calls f.
func calls(f func()) hook {
	return func(context.Context) error {
		f()
		return nil
	}
}

// at runs h in the call with a number, counted from 1.
func at(number int, h hook) hook {
	called := 0
	return func(ctx context.Context) error {
		if called++; called != number {
			return nil
		}
		return h(ctx)
	}
}

// once runs h in the first call.
func once(h hook) hook { return at(1, h) }

// fourth runs h in the fourth call. An update puts four pictures.
func fourth(h hook) hook { return at(4, h) }

// brittleStore is a Store with hooks.
type brittleStore struct {
	masto.Store

	reading       hook
	before, after hook   // of Update
	changed       func() // called when the change of an Update has run
}

// dies is a hook from which on nothing succeeds.
func (s *brittleStore) dies(ctx context.Context) error {
	s.before, s.reading = broken, broken
	return broken(ctx)
}

func (s *brittleStore) Get(ctx context.Context, id string) (*masto.Record, error) {
	if err := s.reading.run(ctx); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, id)
}

func (s *brittleStore) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	if err := s.before.run(ctx); err != nil {
		return nil, err
	}
	r, err := s.Store.Update(ctx, id, func(r *masto.Record) (masto.Changes, error) {
		c, err := change(r)
		if s.changed != nil {
			s.changed()
		}
		return c, err
	})
	if err != nil {
		return nil, err
	}
	if err := s.after.run(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// brittleMedia is a MediaStore with hooks.
type brittleMedia struct {
	masto.MediaLister

	beforePut, afterPut       hook
	beforeDelete, afterDelete hook
}

func (m *brittleMedia) Put(ctx context.Context, key masto.MediaKey, contentType string, data []byte) (string, error) {
	if err := m.beforePut.run(ctx); err != nil {
		return "", err
	}
	url, err := m.MediaLister.Put(ctx, key, contentType, data)
	if err != nil {
		return "", err
	}
	if err := m.afterPut.run(ctx); err != nil {
		return "", fmt.Errorf("after: %w", err)
	}
	return url, nil
}

func (m *brittleMedia) Delete(ctx context.Context, url string) error {
	if err := m.beforeDelete.run(ctx); err != nil {
		return err
	}
	if err := m.MediaLister.Delete(ctx, url); err != nil {
		return err
	}
	return m.afterDelete.run(ctx)
}
