package masto

import (
	"cmp"
	"encoding/json"
	"slices"
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
	b := builder{site: s, view: v, scratch: &own}
	a, buf := b.account(dst, r)
	if r.showsTarget() {
		var target Account
		target, buf = b.ofTarget(&moved).account(buf, r.MovedTo)
		a.Moved = &target
	}
	return slices.Delete(a.AppendJSON(buf), len(dst), len(buf))
}

// CredentialAccount returns r as its own user sees it. Source has the raw
// values, even those of a suspended account.
func (s *Site) CredentialAccount(r *Record, v View) CredentialAccount {
	b := builder{site: s, view: v, own: true}
	return b.credentialAccount(b.withTarget(r), r)
}

// AppendCredentialAccount appends the JSON of what [Site.CredentialAccount]
// returns to dst. It allocates as little as [Site.AppendAccount].
func (s *Site) AppendCredentialAccount(dst []byte, r *Record, v View) []byte {
	var own, moved scratch
	b := builder{site: s, view: v, own: true, scratch: &own}
	a, buf := b.account(dst, r)
	if r.showsTarget() {
		var target Account
		target, buf = b.ofTarget(&moved).account(buf, r.MovedTo)
		a.Moved = &target
	}
	c := b.credentialAccount(a, r)
	return slices.Delete(c.AppendJSON(buf), len(dst), len(buf))
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
	p, _ := builder{site: s, view: v}.profile(make([]byte, 0, renderedSize/4), r)
	return p
}

// AppendProfile appends the JSON of what [Site.Profile] returns to dst. For a
// profile of up to 8 fields and 10 featured tags it allocates as little as
// [Site.AppendAccount].
func (s *Site) AppendProfile(dst []byte, r *Record, v View) []byte {
	var own scratch
	p, buf := builder{site: s, view: v, scratch: &own}.profile(dst, r)
	return slices.Delete(p.AppendJSON(buf), len(dst), len(buf))
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

// ofTarget returns the builder of the account that another one moved to.
func (b builder) ofTarget(moved *scratch) builder {
	return builder{site: b.site, view: b.view, scratch: moved}
}

// withTarget makes the account, with the one that it moved to.
func (b builder) withTarget(r *Record) Account {
	a, buf := b.account(make([]byte, 0, renderedSize/4), r)
	if r.showsTarget() {
		target, _ := b.ofTarget(nil).account(buf, r.MovedTo)
		a.Moved = &target
	}
	return a
}

// credentialAccount makes of the account of r what its own user sees.
func (b builder) credentialAccount(a Account, r *Record) CredentialAccount {
	return CredentialAccount{Account: a, Source: b.source(r), Role: b.scratch.roleOf(r)}
}

// maxFollowRequests is where the reference stops counting follow requests.
const maxFollowRequests = 40

// source makes the raw values of r.
func (b builder) source(r *Record) Source {
	p := &r.Profile
	privacy := PrivacyPublic
	if p.Locked {
		privacy = PrivacyPrivate
	}
	return Source{
		Privacy:             cmp.Or(r.Posting.Privacy, privacy),
		Sensitive:           r.Posting.Sensitive,
		Language:            lend(b.scratch, r.Posting.Language),
		Note:                p.Note,
		Fields:              b.rawFields(r),
		FollowRequestsCount: min(shownCount(r.FollowRequestsCount), maxFollowRequests),
		HideCollections:     lend(b.scratch, p.HideCollections),
		Discoverable:        lend(b.scratch, p.Discoverable),
		Indexable:           p.Indexable,
		AttributionDomains:  b.scratch.domains(p.AttributionDomains),
		QuotePolicy:         cmp.Or(r.Posting.QuotePolicy, QuotePublic),
	}
}

// profile makes the profile, raw and formatted.
func (b builder) profile(buf []byte, r *Record) (Profile, []byte) {
	p := r.Profile
	p.Fields = b.rawFields(r)
	p.FormattedNote, buf = b.note(buf, r)
	p.FormattedFields, buf = b.fields(buf, r)
	if p.Avatar != "" {
		p.AvatarStatic = cmp.Or(p.AvatarStatic, p.Avatar)
	}
	if p.Header != "" {
		p.HeaderStatic = cmp.Or(p.HeaderStatic, p.Header)
	}
	p.HideCollections = lend(b.scratch, p.HideCollections)
	p.Discoverable = lend(b.scratch, p.Discoverable)
	p.AttributionDomains = b.scratch.domains(p.AttributionDomains)
	p.FeaturedTags, buf = b.featuredTags(buf, r)
	p.Extra = nil
	return p, buf
}

// featuredTags makes the hashtags that r shows.
func (b builder) featuredTags(buf []byte, r *Record) ([]FeaturedTag, []byte) {
	tags := b.scratch.emptyTags(len(r.Profile.FeaturedTags))
	page, buf := b.url(buf, r)
	for _, t := range r.Profile.FeaturedTags {
		t.StatusesCount = shownCount(t.StatusesCount)
		if t.URL == "" && page != "" {
			start := len(buf)
			buf = append(append(buf, page...), "/tagged/"...)
			buf = escape.AppendPathSegment(buf, NormalizeHashtag(t.Name))
			t.URL, buf = b.scratch.text(buf, start)
		}
		t.URL = openable(t.URL)
		t.Extra = b.scratch.extra(t.Extra)
		tags = append(tags, t)
	}
	return tags, buf
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
		HideCollections:    lend(b.scratch, p.HideCollections),
		ShowMedia:          lend(b.scratch, &p.ShowMedia),
		ShowMediaReplies:   lend(b.scratch, &p.ShowMediaReplies),
		ShowFeatured:       lend(b.scratch, &p.ShowFeatured),
		Suspended:          r.Suspended,
		Limited:            r.Limited,
		Memorial:           r.Memorial,
		FeatureApproval:    b.approval(r),
		EmailSubscriptions: lend(b.scratch, r.EmailSubscriptions),
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
		a.Noindex = lend(b.scratch, r.Noindex)
		a.Roles = b.roles(r)
	}
	if r.Suspended {
		a.Discoverable = b.scratch.falsePtr()
		return a, buf
	}
	a.DisplayName = p.DisplayName
	a.Locked = p.Locked
	a.Bot = p.Bot
	a.Discoverable = lend(b.scratch, p.Discoverable)
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

// scratch holds the parts of an entity that is encoded at once and then
// dropped. Such an entity borrows what it can: lists from the scratch, texts
// from a buffer, and everything else from its record and the view. The methods
// of a nil scratch copy instead, for an entity that is returned to a caller.
type scratch struct {
	fields      [8]Field
	rawFields   [8]Field
	tags        [10]FeaturedTag
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

// lend returns p, or with a nil scratch a pointer to a copy.
func lend[T any](s *scratch, p *T) *T {
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

// emptyRawFields is emptyFields for another list.
func (s *scratch) emptyRawFields(n int) []Field {
	if s == nil {
		return make([]Field, 0, n)
	}
	return s.rawFields[:0]
}

// emptyTags returns an empty list with room for n tags.
func (s *scratch) emptyTags(n int) []FeaturedTag {
	if s == nil {
		return make([]FeaturedTag, 0, n)
	}
	return s.tags[:0]
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

// domains returns list, or with a nil scratch a copy that is not nil.
func (s *scratch) domains(list []string) []string {
	if s == nil {
		return append([]string{}, list...)
	}
	return list
}

// extra returns m, or with a nil scratch a copy.
func (s *scratch) extra(m map[string]json.RawMessage) map[string]json.RawMessage {
	if s == nil {
		return cloneExtra(m)
	}
	return m
}

// everyone is the role of a user without one of their own. It is shared and
// never changed.
var everyone = EveryoneRole()

// roleOf returns the role of r's user, or with a nil scratch a copy.
func (s *scratch) roleOf(r *Record) *Role {
	role := cmp.Or(r.Role, &everyone)
	if s == nil {
		return role.clone()
	}
	return role
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

// rawFields makes the fields as they are offered for editing: stripped and cut
// like those that are shown.
func (b builder) rawFields(r *Record) []Field {
	nameLimit, valueLimit := b.site.fieldLimits(r)
	fields := b.scratch.emptyRawFields(len(r.Profile.Fields))
	for _, f := range r.Profile.Fields {
		f.Name = shownField(f.Name, nameLimit)
		f.Value = shownField(f.Value, valueLimit)
		fields = append(fields, f)
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
