package integration

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/pgtest"
	"github.com/seed-374a2035/masto/memstore"
	"github.com/seed-374a2035/masto/sqlstore"
)

// cut says where the connection of a commit is lost.
type cut int32

const (
	cutNever  cut = iota
	cutBefore     // the server does not get the commit
	cutWithin     // the server gets half of it
	cutAfter      // the server gets it, and its answer is lost
)

// cutter makes connections that are lost at the next commit.
type cutter struct{ at atomic.Int32 }

func (c *cutter) set(at cut) { c.at.Store(int32(at)) }

// open opens a database whose connections are lost as c says.
func (c *cutter) open(t *testing.T, address string) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &cutConn{Conn: conn, cutter: c}, err
	}
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

type cutConn struct {
	net.Conn

	cutter  *cutter
	atReply atomic.Bool
}

func (c *cutConn) Write(b []byte) (int, error) {
	if !bytes.Contains(b, []byte("commit\x00")) {
		return c.Conn.Write(b)
	}
	switch cut(c.cutter.at.Swap(int32(cutNever))) {
	case cutBefore:
		_ = c.Close()
		return 0, io.ErrClosedPipe
	case cutWithin:
		_, _ = c.Conn.Write(b[:len(b)/2])
		_ = c.Close()
		return 0, io.ErrClosedPipe
	case cutAfter:
		c.atReply.Store(true)
	}
	return c.Conn.Write(b)
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.atReply.Load() {
		_ = c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// files are pictures in memory that can be listed.
type files struct {
	*memstore.Media

	urls []string
}

func (f *files) Put(ctx context.Context, key masto.MediaKey, contentType string, data []byte) (string, error) {
	url, err := f.Media.Put(ctx, key, contentType, data)
	if err == nil {
		f.urls = append(f.urls, url)
	}
	return url, err
}

func (f *files) Delete(ctx context.Context, url string) error {
	f.urls = slices.DeleteFunc(f.urls, func(u string) bool { return u == url })
	return f.Media.Delete(ctx, url)
}

const png = "\x89PNG\r\n\x1a\n, and what follows"

// TestPostgresLostAtCommit loses the connection of an update with a picture at
// its commit. The update fails with an error that is not ErrBusy, and the
// account is the old or the new one, whole, with the pictures that it names and
// no others.
func TestPostgresLostAtCommit(t *testing.T) {
	for _, c := range []struct {
		name string
		at   cut
		note string // that the account has afterwards
	}{
		{"before", cutBefore, "old"},
		{"within", cutWithin, "old"},
		{"after", cutAfter, "new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cutter cutter
			store := postgresWith(t, cutter.open(t, newSchema(t)))
			media := &files{Media: memstore.NewMedia("https://files.example/")}
			service := &masto.Service{
				Site:  &masto.Site{Domain: "social.example"},
				Store: store,
				Media: media,
				OnOrphan: func(_ context.Context, url string, err error) {
					t.Errorf("%s is left behind: %v", url, err)
				},
			}
			require.NoError(t, store.Create(t.Context(), masto.NewRecord("1", "alice")))
			old, err := service.Update(t.Context(), "1", updateOf("old"))
			require.NoError(t, err)

			cutter.set(c.at)
			_, err = service.Update(t.Context(), "1", updateOf("new"))
			require.Error(t, err)
			require.NotErrorIs(t, err, masto.ErrBusy)

			now, err := store.Get(t.Context(), "1")
			require.NoError(t, err)
			assert.Equal(t, c.note, now.Profile.Note)
			assert.Equal(t, c.note, now.Profile.DisplayName)
			assert.Equal(t, c.note == "old", now.Profile.Avatar == old.Profile.Avatar)
			assert.Equal(t, []string{now.Profile.Avatar}, media.urls)
			again, err := service.Update(t.Context(), "1", updateOf("again"))
			require.NoError(t, err)
			assert.Equal(t, "again", again.Profile.Note)
		})
	}
}

// updateOf returns an update that sets two texts and the avatar.
func updateOf(text string) masto.Update {
	return masto.Update{
		DisplayName: masto.Some(text),
		Note:        masto.Some(text),
		Avatar:      masto.Some(&masto.Upload{Data: []byte(png)}),
	}
}

// tally counts what became of the updates of an account.
type tally struct{ stored, failed atomic.Int64 }

// TestPostgresRestart restarts the server several times while clients update
// accounts. Their calls fail and then succeed again. No update that returned is
// lost, and none is applied twice or in part.
func TestPostgresRestart(t *testing.T) {
	server := pgtest.Start(t)
	s := postgresWith(t, openPostgres(t, server.Address))
	const accounts = 4
	tallies := make([]tally, accounts)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	for i := range 2 * accounts {
		id := strconv.Itoa(i % accounts)
		if i < accounts {
			require.NoError(t, s.Create(t.Context(), masto.NewRecord(id, "user"+id)))
		}
		clients.Go(func() {
			for ctx.Err() == nil {
				tallies[i%accounts].count(increment(t.Context(), s.Store, id))
			}
		})
	}
	stored := func() (all int64) {
		for i := range tallies {
			all += tallies[i].stored.Load()
		}
		return all
	}
	for range 3 {
		before := stored()
		more := func() bool { return stored() > before+50 }
		require.Eventually(t, more, 20*time.Second, time.Millisecond, "updates succeed again")
		server.Restart(t)
	}
	before := stored()
	require.Eventually(t, func() bool { return stored() > before }, 20*time.Second, time.Millisecond)
	stop()
	clients.Wait()

	var failed int64
	for i := range tallies {
		r, err := s.Get(t.Context(), strconv.Itoa(i))
		require.NoError(t, err)
		n, err := strconv.ParseInt(r.Profile.Note, 10, 64)
		require.NoError(t, err)
		assert.Equal(t, r.Profile.Note, r.Profile.DisplayName, "half of an update")
		assert.GreaterOrEqual(t, n, tallies[i].stored.Load(), "an update that returned was lost")
		assert.LessOrEqual(t, n, tallies[i].stored.Load()+tallies[i].failed.Load(), "an update was applied twice")
		failed += tallies[i].failed.Load()
	}
	assert.Positive(t, failed, "nobody noticed the restarts")
}

// count notes what became of an update. After a failure it waits a moment, as a
// client does.
func (y *tally) count(err error) {
	if err == nil {
		y.stored.Add(1)
		return
	}
	y.failed.Add(1)
	time.Sleep(5 * time.Millisecond)
}

// increment counts up in two texts of an account.
func increment(ctx context.Context, s *sqlstore.Store, id string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := s.Update(ctx, id, func(r *masto.Record) (masto.Changes, error) {
		n, err := strconv.Atoi(r.Profile.Note)
		if err != nil && r.Profile.Note != "" {
			return 0, err
		}
		r.Profile.Note, r.Profile.DisplayName = strconv.Itoa(n+1), strconv.Itoa(n+1)
		return masto.ChangedNote | masto.ChangedDisplayName, nil
	})
	return err
}

// TestPostgresUnreachable checks that a server which is not there is an error
// at once, and neither ErrBusy nor ErrNotFound.
func TestPostgresUnreachable(t *testing.T) {
	s := sqlstore.NewPostgres(openPostgres(t, "postgres:///masto?user=masto&host="+os.TempDir()+"/nowhere"))
	_, err := s.Get(t.Context(), "1")
	require.Error(t, err)
	require.NotErrorIs(t, err, masto.ErrNotFound)
	require.NotErrorIs(t, err, masto.ErrBusy)
	_, err = s.Update(t.Context(), "1", changeNote("x"))
	require.Error(t, err)
	require.False(t, errors.Is(err, masto.ErrNotFound) || errors.Is(err, masto.ErrBusy))
}
