// Package schema lists the members of each entity of the API, as the
// documentation describes them: type, null, absence, the version that added
// them, and what other servers send in their place.
//
// [Entities] returns the table. Package check compares JSON with it, and
// docs/attributes.md is generated from it (go generate). Tests of the root
// package compare it with what the encoder writes, member by member, and with
// the comments of the fields. Members that the reference sends and the
// documentation lacks are marked as undocumented.
package schema

//go:generate go run ./table ../../docs/attributes.md

// Kind is the kind of a value: its JSON type, and the form of a string.
type Kind uint8

// The kinds of values.
const (
	String   Kind = iota
	ID            // a string, usually of digits
	HTML          // a string
	URL           // a string: an absolute URL with http or https
	URI           // a string: an absolute URI with any scheme
	Color         // a string: a hex color code or ""
	Number        // a string: a whole number
	Datetime      // a string: a date and time with a zone
	Date          // a string: a date without a time
	Language      // a string: a language tag or ""
	Word          // a string: one of Attribute.Words
	Boolean
	True // a Boolean that is left out when it is false
	Integer
	Strings // an array of strings
	Object  // an object of the entity Attribute.Of
	List    // an array of the entity Attribute.Of
)

// Attribute is a member of an entity.
type Attribute struct {
	Name string
	Kind Kind
	// Of is the entity of an Object, or of the elements of a List.
	Of string
	// Words are the values that a Word may have.
	Words []string
	// Null reports whether the value may be null.
	Null bool
	// Absent says when the member is left out; "" means never.
	Absent string
	// Since is the version of the reference implementation that added the
	// member.
	Since string
	// Undocumented reports that the reference implementation sends the member
	// but the documentation does not describe it.
	Undocumented bool
	// Others says what other servers send instead; "" means nothing else.
	Others string
}

// Entity is an object of the API.
type Entity struct {
	Name string
	// Document is the page of the documentation that describes the entity.
	Document string
	// Attributes are in the order of the reference implementation's serializer.
	Attributes []Attribute
}

const (
	lacking        = "servers that lack it"
	beforeOrOthers = "servers before that version, and others"
	falseAlways    = "sent when false, too (Sharkey, Takahe)"
	hidden         = "a string; null; -1 if hidden (glitch-soc); missing"
	pictures       = `null, "", missing, a relative path, a color (Firefish)`
)

// Entities returns every entity. An entity that is part of others comes after
// them.
func Entities() []Entity {
	account := "Entities: Account"
	return []Entity{
		{"Account", account, accountAttributes(nil, nil)},
		{"CredentialAccount", account, accountAttributes(
			[]Attribute{{
				Name: "source", Kind: Object, Of: "Source", Since: "2.4.0",
				Others: "missing, null, []; sent for any account (Mitra, kitsune, Nextcloud)",
			}},
			[]Attribute{{
				Name: "role", Kind: Object, Of: "Role", Since: "4.0.0",
				Others: "missing, null, the name as a string (GoToSocial 0.6)",
			}},
		)},
		{"MutedAccount", account, accountAttributes(
			[]Attribute{{Name: "mute_expires_at", Kind: Datetime, Null: true, Since: "3.3.0"}},
			nil,
		)},
		{"PartialAccountWithAvatar", "Methods: grouped_notifications", []Attribute{
			{Name: "id", Kind: ID, Since: "4.3.0"},
			{Name: "acct", Kind: String, Since: "4.3.0"},
			{Name: "locked", Kind: Boolean, Since: "4.3.0"},
			{Name: "bot", Kind: Boolean, Since: "4.3.0"},
			{Name: "url", Kind: URL, Null: true, Since: "4.3.0"},
			{Name: "avatar", Kind: URL, Since: "4.3.0"},
			{Name: "avatar_static", Kind: URL, Since: "4.3.0"},
			{Name: "avatar_description", Kind: String, Absent: beforeOrOthers, Since: "4.6.0"},
		}},
		{"Profile", "Methods: profile", profileAttributes()},
		{"Source", account, sourceAttributes()},
		{"Field", account, []Attribute{
			{Name: "name", Kind: String, Since: "2.4.0"},
			{Name: "value", Kind: HTML, Since: "2.4.0"},
			{
				Name: "verified_at", Kind: Datetime, Null: true, Since: "2.6.0",
				Others: "missing (Pleroma, pub); the time of the request (Iceshrimp)",
			},
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
			{Name: "collection_limit", Kind: Integer, Absent: lacking, Since: "4.6", Undocumented: true},
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
		{"FeatureApproval", "Entities: FeatureApproval", []Attribute{
			{Name: "automatic", Kind: Strings, Since: "4.6.0"},
			{Name: "manual", Kind: Strings, Since: "4.6.0"},
			{
				Name: "current_user", Kind: Word, Since: "4.6.0",
				Words: []string{"automatic", "manual", "denied", "unknown", "missing"},
			},
		}},
	}
}

// accountAttributes returns the attributes of Account, with more inserted
// before moved and last added at the end.
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
		{
			Name: "created_at", Kind: Datetime, Since: "0.1.0",
			Others: `no milliseconds, microseconds, no zone, "", null, 1970-01-01 if unknown`,
		},
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
		{
			Name: "last_status_at", Kind: Date, Null: true, Since: "3.0.0",
			Others: `date and time (Pleroma, Akkoma, Friendica, GoToSocial before 0.17), "" (Nextcloud), missing`,
		},
		{Name: "hide_collections", Kind: Boolean, Null: true, Since: "4.3.0", Others: "missing"},
		{Name: "show_media", Kind: Boolean, Absent: beforeOrOthers, Since: "4.6.0"},
		{Name: "show_media_replies", Kind: Boolean, Absent: beforeOrOthers, Since: "4.6.0"},
		{Name: "show_featured", Kind: Boolean, Absent: beforeOrOthers, Since: "4.6.0"},
		{Name: "suspended", Kind: True, Absent: "false", Since: "3.3.0", Others: falseAlways},
		{Name: "limited", Kind: True, Absent: "false", Since: "3.5.3", Others: falseAlways},
		{Name: "noindex", Kind: Boolean, Null: true, Absent: "a remote account", Since: "4.0.0"},
		{Name: "memorial", Kind: True, Absent: "false", Since: "4.2.0", Others: falseAlways},
		{
			Name: "feature_approval", Kind: Object, Of: "FeatureApproval", Absent: beforeOrOthers,
			Since: "4.6.0",
		},
		{Name: "email_subscriptions", Kind: Boolean, Absent: lacking, Since: "4.6", Undocumented: true},
		{Name: "invalid_handle", Kind: True, Absent: "false", Since: "4.6", Undocumented: true},
	}
	all = append(all, more...)
	all = append(
		all,
		Attribute{
			Name: "moved", Kind: Object, Of: "Account", Null: true, Absent: "the account has not moved", Since: "2.1.0",
			Others: "a Boolean (Takahe)",
		},
		Attribute{
			Name: "emojis", Kind: List, Of: "CustomEmoji", Since: "2.4.0",
			Others: "null, missing (snac, kitsune, GoToSocial 0.2)",
		},
		Attribute{
			Name: "roles", Kind: List, Of: "AccountRole", Null: true, Absent: "a remote account", Since: "4.1.0",
			Others: "objects with permissions (GoToSocial)",
		},
		Attribute{
			Name: "fields", Kind: List, Of: "Field", Since: "2.4.0",
			Others: "null, missing (snac, kitsune, GoToSocial 0.2)",
		},
	)
	return append(all, last...)
}

func profileAttributes() []Attribute {
	all := []Attribute{
		{Name: "id", Kind: ID},
		{Name: "display_name", Kind: String},
		{Name: "note", Kind: String},
		{Name: "fields", Kind: List, Of: "Field"},
		{Name: "formatted_note", Kind: HTML, Absent: lacking, Undocumented: true},
		{Name: "formatted_fields", Kind: List, Of: "Field", Absent: lacking, Undocumented: true},
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
		{
			Name: "privacy", Kind: Word, Words: []string{"public", "unlisted", "private", "direct"}, Since: "1.5.0",
			Others: "missing",
		},
		{Name: "sensitive", Kind: Boolean, Since: "1.5.0", Others: "missing"},
		{Name: "language", Kind: Language, Null: true, Since: "2.4.2", Others: "missing"},
		{Name: "note", Kind: String, Since: "1.5.0", Others: "null (Mitra, Hollo)"},
		{Name: "fields", Kind: List, Of: "Field", Since: "2.4.0", Others: "null (pub)"},
		{Name: "follow_requests_count", Kind: Integer, Since: "3.0.0", Others: "missing"},
		{Name: "hide_collections", Kind: Boolean, Null: true, Since: "4.1.0", Others: "missing"},
		{Name: "discoverable", Kind: Boolean, Null: true, Since: "3.1.0", Others: "missing"},
		{Name: "indexable", Kind: Boolean, Since: "4.3.0", Others: "missing"},
		{Name: "attribution_domains", Kind: Strings, Since: "4.4.0", Others: "missing"},
		{
			Name: "quote_policy", Kind: Word, Words: []string{"public", "followers", "nobody"}, Absent: beforeOrOthers,
			Since: "4.5.0",
		},
	}
}
