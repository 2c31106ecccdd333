package main

import (
	"bytes"
	"embed"
	"errors"
	"html"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-374a2035/masto"
)

//go:embed pages
var pageFiles embed.FS

// pages are the web pages: the profile of an account as a browser shows it.
type pages struct {
	app      *app
	template *template.Template
	policy   string
	style    []byte
}

func newPages(a *app) (*pages, error) {
	t, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	images := "'self'"
	if base, err := url.Parse(a.service.Site.BaseURL); err == nil && base.Host != "" {
		// The page may be open under another name of this machine.
		images += " " + base.Scheme + "://" + base.Host
	}
	policy := strings.Join([]string{
		"default-src 'none'",
		"style-src 'self'",
		"img-src " + images,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
	return &pages{app: a, template: t, policy: policy, style: style}, nil
}

// profileView is what the page of an account shows. Its HTML is what the
// library rendered or sanitized.
type profileView struct {
	masto.Account
	Name template.HTML
	Note template.HTML
	Rows []rowView
	// Unindexed asks search engines to leave the page out. It is no pointer, as
	// a template takes any pointer for true.
	Unindexed bool
}

type rowView struct {
	Name     template.HTML
	Value    template.HTML
	Verified string // the day, or "" if the field is not verified
}

func viewOf(a masto.Account) profileView {
	emojify := func(html string) template.HTML {
		return template.HTML(masto.Emojify(html, a.Emojis, true)) //nolint:gosec // rendered by the library
	}
	text := func(s string) template.HTML { return emojify(html.EscapeString(s)) }
	v := profileView{
		Account:   a,
		Name:      text(a.DisplayName),
		Note:      emojify(a.Note),
		Unindexed: a.Noindex != nil && *a.Noindex,
	}
	if a.DisplayName == "" {
		v.Name = text(a.Username)
	}
	for _, f := range a.Fields {
		row := rowView{Name: text(f.Name), Value: emojify(f.Value)}
		if !f.VerifiedAt.IsZero() {
			row.Verified = f.VerifiedAt.Format("2 January 2006")
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// profile answers /@alice.
func (p *pages) profile(w http.ResponseWriter, r *http.Request) {
	handle, ok := strings.CutPrefix(r.PathValue("handle"), "@")
	if !ok {
		p.missing(w, r)
		return
	}
	account, err := p.app.byHandle(r, handle)
	switch {
	case errors.Is(err, masto.ErrNotFound):
		p.missing(w, r)
	case err != nil:
		p.fail(w, r, err)
	default:
		p.write(w, r, http.StatusOK, "profile.html", viewOf(account))
	}
}

// tag answers /tags/fungi, which the hashtags in bios and fields link to.
func (p *pages) tag(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusOK, "tag.html", r.PathValue("name"))
}

// missing answers any other address.
func (p *pages) missing(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusNotFound, "missing.html", nil)
}

// start answers /.
func (p *pages) start(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusOK, "start.html", map[string]any{"Site": p.app.service.Site, "Demo": demoName})
}

// stylesheet answers /style.css.
func (p *pages) stylesheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(p.style)
}

// write answers with a page, whole or not at all.
func (p *pages) write(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := p.template.ExecuteTemplate(&b, name, data); err != nil {
		p.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Referrer-Policy", "no-referrer")
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
