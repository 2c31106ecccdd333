// Package plain has an Account as one writes it without this library: a struct with tags, for the peers that work by reflection.
package plain

import "time"

// Account has the members that an account of the current reference implementation has.
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

// FeatureApproval tells who may feature the account.
type FeatureApproval struct {
	Automatic   []string `json:"automatic"`
	Manual      []string `json:"manual"`
	CurrentUser string   `json:"current_user"`
}

// CustomEmoji is a picture for a shortcode.
type CustomEmoji struct {
	Shortcode       string `json:"shortcode"`
	URL             string `json:"url"`
	StaticURL       string `json:"static_url"`
	VisibleInPicker bool   `json:"visible_in_picker"`
	Category        string `json:"category,omitempty"`
}

// AccountRole is a visible role.
type AccountRole struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Field is a row of the profile's table.
type Field struct {
	Name       string     `json:"name"`
	Value      string     `json:"value"`
	VerifiedAt *time.Time `json:"verified_at"`
}
