package masto

import "github.com/seed-374a2035/masto/internal/wire"

// The entities that others are made of, from JSON: as in decode.go.

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

// decode tells whether every member is one that a field has and could be used.
func (f *Field) decode(d *decoder) wire.Result {
	whole := wire.Used
	var m wire.Member
	for d.Open(); d.Next(&m); {
		if f.member(d, m.Key) != wire.Used {
			whole = wire.Unusable
			d.SkipUnread(&m)
		}
	}
	return whole
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
// [Account.UnmarshalJSON]. Permissions may be a number.
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

// The readers of members that are entities, or lists of them.

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

// movedTo takes the target of a move, in which another target is not used: so
// nothing nests deeper.
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

// role takes a role, or its name alone.
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
			l.MarkUnusable()
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
