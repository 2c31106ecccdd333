// Package httpapi serves the profile methods of the Mastodon REST API on
// net/http. Each method needs one of the scopes beside it:
//
//	GET         /api/v1/profile                      profile, read or read:accounts
//	PATCH, PUT  /api/v1/profile                      write or write:accounts
//	DELETE      /api/v1/profile/avatar               write or write:accounts
//	DELETE      /api/v1/profile/header               write or write:accounts
//	GET         /api/v1/accounts/verify_credentials  profile, read or read:accounts
//	PATCH       /api/v1/accounts/update_credentials  write or write:accounts
//
// GET, PATCH and PUT of /api/v1/profile answer with the Profile, the others
// with the CredentialAccount. PUT does what PATCH does: several clients send
// it. Where GET is answered, HEAD is too.
//
// [API.Handler] is a handler of all of them for a server that has no other
// methods beside them; [API.Register] adds them to a ServeMux that has; each is
// exported too, for another router. [API.Authorized], [ReadOnly], [CORS] and
// [API.WriteError] are for the methods that a server has besides.
//
// What a request may do is the [Authenticator]'s to know, everything else is in
// [masto.Service]: there is nothing but HTTP in here. Rate limits, compression
// and request logs are for the handlers around this one.
//
// # Answers
//
// Answers are JSON, errors too: {"error":"…"}, with "details" where the values
// were refused.
//
//	400  the body is malformed, is not UTF-8, has too many parts or broke off
//	401  there is no token, or an unknown one
//	403  the token's scopes do not allow it, or the user is disabled
//	404  the account is not there
//	405  wrong method; Allow has the right ones
//	408  the body took too long to arrive
//	413  the body is too large
//	415  the body has a type that is not understood
//	422  the token has no user, or the values are refused
//	500  something failed here; the log says what, the answer does not
//	503  the store is busy or took too long; Retry-After has the seconds to wait
//
// After any of them nothing is changed, but for a 500 or 503 where the store
// itself cannot tell (see [masto.Service.Update]).
package httpapi

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// The limits of a request where those of the [API] are 0.
const (
	// DefaultBody is 25 MiB, which is the [masto.Limits.MaxBody] of the default
	// limits.
	DefaultBody = 25 << 20
	// DefaultTime is a minute.
	DefaultTime = time.Minute
)

// API has the methods. Service and Auth must be set, or they panic. It is not
// modified after its first use, and safe for concurrent use.
type API struct {
	Service *masto.Service
	Auth    Authenticator
	// MaxBody is the largest body in bytes that is read; 0 is what the limits
	// of the Service's Site need ([masto.Limits.MaxBody]; [DefaultBody] by
	// default), and a negative one sets no limit. How many parts a body may
	// have, and how large a picture and the texts may be, follows from
	// [masto.Limits]: see [masto.DecodeUpdate].
	MaxBody int64
	// Timeout is how long a request may take, its body included; 0 is
	// [DefaultTime], a negative one sets no limit. A body that does not arrive
	// is interrupted if the http.ResponseWriter can set deadlines, as those of
	// net/http can, and wrappers of them that have an Unwrap method.
	Timeout time.Duration
	// Log gets the errors that a client is not told; nil is slog.Default().
	// Errors of the server are logged as errors, a store that was too slow as a
	// warning, and a client that broke off at the debug level; so are
	// parameters whose shape is one that they cannot have.
	Log *slog.Logger
}

// endpoint is a path and what is answered there.
type endpoint struct {
	path    string
	methods methods
}

// endpoints are all paths of the API.
func (a *API) endpoints() []endpoint {
	return []endpoint{
		{"/api/v1/profile", slices.Concat(a.getProfile(), a.updateProfile())},
		{"/api/v1/profile/avatar", a.removeAvatar()},
		{"/api/v1/profile/header", a.removeHeader()},
		{"/api/v1/accounts/verify_credentials", a.verifyCredentials()},
		{"/api/v1/accounts/update_credentials", a.updateCredentials()},
	}
}

// Handler serves all methods at their paths, and answers 404 to any other path.
// It is for a server, or a ServeMux, without other patterns for these paths:
// beside one like /api/v1/accounts/{id}, which would take what is meant for
// verify_credentials, use [API.Register].
func (a *API) Handler() http.Handler {
	a.check()
	mux := http.NewServeMux()
	for _, e := range a.endpoints() {
		mux.Handle(e.path, a.handler(e.methods))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		allowAnyOrigin(w.Header())
		a.WriteError(w, r, masto.ErrNotFound)
	})
	return mux
}

// Register adds all methods to mux, each by a pattern with its method and path,
// HEAD and OPTIONS among them. Wider patterns of the server's own, such as
// /api/v1/accounts/{id} with or without GET, may be registered before or after
// and get everything else. Where there are none, a wrong method is answered
// with the mux's own 405, which is plain text and no JSON.
func (a *API) Register(mux *http.ServeMux) {
	a.check()
	for _, e := range a.endpoints() {
		h := a.handler(e.methods)
		for _, name := range e.methods.allowed() {
			mux.Handle(name+" "+e.path, h)
		}
	}
}

// GetProfile answers GET (and HEAD) /api/v1/profile with the Profile. Like
// every method here it does not look at the path, answers preflight requests,
// and answers other methods with 405.
func (a *API) GetProfile(w http.ResponseWriter, r *http.Request) { a.serve(w, r, a.getProfile()) }

// UpdateProfile answers PATCH and PUT /api/v1/profile with the updated Profile.
func (a *API) UpdateProfile(w http.ResponseWriter, r *http.Request) { a.serve(w, r, a.updateProfile()) }

// DeleteAvatar answers DELETE /api/v1/profile/avatar with the
// CredentialAccount, also where no avatar is set.
func (a *API) DeleteAvatar(w http.ResponseWriter, r *http.Request) { a.serve(w, r, a.removeAvatar()) }

// DeleteHeader answers DELETE /api/v1/profile/header with the
// CredentialAccount, also where no header is set.
func (a *API) DeleteHeader(w http.ResponseWriter, r *http.Request) { a.serve(w, r, a.removeHeader()) }

// VerifyCredentials answers GET (and HEAD) /api/v1/accounts/verify_credentials
// with the CredentialAccount.
func (a *API) VerifyCredentials(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, a.verifyCredentials())
}

// UpdateCredentials answers PATCH /api/v1/accounts/update_credentials with the
// updated CredentialAccount.
func (a *API) UpdateCredentials(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, a.updateCredentials())
}

func (a *API) getProfile() methods {
	return methods{{http.MethodGet, readScopes, a.profile}}
}

func (a *API) updateProfile() methods {
	update := after(a.update, a.profile)
	return methods{{http.MethodPatch, writeScopes, update}, {http.MethodPut, writeScopes, update}}
}

func (a *API) removeAvatar() methods {
	return methods{{http.MethodDelete, writeScopes, after(a.deleteAvatar, a.credentialAccount)}}
}

func (a *API) removeHeader() methods {
	return methods{{http.MethodDelete, writeScopes, after(a.deleteHeader, a.credentialAccount)}}
}

func (a *API) verifyCredentials() methods {
	return methods{{http.MethodGet, readScopes, a.credentialAccount}}
}

func (a *API) updateCredentials() methods {
	return methods{{http.MethodPatch, writeScopes, after(a.update, a.credentialAccount)}}
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
	if len(u.Dropped) > 0 {
		a.logger().DebugContext(r.Context(), "parameters of the wrong shape were left out",
			"method", r.Method, "path", r.URL.Path, "parameters", u.Dropped)
	}
	_, err = a.Service.Update(r.Context(), id, u)
	return err
}

// entity is what is answered.
type entity interface{ AppendJSON(dst []byte) []byte }

// answer returns what is to be sent to the account with that id.
type answer func(r *http.Request, id string) (entity, error)

// after returns an answer that changes something and then tells what is there.
func after(change func(r *http.Request, id string) error, then answer) answer {
	return func(r *http.Request, id string) (entity, error) {
		if err := change(r, id); err != nil {
			return nil, err
		}
		return then(r, id)
	}
}

// methods are the HTTP methods that are answered at one path.
type methods []method

// method is one of them: a token needs one of the scopes.
type method struct {
	name   string
	scopes []string
	answer answer
}

// find returns the method that answers requests of that name. HEAD is answered
// as GET: net/http leaves the body out.
func (m methods) find(name string) (method, bool) {
	if name == http.MethodHead {
		name = http.MethodGet
	}
	i := slices.IndexFunc(m, func(one method) bool { return one.name == name })
	if i < 0 {
		return method{}, false
	}
	return m[i], true
}

// allowed returns the names of all methods that are answered, sorted.
func (m methods) allowed() []string {
	names := []string{http.MethodOptions}
	for _, one := range m {
		names = append(names, one.name)
		if one.name == http.MethodGet {
			names = append(names, http.MethodHead)
		}
	}
	slices.Sort(names)
	return names
}

// check panics where something is missing that every method needs.
func (a *API) check() {
	switch {
	case a.Service == nil:
		panic("httpapi: API.Service is not set")
	case a.Auth == nil:
		panic("httpapi: API.Auth is not set")
	}
}

// handler serves m.
func (a *API) handler(m methods) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.serve(w, r, m) })
}

// serve answers r, within the limits, by the one of m that it asks for.
func (a *API) serve(w http.ResponseWriter, r *http.Request, m methods) {
	a.check()
	r, cancel := a.bound(w, r)
	defer cancel()
	allowAnyOrigin(w.Header())
	chosen, ok := m.find(r.Method)
	if !ok {
		answerOther(w, r, strings.Join(m.allowed(), ", "))
		return
	}
	result, err := a.call(r, chosen)
	if err != nil {
		a.WriteError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, result.AppendJSON(nil))
}

// answerOther answers OPTIONS, and refuses any other method. Allow gets the
// names in allow.
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
	g, err := a.authorize(r, m.scopes)
	if err != nil {
		return nil, err
	}
	return m.answer(r, g.AccountID)
}

// bound returns r with the limits of the API: a context that ends in time, and
// a body that is neither too large nor too slow.
func (a *API) bound(w http.ResponseWriter, r *http.Request) (*http.Request, context.CancelFunc) {
	ctx, cancel := r.Context(), context.CancelFunc(func() {})
	var end time.Time // zero: there is none
	if limit := cmp.Or(a.Timeout, DefaultTime); limit > 0 {
		end = time.Now().Add(limit)
		ctx, cancel = context.WithDeadline(ctx, end)
	}
	r = r.WithContext(ctx)
	r.Body = a.limitBody(w, r, end)
	return r, cancel
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
