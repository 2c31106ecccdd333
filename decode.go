package masto

import (
	"fmt"

	"github.com/seed-374a2035/masto/internal/wire"
)

// This file reads every entity from JSON. Each member that an entity has is
// named in its member method and nowhere else. The methods of [wire.Reader] say
// which values they accept. Every entity has an UnmarshalJSON and a decode of
// its own, since behind an interface the decoder would be moved to the heap.

// decoder reads the JSON text of an entity.
type decoder struct {
	wire.Reader
	moved bool // inside the target of a move
}

// end checks that nothing follows the entity, and returns the first error.
func (d *decoder) end() error {
	if err := d.End(); err != nil {
		return &DecodeError{Offset: int64(err.Offset), Err: fmt.Errorf("%w JSON: %s", ErrMalformed, err.What)}
	}
	return nil
}

// UnmarshalJSON decodes an account as any server sends it. It replaces all of
// a. As in encoding/json, null leaves a as it is.
//
// It is strict about JSON: text that is malformed or not an object gives a
// [*DecodeError] with the offset, which matches ErrMalformed; a then has the
// members before it. It is lenient about values, as servers are:
//
//   - null is the zero value;
//   - an id may be a number, and a count may be a string;
//   - a Boolean may be "true", "false", "1", "0", 1 or 0;
//   - a time may have any form that servers send, or be a Unix time in seconds
//     or milliseconds, where 0 is no time;
//   - a list may be an object whose names are numbers, {"0":…,"3":…}, in the
//     order of the text.
//
// A value that cannot be used, such as a word where a number belongs, goes to
// Extra under its own name. If it is a list, its usable elements are decoded as
// well. Members that the entity does not know go to Extra, too. If a name
// occurs twice, the last value wins. In strings, bytes that are not valid UTF-8
// and lone surrogates become U+FFFD. Nothing in a shares memory with data.
//
// A text of n bytes takes at most about 20 n + 64 KiB of memory. Beyond that,
// unknown members and the elements of an absurdly long list, such as one of ten
// thousand empty objects, are dropped.
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

// UnmarshalJSON decodes the user's own account as any server sends it, like
// [Account.UnmarshalJSON]. A role that is a string becomes a Role with that
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

// UnmarshalJSON decodes a field as any server sends it, like
// [Account.UnmarshalJSON].
func (f *Field) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*f = Field{}
		f.decode(&d)
	}
	return d.end()
}

// decode returns Unusable if there is a member that a Field does not have, or
// whose value could not be used: a Field has no Extra to keep it in.
func (f *Field) decode(d *decoder) wire.Result {
	result := wire.Used
	var m wire.Member
	for d.Open(); d.Next(&m); {
		if f.member(d, m.Key) != wire.Used {
			result = wire.Unusable
			d.SkipMember(&m)
		}
	}
	return result
}

func (f *Field) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "name":
		return d.String(&f.Name)
	case "value":
		return d.String(&f.Value)
	case "verified_at":
		return d.Time(&f.VerifiedAt)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a source as any server sends it, like
// [Account.UnmarshalJSON].
func (s *Source) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*s = Source{}
		s.decode(&d)
	}
	return d.end()
}

func (s *Source) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &s.Extra, s.member(d, m.Key))
	}
}

func (s *Source) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "privacy":
		return d.String(&s.Privacy)
	case "sensitive":
		return d.Bool(&s.Sensitive)
	case "language":
		return d.StringPtr(&s.Language)
	case "note":
		return d.String(&s.Note)
	case "fields":
		return d.fields(&s.Fields)
	case "follow_requests_count":
		return d.Count(&s.FollowRequestsCount)
	case "hide_collections":
		return d.BoolPtr(&s.HideCollections)
	case "discoverable":
		return d.BoolPtr(&s.Discoverable)
	case "indexable":
		return d.Bool(&s.Indexable)
	case "attribution_domains":
		return d.strings(&s.AttributionDomains)
	case "quote_policy":
		return d.String(&s.QuotePolicy)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a role as any server sends it, like
// [Account.UnmarshalJSON].
func (r *AccountRole) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*r = AccountRole{}
		r.decode(&d)
	}
	return d.end()
}

func (r *AccountRole) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &r.Extra, r.member(d, m.Key))
	}
}

func (r *AccountRole) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "id":
		return d.ID(&r.ID)
	case "name":
		return d.String(&r.Name)
	case "color":
		return d.String(&r.Color)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a role as any server sends it, like
// [Account.UnmarshalJSON]. The permissions may be a number.
func (r *Role) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*r = Role{}
		r.decode(&d)
	}
	return d.end()
}

func (r *Role) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &r.Extra, r.member(d, m.Key))
	}
}

func (r *Role) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "id":
		return d.ID(&r.ID)
	case "name":
		return d.String(&r.Name)
	case "permissions":
		return d.Uint64((*uint64)(&r.Permissions))
	case "color":
		return d.String(&r.Color)
	case "highlighted":
		return d.Bool(&r.Highlighted)
	case "collection_limit":
		return d.IntPtr(&r.CollectionLimit)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a custom emoji as any server sends it, like
// [Account.UnmarshalJSON].
func (e *CustomEmoji) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*e = CustomEmoji{}
		e.decode(&d)
	}
	return d.end()
}

func (e *CustomEmoji) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &e.Extra, e.member(d, m.Key))
	}
}

func (e *CustomEmoji) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "shortcode":
		return d.String(&e.Shortcode)
	case "url":
		return d.String(&e.URL)
	case "static_url":
		return d.String(&e.StaticURL)
	case "visible_in_picker":
		return d.Bool(&e.VisibleInPicker)
	case "category":
		return d.String(&e.Category)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a featured tag as any server sends it, like
// [Account.UnmarshalJSON].
func (t *FeaturedTag) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*t = FeaturedTag{}
		t.decode(&d)
	}
	return d.end()
}

func (t *FeaturedTag) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &t.Extra, t.member(d, m.Key))
	}
}

func (t *FeaturedTag) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "id":
		return d.ID(&t.ID)
	case "name":
		return d.String(&t.Name)
	case "url":
		return d.String(&t.URL)
	case "statuses_count":
		return d.Count(&t.StatusesCount)
	case "last_status_at":
		return d.Time(&t.LastStatusAt)
	}
	return wire.Unknown
}

// UnmarshalJSON decodes a feature approval as any server sends it, like
// [Account.UnmarshalJSON].
func (f *FeatureApproval) UnmarshalJSON(data []byte) error {
	d := decoder{Reader: wire.Reader{Data: data}}
	if d.Start() {
		*f = FeatureApproval{}
		f.decode(&d)
	}
	return d.end()
}

func (f *FeatureApproval) decode(d *decoder) {
	var m wire.Member
	for d.Open(); d.Next(&m); {
		d.FinishMember(&m, &f.Extra, f.member(d, m.Key))
	}
}

func (f *FeatureApproval) member(d *decoder, name []byte) wire.Result {
	switch string(name) {
	case "automatic":
		return d.strings(&f.Automatic)
	case "manual":
		return d.strings(&f.Manual)
	case "current_user":
		return d.String(&f.CurrentUser)
	}
	return wire.Unknown
}

// The methods that follow read members that are entities, or lists.

func (d *decoder) featureApproval(p **FeatureApproval) wire.Result {
	*p = nil
	if d.Peek() != '{' {
		return d.NoObject()
	}
	if *p = wire.New[FeatureApproval](&d.Reader); *p == nil {
		return wire.Unusable
	}
	(*p).decode(d)
	return wire.Used
}

// movedTo reads the account that another one moved to. In that account it uses
// no further one, so accounts nest no deeper.
func (d *decoder) movedTo(p **Account) wire.Result {
	*p = nil
	if d.Peek() != '{' {
		return d.NoObject()
	}
	if d.moved {
		return wire.Unusable
	}
	if *p = wire.New[Account](&d.Reader); *p == nil {
		return wire.Unusable
	}
	d.moved = true
	(*p).decode(d)
	d.moved = false
	return wire.Used
}

func (d *decoder) source(p *Source) wire.Result {
	*p = Source{}
	if d.Peek() != '{' {
		return d.NoObject()
	}
	p.decode(d)
	return wire.Used
}

// role reads a role, or its name alone.
func (d *decoder) role(p **Role) wire.Result {
	*p = nil
	c := d.Peek()
	if c != '{' && c != '"' {
		return d.NoObject()
	}
	if *p = wire.New[Role](&d.Reader); *p == nil {
		return wire.Unusable
	}
	if c == '"' {
		return d.String(&(*p).Name)
	}
	(*p).decode(d)
	return wire.Used
}

func (d *decoder) emojis(p *[]CustomEmoji) wire.Result {
	*p = nil
	l := d.List('{')
	for d.Element(&l) {
		if e := wire.AddElement(&d.Reader, p); e != nil {
			e.decode(d)
		}
	}
	return wire.FinishList(p, l)
}

func (d *decoder) roles(p *[]AccountRole) wire.Result {
	*p = nil
	l := d.List('{')
	for d.Element(&l) {
		if e := wire.AddElement(&d.Reader, p); e != nil {
			e.decode(d)
		}
	}
	return wire.FinishList(p, l)
}

func (d *decoder) fields(p *[]Field) wire.Result {
	*p = nil
	l := d.List('{')
	for d.Element(&l) {
		if f := wire.AddElement(&d.Reader, p); f != nil && f.decode(d) != wire.Used {
			l.MarkPartial()
		}
	}
	return wire.FinishList(p, l)
}

func (d *decoder) featuredTags(p *[]FeaturedTag) wire.Result {
	*p = nil
	l := d.List('{')
	for d.Element(&l) {
		if e := wire.AddElement(&d.Reader, p); e != nil {
			e.decode(d)
		}
	}
	return wire.FinishList(p, l)
}

func (d *decoder) strings(p *[]string) wire.Result {
	*p = nil
	l := d.List('"')
	for d.Element(&l) {
		if e := wire.AddElement(&d.Reader, p); e != nil {
			d.String(e)
		}
	}
	return wire.FinishList(p, l)
}
