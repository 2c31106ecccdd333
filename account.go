package masto

import (
	"encoding/json"
	"time"
)

// Account is a user of the fediverse with the profile that goes with it, as the REST API shows it to anybody.
//
// It is the Account entity of the Mastodon documentation (Entities, "Account"; read for versions 0.1.0 to 4.6) with the
// attributes that the reference implementation sends besides. [Site.Account] makes one from a [Record]; [Account.UnmarshalJSON]
// reads one from any server. The zero Account is valid and encodes with empty values.
//
// A struct that embeds Account inherits its JSON methods, and would lose its own members when it is encoded. Embed it like this:
//
//	type MyAccount struct {
//		masto.Account
//		Followed bool
//	}
//
//	func (a MyAccount) MarshalJSON() ([]byte, error) {
//		b := a.Account.AppendJSON(nil)
//		b = append(b[:len(b)-1], `,"followed":`...)
//		b = strconv.AppendBool(b, a.Followed)
//		return append(b, '}'), nil
//	}
//
// UnmarshalJSON likewise: call that of Account, and take the members of your own from Extra.
type Account struct {
	// ID is the id of the account on the server that sent it, as text: usually digits, never rely on it. Wire name id, since 0.1.0.
	ID string
	// Username is the name without a domain. Wire name username, since 0.1.0.
	Username string
	// Acct is the username for a local account, username@domain for a remote one; the domain is in Unicode. Wire name acct, since 0.1.0.
	Acct string
	// DisplayName is plain text with :shortcodes: in it, at most [Limits].DisplayName code points for a local account. "" is no name.
	// Wire name display_name, since 0.1.0.
	DisplayName string
	// Locked tells that follow requests are approved by hand. Wire name locked, since 0.1.0.
	Locked bool
	// Bot tells that the account may act automatically (actor types Service and Application). Wire name bot, since 2.4.0.
	Bot bool
	// Discoverable tells whether the account takes part in discovery, such as the profile directory; nil (null): never decided.
	// Wire name discoverable, since 3.1.0.
	Discoverable *bool
	// Indexable tells whether public posts may be searched by anyone. Wire name indexable, since 4.3.0.
	Indexable bool
	// Group tells that the account is a group (actor type Group). Wire name group, since 3.1.0.
	Group bool
	// CreatedAt is when the account was made, to the day since 3.4.0 (midnight UTC). The zero time is "not known" and is encoded as
	// 1970-01-01. Wire name created_at, since 0.1.0; milliseconds and Z when encoded.
	CreatedAt time.Time
	// Note is the bio as HTML. What another server sent must go through [SanitizeHTML] before it is shown. Wire name note, since 0.1.0.
	Note string
	// URL is the address of the profile's page; "" is null. Wire name url, since 0.1.0.
	URL string
	// URI is the ActivityPub id of the actor. Wire name uri, since 4.2.0: "" where a server does not send it.
	URI string
	// Avatar is the address of the picture, possibly animated. Not nullable: "" stays "". Servers send the address of a placeholder
	// that ends in /avatars/original/missing.png when none is set. Wire name avatar, since 0.1.0.
	Avatar string
	// AvatarStatic is the address of a still frame; the same as Avatar where that is not animated. Wire name avatar_static, since 1.1.2.
	AvatarStatic string
	// AvatarDescription is the alternative text of the avatar, plain text of at most [Limits].AvatarDescription code points; "" is none.
	// Wire name avatar_description, since 4.6.0 (API version 9).
	AvatarDescription string
	// Header is the address of the banner, like Avatar; the placeholder ends in /headers/original/missing.png. Wire name header, since 0.1.0.
	Header string
	// HeaderStatic is the address of a still frame of the banner. Wire name header_static, since 1.1.2.
	HeaderStatic string
	// HeaderDescription is the alternative text of the banner, like AvatarDescription. Wire name header_description, since 4.6.0 (API version 9).
	HeaderDescription string
	// FollowersCount is how many accounts follow this one, as reported; -1: hidden by the account's owner, a habit of forks. Wire name followers_count, since 0.1.0.
	FollowersCount int64
	// FollowingCount is how many accounts this one follows, as reported; -1: hidden. Wire name following_count, since 0.1.0.
	FollowingCount int64
	// StatusesCount is how many posts the account has made, as known; -1: hidden. Wire name statuses_count, since 0.1.0.
	StatusesCount int64
	// LastStatusAt is the day of the newest post; the zero time is null: no post yet. Wire name last_status_at, since 3.0.0, a date
	// without time since 3.1.0; a time of day that an older server sends is kept here and not encoded.
	LastStatusAt time.Time
	// HideCollections tells whether followers and followed accounts are hidden; nil (null): never decided. Wire name hide_collections, since 4.3.0.
	HideCollections *bool
	// ShowMedia tells whether the profile has a Media tab; nil: the server does not say (before 4.6), and the member is left out. Wire name show_media, since 4.6.0.
	ShowMedia *bool
	// ShowMediaReplies tells whether that tab has the media of replies too; nil as with ShowMedia. Wire name show_media_replies, since 4.6.0.
	ShowMediaReplies *bool
	// ShowFeatured tells whether the profile has a Featured tab; nil as with ShowMedia. Wire name show_featured, since 4.6.0.
	ShowFeatured *bool
	// Suspended tells that the account was suspended; left out when false. Wire name suspended, since 3.3.0.
	Suspended bool
	// Limited tells that the account was silenced and belongs behind a warning; left out when false. Wire name limited, since 3.5.3.
	Limited bool
	// Noindex tells that a local user opted out of being indexed by search engines; nil: remote, or not known, and the member is
	// left out (the reference sends null for a local account without a user). Wire name noindex, since 4.0.0.
	Noindex *bool
	// Memorial tells that the account is kept in memory of a dead person; left out when false. Wire name memorial, since 4.2.0.
	Memorial bool
	// FeatureApproval says who may feature the account in a collection; nil: the
	// server does not say, and the member is left out. [Site] always says. Wire
	// name feature_approval, since 4.6.0.
	FeatureApproval *FeatureApproval
	// EmailSubscriptions tells whether one can subscribe to the account's posts by mail; nil: the server has no such thing, and the
	// member is left out. Wire name email_subscriptions, sent by 4.6 and newer, not documented.
	EmailSubscriptions *bool
	// InvalidHandle tells that Acct is no address that can be looked up; left out when false. Wire name invalid_handle, sent by
	// 4.6 and newer, not documented.
	InvalidHandle bool
	// Moved is the account that the user moved to; nil: not moved, and the member is left out (the reference sends null for a
	// suspended account that moved). It has no Moved itself. Wire name moved, since 2.1.0.
	Moved *Account
	// Emojis are the custom emojis that occur in DisplayName, Note and Fields; nil is encoded as []. Wire name emojis, since 2.4.0.
	Emojis []CustomEmoji
	// Roles are the publicly visible roles of a local account; nil: a remote account, and the member is left out; empty: none, [].
	// Wire name roles, since 4.1.0.
	Roles []AccountRole
	// Fields are the rows of the profile's table, at most [Limits].Fields for a local account; their Value is HTML here. nil is
	// encoded as []. Wire name fields, since 2.4.0.
	Fields []Field
	// Extra has the members that this type does not know, by their wire name, and the raw text of known ones whose value could not
	// be used; nil when there are none. The former are written back after the known members, sorted by name; the latter never are.
	Extra map[string]json.RawMessage
}

// CredentialAccount is the Account of the user whose token was used, with the values behind it. Entities, "CredentialAccount".
// It is what verify_credentials, update_credentials and the DELETE methods of the profile answer. Extra is the embedded Account's.
type CredentialAccount struct {
	Account
	// Source has the raw values for an edit form. Wire name source, since 2.4.0. A server that sends none leaves the zero Source.
	Source Source
	// Role is the user's whole role; nil (null): the server did not say. Wire name role, since 4.0.0.
	Role *Role
}

// MutedAccount is an Account that the viewer has muted. Entities, "MutedAccount".
type MutedAccount struct {
	Account
	// MuteExpiresAt is when the mute ends; the zero time is null: it has no end. Wire name mute_expires_at, since 3.3.0;
	// milliseconds and Z when encoded.
	MuteExpiresAt time.Time
}

// PartialAccountWithAvatar is what a list that only shows pictures needs of an
// account. Methods, "grouped_notifications"; the zero value is valid.
type PartialAccountWithAvatar struct {
	// ID is the id of the account, as text. Wire name id, since 4.3.0.
	ID string
	// Acct is as in [Account]. Wire name acct, since 4.3.0.
	Acct string
	// Locked reports that follow requests are approved by hand. Wire name locked,
	// since 4.3.0.
	Locked bool
	// Bot reports that the account may act automatically. Wire name bot, since
	// 4.3.0.
	Bot bool
	// URL is the address of the profile's page; "" is null. Wire name url, since
	// 4.3.0.
	URL string
	// Avatar is the address of the picture, as in [Account]: a placeholder where
	// none is set; "" stays "". Wire name avatar, since 4.3.0.
	Avatar string
	// AvatarStatic is the address of a still frame; the same as Avatar where that
	// is not animated. Wire name avatar_static, since 4.3.0.
	AvatarStatic string
	// AvatarDescription is the alternative text of the avatar; "" is none. Wire
	// name avatar_description, since 4.6.0.
	AvatarDescription string
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}

// Source has the values of one's own account as they were entered, and the defaults of new posts. Entities, "CredentialAccount", source.
type Source struct {
	// Privacy is the visibility of new posts: public, unlisted, private or direct. Wire name privacy, since 1.5.0.
	Privacy string
	// Sensitive tells whether media of new posts are marked sensitive. Wire name sensitive, since 1.5.0.
	Sensitive bool
	// Language is the language of new posts as a tag, de or zh-TW; nil (null) or "": none was chosen. Servers send both, both survive. Wire name language, since 2.4.2.
	Language *string
	// Note is the bio as raw text, not HTML. Wire name note, since 1.5.0.
	Note string
	// Fields are the rows of the profile's table with raw text as Value, not HTML. nil is encoded as []. Wire name fields, since 2.4.0.
	Fields []Field
	// FollowRequestsCount is how many follow requests wait (the reference stops counting at 40). Wire name follow_requests_count, since 3.0.0.
	FollowRequestsCount int64
	// HideCollections is as in [Account]; nil is null. Wire name hide_collections, since 4.1.0.
	HideCollections *bool
	// Discoverable is as in [Account]; nil is null. Wire name discoverable, since 3.1.0.
	Discoverable *bool
	// Indexable is as in [Account]. Wire name indexable, since 4.3.0.
	Indexable bool
	// AttributionDomains are the websites that may credit the account; nil is encoded as []. Wire name attribution_domains, since 4.4.0 (API version 3).
	AttributionDomains []string
	// QuotePolicy is who may quote new posts: public, followers or nobody; ""
	// where a server does not say, and the member is left out. Wire name
	// quote_policy, since 4.5.0.
	QuotePolicy string
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}

// AccountRole is what anybody may know of a role. Entities, "AccountRole".
type AccountRole struct {
	// ID is the id of the role, as text. Wire name id, since 4.1.0.
	ID string
	// Name is the name that is shown. Wire name name, since 4.1.0.
	Name string
	// Color is a hex code such as #ff3bff; "" is none. Wire name color, since 4.1.0.
	Color string
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}

// Role is the whole role of the user whose token was used. Entities, "Role".
type Role struct {
	// ID is the id of the role, as text; "-99" is the role of everyone. Wire name id, since 4.0.0.
	ID string
	// Name is the name that is shown; "" for the role of everyone. Wire name name, since 4.0.0.
	Name string
	// Permissions are what the role allows, a decimal number as text on the wire. Wire name permissions, since 4.0.0.
	Permissions Permissions
	// Color is a hex code such as #ff3bff; "" is none. Wire name color, since 4.0.0.
	Color string
	// Highlighted tells whether the role is shown as a badge, and so stands in Account's Roles. Wire name highlighted, since 4.0.0.
	Highlighted bool
	// CollectionLimit is how many collections the user may have; nil: the server does not say, and the member is left out.
	// Wire name collection_limit, sent since 4.6, not documented.
	CollectionLimit *int
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}

// EveryoneRole returns the role that a user without any other has: id "-99", the permission to invite users, not highlighted,
// and, like the reference generation, up to 10 collections.
func EveryoneRole() Role {
	limit := 10
	return Role{ID: "-99", Permissions: PermissionInviteUsers, CollectionLimit: &limit}
}

// public returns what anybody may know of r.
func (r *Role) public() AccountRole {
	return AccountRole{ID: r.ID, Name: r.Name, Color: r.Color}
}

// Permissions is a set of what a role allows, a bit for each. Entities, "Role", permissions; the newest ones from the reference
// generation, which sends them undocumented. The zero value allows nothing. Unknown bits survive.
type Permissions uint64

// The permissions of a role.
const (
	PermissionAdministrator            Permissions = 1 << iota // everything
	PermissionDevops                                           // Sidekiq and database dashboards
	PermissionViewAuditLog                                     // what moderators did
	PermissionViewDashboard                                    // the admin dashboard
	PermissionManageReports                                    // reports
	PermissionManageFederation                                 // blocking and allowing other domains
	PermissionManageSettings                                   // the site's settings
	PermissionManageBlocks                                     // blocking mail providers and IP addresses
	PermissionManageTaxonomies                                 // trends and hashtags
	PermissionManageAppeals                                    // appeals against moderation
	PermissionManageUsers                                      // other users' details and moderation of them
	PermissionManageInvites                                    // invitations
	PermissionManageRules                                      // the server's rules
	PermissionManageAnnouncements                              // announcements
	PermissionManageCustomEmojis                               // custom emojis
	PermissionManageWebhooks                                   // webhooks
	PermissionInviteUsers                                      // inviting people
	PermissionManageRoles                                      // roles below one's own
	PermissionManageUserAccess                                 // other users' second factors, addresses and passwords
	PermissionDeleteUserData                                   // deleting other users' data at once
	PermissionViewFeeds                                        // live feeds that are closed to others
	PermissionInviteBypassApproval                             // invitations that need no approval
	PermissionManageEmailSubscriptions                         // letting others subscribe by mail
)

// Has tells whether p allows all of what; an administrator may everything.
func (p Permissions) Has(what Permissions) bool {
	return p&PermissionAdministrator != 0 || p&what == what
}

// CustomEmoji is a picture that stands for a shortcode in a text. Entities, "CustomEmoji".
type CustomEmoji struct {
	// Shortcode is the name between the colons: ASCII letters, digits and underscores. Wire name shortcode, since 2.0.0.
	Shortcode string
	// URL is the address of the picture, possibly animated; relative on some servers. Wire name url, since 2.0.0.
	URL string
	// StaticURL is the address of a still frame. Wire name static_url, since 2.0.0.
	StaticURL string
	// VisibleInPicker tells whether to offer it in a picker. Wire name visible_in_picker, since 2.0.0.
	VisibleInPicker bool
	// Category is the heading to offer it under; "" is none, and the member is left out. Wire name category, since 3.0.0.
	Category string
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}

// FeatureApproval says who may feature an account in a collection. Entities,
// "FeatureApproval" (since 4.6.0).
type FeatureApproval struct {
	// Automatic are the groups that may without asking: public, followers,
	// following, disabled, unsupported_policy. nil is encoded as []. Wire name automatic,
	// since 4.6.0.
	Automatic []string
	// Manual are the groups whose request is decided by hand, like Automatic.
	// Wire name manual, since 4.6.0.
	Manual []string
	// CurrentUser is what holds for the viewer: automatic, manual, denied,
	// unknown or missing. Wire name current_user, since 4.6.0.
	CurrentUser string
	// Extra is as in [Account].
	Extra map[string]json.RawMessage
}
