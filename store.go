package masto

import (
	"context"
	"iter"
	"time"
)

// Store keeps Records. It is safe for concurrent use. [mastotest.TestStore]
// checks an implementation.
//
// All methods return copies that share nothing with what is stored, and an
// error matching [ErrNotFound] if there is no such account. A canceled ctx ends
// them with an error. What is stored is UTF-8 without NUL: [Service.Update]
// refuses everything else.
//
// [mastotest.TestStore]: https://pkg.go.dev/github.com/seed-374a2035/masto/mastotest#TestStore
type Store interface {
	// Get returns the account whose Profile.ID is id.
	Get(ctx context.Context, id string) (*Record, error)
	// Find returns the account with that name. Both parts are compared without
	// regard to case. The domain of a local account is "".
	Find(ctx context.Context, username, domain string) (*Record, error)
	// Update runs change on the record, stores what it changed, and returns the
	// record as stored. Updates are atomic and serialized per record: nobody
	// sees half of one.
	//
	// change returns what it changed in Profile and Posting. If that is
	// nothing, or NeedsVerification alone, nothing need be written. Otherwise a
	// store may write more in the same transaction, such as a row of an outbox.
	// Whatever else change does to the record may be ignored: counters that
	// others raise meanwhile stay raised, and featured tags have API methods of
	// their own.
	//
	// change does no I/O. It may run again, on a fresh copy, but not after
	// Update returned. If it fails, nothing is stored, and Update returns an
	// error matching its error.
	Update(ctx context.Context, id string, change func(*Record) (Changes, error)) (*Record, error)
}

// ManyGetter is a [Store] that reads the accounts of a page by one query. It is
// optional: [Service.Accounts] calls Get for each id of a Store without it.
// [mastotest.TestStore] checks it, too.
//
// [mastotest.TestStore]: https://pkg.go.dev/github.com/seed-374a2035/masto/mastotest#TestStore
type ManyGetter interface {
	// GetMany returns, by id, the record that Get returns for each of ids. Ids
	// without a record are left out, which is no error. An id may occur more
	// than once.
	GetMany(ctx context.Context, ids ...string) (map[string]*Record, error)
}

// MediaKey says what a stored picture is for.
type MediaKey struct {
	// AccountID is the id of the account that the picture belongs to.
	AccountID string
	// Kind is [KindAvatar], [KindAvatarStatic], [KindHeader] or
	// [KindHeaderStatic].
	Kind string
	// Ext is the extension of the picture's type without a dot: png, jpg, gif
	// or webp.
	Ext string
}

// The kinds of pictures. The static ones are the still frames of animated ones.
const (
	KindAvatar       = "avatar"
	KindAvatarStatic = "avatar_static"
	KindHeader       = "header"
	KindHeaderStatic = "header_static"
)

// MediaStore keeps pictures and gives them addresses. It is safe for concurrent
// use. [mastotest.TestMediaStore] checks an implementation.
//
// [mastotest.TestMediaStore]: https://pkg.go.dev/github.com/seed-374a2035/masto/mastotest#TestMediaStore
type MediaStore interface {
	// Put stores a copy of data, whole or not at all, and returns its address,
	// which is a new one at every call: no two Puts share a file. A canceled
	// ctx ends it with an error.
	Put(ctx context.Context, key MediaKey, contentType string, data []byte) (url string, err error)
	// Delete removes the picture at url. A picture that is missing, or that is
	// not this store's, is no error.
	Delete(ctx context.Context, url string) error
}

// MediaLister is a [MediaStore] that lists its pictures. It is optional:
// [media.Sweep] needs it to find those that no account names.
// [mastotest.TestMediaStore] checks it, too.
//
// [media.Sweep]: https://pkg.go.dev/github.com/seed-374a2035/masto/media#Sweep
// [mastotest.TestMediaStore]: https://pkg.go.dev/github.com/seed-374a2035/masto/mastotest#TestMediaStore
type MediaLister interface {
	MediaStore
	// List yields every picture that is stored, in any order. A picture that is
	// stored or deleted meanwhile may be left out. An error ends the list, and
	// so does a canceled ctx. Pictures may be deleted while they are listed.
	List(ctx context.Context) iter.Seq2[MediaInfo, error]
}

// MediaInfo says what a [MediaLister] knows of a picture.
type MediaInfo struct {
	// URL is the address of the picture, as Put returned it.
	URL string
	// Key is what the picture was stored for. Its AccountID is "" if the store
	// cannot tell.
	Key MediaKey
	// Stored is when Put stored the picture, by the clock of the store. It is
	// zero if the store cannot tell.
	Stored time.Time
}
