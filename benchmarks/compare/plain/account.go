// Package plain has an Account and a Profile as a program without masto would
// have them: structs with tags. It is for the peers that use reflection.
package plain

import "time"

// Account has the members that the current reference implementation sends.
type Account struct {
	ID                string           `json:"id"`
	Username          string           `json:"username"`
	Acct              string           `json:"acct"`
	DisplayName       string           `json:"display_name"`
	Locked            bool             `json:"locked"`
	Bot               bool             `json:"bot"`
	Discoverable      *bool            `json:"discoverable"`
	Indexable         bool             `json:"indexable"`
	Group             bool             `json:"group"`
	CreatedAt         time.Time        `json:"created_at"`
	Note              string           `json:"note"`
	URL               *string          `json:"url"`
	URI               string           `json:"uri"`
	Avatar            string           `json:"avatar"`
	AvatarStatic      string           `json:"avatar_static"`
	AvatarDescription string           `json:"avatar_description"`
	Header            string           `json:"header"`
	HeaderStatic      string           `json:"header_static"`
	HeaderDescription string           `json:"header_description"`
	FollowersCount    int64            `json:"followers_count"`
	FollowingCount    int64            `json:"following_count"`
	StatusesCount     int64            `json:"statuses_count"`
	LastStatusAt      *string          `json:"last_status_at"`
	HideCollections   *bool            `json:"hide_collections"`
	ShowMedia         *bool            `json:"show_media,omitempty"`
	ShowMediaReplies  *bool            `json:"show_media_replies,omitempty"`
	ShowFeatured      *bool            `json:"show_featured,omitempty"`
	Suspended         bool             `json:"suspended,omitempty"`
	Limited           bool             `json:"limited,omitempty"`
	Noindex           *bool            `json:"noindex,omitempty"`
	Memorial          bool             `json:"memorial,omitempty"`
	FeatureApproval   *FeatureApproval `json:"feature_approval,omitempty"`
	Moved             *Account         `json:"moved,omitempty"`
	Emojis            []CustomEmoji    `json:"emojis"`
	Roles             []AccountRole    `json:"roles"`
	Fields            []Field          `json:"fields"`
}

// FeatureApproval says who may feature the account.
type FeatureApproval struct {
	Automatic   []string `json:"automatic"`
	Manual      []string `json:"manual"`
	CurrentUser string   `json:"current_user"`
}

// CustomEmoji is a picture that replaces a shortcode.
type CustomEmoji struct {
	Shortcode       string `json:"shortcode"`
	URL             string `json:"url"`
	StaticURL       string `json:"static_url"`
	VisibleInPicker bool   `json:"visible_in_picker"`
	Category        string `json:"category,omitempty"`
}

// AccountRole is a role that is shown on a profile.
type AccountRole struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Field is a label and a value.
type Field struct {
	Name       string     `json:"name"`
	Value      string     `json:"value"`
	VerifiedAt *time.Time `json:"verified_at"`
}

// Profile has the members that the current reference implementation sends.
type Profile struct {
	ID                 string        `json:"id"`
	DisplayName        string        `json:"display_name"`
	Note               string        `json:"note"`
	Fields             []Field       `json:"fields"`
	FormattedNote      string        `json:"formatted_note"`
	FormattedFields    []Field       `json:"formatted_fields"`
	Avatar             *string       `json:"avatar"`
	AvatarStatic       *string       `json:"avatar_static"`
	AvatarDescription  string        `json:"avatar_description"`
	Header             *string       `json:"header"`
	HeaderStatic       *string       `json:"header_static"`
	HeaderDescription  string        `json:"header_description"`
	Locked             bool          `json:"locked"`
	Bot                bool          `json:"bot"`
	HideCollections    *bool         `json:"hide_collections"`
	Discoverable       *bool         `json:"discoverable"`
	Indexable          bool          `json:"indexable"`
	ShowMedia          bool          `json:"show_media"`
	ShowMediaReplies   bool          `json:"show_media_replies"`
	ShowFeatured       bool          `json:"show_featured"`
	AttributionDomains []string      `json:"attribution_domains"`
	FeaturedTags       []FeaturedTag `json:"featured_tags"`
}

// FeaturedTag is a hashtag that is shown on a profile.
type FeaturedTag struct {
	ID            string  `json:"id"`
	Name          string  `json:"name"`
	URL           string  `json:"url"`
	StatusesCount string  `json:"statuses_count"`
	LastStatusAt  *string `json:"last_status_at"`
}
