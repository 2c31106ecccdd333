package masto

import "time"

// Record is one account as a server keeps it: text as it was entered (a local account) or HTML as it came (a remote one).
// [Site.Account] and its siblings make entities from it. The zero Record is
// valid: a local account without a name, with all tabs of the profile hidden.
// Start a new account with [NewRecord].
//
// How a server stores it is its own business: a [Store] is asked for whole Records and may fill whatever its tables do not have
// with the zero value.
type Record struct {
	// Username is the name without a domain.
	Username string
	// Domain is the host of a remote account, in ASCII (punycode) as a rule; "" or the Site's own domain: a local account.
	Domain string
	// URL is the address of the profile's page; "" stands for the Site's scheme
	// of addresses (local) or for URI (remote). A remote one is shown only if it
	// begins with https:// or http://, else URI is.
	URL string
	// URI is the ActivityPub id of the actor; "" stands for the Site's scheme of
	// addresses. Like URL it is shown only if its scheme is http, https, acct or
	// one that links may have.
	URI string
	// Profile has the raw values: Note and the Values of Fields are plain text as entered in a local account, HTML as received in a
	// remote one. Its Formatted… members and Extra stay empty. Avatar and Header are "" where none is set.
	Profile Profile
	// Posting has the defaults of new posts.
	Posting PostingDefaults
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
	// The counters; -1 stands for hidden and is shown as it is, what is below as
	// 0. FollowRequestsCount is shown up to 40, as the reference counts.
	FollowersCount, FollowingCount, StatusesCount, FollowRequestsCount int64
	// Role is the user's role; nil: that of everyone ([EveryoneRole]).
	Role *Role
	// EmailSubscriptions tells whether one can subscribe by mail; nil: the server has no such thing.
	EmailSubscriptions *bool
	// MovedTo is the account that the user moved to; nil: none. Its own MovedTo is never shown.
	MovedTo *Record
}

// NewRecord returns a local account as a new user has it: the three tabs of the
// profile are shown, and everything else is the zero value, so that whether the
// account is discoverable or hides its collections is not decided. id is the
// Profile.ID.
func NewRecord(id, username string) *Record {
	return &Record{
		Username: username,
		Profile:  Profile{ID: id, ShowMedia: true, ShowMediaReplies: true, ShowFeatured: true},
	}
}

// PostingDefaults has the defaults of a user's new posts. The zero value means the
// defaults of the reference.
type PostingDefaults struct {
	// Privacy is one of the values from [PrivacyPublic] to [PrivacyDirect]; ""
	// stands for private if the account is locked, and else for public.
	Privacy string
	// Sensitive tells whether media are marked sensitive.
	Sensitive bool
	// Language is the tag of a language, as in de and zh-TW, stored as it was
	// sent; nil or "": none was chosen.
	Language *string
	// QuotePolicy is [QuotePublic], [QuoteFollowers] or [QuoteNobody]; ""
	// stands for public.
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
