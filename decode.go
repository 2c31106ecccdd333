package masto

// The entities from JSON. Every member of an entity is named in its member
// method and nowhere else; the readers in decoder.go say which values each
// takes.

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
	d := decoder{data: data}
	if d.start() {
		*a = Account{}
		a.decode(&d)
	}
	return d.end()
}

func (a *Account) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &a.Extra, a.member(d, m.key))
	}
}

func (a *Account) member(d *decoder, name []byte) use {
	switch string(name) {
	case "id":
		return d.id(&a.ID)
	case "username":
		return d.string(&a.Username)
	case "acct":
		return d.string(&a.Acct)
	case "display_name":
		return d.string(&a.DisplayName)
	case "locked":
		return d.bool(&a.Locked)
	case "bot":
		return d.bool(&a.Bot)
	case "discoverable":
		return d.boolPtr(&a.Discoverable)
	case "indexable":
		return d.bool(&a.Indexable)
	case "group":
		return d.bool(&a.Group)
	case "created_at":
		return d.time(&a.CreatedAt)
	case "note":
		return d.string(&a.Note)
	case "url":
		return d.string(&a.URL)
	case "uri":
		return d.string(&a.URI)
	case "avatar":
		return d.string(&a.Avatar)
	case "avatar_static":
		return d.string(&a.AvatarStatic)
	case "avatar_description":
		return d.string(&a.AvatarDescription)
	case "header":
		return d.string(&a.Header)
	case "header_static":
		return d.string(&a.HeaderStatic)
	case "header_description":
		return d.string(&a.HeaderDescription)
	case "followers_count":
		return d.count(&a.FollowersCount)
	case "following_count":
		return d.count(&a.FollowingCount)
	case "statuses_count":
		return d.count(&a.StatusesCount)
	case "last_status_at":
		return d.time(&a.LastStatusAt)
	case "hide_collections":
		return d.boolPtr(&a.HideCollections)
	case "show_media":
		return d.boolPtr(&a.ShowMedia)
	case "show_media_replies":
		return d.boolPtr(&a.ShowMediaReplies)
	case "show_featured":
		return d.boolPtr(&a.ShowFeatured)
	case "suspended":
		return d.bool(&a.Suspended)
	case "limited":
		return d.bool(&a.Limited)
	case "noindex":
		return d.boolPtr(&a.Noindex)
	case "memorial":
		return d.bool(&a.Memorial)
	case "feature_approval":
		return d.featureApproval(&a.FeatureApproval)
	case "email_subscriptions":
		return d.boolPtr(&a.EmailSubscriptions)
	case "invalid_handle":
		return d.bool(&a.InvalidHandle)
	case "moved":
		return d.movedTo(&a.Moved)
	case "emojis":
		return d.emojis(&a.Emojis)
	case "roles":
		return d.roles(&a.Roles)
	case "fields":
		return d.fields(&a.Fields)
	}
	return unknown
}

// UnmarshalJSON decodes an account of one's own as any server sends it, like
// [Account.UnmarshalJSON]. A role that is only a name becomes a Role with that
// name.
func (c *CredentialAccount) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*c = CredentialAccount{}
		c.decode(&d)
	}
	return d.end()
}

func (c *CredentialAccount) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &c.Extra, c.member(d, m.key))
	}
}

func (c *CredentialAccount) member(d *decoder, name []byte) use {
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
	d := decoder{data: data}
	if d.start() {
		*m = MutedAccount{}
		m.decode(&d)
	}
	return d.end()
}

func (m *MutedAccount) decode(d *decoder) {
	var o member
	for d.open(); d.next(&o); {
		d.settle(&o, &m.Extra, m.member(d, o.key))
	}
}

func (m *MutedAccount) member(d *decoder, name []byte) use {
	if string(name) == "mute_expires_at" {
		return d.time(&m.MuteExpiresAt)
	}
	return m.Account.member(d, name)
}

// UnmarshalJSON decodes a partial account as any server sends it, like
// [Account.UnmarshalJSON].
func (p *PartialAccountWithAvatar) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*p = PartialAccountWithAvatar{}
		p.decode(&d)
	}
	return d.end()
}

func (p *PartialAccountWithAvatar) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &p.Extra, p.member(d, m.key))
	}
}

func (p *PartialAccountWithAvatar) member(d *decoder, name []byte) use {
	switch string(name) {
	case "id":
		return d.id(&p.ID)
	case "acct":
		return d.string(&p.Acct)
	case "locked":
		return d.bool(&p.Locked)
	case "bot":
		return d.bool(&p.Bot)
	case "url":
		return d.string(&p.URL)
	case "avatar":
		return d.string(&p.Avatar)
	case "avatar_static":
		return d.string(&p.AvatarStatic)
	case "avatar_description":
		return d.string(&p.AvatarDescription)
	}
	return unknown
}

// UnmarshalJSON decodes a profile as any server sends it, like
// [Account.UnmarshalJSON].
func (p *Profile) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*p = Profile{}
		p.decode(&d)
	}
	return d.end()
}

func (p *Profile) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &p.Extra, p.member(d, m.key))
	}
}

func (p *Profile) member(d *decoder, name []byte) use {
	switch string(name) {
	case "id":
		return d.id(&p.ID)
	case "display_name":
		return d.string(&p.DisplayName)
	case "note":
		return d.string(&p.Note)
	case "fields":
		return d.fields(&p.Fields)
	case "formatted_note":
		return d.string(&p.FormattedNote)
	case "formatted_fields":
		return d.fields(&p.FormattedFields)
	case "avatar":
		return d.string(&p.Avatar)
	case "avatar_static":
		return d.string(&p.AvatarStatic)
	case "avatar_description":
		return d.string(&p.AvatarDescription)
	case "header":
		return d.string(&p.Header)
	case "header_static":
		return d.string(&p.HeaderStatic)
	case "header_description":
		return d.string(&p.HeaderDescription)
	case "locked":
		return d.bool(&p.Locked)
	case "bot":
		return d.bool(&p.Bot)
	case "hide_collections":
		return d.boolPtr(&p.HideCollections)
	case "discoverable":
		return d.boolPtr(&p.Discoverable)
	case "indexable":
		return d.bool(&p.Indexable)
	case "show_media":
		return d.bool(&p.ShowMedia)
	case "show_media_replies":
		return d.bool(&p.ShowMediaReplies)
	case "show_featured":
		return d.bool(&p.ShowFeatured)
	case "attribution_domains":
		return d.strings(&p.AttributionDomains)
	case "featured_tags":
		return d.featuredTags(&p.FeaturedTags)
	}
	return unknown
}
