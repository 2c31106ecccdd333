package masto

import (
	"fmt"

	"github.com/seed-374a2035/masto/internal/wire"
)

// The entities from JSON. Every member of an entity is named in its member
// method and nowhere else; the readers in decoder.go say which values each
// takes.

// decoder reads the JSON text of an entity.
type decoder struct {
	wire.Reader
	moved bool // in the target of a move
}

// end checks that nothing comes after the entity, and returns the first error.
func (d *decoder) end() error {
	if err := d.End(); err != nil {
		return &DecodeError{Offset: int64(err.Offset), Err: fmt.Errorf("%w JSON: %s", ErrMalformed, err.What)}
	}
	return nil
}

// UnmarshalJSON decodes an account as any server sends it. It replaces all of
// a; null leaves it as it is, as in encoding/json.
//
// It is strict about JSON: malformed text, or text that is not an object, gives
// a [*DecodeError] matching ErrMalformed, with the offset, and a has what came
// before. It is lenient about values, as servers are:
//
//   - null is the zero value;
//   - an id may be a number, a count a text;
//   - a Boolean may be "true", "false", "1", "0", 1 or 0;
//   - a time may have any form that servers send, or be a Unix number, in
//     seconds or milliseconds, where 0 is no time;
//   - a list may be an object of rows by number, {"0":…,"3":…}, in the order of
//     the text.
//
// The text of a value that cannot be used, such as a word for a number, goes to
// Extra under its own name; the usable elements of such a list are taken too.
// Members that the entity does not know go to Extra. If a name occurs twice,
// the last value wins. What is not Unicode in a string becomes U+FFFD. Nothing
// in a shares memory with data.
//
// A text of n bytes takes at most about 20 n + 64 KiB of memory. Beyond that,
// elements of an absurdly long list (of ten thousand empty objects, say), and
// unknown members, are dropped.
func (a *Account) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*a = Account{}
		a.decode(&d)
	}
	return d.end()
}

func (a *Account) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &a.Extra, a.member(d, m.Key))
	}
}

func (a *Account) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "id":
		return d.ID(&a.ID)
	case "username":
		return d.String(&a.Username)
	case "acct":
		return d.String(&a.Acct)
	case "display_name":
		return d.String(&a.DisplayName)
	case "locked":
		return d.Bool(&a.Locked)
	case "bot":
		return d.Bool(&a.Bot)
	case "discoverable":
		return d.BoolPtr(&a.Discoverable)
	case "indexable":
		return d.Bool(&a.Indexable)
	case "group":
		return d.Bool(&a.Group)
	case "created_at":
		return d.Time(&a.CreatedAt)
	case "note":
		return d.String(&a.Note)
	case "url":
		return d.String(&a.URL)
	case "uri":
		return d.String(&a.URI)
	case "avatar":
		return d.String(&a.Avatar)
	case "avatar_static":
		return d.String(&a.AvatarStatic)
	case "avatar_description":
		return d.String(&a.AvatarDescription)
	case "header":
		return d.String(&a.Header)
	case "header_static":
		return d.String(&a.HeaderStatic)
	case "header_description":
		return d.String(&a.HeaderDescription)
	case "followers_count":
		return d.Count(&a.FollowersCount)
	case "following_count":
		return d.Count(&a.FollowingCount)
	case "statuses_count":
		return d.Count(&a.StatusesCount)
	case "last_status_at":
		return d.Time(&a.LastStatusAt)
	case "hide_collections":
		return d.BoolPtr(&a.HideCollections)
	case "show_media":
		return d.BoolPtr(&a.ShowMedia)
	case "show_media_replies":
		return d.BoolPtr(&a.ShowMediaReplies)
	case "show_featured":
		return d.BoolPtr(&a.ShowFeatured)
	case "suspended":
		return d.Bool(&a.Suspended)
	case "limited":
		return d.Bool(&a.Limited)
	case "noindex":
		return d.BoolPtr(&a.Noindex)
	case "memorial":
		return d.Bool(&a.Memorial)
	case "feature_approval":
		return d.featureApproval(&a.FeatureApproval)
	case "email_subscriptions":
		return d.BoolPtr(&a.EmailSubscriptions)
	case "invalid_handle":
		return d.Bool(&a.InvalidHandle)
	case "moved":
		return d.movedTo(&a.Moved)
	case "emojis":
		return d.emojis(&a.Emojis)
	case "roles":
		return d.roles(&a.Roles)
	case "fields":
		return d.fields(&a.Fields)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes an account of one's own as any server sends it, like
// [Account.UnmarshalJSON]. A role that is only a name becomes a Role with that
// name.
func (c *CredentialAccount) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*c = CredentialAccount{}
		c.decode(&d)
	}
	return d.end()
}

func (c *CredentialAccount) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &c.Extra, c.member(d, m.Key))
	}
}

func (c *CredentialAccount) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "source":
		return d.source(&c.Source)
	case "role":
		return d.role(&c.Role)
	}
	return c.Account.member(d, name)
}

// UnmarshalJSON decodes a muted account as any server sends it, like
// [Account.UnmarshalJSON].
func (m *MutedAccount) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*m = MutedAccount{}
		m.decode(&d)
	}
	return d.end()
}

func (m *MutedAccount) decode(d *decoder) {
	var o wire.Member
	for d.Open(); d.Next(&o); {
		d.FinishMember(&o, &m.Extra, m.member(d, o.Key))
	}
}

func (m *MutedAccount) member(d *decoder, name []byte) wire.Result {
	if string(name) == "mute_expires_at" {
		return d.Time(&m.MuteExpiresAt)
	}
	return m.Account.member(d, name)
}

// UnmarshalJSON decodes a partial account as any server sends it, like
// [Account.UnmarshalJSON].
func (p *PartialAccountWithAvatar) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*p = PartialAccountWithAvatar{}
		p.decode(&d)
	}
	return d.end()
}

func (p *PartialAccountWithAvatar) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &p.Extra, p.member(d, m.Key))
	}
}

func (p *PartialAccountWithAvatar) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "id":
		return d.ID(&p.ID)
	case "acct":
		return d.String(&p.Acct)
	case "locked":
		return d.Bool(&p.Locked)
	case "bot":
		return d.Bool(&p.Bot)
	case "url":
		return d.String(&p.URL)
	case "avatar":
		return d.String(&p.Avatar)
	case "avatar_static":
		return d.String(&p.AvatarStatic)
	case "avatar_description":
		return d.String(&p.AvatarDescription)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a profile as any server sends it, like
// [Account.UnmarshalJSON].
func (p *Profile) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*p = Profile{}
		p.decode(&d)
	}
	return d.end()
}

func (p *Profile) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &p.Extra, p.member(d, m.Key))
	}
}

func (p *Profile) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "id":
		return d.ID(&p.ID)
	case "display_name":
		return d.String(&p.DisplayName)
	case "note":
		return d.String(&p.Note)
	case "fields":
		return d.fields(&p.Fields)
	case "formatted_note":
		return d.String(&p.FormattedNote)
	case "formatted_fields":
		return d.fields(&p.FormattedFields)
	case "avatar":
		return d.String(&p.Avatar)
	case "avatar_static":
		return d.String(&p.AvatarStatic)
	case "avatar_description":
		return d.String(&p.AvatarDescription)
	case "header":
		return d.String(&p.Header)
	case "header_static":
		return d.String(&p.HeaderStatic)
	case "header_description":
		return d.String(&p.HeaderDescription)
	case "locked":
		return d.Bool(&p.Locked)
	case "bot":
		return d.Bool(&p.Bot)
	case "hide_collections":
		return d.BoolPtr(&p.HideCollections)
	case "discoverable":
		return d.BoolPtr(&p.Discoverable)
	case "indexable":
		return d.Bool(&p.Indexable)
	case "show_media":
		return d.Bool(&p.ShowMedia)
	case "show_media_replies":
		return d.Bool(&p.ShowMediaReplies)
	case "show_featured":
		return d.Bool(&p.ShowFeatured)
	case "attribution_domains":
		return d.strings(&p.AttributionDomains)
	case "featured_tags":
		return d.featuredTags(&p.FeaturedTags)
	}
	return wire.Unknown
}
