package main

import (
	"context"
	"errors"

	"github.com/seed-374a2035/masto"
)

// mentions finds the accounts that bios and fields mention.
type mentions struct {
	site  *masto.Site
	store masto.Store
}

// view loads what rendering the records needs. A server with many accounts
// would ask its database once for all handles.
func (m mentions) view(ctx context.Context, records ...*masto.Record) (masto.View, error) {
	known := map[masto.Handle]masto.Mention{}
	for _, handle := range m.site.References(records...).Mentions {
		found, err := m.store.Find(ctx, handle.Username, handle.Domain)
		switch {
		case errors.Is(err, masto.ErrNotFound): // The mention stays text.
		case err != nil:
			return masto.View{}, err
		default:
			known[handle] = m.site.Mention(found)
		}
	}
	return masto.View{
		Mention: func(username, domain string) (masto.Mention, bool) {
			found, ok := known[masto.Handle{Username: username, Domain: domain}]
			return found, ok
		},
		Emoji: func(shortcode, domain string) (masto.CustomEmoji, bool) {
			return customEmoji(m.site, shortcode, domain)
		},
	}, nil
}
