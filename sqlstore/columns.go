package sqlstore

import (
	"strings"

	"github.com/seed-374a2035/masto"
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

// column is a column and its value in one account: a pointer, for reading and for writing.
type column struct {
	name  string
	value any
}

// columns are all columns of a Record.
func (a *account) columns() []column {
	return append(a.profile(), a.rest()...)
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

// names returns the names of columns, as SELECT and INSERT list them.
func names(columns []column) string { return list(columns, func(c column) string { return c.name }) }

// marks returns a parameter for each column, as INSERT lists them.
func marks(columns []column) string { return list(columns, func(column) string { return "?" }) }

// sets returns an assignment for each column, as UPDATE lists them.
func sets(columns []column) string {
	return list(columns, func(c column) string { return c.name + " = ?" })
}

func list(columns []column, each func(column) string) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = each(c)
	}
	return strings.Join(parts, ", ")
}

// targets returns the values of columns, for scanning and as arguments.
func targets(columns []column) []any {
	values := make([]any, len(columns))
	for i, c := range columns {
		values[i] = c.value
	}
	return values
}
