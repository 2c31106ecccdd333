package masto

import (
	"cmp"
	"strings"
	"time"
	"unsafe"

	"github.com/seed-374a2035/masto/internal/escape"
	"github.com/seed-374a2035/masto/internal/hostname"
)

// Account returns r as anybody sees it. A suspended account shows nothing that
// its user wrote.
func (s *Site) Account(r *Record, v View) Account {
	return builder{site: s, view: v}.withTarget(r)
}

// AppendAccount appends the JSON of what [Site.Account] returns to dst. For an
// account of up to 8 fields and 16 emojis it allocates only to grow dst; the
// functions of s and v may allocate more, and so do an international domain, a
// domain with capital letters, and HTML that must be parsed to make it safe.
func (s *Site) AppendAccount(dst []byte, r *Record, v View) []byte {
	// The texts that are made for the account are appended to dst, and the JSON
	// after them. At the end the JSON takes their place.
	var own, moved scratch
	a, buf := builder{site: s, view: v, scratch: &own}.account(dst, r)
	if r.showsTarget() {
		var target Account
		target, buf = builder{site: s, view: v, scratch: &moved}.account(buf, r.MovedTo)
		a.Moved = &target
	}
	texts := len(buf)
	buf = a.AppendJSON(buf)
	n := copy(buf[len(dst):], buf[texts:])
	return buf[:len(dst)+n]
}

// maxFollowRequests is where the reference stops counting follow requests.
const maxFollowRequests = 40

// CredentialAccount returns r as its own user sees it. Source has the raw
// values, even those of a suspended account.
func (s *Site) CredentialAccount(r *Record, v View) CredentialAccount {
	return CredentialAccount{
		Account: builder{site: s, view: v, own: true}.withTarget(r),
		Source:  s.source(r),
		Role:    r.role(),
	}
}

// source returns the raw values of r.
func (s *Site) source(r *Record) Source {
	p := &r.Profile
	privacy := PrivacyPublic
	if p.Locked {
		privacy = PrivacyPrivate
	}
	return Source{
		Privacy:             cmp.Or(r.Posting.Privacy, privacy),
		Sensitive:           r.Posting.Sensitive,
		Language:            clonePtr(r.Posting.Language),
		Note:                p.Note,
		Fields:              s.rawFields(r),
		FollowRequestsCount: min(shownCount(r.FollowRequestsCount), maxFollowRequests),
		HideCollections:     clonePtr(p.HideCollections),
		Discoverable:        clonePtr(p.Discoverable),
		Indexable:           p.Indexable,
		AttributionDomains:  append([]string{}, p.AttributionDomains...),
		QuotePolicy:         cmp.Or(r.Posting.QuotePolicy, QuotePublic),
	}
}

// role returns a copy of the role of r's user.
func (r *Record) role() *Role {
	if r.Role != nil {
		return r.Role.clone()
	}
	everyone := EveryoneRole()
	return &everyone
}

// MutedAccount returns r as somebody who muted it until expires sees it. The
// zero time stands for a mute without an end, which is null, and so is a mute
// that ended before now.
func (s *Site) MutedAccount(r *Record, v View, expires, now time.Time) MutedAccount {
	if expires.Before(now) {
		expires = time.Time{}
	}
	return MutedAccount{Account: s.Account(r, v), MuteExpiresAt: expires}
}

// PartialAccountWithAvatar returns the part of r that a list of pictures needs.
// It takes no View.
func (s *Site) PartialAccountWithAvatar(r *Record) PartialAccountWithAvatar {
	b := builder{site: s}
	p := PartialAccountWithAvatar{ID: r.Profile.ID}
	p.Acct, _ = b.acct(nil, r)
	p.URL, _ = b.url(nil, r)
	p.Avatar, p.AvatarStatic, _ = b.avatar(nil, r)
	if !r.Suspended {
		p.Locked = r.Profile.Locked
		p.Bot = r.Profile.Bot
		p.AvatarDescription = r.Profile.AvatarDescription
	}
	return p
}

// Profile returns the profile of r for its own user, raw and formatted, even
// that of a suspended account.
func (s *Site) Profile(r *Record, v View) Profile {
	p := r.Profile.clone()
	p.Fields = s.rawFields(r)
	b := builder{site: s, view: v}
	var buf []byte
	p.FormattedNote, buf = b.note(make([]byte, 0, renderedSize/4), r)
	p.FormattedFields, _ = b.fields(buf, r)
	if p.Avatar != "" {
		p.AvatarStatic = cmp.Or(p.AvatarStatic, p.Avatar)
	}
	if p.Header != "" {
		p.HeaderStatic = cmp.Or(p.HeaderStatic, p.Header)
	}
	if p.AttributionDomains == nil {
		p.AttributionDomains = []string{}
	}
	if p.FeaturedTags == nil {
		p.FeaturedTags = []FeaturedTag{}
	}
	page := s.AccountURL(r)
	for i := range p.FeaturedTags {
		t := &p.FeaturedTags[i]
		t.StatusesCount = shownCount(t.StatusesCount)
		if t.URL == "" && page != "" {
			t.URL = page + "/tagged/" + string(escape.AppendPathSegment(nil, NormalizeHashtag(t.Name)))
		}
		t.URL = openable(t.URL)
	}
	p.Extra = nil
	return p
}

// DefaultFeatureApproval returns who may feature r in a collection as far as r
// itself says: everybody if r is a local account that is discoverable, and its
// followers alone if it is locked, too. CurrentUser is [FeatureDenied], since
// nothing is known of the viewer. In a CredentialAccount, whose viewer is the
// user, it is [FeatureAutomatic] unless Automatic is empty. Every Account shows
// this unless [View].FeatureApproval says otherwise.
func (s *Site) DefaultFeatureApproval(r *Record) FeatureApproval {
	f := s.defaultApproval(r)
	return *f.clone()
}

// The groups of accounts that may feature one. They are shared and never
// changed.
var (
	everybody = []string{FeatureGroupPublic}
	followers = []string{FeatureGroupFollowers}
	nobody    = []string{}
)

// defaultApproval is DefaultFeatureApproval with shared lists.
func (s *Site) defaultApproval(r *Record) FeatureApproval {
	f := FeatureApproval{Automatic: nobody, Manual: nobody, CurrentUser: FeatureDenied}
	if d := r.Profile.Discoverable; s.local(r) && d != nil && *d {
		f.Automatic = everybody
		if r.Profile.Locked {
			f.Automatic = followers
		}
	}
	return f
}

// builder makes the parts of entities from records. Its methods take a buffer
// to make texts in, and return the buffer for the next one.
type builder struct {
	site    *Site
	view    View
	own     bool     // whether the account is made for its own user
	scratch *scratch // nil for an account that shares no memory
}

// withTarget makes the account, with the one that it moved to.
func (b builder) withTarget(r *Record) Account {
	a, buf := b.account(make([]byte, 0, renderedSize/4), r)
	if r.showsTarget() {
		b.own = false
		target, _ := b.account(buf, r.MovedTo)
		a.Moved = &target
	}
	return a
}

// account makes the account without Moved. With a scratch, the texts of the
// account are in the buffer that is returned, and the account can be used until
// that changes.
func (b builder) account(buf []byte, r *Record) (Account, []byte) {
	p := &r.Profile
	a := Account{
		ID:                 p.ID,
		Username:           r.username(),
		Group:              r.Group,
		CreatedAt:          midnight(r.CreatedAt),
		FollowersCount:     shownCount(r.FollowersCount),
		FollowingCount:     shownCount(r.FollowingCount),
		StatusesCount:      shownCount(r.StatusesCount),
		LastStatusAt:       r.LastStatusAt,
		HideCollections:    b.scratch.boolean(p.HideCollections),
		ShowMedia:          b.scratch.boolean(&p.ShowMedia),
		ShowMediaReplies:   b.scratch.boolean(&p.ShowMediaReplies),
		ShowFeatured:       b.scratch.boolean(&p.ShowFeatured),
		Suspended:          r.Suspended,
		Limited:            r.Limited,
		Memorial:           r.Memorial,
		FeatureApproval:    b.approval(r),
		EmailSubscriptions: b.scratch.boolean(r.EmailSubscriptions),
		InvalidHandle:      r.invalidHandle(),
		Emojis:             []CustomEmoji{},
		Fields:             []Field{},
	}
	a.Acct, buf = b.acct(buf, r)
	a.URL, buf = b.url(buf, r)
	a.URI, buf = b.uri(buf, r)
	a.Avatar, a.AvatarStatic, buf = b.avatar(buf, r)
	a.Header, a.HeaderStatic, buf = b.header(buf, r)
	if b.site.local(r) {
		a.Noindex = b.scratch.boolean(r.Noindex)
		a.Roles = b.roles(r)
	}
	if r.Suspended {
		a.Discoverable = b.scratch.falsePtr()
		return a, buf
	}
	a.DisplayName = p.DisplayName
	a.Locked = p.Locked
	a.Bot = p.Bot
	a.Discoverable = b.scratch.boolean(p.Discoverable)
	a.Indexable = p.Indexable
	a.AvatarDescription = p.AvatarDescription
	a.HeaderDescription = p.HeaderDescription
	a.Note, buf = b.note(buf, r)
	a.Fields, buf = b.fields(buf, r)
	a.Emojis = b.emojis(r)
	return a, buf
}

// join makes a text of parts.
func (b builder) join(buf []byte, parts ...string) (string, []byte) {
	start := len(buf)
	for _, p := range parts {
		buf = append(buf, p...)
	}
	return b.scratch.text(buf, start)
}

// joinBase makes an address of the site's own pages.
func (b builder) joinBase(buf []byte, path, name string) (string, []byte) {
	scheme, rest := b.site.base()
	return b.join(buf, scheme, rest, path, name)
}

// approval makes what r shows of who may feature it.
func (b builder) approval(r *Record) *FeatureApproval {
	if b.view.FeatureApproval != nil {
		if f := b.view.FeatureApproval(r); f != nil {
			return b.scratch.viewApproval(f)
		}
	}
	f := b.site.defaultApproval(r)
	if b.own && len(f.Automatic) > 0 {
		f.CurrentUser = FeatureAutomatic
	}
	return b.scratch.ownApproval(f)
}

// avatar makes the addresses of the avatar and of its still frame.
func (b builder) avatar(buf []byte, r *Record) (url, static string, _ []byte) {
	if url := r.Profile.Avatar; url != "" && !r.Suspended {
		return url, cmp.Or(r.Profile.AvatarStatic, url), buf
	}
	url, buf = b.missing(buf, b.site.MissingAvatar, "/avatars/original/missing.png")
	return url, url, buf
}

// header makes the addresses of the header and of its still frame.
func (b builder) header(buf []byte, r *Record) (url, static string, _ []byte) {
	if url := r.Profile.Header; url != "" && !r.Suspended {
		return url, cmp.Or(r.Profile.HeaderStatic, url), buf
	}
	url, buf = b.missing(buf, b.site.MissingHeader, "/headers/original/missing.png")
	return url, url, buf
}

// missing makes the address of the placeholder of a picture.
func (b builder) missing(buf []byte, url, path string) (string, []byte) {
	if url == "" {
		return b.joinBase(buf, path, "")
	}
	return url, buf
}

// acct makes the address of r, with its domain in Unicode.
func (b builder) acct(buf []byte, r *Record) (string, []byte) {
	switch {
	case r.invalidHandle():
		return b.join(buf, r.username(), "@handle.invalid")
	case b.site.local(r):
		return r.Username, buf
	}
	return b.join(buf, r.Username, "@", hostname.Display(r.Domain))
}

// url makes the address of r's page, or "" if it has none that may be opened.
// For a remote account that is the address that it named, if its scheme is http
// or https in lower case, as the reference demands, and otherwise its id.
func (b builder) url(buf []byte, r *Record) (string, []byte) {
	switch {
	case !b.site.local(r) && (strings.HasPrefix(r.URL, "https://") || strings.HasPrefix(r.URL, "http://")):
		return r.URL, buf
	case !b.site.local(r):
		return openable(r.URI), buf
	case r.URL != "":
		return openable(r.URL), buf
	case b.site.AccountURLFunc != nil:
		return openable(b.site.AccountURLFunc(r)), buf
	}
	return b.joinBase(buf, "/@", r.Username)
}

// uri makes the ActivityPub id of r, or "" if it has none that may be opened.
func (b builder) uri(buf []byte, r *Record) (string, []byte) {
	switch {
	case r.URI != "" || !b.site.local(r):
		return openable(r.URI), buf
	case b.site.ActorURIFunc != nil:
		return openable(b.site.ActorURIFunc(r)), buf
	}
	return b.joinBase(buf, "/ap/users/", r.Profile.ID)
}

// roles makes the visible roles of a local account.
func (b builder) roles(r *Record) []AccountRole {
	roles := b.scratch.emptyRoles()
	if r.Role != nil && r.Role.Highlighted && !r.Suspended {
		roles = append(roles, r.Role.public())
	}
	return roles
}

// note makes the bio as HTML.
func (b builder) note(buf []byte, r *Record) (string, []byte) {
	if !b.site.local(r) {
		return b.scratch.sanitized(buf, r.Profile.Note)
	}
	start := len(buf)
	buf = b.site.AppendNote(buf, r.Profile.Note, b.view)
	return b.scratch.text(buf, start)
}

// fields makes the fields with HTML as values.
func (b builder) fields(buf []byte, r *Record) ([]Field, []byte) {
	local := b.site.local(r)
	nameLimit, _ := b.site.fieldLimits(r)
	fields := b.scratch.emptyFields(len(r.Profile.Fields))
	for _, f := range r.Profile.Fields {
		start := len(buf)
		if local {
			buf = b.site.appendFieldValue(buf, f.Value, b.view)
		} else {
			buf = appendRemoteField(buf, f.Value, !f.VerifiedAt.IsZero())
		}
		f.Name = shownField(f.Name, nameLimit)
		f.Value, buf = b.scratch.text(buf, start)
		fields = append(fields, f)
	}
	return fields, buf
}

// emojis makes the list of the custom emojis in r's texts that the view knows.
func (b builder) emojis(r *Record) []CustomEmoji {
	found := b.scratch.emptyEmojis()
	if b.view.Emoji == nil {
		return found
	}
	domain := b.site.emojiDomain(r)
	var seen codeSet
	for i := range emojiTextCount(r) {
		for code := range shortcodes(b.site.emojiText(r, i)) {
			if !seen.add(code) {
				continue
			}
			if e, ok := b.view.Emoji(code, domain); ok {
				found = append(found, b.scratch.emoji(e))
			}
		}
	}
	return found
}

// scratch holds the parts of an account that is encoded at once and then
// dropped. Such an account borrows what it can: lists from the scratch, texts
// from a buffer, and everything else from its record and the view. The methods
// of a nil scratch copy instead, for an account that is returned to a caller.
type scratch struct {
	fields      [8]Field
	emojis      [16]CustomEmoji
	roles       [1]AccountRole
	approval    FeatureApproval
	alwaysFalse bool
}

// text returns buf[start:] as a string, and the buffer for the next text. A
// text that is borrowed stays in the buffer, and is only read until the account
// is encoded, which is before the buffer changes.
func (s *scratch) text(buf []byte, start int) (string, []byte) {
	if s == nil {
		return string(buf[start:]), buf[:start]
	}
	text := buf[start:]
	return unsafe.String(unsafe.SliceData(text), len(text)), buf
}

// sanitized returns html made safe to show, and the buffer for the next text.
// With a nil scratch, HTML that is safe already is not copied.
func (s *scratch) sanitized(buf []byte, html string) (string, []byte) {
	if s == nil {
		return SanitizeHTML(html), buf
	}
	return s.text(appendSanitized(buf, html), len(buf))
}

// boolean returns p, or with a nil scratch a pointer to a copy.
func (s *scratch) boolean(p *bool) *bool {
	if s == nil {
		return clonePtr(p)
	}
	return p
}

// falsePtr returns a pointer to false.
func (s *scratch) falsePtr() *bool {
	if s == nil {
		return new(bool)
	}
	return &s.alwaysFalse
}

// viewApproval returns f, or with a nil scratch a copy.
func (s *scratch) viewApproval(f *FeatureApproval) *FeatureApproval {
	if s == nil {
		return f.clone()
	}
	return f
}

// ownApproval returns a pointer to f, or with a nil scratch to a copy of it
// and its lists.
func (s *scratch) ownApproval(f FeatureApproval) *FeatureApproval {
	if s == nil {
		return f.clone()
	}
	s.approval = f
	return &s.approval
}

// emptyFields returns an empty list with room for n fields.
func (s *scratch) emptyFields(n int) []Field {
	if s == nil {
		return make([]Field, 0, n)
	}
	return s.fields[:0]
}

// emptyEmojis returns an empty list.
func (s *scratch) emptyEmojis() []CustomEmoji {
	if s == nil {
		return []CustomEmoji{}
	}
	return s.emojis[:0]
}

// emptyRoles returns an empty list.
func (s *scratch) emptyRoles() []AccountRole {
	if s == nil {
		return []AccountRole{}
	}
	return s.roles[:0]
}

// emoji returns e, or with a nil scratch a copy.
func (s *scratch) emoji(e CustomEmoji) CustomEmoji {
	if s == nil {
		e.Extra = cloneExtra(e.Extra)
	}
	return e
}

// invalidMark is what the reference puts before the username of an account
// whose handle cannot be looked up.
const invalidMark = "! "

// invalidHandle reports whether r cannot be looked up by its username and
// domain.
func (r *Record) invalidHandle() bool {
	return r.InvalidHandle || strings.HasPrefix(r.Username, invalidMark)
}

// username returns the username as it is shown, without the mark.
func (r *Record) username() string { return strings.TrimPrefix(r.Username, invalidMark) }

// showsTarget reports whether r shows the account that it moved to.
func (r *Record) showsTarget() bool { return r.MovedTo != nil && !r.Suspended }

// shownCount returns a count as it is shown: -1 stands for a hidden one, and
// anything lower, which makes no sense, is shown as 0.
func shownCount(n int64) int64 {
	if n < -1 {
		return 0
	}
	return n
}

// midnight returns the start of t's day in UTC; the zero time stays.
func midnight(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(24 * time.Hour)
}

// rawFields returns the fields as they are offered for editing: stripped and
// cut like those that are shown.
func (s *Site) rawFields(r *Record) []Field {
	nameLimit, valueLimit := s.fieldLimits(r)
	fields := make([]Field, len(r.Profile.Fields))
	for i, f := range r.Profile.Fields {
		fields[i] = Field{
			Name:       shownField(f.Name, nameLimit),
			Value:      shownField(f.Value, valueLimit),
			VerifiedAt: f.VerifiedAt,
		}
	}
	return fields
}

// remoteFieldLimit is where the names and values of remote fields are cut, in
// code points.
const remoteFieldLimit = 2047

// fieldLimits returns where the names and the values of r's fields are cut, in
// code points.
func (s *Site) fieldLimits(r *Record) (name, value int) {
	if s.local(r) {
		return s.localFieldLimits()
	}
	return remoteFieldLimit, remoteFieldLimit
}

// localFieldLimits returns where the names and the values of local fields are
// cut, in code points.
func (s *Site) localFieldLimits() (name, value int) {
	l := s.Limits.resolved()
	return l.FieldName, l.FieldValue
}

// shownField returns the name or value of a field as far as it is shown:
// stripped, and its first limit code points.
func shownField(text string, limit int) string { return cut(strip(text), limit) }

// cut returns the first n code points of s. A byte that is not UTF-8 counts as
// one.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
