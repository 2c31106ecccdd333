package masto_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// world is what the vectors' server knows: its limits, accounts and emojis.
type world struct {
	site     *masto.Site
	limits   masto.Limits
	accounts []masto.Mention
	emojis   []masto.CustomEmoji
}

// readWorld reads the world.json of a folder or, if it has none, that of
// testdata/vectors.
func readWorld(tb testing.TB, folder string) *world {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "world.json"))
	if errors.Is(err, os.ErrNotExist) {
		data, err = os.ReadFile(filepath.Join("testdata", "vectors", "world.json"))
	}
	require.NoError(tb, err)
	j := decode[struct {
		LocalDomain string `json:"local_domain"`
		WebBase     string `json:"web_base"`
		Limits      struct {
			DisplayName        int `json:"display_name"`
			Note               int
			Fields             int
			FieldName          int   `json:"field_name"`
			FieldValue         int   `json:"field_value"`
			AvatarDescription  int   `json:"avatar_description"`
			HeaderDescription  int   `json:"header_description"`
			AttributionDomains int   `json:"attribution_domains"`
			ImageBytes         int64 `json:"image_bytes_less_than"`
		}
		Accounts []struct {
			Username string
			Domain   *string
			URL      string
		}
		Emojis []emojiState
	}](data)
	w := &world{
		site: &masto.Site{Domain: j.LocalDomain, BaseURL: j.WebBase},
		limits: masto.Limits{
			DisplayName:        j.Limits.DisplayName,
			Note:               j.Limits.Note,
			Fields:             j.Limits.Fields,
			FieldName:          j.Limits.FieldName,
			FieldValue:         j.Limits.FieldValue,
			AvatarDescription:  j.Limits.AvatarDescription,
			HeaderDescription:  j.Limits.HeaderDescription,
			AttributionDomains: j.Limits.AttributionDomains,
			ImageBytes:         j.Limits.ImageBytes,
		},
	}
	w.site.Limits = w.limits
	for _, a := range j.Accounts {
		m := masto.Mention{Username: a.Username, URL: a.URL}
		if a.Domain != nil {
			m.Domain = *a.Domain
		}
		w.accounts = append(w.accounts, m)
	}
	for _, e := range j.Emojis {
		w.emojis = append(w.emojis, e.emoji())
	}
	return w
}

// view returns the view of the world. own are the emojis of the account that is
// shown.
func (w *world) view(own ...emojiState) masto.View {
	return masto.View{
		Mention: func(username, domain string) (masto.Mention, bool) {
			for _, a := range w.accounts {
				if strings.EqualFold(a.Username, username) && strings.EqualFold(a.Domain, domain) {
					return a, true
				}
			}
			return masto.Mention{}, false
		},
		Emoji: func(shortcode, _ string) (masto.CustomEmoji, bool) {
			for _, e := range own {
				if e.Shortcode == shortcode && !e.Disabled {
					return e.emoji(), true
				}
			}
			return masto.CustomEmoji{}, false
		},
	}
}

type emojiState struct {
	Shortcode string
	URL       string
	StaticURL string `json:"static_url"`
	Visible   *bool  `json:"visible_in_picker"` // nil: true
	Disabled  bool   // as if it were not there
}

func (e emojiState) emoji() masto.CustomEmoji {
	return masto.CustomEmoji{
		Shortcode:       e.Shortcode,
		URL:             e.URL,
		StaticURL:       e.StaticURL,
		VisibleInPicker: e.Visible == nil || *e.Visible,
	}
}

// accountState is the state of an account in the serializer vectors.
type accountState struct {
	ID                int64
	Username          string
	Domain            *string
	DisplayName       string `json:"display_name"`
	Note              string
	Locked            bool
	ActorType         *string `json:"actor_type"`
	Discoverable      *bool
	Indexable         bool
	HideCollections   *bool `json:"hide_collections"`
	ShowMedia         bool  `json:"show_media"`
	ShowMediaReplies  bool  `json:"show_media_replies"`
	ShowFeatured      bool  `json:"show_featured"`
	Memorial          bool
	CreatedAt         anyTime `json:"created_at"`
	URL, URI          *string
	Policy            uint32  `json:"feature_approval_policy"`
	IDScheme          string  `json:"id_scheme"`
	SuspendedAt       anyTime `json:"suspended_at"`
	SilencedAt        anyTime `json:"silenced_at"`
	RequestedDeletion anyTime `json:"requested_deletion_at"`
	Avatar, Header    *struct {
		URL       string
		StaticURL string `json:"static_url"`
	}
	AvatarDescription  string `json:"avatar_description"`
	HeaderDescription  string `json:"header_description"`
	Fields             fieldStates
	AttributionDomains []string `json:"attribution_domains"`
	Stats              struct {
		Followers    int64   `json:"followers_count"`
		Following    int64   `json:"following_count"`
		Statuses     int64   `json:"statuses_count"`
		LastStatusAt anyTime `json:"last_status_at"`
	}
	User *struct {
		Settings struct {
			HideFollowersCount bool    `json:"hide_followers_count"`
			EmailSubscriptions bool    `json:"email_subscriptions"`
			Noindex            *bool   `json:"noindex"`
			Privacy            string  `json:"default_privacy"`
			Sensitive          bool    `json:"default_sensitive"`
			Language           *string `json:"default_language"`
			QuotePolicy        string  `json:"default_quote_policy"`
		}
		Role *struct {
			ID              int64
			Name, Color     string
			Highlighted     bool
			Permissions     uint64
			CollectionLimit *int `json:"collection_limit"`
		}
	}
	FeaturedTags []struct {
		ID            int64
		Name          *string
		Tag           string
		StatusesCount int64   `json:"statuses_count"`
		LastStatusAt  anyTime `json:"last_status_at"`
	} `json:"featured_tags"`
	Emojis  []emojiState
	MovedTo *accountState `json:"moved_to"`
}

// instanceState is the state of the server in the serializer vectors.
type instanceState struct {
	HideFollowersCount bool  `json:"hide_followers_count"`
	EmailSubscriptions bool  `json:"email_subscriptions"`
	Noindex            *bool `json:"noindex"`
}

// instanceActor is the id of the account that stands for the server itself. It
// is never shown as suspended.
const instanceActor = -99

// record is what a server with this state would hand to the library.
func (a *accountState) record(w *world, inst instanceState, followRequests int64) *masto.Record {
	r := &masto.Record{
		Username: a.Username, Domain: deref(a.Domain), URL: deref(a.URL), URI: deref(a.URI),
		Group:     deref(a.ActorType) == "Group",
		Suspended: (!a.SuspendedAt.IsZero() || !a.RequestedDeletion.IsZero()) && a.ID != instanceActor,
		Limited:   !a.SilencedAt.IsZero(), Memorial: a.Memorial,
		CreatedAt: a.CreatedAt.Time, LastStatusAt: a.Stats.LastStatusAt.Time,
		FollowersCount: a.Stats.Followers, FollowingCount: a.Stats.Following, StatusesCount: a.Stats.Statuses,
		FollowRequestsCount: followRequests,
		Profile: masto.Profile{
			ID: strconv.FormatInt(a.ID, 10), DisplayName: a.DisplayName, Note: a.Note,
			AvatarDescription: a.AvatarDescription, HeaderDescription: a.HeaderDescription,
			Locked: a.Locked, Bot: deref(a.ActorType) == "Service" || deref(a.ActorType) == "Application",
			HideCollections: a.HideCollections, Discoverable: a.Discoverable, Indexable: a.Indexable,
			ShowMedia: a.ShowMedia, ShowMediaReplies: a.ShowMediaReplies, ShowFeatured: a.ShowFeatured,
			AttributionDomains: a.AttributionDomains,
		},
	}
	local := a.Domain == nil
	switch {
	case a.ID == instanceActor:
		r.URL, r.URI = w.site.BaseURL+"/about/more?instance_actor=true", w.site.BaseURL+"/actor"
	case local && a.IDScheme == "username_ap_id":
		r.URI = w.site.BaseURL + "/users/" + a.Username
	}
	if a.Avatar != nil {
		r.Profile.Avatar, r.Profile.AvatarStatic = a.Avatar.URL, a.Avatar.StaticURL
	}
	if a.Header != nil {
		r.Profile.Header, r.Profile.HeaderStatic = a.Header.URL, a.Header.StaticURL
	}
	r.Profile.Fields = a.Fields.fields()
	for _, t := range a.FeaturedTags {
		name := t.Tag
		if t.Name != nil {
			name = *t.Name
		}
		r.Profile.FeaturedTags = append(r.Profile.FeaturedTags, masto.FeaturedTag{
			ID:            strconv.FormatInt(t.ID, 10),
			Name:          name,
			StatusesCount: t.StatusesCount,
			LastStatusAt:  t.LastStatusAt.Time,
		})
	}
	a.user(r, inst)
	if a.MovedTo != nil {
		r.MovedTo = a.MovedTo.record(w, inst, 0)
	}
	return r
}

// user adds the values that a local account has from its user.
func (a *accountState) user(r *masto.Record, inst instanceState) {
	if inst.HideFollowersCount {
		r.FollowersCount = -1
	}
	if a.User == nil {
		return
	}
	if inst.EmailSubscriptions {
		r.EmailSubscriptions = new(bool)
	}
	set := a.User.Settings
	if set.HideFollowersCount {
		r.FollowersCount = -1
	}
	r.Posting = masto.PostingDefaults{
		Privacy:     set.Privacy,
		Sensitive:   set.Sensitive,
		Language:    set.Language,
		QuotePolicy: set.QuotePolicy,
	}
	noindex := set.Noindex
	if noindex == nil {
		noindex = inst.Noindex
	}
	if noindex == nil {
		noindex = new(bool)
	}
	r.Noindex = noindex
	if role := a.User.Role; role != nil {
		r.Role = &masto.Role{
			ID:              strconv.FormatInt(role.ID, 10),
			Name:            role.Name,
			Color:           role.Color,
			Highlighted:     role.Highlighted,
			Permissions:     masto.Permissions(role.Permissions),
			CollectionLimit: role.CollectionLimit,
		}
		if r.EmailSubscriptions != nil {
			may := r.Role.Permissions.Has(masto.PermissionManageEmailSubscriptions)
			*r.EmailSubscriptions = set.EmailSubscriptions && may
		}
	}
}

// viewerState is who looks at an account in the serializer vectors.
type viewerState struct {
	ID        int64
	Following []int64
	// FollowedByAccount reports that the account follows the viewer.
	FollowedByAccount bool `json:"followed_by_account"`
}

// approvals returns the View.FeatureApproval of a server that keeps the
// policies of remote accounts and knows its viewer, who may be nil. If it knows
// no more than the record says, it leaves the answer to the library.
func (a *accountState) approvals(viewer *viewerState, r *masto.Record) func(*masto.Record) *masto.FeatureApproval {
	return func(asked *masto.Record) *masto.FeatureApproval {
		switch asked {
		case r:
			return a.approval(viewer, r)
		case r.MovedTo:
			return a.MovedTo.approval(viewer, asked)
		}
		panic("asked for another record")
	}
}

// approval returns who may feature the account, by the bits of its policy.
func (a *accountState) approval(viewer *viewerState, r *masto.Record) *masto.FeatureApproval {
	local := a.Domain == nil
	if local && viewer == nil {
		return nil
	}
	f := &masto.FeatureApproval{Automatic: policyGroups(a.Policy >> 16), Manual: policyGroups(a.Policy & 0xffff)}
	if local {
		*f = testSite.DefaultFeatureApproval(r)
	}
	f.CurrentUser = a.mayFeature(viewer, f)
	return f
}

// mayFeature returns what an approval says to the viewer.
func (a *accountState) mayFeature(viewer *viewerState, f *masto.FeatureApproval) string {
	includes := func(groups []string) bool {
		return slices.Contains(groups, "public") ||
			slices.Contains(groups, "followers") && slices.Contains(viewer.Following, a.ID) ||
			slices.Contains(groups, "following") && viewer.FollowedByAccount
	}
	local := a.Domain == nil
	switch {
	case viewer == nil, local && len(f.Automatic) == 0:
		return "denied"
	case viewer.ID == a.ID:
		return "automatic"
	case !local && a.Policy == 0:
		return "missing"
	case includes(f.Automatic):
		return "automatic"
	case includes(f.Manual):
		return "manual"
	case slices.Contains(f.Automatic, "unsupported_policy"), slices.Contains(f.Manual, "unsupported_policy"):
		return "unknown"
	}
	return "denied"
}

// policyGroups returns the names of the bits of half a policy.
func policyGroups(bits uint32) []string {
	groups := []string{}
	for i, name := range []string{"unsupported_policy", "public", "followers", "following", "disabled"} {
		if bits>>i&1 == 1 {
			groups = append(groups, name)
		}
	}
	return groups
}

// nullsLeftOut removes the members that the library leaves out and the
// reference writes as null (FORMAT.md).
var nullsLeftOut = strings.NewReplacer(`"noindex":null,`, "", `"moved":null,`, "", `"email_subscriptions":null,`, "")

// checkSerializer compares the exact JSON text, except for the members that the
// library leaves out and the reference writes as null.
func checkSerializer(w *world, in, out json.RawMessage) string {
	i := decode[struct {
		Serializer     string
		Account        accountState
		Viewer         *viewerState
		Instance       instanceState
		FollowRequests int64 `json:"follow_requests_count"`
		Mute           *struct {
			ExpiresAt anyTime `json:"expires_at"`
		}
	}](in)
	want := nullsLeftOut.Replace(text(out))
	r := i.Account.record(w, i.Instance, i.FollowRequests)
	v := w.view(append(i.Account.Emojis, movedEmojis(i.Account.MovedTo)...)...)
	v.FeatureApproval = i.Account.approvals(i.Viewer, r)
	var got, appended []byte
	switch i.Serializer {
	case "account":
		got = encode(w.site.Account(r, v))
		appended = w.site.AppendAccount(nil, r, v)
	case "credential_account":
		got = encode(w.site.CredentialAccount(r, v))
		appended = w.site.AppendCredentialAccount(nil, r, v)
	case "muted_account":
		var expires time.Time
		if i.Mute != nil {
			expires = i.Mute.ExpiresAt.Time
		}
		got = encode(w.site.MutedAccount(r, v, expires, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	case "profile":
		got = encode(w.site.Profile(r, v))
		appended = w.site.AppendProfile(nil, r, v)
	case "partial_account":
		got = encode(w.site.PartialAccountWithAvatar(r))
	default:
		return "no serializer " + i.Serializer
	}
	if appended != nil {
		if d := diff(string(got), string(appended)); d != "" {
			return "what is appended differs from what is returned: " + d
		}
	}
	return diffEntity(want, string(got))
}

// diffEntity compares the JSON text of two entities to the letter, but for the
// order of the attributes of an element in the HTML that they contain.
func diffEntity(want, got string) string {
	if len(want) == len(got) && slices.Equal(tokensOf(want), tokensOf(got)) {
		return ""
	}
	return diff(want, got)
}

// tokensOf returns the tokens of a JSON text, with the attributes of HTML in
// order.
func tokensOf(s string) []json.Token {
	var tokens []json.Token
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return tokens
		}
		if html, ok := token.(string); ok {
			token = sortAttributes(html)
		}
		tokens = append(tokens, token)
	}
}

func movedEmojis(a *accountState) []emojiState {
	if a == nil {
		return nil
	}
	return a.Emojis
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
