package masto

import (
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Instance is what a server says about itself, as far as it matters to who edits a profile. [DecodeInstance] reads it.
type Instance struct {
	// Domain is the server's host; "" if it does not say.
	Domain string
	// Title is its name, remote text.
	Title string
	// Version is the version of its software, often with the software that it is compatible with: "2.7.2 (compatible; Akkoma 3.15.2)".
	Version string
	// APIVersion is the version of Mastodon's API that it speaks (api_versions.mastodon, since Mastodon 4.3); 0 if it does not say. From
	// 8 on there are the profile methods, from 9 on the descriptions of the pictures.
	APIVersion int
	// Limits are the limits of profiles; what the server does not say is 0, which stands for the default. Pleroma and Akkoma say how large
	// an avatar and a header may be: ImageBytes is the smaller of the two.
	Limits Limits
}

// profileAPIVersion is the first version of the API with GET and PATCH /api/v1/profile.
const profileAPIVersion = 8

// HasProfileAPI tells whether the server has the profile methods. On one that has not, read with [CredentialAccount.EditableProfile] and
// write with PATCH /api/v1/accounts/update_credentials.
func (i *Instance) HasProfileAPI() bool { return i.APIVersion >= profileAPIVersion }

// DecodeInstance reads the answer of GET /api/v2/instance or /api/v1/instance of any server: Mastodon of any version, its forks, Pleroma,
// Akkoma, GoToSocial, Pixelfed and others. It is lenient as the entities are: a value that cannot be used is passed over. The error, a
// [*DecodeError], is for text that is no JSON object.
func DecodeInstance(data []byte) (*Instance, error) {
	var top jsonObject
	if err := json.Unmarshal(data, &top); err != nil || top == nil {
		return nil, malformedJSON(err)
	}
	accounts := top.object("configuration", "accounts")
	metadata := top.object("pleroma", "metadata")
	pleroma := metadata.object("fields_limits")
	uploads := func(name string) int { return cmp.Or(top.number(name), metadata.number(name)) } // in the older and in the newer form
	return &Instance{
		Domain:     host(top.text("domain", "uri")),
		Title:      top.text("title"),
		Version:    top.text("version"),
		APIVersion: max(0, top.object("api_versions").number("mastodon")),
		Limits: Limits{
			DisplayName:       accounts.number("max_display_name_length", "max_display_name_lenth"), // so it is spelled in the documentation
			Note:              accounts.number("max_note_length"),
			Fields:            cmp.Or(accounts.number("max_profile_fields"), pleroma.number("max_fields")),
			FieldName:         cmp.Or(accounts.number("profile_field_name_limit"), pleroma.number("name_length")),
			FieldValue:        cmp.Or(accounts.number("profile_field_value_limit"), pleroma.number("value_length")),
			AvatarDescription: accounts.number("max_avatar_description_length"),
			HeaderDescription: accounts.number("max_header_description_length"),
			ImageBytes:        int64(smaller(uploads("avatar_upload_limit"), uploads("banner_upload_limit"))),
		},
	}, nil
}

// jsonObject is a JSON object with its members in any shape. All methods work on nil.
type jsonObject map[string]json.RawMessage

// object returns the object at a path; nil if there is none.
func (o jsonObject) object(path ...string) jsonObject {
	for _, name := range path {
		var inner jsonObject
		if json.Unmarshal(o[name], &inner) != nil {
			return nil
		}
		o = inner
	}
	return o
}

// text returns the first of the members that is a text with anything in it.
func (o jsonObject) text(names ...string) string {
	for _, name := range names {
		if s := jsonText(o[name]); s != "" {
			return s
		}
	}
	return ""
}

// number returns the first of the members that is a number, as such or as text:
// whole and positive, or -1 for a negative or a huge one, which stand for no
// limit. It returns 0 if none is.
func (o jsonObject) number(names ...string) int {
	for _, name := range names {
		raw := string(o[name])
		if s := jsonText(o[name]); s != "" {
			raw = s
		}
		switch n, err := strconv.ParseFloat(raw, 64); {
		case err != nil:
		case n <= -1 || n >= math.MaxInt32:
			return -1
		case n >= 1:
			return int(n)
		}
	}
	return 0
}

// smaller returns the smaller of two limits, where 0 is not known and -1 is none.
func smaller(a, b int) int {
	switch {
	case a > 0 && b > 0:
		return min(a, b)
	case a > 0 || b > 0:
		return max(a, b)
	}
	return min(a, b)
}

// host returns the host of an address, or s if it is none: the older form of the entity has the host, and some servers an address.
func host(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s, _, _ = strings.Cut(rest, "/")
	}
	return s
}
