package client

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
)

// server is a row of the table of servers: how a kind of server takes an
// update. The README has the same table for people.
type server struct {
	// software are the names that NodeInfo has for this kind.
	software []string
	// encodings are what it takes, the best first: the first that can say the
	// whole of an update is used.
	encodings []encoding
	// multipartMethod is the method for multipart; "" stands for PATCH.
	multipartMethod string
	// removal is how a picture is removed.
	removal removal
	// parameters are the wire names that it takes; nil stands for those that
	// its version of Mastodon's API has.
	parameters []string
	// unseen are those of the parameters that its accounts do not show, so that
	// nobody can tell whether they were stored.
	unseen []string
	// rowsAsText reports that the rows of fields in a form are ordered by their
	// numbers as texts, [10] before [2].
	rowsAsText bool
	// refusesBy403 reports that it refuses values with 403.
	refusesBy403 bool
	// scopes are what a program asks for that reads and edits a profile; nil
	// stands for the ones of Mastodon.
	scopes []string
	// extraSource is the member of source that has discoverable.
	extraSource string
	// placeholders are how the paths of the pictures end that stand for none.
	placeholders []string
}

// encoding is an encoding of an update.
type encoding int

const (
	asForm encoding = iota
	asJSON
	asMultipart
)

// removal is a way to remove a picture.
type removal int

const (
	// byDelete is DELETE /api/v1/profile/avatar or, where that is missing, null
	// in JSON.
	byDelete removal = iota
	// byNull is null in JSON, and DELETE where the update cannot be JSON.
	byNull
	// byEmptyText is an empty text in any encoding.
	byEmptyText
	// never is for servers that cannot do it.
	never
)

const softwareMastodon = "mastodon"

// pleromaParameters are those of Pleroma and Akkoma.
var pleromaParameters = []string{
	"display_name", "note", "avatar", "header", "locked", "bot", "discoverable",
	"fields_attributes", "source[privacy]",
}

// servers is the table of servers.
var servers = []server{
	{
		software:  []string{softwareMastodon, "masto"},
		encodings: []encoding{asForm, asJSON, asMultipart},
		removal:   byNull,
	},
	{
		software:     []string{"pleroma", "akkoma"},
		encodings:    []encoding{asJSON, asMultipart},
		removal:      byEmptyText,
		parameters:   pleromaParameters,
		rowsAsText:   true,
		refusesBy403: true,
		extraSource:  "pleroma",
		placeholders: []string{"/images/avi.png", "/images/banner.png"},
	},
	{
		software:  []string{"gotosocial"},
		encodings: []encoding{asForm, asMultipart},
		removal:   byDelete,
		parameters: []string{
			"display_name", "note", "avatar", "avatar_description", "header", "header_description",
			"locked", "bot", "discoverable", "hide_collections", "fields_attributes",
			"source[privacy]", "source[sensitive]", "source[language]",
		},
		unseen: []string{"hide_collections"},
	},
	{
		software:        []string{"pixelfed"},
		encodings:       []encoding{asForm, asMultipart},
		multipartMethod: "POST", // It ignores the multipart body of a PATCH.
		removal:         never,
		parameters:      []string{"display_name", "note", "avatar", "locked"},
		scopes:          []string{"read", "write"},
		placeholders:    []string{"/storage/avatars/default.jpg"},
	},
	{
		software:   []string{"kitsune"},
		encodings:  []encoding{asMultipart},
		removal:    never,
		parameters: []string{"display_name", "note", "avatar", "header", "locked"},
	},
	{
		software:   []string{"mitra"},
		encodings:  []encoding{asJSON},
		removal:    never,
		parameters: []string{"display_name", "note"},
	},
}

// otherServer is the row of a server that is in no other: most take a form and
// multipart, and what one ignores is found in its answer.
var otherServer = server{encodings: []encoding{asForm, asMultipart}, removal: byDelete}

// sinceAPI are the versions of Mastodon's API that brought a parameter.
var sinceAPI = map[string]int{
	"attribution_domains":  3,
	"source[quote_policy]": 7,
	"show_media":           profileAPIVersion,
	"show_media_replies":   profileAPIVersion,
	"show_featured":        profileAPIVersion,
	"avatar_description":   9,
	"header_description":   9,
}

// shownSinceAPI are the versions of Mastodon's API that show a parameter which
// an older version takes.
var shownSinceAPI = map[string]int{"indexable": 2}

// shows reports whether an account shows what a parameter was set to.
func (s *server) shows(name string, i *Instance) bool {
	isTooOld := s.parameters == nil && i.APIVersion < shownSinceAPI[name]
	return !isTooOld && !slices.Contains(s.unseen, name)
}

// serverOf returns the row of a server.
func serverOf(i *Instance) *server {
	for k := range servers {
		if slices.Contains(servers[k].software, i.Software) {
			return &servers[k]
		}
	}
	return &otherServer
}

// Unsupported returns the wire names of what u sets and the server is known not
// to take: [Client.Update] refuses to send it. nil means that it takes all, as
// far as is known.
func (i *Instance) Unsupported(u masto.Update) []string {
	s := serverOf(i)
	return slices.DeleteFunc(u.Parameters(), func(name string) bool {
		switch o, isPicture := pictureOf(&u, name); {
		case isPicture && o.Value == nil && s.removal == never:
			return false
		case isPicture && o.Value != nil && !slices.Contains(s.encodings, asMultipart):
			return false
		case s.parameters != nil:
			return slices.Contains(s.parameters, name)
		case s == &otherServer:
			return true // Nobody knows.
		}
		return i.APIVersion >= sinceAPI[name]
	})
}

// pictureOf returns the place of the picture with a wire name in u, and reports
// whether the name is that of a picture.
func pictureOf(u *masto.Update, name string) (o *masto.Opt[*masto.Upload], ok bool) {
	switch name {
	case "avatar":
		return &u.Avatar, true
	case "header":
		return &u.Header, true
	}
	return nil, false
}

// editable returns the profile that the user edits, as the account has it.
func (s *server) editable(a *masto.CredentialAccount) masto.Profile {
	p := a.EditableProfile()
	var extra struct{ Discoverable *bool }
	if json.Unmarshal(a.Source.Extra[s.extraSource], &extra) == nil && extra.Discoverable != nil {
		p.Discoverable = extra.Discoverable
	}
	if s.isPlaceholder(p.Avatar) {
		p.Avatar, p.AvatarStatic = "", ""
	}
	if s.isPlaceholder(p.Header) {
		p.Header, p.HeaderStatic = "", ""
	}
	return p
}

// isPlaceholder reports whether the address of a picture stands for none.
func (s *server) isPlaceholder(address string) bool {
	path, _, _ := strings.Cut(address, "?")
	return slices.ContainsFunc(s.placeholders, func(end string) bool { return strings.HasSuffix(path, end) })
}
