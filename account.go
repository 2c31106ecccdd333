package masto

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Account is a user of the fediverse and their profile, as the REST API shows
// it to anybody.
//
// It is the Account entity of the Mastodon documentation (Entities, "Account";
// versions 0.1.0 to 4.6), with a few attributes that the reference sends and
// the documentation lacks. [Site.Account] makes one from a [Record];
// [Account.UnmarshalJSON] reads one from any server. The zero Account is valid
// and encodes with empty values.
//
// A struct that embeds Account inherits its JSON methods, and so loses its own
// members. Keep those in a type of their own, and read them from Extra and
// write them there:
//
//	type Mine struct {
//		Followed bool `json:"followed"`
//	}
//
//	var mine Mine
//	err := account.DecodeExtra(&mine)
//	err = account.EncodeExtra(mine)
type Account struct {
	// ID is the id of the account on the server that sent it, as text: usually
	// digits; treat it as opaque. Since 0.1.0.
	ID string `json:"id"`
	// Username is the name without a domain. Since 0.1.0.
	Username string `json:"username"`
	// Acct is the username for a local account, username@domain for a remote
	// one; the domain is in Unicode. Since 0.1.0.
	Acct string `json:"acct"`
	// DisplayName is plain text with :shortcodes: in it, at most
	// [Limits].DisplayName code points for a local account. "" is no name.
	// Since 0.1.0.
	DisplayName string `json:"display_name"`
	// Locked reports that the user approves follow requests by hand. Since
	// 0.1.0.
	Locked bool `json:"locked"`
	// Bot reports that the account may act automatically (actor types Service
	// and Application). Since 2.4.0.
	Bot bool `json:"bot"`
	// Discoverable reports whether the account takes part in discovery, such as
	// the profile directory; nil is null: the user never decided. Since 3.1.0.
	Discoverable *bool `json:"discoverable"`
	// Indexable reports whether anyone may search the public posts. Since
	// 4.3.0.
	Indexable bool `json:"indexable"`
	// Group reports that the account is a group (actor type Group). Since
	// 3.1.0.
	Group bool `json:"group"`
	// CreatedAt is when the account was created, to the day since 3.4.0
	// (midnight UTC). The zero time is unknown, and is encoded as 1970-01-01.
	// It is encoded with milliseconds and Z. Since 0.1.0.
	CreatedAt time.Time `json:"created_at"`
	// Note is the bio as HTML. Pass what another server sent through
	// [SanitizeHTML] before you show it. Since 0.1.0.
	Note string `json:"note"`
	// URL is the address of the profile's page; "" is null. Since 0.1.0.
	URL string `json:"url"`
	// URI is the ActivityPub id of the actor; "" where a server does not send
	// it. Since 4.2.0.
	URI string `json:"uri"`
	// Avatar is the address of the picture, possibly animated. Not nullable: ""
	// stays "". If none is set, servers send the address of a placeholder,
	// which ends in /avatars/original/missing.png. Since 0.1.0.
	Avatar string `json:"avatar"`
	// AvatarStatic is the address of a still frame; the same as Avatar unless
	// that is animated. Since 1.1.2.
	AvatarStatic string `json:"avatar_static"`
	// AvatarDescription is the alternative text of the avatar, plain text of at
	// most [Limits].AvatarDescription code points; "" is none. Since 4.6.0 (API
	// version 9).
	AvatarDescription string `json:"avatar_description"`
	// Header is the address of the banner, like Avatar; the placeholder ends in
	// /headers/original/missing.png. Since 0.1.0.
	Header string `json:"header"`
	// HeaderStatic is the address of a still frame of the banner, like
	// AvatarStatic. Since 1.1.2.
	HeaderStatic string `json:"header_static"`
	// HeaderDescription is the alternative text of the banner, like
	// AvatarDescription. Since 4.6.0 (API version 9).
	HeaderDescription string `json:"header_description"`
	// FollowersCount is how many accounts follow this one, as reported; -1
	// means hidden by the user, as forks send it. Since 0.1.0.
	FollowersCount int64 `json:"followers_count"`
	// FollowingCount is how many accounts this one follows, as reported; -1
	// means hidden. Since 0.1.0.
	FollowingCount int64 `json:"following_count"`
	// StatusesCount is how many posts the account has made, as far as the
	// server knows; -1 means hidden. Since 0.1.0.
	StatusesCount int64 `json:"statuses_count"`
	// LastStatusAt is the day of the newest post; the zero time is null: there
	// is none yet. A time of day, as sent before 3.1.0, is kept and not
	// encoded. Since 3.0.0.
	LastStatusAt time.Time `json:"last_status_at"`
	// HideCollections reports whether the followers and the followed accounts
	// are hidden; nil is null: the user never decided. Since 4.3.0.
	HideCollections *bool `json:"hide_collections"`
	// ShowMedia reports whether the profile has a Media tab; nil leaves the
	// member out: the server does not say. Since 4.6.0.
	ShowMedia *bool `json:"show_media"`
	// ShowMediaReplies reports whether that tab includes the media of replies;
	// nil as for ShowMedia. Since 4.6.0.
	ShowMediaReplies *bool `json:"show_media_replies"`
	// ShowFeatured reports whether the profile has a Featured tab; nil as for
	// ShowMedia. Since 4.6.0.
	ShowFeatured *bool `json:"show_featured"`
	// Suspended reports that the server suspended the account; false leaves the
	// member out. Since 3.3.0.
	Suspended bool `json:"suspended"`
	// Limited reports that the server silenced the account; clients show it
	// behind a warning; false leaves the member out. Since 3.5.3.
	Limited bool `json:"limited"`
	// Noindex reports whether a local user has opted out of search engines; nil
	// leaves the member out: a remote account, or unknown. (The reference sends
	// null for a local account without a user.) Since 4.0.0.
	Noindex *bool `json:"noindex"`
	// Memorial reports that the account is a memorial for someone who has died;
	// false leaves the member out. Since 4.2.0.
	Memorial bool `json:"memorial"`
	// FeatureApproval says who may feature the account in a collection; nil
	// leaves the member out: the server does not say. [Site] always says. Since
	// 4.6.0.
	FeatureApproval *FeatureApproval `json:"feature_approval"`
	// EmailSubscriptions reports whether people can subscribe to the account's
	// posts by mail; nil leaves the member out: the server has no such feature.
	// Since 4.6, not documented.
	EmailSubscriptions *bool `json:"email_subscriptions"`
	// InvalidHandle reports that Acct cannot be looked up; false leaves the
	// member out. Since 4.6, not documented.
	InvalidHandle bool `json:"invalid_handle"`
	// Moved is the account that the user moved to, which has no Moved itself;
	// nil leaves the member out: the user has not moved. (The reference sends
	// null for a suspended account that moved.) Since 2.1.0.
	Moved *Account `json:"moved"`
	// Emojis are the custom emojis that occur in DisplayName, Note and Fields;
	// nil is encoded as []. Since 2.4.0.
	Emojis []CustomEmoji `json:"emojis"`
	// Roles are the publicly visible roles of a local account; nil leaves the
	// member out: a remote account. An empty slice is encoded as []. Since
	// 4.1.0.
	Roles []AccountRole `json:"roles"`
	// Fields are the rows of the profile's table, at most [Limits].Fields for a
	// local account; their Value is HTML here. nil is encoded as []. Since
	// 2.4.0.
	Fields []Field `json:"fields"`
	// Extra has the members that this type does not know, by name, and the raw
	// text of known ones whose value could not be used; nil when there are
	// none. The former are written back after the known members, sorted by
	// name; the latter never are.
	Extra map[string]json.RawMessage `json:"-"`
}

// DecodeExtra decodes the members in a.Extra into v as encoding/json does. v is
// a pointer, for instance to a struct with json tags. Members that v does not
// name are passed over. If Extra is empty, v stays as it is. An error is one of
// encoding/json.
func (a *Account) DecodeExtra(v any) error {
	if len(a.Extra) == 0 {
		return nil
	}
	data, err := json.Marshal(a.Extra)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// EncodeExtra puts the members of v, which encodes as a JSON object, into
// a.Extra, replacing those of the same names. A member that Account has itself
// is not encoded from Extra. An error is one of encoding/json, and leaves a as
// it was.
func (a *Account) EncodeExtra(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	extra := maps.Clone(a.Extra)
	if extra == nil {
		extra = make(map[string]json.RawMessage, len(members))
	}
	maps.Copy(extra, members)
	a.Extra = extra
	return nil
}

// CredentialAccount is the Account of the user whose token was used, with the
// raw values behind it. verify_credentials, update_credentials and the DELETE
// methods of the profile answer with it. Its Extra is that of the embedded
// Account. Entities, "CredentialAccount".
type CredentialAccount struct {
	Account
	// Source has the raw values for an edit form; the zero Source where a
	// server sends none. Since 2.4.0.
	Source Source `json:"source"`
	// Role is the user's whole role; nil is null: the server does not say.
	// Since 4.0.0.
	Role *Role `json:"role"`
}

// MutedAccount is an Account that the viewer has muted. Its Extra is that of
// the embedded Account. Entities, "MutedAccount".
type MutedAccount struct {
	Account
	// MuteExpiresAt is when the mute ends; the zero time is null: it does not
	// end. It is encoded with milliseconds and Z. Since 3.3.0.
	MuteExpiresAt time.Time `json:"mute_expires_at"`
}

// PartialAccountWithAvatar is the part of an account that a list of pictures
// needs. The zero value is valid. Methods, "grouped_notifications".
type PartialAccountWithAvatar struct {
	// ID is the id of the account, as text. Since 4.3.0.
	ID string `json:"id"`
	// Acct is the address of the account, as in [Account]. Since 4.3.0.
	Acct string `json:"acct"`
	// Locked reports that the user approves follow requests by hand. Since
	// 4.3.0.
	Locked bool `json:"locked"`
	// Bot reports that the account may act automatically. Since 4.3.0.
	Bot bool `json:"bot"`
	// URL is the address of the profile's page; "" is null. Since 4.3.0.
	URL string `json:"url"`
	// Avatar is the address of the picture, as in [Account]: a placeholder
	// where none is set; "" stays "". Since 4.3.0.
	Avatar string `json:"avatar"`
	// AvatarStatic is the address of a still frame; the same as Avatar unless
	// that is animated. Since 4.3.0.
	AvatarStatic string `json:"avatar_static"`
	// AvatarDescription is the alternative text of the avatar; "" is none.
	// Since 4.6.0.
	AvatarDescription string `json:"avatar_description"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

// Source has the values of a user's own account as they were entered, and the
// defaults of new posts. Entities, "CredentialAccount", source.
type Source struct {
	// Privacy is the visibility of new posts: [PrivacyPublic],
	// [PrivacyUnlisted], [PrivacyPrivate] or [PrivacyDirect]. Since 1.5.0.
	Privacy string `json:"privacy"`
	// Sensitive reports whether the media of new posts are marked as sensitive.
	// Since 1.5.0.
	Sensitive bool `json:"sensitive"`
	// Language is the language of new posts as a tag, such as de or zh-TW; nil
	// is null. nil and "" both mean that none was chosen, and both survive
	// decoding and encoding. Since 2.4.2.
	Language *string `json:"language"`
	// Note is the bio as raw text, not HTML. Since 1.5.0.
	Note string `json:"note"`
	// Fields are the rows of the profile's table with raw text as Value, not
	// HTML. nil is encoded as []. Since 2.4.0.
	Fields []Field `json:"fields"`
	// FollowRequestsCount is how many follow requests are pending; the
	// reference stops counting at 40. Since 3.0.0.
	FollowRequestsCount int64 `json:"follow_requests_count"`
	// HideCollections is as in [Account]; nil is null. Since 4.1.0.
	HideCollections *bool `json:"hide_collections"`
	// Discoverable is as in [Account]; nil is null. Since 3.1.0.
	Discoverable *bool `json:"discoverable"`
	// Indexable is as in [Account]. Since 4.3.0.
	Indexable bool `json:"indexable"`
	// AttributionDomains are the websites that may credit the account; nil is
	// encoded as []. Since 4.4.0 (API version 3).
	AttributionDomains []string `json:"attribution_domains"`
	// QuotePolicy is who may quote new posts: [QuotePublic], [QuoteFollowers]
	// or [QuoteNobody]; "" leaves the member out: the server does not say.
	// Since 4.5.0.
	QuotePolicy string `json:"quote_policy"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

// CustomEmoji is a picture that stands for a shortcode in a text. Entities,
// "CustomEmoji".
type CustomEmoji struct {
	// Shortcode is the name between the colons: ASCII letters, digits and
	// underscores. Since 2.0.0.
	Shortcode string `json:"shortcode"`
	// URL is the address of the picture, possibly animated; relative on some
	// servers. Since 2.0.0.
	URL string `json:"url"`
	// StaticURL is the address of a still frame. Since 2.0.0.
	StaticURL string `json:"static_url"`
	// VisibleInPicker reports whether a picker offers the emoji. Since 2.0.0.
	VisibleInPicker bool `json:"visible_in_picker"`
	// Category is the heading above the emoji in a picker; "" leaves the member
	// out: there is none. Since 3.0.0.
	Category string `json:"category"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

// FeatureApproval says who may feature an account in a collection. Entities,
// "FeatureApproval" (since 4.6.0).
type FeatureApproval struct {
	// Automatic are the groups that may do so without asking, from
	// [FeatureGroupPublic] to [FeatureGroupUnsupported]. nil is encoded as [].
	// Since 4.6.0.
	Automatic []string `json:"automatic"`
	// Manual are the groups whose requests are decided by hand, like Automatic.
	// Since 4.6.0.
	Manual []string `json:"manual"`
	// CurrentUser says whether the viewer may feature the account, from
	// [FeatureAutomatic] to [FeatureMissing]. Since 4.6.0.
	CurrentUser string `json:"current_user"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

// The values of Privacy in [Source], [Update] and the defaults of new posts.
const (
	PrivacyPublic   = "public"   // Everybody can see the posts.
	PrivacyUnlisted = "unlisted" // Everybody can, but they are not in public timelines.
	PrivacyPrivate  = "private"  // Only followers can.
	PrivacyDirect   = "direct"   // Only those who are mentioned can.
)

// The values of QuotePolicy in [Source], [Update] and the defaults of new
// posts.
const (
	QuotePublic    = "public"    // Everybody may quote the posts.
	QuoteFollowers = "followers" // Only followers may.
	QuoteNobody    = "nobody"    // Only the author may.
)

// The groups of accounts in Automatic and Manual of a [FeatureApproval].
const (
	FeatureGroupPublic      = "public"             // everybody
	FeatureGroupFollowers   = "followers"          // the account's followers
	FeatureGroupFollowing   = "following"          // the accounts that it follows
	FeatureGroupDisabled    = "disabled"           // nobody
	FeatureGroupUnsupported = "unsupported_policy" // a group that the server does not understand
)

// The values of CurrentUser in a [FeatureApproval].
const (
	FeatureAutomatic = "automatic" // The viewer may feature the account.
	FeatureManual    = "manual"    // The account decides on the viewer's request.
	FeatureDenied    = "denied"    // The viewer may not.
	FeatureUnknown   = "unknown"   // Only a policy that the server does not understand may allow it.
	FeatureMissing   = "missing"   // The account names no policy.
)

func (f *FeatureApproval) clone() *FeatureApproval {
	if f == nil {
		return nil
	}
	c := *f
	c.Automatic = slices.Clone(f.Automatic)
	c.Manual = slices.Clone(f.Manual)
	c.Extra = cloneExtra(f.Extra)
	return &c
}

func cloneExtra(m map[string]json.RawMessage) map[string]json.RawMessage {
	m = maps.Clone(m)
	for k, v := range m {
		m[k] = slices.Clone(v)
	}
	return m
}

func clonePtr[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// equalPtr reports whether a and b are both nil, or point to equal values.
func equalPtr[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
