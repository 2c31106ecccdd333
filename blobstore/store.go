package blobstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/media"
)

// Store is a [masto.MediaStore] in a bucket, and a [masto.MediaLister]. It is
// safe for concurrent use, by several processes as well. Use [Open] or [New] to
// create one.
type Store struct {
	// Timeout is how long one request to the bucket may take, tries of the
	// driver included: storing or deleting a picture, or one page of a list. 0
	// is 30 seconds, and a negative one no limit. Set it before the first use.
	Timeout time.Duration

	bucket *blob.Bucket
	base   string // ends in a slash
}

// defaultTimeout is the Timeout of the zero value.
const defaultTimeout = 30 * time.Second

// cleanupTime is how long Put tries at most to delete what it may have stored
// all the same.
const cleanupTime = 5 * time.Second

// cacheControl lets everybody cache a picture for good.
const cacheControl = "public, max-age=31536000, immutable"

// Open returns a Store in the bucket at an address such as
// s3://bucket?region=eu-central-1. The program has to import the driver. Open
// asks the bucket whether it is there. The address of a picture is baseURL, a
// slash and the picture's key.
func Open(ctx context.Context, bucketURL, baseURL string) (*Store, error) {
	bucket, err := blob.OpenBucket(ctx, bucketURL)
	if err != nil {
		return nil, fmt.Errorf("blobstore: open: %w", err)
	}
	s := New(bucket, baseURL)
	if err := s.check(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("blobstore: open: %w", err), s.Close())
	}
	return s, nil
}

// New returns a Store in a bucket that is open, such as a
// [blob.PrefixedBucket]. The address of a picture is baseURL, a slash and the
// picture's key.
func New(bucket *blob.Bucket, baseURL string) *Store {
	return &Store{bucket: bucket, base: strings.TrimSuffix(baseURL, "/") + "/"}
}

// check returns an error unless the bucket can be reached.
func (s *Store) check(ctx context.Context) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	ok, err := s.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("the bucket is not there")
	}
	return err
}

// Close releases what the driver of the bucket holds. The Store must not be
// used afterwards.
func (s *Store) Close() error { return s.bucket.Close() }

// limit returns ctx with the Timeout.
func (s *Store) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.Timeout < 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, cmp.Or(s.Timeout, defaultTimeout))
}

// Put stores data in a new object with a random key, and returns its address.
// The object has contentType, and a Cache-Control by which it may be cached for
// good. key.Ext must be empty or 1 to 8 lowercase ASCII letters or digits.
//
// If Put fails or ctx is done there is no object, but for one that the bucket
// stored without saying so and that Put could not delete again, or stored only
// after that: [media.Sweep] removes such.
func (s *Store) Put(ctx context.Context, key masto.MediaKey, contentType string, data []byte) (string, error) {
	name, err := media.FileName(key, rand.Text())
	if err == nil {
		err = s.put(ctx, name, contentType, data)
	}
	if err != nil {
		return "", fmt.Errorf("blobstore: put picture: %w", err)
	}
	return s.base + name, nil
}

func (s *Store) put(ctx context.Context, name, contentType string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	putting, cancel := s.limit(ctx)
	defer cancel()
	// A type that is guessed from what a user sent could be one with scripts.
	options := &blob.WriterOptions{
		ContentType:                 cmp.Or(contentType, "application/octet-stream"),
		DisableContentTypeDetection: true,
		CacheControl:                cacheControl,
	}
	err := s.bucket.WriteAll(putting, name, data, options)
	if err != nil {
		deleting, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
		defer stop()
		deleting, cancel := s.limit(deleting)
		defer cancel()
		_ = s.bucket.Delete(deleting, name) // Most of the time there is none.
	}
	return err
}

// Delete removes the picture at url. It does nothing and returns nil if there
// is no such picture, or if url is not an address that Put returns.
func (s *Store) Delete(ctx context.Context, url string) error {
	name, ok := strings.CutPrefix(url, s.base)
	if !ok || !isName(name) {
		return nil
	}
	ctx, cancel := s.limit(ctx)
	defer cancel()
	if err := s.bucket.Delete(ctx, name); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("blobstore: delete picture: %w", err)
	}
	return nil
}

// Open opens the picture whose address is the base address and name, so that a
// server can serve it. ctx has to live until the reader is closed. If there is
// no such picture, or no picture can have that name, the error matches
// [fs.ErrNotExist].
func (s *Store) Open(ctx context.Context, name string) (*blob.Reader, error) {
	if !isName(name) {
		return nil, fmt.Errorf("blobstore: open picture: %w", fs.ErrNotExist)
	}
	r, err := s.bucket.NewReader(ctx, name, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fmt.Errorf("blobstore: open picture: %w", err)
	}
	return r, nil
}

// List yields every picture in the bucket, as [masto.MediaLister] requires. It
// takes no other object for one.
func (s *Store) List(ctx context.Context) iter.Seq2[masto.MediaInfo, error] {
	return func(yield func(masto.MediaInfo, error) bool) {
		objects := s.bucket.List(nil)
		for {
			object, err := s.next(ctx, objects)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(masto.MediaInfo{}, fmt.Errorf("blobstore: list pictures: %w", err))
				return
			}
			key, _, ok := media.ParseFileName(object.Key)
			if ok && !yield(masto.MediaInfo{URL: s.base + object.Key, Key: key, Stored: object.ModTime}, nil) {
				return
			}
		}
	}
}

// next returns the next object of a list. It asks for a page where the last one
// is over.
func (s *Store) next(ctx context.Context, objects *blob.ListIterator) (*blob.ListObject, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := s.limit(ctx)
	defer cancel()
	return objects.Next(ctx)
}

// isName reports whether Put makes such names.
func isName(name string) bool {
	_, _, ok := media.ParseFileName(name)
	return ok
}
