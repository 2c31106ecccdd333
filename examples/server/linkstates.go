package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/linkcheck"
)

// linkState is what the owner of an account gets to see of a field with a link:
// whether it is verified, or why it is not and what to do about it.
type linkState struct {
	Field      int       `json:"field"` // its number among the fields, from 0
	Value      string    `json:"value"`
	VerifiedAt time.Time `json:"verified_at,omitzero"`
	// CheckedAt is when its page was asked the last time; zero if it never was.
	CheckedAt time.Time `json:"checked_at,omitzero"`
	// Next is when it will be asked; zero if it will not.
	Next time.Time `json:"next,omitzero"`
	// Suggestion is what to write in place of Value; "" if nothing comes to
	// mind.
	Suggestion string `json:"suggestion,omitempty"`
	// Findings are the reasons why the page does not count, as of the last
	// check; empty if it does, or was not asked yet.
	Findings []linkcheck.Finding `json:"findings"`
}

// states returns the states of the fields of r that are links, or were meant to
// be some.
func (v *verifier) states(ctx context.Context, r *masto.Record) ([]linkState, error) {
	links, err := v.known(ctx, r.Profile.ID)
	if err != nil {
		return nil, err
	}
	states := []linkState{}
	for i, f := range r.Profile.Fields {
		s := linkState{Field: i, Value: f.Value, VerifiedAt: f.VerifiedAt, Findings: []linkcheck.Finding{}}
		url, err := f.VerifiableURL()
		var unverifiable *masto.UnverifiableError
		switch {
		case err == nil:
			l := links[url]
			s.CheckedAt, s.Next = l.history.CheckedAt, l.history.Next
			s.Findings = append(s.Findings, v.policy.Findings(l.report)...)
		case !errors.As(err, &unverifiable) || !looksLikeLink(unverifiable):
			continue
		default: // No page is asked; this only says why not.
			var checker linkcheck.Checker
			report, _ := checker.Check(ctx, unverifiable.URL, v.service.Site.AccountURL(r))
			s.Suggestion = report.Suggestion
			s.Findings = append(s.Findings, report.Findings...)
		}
		states = append(states, s)
	}
	return states, nil
}

// looksLikeLink reports whether a value that cannot be verified was meant to be
// a link.
func looksLikeLink(err *masto.UnverifiableError) bool {
	url := strings.ToLower(err.URL)
	return strings.HasPrefix(url, "http:") || strings.HasPrefix(url, "https:") ||
		err.Suggestion != "" && !strings.Contains(url, "@")
}

// linksPath is a method of this server alone.
const linksPath = "/api/v1/masto/links"

// readScopes are those of the methods that read a profile.
var readScopes = []string{"profile", "read", "read:accounts"}

// linkStates answers GET of linksPath: the links of the user's own account.
func (a *app) linkStates(w http.ResponseWriter, r *http.Request, g httpapi.Grant) {
	record, err := a.store.Get(r.Context(), g.AccountID)
	if err != nil {
		a.api.WriteError(w, r, err)
		return
	}
	states, err := a.links.states(r.Context(), record)
	if err != nil {
		a.api.WriteError(w, r, err)
		return
	}
	body, err := json.Marshal(states)
	if err != nil {
		a.api.WriteError(w, r, err)
		return
	}
	writeJSON(w, body)
}
