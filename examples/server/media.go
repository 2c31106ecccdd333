package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/memblob"  // mem://
	_ "gocloud.dev/blob/s3blob"   // s3://

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/blobstore"
	"github.com/seed-374a2035/masto/dirstore"
)

// uploads is where the pictures of users are: a folder, for one machine, or a
// bucket, for any number.
type uploads struct {
	masto.MediaLister
	// open opens the picture whose address ends in name. If there is none, the
	// error matches fs.ErrNotExist. ctx lives until it is closed.
	open  func(ctx context.Context, name string) (*upload, error)
	close func() error
}

// upload is a picture that is being read.
type upload struct {
	io.ReadSeekCloser
	contentType string
	modified    time.Time
}

// uploadPath is where this server serves the pictures of users.
const uploadPath = "/uploads/"

// openUploads opens the folder or the bucket that c names. The pictures are in
// a folder of it that belongs to the database.
//
// Their addresses begin with that of this server, which serves them, or with
// that of whatever serves the whole folder or bucket.
func openUploads(ctx context.Context, c config, folder string) (*uploads, error) {
	base := c.baseURL + uploadPath
	if c.mediaURL != "" {
		base = strings.TrimRight(c.mediaURL, "/") + "/" + folder
	}
	if strings.Contains(c.media, "://") {
		return openBucket(ctx, c.media, folder, base)
	}
	return openFolder(filepath.Join(c.media, folder), base)
}

// openFolder opens a folder of pictures, which it creates if it is missing.
func openFolder(dir, base string) (*uploads, error) {
	store, err := dirstore.Open(dir, base)
	if err != nil {
		return nil, err
	}
	files := store.FS()
	return &uploads{
		MediaLister: store,
		open: func(_ context.Context, name string) (*upload, error) {
			f, err := files.Open(name)
			if err != nil {
				return nil, err
			}
			info, err := f.Stat()
			content, ok := f.(io.ReadSeekCloser)
			if err != nil || !ok {
				return nil, errors.Join(errors.New("the file cannot be read"), err, f.Close())
			}
			return &upload{content, sniff(content), info.ModTime()}, nil
		},
		close: func() error { return nil },
	}, nil
}

// openBucket opens a bucket, such as s3://bucket?region=eu-central-1. The SDK
// finds the credentials in the environment.
func openBucket(ctx context.Context, address, folder, base string) (*uploads, error) {
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, err
	}
	ok, err := bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("it is not there")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the bucket of pictures: %w", err), bucket.Close())
	}
	if folder != "" {
		bucket = blob.PrefixedBucket(bucket, folder+"/")
	}
	store := blobstore.New(bucket, base)
	return &uploads{
		MediaLister: store,
		open: func(ctx context.Context, name string) (*upload, error) {
			r, err := store.Open(ctx, name)
			if err != nil {
				return nil, err
			}
			return &upload{r, r.ContentType(), r.ModTime()}, nil
		},
		close: store.Close,
	}, nil
}

// serveTime is how long a picture may take to be read and sent.
const serveTime = time.Minute

// ServeHTTP serves a picture, and nothing else: no listings and no other types.
// The type of a file is what its content is, and that of an object in a bucket
// was stored with it. An address is never used twice, so browsers may cache it
// for good.
func (u *uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), serveTime)
	defer cancel()
	picture, err := u.open(ctx, r.PathValue("name"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
	case err != nil:
		slog.ErrorContext(ctx, "picture not served", "path", r.URL.Path, "error", err)
		http.Error(w, "The picture cannot be read at the moment.", http.StatusServiceUnavailable)
	default:
		defer func() { _ = picture.Close() }()
		servePicture(w, r, picture, picture.contentType, picture.modified, "public, max-age=31536000, immutable")
	}
}
