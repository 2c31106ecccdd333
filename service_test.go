package masto_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

const (
	pngFile = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	gifFile = "GIF89a\x01\x00\x01\x00"
)

// faulty is a Store and a MediaStore in memory that can fail at each of its
// steps.
type faulty struct {
	mu      sync.Mutex
	records map[string]*masto.Record
	locks   map[string]*sync.Mutex // one update of a record at a time
	files   map[string]string
	count   int      // of Puts
	steps   []string // what happened
	// step is asked before each step, and after a commit ("committed"); its
	// error ends the operation. nil never fails.
	step func(name string) error
}

func newFaulty(records ...*masto.Record) *faulty {
	w := &faulty{records: map[string]*masto.Record{}, locks: map[string]*sync.Mutex{}, files: map[string]string{}}
	for _, r := range records {
		w.records[r.Profile.ID] = r.Clone()
		w.locks[r.Profile.ID] = &sync.Mutex{}
		for _, url := range urls(r) {
			w.files[url] = "old " + url
		}
	}
	return w
}

func (w *faulty) at(ctx context.Context, name string) error {
	w.mu.Lock()
	w.steps = append(w.steps, name)
	step := w.step
	w.mu.Unlock()
	if step != nil {
		if err := step(name); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (w *faulty) read(id string) *masto.Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.records[id].Clone()
}

func (w *faulty) Get(ctx context.Context, id string) (*masto.Record, error) {
	if err := w.at(ctx, "get"); err != nil {
		return nil, err
	}
	if r := w.read(id); r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("account %s: %w", id, masto.ErrNotFound)
}

func (w *faulty) Find(ctx context.Context, _, _ string) (*masto.Record, error) {
	return nil, errors.ErrUnsupported
}

func (w *faulty) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	if err := w.at(ctx, "begin"); err != nil {
		return nil, err
	}
	r := w.read(id)
	if r == nil {
		return nil, masto.ErrNotFound
	}
	w.locks[id].Lock()
	defer w.locks[id].Unlock()
	r = w.read(id)
	c, err := change(r)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if c&^masto.NeedsVerification == 0 {
		return w.read(id), nil
	}
	if err := w.at(ctx, "commit"); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.records[id] = r.Clone()
	w.mu.Unlock()
	if err := w.at(ctx, "committed"); err != nil {
		return nil, err
	}
	return r, nil
}

func (w *faulty) Put(ctx context.Context, key masto.MediaKey, contentType string, data []byte) (string, error) {
	if err := w.at(ctx, "put "+key.Kind); err != nil {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	url := fmt.Sprintf("https://files.example/%s/%s/%d.%s", key.AccountID, key.Kind, w.count, key.Ext)
	w.files[url] = contentType + " " + string(data)
	return url, nil
}

func (w *faulty) Delete(ctx context.Context, url string) error {
	if err := w.at(ctx, "delete"); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.files, url)
	return nil
}

// stored lists the addresses of all files.
func (w *faulty) stored() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := []string{}
	for url := range w.files {
		all = append(all, url)
	}
	slices.Sort(all)
	return all
}

// urls lists the pictures that r names, each once and sorted.
func urls(r *masto.Record) []string {
	all := []string{r.Profile.Avatar, r.Profile.AvatarStatic, r.Profile.Header, r.Profile.HeaderStatic}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == "" })
}

func (w *faulty) service() *masto.Service {
	return &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: w, Media: w, Picture: stillOfGIF}
}

// stillOfGIF stands for a decoder: a GIF moves, a PNG does not.
func stillOfGIF(_ context.Context, kind string, data []byte) (main, still []byte, err error) {
	switch {
	case bytes.Contains(data, []byte("broken")):
		return nil, nil, &masto.ValidationError{Findings: []masto.Finding{
			{Attribute: kind, Code: masto.CodeIsInvalid, Description: "is invalid"},
		}}
	case bytes.HasPrefix(data, []byte("GIF")):
		return data, []byte(pngFile + "still"), nil
	}
	return data, nil, nil
}

// alice has a picture of each kind.
func alice() *masto.Record {
	return &masto.Record{Username: "alice", Profile: masto.Profile{
		ID: "1", DisplayName: "Alice", Note: "Hello",
		Avatar:            "https://files.example/a.gif",
		AvatarStatic:      "https://files.example/a-still.png",
		AvatarDescription: "a face",
		Header:            "https://files.example/h.png",
		HeaderStatic:      "https://files.example/h.png",
		HeaderDescription: "a hill",
	}}
}

func uploading(avatar, header string) masto.Update {
	return masto.Update{
		Note:   masto.Some("New"),
		Avatar: masto.Some(&masto.Upload{Data: []byte(avatar)}),
		Header: masto.Some(&masto.Upload{Data: []byte(header)}),
	}
}

func TestServiceUpdateReplacesPictures(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	got, err := s.Update(t.Context(), "1", uploading(gifFile, pngFile))
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(w.read("1"), got), "the record is returned as it was stored")
	p := got.Profile
	assert.Equal(t, "image/gif "+gifFile, w.files[p.Avatar])
	assert.Equal(t, "image/png "+pngFile+"still", w.files[p.AvatarStatic])
	assert.Equal(t, "image/png "+pngFile, w.files[p.Header])
	assert.Equal(t, p.Header, p.HeaderStatic, "a picture that does not move is its own still frame")
	assert.True(t, strings.HasSuffix(p.AvatarStatic, ".png"))
	assert.Equal(t, "a face", p.AvatarDescription)
	assert.Equal(t, urls(got), w.stored(), "the replaced pictures are gone")
}

// Every step fails once, before it does anything; the commit after it too.
// Whatever happens, the record is the old one or the new one, what it names is
// stored, and what it does not name is gone or reported.
func TestServiceUpdateIsWholeOrNothing(t *testing.T) {
	errFault := errors.New("fault")
	type faultFunc = func(n int, cancel func()) error
	run := func(t *testing.T, update masto.Update, fault faultFunc) (w *faulty, orphans []string, err error) {
		w = newFaulty(alice())
		s := w.service()
		s.OnOrphan = func(ctx context.Context, url string, err error) {
			assert.NoError(t, ctx.Err())
			assert.Error(t, err)
			orphans = append(orphans, url)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		w.step = func(string) error { n++; return fault(n, cancel) }
		_, err = s.Update(ctx, "1", update)
		w.step = nil
		return w, orphans, err
	}
	check := func(t *testing.T, w *faulty, orphans []string, err error) {
		t.Helper()
		now := w.read("1")
		for _, url := range urls(now) {
			assert.Contains(t, w.files, url, "the record names a picture that was deleted; steps: %s", w.steps)
		}
		want := append(urls(now), orphans...)
		slices.Sort(want)
		assert.Equal(t, slices.Compact(want), w.stored(), "steps: %s", w.steps)
		changed := now.Profile.Note == "New"
		assert.Equal(t, changed, now.Profile.Avatar != alice().Profile.Avatar)
		if err == nil {
			assert.True(t, changed)
		}
		if !slices.Contains(w.steps, "committed") {
			assert.Empty(t, cmp.Diff(alice(), now))
		}
	}
	for _, c := range []struct {
		name   string
		update masto.Update
	}{
		{
			name:   "two uploads",
			update: uploading(gifFile, gifFile),
		},
		{
			name: "an upload",
			update: masto.Update{
				Note:   masto.Some("New"),
				Avatar: upload("", pngFile),
			},
		},
		{
			name: "an upload, one removed",
			update: masto.Update{
				Note:   masto.Some("New"),
				Avatar: upload("", pngFile),
				Header: masto.Some[*masto.Upload](nil),
			},
		},
		{
			name: "both removed",
			update: masto.Update{
				Note:   masto.Some("New"),
				Avatar: masto.Some[*masto.Upload](nil),
				Header: masto.Some[*masto.Upload](nil),
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			update := c.update
			whole, _, err := run(t, update, func(int, func()) error { return nil })
			require.NoError(t, err)
			steps := whole.steps
			for i, step := range steps {
				t.Run(fmt.Sprintf("fails at %d %s", i+1, step), func(t *testing.T) {
					w, orphans, err := run(t, update, func(n int, _ func()) error {
						if n == i+1 {
							return errFault
						}
						return nil
					})
					if step == "delete" {
						require.NoError(t, err)
						require.Len(t, orphans, 1)
					} else {
						require.ErrorIs(t, err, errFault)
						require.Empty(t, orphans)
					}
					check(t, w, orphans, err)
				})
				t.Run(fmt.Sprintf("fails from %d %s on", i+1, step), func(t *testing.T) {
					w, orphans, err := run(t, update, func(n int, _ func()) error {
						if n > i {
							return errFault
						}
						return nil
					})
					if step != "delete" {
						require.ErrorIs(t, err, errFault)
					}
					now := w.read("1")
					for _, url := range urls(now) {
						assert.Contains(t, w.files, url, "steps: %s", w.steps)
					}
					if step != "committed" {
						check(t, w, orphans, err)
						return
					}
					// It is unknown which ones to delete: all are reported.
					assert.Subset(t, append(urls(now), orphans...), w.stored())
				})
				t.Run(fmt.Sprintf("canceled at %d %s", i+1, step), func(t *testing.T) {
					w, orphans, err := run(t, update, func(n int, cancel func()) error {
						if n == i+1 {
							cancel()
						}
						return nil
					})
					if step == "delete" {
						require.NoError(t, err)
					} else {
						require.ErrorIs(t, err, context.Canceled)
					}
					require.Empty(t, orphans)
					check(t, w, orphans, err)
				})
			}
		})
	}
}

// The caller gives up while the database is still committing. Which pictures to
// delete is decided after the commit has ended.
func TestServiceUpdateWaitsForACommitUnderWay(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	w.step = func(name string) error {
		if name == "commit" {
			time.Sleep(20 * time.Millisecond)
		}
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Store = &lateStore{faulty: w, cancel: cancel}
	_, err := s.Update(ctx, "1", uploading(pngFile, pngFile))
	require.ErrorIs(t, err, context.Canceled)
	now := w.read("1")
	assert.Equal(t, "New", now.Profile.Note)
	assert.Equal(t, urls(now), w.stored())
}

// lateStore returns from its first update as soon as change has run, and
// finishes it later.
type lateStore struct {
	*faulty
	cancel    func()
	abandoned atomic.Bool
}

func (l *lateStore) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	if l.abandoned.Swap(true) {
		return l.faulty.Update(ctx, id, change)
	}
	changed := make(chan struct{})
	go func() {
		_, _ = l.faulty.Update(context.WithoutCancel(ctx), id, func(r *masto.Record) (masto.Changes, error) {
			c, err := change(r)
			close(changed)
			return c, err
		})
	}()
	<-changed
	l.cancel()
	return nil, ctx.Err()
}

func TestServiceUpdateJudgesAgain(t *testing.T) {
	long := strings.Repeat("x", 41)
	r := alice()
	r.Profile.DisplayName = long // It is from a time when more was allowed, and may stay.
	w := newFaulty(r)
	w.step = func(name string) error {
		if name == "begin" { // Somebody else is faster.
			w.mu.Lock()
			w.records["1"].Profile.DisplayName = "short"
			w.mu.Unlock()
		}
		return nil
	}
	u := uploading(pngFile, pngFile)
	u.DisplayName = masto.Some(long)
	_, err := w.service().Update(t.Context(), "1", u)
	var invalid *masto.ValidationError
	require.ErrorAs(t, err, &invalid)
	assert.Equal(t, "Hello", w.read("1").Profile.Note)
	assert.Equal(t, urls(r), w.stored())
	assert.Contains(t, w.steps, "put avatar", "the first judgement let it pass")
}

func TestServiceUpdateRefuses(t *testing.T) {
	long := masto.Some(strings.Repeat("x", 41))
	for _, c := range []struct {
		name string
		u    masto.Update
	}{
		{
			name: "a text that is too long",
			u:    masto.Update{DisplayName: long},
		},
		{
			name: "the same with a picture",
			u:    masto.Update{DisplayName: long, Avatar: upload("", pngFile)},
		},
		{
			name: "a picture that is none",
			u:    uploading(pngFile, "<svg>"),
		},
		{
			name: "a broken picture",
			u:    uploading(pngFile, gifFile+"broken"),
		},
		{
			name: "an empty picture",
			u:    uploading(pngFile, ""),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newFaulty(alice())
			_, err := w.service().Update(t.Context(), "1", c.u)
			var invalid *masto.ValidationError
			require.ErrorAs(t, err, &invalid)
			require.NotEmpty(t, invalid.Findings)
			assert.Empty(t, cmp.Diff(alice(), w.read("1")))
			assert.Equal(t, urls(alice()), w.stored())
			assert.Zero(t, w.count, "nothing was stored, not even for a moment")
		})
	}
}

func TestServiceNotFound(t *testing.T) {
	w := newFaulty()
	s := w.service()
	ctx := t.Context()
	_, err := s.Update(ctx, "9", masto.Update{})
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.Update(ctx, "9", uploading(pngFile, pngFile))
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.DeleteAvatar(ctx, "9")
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.DeleteHeader(ctx, "9")
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.Account(ctx, "9")
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.CredentialAccount(ctx, "9")
	require.ErrorIs(t, err, masto.ErrNotFound)
	_, err = s.Profile(ctx, "9")
	require.ErrorIs(t, err, masto.ErrNotFound)
	assert.Empty(t, w.stored())
}

// The methods with Append append the JSON of what their siblings return.
func TestServiceAppends(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	s.View = func(_ context.Context, records ...*masto.Record) (masto.View, error) {
		if records[0].Profile.Note == "" {
			return masto.View{}, errLost
		}
		return masto.View{Emoji: func(shortcode, _ string) (masto.CustomEmoji, bool) {
			return masto.CustomEmoji{Shortcode: shortcode}, true
		}}, nil
	}
	ctx := t.Context()
	after, err := s.Update(ctx, "1", masto.Update{Note: masto.Some("Hello :ab: https://spore.io")})
	require.NoError(t, err)
	p, err := s.Profile(ctx, "1")
	require.NoError(t, err)
	got, err := s.AppendProfile(ctx, []byte("before "), after)
	require.NoError(t, err)
	assert.Equal(t, "before "+string(p.AppendJSON(nil)), string(got))
	c, err := s.CredentialAccount(ctx, "1")
	require.NoError(t, err)
	require.NotEmpty(t, c.Emojis)
	got, err = s.AppendCredentialAccount(ctx, []byte("before "), after)
	require.NoError(t, err)
	assert.Equal(t, "before "+string(c.AppendJSON(nil)), string(got))

	_, err = s.AppendProfile(ctx, nil, masto.NewRecord("1", "alice"))
	require.ErrorIs(t, err, errLost)
	_, err = s.AppendCredentialAccount(ctx, nil, masto.NewRecord("1", "alice"))
	require.ErrorIs(t, err, errLost)
}

// The account is removed while its update is stored: the Service must not
// delete its old pictures.
func TestServiceUpdateOfARemovedAccount(t *testing.T) {
	for _, c := range []struct {
		name string
		step string
		err  error // of the step
		want error
	}{
		{
			name: "before the update begins",
			step: "begin",
			want: masto.ErrNotFound,
		},
		{
			name: "while the update is committed",
			step: "commit",
			err:  errLost,
			want: errLost,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newFaulty(alice())
			w.step = func(name string) error {
				if name != c.step {
					return nil
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				delete(w.records, "1")
				return c.err
			}
			_, err := w.service().Update(t.Context(), "1", uploading(pngFile, pngFile))
			require.ErrorIs(t, err, c.want)
			assert.Equal(t, urls(alice()), w.stored())
		})
	}
}

var errLost = errors.New("connection lost")

func TestServiceKeepsAPictureThatIsStillNamed(t *testing.T) {
	r := alice()
	r.Profile.Header, r.Profile.HeaderStatic = r.Profile.Avatar, r.Profile.AvatarStatic
	w := newFaulty(r)
	s := w.service()
	_, err := s.Update(t.Context(), "1", masto.Update{Avatar: upload("", pngFile)})
	require.NoError(t, err)
	assert.Contains(t, w.files, r.Profile.Avatar)
	got, err := s.DeleteHeader(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, urls(got), w.stored())
}

func TestServiceDeletePicture(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	var seen []masto.Changes
	s.OnUpdate = func(_ context.Context, _, _ *masto.Record, c masto.Changes) { seen = append(seen, c) }
	want := alice()
	want.Profile.Avatar, want.Profile.AvatarStatic = "", ""
	for range 2 {
		got, err := s.DeleteAvatar(t.Context(), "1")
		require.NoError(t, err)
		assert.Empty(t, cmp.Diff(want, got))
		assert.Empty(t, cmp.Diff(want, w.read("1")))
		assert.Equal(t, urls(want), w.stored())
	}
	want.Profile.Header, want.Profile.HeaderStatic = "", ""
	for range 2 {
		got, err := s.DeleteHeader(t.Context(), "1")
		require.NoError(t, err)
		assert.Empty(t, cmp.Diff(want, got))
		assert.Empty(t, w.stored())
	}
	assert.Equal(t, []masto.Changes{masto.ChangedAvatar, masto.ChangedHeader}, seen)
	commits := slices.DeleteFunc(slices.Clone(w.steps), func(s string) bool { return s != "commit" })
	assert.Len(t, commits, 2, "nothing is written for a picture that is not set")
}

func TestServiceWithoutMedia(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	s.Media = nil
	_, err := s.Update(t.Context(), "1", uploading(pngFile, pngFile))
	require.ErrorIs(t, err, masto.ErrNoMedia)
	assert.Empty(t, cmp.Diff(alice(), w.read("1")))
	_, err = s.Update(t.Context(), "1", masto.Update{
		Note:   masto.Some("New"),
		Avatar: masto.Opt[*masto.Upload]{Value: &masto.Upload{}},
	})
	require.NoError(t, err, "an upload that is not set is none")
	got, err := s.DeleteAvatar(t.Context(), "1")
	require.NoError(t, err)
	assert.Empty(t, got.Profile.Avatar)
}

func TestServicePicture(t *testing.T) {
	type picture = func(ctx context.Context, kind string, data []byte) (main, still []byte, err error)
	errServer := errors.New("out of memory")
	refused := &masto.ValidationError{Findings: []masto.Finding{{
		Attribute:   "avatar",
		Code:        masto.CodeIsInvalid,
		Description: "is invalid",
	}}}
	for _, c := range []struct {
		name    string
		picture picture
		main    string // what is stored; "" if the update fails
		still   string // the same for the still variant
		refused bool
		err     error
	}{
		{
			name: "no hook: the picture is stored as it came",
			main: gifFile,
		},
		{
			name: "another picture is stored in its place",
			picture: func(context.Context, string, []byte) ([]byte, []byte, error) {
				return []byte(pngFile + "scaled"), []byte(pngFile + "still"), nil
			},
			main:  pngFile + "scaled",
			still: pngFile + "still",
		},
		{
			name: "a still variant that is the picture itself is not stored again",
			picture: func(_ context.Context, _ string, data []byte) ([]byte, []byte, error) {
				return data, bytes.Clone(data), nil
			},
			main: gifFile,
		},
		{
			name: "an empty still variant is none",
			picture: func(_ context.Context, _ string, data []byte) ([]byte, []byte, error) {
				return data, []byte{}, nil
			},
			main: gifFile,
		},
		{
			name: "a validation error is the answer",
			picture: func(context.Context, string, []byte) ([]byte, []byte, error) {
				return nil, nil, refused
			},
			refused: true,
			err:     refused,
		},
		{
			name: "any other error is one of the server",
			picture: func(context.Context, string, []byte) ([]byte, []byte, error) {
				return nil, nil, errServer
			},
			err: errServer,
		},
		{
			name: "nothing comes out",
			picture: func(context.Context, string, []byte) ([]byte, []byte, error) {
				return nil, nil, nil
			},
		},
		{
			name: "the still variant is no picture",
			picture: func(_ context.Context, _ string, data []byte) ([]byte, []byte, error) {
				return data, []byte("no picture"), nil
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newFaulty(alice())
			s := w.service()
			s.Picture = c.picture
			got, err := s.Update(t.Context(), "1", masto.Update{Avatar: upload("", gifFile)})
			if c.main == "" {
				require.Error(t, err)
				if c.err != nil {
					assert.ErrorIs(t, err, c.err)
				}
				_, refused := errors.AsType[*masto.ValidationError](err)
				assert.Equal(t, c.refused, refused)
				assert.Zero(t, w.count, "nothing was stored")
				return
			}
			require.NoError(t, err)
			p := got.Profile
			assert.True(t, strings.HasSuffix(w.files[p.Avatar], c.main), w.files[p.Avatar])
			if c.still == "" {
				assert.Equal(t, p.Avatar, p.AvatarStatic)
			} else {
				assert.True(t, strings.HasSuffix(w.files[p.AvatarStatic], c.still), w.files[p.AvatarStatic])
			}
			assert.Equal(t, urls(got), w.stored())
		})
	}
}

// The hook learns what the picture is for, and what its request is about.
func TestServicePictureIsTold(t *testing.T) {
	type key struct{}
	w := newFaulty(alice())
	s := w.service()
	var asked []string
	s.Picture = func(ctx context.Context, kind string, data []byte) (main, still []byte, err error) {
		asked = append(asked, fmt.Sprint(kind, " ", ctx.Value(key{}), " ", string(data[:3])))
		return data, nil, nil
	}
	ctx := context.WithValue(t.Context(), key{}, "value")
	_, err := s.Update(ctx, "1", uploading(gifFile, jpegData))
	require.NoError(t, err)
	assert.Equal(t, []string{"avatar value GIF", "header value \xff\xd8\xff"}, asked)
}

func TestServiceIgnoresAnUploadThatIsNotSet(t *testing.T) {
	w := newFaulty(alice())
	_, err := w.service().Update(t.Context(), "1", masto.Update{
		Avatar: masto.Opt[*masto.Upload]{Value: &masto.Upload{Data: []byte(pngFile)}},
	})
	require.NoError(t, err)
	assert.Zero(t, w.count)
	assert.Empty(t, cmp.Diff(alice(), w.read("1")))
}

// forgetful stores pictures and does not say where.
type forgetful struct{ *faulty }

func (forgetful) Put(context.Context, masto.MediaKey, string, []byte) (string, error) { return "", nil }

func TestServiceNeedsAnAddress(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	s.Media = forgetful{w}
	_, err := s.Update(t.Context(), "1", uploading(pngFile, pngFile))
	require.Error(t, err)
	assert.Empty(t, cmp.Diff(alice(), w.read("1")))
}

func TestServiceOnUpdate(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
	calls := 0
	s.OnUpdate = func(ctx context.Context, before, after *masto.Record, c masto.Changes) {
		calls++
		cancel()
		assert.NoError(t, ctx.Err(), "the caller's end is not the end of what follows")
		assert.Equal(t, "value", ctx.Value(key{}))
		assert.Empty(t, cmp.Diff(alice(), before))
		assert.Empty(t, cmp.Diff(w.read("1"), after), "it is stored")
		assert.Equal(t, masto.ChangedNote, c)
		before.Profile.Note, after.Profile.Note = "spoiled", "spoiled"
	}
	got, err := s.Update(ctx, "1", masto.Update{Note: masto.Some(" New\n")})
	require.NoError(t, err)
	assert.Equal(t, "New", got.Profile.Note)
	assert.Equal(t, "New", w.read("1").Profile.Note)
	_, err = s.Update(t.Context(), "1", masto.Update{Note: masto.Some("New")})
	require.NoError(t, err)
	assert.Equal(t, 1, calls, "nothing changed the second time")
}

// Whatever a hook does, it leaves no picture behind that nobody needs.
func TestServiceCleansUpAfterAPanic(t *testing.T) {
	for _, c := range []struct {
		name  string
		hooks func(s *masto.Service, w *faulty)
		left  []string // besides what the record names
	}{
		{
			name: "OnUpdate panics",
			hooks: func(s *masto.Service, _ *faulty) {
				s.OnUpdate = func(context.Context, *masto.Record, *masto.Record, masto.Changes) { panic("in OnUpdate") }
			},
		},
		{
			name: "OnUpdate ends its goroutine",
			hooks: func(s *masto.Service, _ *faulty) {
				s.OnUpdate = func(context.Context, *masto.Record, *masto.Record, masto.Changes) { runtime.Goexit() }
			},
		},
		{
			name: "OnOrphan panics for the first of the replaced pictures",
			hooks: func(s *masto.Service, w *faulty) {
				deleted := 0
				w.step = func(name string) error {
					if name == "delete" {
						if deleted++; deleted == 1 {
							return errLost
						}
					}
					return nil
				}
				s.OnOrphan = func(context.Context, string, error) { panic("in OnOrphan") }
			},
			left: []string{alice().Profile.Avatar},
		},
		{
			name: "the second Put panics",
			hooks: func(_ *masto.Service, w *faulty) {
				w.step = func(name string) error {
					if name == "put avatar_static" {
						panic("in Put")
					}
					return nil
				}
			},
		},
		{
			name: "the Store panics before it commits",
			hooks: func(_ *masto.Service, w *faulty) {
				w.step = func(name string) error {
					if name == "commit" {
						panic("in Update")
					}
					return nil
				}
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newFaulty(alice())
			s := w.service()
			c.hooks(s, w)
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() { _ = recover() }()
				_, err := s.Update(t.Context(), "1", uploading(gifFile, pngFile))
				t.Errorf("Update returned: %v", err)
			}()
			<-done
			want := append(urls(w.read("1")), c.left...)
			slices.Sort(want)
			assert.Equal(t, want, w.stored())
		})
	}
}

// What is stored is UTF-8 without NUL: PostgreSQL cannot keep anything else.
func TestServiceRefusesTextThatCannotBeStored(t *testing.T) {
	type update = func(text string) masto.Update
	for _, c := range []struct {
		name string
		u    update
	}{
		{
			name: "display_name",
			u: func(text string) masto.Update {
				return masto.Update{DisplayName: masto.Some(text)}
			},
		},
		{
			name: "note",
			u: func(text string) masto.Update {
				return masto.Update{Note: masto.Some(text)}
			},
		},
		{
			name: "avatar_description",
			u: func(text string) masto.Update {
				return masto.Update{AvatarDescription: masto.Some(text)}
			},
		},
		{
			name: "header_description",
			u: func(text string) masto.Update {
				return masto.Update{HeaderDescription: masto.Some(text)}
			},
		},
		{
			name: "fields_attributes",
			u: func(text string) masto.Update {
				return masto.Update{Fields: rows("a", "b", text, "b")}
			},
		},
		{
			name: "fields_attributes",
			u: func(text string) masto.Update {
				return masto.Update{Fields: rows("a", "b", "a", text)}
			},
		},
		{
			name: "attribution_domains",
			u: func(text string) masto.Update {
				return masto.Update{AttributionDomains: masto.Some([]string{"a.example", text})}
			},
		},
		{
			name: "source[privacy]",
			u: func(text string) masto.Update {
				return masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some(text)}}
			},
		},
		{
			name: "source[language]",
			u: func(text string) masto.Update {
				return masto.Update{Posting: masto.PostingUpdate{Language: masto.Some(&text)}}
			},
		},
		{
			name: "source[quote_policy]",
			u: func(text string) masto.Update {
				return masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some(text)}}
			},
		},
	} {
		for _, text := range []string{"a\x00b", "a\xffb", "\xed\xa0\x80", "a\xc3"} {
			t.Run(fmt.Sprintf("%s %q", c.name, text), func(t *testing.T) {
				w := newFaulty(alice())
				u := c.u(text)
				u.Avatar = upload("", pngFile)
				_, err := w.service().Update(t.Context(), "1", u)
				require.ErrorIs(t, err, masto.ErrMalformed)
				require.ErrorContains(t, err, c.name)
				assert.Empty(t, w.steps, "neither store was asked for anything")
			})
		}
	}
	t.Run("NUL at the ends of what is stripped", func(t *testing.T) {
		got, err := newFaulty(alice()).service().Update(t.Context(), "1", masto.Update{
			DisplayName: masto.Some("\x00Alice \x00"), Note: masto.Some("New\x00"),
		})
		require.NoError(t, err)
		assert.Equal(t, "New", got.Profile.Note)
	})
	t.Run("a text that is not set", func(t *testing.T) {
		u := masto.Update{Note: masto.Opt[string]{Value: "a\x00b"}}
		_, err := newFaulty(alice()).service().Update(t.Context(), "1", u)
		require.NoError(t, err)
	})
	t.Run("every other code point", func(t *testing.T) {
		odd := "\x01\x1b\u0085\u202e\ufeff\uffff\U0010ffff\ufffd"
		got, err := newFaulty(alice()).service().Update(t.Context(), "1", masto.Update{Note: masto.Some(odd)})
		require.NoError(t, err)
		assert.Equal(t, odd, got.Profile.Note)
	})
}

// Users save their profile again to have their links checked: the hook sees
// that each time, and nothing is written.
func TestServiceOnUpdateSeesWhatNeedsVerification(t *testing.T) {
	r := alice()
	r.Profile.Fields = []masto.Field{{Name: "Site", Value: "https://spore.io"}}
	for _, c := range []struct {
		name    string
		u       masto.Update
		want    masto.Changes
		written bool
	}{
		{
			name: "nothing",
			want: masto.NeedsVerification,
		},
		{
			name: "the same fields",
			u:    masto.Update{Fields: rows("Site", "https://spore.io")},
			want: masto.NeedsVerification,
		},
		{
			name:    "another bio",
			u:       masto.Update{Note: masto.Some("New")},
			want:    masto.ChangedNote | masto.NeedsVerification,
			written: true,
		},
		{
			name:    "other fields",
			u:       masto.Update{Fields: rows("Pronouns", "she/her")},
			want:    masto.ChangedFields,
			written: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newFaulty(r)
			s := w.service()
			var seen []masto.Changes
			s.OnUpdate = func(_ context.Context, before, after *masto.Record, c masto.Changes) {
				seen = append(seen, c)
				assert.Empty(t, cmp.Diff(r, before))
				assert.Empty(t, cmp.Diff(w.read("1"), after))
			}
			got, err := s.Update(t.Context(), "1", c.u)
			require.NoError(t, err)
			assert.Empty(t, cmp.Diff(w.read("1"), got))
			assert.Equal(t, []masto.Changes{c.want}, seen)
			assert.Equal(t, c.written, slices.Contains(w.steps, "commit"))
		})
	}
}

func TestServiceView(t *testing.T) {
	r := alice()
	r.MovedTo = &masto.Record{Username: "alice", Domain: "remote.example", Profile: masto.Profile{ID: "2"}}
	w := newFaulty(r)
	s := w.service()
	var asked []string
	approval := &masto.FeatureApproval{CurrentUser: "denied"}
	s.View = func(_ context.Context, records ...*masto.Record) (masto.View, error) {
		for _, r := range records {
			asked = append(asked, r.Profile.ID)
		}
		return masto.View{FeatureApproval: func(*masto.Record) *masto.FeatureApproval { return approval }}, nil
	}
	a, err := s.Account(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2"}, asked, "all records are loaded for at once")
	assert.Empty(t, cmp.Diff(approval, a.FeatureApproval))
	assert.Equal(t, "2", a.Moved.ID)
	c, err := s.CredentialAccount(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "Hello", c.Source.Note)
	p, err := s.Profile(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "a hill", p.HeaderDescription)

	errView := errors.New("no view")
	s.View = func(context.Context, ...*masto.Record) (masto.View, error) { return masto.View{}, errView }
	_, err = s.Account(t.Context(), "1")
	require.ErrorIs(t, err, errView)
}

// manyStore is a Store with GetMany.
type manyStore struct {
	*faulty
	calls int
}

func (m *manyStore) GetMany(ctx context.Context, ids ...string) (map[string]*masto.Record, error) {
	m.calls++
	if err := m.at(ctx, "get many"); err != nil {
		return nil, err
	}
	found := map[string]*masto.Record{}
	for _, id := range ids {
		if r := m.read(id); r != nil {
			found[id] = r
		}
	}
	return found, nil
}

func TestServiceAccounts(t *testing.T) {
	moved := masto.NewRecord("3", "carol")
	moved.MovedTo = masto.NewRecord("4", "dave")
	plain := newFaulty(alice(), masto.NewRecord("2", "bob"), moved)
	many := &manyStore{faulty: plain}
	for _, c := range []struct {
		name  string
		store masto.Store
	}{
		{"one by one", plain},
		{"in one call", many},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := plain.service()
			s.Store = c.store
			var asked [][]string
			s.View = func(_ context.Context, records ...*masto.Record) (masto.View, error) {
				var ids []string
				for _, r := range records {
					ids = append(ids, r.Profile.ID)
				}
				asked = append(asked, ids)
				return masto.View{}, nil
			}
			accounts, err := s.Accounts(t.Context(), "3", "404", "1", "2", "1")
			require.NoError(t, err)
			var ids []string
			for _, a := range accounts {
				ids = append(ids, a.ID)
			}
			assert.Equal(t, []string{"3", "1", "2", "1"}, ids, "in the order of the ids, without the missing one")
			assert.Equal(t, "4", accounts[0].Moved.ID)
			require.Len(t, asked, 1, "one View for all")
			assert.ElementsMatch(t, []string{"1", "2", "3", "4"}, asked[0])

			for _, none := range [][]string{nil, {"404"}} {
				accounts, err = s.Accounts(t.Context(), none...)
				require.NoError(t, err)
				assert.Empty(t, accounts)
			}
			assert.Len(t, asked, 1, "without accounts there is nothing to load")

			errView := errors.New("no view")
			s.View = func(context.Context, ...*masto.Record) (masto.View, error) { return masto.View{}, errView }
			_, err = s.Accounts(t.Context(), "1")
			require.ErrorIs(t, err, errView)
		})
	}
	assert.Equal(t, 4, many.calls, "one call for each page")

	broken := errors.New("broken")
	plain.step = func(string) error { return broken }
	for _, store := range []masto.Store{plain, many} {
		s := plain.service()
		s.Store = store
		_, err := s.Accounts(t.Context(), "1")
		require.ErrorIs(t, err, broken)
	}
}

func TestServiceConcurrentUpdates(t *testing.T) {
	w := newFaulty(alice())
	s := w.service()
	var group sync.WaitGroup
	for i := range 32 {
		group.Go(func() {
			var err error
			switch i % 4 {
			case 0:
				_, err = s.DeleteAvatar(t.Context(), "1")
			case 1:
				_, err = s.Update(t.Context(), "1", masto.Update{Header: upload("", gifFile)})
			default:
				_, err = s.Update(t.Context(), "1", uploading(gifFile, pngFile))
			}
			assert.NoError(t, err)
		})
	}
	group.Wait()
	assert.Equal(t, urls(w.read("1")), w.stored())
}

// The adapter that the documentation shows follows the rules of a Store.
func TestStoreOfExample(t *testing.T) {
	mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
		m := &members{rows: map[string][]byte{}}
		for _, r := range seed {
			row, err := json.Marshal(r)
			require.NoError(t, err)
			m.rows[r.Profile.ID] = row
		}
		return m
	})
}
