package masto

import (
	"slices"
	"strings"
	"time"
)

// Changes says what an [Update], or [Record.SetVerified], changed in a
// [Record], so that a server can do what follows from it. The zero Changes
// means that nothing changed. Setting a value to what it was before is no
// change.
type Changes uint32

// The bits of Changes. One without a comment means that the attribute that it
// is named after changed.
const (
	ChangedDisplayName Changes = 1 << iota
	// ChangedNote means that the bio changed, and with it perhaps its hashtags.
	ChangedNote
	// ChangedFields means that rows were added, removed, changed or reordered,
	// or that one of them was verified or lost its verification.
	ChangedFields
	// NeedsVerification means that the value of a field can be verified (see
	// [Field.VerifiableURL]) and is not: its page is to be checked for a link
	// back. It is advice and no change, and it is set after every update while
	// that holds, since users save their profile again to ask for a new check.
	NeedsVerification
	ChangedAvatar
	ChangedAvatarDescription
	ChangedHeader
	ChangedHeaderDescription
	ChangedLocked
	// Unlocked means that the account was locked before and is not now, so that
	// pending follow requests are to be accepted. It comes with ChangedLocked.
	Unlocked
	ChangedBot
	ChangedDiscoverable
	ChangedHideCollections
	ChangedIndexable
	// ChangedTabs means that ShowMedia, ShowMediaReplies or ShowFeatured
	// changed: which tabs the profile shows.
	ChangedTabs
	// ChangedAttributionDomains means that link previews are to be attributed
	// again.
	ChangedAttributionDomains
	// ChangedPosting means that a default of new posts changed.
	ChangedPosting
)

// ChangedPublic has every change that other servers get to see. After one of
// them (see [Changes.Any]) a federated server sends an Update activity. It
// lacks ChangedHideCollections and ChangedPosting, which concern only the
// user's own server.
const ChangedPublic = ChangedDisplayName | ChangedNote | ChangedFields | ChangedAvatar | ChangedAvatarDescription |
	ChangedHeader | ChangedHeaderDescription | ChangedLocked | ChangedBot | ChangedDiscoverable | ChangedIndexable |
	ChangedTabs | ChangedAttributionDomains

// changeNames are the names of the bits of Changes, in their order.
var changeNames = [...]string{
	"display name", "note", "fields", "needs verification", "avatar", "avatar description", "header",
	"header description", "locked", "unlocked", "bot", "discoverable", "hide collections", "indexable", "tabs",
	"attribution domains", "posting",
}

// Has reports whether c has all bits of what.
func (c Changes) Has(what Changes) bool { return c&what == what }

// Any reports whether c has at least one bit of mask.
func (c Changes) Any(mask Changes) bool { return c&mask != 0 }

// String names what changed, separated by commas; "nothing" for the zero
// Changes.
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

// Pictures says where the uploads of an [Update] were stored. An upload without
// a URL here leaves the old picture as it is.
type Pictures struct{ Avatar, Header Picture }

// Picture has the address of a stored picture and that of its still frame. An
// empty StaticURL stands for URL, as for a picture that is not animated.
type Picture struct{ URL, StaticURL string }

// static returns the address of the still frame.
func (p Picture) static() string {
	if p.StaticURL == "" {
		return p.URL
	}
	return p.StaticURL
}

// Apply writes what u sets into r and returns what changed, and whether a field
// of r needs to be verified. It normalizes u, copies what it takes, and judges
// nothing: call [Limits.Validate] before.
//
// A field keeps the VerifiedAt of the first old field with an equal value, and
// has none if there is no such field. An upload that has no URL in p leaves the
// old picture as it is. Removing a picture leaves its description.
func (r *Record) Apply(u Update, p Pictures) Changes { return r.apply(u.Normalized(), p) }

// apply is Apply for an update that is normalized.
func (r *Record) apply(u Update, p Pictures) Changes {
	var c Changes
	set(&c, &r.Profile.DisplayName, u.DisplayName, ChangedDisplayName)
	set(&c, &r.Profile.Note, u.Note, ChangedNote)
	c |= r.applyFields(u.Fields)
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
	set(&c, &r.Profile.ShowMedia, u.ShowMedia, ChangedTabs)
	set(&c, &r.Profile.ShowMediaReplies, u.ShowMediaReplies, ChangedTabs)
	set(&c, &r.Profile.ShowFeatured, u.ShowFeatured, ChangedTabs)
	if d := u.AttributionDomains; d.Set && !slices.Equal(d.Value, r.Profile.AttributionDomains) {
		r.Profile.AttributionDomains = slices.Clone(d.Value)
		c |= ChangedAttributionDomains
	}
	set(&c, &r.Posting.Privacy, u.Posting.Privacy, ChangedPosting)
	set(&c, &r.Posting.Sensitive, u.Posting.Sensitive, ChangedPosting)
	setPtr(&c, &r.Posting.Language, u.Posting.Language, ChangedPosting)
	set(&c, &r.Posting.QuotePolicy, u.Posting.QuotePolicy, ChangedPosting)
	if slices.ContainsFunc(r.Profile.Fields, Field.needsVerification) {
		c |= NeedsVerification
	}
	return c
}

// applyFields replaces the fields of r. Those whose value stays keep their
// VerifiedAt.
func (r *Record) applyFields(o Opt[[]Field]) Changes {
	if !o.Set {
		return 0
	}
	fields := withVerification(o.Value, r.Profile.Fields)
	if slices.EqualFunc(fields, r.Profile.Fields, sameField) {
		return 0
	}
	r.Profile.Fields = fields
	return ChangedFields
}

// withVerification returns a copy of fields in which each one has the
// VerifiedAt of the first field of current with the same value.
func withVerification(fields, current []Field) []Field {
	verifiedAt := make(map[string]time.Time, len(current))
	for _, f := range current {
		if _, ok := verifiedAt[f.Value]; !ok {
			verifiedAt[f.Value] = f.VerifiedAt
		}
	}
	verified := make([]Field, len(fields))
	for i, f := range fields {
		verified[i] = Field{Name: f.Name, Value: f.Value, VerifiedAt: verifiedAt[f.Value]}
	}
	return verified
}

// sameField reports whether two fields have the same texts and were verified at
// the same instant, or neither was.
func sameField(a, b Field) bool { return sameText(a, b) && a.VerifiedAt.Equal(b.VerifiedAt) }

// needsVerification reports whether the value of a local field could be
// verified and is not.
func (f Field) needsVerification() bool {
	if !f.VerifiedAt.IsZero() {
		return false
	}
	return unverifiable(f.address()) == nil
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

// set writes the value of o into dst, and change into c, if o sets another
// value than dst has.
func set[T comparable](c *Changes, dst *T, o Opt[T], change Changes) {
	if o.Set && o.Value != *dst {
		*dst = o.Value
		*c |= change
	}
}

// setPtr is set for a nullable value. It copies what o points to.
func setPtr[T comparable](c *Changes, dst **T, o Opt[*T], change Changes) {
	if o.Set && !equalPtr(*dst, o.Value) {
		*dst = clonePtr(o.Value)
		*c |= change
	}
}
