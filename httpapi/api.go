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
// [API.Handler] serves all of them for a server that has no other methods, and
// [API.Register] adds them to a ServeMux that has others. Each is also exported
// by itself, for another router. [API.Authorized], [ReadOnly], [CORS] and
// [API.WriteError] are for a server's other API methods.
//
// The [Authenticator] says what a request may do, and [masto.Service] does it:
// this package has nothing but HTTP. Rate limits, compression and request logs
// belong in handlers around it.
//
// # Answers
//
// Answers are JSON, errors too: {"error":"…"}, with "details" where the values
// were refused.
//
//	400  the body is malformed, is not UTF-8, has too many parts or broke off
//	401  there is no token, or an unknown one
//	403  the token's scopes do not allow it, or the user is disabled
//	404  there is no such account
//	405  the method is wrong; Allow has the right ones
//	408  the body took too long to arrive
//	413  the body is too large
//	415  the body has a type that is not understood
//	422  the token has no user, or the values are refused
//	500  something failed here; the log says what, the answer does not
//	503  the store is busy or took too long; Retry-After has the seconds to wait
//
// None of them changes anything, except that after a 500 or 503 the store
// itself may not know whether it did (see [masto.Service.Update]).
package httpapi

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
)

// The limits of a request for an [API] whose own are 0.
const (
	// DefaultBody is 25 MiB, which is the [masto.Limits.MaxBody] of the default
	// limits.
	DefaultBody = 25 << 20
	// DefaultTime is a minute.
	DefaultTime = time.Minute
)

// API has the methods. They panic unless Service and Auth are set. It is not
// modified after its first use, and safe for concurrent use.
type API struct {
	Service *masto.Service
	Auth    Authenticator
	// MaxBody is the size in bytes of the largest body that is read; 0 stands
	// for what the limits of the Service's Site need ([masto.Limits.MaxBody];
	// [DefaultBody] by default), and a negative number for no limit. How many
	// parts a body may have, and how large its pictures and texts may be,
	// follows from [masto.Limits]: see [masto.DecodeUpdate].
	MaxBody int64
	// Timeout is how long a request may take, its body included; 0 stands for
	// [DefaultTime], and a negative number for no limit. A body that does not
	// arrive is interrupted if the http.ResponseWriter can set deadlines, as
	// those of net/http can, and wrappers of them with an Unwrap method.
	Timeout time.Duration
	// Log gets what a client is not told; nil stands for slog.Default(). Errors
	// of the server are logged as errors, a store that was too slow as a
	// warning, and at the debug level clients that broke off and parameters of
	// the wrong shape.
	Log *slog.Logger
}

// endpoint is a path and what is answered there.
type endpoint struct {
	path    string
	methods methods
}

// endpoints are all paths of the API.
var endpoints = []endpoint{
	{"/api/v1/profile", slices.Concat(getProfile, updateProfile)},
	{"/api/v1/profile/avatar", deleteAvatar},
	{"/api/v1/profile/header", deleteHeader},
	{"/api/v1/accounts/verify_credentials", verifyCredentials},
	{"/api/v1/accounts/update_credentials", updateCredentials},
}

// Handler serves all methods at their paths, and answers 404 to any other path.
// It is for a server, or a ServeMux, without other patterns for these paths.
// Beside one such as /api/v1/accounts/{id}, which would match what is meant for
// verify_credentials, use [API.Register].
func (a *API) Handler() http.Handler {
	a.check()
	mux := http.NewServeMux()
	for _, e := range endpoints {
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
// /api/v1/accounts/{id} with or without GET, may be registered before or after,
// and get everything else. If there are none, mux answers a wrong method with
// its own 405, which is plain text and not JSON.
func (a *API) Register(mux *http.ServeMux) {
	a.check()
	for _, e := range endpoints {
		h := a.handler(e.methods)
		for _, name := range e.methods.allowed() {
			mux.Handle(name+" "+e.path, h)
		}
	}
}

// GetProfile answers GET (and HEAD) /api/v1/profile with the Profile. Like
// every handler here it ignores the path, answers preflight requests, and
// answers other methods with 405.
func (a *API) GetProfile(w http.ResponseWriter, r *http.Request) { a.serve(w, r, getProfile) }

// UpdateProfile answers PATCH and PUT /api/v1/profile with the updated Profile.
func (a *API) UpdateProfile(w http.ResponseWriter, r *http.Request) { a.serve(w, r, updateProfile) }

// DeleteAvatar answers DELETE /api/v1/profile/avatar with the
// CredentialAccount, even if no avatar is set.
func (a *API) DeleteAvatar(w http.ResponseWriter, r *http.Request) { a.serve(w, r, deleteAvatar) }

// DeleteHeader answers DELETE /api/v1/profile/header with the
// CredentialAccount, even if no header is set.
func (a *API) DeleteHeader(w http.ResponseWriter, r *http.Request) { a.serve(w, r, deleteHeader) }

// VerifyCredentials answers GET (and HEAD) /api/v1/accounts/verify_credentials
// with the CredentialAccount.
func (a *API) VerifyCredentials(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, verifyCredentials)
}

// UpdateCredentials answers PATCH /api/v1/accounts/update_credentials with the
// updated CredentialAccount.
func (a *API) UpdateCredentials(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, updateCredentials)
}

// methods are the HTTP methods that are answered at one path.
type methods []method

// method is one of them. A token needs one of its scopes.
type method struct {
	name   string
	scopes []string
	// record returns the record of the account with that id, which it may
	// change first.
	record func(a *API, r *http.Request, id string) (*masto.Record, error)
	// entity appends the entity that is answered for the record.
	entity func(s *masto.Service, ctx context.Context, dst []byte, r *masto.Record) ([]byte, error)
}

var (
	profile           = (*masto.Service).AppendProfile
	credentialAccount = (*masto.Service).AppendCredentialAccount

	getProfile    = methods{{http.MethodGet, readScopes, (*API).get, profile}}
	updateProfile = methods{
		{http.MethodPatch, writeScopes, (*API).update, profile},
		{http.MethodPut, writeScopes, (*API).update, profile},
	}
	deleteAvatar      = methods{{http.MethodDelete, writeScopes, (*API).deleteAvatar, credentialAccount}}
	deleteHeader      = methods{{http.MethodDelete, writeScopes, (*API).deleteHeader, credentialAccount}}
	verifyCredentials = methods{{http.MethodGet, readScopes, (*API).get, credentialAccount}}
	updateCredentials = methods{{http.MethodPatch, writeScopes, (*API).update, credentialAccount}}
)

func (a *API) get(r *http.Request, id string) (*masto.Record, error) {
	return a.Service.Store.Get(r.Context(), id)
}

func (a *API) deleteAvatar(r *http.Request, id string) (*masto.Record, error) {
	return a.Service.DeleteAvatar(r.Context(), id)
}

func (a *API) deleteHeader(r *http.Request, id string) (*masto.Record, error) {
	return a.Service.DeleteHeader(r.Context(), id)
}

// update changes the profile as the body and the query of r say.
func (a *API) update(r *http.Request, id string) (*masto.Record, error) {
	u, err := masto.DecodeUpdate(r.Header.Get("Content-Type"), r.URL.RawQuery, r.Body, a.Service.Site.Limits)
	if err != nil {
		return nil, err
	}
	if len(u.Dropped) > 0 {
		a.logger().DebugContext(r.Context(), "parameters of the wrong shape were left out",
			"method", r.Method, "path", r.URL.Path, "parameters", u.Dropped)
	}
	return a.Service.Update(r.Context(), id, u)
}

// find returns the method with that name. HEAD is answered as GET: net/http
// leaves the body out.
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

// check panics if something is missing that every method needs.
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

// serve answers r, within the limits, with the one of m that it asks for.
func (a *API) serve(w http.ResponseWriter, r *http.Request, m methods) {
	a.check()
	r, stop := a.bound(w, r)
	defer stop()
	allowAnyOrigin(w.Header())
	chosen, ok := m.find(r.Method)
	if !ok {
		answerOther(w, r, strings.Join(m.allowed(), ", "))
		return
	}
	buf := buffers.Get().(*[]byte) //nolint:errcheck // the pool has nothing else
	defer buffers.Put(buf)
	body, err := a.call(r, chosen, (*buf)[:0])
	if err != nil {
		a.WriteError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, body)
	if cap(body) <= maxBuffer {
		*buf = body
	}
}

// buffers has the buffers in which answers are made. One that has grown beyond
// maxBuffer bytes, for an account of extraordinary size, is not used again.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

const maxBuffer = 64 << 10

// answerOther answers OPTIONS and refuses any other method. allow is the Allow
// header.
func answerOther(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	if r.Method == http.MethodOptions {
		answerPreflight(w, r, allow)
		return
	}
	writeRefusal(w, errMethod)
}

// call appends what m answers to r, if the token of r allows that.
func (a *API) call(r *http.Request, m method, dst []byte) ([]byte, error) {
	g, err := a.authorize(r, m.scopes)
	if err != nil {
		return nil, err
	}
	record, err := m.record(a, r, g.AccountID)
	if err != nil {
		return nil, err
	}
	return m.entity(a.Service, r.Context(), dst, record)
}

// bound returns r with the limits of the API: a context that ends in time, and
// a body that is neither too large nor too slow. Call stop after the answer.
func (a *API) bound(w http.ResponseWriter, r *http.Request) (bounded *http.Request, stop func()) {
	limit := cmp.Or(a.Timeout, DefaultTime)
	if limit < 0 {
		r = r.WithContext(r.Context()) // a copy
		r.Body = a.limitBody(w, r, time.Time{})
		return r, func() {}
	}
	d := &deadline{Context: r.Context(), end: time.Now().Add(limit)}
	r = r.WithContext(d)
	r.Body = a.limitBody(w, r, d.end)
	return r, d.stop
}

// writeJSON answers with a body that no cache may store.
func writeJSON(w http.ResponseWriter, status int, body []byte) {
	setHeaders(w.Header(),
		"Content-Type", "application/json; charset=utf-8",
		"Content-Length", strconv.Itoa(len(body)),
		"Cache-Control", "private, no-store",
		"X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error means that the client is gone
}

// setHeaders sets names, which must be in canonical form, to the values that
// follow them, with one allocation for all.
func setHeaders(h http.Header, namesAndValues ...string) {
	values := make([]string, len(namesAndValues)/2)
	for i := range values {
		values[i] = namesAndValues[2*i+1]
		h[namesAndValues[2*i]] = values[i : i+1 : i+1]
	}
}
