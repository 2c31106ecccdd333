package masto

import (
	"cmp"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// Site is what the entities need to know of the server they are made for. It is not modified after its first use, and safe for
// concurrent use. Only Domain must be set; the zero value of the rest means Mastodon's own scheme.
type Site struct {
	// Domain is the host in the addresses of local accounts, such as social.example.
	Domain string
	// BaseURL is the address of the web pages without a slash at the end; "" stands for https:// and Domain.
	BaseURL string
	// Limits say where names and values of fields are cut; the zero Limits are the default ones.
	Limits Limits
	// MissingAvatar is the address that Account shows where no avatar is set; "" stands for BaseURL + /avatars/original/missing.png.
	MissingAvatar string
	// MissingHeader is the address that Account shows where no header is set; "" stands for BaseURL + /headers/original/missing.png.
	MissingHeader string
	// TagURL returns the address of a hashtag's page; name is as written, without #. nil stands for BaseURL + /tags/ + name.
	TagURL func(name string) string
	// ProfileURL returns the address of a local account's page where its URL is ""; nil stands for BaseURL + /@ + username.
	ProfileURL func(r *Record) string
	// ActorURI returns the ActivityPub id of a local account where its URI is ""; nil stands for BaseURL + /ap/users/ + id.
	ActorURI func(r *Record) string
}

// View is what rendering needs besides the record. It is loaded before: [FindLinks] and [FindEmojis] say what a text asks for. Its
// functions answer from memory. The zero View finds nothing.
type View struct {
	// Mention looks an account up by the names as they are written in a text; domain is "" for a local one. nil finds none.
	Mention func(username, domain string) (Mention, bool)
	// Emoji looks a custom emoji up; domain is "" for the site's own, else that of the remote account whose text it is. nil finds none.
	Emoji func(shortcode, domain string) (CustomEmoji, bool)
	// FeatureApproval is shown with the record; nil leaves it out. An account that it moved to then shows what follows from itself,
	// with nothing allowed to the viewer.
	FeatureApproval *FeatureApproval
}

// Mention is an account as it is known: the name as the account has it, and the address of its page. Domain "" is local.
type Mention struct{ Username, Domain, URL string }

// followRequestsShown is where the count of waiting follow requests ends in the reference implementation.
const followRequestsShown = 40

// CredentialAccount returns r as its own user sees it. Source has the raw values, those of a suspended account too.
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
		Account: s.Account(r, v),
		Source: Source{
			Privacy: cmp.Or(r.Posting.Privacy, privacy), Sensitive: r.Posting.Sensitive, Language: clonePtr(r.Posting.Language),
			Note: p.Note, Fields: s.rawFields(r), FollowRequestsCount: min(r.FollowRequestsCount, followRequestsShown),
			HideCollections: clonePtr(p.HideCollections), Discoverable: clonePtr(p.Discoverable), Indexable: p.Indexable,
			AttributionDomains: append([]string{}, p.AttributionDomains...), QuotePolicy: cmp.Or(r.Posting.QuotePolicy, "public"),
		},
		Role: role,
	}
}

// MutedAccount returns r as somebody sees it who muted it until expires; the zero time is a mute without an end. One that ended
// before now shows null.
func (s *Site) MutedAccount(r *Record, v View, expires, now time.Time) MutedAccount {
	if expires.Before(now) {
		expires = time.Time{}
	}
	return MutedAccount{Account: s.Account(r, v), MuteExpiresAt: expires}
}

// Profile returns the profile of r for its own user, raw and formatted, that of a suspended account too.
func (s *Site) Profile(r *Record, v View) Profile {
	p := r.Profile.clone()
	p.Fields = s.rawFields(r)
	m := maker{site: s, view: v}
	var buf []byte
	p.FormattedNote, buf = m.note(make([]byte, 0, renderedSize/4), r)
	p.FormattedFields, buf = m.fields(buf, r)
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
	page, _ := m.url(buf, r)
	for i := range p.FeaturedTags {
		if t := &p.FeaturedTags[i]; t.URL == "" {
			t.URL = page + "/tagged/" + string(appendPathSegment(nil, NormalizeHashtag(t.Name)))
		}
	}
	p.Extra = nil
	return p
}

// local tells whether r is an account of this site.
func (s *Site) local(r *Record) bool { return r.Domain == "" || strings.EqualFold(r.Domain, s.Domain) }

// isWebURL tells whether s is an http or https address.
func isWebURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && rest != "" && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// invalidMark stands before the username of an account whose address cannot be looked up, in the reference's tables.
const invalidMark = "! "

func (r *Record) invalidHandle() bool {
	return r.InvalidHandle || strings.HasPrefix(r.Username, invalidMark)
}

func (r *Record) username() string { return strings.TrimPrefix(r.Username, invalidMark) }

// displayDomain returns a domain in Unicode; one that is no valid punycode stays as it is.
func displayDomain(domain string) string {
	if !strings.Contains(domain, "xn--") {
		return domain
	}
	u, err := idna.Punycode.ToUnicode(domain)
	if err != nil {
		return domain
	}
	return u
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
