package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver named sqlite

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/dirstore"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/sqlstore"
)

// config says where the server keeps its data and how it is reached.
type config struct {
	database string // file
	media    string // folder
	domain   string // of the accounts
	baseURL  string // address of the pages, without a slash at the end
	// old leaves out GET, PATCH and PUT /api/v1/profile, as servers before
	// Mastodon 4.6 do.
	old bool
}

// app is the server behind its listener.
type app struct {
	db      *sql.DB
	store   *sqlstore.Store
	media   *dirstore.Store
	tokens  *tokens
	service *masto.Service
	api     *httpapi.API
	pages   *pages
	old     bool
}

// uploadPath is where the pictures of users are served.
const uploadPath = "/uploads/"

// open opens the data, and creates what is missing.
func open(ctx context.Context, c config) (_ *app, err error) {
	a := &app{old: c.old}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if err := os.MkdirAll(filepath.Dir(c.database), 0o700); err != nil {
		return nil, err
	}
	if a.db, err = openDatabase(c.database); err != nil {
		return nil, err
	}
	store := sqlstore.NewSQLite(a.db)
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := keepBaseURL(ctx, a.db, c.database, c.baseURL); err != nil {
		return nil, err
	}
	if a.media, err = dirstore.Open(c.media, c.baseURL+uploadPath); err != nil {
		return nil, err
	}
	if a.tokens, err = openTokens(ctx, a.db, store); err != nil {
		return nil, err
	}
	a.store = store
	site := &masto.Site{Domain: c.domain, BaseURL: c.baseURL, Limits: masto.DefaultLimits()}
	a.service = &masto.Service{
		Site:  site,
		Store: store,
		Media: a.media,
		View:  mentions{site, store}.view,
		OnUpdate: func(ctx context.Context, _, after *masto.Record, c masto.Changes) {
			slog.InfoContext(ctx, "profile updated", "account", after.Username, "changed", c)
		},
		OnOrphan: func(ctx context.Context, url string, err error) {
			slog.ErrorContext(ctx, "picture left behind", "url", url, "error", err)
		},
	}
	a.api = &httpapi.API{Service: a.service, Auth: a.tokens}
	if a.pages, err = newPages(a); err != nil {
		return nil, err
	}
	return a, nil
}

// maxConnections is how many connections to the database there are at most.
// More would not write faster, as SQLite has one writer at a time, and each one
// that waits for it takes a thread.
const maxConnections = 8

// openDatabase opens a database file. Requests wait for a connection, and
// writers for each other, instead of failing; readers do not wait for writers.
func openDatabase(file string) (*sql.DB, error) {
	options := url.Values{"_pragma": {"journal_mode(wal)", "busy_timeout(10000)", "synchronous(full)"}}
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	return db, nil
}

// close closes the database, if it was opened.
func (a *app) close() error {
	if a.db == nil {
		return nil
	}
	return a.db.Close()
}

// handler serves everything. The methods have patterns of their own, without
// an HTTP method, so that every 405 is JSON; [httpapi.API.Register] is shorter
// where that does not matter.
func (a *app) handler() http.Handler {
	api := http.NewServeMux()
	api.Handle("/", a.api.Handler())
	if a.old {
		api.HandleFunc("/api/v1/profile", func(w http.ResponseWriter, r *http.Request) {
			a.api.WriteError(w, r, masto.ErrNotFound)
		})
	}
	api.Handle("/api/v1/accounts/{id}", httpapi.ReadOnly(http.HandlerFunc(a.account)))
	api.HandleFunc("/api/v1/accounts/verify_credentials", a.api.VerifyCredentials)
	api.HandleFunc("/api/v1/accounts/update_credentials", a.api.UpdateCredentials)
	api.Handle("/api/v1/accounts/lookup", httpapi.ReadOnly(http.HandlerFunc(a.lookup)))
	api.Handle("/api/v1/instance", a.document(a.instanceV1))
	api.Handle("/api/v2/instance", a.document(a.instanceV2))

	mux := http.NewServeMux()
	mux.Handle("/api/", httpapi.CORS(api))
	mux.Handle("/.well-known/nodeinfo", a.document(a.nodeInfo))
	mux.Handle(nodeInfoPath, a.document(a.nodeInfoDocument))
	mux.HandleFunc("GET "+uploadPath+"{name...}", uploads(a.media.FS()))
	mux.HandleFunc("GET /avatars/original/missing.png", placeholder("avatar.png"))
	mux.HandleFunc("GET /headers/original/missing.png", placeholder("header.png"))
	mux.HandleFunc("GET /style.css", a.pages.stylesheet)
	mux.HandleFunc("GET /{$}", a.pages.start)
	mux.HandleFunc("GET /tags/{name}", a.pages.tag)
	mux.HandleFunc("GET /{handle}", a.pages.profile)
	mux.HandleFunc("/", a.pages.missing)
	return mux
}
