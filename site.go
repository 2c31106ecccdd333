package masto

import (
	"strings"

	"github.com/seed-374a2035/masto/internal/escape"
	"github.com/seed-374a2035/masto/internal/fold"
	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/sanitize"
)

// Site describes the server for which entities are made. Only Domain must be
// set; the zero values of the other fields stand for Mastodon's own addresses
// and limits. It is not modified after its first use, and safe for concurrent
// use.
type Site struct {
	// Domain is the host in the addresses of local accounts, such as
	// social.example.
	Domain string
	// BaseURL is the address of the web pages, without a slash at the end; ""
	// means https:// and Domain.
	BaseURL string
	// Limits are those of local accounts. Rendering cuts the names and values
	// of fields by them, and a [Service] judges updates by them. The zero
	// Limits stand for [DefaultLimits].
	Limits Limits
	// MissingAvatar is the address that Account shows if no avatar is set; ""
	// means BaseURL + /avatars/original/missing.png.
	MissingAvatar string
	// MissingHeader is the address that Account shows if no header is set; ""
	// means BaseURL + /headers/original/missing.png.
	MissingHeader string
	// HashtagURLFunc returns the address of a hashtag's page; name is as
	// written, without #. nil means BaseURL + /tags/ + name.
	HashtagURLFunc func(name string) string
	// AccountURLFunc returns the address of a local account's page if the URL
	// of its Record is "". nil means BaseURL + /@ + username.
	AccountURLFunc func(r *Record) string
	// ActorURIFunc returns the ActivityPub id of a local account if the URI of
	// its Record is "". nil means BaseURL + /ap/users/ + id.
	ActorURIFunc func(r *Record) string
}

// View is what rendering needs besides the record. Its functions answer from
// memory, so what they need is loaded before: [Site.References] returns the
// keys that they will be asked for. The zero View finds nothing.
type View struct {
	// Mention looks up an account by the names of a [Handle]. nil finds none.
	Mention func(username, domain string) (Mention, bool)
	// Emoji looks up a custom emoji by the names of an [EmojiKey]. nil finds
	// none.
	Emoji func(shortcode, domain string) (CustomEmoji, bool)
	// FeatureApproval returns who may feature an account in a collection. It is
	// called for each record that is shown, including the account that one
	// moved to. If the function or its result is nil,
	// [Site.DefaultFeatureApproval] is shown.
	FeatureApproval func(r *Record) *FeatureApproval
}

// Mention is an account as a link to it shows it. [Site.Mention] makes one from
// a [Record].
type Mention struct {
	// Username is the name as the account has it.
	Username string
	// Domain is the domain of a remote account, or "" for a local one.
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

// References are the keys for which rendering asks a [View], each once, in the
// order of the texts.
type References struct {
	Mentions []Handle
	Emojis   []EmojiKey
}

// Handle is the key of [View].Mention: the names of an account as a text
// mentions it.
type Handle struct {
	// Username is as written. Accounts are looked up without regard to case.
	Username string
	// Domain is "" for an account of the site, even if the text names the
	// site's own domain. Any other domain is as written, but with A to Z in
	// lower case. An international domain is in Unicode if the text has it so;
	// Mastodon finds no account by that.
	Domain string
}

// EmojiKey is the key of [View].Emoji.
type EmojiKey struct {
	// Shortcode is the name between the colons. Case matters.
	Shortcode string
	// Domain is "" for the site's own emojis, and otherwise the domain of the
	// remote account whose text has the shortcode, with A to Z in lower case.
	Domain string
}

// References returns the keys for which rendering records will ask a [View], so
// that one query can load them for a whole page of accounts. It covers every
// entity that Site makes of a record, and the accounts that the records moved
// to. A nil record is passed over. The time it takes is linear in the texts.
func (s *Site) References(records ...*Record) References {
	c := collector{site: s, mentions: map[Handle]bool{}, emojis: map[EmojiKey]bool{}}
	for _, r := range records {
		if r == nil {
			continue
		}
		c.addMentions(r) // A suspended account shows its profile to its own user.
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
// remote account are HTML, which has its links already.
func (c *collector) addMentions(r *Record) {
	if !c.site.local(r) {
		return
	}
	c.addMentionsIn(r.Profile.Note)
	_, limit := c.site.localFieldLimits()
	for _, f := range r.Profile.Fields {
		c.addMentionsIn(shownField(f.Value, limit))
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
	for i := range emojiTextCount(r) {
		for code := range shortcodes(c.site.emojiText(r, i)) {
			if key.Shortcode = code; !c.emojis[key] {
				c.emojis[key] = true
				c.found.Emojis = append(c.found.Emojis, key)
			}
		}
	}
}

// handle returns the key of the account that a mention names. mention is user
// or user@domain, as written.
func (s *Site) handle(mention string) Handle {
	username, domain, _ := strings.Cut(mention, "@")
	if s.owns(domain) {
		return Handle{Username: username}
	}
	return Handle{Username: username, Domain: fold.LowerASCII(domain)}
}

// emojiDomain returns the domain of the custom emojis in r's texts.
func (s *Site) emojiDomain(r *Record) string {
	if s.local(r) {
		return ""
	}
	return fold.LowerASCII(r.Domain)
}

// emojiTextCount returns how many texts of r may have custom emojis.
func emojiTextCount(r *Record) int { return 2 + 2*len(r.Profile.Fields) }

// emojiText returns the i-th text of r that may have custom emojis, in the
// order of the reference: the bio, the display name, the names of all fields,
// their values. i is less than emojiTextCount.
func (s *Site) emojiText(r *Record, i int) string {
	fields := r.Profile.Fields
	nameLimit, valueLimit := s.fieldLimits(r)
	switch {
	case i == 0:
		return r.Profile.Note
	case i == 1:
		return r.Profile.DisplayName
	case i < 2+len(fields):
		return shownField(fields[i-2].Name, nameLimit)
	}
	return shownField(fields[i-2-len(fields)].Value, valueLimit)
}

// AccountURL returns the address of r's page as [Account] shows it, or "" for
// null. An address that nobody should open, such as a javascript: one, is null,
// too.
func (s *Site) AccountURL(r *Record) string {
	url, _ := builder{site: s}.url(nil, r)
	return url
}

// ActorURI returns the ActivityPub id of r as [Account] shows it, or "" if it
// shows none.
func (s *Site) ActorURI(r *Record) string {
	uri, _ := builder{site: s}.uri(nil, r)
	return uri
}

// HashtagURL returns the address of a hashtag's page. name is without #.
func (s *Site) HashtagURL(name string) string {
	if s.HashtagURLFunc != nil {
		return s.HashtagURLFunc(name)
	}
	scheme, rest := s.base()
	return string(escape.AppendPathSegment([]byte(scheme+rest+"/tags/"), name))
}

// base returns the address of the web pages in two parts, which a caller can
// append without joining them first.
func (s *Site) base() (scheme, rest string) {
	if s.BaseURL != "" {
		return "", s.BaseURL
	}
	return "https://", s.Domain
}

// owns reports whether the domain of an account is the site's own, as "" is.
func (s *Site) owns(domain string) bool { return domain == "" || fold.EqualASCII(domain, s.Domain) }

// local reports whether r is an account of this site.
func (s *Site) local(r *Record) bool { return s.owns(r.Domain) }

// openable returns url if its scheme is acct or one that links may have, and ""
// otherwise: nobody should open a javascript: address, for instance.
func openable(url string) string {
	scheme, rest, ok := strings.Cut(url, ":")
	if ok && rest != "" && (fold.EqualASCII(scheme, "acct") || sanitize.IsSchemeKept(scheme)) {
		return url
	}
	return ""
}
