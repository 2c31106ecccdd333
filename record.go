package masto

import (
	"slices"
	"strings"
	"time"
)

// Record is one account as a server keeps it: text as it was entered (a local account) or HTML as it came (a remote one).
// [Site.Account] and its siblings make entities from it. The zero Record is valid: a local account without a name.
//
// How a server stores it is its own business: a [Store] is asked for whole Records and may fill whatever its tables do not have
// with the zero value.
type Record struct {
	// Username is the name without a domain.
	Username string
	// Domain is the host of a remote account, in ASCII (punycode) as a rule; "" or the Site's own domain: a local account.
	Domain string
	// URL is the address of the profile's page; "" stands for the Site's scheme of addresses (local) or for URI (remote).
	URL string
	// URI is the ActivityPub id of the actor; "" stands for the Site's scheme of addresses.
	URI string
	// Profile has the raw values: Note and the Values of Fields are plain text as entered in a local account, HTML as received in a
	// remote one. Its Formatted… members and Extra stay empty. Avatar and Header are "" where none is set.
	Profile Profile
	// Posting has the defaults of new posts.
	Posting Posting
	// Group tells that the account is a group.
	Group bool
	// Suspended hides everything that the user wrote from the Account entity; Source and Profile keep it.
	Suspended bool
	// Limited tells that the account was silenced.
	Limited bool
	// Memorial tells that the account is kept in memory of a dead person.
	Memorial bool
	// InvalidHandle tells that the address of a remote account cannot be looked up; it is then shown as username@handle.invalid.
	InvalidHandle bool
	// Noindex tells that the user opted out of search engines; nil: not known. It is shown of local accounts only.
	Noindex *bool
	// CreatedAt is when the account was made; the entity shows its day (midnight UTC).
	CreatedAt time.Time
	// LastStatusAt is when the newest post was made; zero: none yet.
	LastStatusAt time.Time
	// The counters; -1 stands for hidden and is shown as it is. FollowRequestsCount is shown up to 40, as the reference counts.
	FollowersCount, FollowingCount, StatusesCount, FollowRequestsCount int64
	// Role is the user's role; nil: that of everyone ([EveryoneRole]).
	Role *Role
	// EmailSubscriptions tells whether one can subscribe by mail; nil: the server has no such thing.
	EmailSubscriptions *bool
	// MovedTo is the account that the user moved to; nil: none. Its own MovedTo is never shown.
	MovedTo *Record
}

// Posting has the defaults of a user's new posts. The zero Posting means the reference's defaults.
type Posting struct {
	// Privacy is public, unlisted, private or direct; "" stands for private if the account is locked, and else for public.
	Privacy string
	// Sensitive tells whether media are marked sensitive.
	Sensitive bool
	// Language is the tag of a language, as in de and zh-TW, stored as it was
	// sent; nil or "": none was chosen.
	Language *string
	// QuotePolicy is public, followers or nobody; "" stands for public.
	QuotePolicy string
}

// Clone returns a deep copy of r that shares nothing with it; nil for nil.
func (r *Record) Clone() *Record {
	if r == nil {
		return nil
	}
	c := *r
	c.Profile = r.Profile.clone()
	c.Posting.Language = clonePtr(r.Posting.Language)
	c.Noindex = clonePtr(r.Noindex)
	c.Role = r.Role.clone()
	c.EmailSubscriptions = clonePtr(r.EmailSubscriptions)
	c.MovedTo = r.MovedTo.Clone()
	return &c
}

// Pictures says where the uploads of an [Update] were stored; an upload that it does not name is not taken over.
type Pictures struct{ Avatar, Header Picture }

// Picture is a stored picture: its address and that of a still frame. A StaticURL of "" stands for URL: not animated.
type Picture struct{ URL, StaticURL string }

// static returns the address of the still frame.
func (p Picture) static() string {
	if p.StaticURL == "" {
		return p.URL
	}
	return p.StaticURL
}

// Changes says what an [Update] changed in a [Record], so that a server can do what follows from it. The zero Changes: nothing.
type Changes uint32

// What an update can change. A value that was set to what it was before is no change.
const (
	ChangedDisplayName Changes = 1 << iota
	// ChangedNote: the hashtags of the bio may be others now.
	ChangedNote
	// ChangedFields: rows were added, removed, changed or moved.
	ChangedFields
	// ChangedLinks: a field has a value that can be verified and is not: its link is to be checked (again). Comes with ChangedFields.
	ChangedLinks
	ChangedAvatar
	ChangedAvatarDescription
	ChangedHeader
	ChangedHeaderDescription
	ChangedLocked
	// Unlocked: the account was locked before and is not now, so pending follow requests are to be accepted. Comes with ChangedLocked.
	Unlocked
	ChangedBot
	ChangedDiscoverable
	ChangedHideCollections
	ChangedIndexable
	// ChangedShown: the tabs of the profile (ShowMedia, ShowMediaReplies, ShowFeatured).
	ChangedShown
	// ChangedAttribution: the attribution domains, so that link previews are to be attributed again.
	ChangedAttribution
	// ChangedPosting: the defaults of new posts.
	ChangedPosting
)

// changeNames are the names of the bits of Changes, in their order.
var changeNames = [...]string{
	"display name", "note", "fields", "links", "avatar", "avatar description", "header", "header description", "locked", "unlocked",
	"bot", "discoverable", "hide collections", "indexable", "shown", "attribution", "posting",
}

// Has tells whether all of what changed.
func (c Changes) Has(what Changes) bool { return c&what == what }

// String names what changed, separated by commas; "nothing" for the zero Changes.
func (c Changes) String() string {
	if c == 0 {
		return "nothing"
	}
	var names []string
	for i, name := range changeNames {
		if c&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Apply writes what u sets into r and returns what changed. It is pure but for r, copies what it takes, and judges nothing: call
// [Limits.Validate] before. u need not be as [Update.Normalized] makes it: that is done here.
//
// A field keeps its VerifiedAt if a field with an equal value was verified before (the first of them), else it has none. An upload
// that p does not say the address of leaves the picture as it is; removing a picture leaves its description.
func (r *Record) Apply(u Update, p Pictures) Changes {
	u = u.Normalized()
	var c Changes
	set(&c, &r.Profile.DisplayName, u.DisplayName, ChangedDisplayName)
	set(&c, &r.Profile.Note, u.Note, ChangedNote)
	if u.Fields.Set {
		c |= r.applyFields(u.Fields.Value)
	}
	c |= applyPicture(&r.Profile.Avatar, &r.Profile.AvatarStatic, u.Avatar, p.Avatar, ChangedAvatar)
	c |= applyPicture(&r.Profile.Header, &r.Profile.HeaderStatic, u.Header, p.Header, ChangedHeader)
	set(&c, &r.Profile.AvatarDescription, u.AvatarDescription, ChangedAvatarDescription)
	set(&c, &r.Profile.HeaderDescription, u.HeaderDescription, ChangedHeaderDescription)
	if set(&c, &r.Profile.Locked, u.Locked, ChangedLocked); c.Has(ChangedLocked) && !r.Profile.Locked {
		c |= Unlocked
	}
	set(&c, &r.Profile.Bot, u.Bot, ChangedBot)
	setPtr(&c, &r.Profile.Discoverable, u.Discoverable, ChangedDiscoverable)
	setPtr(&c, &r.Profile.HideCollections, u.HideCollections, ChangedHideCollections)
	set(&c, &r.Profile.Indexable, u.Indexable, ChangedIndexable)
	set(&c, &r.Profile.ShowMedia, u.ShowMedia, ChangedShown)
	set(&c, &r.Profile.ShowMediaReplies, u.ShowMediaReplies, ChangedShown)
	set(&c, &r.Profile.ShowFeatured, u.ShowFeatured, ChangedShown)
	if d := u.AttributionDomains; d.Set && !slices.Equal(d.Value, r.Profile.AttributionDomains) {
		r.Profile.AttributionDomains = slices.Clone(d.Value)
		c |= ChangedAttribution
	}
	set(&c, &r.Posting.Privacy, u.Posting.Privacy, ChangedPosting)
	set(&c, &r.Posting.Sensitive, u.Posting.Sensitive, ChangedPosting)
	setPtr(&c, &r.Posting.Language, u.Posting.Language, ChangedPosting)
	set(&c, &r.Posting.QuotePolicy, u.Posting.QuotePolicy, ChangedPosting)
	return c
}

// applyFields replaces the fields of r, keeping what was verified.
func (r *Record) applyFields(fields []Field) Changes {
	old := r.Profile.Fields
	fresh := make([]Field, len(fields))
	var c Changes
	if len(fields) != len(old) {
		c = ChangedFields
	}
	for i, f := range fields {
		fresh[i] = Field{Name: f.Name, Value: f.Value}
		if k := slices.IndexFunc(old, func(o Field) bool { return o.Value == f.Value }); k >= 0 {
			fresh[i].VerifiedAt = old[k].VerifiedAt
		}
		if i >= len(old) || old[i].Name != f.Name || old[i].Value != f.Value || !old[i].VerifiedAt.Equal(fresh[i].VerifiedAt) {
			c = ChangedFields
		}
	}
	if c == 0 {
		return 0
	}
	r.Profile.Fields = fresh
	if slices.ContainsFunc(fresh, Field.wantsVerifying) {
		c |= ChangedLinks
	}
	return c
}

// wantsVerifying tells whether the value of a local field could be verified and is not.
func (f Field) wantsVerifying() bool {
	if !f.VerifiedAt.IsZero() {
		return false
	}
	_, err := f.VerifiableURL()
	return err == nil
}

// applyPicture replaces or removes a picture and its still frame.
func applyPicture(url, static *string, u Opt[*Upload], p Picture, change Changes) Changes {
	switch {
	case !u.Set, u.Value != nil && p.URL == "", u.Value == nil && *url == "" && *static == "":
		return 0
	case u.Value == nil:
		*url, *static = "", ""
	default:
		*url, *static = p.URL, p.static()
	}
	return change
}

// set writes the value of o into dst, if it is set and another one.
func set[T comparable](c *Changes, dst *T, o Opt[T], change Changes) {
	if o.Set && o.Value != *dst {
		*dst = o.Value
		*c |= change
	}
}

// setPtr is set for a nullable value; it copies what o points to.
func setPtr[T comparable](c *Changes, dst **T, o Opt[*T], change Changes) {
	if o.Set && !equalPtr(*dst, o.Value) {
		*dst = clonePtr(o.Value)
		*c |= change
	}
}
