package masto

import (
	"encoding/json"
	"time"
)

// Profile is one's own profile with its raw values, as GET and PATCH /api/v1/profile answer it. Entities, "Profile" (since 4.6.0,
// API version 8). A [Record] keeps one too: then Formatted… and Extra are empty. The zero Profile is valid.
type Profile struct {
	// ID is the id of the account, as text. Wire name id, since 4.6.0.
	ID string
	// DisplayName is plain text of at most [Limits].DisplayName code points; "" is none. Wire name display_name, since 4.6.0.
	DisplayName string
	// Note is the bio as raw text of at most [Limits].Note as [NoteLength] counts, not HTML (HTML in the Record of a remote account). Wire name note, since 4.6.0.
	Note string
	// Fields are the rows of the profile's table with raw text as Value, at most [Limits].Fields; nil is encoded as []. Wire name fields, since 4.6.0.
	Fields []Field
	// FormattedNote is Note as HTML, set by [Site.Profile]; "" leaves the member out where FormattedFields is nil too. Wire name formatted_note, sent since 4.6.0, not documented.
	FormattedNote string
	// FormattedFields are Fields with HTML as Value, set by [Site.Profile]; nil leaves the member out. Wire name formatted_fields, sent since 4.6.0, not documented.
	FormattedFields []Field
	// Avatar is the address of the picture; "" is null: none is set. Wire name avatar, since 4.6.0.
	Avatar string
	// AvatarStatic is the address of a still frame of it; "" is null. Wire name avatar_static, since 4.6.0.
	AvatarStatic string
	// AvatarDescription is the alternative text of the avatar, at most [Limits].AvatarDescription code points; it stays when the
	// picture is removed. Wire name avatar_description, since 4.6.0 (API version 9).
	AvatarDescription string
	// Header is the address of the banner; "" is null: none is set. Wire name header, since 4.6.0.
	Header string
	// HeaderStatic is the address of a still frame of it; "" is null. Wire name header_static, since 4.6.0.
	HeaderStatic string
	// HeaderDescription is the alternative text of the banner, like AvatarDescription. Wire name header_description, since 4.6.0 (API version 9).
	HeaderDescription string
	// Locked tells that follow requests are approved by hand. Wire name locked, since 4.6.0.
	Locked bool
	// Bot tells that the account may act automatically. Wire name bot, since 4.6.0.
	Bot bool
	// HideCollections tells whether followers and followed accounts are hidden; nil (null): never decided. Wire name hide_collections, since 4.6.0.
	HideCollections *bool
	// Discoverable tells whether the account takes part in discovery; nil (null): never decided. Wire name discoverable, since 4.6.0.
	Discoverable *bool
	// Indexable tells whether public posts may be searched by anyone. Wire name indexable, since 4.6.0.
	Indexable bool
	// ShowMedia tells whether the profile has a Media tab. Wire name show_media, since 4.6.0.
	ShowMedia bool
	// ShowMediaReplies tells whether that tab has the media of replies too. Wire name show_media_replies, since 4.6.0.
	ShowMediaReplies bool
	// ShowFeatured tells whether the profile has a Featured tab. Wire name show_featured, since 4.6.0.
	ShowFeatured bool
	// AttributionDomains are the websites that may credit the account, at most [Limits].AttributionDomains; nil is encoded as []. Wire name attribution_domains, since 4.6.0.
	AttributionDomains []string
	// FeaturedTags are the hashtags on the profile; nil is encoded as []. Wire name featured_tags, since 4.6.0.
	FeaturedTags []FeaturedTag
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}

// FeaturedTag is a hashtag that is shown on a profile. Entities, "FeaturedTag" (since 3.0.0).
type FeaturedTag struct {
	// ID is the id of the featured tag, as text. Wire name id, since 3.0.0.
	ID string
	// Name is the hashtag as it is shown, without #. Wire name name, since 3.0.0.
	Name string
	// URL is the address of the profile's posts with this tag. In a [Record] "" stands for the [Site]'s scheme. Wire name url, since 3.3.0.
	URL string
	// StatusesCount is how many of the account's posts have the tag; a decimal number as text on the wire. Wire name statuses_count, since 3.0.0.
	StatusesCount int64
	// LastStatusAt is the day of the newest of them; the zero time is null: none. A date on the wire. Wire name last_status_at, since 3.0.0.
	LastStatusAt time.Time
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}
