package main

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/seed-374a2035/masto"
)

// mentions finds the accounts that bios and fields mention.
type mentions struct {
	store           masto.Store
	domain, baseURL string
}

// view loads what rendering the records needs. A server with many accounts would ask its database once for all names.
func (m mentions) view(ctx context.Context, records ...*masto.Record) (masto.View, error) {
	type name struct{ username, domain string }
	known := map[name]masto.Mention{}
	for _, r := range records {
		texts := []string{r.Profile.Note}
		for _, f := range r.Profile.Fields {
			texts = append(texts, f.Value)
		}
		for _, text := range texts {
			for _, link := range masto.FindLinks(text) {
				if link.Kind != masto.LinkMention {
					continue
				}
				username, domain, _ := strings.Cut(link.Text, "@")
				found, err := m.find(ctx, username, domain)
				switch {
				case errors.Is(err, masto.ErrNotFound):
				case err != nil:
					return masto.View{}, err
				default:
					known[name{username, domain}] = found
				}
			}
		}
	}
	return masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		found, ok := known[name{username, domain}]
		return found, ok
	}}, nil
}

// find returns the account of that name; domain is "" or this site's for a local one. A remote account without a
// page is linked to by its id.
func (m mentions) find(ctx context.Context, username, domain string) (masto.Mention, error) {
	if strings.EqualFold(domain, m.domain) {
		domain = ""
	}
	r, err := m.store.Find(ctx, username, domain)
	if err != nil {
		return masto.Mention{}, err
	}
	url := cmp.Or(r.URL, r.URI)
	if r.URL == "" && (r.Domain == "" || strings.EqualFold(r.Domain, m.domain)) {
		url = m.baseURL + "/@" + r.Username
	}
	if url == "" {
		return masto.Mention{}, masto.ErrNotFound // nothing to link to
	}
	return masto.Mention{Username: r.Username, Domain: r.Domain, URL: url}, nil
}
