package masto

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed-374a2035/masto/internal/media"
)

// Service puts a [Site], a [Store] and a [MediaStore] together: it gets an
// account, updates it, and removes its pictures. Site and Store must be set;
// the zero value of the rest means to do without. It is not modified after its
// first use, and safe for concurrent use. Authorization is the caller's job.
//
// All methods return the errors of the Store as they are, such as one matching
// [ErrNotFound] for an account that is not there.
type Service struct {
	Site  *Site
	Store Store
	// Media keeps the pictures. nil: an update with a picture is refused with
	// [ErrNoMedia], and the file of a picture that is removed is left where it
	// is.
	Media MediaStore
	// View loads what rendering needs besides the records, for all of them at
	// once: mentions and emojis (see [View]). The account that one of them
	// moved to is passed as a record of its own. nil: the zero View.
	View func(ctx context.Context, records ...*Record) (View, error)
	// Picture prepares an upload of a kind, [KindAvatar] or [KindHeader]: it
	// returns the file to store in place of data, and a still variant, which is
	// empty unless the picture is animated. Both must be of a type that uploads
	// may have. data is under Limits.ImageBytes and must not be changed. A
	// [*ValidationError] refuses the picture; any other error counts as one of
	// the server.
	//
	// nil: pictures are stored as they came and never decoded. An animated
	// picture is its own still variant, and a truncated one, or one of 100,000
	// by 100,000 pixels, is stored and served.
	Picture func(ctx context.Context, kind string, data []byte) (main, still []byte, err error)
	// OnUpdate is called after every successful call of Update, DeleteAvatar,
	// DeleteHeader or VerifyLinks that changed something, which c names, and
	// after every successful update that left a field to be verified. If c is
	// NeedsVerification alone, the record is as it was. Its ctx has the values
	// of the caller's and is never canceled. Both records are copies. nil: not
	// called.
	OnUpdate func(ctx context.Context, before, after *Record, c Changes)
	// OnOrphan is called for a picture that may be left behind. Either no
	// record needs it and deleting it failed with err. Or an update may or may
	// not have been stored, and reading the record again failed with err: it is
	// called then for the pictures that the update stored and for those that it
	// would have replaced, and the record names some of them. So look before
	// you delete one, as media.Sweep does. nil: nobody is told of such
	// pictures.
	OnOrphan func(ctx context.Context, url string, err error)
}

// Account returns the account as anybody sees it.
func (s *Service) Account(ctx context.Context, id string) (Account, error) {
	r, v, err := s.load(ctx, id)
	if err != nil {
		return Account{}, err
	}
	return s.Site.Account(r, v), nil
}

// CredentialAccount returns the account as its own user sees it.
func (s *Service) CredentialAccount(ctx context.Context, id string) (CredentialAccount, error) {
	r, v, err := s.load(ctx, id)
	if err != nil {
		return CredentialAccount{}, err
	}
	return s.Site.CredentialAccount(r, v), nil
}

// Profile returns the profile for its own user, raw and formatted.
func (s *Service) Profile(ctx context.Context, id string) (Profile, error) {
	r, v, err := s.load(ctx, id)
	if err != nil {
		return Profile{}, err
	}
	return s.Site.Profile(r, v), nil
}

// AppendProfile appends the JSON of what Profile returns to dst, for a record
// that the Store or Update returned. It calls View, and makes the JSON by
// [Site.AppendProfile].
func (s *Service) AppendProfile(ctx context.Context, dst []byte, r *Record) ([]byte, error) {
	v, err := s.view(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.Site.AppendProfile(dst, r, v), nil
}

// AppendCredentialAccount appends the JSON of what CredentialAccount returns to
// dst, like [Service.AppendProfile].
func (s *Service) AppendCredentialAccount(ctx context.Context, dst []byte, r *Record) ([]byte, error) {
	v, err := s.view(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.Site.AppendCredentialAccount(dst, r, v), nil
}

// Accounts returns the accounts of a page, in the order of ids, as anybody sees
// them. It leaves out those that are not there, so that a deleted account does
// not fail the page. The Store is asked once if it is a [ManyGetter], and View
// is called once for all, the targets of moves included.
func (s *Service) Accounts(ctx context.Context, ids ...string) ([]Account, error) {
	found, err := s.getMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, slices.Collect(maps.Values(found))...)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, 0, len(ids))
	for _, id := range ids {
		if r := found[id]; r != nil {
			accounts = append(accounts, s.Site.Account(r, v))
		}
	}
	return accounts, nil
}

// getMany returns, by id, the records of those ids that exist.
func (s *Service) getMany(ctx context.Context, ids []string) (map[string]*Record, error) {
	if many, ok := s.Store.(ManyGetter); ok {
		return many.GetMany(ctx, ids...)
	}
	found := make(map[string]*Record, len(ids))
	for _, id := range ids {
		if found[id] != nil {
			continue
		}
		r, err := s.Store.Get(ctx, id)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, err
		default:
			found[id] = r
		}
	}
	return found, nil
}

// load returns a record and the View to render it with.
func (s *Service) load(ctx context.Context, id string) (*Record, View, error) {
	r, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, View{}, err
	}
	v, err := s.view(ctx, r)
	return r, v, err
}

// view returns the View to render records with, and the accounts that they
// moved to.
func (s *Service) view(ctx context.Context, records ...*Record) (View, error) {
	if s.View == nil || len(records) == 0 {
		return View{}, nil
	}
	for _, r := range records {
		if r.MovedTo != nil {
			records = append(records, r.MovedTo)
		}
	}
	return s.View(ctx, records...)
}

// Update changes the profile of the account and returns its record as it was
// stored: all of u or nothing.
//
// u is normalized, and judged by the Site's Limits against the record as it is
// at that moment. A [*ValidationError] says what is wrong with u. A text that
// is not UTF-8, or has a NUL, is refused before that with an error matching
// [ErrMalformed]: a database such as PostgreSQL cannot store it, and no client
// shows it.
//
// Pictures are stored before the record names them, and deleted again if the
// update is refused or fails. The pictures that they replaced are deleted once
// the update was stored, unless the record still names them. A failure to
// delete one is not an error of the update (see OnOrphan).
//
// An error of the Store that came after u was applied, such as a connection
// lost while committing, leaves open whether the update was stored. That error
// is returned. The record is read again, even if ctx is canceled, to delete the
// pictures that it does not name.
func (s *Service) Update(ctx context.Context, id string, u Update) (*Record, error) {
	u = u.Normalized()
	if err := u.checkTexts(); err != nil {
		return nil, err
	}
	files := &pictureFiles{service: s, id: id}
	defer files.cleanUp(ctx) // A panic of OnUpdate must not leave pictures behind.
	if err := files.put(ctx, u); err != nil {
		return nil, err
	}
	done, err := s.write(ctx, id, func(r *Record) (Changes, error) { return files.apply(u, r) })
	if err != nil {
		return nil, err
	}
	files.commit(done.after)
	s.tell(ctx, done)
	return done.after, nil
}

// written is a change of a record that the Store stored.
type written struct {
	before, after *Record
	changes       Changes
}

// write has the Store change the record. It notes what the last run of change
// did, since that is the one that was stored.
func (s *Service) write(ctx context.Context, id string, change func(*Record) (Changes, error)) (written, error) {
	var w written
	after, err := s.Store.Update(ctx, id, func(r *Record) (Changes, error) {
		before := r.Clone()
		changes, err := change(r)
		w = written{before: before, changes: changes}
		return changes, err
	})
	w.after = after
	return w, err
}

// tell calls OnUpdate if there is something to tell.
func (s *Service) tell(ctx context.Context, w written) {
	if w.changes != 0 && s.OnUpdate != nil {
		s.OnUpdate(context.WithoutCancel(ctx), w.before, w.after.Clone(), w.changes)
	}
}

// DeleteAvatar removes the avatar of the account and returns its record. The
// description of the avatar and the header stay. If no avatar is set, the call
// succeeds and changes nothing.
func (s *Service) DeleteAvatar(ctx context.Context, id string) (*Record, error) {
	return s.Update(ctx, id, Update{Avatar: Some[*Upload](nil)})
}

// DeleteHeader removes the header of the account, like [Service.DeleteAvatar].
func (s *Service) DeleteHeader(ctx context.Context, id string) (*Record, error) {
	return s.Update(ctx, id, Update{Header: Some[*Upload](nil)})
}

// pictureFiles are the picture files that one update of a record puts into the
// MediaStore and that it replaces there. cleanUp deletes those that the record
// does not need in the end, whatever became of the update.
type pictureFiles struct {
	service  *Service
	id       string   // of the account
	pictures Pictures // the addresses of the uploads
	stored   []string // what put stored
	replaced []string // what the record named before the update was applied, and not after
	unknown  bool     // the update was applied, so that it may have been stored
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
	// Both are prepared before one is stored, as either may be refused.
	avatar, err := s.prepare(ctx, KindAvatar, u.Avatar.Value, &f.pictures.Avatar)
	if err != nil {
		return err
	}
	header, err := s.prepare(ctx, KindHeader, u.Header.Value, &f.pictures.Header)
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

// apply judges u again, since the record may have changed meanwhile, and
// applies it. From then on the Store may store the result, or call apply again
// on a fresh copy.
func (f *pictureFiles) apply(u Update, r *Record) (Changes, error) {
	if err := f.service.Site.Limits.validate(u, r); err != nil {
		return 0, err
	}
	before := r.pictures()
	changes := r.apply(u, f.pictures)
	f.unknown = true
	f.replaced = unnamed(before, r)
	return changes, nil
}

// commit notes the record as it was stored.
func (f *pictureFiles) commit(r *Record) { f.record = r }

// cleanUp deletes the files that the record does not need, even if ctx is
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

// cleanUpUnknown cleans up after a failed update that may have been stored all
// the same: it deletes the files that the record does not name now.
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
		for _, url := range f.all() {
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

// prepare returns the files of an upload, which are none for nil: the picture
// and, if it is animated, its still variant. Their addresses go into p.
func (s *Service) prepare(ctx context.Context, kind string, u *Upload, p *Picture) ([]pictureFile, error) {
	if u == nil {
		return nil, nil
	}
	main, still := u.Data, []byte(nil)
	if s.Picture != nil {
		var err error
		main, still, err = s.Picture(ctx, kind, u.Data)
		if _, refused := errors.AsType[*ValidationError](err); refused {
			return nil, err
		} else if err != nil {
			return nil, fmt.Errorf("masto: preparing the %s: %w", kind, err)
		}
	}
	files := []pictureFile{{kind, main, &p.URL}}
	if len(still) > 0 && !bytes.Equal(still, main) {
		files = append(files, pictureFile{kind + "_static", still, &p.StaticURL})
	}
	for _, f := range files {
		if ext, _ := media.Type(f.data); ext == "" {
			return nil, fmt.Errorf("masto: preparing the %s: what came out is no picture", f.kind)
		}
	}
	return files, nil
}

// putFile stores f and returns its address.
func (s *Service) putFile(ctx context.Context, id string, f pictureFile) (string, error) {
	ext, contentType := media.Type(f.data)
	url, err := s.Media.Put(ctx, MediaKey{AccountID: id, Kind: f.kind, Ext: ext}, contentType, f.data)
	if err == nil && url == "" {
		err = errors.New("no address was given")
	}
	if err != nil {
		return "", fmt.Errorf("masto: storing the %s: %w", f.kind, err)
	}
	return url, nil
}

// errReadOnly ends an update that only reads the record.
var errReadOnly = errors.New("masto: the record is only read")

// latest returns the record as it is after any update of it that is still under
// way, since that may be the one whose outcome is unknown: a Store runs the
// updates of a record one after another. If the Store cannot start an update,
// the record is read as it is.
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

// discard deletes the pictures at urls, even if ctx is canceled. It reports
// those that it could not delete after it has tried all, so that a panic of
// OnOrphan leaves none behind.
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

// orphan reports that the picture at url was left behind.
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
