package integration

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// moment is something bad that happens to an update.
type moment struct {
	name string
	// happens arranges it for the next update at a place. cancel cancels the
	// context of that update.
	happens func(p *place, cancel func())
	after   outcome
	left    leftover
}

// outcome is what an update returns and leaves behind. The profile is whole in
// any case.
type outcome string

const (
	refused  outcome = "an error, and the old profile"
	updated  outcome = "no error, and the new profile"
	unknown  outcome = "an error, and the new profile"
	oldOrNew outcome = "an error and either profile, or no error and the new one"
)

// leftover is what becomes of the pictures that the profile does not name. All
// that it names are there in any case.
type leftover string

const (
	none   leftover = "none is left"
	told   leftover = "OnOrphan was told of those that are left"
	unseen leftover = "one may be left that only a sweep finds"
)

// storeMoments happen to every Store.
var storeMoments = []moment{
	{"failing before", func(p *place, _ func()) { p.store.before = once(broken) }, refused, none},
	{"failing after", func(p *place, _ func()) { p.store.after = once(broken) }, unknown, none},
	{"failing after, and from then on", func(p *place, _ func()) { p.store.after = p.store.dies }, unknown, told},
	{"slow", func(p *place, _ func()) { time.AfterFunc(pause, p.hold()) }, updated, none},
	{"slow, and canceled", func(p *place, cancel func()) {
		release := p.hold()
		time.AfterFunc(pause, func() { cancel(); release() })
	}, refused, none},
	{"canceled before", func(_ *place, cancel func()) { cancel() }, refused, none},
	{"canceled before the update", func(p *place, cancel func()) { p.store.before = calls(cancel) }, refused, none},
	{"canceled within the update", func(p *place, cancel func()) { p.store.changed = cancel }, oldOrNew, none},
	{"canceled after the update", func(p *place, cancel func()) { p.store.after = calls(cancel) }, updated, none},
}

// commitMoments happen to a Store whose commit can be hindered.
var commitMoments = []moment{
	{"cut before the commit", func(p *place, _ func()) { p.commit.set(cutBefore) }, refused, none},
	{"cut after the commit", func(p *place, _ func()) { p.commit.set(cutAfter) }, unknown, none},
	{"canceled at the commit", func(p *place, cancel func()) { p.commit.call(cancel) }, oldOrNew, none},
}

// wireMoments happen to a Store that is at the other end of a connection.
var wireMoments = []moment{
	{"cut within the commit", func(p *place, _ func()) { p.commit.set(cutWithin) }, refused, none},
}

// mediaMoments happen to every MediaStore.
var mediaMoments = []moment{
	{"first put fails before", func(p *place, _ func()) { p.media.beforePut = once(broken) }, refused, none},
	{"first put fails after", func(p *place, _ func()) { p.media.afterPut = once(broken) }, refused, unseen},
	{"last put fails before", func(p *place, _ func()) { p.media.beforePut = fourth(broken) }, refused, none},
	{"last put fails after", func(p *place, _ func()) { p.media.afterPut = fourth(broken) }, refused, unseen},
	{"puts are slow", func(p *place, _ func()) { p.media.beforePut = sleeps }, updated, none},
	{"canceled before a put", func(p *place, cancel func()) { p.media.beforePut = calls(cancel) }, refused, none},
	{"canceled within a put", func(_ *place, cancel func()) { time.AfterFunc(pause/10, cancel) }, oldOrNew, unseen},
	{"canceled after the puts", func(p *place, cancel func()) { p.media.afterPut = fourth(calls(cancel)) }, refused, none},
	{"deletes fail before", func(p *place, _ func()) { p.media.beforeDelete = broken }, updated, told},
	{"deletes fail after", func(p *place, _ func()) { p.media.afterDelete = broken }, updated, none},
	{"deletes are slow", func(p *place, _ func()) { p.media.beforeDelete = sleeps }, updated, none},
	{"canceled at a delete", func(p *place, cancel func()) { p.media.beforeDelete = calls(cancel) }, updated, none},
	{"puts and deletes fail", func(p *place, _ func()) {
		p.media.beforePut, p.media.beforeDelete = fourth(broken), broken
	}, refused, told},
}

// requestMoments happen to the requests of a MediaStore to its server. One that
// fails is sent again, three times in all.
var requestMoments = []moment{
	{"a put is cut within", func(p *place, _ func()) { p.requests.cut(http.MethodPut, cutWithin, 1) }, updated, none},
	{"a put is cut after", func(p *place, _ func()) { p.requests.cut(http.MethodPut, cutAfter, 1) }, updated, none},
	{"puts are cut within", func(p *place, _ func()) { p.requests.cut(http.MethodPut, cutWithin, 3) }, refused, none},
	{"puts are cut after", func(p *place, _ func()) { p.requests.cut(http.MethodPut, cutAfter, 3) }, refused, none},
	{"a delete is cut after", func(p *place, _ func()) { p.requests.cut(http.MethodDelete, cutAfter, 1) }, updated, none},
	{"deletes are cut before", func(p *place, _ func()) { p.requests.cut(http.MethodDelete, cutBefore, 3) }, updated, told},
}

// diskMoments happen to what is kept on a disk.
var diskMoments = []moment{
	{"disk full", func(p *place, _ func()) { p.disk.fill() }, refused, none},
}

// TestBadMoments lets something bad happen to an update that sets texts and
// both pictures, on every kind of Store and of MediaStore. After it the profile
// is the old or the new one, whole, with the pictures that it names, and the
// next update succeeds.
func TestBadMoments(t *testing.T) {
	for _, c := range []struct {
		name    string
		open    func(t *testing.T, p *place)
		moments []moment
	}{
		{"store in memory", storeInMemory, storeMoments},
		{"store in SQLite", storeInSQLite, slices.Concat(storeMoments, commitMoments, diskMoments)},
		{"store in PostgreSQL", storeInPostgres, slices.Concat(storeMoments, commitMoments, wireMoments, diskMoments)},
		{"media in memory", mediaInMemory, mediaMoments},
		{"media in a folder", mediaInFolder, slices.Concat(mediaMoments, diskMoments)},
		{"media in a bucket in memory", mediaInMemoryBucket, mediaMoments},
		{"media in a bucket of files", mediaInFileBucket, slices.Concat(mediaMoments, diskMoments)},
		{"media in S3", mediaInS3, slices.Concat(mediaMoments, requestMoments)},
		{"media in S3 on a disk", mediaInS3OnDisk, diskMoments},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, m := range c.moments {
				t.Run(m.name, func(t *testing.T) {
					p := newPlace(t)
					c.open(t, p)
					p.suffer(t, m)
				})
			}
		})
	}
}

// suffer lets a moment happen to an update.
func (p *place) suffer(t *testing.T, m moment) {
	const before, now, next = 1, 2, 3
	_, err := p.service.Update(t.Context(), accountID, numbered(before))
	require.NoError(t, err)
	require.Equal(t, before, p.profile(t))

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m.happens(p, cancel)
	_, err = p.service.Update(ctx, accountID, numbered(now))
	t.Logf("the update returned: %v", err)
	p.lift(t)
	m.after.check(t, p.profile(t) == now, err)
	p.checkLeft(t, m.left)

	_, err = p.service.Update(t.Context(), accountID, numbered(next))
	require.NoError(t, err, "the next update")
	require.Equal(t, next, p.profile(t))
	p.checkLeft(t, m.left)
	p.sweep(t)
	require.Equal(t, next, p.profile(t))
	require.Empty(t, p.left(t), "after a sweep")
}

// check checks whether the profile is the new one, and what the update
// returned.
func (o outcome) check(t *testing.T, isNew bool, err error) {
	t.Helper()
	switch o {
	case refused:
		require.Error(t, err, o)
		require.False(t, isNew, o)
	case updated:
		require.NoError(t, err, o)
		require.True(t, isNew, o)
	case unknown:
		require.Error(t, err, o)
		require.True(t, isNew, o)
	case oldOrNew:
		assert.True(t, isNew || err != nil, o)
	}
}

// checkLeft checks the pictures that are there besides those of the profile.
func (p *place) checkLeft(t *testing.T, allowed leftover) {
	t.Helper()
	left := p.left(t)
	switch allowed {
	case none:
		assert.Empty(t, left, allowed)
	case told:
		assert.NotEmpty(t, left, "the moment has no effect")
		assert.Subset(t, p.told, left, allowed)
	case unseen:
		assert.LessOrEqual(t, len(left), 1, allowed)
	}
}
