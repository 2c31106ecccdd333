package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

// edit answers GET of the editor.
func (p *pages) edit(w http.ResponseWriter, r *http.Request) {
	id := p.signedIn(w, r)
	if id == "" {
		return
	}
	record, err := p.app.store.Get(r.Context(), id)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	e, err := p.newEditor(r, record, record)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	e.Saved = r.URL.Query().Has("saved")
	p.writeUnder(w, r, p.editorPolicy, http.StatusOK, "editor.html", e)
}

// save answers the form: it stores what the user changed, or shows the form
// again with what is wrong.
func (p *pages) save(w http.ResponseWriter, r *http.Request) {
	id, s := p.submitted(w, r)
	if s == nil {
		return
	}
	if s.do != "" {
		p.showAgain(w, r, id, s, http.StatusOK, nil)
		return
	}
	service := *p.app.service
	service.Store = guardedStore{p.app.store, s.base, s.wanted()}
	_, err := service.Update(r.Context(), id, s.diff)
	var conflict *conflictError
	var invalid *masto.ValidationError
	switch {
	case err == nil:
		p.saved(w, r)
	case errors.As(err, &conflict):
		s.rebase(conflict.theirs)
		p.showAgain(w, r, id, s, http.StatusConflict, err)
	case errors.As(err, &invalid), errors.Is(err, masto.ErrMalformed):
		p.showAgain(w, r, id, s, http.StatusUnprocessableEntity, err)
	default:
		p.fail(w, r, err)
	}
}

// submitted returns the account of the user who has signed in and what the form
// sent. Where one of them is missing, it answers and returns nil.
func (p *pages) submitted(w http.ResponseWriter, r *http.Request) (id string, s *submission) {
	if id = p.signedIn(w, r); id == "" {
		return "", nil
	}
	s, err := readSubmission(w, r, p.app.service.Site.Limits)
	if err != nil {
		slog.DebugContext(r.Context(), "form refused", "error", err)
		http.Error(w, p.locales.of(r).T("This form cannot be read."), http.StatusBadRequest)
		return "", nil
	}
	return id, s
}

// saved says that the profile was stored: to a script, or by the next page.
func (p *pages) saved(w http.ResponseWriter, r *http.Request) {
	next := editorPath + "?saved=1"
	if q := langQuery(r); q != "" {
		next = editorPath + q + "&saved=1"
	}
	if wantsJSON(r) {
		p.writeState(w, r, http.StatusOK, editorState{Next: next})
		return
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// showAgain shows the form with what the user entered, and why it was not
// stored.
func (p *pages) showAgain(w http.ResponseWriter, r *http.Request, id string, s *submission, status int, why error) {
	stored, err := p.app.store.Get(r.Context(), id)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	e, err := p.newEditor(r, s.base, s.mine)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	e.Unsaved = true
	e.LostFiles = s.full.Avatar.Value != nil || s.full.Header.Value != nil
	e.judge(p.app.service.Site.Limits, s, stored, why)
	if wantsJSON(r) {
		state, err := p.stateOf(e)
		if err != nil {
			p.fail(w, r, err)
			return
		}
		p.writeState(w, r, status, state)
		return
	}
	p.writeUnder(w, r, p.editorPolicy, status, "editor.html", e)
}

// preview answers a script that asks, while the user types, what the profile
// will look like, how much of each limit it uses, and what is wrong with it.
func (p *pages) preview(w http.ResponseWriter, r *http.Request) {
	id, s := p.submitted(w, r)
	if s == nil {
		return
	}
	p.showAgain(w, r, id, s, http.StatusOK, nil)
}

// editorState is what a script of the editor is told.
type editorState struct {
	Next     string            `json:"next,omitempty"` // where to go on; "" is here
	Card     string            `json:"card,omitempty"` // HTML of the profile
	Problems map[string]string `json:"problems"`       // by the name of the input
	Counters map[string]gauge  `json:"counters"`       // by the name of the input
	Links    map[string]string `json:"links"`          // HTML by the value of the field
}

func wantsJSON(r *http.Request) bool {
	return r.URL.Path == previewPath || strings.Contains(r.Header.Get("Accept"), "application/json")
}

// stateOf returns e for a script.
func (p *pages) stateOf(e *editor) (editorState, error) {
	state := editorState{Problems: e.Problems, Counters: e.Counters, Links: map[string]string{}}
	var failed error
	render := func(name string, data any) string {
		var b strings.Builder
		failed = errors.Join(failed, p.template.ExecuteTemplate(&b, name, data))
		return b.String()
	}
	state.Card = render("card", e.Profile)
	for _, row := range e.Rows {
		if row.Link != nil {
			state.Links[row.Value] = render("link", row)
		}
	}
	return state, failed
}

func (p *pages) writeState(w http.ResponseWriter, r *http.Request, status int, state editorState) {
	body, err := json.Marshal(state)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// view returns how a record is shown that may not be stored.
func (p *pages) view(ctx context.Context, l *locale, r *masto.Record) (profileView, error) {
	site := p.app.service.Site
	found, err := p.app.service.View(ctx, r)
	if err != nil {
		return profileView{}, err
	}
	v := newProfileView(site, l, r, site.Account(r, found))
	v.Preview = true
	return v, nil
}
