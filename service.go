package masto

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNoMedia is what [Service.Update] returns, by errors.Is, for an update with a picture if the Service has no MediaStore.
var ErrNoMedia = errors.New("masto: no MediaStore to keep pictures in")

// Service puts a [Site], a [Store] and a [MediaStore] together: it gets an account, updates it, and removes its pictures. Site and
// Store must be set; the zero value of the rest means to do without. It is not modified after its first use, and safe for
// concurrent use. Who may call what is the caller's affair.
//
// All methods return the errors of the Store as they are: [ErrNotFound], by errors.Is, for an account that is not there.
type Service struct {
	Site  *Site
	Store Store
	// Media keeps the pictures; nil: an update with one is refused with [ErrNoMedia], and a picture that is removed is only
	// forgotten.
	Media MediaStore
	// View loads what rendering needs besides the records, for all of them at once: mentions and emojis (see [View]). It gets the
	// target of a move as a record of its own. nil: the zero View.
	View func(ctx context.Context, records ...*Record) (View, error)
	// Still returns a still frame of a picture as a file of one of the types that uploads may have, or nothing where the picture does
	// not move. Its error means that the picture is broken, and is answered with a [*ValidationError]. nil: no still frames; an
	// animated picture is its own.
	Still func(data []byte) ([]byte, error)
	// OnUpdate is called after every successful update that changed something or
	// left a field to be verified: c says what. Where c is only NeedsVerification
	// the record is as it was. Its ctx has the values of the caller's and is never
	// canceled. Both records are copies. nil: not called.
	OnUpdate func(ctx context.Context, before, after *Record, c Changes)
	// OnOrphan is called for a stored picture that no record needs and that is still there: deleting it failed with err, or, after an
	// update that may or may not have been stored, asking the record failed. nil: such pictures stay behind without notice.
	OnOrphan func(ctx context.Context, url string, err error)
}

// cleanupTime is how long what is left of a request may take after its own context ended: reading the record again, deleting pictures.
const cleanupTime = 15 * time.Second

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

// load reads a record and what rendering it needs.
func (s *Service) load(ctx context.Context, id string) (*Record, View, error) {
	r, err := s.Store.Get(ctx, id)
	if err != nil || s.View == nil {
		return r, View{}, err
	}
	records := []*Record{r}
	if r.MovedTo != nil {
		records = append(records, r.MovedTo)
	}
	v, err := s.View(ctx, records...)
	return r, v, err
}

// Update changes the profile of the account and returns its record as it was stored: all of u or nothing.
//
// u is normalized, and judged by the Site's Limits against the record as it is at that moment: a [*ValidationError] says what is
// wrong with it. Pictures are stored before the record names them, and deleted again if the update is refused or fails. The ones that
// they replaced are deleted after it was stored, but for those that the record still names; that this fails is not an error of
// the update (see OnOrphan).
//
// An error of the Store that came after u was applied, such as a connection lost while committing, leaves open whether the update was
// stored. It is returned, and the record is read again, also if ctx is canceled, to delete the pictures that it does not name.
func (s *Service) Update(ctx context.Context, id string, u Update) (*Record, error) {
	u = u.Normalized()
	pictures, stored, err := s.putUploads(ctx, id, u)
	if err != nil {
		s.discard(ctx, stored)
		return nil, err
	}
	var before *Record // nil until u was applied
	var changes Changes
	leftover := stored // what may have to be deleted
	after, err := s.Store.Update(ctx, id, func(r *Record) (Changes, error) {
		was := r.Clone()
		// Again, as the record may be another one than the uploads were judged against.
		if err := s.Site.Limits.Validate(u, was); err != nil {
			return 0, err
		}
		before, changes = was, r.Apply(u, pictures)
		leftover = append(slices.Clip(stored), unnamed(before.pictures(), r)...)
		return changes, nil
	})
	switch {
	case err != nil && before == nil:
		s.discard(ctx, stored)
		return nil, err
	case err != nil:
		s.settle(ctx, id, stored, leftover)
		return nil, err
	}
	if s.OnUpdate != nil && changes != 0 {
		s.OnUpdate(context.WithoutCancel(ctx), before, after.Clone(), changes)
	}
	s.discard(ctx, unnamed(leftover, after))
	return after, nil
}

// DeleteAvatar removes the avatar of the account and returns its record. The
// description of the avatar and the header stay. Where no avatar is set, that is
// a success and nothing changes.
func (s *Service) DeleteAvatar(ctx context.Context, id string) (*Record, error) {
	return s.Update(ctx, id, Update{Avatar: Some[*Upload](nil)})
}

// DeleteHeader removes the header of the account, like [Service.DeleteAvatar].
func (s *Service) DeleteHeader(ctx context.Context, id string) (*Record, error) {
	return s.Update(ctx, id, Update{Header: Some[*Upload](nil)})
}

// putUploads judges u and stores its pictures. It returns the addresses of all that it stored, also with an error.
func (s *Service) putUploads(ctx context.Context, id string, u Update) (p Pictures, stored []string, err error) {
	avatar, header := u.Avatar.Value, u.Header.Value // nil where u, which is normalized, does not set them
	if avatar == nil && header == nil {
		return p, nil, nil
	}
	if s.Media == nil {
		return p, nil, ErrNoMedia
	}
	current, err := s.Store.Get(ctx, id)
	if err != nil {
		return p, nil, err
	}
	if err := s.Site.Limits.Validate(u, current); err != nil {
		return p, nil, err
	}
	var files []file
	for _, k := range []struct {
		kind string
		up   *Upload
		dst  *Picture
	}{{"avatar", avatar, &p.Avatar}, {"header", header, &p.Header}} {
		if k.up == nil {
			continue
		}
		still, err := s.still(k.kind, k.up.Data)
		if err != nil {
			return p, nil, err
		}
		files = append(files, file{k.kind, k.up.Data, &k.dst.URL})
		if still != nil {
			files = append(files, file{k.kind + "_static", still, &k.dst.StaticURL})
		}
	}
	for _, f := range files {
		if *f.url, err = s.put(ctx, id, f); err != nil {
			return p, stored, err
		}
		stored = append(stored, *f.url)
	}
	return p, stored, nil
}

// file is a picture to be stored, and where its address goes.
type file struct {
	kind string
	data []byte
	url  *string
}

// put stores f and returns its address.
func (s *Service) put(ctx context.Context, id string, f file) (string, error) {
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

// still returns the still frame of a picture; nil where it is its own.
func (s *Service) still(kind string, data []byte) ([]byte, error) {
	if s.Still == nil {
		return nil, nil
	}
	still, err := s.Still(data)
	switch {
	case err != nil:
		// What the reference finds in a picture that it cannot read.
		broken := &ValidationError{Findings: []Finding{{Attribute: kind, Code: "ERR_IS INVALID", Description: "is invalid"}}}
		return nil, fmt.Errorf("%w: still frame of the %s: %w", broken, kind, err)
	case len(still) == 0, bytes.Equal(still, data):
		return nil, nil
	}
	if ext, _ := pictureType(still); ext == "" {
		return nil, fmt.Errorf("masto: still frame of the %s: not a picture", kind)
	}
	return still, nil
}

// settle cleans up after a failed update that may have been stored all the same: it deletes those pictures of leftover that the
// record does not name now. stored are those of them that the update itself stored.
func (s *Service) settle(ctx context.Context, id string, stored, leftover []string) {
	if s.Media == nil || len(leftover) == 0 {
		return
	}
	reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	switch now, err := s.latest(reading, id); {
	case err == nil:
		s.discard(ctx, unnamed(leftover, now))
	case errors.Is(err, ErrNotFound):
		// What the account had before belongs to whoever removed it.
		s.discard(ctx, stored)
	default:
		for _, url := range stored {
			s.orphan(ctx, url, err)
		}
	}
}

// errLooked ends an update that only wanted to see the record.
var errLooked = errors.New("masto: only looked")

// latest returns the record as it is once whatever update of it is still under way has ended, as the one may be whose outcome is not
// known: the Store lets updates of one record pass one after the other. Where the Store cannot even start one, it is read as it is.
func (s *Service) latest(ctx context.Context, id string) (*Record, error) {
	var now *Record
	_, err := s.Store.Update(ctx, id, func(r *Record) (Changes, error) {
		now = r.Clone()
		return 0, errLooked
	})
	switch {
	case now != nil:
		return now, nil
	case errors.Is(err, ErrNotFound):
		return nil, err
	}
	return s.Store.Get(ctx, id)
}

// discard deletes the pictures at urls, also if ctx is canceled.
func (s *Service) discard(ctx context.Context, urls []string) {
	if s.Media == nil || len(urls) == 0 {
		return
	}
	deleting, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	for _, url := range urls {
		if err := s.Media.Delete(deleting, url); err != nil {
			s.orphan(ctx, url, err)
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

// unnamed returns those of urls that r does not name, each once.
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
