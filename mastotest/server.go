package mastotest

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

// Server is a server with one account, for the tests of a client. [NewServer]
// starts one. It keeps everything in memory, takes what is sent to it as the
// reference implementation does, or as another kind of server (see [As]), and
// remembers the requests.
//
// It answers
//
//	GET, PATCH, PUT  /api/v1/profile
//	DELETE           /api/v1/profile/avatar, /api/v1/profile/header
//	GET              /api/v1/accounts/verify_credentials
//	PATCH            /api/v1/accounts/update_credentials
//	GET              /api/v1/accounts/{id}, /api/v1/accounts/lookup?acct=…
//	GET              /api/v2/instance, /api/v1/instance
//	GET              /.well-known/nodeinfo, /nodeinfo/2.0
//
// as far as the kind of server has them, with 404 to the rest, and the pictures
// at the addresses that are in the account.
type Server struct {
	// URL is the address of the server, without a slash at the end.
	URL string
	// Token is the access token of the account: it may read and write.
	// ReadToken may only read.
	Token, ReadToken string

	t        testing.TB
	options  options
	service  *masto.Service
	api      *httpapi.API
	store    *memstore.Store
	media    *memstore.Media
	mu       sync.Mutex
	requests []Request
}

// The tokens of a Server.
const (
	writeToken = "a-token-that-may-write"
	readToken  = "a-token-that-may-read"
)

// profilePath is that of the profile methods.
const profilePath = "/api/v1/profile"

// mediaPath is where pictures are.
const mediaPath = "/media/"

// Option changes what [NewServer] starts.
type Option func(*options)

type options struct {
	record   *masto.Record
	software Software
	limits   masto.Limits
	strict   bool
}

// WithRecord gives the server another account than that of alice, a copy of r.
// It wants a Profile.ID and a Username.
func WithRecord(r *masto.Record) Option { return func(o *options) { o.record = r.Clone() } }

// WithLimits gives the server other limits than its kind has. Where a kind of
// server tells its limits, it tells these.
func WithLimits(l masto.Limits) Option { return func(o *options) { o.limits = l } }

// As makes the server behave like that kind of server instead of the reference.
func As(s Software) Option { return func(o *options) { o.software = s } }

// Strict lets the test fail for requests that a server answers kindly and that
// are mistakes of the client nevertheless:
//
//   - parameters that nobody knows, such as one with a typing error;
//   - parameters that Mastodon ignores: source[…] of the profile methods, show_* of
//     update_credentials, attribution_domains with an index;
//   - parameters of a shape that they cannot have, such as an object for a text;
//   - an update without any parameter;
//   - a token in the address.
func Strict() Option { return func(o *options) { o.strict = true } }

// NewServer starts a server, which is closed when the test ends.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	o := options{record: alice(), software: Mastodon}
	for _, option := range opts {
		option(&o)
	}
	if o.limits == (masto.Limits{}) {
		o.limits = o.software.kind().limits
	}
	o.limits.TextBytes = cmp.Or(o.limits.TextBytes, -1) // no server has that limit
	listening := httptest.NewUnstartedServer(nil)
	base := "http://" + listening.Listener.Addr().String()
	s := &Server{
		URL: base, Token: writeToken, ReadToken: readToken, t: t, options: o,
		store: memstore.New(o.record), media: memstore.NewMedia(base + mediaPath),
	}
	site := &masto.Site{Domain: listening.Listener.Addr().String(), BaseURL: base, Limits: o.limits}
	if path := o.software.kind().missing; path != "" {
		site.MissingAvatar, site.MissingHeader = base+path, base+path
	}
	s.service = &masto.Service{Site: site, Store: s.store, Media: s.media}
	s.api = &httpapi.API{Service: s.service, Auth: fixedTokens{o.record.Profile.ID}}
	listening.Config.Handler = s.recorded(s.handler())
	listening.Start()
	t.Cleanup(listening.Close)
	return s
}

// alice is the account that is there unless the test brings one.
func alice() *masto.Record {
	r := masto.NewRecord("1", "alice")
	r.Profile.DisplayName, r.Profile.Note = "Alice", "Mushrooms! https://loaf.io #fungi"
	r.Profile.Fields = []masto.Field{
		{Name: "Site", Value: "https://loaf.io", VerifiedAt: time.Date(2024, 3, 4, 5, 6, 7, 890e6, time.UTC)},
		{Name: "Pronouns", Value: "she/her"},
	}
	r.Profile.Discoverable, r.Profile.Indexable = new(true), true
	r.Profile.AttributionDomains = []string{"loaf.io"}
	r.Noindex = new(false)
	r.CreatedAt, r.LastStatusAt = time.Date(2023, 5, 6, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	r.FollowersCount, r.FollowingCount, r.StatusesCount = 12, 34, 56
	return r
}

// Record returns the account as it is stored now.
func (s *Server) Record() *masto.Record {
	s.t.Helper()
	r, err := s.store.Get(context.Background(), s.options.record.Profile.ID)
	if err != nil {
		s.t.Fatalf("mastotest: the server's account: %v", err)
	}
	return r
}

// SetRecord replaces the account, as if it were changed elsewhere meanwhile; r
// keeps the ID of the account.
func (s *Server) SetRecord(r *masto.Record) {
	r = r.Clone()
	r.Profile.ID = s.options.record.Profile.ID
	s.store.Put(r)
}

// Picture returns the type and the data of the picture at an address that the
// account has; ok reports whether it is there.
func (s *Server) Picture(address string) (contentType string, data []byte, ok bool) {
	return s.media.Open(address)
}

// fixedTokens knows the two tokens of the account with that id.
type fixedTokens struct{ id string }

func (f fixedTokens) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	switch token {
	case writeToken:
		return httpapi.Grant{AccountID: f.id, Scopes: []string{"read", "write"}}, nil
	case readToken:
		return httpapi.Grant{AccountID: f.id, Scopes: []string{"read"}}, nil
	}
	return httpapi.Grant{}, httpapi.ErrUnknownToken
}

// handler serves what the kind of server has.
func (s *Server) handler() http.Handler {
	k := s.kind()
	mux := http.NewServeMux()
	if k.profileMethods {
		mux.HandleFunc(profilePath, s.profile)
	}
	if k.deletesPictures {
		mux.HandleFunc("/api/v1/profile/avatar", s.reshaped)
		mux.HandleFunc("/api/v1/profile/header", s.reshaped)
	}
	mux.HandleFunc("/api/v1/accounts/verify_credentials", s.reshaped)
	mux.HandleFunc("/api/v1/accounts/update_credentials", s.updateCredentials)
	mux.HandleFunc("/api/v1/accounts/lookup", readOnly(s.lookup))
	mux.HandleFunc("/api/v1/accounts/{id}", readOnly(s.account))
	if k.instanceV2 != nil {
		mux.HandleFunc("GET /api/v2/instance", s.instance(k.instanceV2))
	}
	mux.HandleFunc("GET /api/v1/instance", s.instance(k.instanceV1))
	mux.HandleFunc("GET /.well-known/nodeinfo", s.nodeInfo)
	mux.HandleFunc("GET "+nodeInfoPath, s.nodeInfoDocument)
	mux.HandleFunc("GET "+mediaPath, s.picture)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.api.WriteError(w, r, masto.ErrNotFound) })
	return httpapi.CORS(mux)
}

// reference answers as the reference does.
func (s *Server) reference(w http.ResponseWriter, r *http.Request) { s.api.Handler().ServeHTTP(w, r) }

// reshaped answers as the reference does, with the account, or the error, in
// the form of the kind of server.
func (s *Server) reshaped(w http.ResponseWriter, r *http.Request) {
	k := s.kind()
	answer := httptest.NewRecorder()
	s.reference(answer, r)
	body := answer.Body.Bytes()
	status := answer.Code
	switch {
	case status == http.StatusUnprocessableEntity && k.refuse != nil:
		status, body = k.refuse(body)
	case status == http.StatusOK && k.shape != nil:
		body = s.shapeAccount(k, body, r.Method == http.MethodGet)
	}
	writeJSON(w, status, body)
}

// readOnly answers everything but GET and HEAD with 405.
func readOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			writeJSON(w, http.StatusMethodNotAllowed, []byte(`{"error":"This method is not allowed here"}`))
			return
		}
		next(w, r)
	}
}

// account answers with the account as anybody sees it.
func (s *Server) account(w http.ResponseWriter, r *http.Request) {
	k := s.kind()
	account, err := s.service.Account(r.Context(), r.PathValue("id"))
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	body := account.AppendJSON(nil)
	if k.shape != nil {
		body = s.shapeAccount(k, body, false)
	}
	writeJSON(w, http.StatusOK, body)
}

// lookup is account for a name.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	record, err := s.store.Find(r.Context(), r.URL.Query().Get("acct"), "")
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	r.SetPathValue("id", record.Profile.ID)
	s.account(w, r)
}

func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	contentType, data, ok := s.media.Open(s.URL + r.URL.Path)
	if !ok {
		s.api.WriteError(w, r, masto.ErrNotFound)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(data)
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
