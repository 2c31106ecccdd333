package masto

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/seed-374a2035/masto/internal/wire"
)

// This file writes every entity as JSON, in the form and order of the reference
// serializer. Each member that an entity has is written here and nowhere else.

// AppendJSON appends a as JSON to dst, or null if a is nil, and returns the
// result. The members have Mastodon's own forms and order. The members of Extra
// that Account does not know follow, sorted by name. Moved is written without a
// Moved of its own.
//
// The characters < > & and the line separators U+2028 and U+2029 are written as
// they are. A byte that is not valid UTF-8 becomes U+FFFD. AppendJSON takes
// time linear in the result and allocates only to grow dst, and to sort an
// Extra of more than 64 members.
func (a *Account) AppendJSON(dst []byte) []byte {
	if a == nil {
		return append(dst, "null"...)
	}
	dst = a.appendAttributes(dst)
	if a.Moved != nil {
		dst = append(dst, `,"moved":`...)
		dst = a.Moved.appendMoved(dst)
	}
	dst = a.appendAssociations(dst)
	return appendEnd(dst, a.Extra, accountMembers)
}

// appendMoved appends the account that another one moved to, without its own
// Moved.
func (a *Account) appendMoved(dst []byte) []byte {
	dst = a.appendAttributes(dst)
	dst = a.appendAssociations(dst)
	return appendEnd(dst, a.Extra, accountMembers)
}

// appendAttributes appends the opening bracket and the members before moved.
func (a *Account) appendAttributes(dst []byte) []byte {
	dst = wire.AppendString(dst, `{"id":`, a.ID)
	dst = wire.AppendString(dst, `,"username":`, a.Username)
	dst = wire.AppendString(dst, `,"acct":`, a.Acct)
	dst = wire.AppendString(dst, `,"display_name":`, a.DisplayName)
	dst = wire.AppendBool(dst, `,"locked":`, a.Locked)
	dst = wire.AppendBool(dst, `,"bot":`, a.Bot)
	dst = wire.AppendNullBool(dst, `,"discoverable":`, a.Discoverable)
	dst = wire.AppendBool(dst, `,"indexable":`, a.Indexable)
	dst = wire.AppendBool(dst, `,"group":`, a.Group)
	dst = appendCreatedAt(dst, `,"created_at":`, a.CreatedAt)
	dst = wire.AppendString(dst, `,"note":`, a.Note)
	dst = wire.AppendURL(dst, `,"url":`, a.URL)
	dst = wire.AppendString(dst, `,"uri":`, a.URI)
	dst = wire.AppendString(dst, `,"avatar":`, a.Avatar)
	dst = wire.AppendString(dst, `,"avatar_static":`, a.AvatarStatic)
	dst = wire.AppendString(dst, `,"avatar_description":`, a.AvatarDescription)
	dst = wire.AppendString(dst, `,"header":`, a.Header)
	dst = wire.AppendString(dst, `,"header_static":`, a.HeaderStatic)
	dst = wire.AppendString(dst, `,"header_description":`, a.HeaderDescription)
	dst = wire.AppendInt(dst, `,"followers_count":`, a.FollowersCount)
	dst = wire.AppendInt(dst, `,"following_count":`, a.FollowingCount)
	dst = wire.AppendInt(dst, `,"statuses_count":`, a.StatusesCount)
	dst = wire.AppendDate(append(dst, `,"last_status_at":`...), a.LastStatusAt)
	dst = wire.AppendNullBool(dst, `,"hide_collections":`, a.HideCollections)
	dst = wire.AppendOptionalBool(dst, `,"show_media":`, a.ShowMedia)
	dst = wire.AppendOptionalBool(dst, `,"show_media_replies":`, a.ShowMediaReplies)
	dst = wire.AppendOptionalBool(dst, `,"show_featured":`, a.ShowFeatured)
	dst = wire.AppendIfTrue(dst, `,"suspended":`, a.Suspended)
	dst = wire.AppendIfTrue(dst, `,"limited":`, a.Limited)
	dst = wire.AppendOptionalBool(dst, `,"noindex":`, a.Noindex)
	dst = wire.AppendIfTrue(dst, `,"memorial":`, a.Memorial)
	if a.FeatureApproval != nil {
		dst = a.FeatureApproval.appendJSON(append(dst, `,"feature_approval":`...))
	}
	dst = wire.AppendOptionalBool(dst, `,"email_subscriptions":`, a.EmailSubscriptions)
	return wire.AppendIfTrue(dst, `,"invalid_handle":`, a.InvalidHandle)
}

// appendAssociations appends the members after moved.
func (a *Account) appendAssociations(dst []byte) []byte {
	dst = appendEmojis(dst, `,"emojis":`, a.Emojis)
	if a.Roles != nil {
		dst = appendRoles(dst, `,"roles":`, a.Roles)
	}
	return appendFields(dst, `,"fields":`, a.Fields)
}

// AppendJSON appends c as JSON to dst, like [Account.AppendJSON].
func (c *CredentialAccount) AppendJSON(dst []byte) []byte {
	if c == nil {
		return append(dst, "null"...)
	}
	dst = c.appendAttributes(dst)
	dst = c.Source.appendJSON(append(dst, `,"source":`...))
	if c.Moved != nil {
		dst = c.Moved.appendMoved(append(dst, `,"moved":`...))
	}
	dst = c.appendAssociations(dst)
	dst = c.Role.appendJSON(append(dst, `,"role":`...))
	return appendEnd(dst, c.Extra, credentialAccountMembers)
}

// AppendJSON appends m as JSON to dst, like [Account.AppendJSON].
func (m *MutedAccount) AppendJSON(dst []byte) []byte {
	if m == nil {
		return append(dst, "null"...)
	}
	dst = m.appendAttributes(dst)
	dst = wire.AppendUTC(append(dst, `,"mute_expires_at":`...), m.MuteExpiresAt, "null")
	if m.Moved != nil {
		dst = m.Moved.appendMoved(append(dst, `,"moved":`...))
	}
	dst = m.appendAssociations(dst)
	return appendEnd(dst, m.Extra, mutedAccountMembers)
}

// AppendJSON appends p as JSON to dst, like [Account.AppendJSON].
func (p *PartialAccountWithAvatar) AppendJSON(dst []byte) []byte {
	if p == nil {
		return append(dst, "null"...)
	}
	dst = wire.AppendString(dst, `{"id":`, p.ID)
	dst = wire.AppendString(dst, `,"acct":`, p.Acct)
	dst = wire.AppendBool(dst, `,"locked":`, p.Locked)
	dst = wire.AppendBool(dst, `,"bot":`, p.Bot)
	dst = wire.AppendURL(dst, `,"url":`, p.URL)
	dst = wire.AppendString(dst, `,"avatar":`, p.Avatar)
	dst = wire.AppendString(dst, `,"avatar_static":`, p.AvatarStatic)
	dst = wire.AppendString(dst, `,"avatar_description":`, p.AvatarDescription)
	return appendEnd(dst, p.Extra, partialAccountMembers)
}

// AppendJSON appends p as JSON to dst, like [Account.AppendJSON].
func (p *Profile) AppendJSON(dst []byte) []byte {
	if p == nil {
		return append(dst, "null"...)
	}
	dst = wire.AppendString(dst, `{"id":`, p.ID)
	dst = wire.AppendString(dst, `,"display_name":`, p.DisplayName)
	dst = wire.AppendString(dst, `,"note":`, p.Note)
	dst = appendFields(dst, `,"fields":`, p.Fields)
	if p.FormattedNote != "" || p.FormattedFields != nil {
		dst = wire.AppendString(dst, `,"formatted_note":`, p.FormattedNote)
	}
	if p.FormattedFields != nil {
		dst = appendFields(dst, `,"formatted_fields":`, p.FormattedFields)
	}
	dst = wire.AppendURL(dst, `,"avatar":`, p.Avatar)
	dst = wire.AppendURL(dst, `,"avatar_static":`, p.AvatarStatic)
	dst = wire.AppendString(dst, `,"avatar_description":`, p.AvatarDescription)
	dst = wire.AppendURL(dst, `,"header":`, p.Header)
	dst = wire.AppendURL(dst, `,"header_static":`, p.HeaderStatic)
	dst = wire.AppendString(dst, `,"header_description":`, p.HeaderDescription)
	dst = wire.AppendBool(dst, `,"locked":`, p.Locked)
	dst = wire.AppendBool(dst, `,"bot":`, p.Bot)
	dst = wire.AppendNullBool(dst, `,"hide_collections":`, p.HideCollections)
	dst = wire.AppendNullBool(dst, `,"discoverable":`, p.Discoverable)
	dst = wire.AppendBool(dst, `,"indexable":`, p.Indexable)
	dst = wire.AppendBool(dst, `,"show_media":`, p.ShowMedia)
	dst = wire.AppendBool(dst, `,"show_media_replies":`, p.ShowMediaReplies)
	dst = wire.AppendBool(dst, `,"show_featured":`, p.ShowFeatured)
	dst = wire.AppendStrings(dst, `,"attribution_domains":`, p.AttributionDomains)
	dst = appendTags(dst, `,"featured_tags":`, p.FeaturedTags)
	return appendEnd(dst, p.Extra, profileMembers)
}

func (f *Field) appendJSON(dst []byte) []byte {
	dst = wire.AppendString(dst, `{"name":`, f.Name)
	dst = wire.AppendString(dst, `,"value":`, f.Value)
	dst = wire.AppendWithOffset(append(dst, `,"verified_at":`...), f.VerifiedAt)
	return append(dst, '}')
}

func (s *Source) appendJSON(dst []byte) []byte {
	dst = wire.AppendString(dst, `{"privacy":`, s.Privacy)
	dst = wire.AppendBool(dst, `,"sensitive":`, s.Sensitive)
	dst = wire.AppendNullString(dst, `,"language":`, s.Language)
	dst = wire.AppendString(dst, `,"note":`, s.Note)
	dst = appendFields(dst, `,"fields":`, s.Fields)
	dst = wire.AppendInt(dst, `,"follow_requests_count":`, s.FollowRequestsCount)
	dst = wire.AppendNullBool(dst, `,"hide_collections":`, s.HideCollections)
	dst = wire.AppendNullBool(dst, `,"discoverable":`, s.Discoverable)
	dst = wire.AppendBool(dst, `,"indexable":`, s.Indexable)
	dst = wire.AppendStrings(dst, `,"attribution_domains":`, s.AttributionDomains)
	if s.QuotePolicy != "" {
		dst = wire.AppendString(dst, `,"quote_policy":`, s.QuotePolicy)
	}
	return appendEnd(dst, s.Extra, sourceMembers)
}

func (r *AccountRole) appendJSON(dst []byte) []byte {
	dst = wire.AppendString(dst, `{"id":`, r.ID)
	dst = wire.AppendString(dst, `,"name":`, r.Name)
	dst = wire.AppendString(dst, `,"color":`, r.Color)
	return appendEnd(dst, r.Extra, accountRoleMembers)
}

// appendJSON appends null for a nil r: a user without a role.
func (r *Role) appendJSON(dst []byte) []byte {
	if r == nil {
		return append(dst, "null"...)
	}
	dst = wire.AppendString(dst, `{"id":`, r.ID)
	dst = wire.AppendString(dst, `,"name":`, r.Name)
	dst = append(dst, `,"permissions":"`...)
	dst = append(strconv.AppendUint(dst, uint64(r.Permissions), 10), '"')
	dst = wire.AppendString(dst, `,"color":`, r.Color)
	dst = wire.AppendBool(dst, `,"highlighted":`, r.Highlighted)
	if r.CollectionLimit != nil {
		dst = wire.AppendInt(dst, `,"collection_limit":`, int64(*r.CollectionLimit))
	}
	return appendEnd(dst, r.Extra, roleMembers)
}

func (e *CustomEmoji) appendJSON(dst []byte) []byte {
	dst = wire.AppendString(dst, `{"shortcode":`, e.Shortcode)
	dst = wire.AppendString(dst, `,"url":`, e.URL)
	dst = wire.AppendString(dst, `,"static_url":`, e.StaticURL)
	dst = wire.AppendBool(dst, `,"visible_in_picker":`, e.VisibleInPicker)
	if e.Category != "" {
		dst = wire.AppendString(dst, `,"category":`, e.Category)
	}
	return appendEnd(dst, e.Extra, customEmojiMembers)
}

func (t *FeaturedTag) appendJSON(dst []byte) []byte {
	dst = wire.AppendString(dst, `{"id":`, t.ID)
	dst = wire.AppendString(dst, `,"name":`, t.Name)
	dst = wire.AppendString(dst, `,"url":`, t.URL)
	dst = append(wire.AppendInt(dst, `,"statuses_count":"`, t.StatusesCount), '"')
	dst = wire.AppendDate(append(dst, `,"last_status_at":`...), t.LastStatusAt)
	return appendEnd(dst, t.Extra, featuredTagMembers)
}

func (f *FeatureApproval) appendJSON(dst []byte) []byte {
	dst = wire.AppendStrings(dst, `{"automatic":`, f.Automatic)
	dst = wire.AppendStrings(dst, `,"manual":`, f.Manual)
	dst = wire.AppendString(dst, `,"current_user":`, f.CurrentUser)
	return appendEnd(dst, f.Extra, featureApprovalMembers)
}

// appendCreatedAt appends a time that is never null: 1970-01-01 stands for the
// zero time.
func appendCreatedAt(dst []byte, name string, t time.Time) []byte {
	return wire.AppendUTC(append(dst, name...), t, `"1970-01-01T00:00:00.000Z"`)
}

// The functions that follow append lists of entities; nil is an empty list. A
// single generic function would move every entity to the heap.

func appendEmojis(dst []byte, name string, list []CustomEmoji) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].appendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

func appendRoles(dst []byte, name string, list []AccountRole) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].appendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

func appendFields(dst []byte, name string, list []Field) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].appendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

func appendTags(dst []byte, name string, list []FeaturedTag) []byte {
	dst = append(append(dst, name...), '[')
	for i := range list {
		dst = list[i].appendJSON(wire.AppendComma(dst, i))
	}
	return append(dst, ']')
}

// members is the set of the names of an entity's members.
type members map[string]bool

var (
	accountMembers           = membersOf[Account]()
	credentialAccountMembers = membersOf[CredentialAccount]()
	mutedAccountMembers      = membersOf[MutedAccount]()
	partialAccountMembers    = membersOf[PartialAccountWithAvatar]()
	profileMembers           = membersOf[Profile]()
	sourceMembers            = membersOf[Source]()
	accountRoleMembers       = membersOf[AccountRole]()
	roleMembers              = membersOf[Role]()
	customEmojiMembers       = membersOf[CustomEmoji]()
	featuredTagMembers       = membersOf[FeaturedTag]()
	featureApprovalMembers   = membersOf[FeatureApproval]()
)

// membersOf returns the names in the json tags of T's fields, and of those of
// the structs that T embeds.
func membersOf[T any]() members {
	names := members{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name := field.Tag.Get("json"); name != "" && name != "-" {
			names[name] = true
		}
	}
	return names
}

// appendEnd appends the members of extra that are not known, and the closing
// bracket.
func appendEnd(dst []byte, extra map[string]json.RawMessage, known members) []byte {
	if len(extra) > 0 {
		dst = appendExtra(dst, extra, known)
	}
	return append(dst, '}')
}

// appendExtra appends the members of extra that are not known, sorted by name.
// A value that is not valid JSON becomes null.
func appendExtra(dst []byte, extra map[string]json.RawMessage, known members) []byte {
	var array [64]string // on the stack; no server sends more
	names := array[:0]
	for name := range extra {
		if !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		dst = wire.AppendQuoted(append(dst, ','), name)
		dst = append(dst, ':')
		var ok bool
		if dst, ok = wire.AppendCompact(dst, extra[name]); !ok {
			dst = append(dst, "null"...)
		}
	}
	return dst
}

// MarshalJSON returns a as JSON, like [Account.AppendJSON]. json.Marshal, and a
// json.Encoder without SetEscapeHTML(false), escape < > & and the line
// separators in the result.
func (a Account) MarshalJSON() ([]byte, error) { return a.AppendJSON(nil), nil }

// MarshalJSON returns c as JSON, like [Account.MarshalJSON].
func (c CredentialAccount) MarshalJSON() ([]byte, error) { return c.AppendJSON(nil), nil }

// MarshalJSON returns m as JSON, like [Account.MarshalJSON].
func (m MutedAccount) MarshalJSON() ([]byte, error) { return m.AppendJSON(nil), nil }

// MarshalJSON returns p as JSON, like [Account.MarshalJSON].
func (p PartialAccountWithAvatar) MarshalJSON() ([]byte, error) { return p.AppendJSON(nil), nil }

// MarshalJSON returns p as JSON, like [Account.MarshalJSON].
func (p Profile) MarshalJSON() ([]byte, error) { return p.AppendJSON(nil), nil }

// MarshalJSON returns f as JSON, like [Account.MarshalJSON].
func (f Field) MarshalJSON() ([]byte, error) { return f.appendJSON(nil), nil }

// MarshalJSON returns s as JSON, like [Account.MarshalJSON].
func (s Source) MarshalJSON() ([]byte, error) { return s.appendJSON(nil), nil }

// MarshalJSON returns r as JSON, like [Account.MarshalJSON].
func (r AccountRole) MarshalJSON() ([]byte, error) { return r.appendJSON(nil), nil }

// MarshalJSON returns r as JSON, like [Account.MarshalJSON].
func (r Role) MarshalJSON() ([]byte, error) { return r.appendJSON(nil), nil }

// MarshalJSON returns e as JSON, like [Account.MarshalJSON].
func (e CustomEmoji) MarshalJSON() ([]byte, error) { return e.appendJSON(nil), nil }

// MarshalJSON returns t as JSON, like [Account.MarshalJSON].
func (t FeaturedTag) MarshalJSON() ([]byte, error) { return t.appendJSON(nil), nil }

// MarshalJSON returns f as JSON, like [Account.MarshalJSON].
func (f FeatureApproval) MarshalJSON() ([]byte, error) { return f.appendJSON(nil), nil }
