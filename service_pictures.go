package masto

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// pictureFiles are the picture files that one update of a record puts into the
// MediaStore and that it replaces there. cleanUp deletes those that nobody needs,
// whatever became of the update.
type pictureFiles struct {
	service  *Service
	id       string   // of the account
	pictures Pictures // the addresses of the uploads
	stored   []string // what put stored
	replaced []string // what the record named before u was applied, and not after
	unknown  bool     // u was applied, so that it may have been stored
	record   *Record  // as it was stored; nil: it is not known to be
}

// cleanupTime is how long what is left of a request may take after its own
// context ended: reading the record again, deleting pictures.
const cleanupTime = 15 * time.Second

// put judges u, which is normalized, and stores its pictures.
func (f *pictureFiles) put(ctx context.Context, u Update) error {
	if u.Avatar.Value == nil && u.Header.Value == nil {
		return nil
	}
	s := f.service
	if s.Media == nil {
		return ErrNoMedia
	}
	current, err := s.Store.Get(ctx, f.id)
	if err != nil {
		return err
	}
	if err := s.Site.Limits.validate(u, current); err != nil {
		return err
	}
	avatar, err := s.filesOf(KindAvatar, u.Avatar.Value, &f.pictures.Avatar)
	if err != nil {
		return err
	}
	header, err := s.filesOf(KindHeader, u.Header.Value, &f.pictures.Header)
	if err != nil {
		return err
	}
	for _, file := range append(avatar, header...) {
		if *file.url, err = s.putFile(ctx, f.id, file); err != nil {
			return err
		}
		f.stored = append(f.stored, *file.url)
	}
	return nil
}

// applied notes that the update turned before into after and that the Store may
// store it from now on. It may be called again, as a Store may try again.
func (f *pictureFiles) applied(before, after *Record) {
	f.unknown = true
	f.replaced = unnamed(before.pictures(), after)
}

// committed notes the record as it was stored.
func (f *pictureFiles) committed(r *Record) { f.record = r }

// cleanUp deletes the files that the record does not need, also if ctx is
// canceled.
func (f *pictureFiles) cleanUp(ctx context.Context) {
	switch {
	case f.record != nil:
		f.service.discard(ctx, unnamed(f.all(), f.record))
	case f.unknown:
		f.cleanUpUnknown(ctx)
	default:
		f.service.discard(ctx, f.stored)
	}
}

// all returns the files that may have to be deleted.
func (f *pictureFiles) all() []string { return slices.Concat(f.stored, f.replaced) }

// cleanUpUnknown cleans up after a failed update that may have been stored all the same:
// it deletes the files that the record does not name now.
func (f *pictureFiles) cleanUpUnknown(ctx context.Context) {
	s := f.service
	if s.Media == nil || len(f.all()) == 0 {
		return
	}
	reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	switch now, err := s.latest(reading, f.id); {
	case err == nil:
		s.discard(ctx, unnamed(f.all(), now))
	case errors.Is(err, ErrNotFound):
		// What the account had before belongs to whoever removed it.
		s.discard(ctx, f.stored)
	default:
		for _, url := range f.stored {
			s.orphan(ctx, url, err)
		}
	}
}

// pictureFile is a file to be stored, and where its address goes.
type pictureFile struct {
	kind string
	data []byte
	url  *string
}

// filesOf returns the files of an upload: the picture, and a still frame where it
// moves. Their addresses go into p. There are none for nil.
func (s *Service) filesOf(kind string, u *Upload, p *Picture) ([]pictureFile, error) {
	if u == nil {
		return nil, nil
	}
	still, err := s.still(kind, u.Data)
	if err != nil {
		return nil, err
	}
	files := []pictureFile{{kind, u.Data, &p.URL}}
	if still != nil {
		files = append(files, pictureFile{kind + "_static", still, &p.StaticURL})
	}
	return files, nil
}

// putFile stores f and returns its address.
func (s *Service) putFile(ctx context.Context, id string, f pictureFile) (string, error) {
	ext, contentType := pictureType(f.data)
	url, err := s.Media.Put(ctx, MediaKey{AccountID: id, Kind: f.kind, Ext: ext}, contentType, f.data)
	if err == nil && url == "" {
		err = errors.New("no address was given")
	}
	if err != nil {
		return "", fmt.Errorf("masto: storing the %s: %w", f.kind, err)
	}
	return url, nil
}

// still returns the still frame of a picture, or nil where the picture does not
// move.
func (s *Service) still(kind string, data []byte) ([]byte, error) {
	if s.Still == nil {
		return nil, nil
	}
	still, err := s.Still(data)
	switch {
	case err != nil:
		// What the reference finds in a picture that it cannot read.
		broken := &ValidationError{Findings: []Finding{
			{Attribute: kind, Code: CodeIsInvalid, Description: "is invalid"},
		}}
		return nil, fmt.Errorf("%w: still frame of the %s: %w", broken, kind, err)
	case len(still) == 0, bytes.Equal(still, data):
		return nil, nil
	}
	if ext, _ := pictureType(still); ext == "" {
		return nil, fmt.Errorf("masto: still frame of the %s: not a picture", kind)
	}
	return still, nil
}

// errReadOnly ends an update that only reads the record.
var errReadOnly = errors.New("masto: the record is only read")

// latest returns the record as it is once an update of it that is still under way
// has ended, since that may be the one whose outcome is not known: the Store lets
// updates of one record pass one after the other. If the Store cannot even start
// one, the record is read as it is.
func (s *Service) latest(ctx context.Context, id string) (*Record, error) {
	var now *Record
	_, err := s.Store.Update(ctx, id, func(r *Record) (Changes, error) {
		now = r.Clone()
		return 0, errReadOnly
	})
	switch {
	case now != nil:
		return now, nil
	case errors.Is(err, ErrNotFound):
		return nil, err
	}
	return s.Store.Get(ctx, id)
}

// discard deletes the pictures at urls, also if ctx is canceled. It tells what it
// could not delete only when it has tried all, so that a panic of OnOrphan leaves
// none behind.
func (s *Service) discard(ctx context.Context, urls []string) {
	if s.Media == nil || len(urls) == 0 {
		return
	}
	deleting, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	failed := make([]error, len(urls))
	for i, url := range urls {
		failed[i] = s.Media.Delete(deleting, url)
	}
	for i, err := range failed {
		if err != nil {
			s.orphan(ctx, urls[i], err)
		}
	}
}

// orphan tells that the picture at url was left behind.
func (s *Service) orphan(ctx context.Context, url string, err error) {
	if s.OnOrphan != nil {
		s.OnOrphan(context.WithoutCancel(ctx), url, err)
	}
}

// pictures returns the addresses of the pictures that r names.
func (r *Record) pictures() []string {
	p := &r.Profile
	urls := []string{p.Avatar, p.AvatarStatic, p.Header, p.HeaderStatic}
	return slices.DeleteFunc(urls, func(url string) bool { return url == "" })
}

// unnamed returns the urls that r does not name, each once.
func unnamed(urls []string, r *Record) []string {
	seen := r.pictures()
	var left []string
	for _, url := range urls {
		if !slices.Contains(seen, url) {
			seen = append(seen, url)
			left = append(left, url)
		}
	}
	return left
}
