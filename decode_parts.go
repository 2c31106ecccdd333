package masto

// The entities that others are made of, from JSON: as in decode.go.

// UnmarshalJSON decodes a field as any server sends it, like
// [Account.UnmarshalJSON].
func (f *Field) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*f = Field{}
		f.decode(&d)
	}
	return d.end()
}

// decode tells whether every member is one that a field has and could be used.
func (f *Field) decode(d *decoder) use {
	whole := used
	var m member
	for d.open(); d.next(&m); {
		if f.member(d, m.key) != used {
			whole = unusable
			if d.pos == m.start {
				d.skip()
			}
		}
	}
	return whole
}

func (f *Field) member(d *decoder, name []byte) use {
	switch string(name) {
	case "name":
		return d.string(&f.Name)
	case "value":
		return d.string(&f.Value)
	case "verified_at":
		return d.time(&f.VerifiedAt)
	}
	return unknown
}

// UnmarshalJSON decodes a source as any server sends it, like
// [Account.UnmarshalJSON].
func (s *Source) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*s = Source{}
		s.decode(&d)
	}
	return d.end()
}

func (s *Source) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &s.Extra, s.member(d, m.key))
	}
}

func (s *Source) member(d *decoder, name []byte) use {
	switch string(name) {
	case "privacy":
		return d.string(&s.Privacy)
	case "sensitive":
		return d.bool(&s.Sensitive)
	case "language":
		return d.stringPtr(&s.Language)
	case "note":
		return d.string(&s.Note)
	case "fields":
		return d.fields(&s.Fields)
	case "follow_requests_count":
		return d.count(&s.FollowRequestsCount)
	case "hide_collections":
		return d.boolPtr(&s.HideCollections)
	case "discoverable":
		return d.boolPtr(&s.Discoverable)
	case "indexable":
		return d.bool(&s.Indexable)
	case "attribution_domains":
		return d.strings(&s.AttributionDomains)
	case "quote_policy":
		return d.string(&s.QuotePolicy)
	}
	return unknown
}

// UnmarshalJSON decodes a role as any server sends it, like
// [Account.UnmarshalJSON].
func (r *AccountRole) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*r = AccountRole{}
		r.decode(&d)
	}
	return d.end()
}

func (r *AccountRole) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &r.Extra, r.member(d, m.key))
	}
}

func (r *AccountRole) member(d *decoder, name []byte) use {
	switch string(name) {
	case "id":
		return d.id(&r.ID)
	case "name":
		return d.string(&r.Name)
	case "color":
		return d.string(&r.Color)
	}
	return unknown
}

// UnmarshalJSON decodes a role as any server sends it, like
// [Account.UnmarshalJSON]. Permissions may be a number.
func (r *Role) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*r = Role{}
		r.decode(&d)
	}
	return d.end()
}

func (r *Role) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &r.Extra, r.member(d, m.key))
	}
}

func (r *Role) member(d *decoder, name []byte) use {
	switch string(name) {
	case "id":
		return d.id(&r.ID)
	case "name":
		return d.string(&r.Name)
	case "permissions":
		return d.permissions(&r.Permissions)
	case "color":
		return d.string(&r.Color)
	case "highlighted":
		return d.bool(&r.Highlighted)
	case "collection_limit":
		return d.intPtr(&r.CollectionLimit)
	}
	return unknown
}

// UnmarshalJSON decodes a custom emoji as any server sends it, like
// [Account.UnmarshalJSON].
func (e *CustomEmoji) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*e = CustomEmoji{}
		e.decode(&d)
	}
	return d.end()
}

func (e *CustomEmoji) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &e.Extra, e.member(d, m.key))
	}
}

func (e *CustomEmoji) member(d *decoder, name []byte) use {
	switch string(name) {
	case "shortcode":
		return d.string(&e.Shortcode)
	case "url":
		return d.string(&e.URL)
	case "static_url":
		return d.string(&e.StaticURL)
	case "visible_in_picker":
		return d.bool(&e.VisibleInPicker)
	case "category":
		return d.string(&e.Category)
	}
	return unknown
}

// UnmarshalJSON decodes a featured tag as any server sends it, like
// [Account.UnmarshalJSON].
func (t *FeaturedTag) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*t = FeaturedTag{}
		t.decode(&d)
	}
	return d.end()
}

func (t *FeaturedTag) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &t.Extra, t.member(d, m.key))
	}
}

func (t *FeaturedTag) member(d *decoder, name []byte) use {
	switch string(name) {
	case "id":
		return d.id(&t.ID)
	case "name":
		return d.string(&t.Name)
	case "url":
		return d.string(&t.URL)
	case "statuses_count":
		return d.count(&t.StatusesCount)
	case "last_status_at":
		return d.time(&t.LastStatusAt)
	}
	return unknown
}

// UnmarshalJSON decodes a feature approval as any server sends it, like
// [Account.UnmarshalJSON].
func (f *FeatureApproval) UnmarshalJSON(data []byte) error {
	d := decoder{data: data}
	if d.start() {
		*f = FeatureApproval{}
		f.decode(&d)
	}
	return d.end()
}

func (f *FeatureApproval) decode(d *decoder) {
	var m member
	for d.open(); d.next(&m); {
		d.settle(&m, &f.Extra, f.member(d, m.key))
	}
}

func (f *FeatureApproval) member(d *decoder, name []byte) use {
	switch string(name) {
	case "automatic":
		return d.strings(&f.Automatic)
	case "manual":
		return d.strings(&f.Manual)
	case "current_user":
		return d.string(&f.CurrentUser)
	}
	return unknown
}

// The readers of members that are entities, or lists of them.

func (d *decoder) featureApproval(p **FeatureApproval) use {
	*p = nil
	if d.peek() != '{' {
		return d.noObject()
	}
	if *p = made[FeatureApproval](d); *p == nil {
		return unusable
	}
	(*p).decode(d)
	return used
}

// movedTo takes the target of a move, in which another target is not used: so
// nothing nests deeper.
func (d *decoder) movedTo(p **Account) use {
	*p = nil
	if d.peek() != '{' {
		return d.noObject()
	}
	if d.moved {
		return unusable
	}
	if *p = made[Account](d); *p == nil {
		return unusable
	}
	d.moved = true
	(*p).decode(d)
	d.moved = false
	return used
}

func (d *decoder) source(p *Source) use {
	*p = Source{}
	if d.peek() != '{' {
		return d.noObject()
	}
	p.decode(d)
	return used
}

// role takes a role, or its name alone.
func (d *decoder) role(p **Role) use {
	*p = nil
	c := d.peek()
	if c != '{' && c != '"' {
		return d.noObject()
	}
	if *p = made[Role](d); *p == nil {
		return unusable
	}
	if c == '"' {
		return d.string(&(*p).Name)
	}
	(*p).decode(d)
	return used
}

func (d *decoder) emojis(p *[]CustomEmoji) use {
	*p = nil
	l := d.list('{')
	for d.element(&l) {
		if e := added(d, p); e != nil {
			e.decode(d)
		}
	}
	return listed(p, l)
}

func (d *decoder) roles(p *[]AccountRole) use {
	*p = nil
	l := d.list('{')
	for d.element(&l) {
		if e := added(d, p); e != nil {
			e.decode(d)
		}
	}
	return listed(p, l)
}

func (d *decoder) fields(p *[]Field) use {
	*p = nil
	l := d.list('{')
	for d.element(&l) {
		if f := added(d, p); f != nil && f.decode(d) != used {
			l.use = unusable
		}
	}
	return listed(p, l)
}

func (d *decoder) featuredTags(p *[]FeaturedTag) use {
	*p = nil
	l := d.list('{')
	for d.element(&l) {
		if e := added(d, p); e != nil {
			e.decode(d)
		}
	}
	return listed(p, l)
}

func (d *decoder) strings(p *[]string) use {
	*p = nil
	l := d.list('"')
	for d.element(&l) {
		if e := added(d, p); e != nil {
			*e = d.keep(d.quoted())
		}
	}
	return listed(p, l)
}
