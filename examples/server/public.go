package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

// account answers GET /api/v1/accounts/{id}: an account as anybody sees it.
func (a *app) account(w http.ResponseWriter, r *http.Request) {
	account, err := a.service.Account(r.Context(), r.PathValue("id"))
	a.answerAccount(w, r, account, err)
}

// lookup answers GET /api/v1/accounts/lookup?acct=alice, with or without a
// domain.
func (a *app) lookup(w http.ResponseWriter, r *http.Request) {
	_, account, err := a.byHandle(r.Context(), r.URL.Query().Get("acct"))
	a.answerAccount(w, r, account, err)
}

// byHandle returns the account of a handle, and its record: alice, @alice,
// alice@social.example, carol@remote.example.
func (a *app) byHandle(ctx context.Context, handle string) (*masto.Record, masto.Account, error) {
	username, domain, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	if strings.EqualFold(domain, a.service.Site.Domain) {
		domain = ""
	}
	record, err := a.service.Store.Find(ctx, username, domain)
	if err != nil {
		return nil, masto.Account{}, err
	}
	account, err := a.service.Account(ctx, record.Profile.ID)
	return record, account, err
}

func (a *app) answerAccount(w http.ResponseWriter, r *http.Request, account masto.Account, err error) {
	if err != nil {
		a.api.WriteError(w, r, err)
		return
	}
	writeJSON(w, account.AppendJSON(nil))
}

func writeJSON(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body) // An error means that the client is gone.
}
