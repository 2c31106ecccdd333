package main

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto/httpapi"
)

// tokenCookie keeps the token of a user who has signed in. It is sent to the
// editor alone, no script can read it, and no other site can have it sent.
const tokenCookie = "masto_token"

// The paths of the editor.
const (
	settingsPath = "/settings/"
	editorPath   = settingsPath + "profile"
	previewPath  = editorPath + "/preview"
	signInPath   = settingsPath + "sign-in"
	signOutPath  = settingsPath + "sign-out"
)

// writeScopes are those of the methods that change a profile.
var writeScopes = []string{"write", "write:accounts"}

// registerEditor adds the editor to a mux. It is safe against requests that
// other sites make a browser send.
func (p *pages) registerEditor(mux *http.ServeMux) {
	own := http.NewServeMux()
	own.HandleFunc("GET "+editorPath, p.edit)
	own.HandleFunc("POST "+editorPath, p.save)
	own.HandleFunc("POST "+previewPath, p.preview)
	own.HandleFunc("POST "+signInPath, p.signIn)
	own.HandleFunc("POST "+signOutPath, p.signOut)
	own.HandleFunc("/", p.missing)
	mux.Handle(settingsPath, http.NewCrossOriginProtection().Handler(own))
	mux.HandleFunc("GET /editor.js", p.asset("editor.js", "text/javascript; charset=utf-8"))
}

// signInPage is the page that asks for a token.
type signInPage struct {
	frame
	Error string // why the token that was given is no good
}

// signIn answers the form that asks for a token.
func (p *pages) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	token := strings.TrimPrefix(strings.TrimSpace(r.PostFormValue("token")), "TOKEN=")
	_, err := p.account(r, token)
	var refused refusedToken
	switch {
	case errors.As(err, &refused):
		f := p.frame(r)
		p.writeUnder(w, r, p.editorPolicy, http.StatusForbidden, "signin.html", signInPage{f, f.L.T(string(refused))})
	case err != nil:
		p.fail(w, r, err)
	default:
		p.setToken(w, token)
		http.Redirect(w, r, editorPath+langQuery(r), http.StatusSeeOther)
	}
}

// signOut forgets the token of a browser.
func (p *pages) signOut(w http.ResponseWriter, r *http.Request) {
	p.setToken(w, "")
	http.Redirect(w, r, editorPath+langQuery(r), http.StatusSeeOther)
}

// setToken has the browser keep a token until it is closed, or forget it.
func (p *pages) setToken(w http.ResponseWriter, token string) {
	c := &http.Cookie{
		Name:     tokenCookie,
		Value:    token,
		Path:     settingsPath,
		Secure:   strings.HasPrefix(p.app.service.Site.BaseURL, "https://"),
		HttpOnly: true,
		SameSite: http.SameSiteStrictMode,
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// refusedToken says why nobody can edit with a token; it is the key of a text.
type refusedToken string

func (e refusedToken) Error() string { return string(e) }

// signedIn returns the id of the account whose user has signed in. Where nobody
// has, it asks for a token and returns "".
func (p *pages) signedIn(w http.ResponseWriter, r *http.Request) (id string) {
	w.Header().Set("Cache-Control", "no-store")
	token := ""
	if c, err := r.Cookie(tokenCookie); err == nil {
		token = c.Value
	}
	id, err := p.account(r, token)
	var refused refusedToken
	switch {
	case errors.As(err, &refused):
		status := http.StatusOK
		if r.Method != http.MethodGet {
			status = http.StatusUnauthorized
		}
		p.writeUnder(w, r, p.editorPolicy, status, "signin.html", signInPage{frame: p.frame(r)})
	case err != nil:
		p.fail(w, r, err)
	}
	return id
}

// account returns the id of the account that a token may edit, or a
// refusedToken.
func (p *pages) account(r *http.Request, token string) (id string, err error) {
	grant, err := p.app.tokens.Authenticate(r.Context(), token)
	may := func(scopes []string) bool {
		return slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(grant.Scopes, s) })
	}
	switch {
	case errors.Is(err, httpapi.ErrUnknownToken):
		return "", refusedToken("This token is not known here.")
	case err != nil:
		return "", err
	case grant.AccountID == "" || !may(readScopes) || !may(writeScopes):
		return "", refusedToken("This token may not edit a profile: it needs the scopes read and write.")
	case grant.Disabled:
		return "", refusedToken("This account is suspended.")
	}
	return grant.AccountID, nil
}

// langQuery returns the query that keeps the language of a request that asks
// for one.
func langQuery(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang != "" {
		return "?" + url.Values{"lang": {lang}}.Encode()
	}
	return ""
}
