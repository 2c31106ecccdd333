package main

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-374a2035/masto"
)

//go:embed pages
var pageFiles embed.FS

// pages are the web pages, in the languages of their readers.
type pages struct {
	app      *app
	template *template.Template
	locales  *locales
	policy   string // of a page that only shows something
	// editorPolicy is that of the editor, which has a script and a form, and
	// shows pictures that were chosen and are not uploaded yet.
	editorPolicy string
}

func newPages(a *app) (*pages, error) {
	t, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	l, err := newLocales()
	if err != nil {
		return nil, err
	}
	images := "'self'"
	if base, err := url.Parse(a.service.Site.BaseURL); err == nil && base.Host != "" {
		// The page may be open under another name of this machine.
		images += " " + base.Scheme + "://" + base.Host
	}
	return &pages{
		app:          a,
		template:     t,
		locales:      l,
		policy:       policy(images, "form-action 'none'"),
		editorPolicy: policy(images+" blob:", "form-action 'self'", "script-src 'self'", "connect-src 'self'"),
	}, nil
}

// policy returns the Content-Security-Policy of a page with pictures of some
// sources, and more directives.
func policy(images string, more ...string) string {
	return strings.Join(append([]string{
		"default-src 'none'",
		"style-src 'self'",
		"img-src " + images,
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, more...), "; ")
}

// frame is what a page has around its content.
type frame struct {
	L      *locale
	Domain string // of the server
	Demo   string // name of the demo account
	Lang   string // query that keeps the language, if the reader has chosen it
}

func (p *pages) frame(r *http.Request) frame {
	return frame{L: p.locales.of(r), Domain: p.app.service.Site.Domain, Demo: demoName, Lang: langQuery(r)}
}

// profile answers /@alice.
func (p *pages) profile(w http.ResponseWriter, r *http.Request) {
	handle, ok := strings.CutPrefix(r.PathValue("handle"), "@")
	if !ok {
		p.missing(w, r)
		return
	}
	record, account, err := p.app.byHandle(r.Context(), handle)
	switch {
	case errors.Is(err, masto.ErrNotFound):
		p.missing(w, r)
	case err != nil:
		p.fail(w, r, err)
	default:
		view := newProfileView(p.app.service.Site, p.locales.of(r), record, account)
		p.write(w, r, http.StatusOK, "profile.html", profilePage{p.frame(r), view})
	}
}

// tag answers /tags/fungi, which the hashtags in bios and fields link to.
func (p *pages) tag(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusOK, "tag.html", struct {
		frame
		Name string
	}{p.frame(r), r.PathValue("name")})
}

// missing answers any other address.
func (p *pages) missing(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusNotFound, "missing.html", p.frame(r))
}

// start answers /.
func (p *pages) start(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusOK, "start.html", p.frame(r))
}

// asset serves a file that the pages need.
func (p *pages) asset(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		content, err := pageFiles.ReadFile("pages/" + name)
		if err != nil {
			p.fail(w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "public, max-age=300")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		h.Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(content)
	}
}

// write answers with a page, whole or not at all.
func (p *pages) write(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	p.writeUnder(w, r, p.policy, status, name, data)
}

// writeUnder is write for a page with a Content-Security-Policy of its own.
func (p *pages) writeUnder(w http.ResponseWriter, r *http.Request, policy string, status int, name string, data any) {
	var b bytes.Buffer
	if err := p.template.ExecuteTemplate(&b, name, data); err != nil {
		p.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Vary", "Accept-Language")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// fail answers that a page failed, and logs why. It is no failure of the server
// if a browser went away while the page was made.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	level := slog.LevelError
	if r.Context().Err() != nil {
		level = slog.LevelDebug
	}
	slog.Log(r.Context(), level, "page failed", "path", r.URL.Path, "error", err)
	http.Error(w, "Something went wrong on the server", http.StatusInternalServerError)
}
