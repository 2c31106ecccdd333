package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/wire"
)

// Instance is what a server says about itself that matters to a client that
// edits a profile. [DecodeInstance] reads it.
type Instance struct {
	// Domain is the server's host; "" if the server does not tell.
	Domain string
	// Title is the server's name, which is remote text.
	Title string
	// Version is the version of the software. Other software than Mastodon
	// often names the version of Mastodon that it is compatible with, and
	// itself in parentheses: "2.7.2 (compatible; Akkoma 3.15.2)".
	Version string
	// APIVersion is the version of Mastodon's API that the server speaks
	// (api_versions.mastodon, since Mastodon 4.3); 0 if it does not tell. The
	// profile methods exist from 8 on, the descriptions of pictures from 9 on.
	APIVersion int
	// Software is the name of the software in lower case, such as mastodon,
	// gotosocial or akkoma; "" if it is unknown. [DecodeInstance] reads it from
	// the version, which not every software is named in; [Client.Instance] also
	// asks NodeInfo.
	Software string
	// Limits has the limits of a profile. A limit that the server does not tell
	// is -1, no limit, since a client has nothing to enforce. On Mastodon
	// itself it is 0, the default, except that a display name had 30 code
	// points before 4.6.4. Pleroma and Akkoma tell how large an avatar and a
	// header may be: ImageBytes is the smaller of the two.
	Limits masto.Limits
}

// profileAPIVersion is the first version of the API with GET and PATCH
// /api/v1/profile.
const profileAPIVersion = 8

// HasProfileAPI reports whether the server has the profile methods. On one
// without them, [masto.CredentialAccount.EditableProfile] is the profile to
// edit, and updates go to /api/v1/accounts/update_credentials.
func (i *Instance) HasProfileAPI() bool { return i.APIVersion >= profileAPIVersion }

// DecodeInstance reads the answer of GET /api/v2/instance or /api/v1/instance
// of any server: Mastodon of any version, its forks, Pleroma, Akkoma,
// GoToSocial, Pixelfed and others. Ask for v2 first: v1 of a current Mastodon
// has neither the limits nor the API version.
//
// A value that cannot be used counts as absent. Text that is not a JSON object
// gives a [*masto.DecodeError].
func DecodeInstance(data []byte) (*Instance, error) {
	top, err := wire.ParseAny(data)
	if err == nil && top.Kind() != '{' {
		err = errors.New("not an object")
	}
	if err != nil {
		return nil, malformed(err)
	}
	i := &Instance{
		Domain:     hostOf(firstText(top, "domain", "uri")),
		Title:      firstText(top, "title"),
		Version:    firstText(top, "version"),
		APIVersion: max(0, firstNumber(top.Get("api_versions"), "mastodon")),
		Limits:     toldLimits(top),
	}
	i.Software = softwareOf(i.Version)
	switch version, ok := mastodonVersion(i.Version); {
	case !ok:
		i.Limits = untoldIsNone(i.Limits)
	case slices.Compare(version[:], []int{4, 6, 4}) < 0:
		i.Limits.DisplayName = cmp.Or(i.Limits.DisplayName, 30)
	}
	return i, nil
}

// malformed returns the error for JSON that is refused with err.
func malformed(err error) error {
	e := &masto.DecodeError{Offset: 0, Err: fmt.Errorf("%w JSON: %w", masto.ErrMalformed, err)}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		e.Offset = syntax.Offset
	}
	return e
}

// softwareOf returns the name of the software that a version names: that of
// Mastodon itself, or "2.7.2 (compatible; Akkoma 3.15.2)". A fork of Mastodon
// names itself after a plus sign and takes what Mastodon takes.
func softwareOf(version string) string {
	if _, rest, ok := strings.Cut(version, "(compatible; "); ok {
		name, _, _ := strings.Cut(strings.TrimSuffix(rest, ")"), " ")
		return strings.ToLower(name)
	}
	own, _, _ := strings.Cut(version, "+")
	if _, ok := mastodonVersion(own); ok {
		return softwareMastodon
	}
	return ""
}

// toldLimits returns the limits that a server tells, and 0 for those that it
// does not.
func toldLimits(top wire.Any) masto.Limits {
	accounts := top.Get("configuration", "accounts")
	metadata := top.Get("pleroma", "metadata")
	fields := metadata.Get("fields_limits")
	// Pleroma has the limits of uploads at the top of v1, and in the metadata
	// of v2.
	uploads := func(name string) int { return cmp.Or(firstNumber(top, name), firstNumber(metadata, name)) }
	return masto.Limits{
		// The documentation spells it "lenth".
		DisplayName: firstNumber(accounts, "max_display_name_length", "max_display_name_lenth"),
		Note:        firstNumber(accounts, "max_note_length"),
		Fields: cmp.Or(
			firstNumber(accounts, "max_profile_fields"),
			firstNumber(fields, "max_fields"),
		),
		FieldName: cmp.Or(
			firstNumber(accounts, "profile_field_name_limit"),
			firstNumber(fields, "name_length"),
		),
		FieldValue: cmp.Or(
			firstNumber(accounts, "profile_field_value_limit"),
			firstNumber(fields, "value_length"),
		),
		AvatarDescription: firstNumber(accounts, "max_avatar_description_length"),
		HeaderDescription: firstNumber(accounts, "max_header_description_length"),
		ImageBytes:        int64(smaller(uploads("avatar_upload_limit"), uploads("banner_upload_limit"))),
	}
}

// untoldIsNone returns l with -1, no limit, in place of each 0.
func untoldIsNone(l masto.Limits) masto.Limits {
	return masto.Limits{
		DisplayName:        cmp.Or(l.DisplayName, -1),
		Note:               cmp.Or(l.Note, -1),
		Fields:             cmp.Or(l.Fields, -1),
		FieldName:          cmp.Or(l.FieldName, -1),
		FieldValue:         cmp.Or(l.FieldValue, -1),
		AvatarDescription:  cmp.Or(l.AvatarDescription, -1),
		HeaderDescription:  cmp.Or(l.HeaderDescription, -1),
		AttributionDomains: cmp.Or(l.AttributionDomains, -1),
		TextBytes:          cmp.Or(l.TextBytes, -1),
		ImageBytes:         cmp.Or(l.ImageBytes, -1),
	}
}

// mastodonVersion parses a version of Mastodon itself, such as 4.6.4,
// 4.7.0-alpha.2 or 3.0.0rc1. It is not ok for any other software: that names
// itself in parentheses, or after a plus sign if it is a fork, whose limits may
// differ; the versions of GoToSocial begin with 0.
func mastodonVersion(s string) (version [3]int, ok bool) {
	for i := range version {
		if i > 0 {
			if s, ok = strings.CutPrefix(s, "."); !ok {
				return version, false
			}
		}
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		n, err := strconv.Atoi(s[:digits])
		if err != nil {
			return version, false
		}
		version[i], s = n, s[digits:]
	}
	return version, version[0] > 0 && !strings.ContainsAny(s, "+( ")
}

// firstText returns the first of the named members of object that is a string
// and not empty, or "".
func firstText(object wire.Any, names ...string) string {
	for _, name := range names {
		if s := object.Get(name).StringText(); s != "" {
			return s
		}
	}
	return ""
}

// firstNumber returns the first of the named members of object that is a
// positive number or a string of one, without its fraction. It returns -1, no
// limit, for a negative or a huge number, and 0 if no member is a number.
func firstNumber(object wire.Any, names ...string) int {
	for _, name := range names {
		switch n, err := strconv.ParseFloat(object.Get(name).Text(), 64); {
		case err != nil:
		case n <= -1 || n >= math.MaxInt32:
			return -1
		case n >= 1:
			return int(n)
		}
	}
	return 0
}

// smaller returns the smaller of two limits. 0 is unknown, and -1 is no limit.
func smaller(a, b int) int {
	switch {
	case a > 0 && b > 0:
		return min(a, b)
	case a > 0 || b > 0:
		return max(a, b)
	}
	return min(a, b)
}

// hostOf returns the host of an address, or s if it is no address: v1 of the
// method has a host, but some servers send an address.
func hostOf(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s, _, _ = strings.Cut(rest, "/")
	}
	return s
}
