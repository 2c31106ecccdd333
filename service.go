package masto

import (
	"context"
	"errors"
	"maps"
	"slices"
)

// ErrNoMedia is the error of [Service.Update] for an update with a picture if the
// Service has no MediaStore. Compare with errors.Is.
var ErrNoMedia = errors.New("masto: no MediaStore to keep pictures in")

// Service puts a [Site], a [Store] and a [MediaStore] together: it gets an
// account, updates it, and removes its pictures. Site and Store must be set; the
// zero value of the rest means to do without. It is not modified after its first
// use, and safe for concurrent use. Authorization is the caller's job.
//
// All methods return the errors of the Store as they are, such as one matching
// [ErrNotFound] for an account that is not there.
type Service struct {
	Site  *Site
	Store Store
	// Media keeps the pictures. nil: an update with one is refused with
	// [ErrNoMedia], and a picture that is removed is only forgotten.
	Media MediaStore
	// View loads what rendering needs besides the records, for all of them at once:
	// mentions and emojis (see [View]). It gets the target of a move as a record of
	// its own. nil: the zero View.
	View func(ctx context.Context, records ...*Record) (View, error)
	// Still returns a still frame of a picture as a file of one of the types that
	// uploads may have, or nothing where the picture does not move. Its error means
	// that the picture is broken, or larger than the server wants to decode, and is
	// answered with a [*ValidationError]. nil: no still frames, an animated picture
	// is its own, and pictures are not decoded: a truncated one, or one of 100,000
	// by 100,000 pixels, is stored and served.
	Still func(data []byte) ([]byte, error)
	// OnUpdate is called after every successful update that changed something or
	// left a field to be verified: c says what. Where c is only NeedsVerification
	// the record is as it was. Its ctx has the values of the caller's and is never
	// canceled. Both records are copies. nil: not called.
	OnUpdate func(ctx context.Context, before, after *Record, c Changes)
	// OnOrphan is called for a stored picture that no record needs and that is still
	// there: deleting it failed with err, or, after an update that may or may not
	// have been stored, asking the record failed. nil: such pictures stay behind
	// without notice.
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

// Accounts returns the accounts of a page, in the order of ids, as anybody sees
// them. It leaves out those that are not there, so that a deleted account does
// not fail the page. The Store is asked once if it is a [ManyGetter], and View is
// called once for all, the targets of moves included.
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

// getMany returns the records of ids that are there, by id.
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

// load reads a record and what rendering it needs.
func (s *Service) load(ctx context.Context, id string) (*Record, View, error) {
	r, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, View{}, err
	}
	v, err := s.view(ctx, r)
	return r, v, err
}

// view returns what rendering the records and the targets of their moves needs.
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
// u is normalized, and judged by the Site's Limits against the record as it is at
// that moment: a [*ValidationError] says what is wrong with it. A text that is
// not UTF-8 without NUL is refused before, with an error matching [ErrMalformed]:
// a database such as PostgreSQL cannot keep it, and nothing shows it.
//
// Pictures are stored before the record names them, and deleted again if the
// update is refused or fails. The ones that they replaced are deleted after it
// was stored, but for those that the record still names; that this fails is not
// an error of the update (see OnOrphan).
//
// An error of the Store that came after u was applied, such as a connection lost
// while committing, leaves open whether the update was stored. It is returned,
// and the record is read again, also if ctx is canceled, to delete the pictures
// that it does not name.
func (s *Service) Update(ctx context.Context, id string, u Update) (*Record, error) {
	u = u.Normalized()
	if err := u.checkTexts(); err != nil {
		return nil, err
	}
	files := &pictureFiles{service: s, id: id}
	defer files.cleanUp(ctx) // a panic of OnUpdate must not leave pictures behind
	if err := files.put(ctx, u); err != nil {
		return nil, err
	}
	before, after, changes, err := s.store(ctx, id, u, files)
	if err != nil {
		return nil, err
	}
	if changes != 0 && s.OnUpdate != nil {
		s.OnUpdate(context.WithoutCancel(ctx), before, after.Clone(), changes)
	}
	return after, nil
}

// store judges u, which is normalized, and stores what it changes.
func (s *Service) store(
	ctx context.Context, id string, u Update, files *pictureFiles,
) (before, after *Record, c Changes, err error) {
	after, err = s.Store.Update(ctx, id, func(r *Record) (Changes, error) {
		// Again, as the record may be another one than the uploads were judged against.
		if err := s.Site.Limits.validate(u, r); err != nil {
			return 0, err
		}
		before = r.Clone()
		c = r.apply(u, files.pictures)
		files.applied(before, r)
		return c, nil
	})
	if err != nil {
		return nil, nil, 0, err
	}
	files.committed(after)
	return before, after, c, nil
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
