// Package schema has the members of each entity as the documentation describes them: one table for the checks of package mastotest
// and for docs/attributes.md.
package schema

//go:generate go run ./table ../../docs/attributes.md

// Kind is what a value is.
type Kind uint8

// The kinds of values.
const (
	String   Kind = iota
	ID            // a string, usually of digits
	HTML          // a string
	URL           // a string: an absolute address with http or https
	URI           // a string: an absolute address with any scheme
	Color         // a string: "" or a hex code
	Number        // a whole number as a string
	Datetime      // a string: date, time and zone
	Date          // a string: date alone
	Language      // a string: "" or a language tag
	Word          // a string: one of Attribute.Words
	Boolean
	True // a Boolean that is left out when it is false
	Integer
	Strings // a list of strings
	Object  // of the entity Attribute.Of
	List    // of the entity Attribute.Of
)

// Attribute is a member of an entity.
type Attribute struct {
	Name string
	Kind Kind
	// Of is the entity of an Object, or of the elements of a List.
	Of string
	// Words are what a Word may be.
	Words []string
	// Null tells that the value may be null.
	Null bool
	// Absent says when the member is left out; "" means never.
	Absent string
	// Since is the version that added it.
	Since string
	// Undocumented tells that only the reference implementation has it.
	Undocumented bool
	// Others says what other servers send.
	Others string
}

// Entity is an object of the API.
type Entity struct {
	Name string
	// Document is where it is described.
	Document string
	// Attributes are in the order in which the reference serializer writes them.
	Attributes []Attribute
}

const (
	notByReference = "the server does not say"
	beforeOrOthers = "servers before that version, and others"
	falseAlways    = "always there, also when false (Sharkey, Takahe)"
	hidden         = "text; null; -1: hidden (glitch-soc); missing"
	pictures       = `null, "", missing, a relative path, a color (Firefish)`
)

// Entities are all of them, those that others are made of after these.
func Entities() []Entity {
	account := "Entities: Account"
	return []Entity{
		{"Account", account, accountAttributes(nil, nil)},
		{"CredentialAccount", account, accountAttributes(
			[]Attribute{{Name: "source", Kind: Object, Of: "Source", Since: "2.4.0", Others: "missing, null, []; on accounts of others too (Mitra, kitsune, Nextcloud)"}},
			[]Attribute{{Name: "role", Kind: Object, Of: "Role", Since: "4.0.0", Others: "missing, null, a name alone (GoToSocial 0.6)"}},
		)},
		{"MutedAccount", account, accountAttributes([]Attribute{{Name: "mute_expires_at", Kind: Datetime, Null: true, Since: "3.3.0"}}, nil)},
		{"Profile", "Methods: profile", profileAttributes()},
		{"Source", account, sourceAttributes()},
		{"Field", account, []Attribute{
			{Name: "name", Kind: String, Since: "2.4.0"},
			{Name: "value", Kind: HTML, Since: "2.4.0"},
			{Name: "verified_at", Kind: Datetime, Null: true, Since: "2.6.0", Others: "missing (Pleroma, pub); the time of the request (Iceshrimp)"},
		}},
		{"AccountRole", account, []Attribute{
			{Name: "id", Kind: ID, Since: "4.1.0", Others: "the role's name (GoToSocial)"},
			{Name: "name", Kind: String, Since: "4.1.0"},
			{Name: "color", Kind: Color, Since: "4.1.0"},
		}},
		{"Role", "Entities: Role", []Attribute{
			{Name: "id", Kind: ID, Since: "4.0.0", Others: "number (Mitra, pub)"},
			{Name: "name", Kind: String, Since: "4.0.0"},
			{Name: "permissions", Kind: Number, Since: "4.0.0", Others: "number (pub), missing"},
			{Name: "color", Kind: Color, Since: "4.0.0", Others: "missing (Mitra)"},
			{Name: "highlighted", Kind: Boolean, Since: "4.0.0", Others: "missing (Mitra)"},
			{Name: "collection_limit", Kind: Integer, Absent: notByReference, Since: "4.6", Undocumented: true},
		}},
		{"CustomEmoji", "Entities: CustomEmoji", []Attribute{
			{Name: "shortcode", Kind: String, Since: "2.0.0"},
			{Name: "url", Kind: URL, Since: "2.0.0", Others: "relative path (Pleroma)"},
			{Name: "static_url", Kind: URL, Since: "2.0.0"},
			{Name: "visible_in_picker", Kind: Boolean, Since: "2.0.0"},
			{Name: "category", Kind: String, Null: true, Absent: "no category", Since: "3.0.0"},
		}},
		{"FeaturedTag", "Entities: FeaturedTag", []Attribute{
			{Name: "id", Kind: ID, Since: "3.0.0"},
			{Name: "name", Kind: String, Since: "3.0.0"},
			{Name: "url", Kind: URL, Since: "3.3.0"},
			{Name: "statuses_count", Kind: Number, Since: "3.0.0"},
			{Name: "last_status_at", Kind: Date, Null: true, Since: "3.0.0"},
		}},
		{"FeatureApproval", "none", []Attribute{
			{Name: "automatic", Kind: Strings, Since: "4.6", Undocumented: true},
			{Name: "manual", Kind: Strings, Since: "4.6", Undocumented: true},
			{Name: "current_user", Kind: Word, Words: []string{"automatic", "manual", "denied", "unknown", "missing"}, Since: "4.6", Undocumented: true},
		}},
	}
}

// accountAttributes are those of Account with more before moved, and at the end.
func accountAttributes(more, last []Attribute) []Attribute {
	all := []Attribute{
		{Name: "id", Kind: ID, Since: "0.1.0", Others: "number (Mastodon 1.x, Friendica)"},
		{Name: "username", Kind: String, Since: "0.1.0"},
		{Name: "acct", Kind: String, Since: "0.1.0"},
		{Name: "display_name", Kind: String, Since: "0.1.0", Others: "null (Pixelfed, Mitra)"},
		{Name: "locked", Kind: Boolean, Since: "0.1.0", Others: "null, missing"},
		{Name: "bot", Kind: Boolean, Since: "2.4.0", Others: "null, missing (Firefish, Pixelfed)"},
		{Name: "discoverable", Kind: Boolean, Null: true, Since: "3.1.0", Others: "missing"},
		{Name: "indexable", Kind: Boolean, Since: "4.3.0", Others: "missing"},
		{Name: "group", Kind: Boolean, Since: "3.1.0", Others: "null, missing (Firefish, Sharkey)"},
		{Name: "created_at", Kind: Datetime, Since: "0.1.0", Others: `no milliseconds, 6 digits, no zone, "", null, 1970-01-01 for unknown`},
		{Name: "note", Kind: HTML, Since: "0.1.0", Others: "null (Pixelfed, Mitra); plain text (snac)"},
		{Name: "url", Kind: URL, Null: true, Since: "0.1.0", Others: "user@host (Firefish)"},
		{Name: "uri", Kind: URI, Since: "4.2.0", Others: "missing"},
		{Name: "avatar", Kind: URL, Since: "0.1.0", Others: pictures},
		{Name: "avatar_static", Kind: URL, Since: "1.1.2", Others: pictures},
		{Name: "avatar_description", Kind: String, Absent: beforeOrOthers, Since: "4.6.0"},
		{Name: "header", Kind: URL, Since: "0.1.0", Others: pictures},
		{Name: "header_static", Kind: URL, Since: "1.1.2", Others: pictures},
		{Name: "header_description", Kind: String, Absent: beforeOrOthers, Since: "4.6.0"},
		{Name: "followers_count", Kind: Integer, Since: "0.1.0", Others: hidden},
		{Name: "following_count", Kind: Integer, Since: "0.1.0", Others: hidden},
		{Name: "statuses_count", Kind: Integer, Since: "0.1.0", Others: hidden},
		{Name: "last_status_at", Kind: Date, Null: true, Since: "3.0.0", Others: `date and time (Pleroma, Akkoma, Friendica, GoToSocial before 0.17), "" (Nextcloud), missing`},
		{Name: "hide_collections", Kind: Boolean, Null: true, Since: "4.3.0", Others: "missing"},
		{Name: "show_media", Kind: Boolean, Absent: beforeOrOthers, Since: "4.6.0", Undocumented: true},
		{Name: "show_media_replies", Kind: Boolean, Absent: beforeOrOthers, Since: "4.6.0", Undocumented: true},
		{Name: "show_featured", Kind: Boolean, Absent: beforeOrOthers, Since: "4.6.0", Undocumented: true},
		{Name: "suspended", Kind: True, Absent: "false", Since: "3.3.0", Others: falseAlways},
		{Name: "limited", Kind: True, Absent: "false", Since: "3.5.3", Others: falseAlways},
		{Name: "noindex", Kind: Boolean, Null: true, Absent: "a remote account", Since: "4.0.0"},
		{Name: "memorial", Kind: True, Absent: "false", Since: "4.2.0", Others: falseAlways},
		{Name: "feature_approval", Kind: Object, Of: "FeatureApproval", Absent: notByReference, Since: "4.6", Undocumented: true},
		{Name: "email_subscriptions", Kind: Boolean, Absent: notByReference, Since: "4.6", Undocumented: true},
		{Name: "invalid_handle", Kind: True, Absent: "false", Since: "4.6", Undocumented: true},
	}
	all = append(all, more...)
	all = append(
		all,
		Attribute{Name: "moved", Kind: Object, Of: "Account", Null: true, Absent: "it did not move", Since: "2.1.0", Others: "a Boolean (Takahe)"},
		Attribute{Name: "emojis", Kind: List, Of: "CustomEmoji", Since: "2.4.0", Others: "null, missing (snac, kitsune, GoToSocial 0.2)"},
		Attribute{Name: "roles", Kind: List, Of: "AccountRole", Null: true, Absent: "a remote account", Since: "4.1.0", Others: "objects with permissions (GoToSocial)"},
		Attribute{Name: "fields", Kind: List, Of: "Field", Since: "2.4.0", Others: "null, missing (snac, kitsune, GoToSocial 0.2)"},
	)
	return append(all, last...)
}

func profileAttributes() []Attribute {
	all := []Attribute{
		{Name: "id", Kind: ID},
		{Name: "display_name", Kind: String},
		{Name: "note", Kind: String},
		{Name: "fields", Kind: List, Of: "Field"},
		{Name: "formatted_note", Kind: HTML, Absent: notByReference, Undocumented: true},
		{Name: "formatted_fields", Kind: List, Of: "Field", Absent: notByReference, Undocumented: true},
		{Name: "avatar", Kind: URL, Null: true},
		{Name: "avatar_static", Kind: URL, Null: true},
		{Name: "avatar_description", Kind: String},
		{Name: "header", Kind: URL, Null: true},
		{Name: "header_static", Kind: URL, Null: true},
		{Name: "header_description", Kind: String},
		{Name: "locked", Kind: Boolean},
		{Name: "bot", Kind: Boolean},
		{Name: "hide_collections", Kind: Boolean, Null: true},
		{Name: "discoverable", Kind: Boolean, Null: true},
		{Name: "indexable", Kind: Boolean},
		{Name: "show_media", Kind: Boolean},
		{Name: "show_media_replies", Kind: Boolean},
		{Name: "show_featured", Kind: Boolean},
		{Name: "attribution_domains", Kind: Strings},
		{Name: "featured_tags", Kind: List, Of: "FeaturedTag"},
	}
	for i := range all {
		all[i].Since = "4.6.0"
	}
	return all
}

func sourceAttributes() []Attribute {
	return []Attribute{
		{Name: "privacy", Kind: Word, Words: []string{"public", "unlisted", "private", "direct"}, Since: "1.5.0", Others: "missing"},
		{Name: "sensitive", Kind: Boolean, Since: "1.5.0", Others: "missing"},
		{Name: "language", Kind: Language, Null: true, Since: "2.4.2", Others: "missing"},
		{Name: "note", Kind: String, Since: "1.5.0", Others: "null (Mitra, Hollo)"},
		{Name: "fields", Kind: List, Of: "Field", Since: "2.4.0", Others: "null (pub)"},
		{Name: "follow_requests_count", Kind: Integer, Since: "3.0.0", Others: "missing"},
		{Name: "hide_collections", Kind: Boolean, Null: true, Since: "4.1.0", Others: "missing"},
		{Name: "discoverable", Kind: Boolean, Null: true, Since: "3.1.0", Others: "missing"},
		{Name: "indexable", Kind: Boolean, Since: "4.3.0", Others: "missing"},
		{Name: "attribution_domains", Kind: Strings, Since: "4.4.0", Others: "missing"},
		{Name: "quote_policy", Kind: Word, Words: []string{"public", "followers", "nobody"}, Absent: notByReference, Since: "4.5", Undocumented: true},
	}
}
