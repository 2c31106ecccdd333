package masto

import (
	"encoding/json"
	"slices"
	"time"
)

// Profile is a user's own profile with its raw values, as GET and PATCH
// /api/v1/profile answer with it. A [Record] has one too, without Formatted…
// and Extra. The zero Profile is valid. Entities, "Profile" (since 4.6.0, API
// version 8).
type Profile struct {
	// ID is the id of the account, as text. Since 4.6.0.
	ID string `json:"id"`
	// DisplayName is plain text of at most [Limits].DisplayName code points; ""
	// is none. Since 4.6.0.
	DisplayName string `json:"display_name"`
	// Note is the bio as raw text, not HTML, of at most [Limits].Note as
	// [NoteLength] counts. In the Record of a remote account it is HTML. Since
	// 4.6.0.
	Note string `json:"note"`
	// Fields are the rows of the profile's table with raw text as Value, at
	// most [Limits].Fields; nil is encoded as []. Since 4.6.0.
	Fields []Field `json:"fields"`
	// FormattedNote is Note as HTML, set by [Site.Profile]; "" leaves the
	// member out if FormattedFields is nil too. Since 4.6.0, not documented.
	FormattedNote string `json:"formatted_note"`
	// FormattedFields are Fields with HTML as Value, set by [Site.Profile]; nil
	// leaves the member out. Since 4.6.0, not documented.
	FormattedFields []Field `json:"formatted_fields"`
	// Avatar is the address of the picture; "" is null: none is set. Since
	// 4.6.0.
	Avatar string `json:"avatar"`
	// AvatarStatic is the address of a still frame of it; "" is null. Since
	// 4.6.0.
	AvatarStatic string `json:"avatar_static"`
	// AvatarDescription is the alternative text of the avatar, at most
	// [Limits].AvatarDescription code points; it stays when the picture is
	// removed. Since 4.6.0 (API version 9).
	AvatarDescription string `json:"avatar_description"`
	// Header is the address of the banner; "" is null: none is set. Since
	// 4.6.0.
	Header string `json:"header"`
	// HeaderStatic is the address of a still frame of it; "" is null. Since
	// 4.6.0.
	HeaderStatic string `json:"header_static"`
	// HeaderDescription is the alternative text of the banner, like
	// AvatarDescription. Since 4.6.0 (API version 9).
	HeaderDescription string `json:"header_description"`
	// Locked reports that the user approves follow requests by hand. Since
	// 4.6.0.
	Locked bool `json:"locked"`
	// Bot reports that the account may act automatically. Since 4.6.0.
	Bot bool `json:"bot"`
	// HideCollections reports whether the followers and the followed accounts
	// are hidden; nil is null: the user never decided. Since 4.6.0.
	HideCollections *bool `json:"hide_collections"`
	// Discoverable reports whether the account takes part in discovery; nil is
	// null: the user never decided. Since 4.6.0.
	Discoverable *bool `json:"discoverable"`
	// Indexable reports whether anyone may search the public posts. Since
	// 4.6.0.
	Indexable bool `json:"indexable"`
	// ShowMedia reports whether the profile has a Media tab. Since 4.6.0.
	ShowMedia bool `json:"show_media"`
	// ShowMediaReplies reports whether that tab includes the media of replies.
	// Since 4.6.0.
	ShowMediaReplies bool `json:"show_media_replies"`
	// ShowFeatured reports whether the profile has a Featured tab. Since 4.6.0.
	ShowFeatured bool `json:"show_featured"`
	// AttributionDomains are the websites that may credit the account, at most
	// [Limits].AttributionDomains; nil is encoded as []. Since 4.6.0.
	AttributionDomains []string `json:"attribution_domains"`
	// FeaturedTags are the hashtags shown on the profile; nil is encoded as [].
	// Since 4.6.0.
	FeaturedTags []FeaturedTag `json:"featured_tags"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

func (p Profile) clone() Profile {
	p.Fields = slices.Clone(p.Fields)
	p.FormattedFields = slices.Clone(p.FormattedFields)
	p.HideCollections = clonePtr(p.HideCollections)
	p.Discoverable = clonePtr(p.Discoverable)
	p.AttributionDomains = slices.Clone(p.AttributionDomains)
	p.FeaturedTags = slices.Clone(p.FeaturedTags)
	for i := range p.FeaturedTags {
		p.FeaturedTags[i].Extra = cloneExtra(p.FeaturedTags[i].Extra)
	}
	p.Extra = cloneExtra(p.Extra)
	return p
}

// FeaturedTag is a hashtag that is shown on a profile. Entities, "FeaturedTag"
// (since 3.0.0).
type FeaturedTag struct {
	// ID is the id of the featured tag, as text. Since 3.0.0.
	ID string `json:"id"`
	// Name is the hashtag as it is shown, without #. Since 3.0.0.
	Name string `json:"name"`
	// URL is the address of the profile's posts with this tag. In a [Record],
	// "" stands for the address that [Site] makes. Since 3.3.0.
	URL string `json:"url"`
	// StatusesCount is how many of the account's posts have the tag, as text in
	// JSON. Since 3.0.0.
	StatusesCount int64 `json:"statuses_count"`
	// LastStatusAt is the day of the newest of those posts, a date in JSON; the
	// zero time is null: there is none. Since 3.0.0.
	LastStatusAt time.Time `json:"last_status_at"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}
