package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/benchmarks/compare/plain"
)

// byHand is a handler as a program without httpapi would have it, with
// encoding/json and the parser of net/http. The store and the HTML of bios and
// fields are masto's.
type byHand struct {
	site   *masto.Site
	store  *store
	tokens tokens
}

func newByHand(site *masto.Site, s *store) http.Handler {
	h := &byHand{site, s, newTokens()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/profile", h.getProfile)
	mux.HandleFunc("PATCH /api/v1/profile", h.patchProfile)
	mux.HandleFunc("GET /accounts", h.getAccounts)
	return mux
}

// answer encodes v, or answers with an error.
func answer(w http.ResponseWriter, v any, err error) {
	body, encodeErr := json.Marshal(v)
	if err := errors.Join(err, encodeErr); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, body)
}

// account returns the id of the account whose token r has.
func (h *byHand) account(r *http.Request) (string, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return "", errors.New("no token")
	}
	g, err := h.tokens.Authenticate(r.Context(), token)
	return g.AccountID, err
}

func (h *byHand) getProfile(w http.ResponseWriter, r *http.Request) {
	id, err := h.account(r)
	if err != nil {
		answer(w, nil, err)
		return
	}
	record, err := h.store.many.Get(r.Context(), id)
	if err != nil {
		answer(w, nil, err)
		return
	}
	p, err := h.profile(r, record)
	answer(w, p, err)
}

func (h *byHand) profile(r *http.Request, record *masto.Record) (*plain.Profile, error) {
	v, err := view(r.Context(), record)
	if err != nil {
		return nil, err
	}
	p := h.site.Profile(record, v)
	return plainProfile(&p), nil
}

func (h *byHand) patchProfile(w http.ResponseWriter, r *http.Request) {
	id, err := h.account(r)
	if err != nil {
		answer(w, nil, err)
		return
	}
	u, err := parseUpdate(r)
	if err != nil {
		answer(w, nil, err)
		return
	}
	var pictures masto.Pictures
	if up := u.Avatar.Value; up != nil {
		key := masto.MediaKey{AccountID: id, Kind: masto.KindAvatar, Ext: "png"}
		if pictures.Avatar.URL, err = h.store.media.Put(r.Context(), key, "image/png", up.Data); err != nil {
			answer(w, nil, err)
			return
		}
	}
	var replaced string
	record, err := h.store.many.Update(r.Context(), id, func(record *masto.Record) (masto.Changes, error) {
		replaced = record.Profile.Avatar
		return record.Apply(u, pictures), nil
	})
	if err != nil {
		answer(w, nil, err)
		return
	}
	if u.Avatar.Set {
		err = h.store.media.Delete(r.Context(), replaced)
	}
	p, viewErr := h.profile(r, record)
	answer(w, p, errors.Join(err, viewErr))
}

// parseUpdate reads the parameters that this program sends.
func parseUpdate(r *http.Request) (masto.Update, error) {
	var u masto.Update
	if err := r.ParseMultipartForm(32 << 20); err != nil {
		return u, err
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // There are none.
	u.DisplayName = masto.Some(r.FormValue("display_name"))
	u.Note = masto.Some(strings.TrimSpace(r.FormValue("note")))
	u.Locked = masto.Some(r.FormValue("locked") == "true")
	u.Bot = masto.Some(r.FormValue("bot") == "true")
	var fields []masto.Field
	for i := range 4 {
		row := "fields_attributes[" + strconv.Itoa(i) + "]"
		fields = append(fields, masto.Field{Name: r.FormValue(row + "[name]"), Value: r.FormValue(row + "[value]")})
	}
	u.Fields = masto.Some(fields)
	file, header, err := r.FormFile("avatar")
	if errors.Is(err, http.ErrMissingFile) {
		return u, nil
	} else if err != nil {
		return u, err
	}
	data, err := io.ReadAll(file)
	u.Avatar = masto.Some(&masto.Upload{Filename: header.Filename, Data: data})
	return u, errors.Join(err, file.Close())
}

func (h *byHand) getAccounts(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	found, err := h.store.many.GetMany(r.Context(), ids...)
	if err != nil {
		answer(w, nil, err)
		return
	}
	v, err := view(r.Context())
	page := make([]*plain.Account, 0, len(ids))
	for _, id := range ids {
		record := found[id]
		if record == nil {
			err = errors.Join(err, fmt.Errorf("no account %s", id))
			break
		}
		a := h.site.Account(record, v)
		page = append(page, plainAccount(&a))
	}
	answer(w, page, err)
}

func plainProfile(p *masto.Profile) *plain.Profile {
	return &plain.Profile{
		ID:                 p.ID,
		DisplayName:        p.DisplayName,
		Note:               p.Note,
		Fields:             plainFields(p.Fields),
		FormattedNote:      p.FormattedNote,
		FormattedFields:    plainFields(p.FormattedFields),
		Avatar:             nullable(p.Avatar),
		AvatarStatic:       nullable(p.AvatarStatic),
		AvatarDescription:  p.AvatarDescription,
		Header:             nullable(p.Header),
		HeaderStatic:       nullable(p.HeaderStatic),
		HeaderDescription:  p.HeaderDescription,
		Locked:             p.Locked,
		Bot:                p.Bot,
		HideCollections:    p.HideCollections,
		Discoverable:       p.Discoverable,
		Indexable:          p.Indexable,
		ShowMedia:          p.ShowMedia,
		ShowMediaReplies:   p.ShowMediaReplies,
		ShowFeatured:       p.ShowFeatured,
		AttributionDomains: p.AttributionDomains,
		FeaturedTags:       []plain.FeaturedTag{}, // The samples have none.
	}
}

func plainAccount(a *masto.Account) *plain.Account {
	p := &plain.Account{
		ID:                a.ID,
		Username:          a.Username,
		Acct:              a.Acct,
		DisplayName:       a.DisplayName,
		Locked:            a.Locked,
		Bot:               a.Bot,
		Discoverable:      a.Discoverable,
		Indexable:         a.Indexable,
		Group:             a.Group,
		CreatedAt:         a.CreatedAt,
		Note:              a.Note,
		URL:               nullable(a.URL),
		URI:               a.URI,
		Avatar:            a.Avatar,
		AvatarStatic:      a.AvatarStatic,
		AvatarDescription: a.AvatarDescription,
		Header:            a.Header,
		HeaderStatic:      a.HeaderStatic,
		HeaderDescription: a.HeaderDescription,
		FollowersCount:    a.FollowersCount,
		FollowingCount:    a.FollowingCount,
		StatusesCount:     a.StatusesCount,
		LastStatusAt:      nullable(a.LastStatusAt.Format(time.DateOnly)),
		HideCollections:   a.HideCollections,
		ShowMedia:         a.ShowMedia,
		ShowMediaReplies:  a.ShowMediaReplies,
		ShowFeatured:      a.ShowFeatured,
		FeatureApproval:   (*plain.FeatureApproval)(nil),
		Emojis:            make([]plain.CustomEmoji, len(a.Emojis)),
		Roles:             []plain.AccountRole{}, // The samples have none.
		Fields:            plainFields(a.Fields),
	}
	if f := a.FeatureApproval; f != nil {
		p.FeatureApproval = &plain.FeatureApproval{Automatic: f.Automatic, Manual: f.Manual, CurrentUser: f.CurrentUser}
	}
	for i, e := range a.Emojis {
		p.Emojis[i] = plain.CustomEmoji{
			Shortcode:       e.Shortcode,
			URL:             e.URL,
			StaticURL:       e.StaticURL,
			VisibleInPicker: e.VisibleInPicker,
			Category:        e.Category,
		}
	}
	return p
}

func plainFields(fields []masto.Field) []plain.Field {
	list := make([]plain.Field, len(fields))
	for i, f := range fields {
		list[i] = plain.Field{Name: f.Name, Value: f.Value}
		if !f.VerifiedAt.IsZero() {
			list[i].VerifiedAt = &f.VerifiedAt
		}
	}
	return list
}

// nullable returns nil for "".
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
