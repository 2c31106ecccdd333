package sqlstore

import (
	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/fold"
)

// account is a row of masto_accounts: a Record whose MovedTo is an id.
type account struct {
	masto.Record
	movedToID *string
}

// accountOf returns the row that r is stored as. It shares what r points to.
func accountOf(r *masto.Record) *account {
	a := &account{Record: *r}
	if r.MovedTo != nil {
		a.movedToID = &r.MovedTo.Profile.ID
	}
	return a
}

// target returns a copy of the account as that which another one moved to: its
// own move is not followed. It is nil for nil.
func (a *account) target() *masto.Record {
	if a == nil {
		return nil
	}
	r := a.Record
	r.MovedTo = nil
	return r.Clone()
}

// column is a column and its value in one account: a pointer, to read it into
// or to write it from.
type column struct {
	name  string
	value any
}

// columns are all columns of a Record.
func (a *account) columns() []column {
	return append(a.profile(), a.rest()...)
}

// insertion is what a new row has: all columns of a Record, and the keys by
// which Find compares its name.
func (a *account) insertion() []column {
	return append(a.columns(),
		column{"username_key", fold.Key(a.Username)},
		column{"domain_key", fold.Key(a.Domain)},
	)
}

// profile are the columns that an Update writes.
func (a *account) profile() []column {
	p, d := &a.Profile, &a.Posting
	return []column{
		{"display_name", &p.DisplayName},
		{"note", &p.Note},
		{"fields", (*fields)(&p.Fields)},
		{"avatar", &p.Avatar},
		{"avatar_static", &p.AvatarStatic},
		{"avatar_description", &p.AvatarDescription},
		{"header", &p.Header},
		{"header_static", &p.HeaderStatic},
		{"header_description", &p.HeaderDescription},
		{"locked", &p.Locked},
		{"bot", &p.Bot},
		{"hide_collections", &p.HideCollections},
		{"discoverable", &p.Discoverable},
		{"indexable", &p.Indexable},
		{"show_media", &p.ShowMedia},
		{"show_media_replies", &p.ShowMediaReplies},
		{"show_featured", &p.ShowFeatured},
		{"attribution_domains", (*domains)(&p.AttributionDomains)},
		{"featured_tags", (*featuredTags)(&p.FeaturedTags)},
		{"posting_privacy", &d.Privacy},
		{"posting_sensitive", &d.Sensitive},
		{"posting_language", &d.Language},
		{"posting_quote_policy", &d.QuotePolicy},
	}
}

// rest are the columns that an Update leaves alone.
func (a *account) rest() []column {
	return []column{
		{"id", &a.Profile.ID},
		{"username", &a.Username},
		{"domain", &a.Domain},
		{"url", &a.URL},
		{"uri", &a.URI},
		{"is_group", &a.Group},
		{"suspended", &a.Suspended},
		{"limited", &a.Limited},
		{"memorial", &a.Memorial},
		{"invalid_handle", &a.InvalidHandle},
		{"noindex", &a.Noindex},
		{"created_at", (*instant)(&a.CreatedAt)},
		{"last_status_at", (*instant)(&a.LastStatusAt)},
		{"followers_count", &a.FollowersCount},
		{"following_count", &a.FollowingCount},
		{"statuses_count", &a.StatusesCount},
		{"follow_requests_count", &a.FollowRequestsCount},
		{"role", &role{&a.Role}},
		{"email_subscriptions", &a.EmailSubscriptions},
		{"moved_to_id", &a.movedToID},
	}
}

// targets returns the values of columns, to be scanned into or as arguments.
func targets(columns []column) []any {
	values := make([]any, len(columns))
	for i, c := range columns {
		values[i] = c.value
	}
	return values
}
