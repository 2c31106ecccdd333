// Package httpapi serves the profile methods of the Mastodon REST API on net/http:
//
//	GET    /api/v1/profile                       Profile
//	PATCH  /api/v1/profile                       Profile
//	DELETE /api/v1/profile/avatar                CredentialAccount
//	DELETE /api/v1/profile/header                CredentialAccount
//	GET    /api/v1/accounts/verify_credentials   CredentialAccount
//	PATCH  /api/v1/accounts/update_credentials   CredentialAccount
//
// [API.Handler] is a handler of all of them; each is exported too, for a router of one's own. What a request may do is the
// [Authenticator]'s to know, everything else is in [masto.Service]: there is nothing but HTTP in here. Rate limits, compression and
// request logs are for the handlers around this one.
//
// # Answers
//
// Answers are JSON, errors too: {"error":"…"}, with "details" where the values were refused.
//
//	400  the body is malformed, is not UTF-8, or has too many parts
//	401  there is no token, or an unknown one
//	403  the token's scopes do not allow it, or the user is disabled
//	404  the account is not there
//	405  wrong method; Allow has the right ones
//	408  the body took too long to arrive
//	413  the body is too large
//	415  the body has a type that is not understood
//	422  the token has no user, or the values are refused
//	500  something failed here; it is logged and not told
//	503  the answer took too long
//
// After any of them nothing is changed, but for a 500 or 503 where the store itself cannot tell (see [masto.Service.Update]).
package httpapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// The limits of a request where [Limits] has 0.
const (
	// DefaultBody is 25 MiB: two pictures of 8 MiB, also as data URIs, and the texts. It is what [masto.DecodeUpdate] reads at most.
	DefaultBody = 25 << 20
	// DefaultTime is a minute.
	DefaultTime = time.Minute
)

// Limits bound what a request may cost. The zero Limits are the default ones. How many parts a body may have, and how large a
// picture and the texts may be, follows from [masto.Limits] and [masto.SpareParts]: see [masto.DecodeUpdate].
type Limits struct {
	// Body is the size of a body in bytes that is not exceeded; 0: [DefaultBody]. A server that allows larger pictures raises it too.
	Body int64
	// Time is how long a request may take, its body included; 0: [DefaultTime]. A body that does not arrive is interrupted if the
	// http.ResponseWriter can set deadlines, as those of net/http can, and wrappers of them that have an Unwrap method.
	Time time.Duration
}

// API has the methods. Service and Auth must be set. It is not modified after its first use, and safe for concurrent use.
type API struct {
	Service *masto.Service
	Auth    Authenticator
	Limits  Limits
	// Log gets the errors that a client is not told; nil: slog.Default().
	Log *slog.Logger
}

// Handler serves all methods at their paths, and answers 404 to any other path.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v1/profile", func(w http.ResponseWriter, r *http.Request) {
		a.serve(w, r, methods{http.MethodGet: {readScopes, a.profile}, http.MethodPatch: changing(a.update, a.profile)})
	})
	mux.HandleFunc("/api/v1/profile/avatar", a.DeleteAvatar)
	mux.HandleFunc("/api/v1/profile/header", a.DeleteHeader)
	mux.HandleFunc("/api/v1/accounts/verify_credentials", a.VerifyCredentials)
	mux.HandleFunc("/api/v1/accounts/update_credentials", a.UpdateCredentials)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		allowAnyOrigin(w.Header())
		a.WriteError(w, r, masto.ErrNotFound)
	})
	return mux
}

// GetProfile answers GET (and HEAD) /api/v1/profile with the Profile. Like every method here it does not look at the path,
// answers preflight requests, and answers other methods with 405.
func (a *API) GetProfile(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, methods{http.MethodGet: {readScopes, a.profile}})
}

// UpdateProfile answers PATCH /api/v1/profile with the updated Profile.
func (a *API) UpdateProfile(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, methods{http.MethodPatch: changing(a.update, a.profile)})
}

// DeleteAvatar answers DELETE /api/v1/profile/avatar with the CredentialAccount, also where no avatar is set.
func (a *API) DeleteAvatar(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, methods{http.MethodDelete: changing(a.deleteAvatar, a.credentialAccount)})
}

// DeleteHeader answers DELETE /api/v1/profile/header with the CredentialAccount, also where no header is set.
func (a *API) DeleteHeader(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, methods{http.MethodDelete: changing(a.deleteHeader, a.credentialAccount)})
}

// VerifyCredentials answers GET (and HEAD) /api/v1/accounts/verify_credentials with the CredentialAccount.
func (a *API) VerifyCredentials(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, methods{http.MethodGet: {readScopes, a.credentialAccount}})
}

// UpdateCredentials answers PATCH /api/v1/accounts/update_credentials with the updated CredentialAccount.
func (a *API) UpdateCredentials(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, methods{http.MethodPatch: changing(a.update, a.credentialAccount)})
}

func (a *API) profile(r *http.Request, id string) (entity, error) {
	p, err := a.Service.Profile(r.Context(), id)
	return &p, err
}

func (a *API) credentialAccount(r *http.Request, id string) (entity, error) {
	c, err := a.Service.CredentialAccount(r.Context(), id)
	return &c, err
}

func (a *API) deleteAvatar(r *http.Request, id string) error {
	_, err := a.Service.DeleteAvatar(r.Context(), id)
	return err
}

func (a *API) deleteHeader(r *http.Request, id string) error {
	_, err := a.Service.DeleteHeader(r.Context(), id)
	return err
}

// update changes the profile as the body and the query of r say.
func (a *API) update(r *http.Request, id string) error {
	u, err := masto.DecodeUpdate(r.Header.Get("Content-Type"), r.URL.RawQuery, r.Body, a.Service.Site.Limits)
	if err != nil {
		return err
	}
	_, err = a.Service.Update(r.Context(), id, u)
	return err
}

// entity is what is answered.
type entity interface{ AppendJSON(dst []byte) []byte }

// methods are what a path answers, by HTTP method.
type methods map[string]method

// method is one of the API: one of the scopes is needed, and do answers for the account of that id.
type method struct {
	scopes []string
	do     func(r *http.Request, id string) (entity, error)
}

// changing is a method that does something and answers what there is then.
func changing(do func(r *http.Request, id string) error, answer func(r *http.Request, id string) (entity, error)) method {
	return method{writeScopes, func(r *http.Request, id string) (entity, error) {
		if err := do(r, id); err != nil {
			return nil, err
		}
		return answer(r, id)
	}}
}

// allow returns the value of an Allow header.
func (m methods) allow() string {
	names := append(slices.Collect(maps.Keys(m)), http.MethodOptions)
	if _, ok := m[http.MethodGet]; ok {
		names = append(names, http.MethodHead)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// serve answers r, within the limits, by the one of m that it asks for.
func (a *API) serve(w http.ResponseWriter, r *http.Request, m methods) {
	limit := a.Limits.Time
	if limit == 0 {
		limit = DefaultTime
	}
	end := time.Now().Add(limit)
	ctx, cancel := context.WithDeadline(r.Context(), end)
	defer cancel()
	r = r.WithContext(ctx)
	b := a.limitBody(w, r, end)

	allowAnyOrigin(w.Header())
	name := r.Method
	if name == http.MethodHead {
		name = http.MethodGet // net/http leaves the body out
	}
	chosen, ok := m[name]
	if !ok {
		answerOther(w, r, m.allow())
		return
	}
	result, err := a.call(r, chosen)
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, result.AppendJSON(nil))
	case b.stopped != nil:
		a.WriteError(w, r, b.stopped)
	default:
		a.WriteError(w, r, err)
	}
}

// answerOther answers OPTIONS, and refuses any other method that is not among those that Allow shall have.
func answerOther(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	if r.Method == http.MethodOptions {
		answerPreflight(w, r, allow)
		return
	}
	writeRefusal(w, errMethod)
}

// call lets m answer r, if its token allows that.
func (a *API) call(r *http.Request, m method) (entity, error) {
	id, err := a.authorize(r, m.scopes)
	if err != nil {
		return nil, err
	}
	return m.do(r, id)
}

// writeJSON answers with a body that nobody may keep.
func writeJSON(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone: there is nobody to tell
}
