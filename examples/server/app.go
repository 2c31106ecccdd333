package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/pictures"
	"github.com/seed-374a2035/masto/sqlstore"
)

// config says where the server keeps its data and how it is reached.
type config struct {
	database string // file, or address of PostgreSQL
	media    string // folder, or address of a bucket
	mediaURL string // address at which something else serves what is in media; "": this server does
	domain   string // of the accounts
	baseURL  string // address of the pages, without a slash at the end
	// showcase gives the demo account something of all that a profile can have.
	showcase bool
	// old leaves out GET, PATCH and PUT /api/v1/profile, as servers before
	// Mastodon 4.6 do.
	old bool
	// verify says which pages are asked for a link back.
	verify verifyMode
	// check replaces the check of a link in tests; nil: a linkcheck.Checker's.
	check checkFunc
}

// app is the server behind its listener.
type app struct {
	db      *database
	store   *sqlstore.Store
	uploads *uploads
	tokens  *tokens
	service *masto.Service
	api     *httpapi.API
	pages   *pages
	links   *verifier
	home    *homepage // of the demo account; nil if there is none
	old     bool
	// showcase is that of the config.
	showcase bool

	stop func() // ends what runs in the background
	work sync.WaitGroup
}

// picturePath is a picture to upload, for those who try the API by hand.
const picturePath = "/demo/picture.jpg"

// open opens the data, and creates what is missing.
func open(ctx context.Context, c config) (_ *app, err error) {
	a := &app{old: c.old, showcase: c.showcase}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.db, err = openDatabase(c.database); err != nil {
		return nil, err
	}
	store, err := a.db.accounts(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.db.createTables(ctx); err != nil {
		return nil, err
	}
	folder, err := keepFolder(ctx, a.db)
	if err != nil {
		return nil, err
	}
	if err := keepBaseURL(ctx, a.db, c.baseURL); err != nil {
		return nil, err
	}
	if a.uploads, err = openUploads(ctx, c, folder); err != nil {
		return nil, err
	}
	a.store = store
	a.tokens = &tokens{a.db, store}
	queue := newOutbox(a.db, tell)
	store.OnChange = func(ctx context.Context, tx *sql.Tx, before, after *masto.Record, c masto.Changes) error {
		return errors.Join(queue.add(ctx, tx, before, after, c), a.links.add(ctx, tx, after, c))
	}
	site := &masto.Site{Domain: c.domain, BaseURL: c.baseURL, Limits: masto.DefaultLimits()}
	a.service = &masto.Service{
		Site:    site,
		Store:   store,
		Media:   a.uploads,
		View:    mentions{site, store}.view,
		Picture: pictures.Prepare,
		// The rows of the queues are committed.
		OnUpdate: func(context.Context, *masto.Record, *masto.Record, masto.Changes) {
			queue.hurry()
			a.links.hurry()
		},
		OnOrphan: func(ctx context.Context, url string, err error) {
			slog.ErrorContext(ctx, "picture left behind", "url", url, "error", err)
		},
	}
	if c.showcase {
		if a.home, err = newHomepage(c.baseURL, time.Now()); err != nil {
			return nil, err
		}
	}
	a.links = newVerifier(a.db, a.service, a.home, c)
	a.api = &httpapi.API{Service: a.service, Auth: a.tokens}
	if a.pages, err = newPages(a); err != nil {
		return nil, err
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	a.work.Go(func() { queue.work(working) })
	a.work.Go(func() { a.links.work(working) })
	a.work.Go(func() { (&sweeper{a.db, a.uploads, store}).work(working) })
	return a, nil
}

// close ends what runs in the background and closes the database and the
// pictures, as far as they were started.
func (a *app) close() error {
	if a.stop != nil {
		a.stop()
	}
	a.work.Wait()
	var errs []error
	if a.uploads != nil {
		errs = append(errs, a.uploads.close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	return errors.Join(errs...)
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
	api.Handle(linksPath, httpapi.ReadOnly(a.api.Authorized(readScopes, a.linkStates)))
	api.Handle("/api/v1/instance", a.document(a.instanceV1))
	api.Handle("/api/v2/instance", a.document(a.instanceV2))

	mux := http.NewServeMux()
	mux.Handle("/api/", httpapi.CORS(api))
	mux.Handle("/.well-known/nodeinfo", a.document(a.nodeInfo))
	mux.Handle(nodeInfoPath, a.document(a.nodeInfoDocument))
	mux.Handle("GET "+uploadPath+"{name...}", a.uploads)
	mux.HandleFunc("GET /avatars/original/missing.png", embedded(missing, "missing/avatar.png"))
	mux.HandleFunc("GET /headers/original/missing.png", embedded(missing, "missing/header.png"))
	mux.HandleFunc("GET "+emojiPath+"spore.png", embedded(demoFiles, "demo/spore.png"))
	mux.HandleFunc("GET "+picturePath, embedded(demoFiles, "demo/bot.jpg"))
	mux.HandleFunc("GET /style.css", a.pages.asset("style.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /favicon.svg", a.pages.asset("favicon.svg", "image/svg+xml"))
	a.pages.registerEditor(mux)
	mux.HandleFunc("GET "+homepagePath, a.pages.homepage)
	mux.HandleFunc("GET /{$}", a.pages.start)
	mux.HandleFunc("GET /tags/{name}", a.pages.tag)
	mux.HandleFunc("GET /{handle}", a.pages.profile)
	mux.HandleFunc("/", a.pages.missing)
	return mux
}
