package masto

import (
	"context"
	"errors"
)

// ErrNotFound is the error of a [Store] for an account that it does not have.
// Stores wrap it: compare with errors.Is.
var ErrNotFound = errors.New("masto: account not found")

// ErrBusy is the error of a [Store] that gave up because others keep it busy,
// as a database does that stays locked. The call stored nothing and may succeed
// later. Stores wrap it: compare with errors.Is. The package httpapi answers it
// with the status 503.
var ErrBusy = errors.New("masto: the store is busy")

// Store keeps Records. It is safe for concurrent use; [mastotest.TestStore] checks an implementation.
//
// All methods return copies that share nothing with what is stored, and ErrNotFound (by errors.Is) for an account that is not
// there. A canceled ctx ends them with an error.
//
// [mastotest.TestStore]: https://pkg.go.dev/github.com/seed-374a2035/masto/mastotest#TestStore
type Store interface {
	// Get returns the account whose Profile.ID is id.
	Get(ctx context.Context, id string) (*Record, error)
	// Find returns the account of that name; both names are compared without regard to case. Domain "" is a local account.
	Find(ctx context.Context, username, domain string) (*Record, error)
	// Update runs change on the record and stores its Profile and Posting, atomically: nobody else's update is lost or half seen.
	// It may ignore what change does to the rest of the record (counters that others raise meanwhile stay raised), and returns the
	// record as stored. change does no I/O. It may run again, on a fresh copy, but not after Update returned. An error of change is
	// returned as it is, by errors.Is, and nothing is stored.
	Update(ctx context.Context, id string, change func(*Record) error) (*Record, error)
}

// MediaKey says what a stored picture is for.
type MediaKey struct {
	// AccountID is the id of the account that it belongs to.
	AccountID string
	// Kind is avatar, avatar_static, header or header_static.
	Kind string
	// Ext is the extension of the picture's type without a dot: png, jpg, gif or webp.
	Ext string
}

// MediaStore keeps pictures and gives them addresses. It is safe for concurrent use; mastotest.TestMediaStore checks an implementation.
type MediaStore interface {
	// Put stores a copy of data, whole or not at all, and returns its address: a new one at every call, so that no two Puts share a
	// file. A canceled ctx ends it with an error.
	Put(ctx context.Context, key MediaKey, contentType string, data []byte) (url string, err error)
	// Delete removes the picture at url. One that is missing, or not this store's, is no error.
	Delete(ctx context.Context, url string) error
}
