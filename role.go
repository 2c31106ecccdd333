package masto

import "encoding/json"

// AccountRole is the part of a role that everybody can see. Entities,
// "AccountRole".
type AccountRole struct {
	// ID is the id of the role, as text. Since 4.1.0.
	ID string `json:"id"`
	// Name is the name that is shown. Since 4.1.0.
	Name string `json:"name"`
	// Color is a hex code such as #ff3bff; "" is none. Since 4.1.0.
	Color string `json:"color"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

// Role is the whole role of the user whose token was used. Entities, "Role".
type Role struct {
	// ID is the id of the role, as text; "-99" is the everyone role. Since
	// 4.0.0.
	ID string `json:"id"`
	// Name is the name that is shown; "" for the everyone role. Since 4.0.0.
	Name string `json:"name"`
	// Permissions are what the role allows; in JSON, a decimal number as text.
	// Since 4.0.0.
	Permissions Permissions `json:"permissions"`
	// Color is a hex code such as #ff3bff; "" is none. Since 4.0.0.
	Color string `json:"color"`
	// Highlighted reports whether the role is shown as a badge, and so is one
	// of Account's Roles. Since 4.0.0.
	Highlighted bool `json:"highlighted"`
	// CollectionLimit is how many collections the user may have; nil leaves the
	// member out: the server does not say. Since 4.6, not documented.
	CollectionLimit *int `json:"collection_limit"`
	// Extra is as in [Account].
	Extra map[string]json.RawMessage `json:"-"`
}

// EveryoneRole returns the role of a user who has no other: id "-99", the
// permission to invite users, not highlighted, and up to 10 collections.
func EveryoneRole() Role {
	limit := 10
	return Role{ID: "-99", Permissions: PermissionInviteUsers, CollectionLimit: &limit}
}

// public returns the part of r that everybody can see.
func (r *Role) public() AccountRole {
	return AccountRole{ID: r.ID, Name: r.Name, Color: r.Color}
}

func (r *Role) clone() *Role {
	if r == nil {
		return nil
	}
	c := *r
	c.CollectionLimit = clonePtr(r.CollectionLimit)
	c.Extra = cloneExtra(r.Extra)
	return &c
}

// Permissions is a set of bits, each of them something that a role allows. The
// zero value allows nothing. Unknown bits survive decoding and encoding.
// Entities, "Role", permissions; the newest ones, which the reference sends,
// are not documented.
type Permissions uint64

// The permissions of a role.
const (
	PermissionAdministrator            Permissions = 1 << iota // everything
	PermissionDevops                                           // Sidekiq and database dashboards
	PermissionViewAuditLog                                     // what moderators did
	PermissionViewDashboard                                    // the admin dashboard
	PermissionManageReports                                    // reports
	PermissionManageFederation                                 // blocking and allowing other domains
	PermissionManageSettings                                   // the site's settings
	PermissionManageBlocks                                     // blocking mail providers and IP addresses
	PermissionManageTaxonomies                                 // trends and hashtags
	PermissionManageAppeals                                    // appeals against moderation
	PermissionManageUsers                                      // other users' details and moderation of them
	PermissionManageInvites                                    // invitations
	PermissionManageRules                                      // the server's rules
	PermissionManageAnnouncements                              // announcements
	PermissionManageCustomEmojis                               // custom emojis
	PermissionManageWebhooks                                   // webhooks
	PermissionInviteUsers                                      // inviting people
	PermissionManageRoles                                      // roles below one's own
	PermissionManageUserAccess                                 // other users' second factors, addresses and passwords
	PermissionDeleteUserData                                   // deleting other users' data at once
	PermissionViewFeeds                                        // live feeds that are closed to others
	PermissionInviteBypassApproval                             // invitations that need no approval
	PermissionManageEmailSubscriptions                         // letting others subscribe by mail
)

// Has reports whether p allows all of what. An administrator has every
// permission.
func (p Permissions) Has(what Permissions) bool {
	return p&PermissionAdministrator != 0 || p&what == what
}
