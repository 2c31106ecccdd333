package masto

import (
	"cmp"
	"strings"
	"unsafe"

	"github.com/seed-374a2035/masto/internal/hostname"
)

// Account returns r as anybody sees it. A suspended account shows nothing that
// its user wrote.
func (s *Site) Account(r *Record, v View) Account {
	return maker{site: s, view: v}.whole(r)
}

// AppendAccount appends the JSON of what [Site.Account] returns to dst. It
// allocates nothing but dst's growth, as far as s and v do not, for an account of
// up to 8 fields and 16 emojis; but decoding the international domain of a remote
// account, lower-casing a domain, and making HTML safe that has to be parsed take
// some.
func (s *Site) AppendAccount(dst []byte, r *Record, v View) []byte {
	// The texts that are made for the account come behind dst, the JSON behind
	// them, and then in their place.
	var here, there room
	a, buf := maker{site: s, view: v, room: &here}.account(dst, r)
	if r.showsTarget() {
		var moved Account
		moved, buf = maker{site: s, view: v, room: &there}.account(buf, r.MovedTo)
		a.Moved = &moved
	}
	made := len(buf)
	buf = a.AppendJSON(buf)
	n := copy(buf[len(dst):], buf[made:])
	return buf[:len(dst)+n]
}

// showsTarget reports whether r shows the account that it moved to.
func (r *Record) showsTarget() bool { return r.MovedTo != nil && !r.Suspended }

// maker makes an Account of a Record.
type maker struct {
	site *Site
	view View
	own  bool  // The account is made for its own user.
	room *room // nil: the account shares nothing with anything
}

// room has the parts of an account that is only to be encoded. Such an account
// borrows: from its room, from the record, from the view and, for what is
// rendered, from a buffer, and nobody keeps it.
type room struct {
	fields   [8]Field
	emojis   [16]CustomEmoji
	roles    [1]AccountRole
	approval FeatureApproval
	no       bool
}

// whole makes the account with the one that it moved to.
func (m maker) whole(r *Record) Account {
	a, buf := m.account(make([]byte, 0, renderedSize/4), r)
	if r.showsTarget() {
		m.own = false
		moved, _ := m.account(buf, r.MovedTo)
		a.Moved = &moved
	}
	return a
}

// account makes the account without Moved, which never nests. buf is where texts
// are made; what it is returned with stays as it is for as long as a borrowing
// account is used.
func (m maker) account(buf []byte, r *Record) (Account, []byte) {
	p := &r.Profile
	a := Account{
		ID: p.ID, Username: r.username(), Group: r.Group, CreatedAt: midnight(r.CreatedAt),
		FollowersCount: shownCount(r.FollowersCount), FollowingCount: shownCount(r.FollowingCount),
		StatusesCount: shownCount(r.StatusesCount), LastStatusAt: r.LastStatusAt,
		HideCollections: lend(m, p.HideCollections),
		ShowMedia:       lend(m, &p.ShowMedia), ShowMediaReplies: lend(m, &p.ShowMediaReplies), ShowFeatured: lend(m, &p.ShowFeatured),
		Suspended: r.Suspended, Limited: r.Limited, Memorial: r.Memorial,
		FeatureApproval: m.approval(r), EmailSubscriptions: lend(m, r.EmailSubscriptions), InvalidHandle: r.invalidHandle(),
		Emojis: []CustomEmoji{}, Fields: []Field{},
	}
	a.Acct, buf = m.acct(buf, r)
	a.URL, buf = m.url(buf, r)
	a.URI, buf = m.uri(buf, r)
	a.Avatar, a.AvatarStatic, buf = m.avatar(buf, r)
	a.Header, a.HeaderStatic, buf = m.header(buf, r)
	if m.site.local(r) {
		a.Noindex = lend(m, r.Noindex)
		a.Roles = m.roles(r)
	}
	if r.Suspended {
		a.Discoverable = m.no()
		return a, buf
	}
	a.DisplayName, a.Locked, a.Bot = p.DisplayName, p.Locked, p.Bot
	a.Discoverable, a.Indexable = lend(m, p.Discoverable), p.Indexable
	a.AvatarDescription, a.HeaderDescription = p.AvatarDescription, p.HeaderDescription
	a.Note, buf = m.note(buf, r)
	a.Fields, buf = m.fields(buf, r)
	a.Emojis = m.emojis(r)
	return a, buf
}

// lend returns p for an account that borrows, and else a pointer to a copy.
func lend[T any](m maker, p *T) *T {
	if m.room != nil {
		return p
	}
	return clonePtr(p)
}

// no returns a pointer to false.
func (m maker) no() *bool {
	if m.room != nil {
		return &m.room.no
	}
	return new(bool)
}

// made returns the text from buf[start] on as a string: for an account that borrows it stays in buf, else buf is as it was before.
func (m maker) made(buf []byte, start int) (string, []byte) {
	if m.room == nil {
		return string(buf[start:]), buf[:start]
	}
	text := buf[start:]
	return unsafe.String(unsafe.SliceData(text), len(text)), buf // only read until the account is encoded, which is before buf changes
}

// join makes a text of others.
func (m maker) join(buf []byte, parts ...string) (string, []byte) {
	start := len(buf)
	for _, p := range parts {
		buf = append(buf, p...)
	}
	return m.made(buf, start)
}

// joinBase makes an address of the site's pages.
func (m maker) joinBase(buf []byte, path, name string) (string, []byte) {
	scheme, rest := m.site.base()
	return m.join(buf, scheme, rest, path, name)
}

// approval makes what r shows of who may feature it.
func (m maker) approval(r *Record) *FeatureApproval {
	if ask := m.view.FeatureApproval; ask != nil {
		if f := ask(r); f != nil && m.room != nil {
			return f
		} else if f != nil {
			return f.clone()
		}
	}
	f := m.site.defaultApproval(r)
	if m.own && len(f.Automatic) > 0 {
		f.CurrentUser = "automatic"
	}
	if m.room == nil {
		return f.clone()
	}
	m.room.approval = f
	return &m.room.approval
}

// avatar makes the addresses of the avatar and of its still frame.
func (m maker) avatar(buf []byte, r *Record) (url, static string, _ []byte) {
	if url := r.Profile.Avatar; url != "" && !r.Suspended {
		return url, cmp.Or(r.Profile.AvatarStatic, url), buf
	}
	url, buf = m.missing(buf, m.site.MissingAvatar, "/avatars/original/missing.png")
	return url, url, buf
}

// header makes the addresses of the header and of its still frame.
func (m maker) header(buf []byte, r *Record) (url, static string, _ []byte) {
	if url := r.Profile.Header; url != "" && !r.Suspended {
		return url, cmp.Or(r.Profile.HeaderStatic, url), buf
	}
	url, buf = m.missing(buf, m.site.MissingHeader, "/headers/original/missing.png")
	return url, url, buf
}

// missing makes the address of the placeholder of a picture.
func (m maker) missing(buf []byte, url, path string) (string, []byte) {
	if url == "" {
		return m.joinBase(buf, path, "")
	}
	return url, buf
}

// acct makes the address of r, with its domain in Unicode.
func (m maker) acct(buf []byte, r *Record) (string, []byte) {
	switch {
	case r.invalidHandle():
		return m.join(buf, r.username(), "@handle.invalid")
	case m.site.local(r):
		return r.Username, buf
	}
	return m.join(buf, r.Username, "@", hostname.Display(r.Domain))
}

// url makes the address of r's page, "" for none that may be opened: of a remote
// account the one that it named, if that is a web address with a scheme in lower
// case, as the reference wants it, else its id.
func (m maker) url(buf []byte, r *Record) (string, []byte) {
	switch {
	case !m.site.local(r) && (strings.HasPrefix(r.URL, "https://") || strings.HasPrefix(r.URL, "http://")):
		return r.URL, buf
	case !m.site.local(r):
		return openable(r.URI), buf
	case r.URL != "":
		return openable(r.URL), buf
	case m.site.AccountURLFunc != nil:
		return openable(m.site.AccountURLFunc(r)), buf
	}
	return m.joinBase(buf, "/@", r.Username)
}

// uri makes the ActivityPub id of r, "" for none that may be opened.
func (m maker) uri(buf []byte, r *Record) (string, []byte) {
	switch {
	case r.URI != "" || !m.site.local(r):
		return openable(r.URI), buf
	case m.site.ActorURIFunc != nil:
		return openable(m.site.ActorURIFunc(r)), buf
	}
	return m.joinBase(buf, "/ap/users/", r.Profile.ID)
}

// roles makes the visible roles of a local account.
func (m maker) roles(r *Record) []AccountRole {
	roles := []AccountRole{}
	if m.room != nil {
		roles = m.room.roles[:0]
	}
	if r.Role != nil && r.Role.Highlighted && !r.Suspended {
		roles = append(roles, r.Role.public())
	}
	return roles
}

// note makes the bio as HTML.
func (m maker) note(buf []byte, r *Record) (string, []byte) {
	start := len(buf)
	switch {
	case !m.site.local(r) && m.room == nil:
		return SanitizeHTML(r.Profile.Note), buf // clean HTML is not copied
	case !m.site.local(r):
		return m.made(appendSanitized(buf, r.Profile.Note), start)
	}
	return m.made(m.site.AppendNote(buf, r.Profile.Note, m.view), start)
}

// fields makes the fields with HTML as values.
func (m maker) fields(buf []byte, r *Record) ([]Field, []byte) {
	local := m.site.local(r)
	var fields []Field
	if m.room != nil {
		fields = m.room.fields[:0]
	} else {
		fields = make([]Field, 0, len(r.Profile.Fields))
	}
	for _, f := range r.Profile.Fields {
		start := len(buf)
		if local {
			buf = m.site.AppendFieldValue(buf, f.Value, m.view)
		} else {
			buf = appendRemoteField(buf, f.Value, !f.VerifiedAt.IsZero())
		}
		f.Name = m.site.fieldName(f.Name, local)
		f.Value, buf = m.made(buf, start)
		fields = append(fields, f)
	}
	return fields, buf
}

// emojis makes the list of the custom emojis in r's texts that the view knows.
func (m maker) emojis(r *Record) []CustomEmoji {
	found := []CustomEmoji{}
	if m.room != nil {
		found = m.room.emojis[:0]
	}
	if m.view.Emoji == nil {
		return found
	}
	domain := m.site.emojiDomain(r)
	var seen codeSet
	for i := range emojiTexts(r) {
		text := m.site.emojiText(r, i)
		for start, end := nextShortcode(text, 0); end > 0; start, end = nextShortcode(text, end+1) {
			code := text[start:end]
			if !seen.add(code) {
				continue
			}
			if e, ok := m.view.Emoji(code, domain); ok {
				if m.room == nil {
					e.Extra = cloneExtra(e.Extra)
				}
				found = append(found, e)
			}
		}
	}
	return found
}
