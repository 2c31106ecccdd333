package main

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

// account answers GET /api/v1/accounts/{id}: an account as anybody sees it.
func (a *app) account(w http.ResponseWriter, r *http.Request) {
	account, err := a.service.Account(r.Context(), r.PathValue("id"))
	a.answerAccount(w, r, account, err)
}

// lookup answers GET /api/v1/accounts/lookup?acct=alice, with or without a domain.
func (a *app) lookup(w http.ResponseWriter, r *http.Request) {
	account, err := a.byHandle(r, r.URL.Query().Get("acct"))
	a.answerAccount(w, r, account, err)
}

// byHandle returns the account of a handle: alice, @alice, alice@social.example, carol@remote.example.
func (a *app) byHandle(r *http.Request, handle string) (masto.Account, error) {
	username, domain, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	if strings.EqualFold(domain, a.service.Site.Domain) {
		domain = ""
	}
	record, err := a.service.Store.Find(r.Context(), username, domain)
	if err != nil {
		return masto.Account{}, err
	}
	return a.service.Account(r.Context(), record.Profile.ID)
}

func (a *app) answerAccount(w http.ResponseWriter, r *http.Request, account masto.Account, err error) {
	if err != nil {
		a.api.WriteError(w, r, err)
		return
	}
	writeJSON(w, account.AppendJSON(nil))
}

// instance answers GET /api/v2/instance: as much as a client needs to know before it shows a form.
func (a *app) instance(w http.ResponseWriter, r *http.Request) {
	document := map[string]any{"domain": a.service.Site.Domain, "title": "masto example server", "version": "4.2.0 (compatible; masto)"}
	if !a.old {
		document["version"] = "4.6.0 (compatible; masto)"
		document["configuration"] = map[string]any{"accounts": accountLimits(a.service.Site.Limits)}
		document["api_versions"] = map[string]int{"mastodon": 9}
	}
	body, err := json.Marshal(document)
	if err != nil {
		a.api.WriteError(w, r, err)
		return
	}
	writeJSON(w, body)
}

// accountLimits are the limits as clients read them, since Mastodon 4.6.
func accountLimits(l masto.Limits) map[string]int {
	return map[string]int{
		"max_display_name_length":       l.DisplayName,
		"max_note_length":               l.Note,
		"max_avatar_description_length": l.AvatarDescription,
		"max_header_description_length": l.HeaderDescription,
		"max_profile_fields":            l.Fields,
		"profile_field_name_limit":      l.FieldName,
		"profile_field_value_limit":     l.FieldValue,
	}
}

func writeJSON(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body) // the client is gone: there is nobody to tell
}
