package masto

import (
	"encoding/json"
	"fmt"
	"time"
)

// Record is one account as a server keeps it. Its texts are plain text as the
// user entered it in a local account, and HTML as it was received in a remote
// one. [Site.Account] and its siblings make entities of it. The zero Record is
// valid: a local account without a name, with all tabs of the profile hidden.
// Start a new account with [NewRecord].
//
// A server stores a Record as it likes: a [Store] returns whole Records, with
// the zero value for what its tables do not have.
type Record struct {
	// Username is the name without a domain.
	Username string
	// Domain is the host of a remote account, in ASCII (Punycode) as a rule. ""
	// and the Site's own domain stand for a local account.
	Domain string
	// URL is the address of the profile's page; "" stands for the Site's scheme
	// of addresses (local) or for URI (remote). The URL of a remote account is
	// shown only if it begins with https:// or http://; otherwise URI is shown.
	URL string
	// URI is the ActivityPub id of the actor; "" stands for the Site's scheme
	// of addresses. Like URL it is shown only if its scheme is http, https,
	// acct or one that links may have.
	URI string
	// Profile has the raw values: Note and the values of Fields are plain text
	// as entered in a local account, and HTML as received in a remote one. Its
	// Formatted… members and Extra stay empty. Avatar and Header are "" where
	// none is set.
	Profile Profile
	// Posting has the defaults of new posts.
	Posting PostingDefaults
	// Group reports whether the account is a group.
	Group bool
	// Suspended reports whether the account is suspended. The Account entity
	// then has nothing that the user wrote; Source and Profile keep it.
	Suspended bool
	// Limited reports whether a moderator silenced the account.
	Limited bool
	// Memorial reports whether the account is a memorial for someone who has
	// died.
	Memorial bool
	// InvalidHandle reports whether the address of a remote account cannot be
	// looked up. It is then shown as username@handle.invalid.
	InvalidHandle bool
	// Noindex reports whether the user opted out of search engines; nil: not
	// known. It is shown of local accounts only.
	Noindex *bool
	// CreatedAt is when the account was made. The entity shows its day
	// (midnight UTC).
	CreatedAt time.Time
	// LastStatusAt is when the newest post was made; zero: none yet.
	LastStatusAt time.Time
	// The counters. -1 stands for hidden and is shown as it is; anything lower
	// is shown as 0. FollowRequestsCount is shown as at most 40, since the
	// reference stops counting there.
	FollowersCount, FollowingCount, StatusesCount, FollowRequestsCount int64
	// Role is the user's role; nil: that of everyone ([EveryoneRole]).
	Role *Role
	// EmailSubscriptions reports whether people can subscribe to the account's
	// posts by mail; nil: the server has no such feature.
	EmailSubscriptions *bool
	// MovedTo is the account that the user moved to; nil: none. Its own MovedTo
	// is never shown.
	MovedTo *Record
}

// NewRecord returns a local account as a new user has it: the three tabs of the
// profile are shown, and everything else is the zero value, so that the user
// has not decided whether the account is discoverable or hides its collections.
// id is the Profile.ID.
func NewRecord(id, username string) *Record {
	return &Record{
		Username: username,
		Profile:  Profile{ID: id, ShowMedia: true, ShowMediaReplies: true, ShowFeatured: true},
	}
}

// PostingDefaults has the defaults of a user's new posts. The zero value stands
// for the defaults of the reference.
type PostingDefaults struct {
	// Privacy is one of the values from [PrivacyPublic] to [PrivacyDirect]; ""
	// stands for private if the account is locked, and else for public.
	Privacy string
	// Sensitive reports whether media are marked sensitive.
	Sensitive bool
	// Language is a language tag such as de or zh-TW, stored as it was sent;
	// nil or "": none was chosen.
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

// MarshalJSON writes all of r, for a column of a server's own table, a cache or
// a queue: [Record.UnmarshalJSON] brings the same Record back, with nil
// distinct from empty, times to the nanosecond with their offset, and Extra.
// The result is not what the API answers ([Site] makes that): its members are
// named as in Go. Bytes that are not UTF-8 become U+FFFD. It fails only for a
// time whose year does not have four digits.
func (r Record) MarshalJSON() ([]byte, error) {
	s := storedRecord{
		plainRecord: plainRecord(r),
		Profile:     storedProfile{plainProfile: plainProfile(r.Profile)},
		Role:        (*plainRole)(r.Role),
	}
	s.Profile.Fields = convert(r.Profile.Fields, toPlainField)
	s.Profile.FormattedFields = convert(r.Profile.FormattedFields, toPlainField)
	s.Profile.FeaturedTags = convert(r.Profile.FeaturedTags, func(t FeaturedTag) plainTag { return plainTag(t) })
	return json.Marshal(s)
}

// UnmarshalJSON restores what MarshalJSON wrote. A field whose member is absent
// gets its zero value. r shares nothing with data. An error leaves r as it was.
func (r *Record) UnmarshalJSON(data []byte) error {
	var s storedRecord
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("masto: stored record: %w", err)
	}
	*r = Record(s.plainRecord)
	r.Profile = Profile(s.Profile.plainProfile)
	r.Profile.Fields = convert(s.Profile.Fields, toField)
	r.Profile.FormattedFields = convert(s.Profile.FormattedFields, toField)
	r.Profile.FeaturedTags = convert(s.Profile.FeaturedTags, func(t plainTag) FeaturedTag { return FeaturedTag(t) })
	r.Role = (*Role)(s.Role)
	return nil
}

// The types that follow are those in a Record without the methods and tags that
// give them the JSON of the API. A stored Record has Go's names, and Extra.

type plainRecord Record

type plainProfile struct {
	ID                 string
	DisplayName        string
	Note               string
	Fields             []Field
	FormattedNote      string
	FormattedFields    []Field
	Avatar             string
	AvatarStatic       string
	AvatarDescription  string
	Header             string
	HeaderStatic       string
	HeaderDescription  string
	Locked             bool
	Bot                bool
	HideCollections    *bool
	Discoverable       *bool
	Indexable          bool
	ShowMedia          bool
	ShowMediaReplies   bool
	ShowFeatured       bool
	AttributionDomains []string
	FeaturedTags       []FeaturedTag
	Extra              map[string]json.RawMessage
}

type plainField struct {
	Name       string
	Value      string
	VerifiedAt time.Time
}

type plainTag struct {
	ID            string
	Name          string
	URL           string
	StatusesCount int64
	LastStatusAt  time.Time
	Extra         map[string]json.RawMessage
}

type plainRole struct {
	ID              string
	Name            string
	Permissions     Permissions
	Color           string
	Highlighted     bool
	CollectionLimit *int
	Extra           map[string]json.RawMessage
}

// storedRecord is a Record that encoding/json encodes by its fields alone. The
// fields that it declares hide those of the same name that it embeds.
type storedRecord struct {
	plainRecord
	Profile storedProfile
	Role    *plainRole
}

type storedProfile struct {
	plainProfile
	Fields, FormattedFields []plainField
	FeaturedTags            []plainTag
}

func toPlainField(f Field) plainField { return plainField(f) }
func toField(f plainField) Field      { return Field(f) }

// convert returns list with f applied to each element; nil for nil.
func convert[A, B any](list []A, f func(A) B) []B {
	if list == nil {
		return nil
	}
	converted := make([]B, len(list))
	for i, e := range list {
		converted[i] = f(e)
	}
	return converted
}
