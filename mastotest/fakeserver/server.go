package fakeserver

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

// Server is a fake server with one account, or several (see [WithAccounts]).
// [New] starts one.
type Server struct {
	// URL is the address of the server, without a slash at the end.
	URL string
	// Token is an access token of the account that may read and write.
	Token string
	// ReadToken is one that may only read.
	ReadToken string

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

const (
	// profilePath is the path of the profile methods.
	profilePath = "/api/v1/profile"
	// mediaPath is where pictures are served.
	mediaPath = "/media/"
)

// Option changes what [New] starts.
type Option func(*options)

// options is what the Options set.
type options struct {
	record     *masto.Record
	others     []*masto.Record
	software   Software
	limits     masto.Limits
	strict     bool
	middleware []Middleware // the outermost first
}

// WithRecord gives the server a copy of r instead of the account of alice. A
// Profile.ID and a Username are required.
func WithRecord(r *masto.Record) Option { return func(o *options) { o.record = r.Clone() } }

// WithLimits gives the server other limits than its kind has. A kind of server
// that publishes its limits publishes these.
func WithLimits(l masto.Limits) Option { return func(o *options) { o.limits = l } }

// WithSoftware makes the server behave like that kind of server instead of the
// reference.
func WithSoftware(s Software) Option { return func(o *options) { o.software = s } }

// Strict fails the test for requests that servers answer kindly although they
// are mistakes of the client:
//
//   - a parameter that no server knows, such as one with a typing error;
//   - a parameter that Mastodon ignores: source[…] in the profile methods,
//     show_* in update_credentials, attribution_domains with an index;
//   - a parameter of a shape that it cannot have, such as an object for a text;
//   - an update without any parameter;
//   - a token in the address.
func Strict() Option { return func(o *options) { o.strict = true } }

// New starts a server and closes it when the test ends.
func New(t testing.TB, opts ...Option) *Server {
	t.Helper()
	o := options{record: alice(), software: Mastodon}
	for _, option := range opts {
		option(&o)
	}
	if o.limits == (masto.Limits{}) {
		o.limits = o.software.kind().limits
	}
	o.limits.TextBytes = cmp.Or(o.limits.TextBytes, -1) // No server has that limit.
	listening := httptest.NewUnstartedServer(nil)
	domain := listening.Listener.Addr().String()
	base := "http://" + domain
	s := &Server{
		URL:       base,
		Token:     writeToken,
		ReadToken: readToken,
		t:         t,
		options:   o,
		store:     memstore.New(append([]*masto.Record{o.record}, o.others...)...),
		media:     memstore.NewMedia(base + mediaPath),
	}
	site := &masto.Site{Domain: domain, BaseURL: base, Limits: o.limits}
	if path := o.software.kind().missing; path != "" {
		site.MissingAvatar, site.MissingHeader = base+path, base+path
	}
	s.service = &masto.Service{Site: site, Store: s.store, Media: s.media}
	tokens := fixedTokens{o.record.Profile.ID}
	for _, r := range o.others {
		tokens = append(tokens, r.Profile.ID)
	}
	s.api = &httpapi.API{Service: s.service, Auth: tokens}
	listening.Config.Handler = s.recorded(s.handler())
	for _, m := range slices.Backward(o.middleware) {
		listening.Config.Handler = m(listening.Config.Handler)
	}
	listening.Start()
	t.Cleanup(listening.Close)
	return s
}

// alice returns the account of a server that was not given one.
func alice() *masto.Record {
	r := masto.NewRecord("1", "alice")
	r.Profile.DisplayName = "Alice"
	r.Profile.Note = "Mushrooms! https://loaf.io #fungi"
	r.Profile.Fields = []masto.Field{
		{Name: "Site", Value: "https://loaf.io", VerifiedAt: time.Date(2024, 3, 4, 5, 6, 7, 890e6, time.UTC)},
		{Name: "Pronouns", Value: "she/her"},
	}
	r.Profile.Discoverable = new(true)
	r.Profile.Indexable = true
	r.Profile.AttributionDomains = []string{"loaf.io"}
	r.Noindex = new(false)
	r.CreatedAt = time.Date(2023, 5, 6, 0, 0, 0, 0, time.UTC)
	r.LastStatusAt = time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	r.FollowersCount = 12
	r.FollowingCount = 34
	r.StatusesCount = 56
	return r
}

// Record returns the account, the first if there are several, as it is stored
// now.
func (s *Server) Record() *masto.Record {
	s.t.Helper()
	return s.RecordOf(s.options.record.Profile.ID)
}

// SetRecord replaces the account by a copy of r, as if it had been changed
// elsewhere. The account keeps its ID.
func (s *Server) SetRecord(r *masto.Record) {
	r = r.Clone()
	r.Profile.ID = s.options.record.Profile.ID
	s.store.Put(r)
}

// Picture returns the content type and the data of the picture at an address
// that the account has. It reports false if no picture is there.
func (s *Server) Picture(address string) (contentType string, data []byte, ok bool) {
	return s.media.Open(address)
}

// handler serves the methods that the kind of server has.
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

// reshaped answers as the reference does, but with the account or the error in
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

// account answers GET /api/v1/accounts/{id}: the account as anybody sees it.
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

// lookup answers GET /api/v1/accounts/lookup.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	record, err := s.store.Find(r.Context(), r.URL.Query().Get("acct"), "")
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	r.SetPathValue("id", record.Profile.ID)
	s.account(w, r)
}

// picture answers with an uploaded picture.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	contentType, data, ok := s.media.Open(s.URL + r.URL.Path)
	if !ok {
		s.api.WriteError(w, r, masto.ErrNotFound)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(data)
}

// writeJSON answers with a status and a body that is JSON.
func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
