package fakeserver

import (
	"encoding/json"
	"strings"
)

// members are the members of a JSON object.
type members map[string]json.RawMessage

// accountShape is an account of the reference on its way to the form of another
// kind of server.
type accountShape struct {
	members
	// source is the source of a CredentialAccount. It is nil for the account as
	// anybody sees it.
	source members
	// read reports that the account answers verify_credentials and not an
	// update.
	read bool
}

// shapeAccount turns an account of the reference, in JSON, into one of the
// kind.
func (s *Server) shapeAccount(k kind, body []byte, read bool) []byte {
	a := &accountShape{read: read}
	if json.Unmarshal(body, &a.members) != nil {
		return body
	}
	_ = json.Unmarshal(a.members["source"], &a.source) // It stays nil where there is none.
	k.shape(s, a)
	if a.source != nil {
		a.members["source"] = mustJSON(a.source)
	}
	return mustJSON(a.members)
}

// without removes members.
func (m members) without(names ...string) {
	for _, name := range names {
		delete(m, name)
	}
}

// set sets a member.
func (m members) set(name string, value any) { m[name] = mustJSON(value) }

// text returns a member that is a text. It is "" where it is anything else.
func (m members) text(name string) string {
	var s string
	_ = json.Unmarshal(m[name], &s)
	return s
}

// newer are the members that came after Mastodon 4.2.
var newer = [...]string{
	"avatar_description",
	"header_description",
	"hide_collections",
	"show_media",
	"show_media_replies",
	"show_featured",
	"feature_approval",
	"email_subscriptions",
	"indexable",
}

// shapeOld turns an account of the reference into one of Mastodon 4.2.
func shapeOld(_ *Server, a *accountShape) {
	a.without(newer[:]...)
	a.source.without("attribution_domains", "quote_policy", "indexable")
	var role members
	if _ = json.Unmarshal(a.members["role"], &role); role != nil { // A CredentialAccount has one.
		role.without("collection_limit")
		a.set("role", role)
	}
}

// pictures are the members that have addresses of pictures.
var pictures = [...]string{"avatar", "avatar_static", "header", "header_static"}

// shapePleroma turns an account of the reference into one of Pleroma.
func shapePleroma(s *Server, a *accountShape) {
	a.without(newer[:]...)
	a.without("discoverable", "group", "noindex", "roles", "role", "memorial")
	a.set("fqn", a.text("username")+"@"+s.domain())
	a.set("pleroma", object{
		"ap_id":                   a.text("uri"),
		"also_known_as":           []string{},
		"background_image":        nil,
		"hide_favorites":          true,
		"hide_followers":          false,
		"hide_follows":            false,
		"is_admin":                false,
		"is_confirmed":            true,
		"is_moderator":            false,
		"relationship":            object{},
		"skip_thread_containment": false,
		"tags":                    []string{},
	})
	if day := a.text("last_status_at"); day != "" {
		a.set("last_status_at", day+"T12:30:00")
	}
	a.withoutVerification("fields")
	if a.source == nil {
		return
	}
	a.members["follow_requests_count"] = a.source["follow_requests_count"]
	a.source.withoutVerification("fields")
	a.source = members{
		"fields":    a.source["fields"],
		"note":      a.source["note"],
		"privacy":   a.source["privacy"],
		"sensitive": json.RawMessage("false"),
	}
	a.source.set("pleroma", object{
		"actor_type":   "Person",
		"discoverable": s.discoverable(a.text("id")),
		"no_rich_text": false,
		"show_role":    true,
	})
}

// shapeAkkoma turns an account of the reference into one of Akkoma, which is a
// fork of Pleroma.
func shapeAkkoma(s *Server, a *accountShape) {
	shapePleroma(s, a)
	a.without("uri")
	a.set("accepts_direct_messages_from", "everybody")
	a.set("akkoma", object{
		"instance": object{
			"name":    s.domain(),
			"favicon": nil,
			"nodeinfo": object{
				"version":  "2.1",
				"software": object{"name": s.kind().software, "version": s.kind().ownVersion},
			},
		},
		"status_ttl_days":   nil,
		"permit_followback": false,
	})
	a.unsetPictures(nil)
}

// withoutVerification removes verified_at from the rows in a member.
func (m members) withoutVerification(name string) {
	var rows []members
	_ = json.Unmarshal(m[name], &rows) // This package wrote it.
	if rows == nil {
		rows = []members{}
	}
	for _, row := range rows {
		row.without("verified_at")
	}
	m.set(name, rows)
}

// unsetPictures replaces the addresses that stand for a picture that is not
// set.
func (m members) unsetPictures(value any) {
	for _, name := range pictures {
		if strings.HasSuffix(m.text(name), "/missing.png") {
			m.set(name, value)
		}
	}
}

// discoverable reports whether the stored account with an id is discoverable.
// Null is false.
func (s *Server) discoverable(id string) bool {
	d := s.RecordOf(id).Profile.Discoverable
	return d != nil && *d
}

// shapeGoToSocial turns an account of the reference into one of GoToSocial.
func shapeGoToSocial(s *Server, a *accountShape) {
	avatarDescription, headerDescription := a.members["avatar_description"], a.members["header_description"]
	a.without(newer[:]...)
	a.without("noindex", "memorial", "uri")
	a.members["avatar_description"], a.members["header_description"] = avatarDescription, headerDescription
	a.set("enable_rss", false)
	a.set("discoverable", s.discoverable(a.text("id")))
	a.unsetPictures("")
	if a.source == nil {
		return
	}
	a.set("role", object{"id": "user", "name": "user", "color": "", "permissions": "0", "highlighted": false})
	a.source.without("attribution_domains", "quote_policy", "indexable", "hide_collections", "discoverable")
	a.source.set("status_content_type", "text/plain")
	a.source.set("web_visibility", "public")
	a.source.set("also_known_as_uris", []string{})
}

// shapePixelfed turns an account of the reference into one of Pixelfed.
func shapePixelfed(_ *Server, a *accountShape) {
	a.without(newer[:]...)
	a.without("noindex", "roles", "role", "memorial", "uri", "group")
	a.set("fields", []any{})
	a.set("created_at", strings.TrimSuffix(a.text("created_at"), ".000Z")+".000000Z")
	switch {
	case a.source == nil:
	case a.read:
		a.source.without("attribution_domains", "quote_policy", "indexable")
		a.source.without("hide_collections", "discoverable", "follow_requests_count")
		a.source.set("fields", []any{})
	default:
		a.source = nil
		a.without("source")
	}
}
