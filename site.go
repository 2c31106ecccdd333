package masto

import (
	"cmp"
	"strings"
	"time"

	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/sanitize"
)

// Site is what the entities need to know of the server that they are made for.
// Only Domain must be set; the zero value of the rest means Mastodon's own
// scheme of addresses. It is not modified after its first use, and safe for
// concurrent use.
type Site struct {
	// Domain is the host in the addresses of local accounts, such as
	// social.example.
	Domain string
	// BaseURL is the address of the web pages, without a slash at the end; ""
	// means https:// and Domain.
	BaseURL string
	// Limits say where the names and values of fields are cut; the zero Limits
	// are the default ones.
	Limits Limits
	// MissingAvatar is the address that Account shows where no avatar is set;
	// "" means BaseURL + /avatars/original/missing.png.
	MissingAvatar string
	// MissingHeader is the address that Account shows where no header is set;
	// "" means BaseURL + /headers/original/missing.png.
	MissingHeader string
	// HashtagURLFunc returns the address of a hashtag's page; name is as
	// written, without #. nil means BaseURL + /tags/ + name.
	HashtagURLFunc func(name string) string
	// AccountURLFunc returns the address of a local account's page where the
	// URL of its Record is "". nil means BaseURL + /@ + username.
	AccountURLFunc func(r *Record) string
	// ActorURIFunc returns the ActivityPub id of a local account where the URI
	// of its Record is "". nil means BaseURL + /ap/users/ + id.
	ActorURIFunc func(r *Record) string
}

// View is what rendering needs besides the record, loaded before:
// [Site.References] returns the keys that its functions will be asked for. They
// answer from memory. The zero View finds nothing.
type View struct {
	// Mention looks an account up by the names of a [Handle]. nil finds none.
	Mention func(username, domain string) (Mention, bool)
	// Emoji looks a custom emoji up by the names of an [EmojiKey]. nil finds
	// none.
	Emoji func(shortcode, domain string) (CustomEmoji, bool)
	// FeatureApproval returns who may feature an account in a collection. It is
	// asked for each record that is shown, the target of a move included; for
	// a nil function or result [Site.DefaultFeatureApproval] is shown.
	FeatureApproval func(r *Record) *FeatureApproval
}

// Mention is an account as a link to it shows it; [Site.Mention] makes one from
// a [Record].
type Mention struct {
	// Username is the name as the account has it.
	Username string
	// Domain is that of a remote account, "" for a local one.
	Domain string
	// URL is the address of the account's page. A mention is linked only if it
	// is an http or https address, and stays text otherwise.
	URL string
}

// Mention returns r as a link to it shows it.
func (s *Site) Mention(r *Record) Mention {
	m := Mention{Username: r.username(), URL: s.AccountURL(r)}
	if !s.local(r) {
		m.Domain = r.Domain
	}
	return m
}

// References are the keys that rendering asks a [View] for, each once, in the
// order of the texts.
type References struct {
	Mentions []Handle
	Emojis   []EmojiKey
}

// Handle is the key of [View].Mention: the names of an account as a text mentions
// it.
type Handle struct {
	// Username is as written. Accounts are looked up without regard to case.
	Username string
	// Domain is "" for an account of the site, also where the text names the
	// site's own domain. That of others is as written, but with A to Z in lower
	// case: an international domain is in Unicode if the text has it so, and
	// Mastodon does not know an account by that.
	Domain string
}

// EmojiKey is the key of [View].Emoji.
type EmojiKey struct {
	// Shortcode is the name between the colons. Its case counts.
	Shortcode string
	// Domain is "" for the site's own emojis, else that of the remote account
	// whose text has the shortcode, with A to Z in lower case.
	Domain string
}

// References returns what rendering records will ask a [View] for, so that one
// query can load it for a whole page of accounts. It covers every entity that
// Site makes of a record, and the accounts that the records moved to. A nil
// record is passed over. The time it takes is linear in the texts.
func (s *Site) References(records ...*Record) References {
	c := collector{site: s, mentions: map[Handle]bool{}, emojis: map[EmojiKey]bool{}}
	for _, r := range records {
		if r == nil {
			continue
		}
		c.addMentions(r) // a suspended account's own user sees its profile
		if r.Suspended {
			continue
		}
		c.addEmojis(r)
		if target := r.MovedTo; target != nil && !target.Suspended {
			c.addMentions(target)
			c.addEmojis(target)
		}
	}
	return c.found
}

// collector collects References.
type collector struct {
	site     *Site
	found    References
	mentions map[Handle]bool
	emojis   map[EmojiKey]bool
}

// addMentions adds the accounts that a local account mentions. The texts of a
// remote one are HTML, whose links are there already.
func (c *collector) addMentions(r *Record) {
	if !c.site.local(r) {
		return
	}
	c.addMentionsIn(r.Profile.Note)
	for _, f := range r.Profile.Fields {
		c.addMentionsIn(c.site.fieldValue(f.Value, true))
	}
}

func (c *collector) addMentionsIn(text string) {
	f := links.Find(text)
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		if l.Kind != links.Mention {
			continue
		}
		if h := c.site.handle(l.Text); !c.mentions[h] {
			c.mentions[h] = true
			c.found.Mentions = append(c.found.Mentions, h)
		}
	}
}

// addEmojis adds the custom emojis that the texts of r name.
func (c *collector) addEmojis(r *Record) {
	key := EmojiKey{Domain: c.site.emojiDomain(r)}
	for i := range emojiTexts(r) {
		text := c.site.emojiText(r, i)
		for start, end := nextShortcode(text, 0); end > 0; start, end = nextShortcode(text, end+1) {
			if key.Shortcode = text[start:end]; !c.emojis[key] {
				c.emojis[key] = true
				c.found.Emojis = append(c.found.Emojis, key)
			}
		}
	}
}

// handle returns the key of the account that a mention names; mention is user or
// user@domain, as written.
func (s *Site) handle(mention string) Handle {
	username, domain, _ := strings.Cut(mention, "@")
	if s.owns(domain) {
		return Handle{Username: username}
	}
	return Handle{Username: username, Domain: lowerASCII(domain)}
}

// emojiDomain returns the domain of the custom emojis in r's texts.
func (s *Site) emojiDomain(r *Record) string {
	if s.local(r) {
		return ""
	}
	return lowerASCII(r.Domain)
}

// emojiTexts returns how many texts of r may have custom emojis.
func emojiTexts(r *Record) int { return 2 + 2*len(r.Profile.Fields) }

// emojiText returns one of the texts of r that may have custom emojis, in the
// order of the reference: the bio, the display name, the names of all fields,
// their values.
func (s *Site) emojiText(r *Record, i int) string {
	fields := r.Profile.Fields
	switch {
	case i == 0:
		return r.Profile.Note
	case i == 1:
		return r.Profile.DisplayName
	case i < 2+len(fields):
		return s.fieldName(fields[i-2].Name, s.local(r))
	}
	return s.fieldValue(fields[i-2-len(fields)].Value, s.local(r))
}

// AccountURL returns the address of r's page as [Account] shows it, "" for null.
// It is null, too, where r names an address that nobody may open, such as
// javascript:.
func (s *Site) AccountURL(r *Record) string {
	url, _ := maker{site: s}.url(nil, r)
	return url
}

// ActorURI returns the ActivityPub id of r as [Account] shows it, "" for none.
func (s *Site) ActorURI(r *Record) string {
	uri, _ := maker{site: s}.uri(nil, r)
	return uri
}

// HashtagURL returns the address of the page of a hashtag, whose name is without
// #.
func (s *Site) HashtagURL(name string) string {
	if s.HashtagURLFunc != nil {
		return s.HashtagURLFunc(name)
	}
	scheme, rest := s.base()
	return string(appendPathSegment([]byte(scheme+rest+"/tags/"), name))
}

// base returns the address of the web pages in two parts.
func (s *Site) base() (scheme, rest string) {
	if s.BaseURL != "" {
		return "", s.BaseURL
	}
	return "https://", s.Domain
}

// DefaultFeatureApproval returns who may feature r in a collection as far as r
// itself says it: anybody if it is a local account that is discoverable, or its
// followers if it is locked, too. It denies it to the viewer, about whom nothing
// is known; only to its own user a CredentialAccount says otherwise. Every entity
// of r shows it, unless [View].FeatureApproval says more.
func (s *Site) DefaultFeatureApproval(r *Record) FeatureApproval {
	f := s.defaultApproval(r)
	return *f.clone()
}

// The groups of accounts that may feature one.
var (
	everybody = []string{"public"}
	followers = []string{"followers"}
	nobody    = []string{}
)

// defaultApproval is DefaultFeatureApproval with lists that are not to be
// changed.
func (s *Site) defaultApproval(r *Record) FeatureApproval {
	f := FeatureApproval{Automatic: nobody, Manual: nobody, CurrentUser: "denied"}
	if d := r.Profile.Discoverable; s.local(r) && d != nil && *d {
		f.Automatic = everybody
		if r.Profile.Locked {
			f.Automatic = followers
		}
	}
	return f
}

// followRequestsShown is where the count of waiting follow requests ends in the
// reference implementation.
const followRequestsShown = 40

// CredentialAccount returns r as its own user sees it. Source has the raw values,
// those of a suspended account, too.
func (s *Site) CredentialAccount(r *Record, v View) CredentialAccount {
	p := &r.Profile
	role := r.Role.clone()
	if role == nil {
		everyone := EveryoneRole()
		role = &everyone
	}
	privacy := "public"
	if p.Locked {
		privacy = "private"
	}
	return CredentialAccount{
		Account: maker{site: s, view: v, own: true}.whole(r),
		Source: Source{
			Privacy: cmp.Or(r.Posting.Privacy, privacy), Sensitive: r.Posting.Sensitive, Language: clonePtr(r.Posting.Language),
			Note: p.Note, Fields: s.rawFields(r),
			FollowRequestsCount: min(shownCount(r.FollowRequestsCount), followRequestsShown),
			HideCollections:     clonePtr(p.HideCollections), Discoverable: clonePtr(p.Discoverable), Indexable: p.Indexable,
			AttributionDomains: append([]string{}, p.AttributionDomains...), QuotePolicy: cmp.Or(r.Posting.QuotePolicy, "public"),
		},
		Role: role,
	}
}

// MutedAccount returns r as somebody sees it who muted it until expires; the zero
// time is a mute without an end. One that ended before now shows null.
func (s *Site) MutedAccount(r *Record, v View, expires, now time.Time) MutedAccount {
	if expires.Before(now) {
		expires = time.Time{}
	}
	return MutedAccount{Account: s.Account(r, v), MuteExpiresAt: expires}
}

// PartialAccountWithAvatar returns what a list that only shows pictures needs of
// r. It asks for no View.
func (s *Site) PartialAccountWithAvatar(r *Record) PartialAccountWithAvatar {
	m := maker{site: s}
	p := PartialAccountWithAvatar{ID: r.Profile.ID}
	p.Acct, _ = m.acct(nil, r)
	p.URL, _ = m.url(nil, r)
	p.Avatar, p.AvatarStatic, _ = m.avatar(nil, r)
	if !r.Suspended {
		p.Locked, p.Bot, p.AvatarDescription = r.Profile.Locked, r.Profile.Bot, r.Profile.AvatarDescription
	}
	return p
}

// Profile returns the profile of r for its own user, raw and formatted, that of a
// suspended account, too.
func (s *Site) Profile(r *Record, v View) Profile {
	p := r.Profile.clone()
	p.Fields = s.rawFields(r)
	m := maker{site: s, view: v}
	var buf []byte
	p.FormattedNote, buf = m.note(make([]byte, 0, renderedSize/4), r)
	p.FormattedFields, _ = m.fields(buf, r)
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
			t.URL = page + "/tagged/" + string(appendPathSegment(nil, NormalizeHashtag(t.Name)))
		}
		t.URL = openable(t.URL)
	}
	p.Extra = nil
	return p
}

// owns reports whether domain, of an account, is the site's own; "" is.
func (s *Site) owns(domain string) bool { return domain == "" || equalFoldASCII(domain, s.Domain) }

// local reports whether r is an account of this site.
func (s *Site) local(r *Record) bool { return s.owns(r.Domain) }

// openable returns url if it may be opened: if its scheme is acct or one that a
// link may have. Else it returns "".
func openable(url string) string {
	scheme, rest, ok := strings.Cut(url, ":")
	if ok && rest != "" && (equalFoldASCII(scheme, "acct") || sanitize.IsSchemeKept(scheme)) {
		return url
	}
	return ""
}

// isWebURL reports whether url is an http or https address; the case of the
// scheme does not count.
func isWebURL(url string) bool {
	scheme, rest, ok := strings.Cut(url, "://")
	return ok && rest != "" && (equalFoldASCII(scheme, "http") || equalFoldASCII(scheme, "https"))
}

// equalFoldASCII reports whether a and b are equal but for the case of ASCII
// letters.
func equalFoldASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

// lowerASCII returns s with A to Z in lower case.
func lowerASCII(s string) string {
	for i := range len(s) {
		if lowerByte(s[i]) != s[i] {
			lower := []byte(s)
			for ; i < len(s); i++ {
				lower[i] = lowerByte(s[i])
			}
			return string(lower)
		}
	}
	return s
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// invalidMark stands before the username of an account whose address cannot be
// looked up, in the reference's tables.
const invalidMark = "! "

func (r *Record) invalidHandle() bool {
	return r.InvalidHandle || strings.HasPrefix(r.Username, invalidMark)
}

func (r *Record) username() string { return strings.TrimPrefix(r.Username, invalidMark) }

// shownCount returns a count as it is shown: -1 stands for a hidden one, and what
// is below makes no sense.
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

// rawFields returns the fields as they are offered for editing: stripped and cut as they are shown.
func (s *Site) rawFields(r *Record) []Field {
	local := s.local(r)
	fields := make([]Field, len(r.Profile.Fields))
	for i, f := range r.Profile.Fields {
		fields[i] = Field{Name: s.fieldName(f.Name, local), Value: s.fieldValue(f.Value, local), VerifiedAt: f.VerifiedAt}
	}
	return fields
}

// remoteFieldLimit is where names and values of remote fields are cut, in code points.
const remoteFieldLimit = 2047

// fieldName returns the name of a field as it is shown.
func (s *Site) fieldName(name string, local bool) string {
	return fieldText(name, local, limit(s.Limits.FieldName, DefaultLimits().FieldName))
}

// fieldValue returns the value of a field as it was entered, as far as it is shown.
func (s *Site) fieldValue(value string, local bool) string {
	return fieldText(value, local, limit(s.Limits.FieldValue, DefaultLimits().FieldValue))
}

// fieldText strips text and cuts it after most code points, or where that of remote fields is cut.
func fieldText(text string, local bool, most int) string {
	if !local {
		most = remoteFieldLimit
	}
	return cut(strip(text), most)
}

// cut returns the first n code points of s; an invalid byte counts as one.
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
