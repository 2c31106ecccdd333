package fakeserver

import (
	"encoding/json"
	"strings"

	"github.com/seed-374a2035/masto"
)

// Software is a kind of server that a [Server] can behave like. Where the
// comment of a kind says nothing, it behaves as the reference does. The habits
// were taken from the public sources of those servers and from captured
// responses; none of the servers was run.
type Software int

const (
	// Mastodon is the reference: Mastodon 4.6.4 with API version 11. It is the
	// zero Software.
	Mastodon Software = iota
	// Mastodon42 is Mastodon 4.2. It has no GET and PATCH /api/v1/profile, but
	// it has DELETE of the pictures. It knows no descriptions of pictures, no
	// tabs and no attribution domains. Its instance publishes no limits.
	Mastodon42
	// Pleroma has update_credentials only, and no DELETE. In any encoding an
	// empty text for avatar or header removes the picture, and null changes
	// nothing. Rows of fields are ordered by their index as text, [10] before
	// [2], and rows without a name are dropped. What is over a limit is refused
	// with 403 and no details. The limits are in /api/v1/instance.
	Pleroma
	// Akkoma behaves as Pleroma does, but sends null for a picture that is not
	// set.
	Akkoma
	// GoToSocial has no GET and PATCH /api/v1/profile, but it has DELETE of the
	// pictures. In JSON the fields are an object of rows by number, and a list
	// is refused. A picture is a file of a multipart body. Rows without a name
	// or without a value are dropped, an empty text for a Boolean is false, and
	// an update that sets nothing is refused. Errors are 400 without details.
	GoToSocial
	// Pixelfed has update_credentials only, with display_name, note, locked and
	// avatar. It reads a multipart body that is POSTed. One that is sent by
	// PATCH changes nothing and is answered with success. The answer to an
	// update has no source.
	Pixelfed
)

// Kinds returns all kinds of servers, so that a test can try a client with
// each.
func Kinds() []Software {
	return []Software{Mastodon, Mastodon42, Pleroma, Akkoma, GoToSocial, Pixelfed}
}

// String returns the name: "Mastodon 4.6", "Mastodon 4.2", "Pleroma" and so on.
func (s Software) String() string { return s.kind().name }

// kind is how a kind of server behaves.
type kind struct {
	name string
	// software is the name of the software in NodeInfo.
	software string
	// version is the version that the instance publishes.
	version string
	// ownVersion is the version in NodeInfo where it is another one: some
	// instances name the Mastodon that they are compatible with.
	ownVersion string
	// profileMethods reports that it has GET and PATCH /api/v1/profile.
	profileMethods bool
	// deletesPictures reports that it has DELETE of the pictures.
	deletesPictures bool
	// limits are the limits that it has by default.
	limits masto.Limits
	// missing is the path of the picture that stands for none, or "" for the
	// two of the reference.
	missing string
	// instanceV1 makes the answer to GET /api/v1/instance.
	instanceV1 func(s *Server) object
	// instanceV2 makes the answer to GET /api/v2/instance. It is nil where the
	// kind does not have the method.
	instanceV2 func(s *Server) object
	// takes reads an update from what was sent. It is nil where the kind reads
	// it as the reference does.
	takes func(sent *Request, l masto.Limits) (masto.Update, error)
	// refuse turns a 422 of the reference into the answer of the kind. It is
	// nil where they are the same.
	refuse func(body []byte) (int, []byte)
	// shape turns an account of the reference into one of the kind. It is nil
	// where they are the same.
	shape func(s *Server, a *accountShape)
}

// kind returns how s behaves. An unknown Software behaves as the reference.
func (s Software) kind() kind {
	switch s {
	case Mastodon42:
		return kind{
			name:            "Mastodon 4.2",
			software:        "mastodon",
			version:         "4.2.10",
			deletesPictures: true,
			limits:          masto.Limits{DisplayName: 30},
			instanceV1:      instanceV1,
			instanceV2:      oldInstanceV2,
			takes:           takesOld,
			shape:           shapeOld,
		}
	case Pleroma:
		return pleromaKind("Pleroma", "2.9.1", "/images/avi.png", shapePleroma)
	case Akkoma:
		return pleromaKind("Akkoma", "3.15.2", "", shapeAkkoma)
	case GoToSocial:
		return kind{
			name:            "GoToSocial",
			software:        "gotosocial",
			version:         "0.19.1+git-0000000",
			deletesPictures: true,
			limits:          masto.Limits{DisplayName: -1, Note: 5000, Fields: 6},
			instanceV1:      gotosocialInstance(instanceV1),
			instanceV2:      gotosocialInstance(oldInstanceV2),
			takes:           takesGoToSocial,
			refuse:          refuseGoToSocial,
			shape:           shapeGoToSocial,
		}
	case Pixelfed:
		return kind{
			name:       "Pixelfed",
			software:   "pixelfed",
			version:    "3.5.3 (compatible; Pixelfed 0.12.5)",
			ownVersion: "0.12.5",
			limits:     masto.Limits{Note: 200, ImageBytes: 2 << 20},
			missing:    "/storage/avatars/default.jpg",
			instanceV1: pixelfedInstance,
			takes:      takesPixelfed,
			refuse:     refusePixelfed,
			shape:      shapePixelfed,
		}
	}
	return kind{
		name:            "Mastodon 4.6",
		software:        "mastodon",
		version:         "4.6.4",
		profileMethods:  true,
		deletesPictures: true,
		instanceV1:      instanceV1,
		instanceV2:      instanceV2,
	}
}

// pleromaKind returns how Pleroma and Akkoma behave.
func pleromaKind(name, version, missing string, shape func(*Server, *accountShape)) kind {
	return kind{
		name:       name,
		software:   strings.ToLower(name),
		version:    "2.7.2 (compatible; " + name + " " + version + ")",
		ownVersion: version,
		missing:    missing,
		limits: masto.Limits{
			DisplayName: 100,
			Note:        5000,
			Fields:      10,
			FieldName:   512,
			FieldValue:  2048,
			ImageBytes:  2_000_000,
		},
		instanceV1: pleromaInstance,
		takes:      takesPleroma,
		refuse:     refusePleroma,
		shape:      shape,
	}
}

// kind returns how s behaves.
func (s *Server) kind() kind { return s.options.software.kind() }

// domain returns the host and the port of the server.
func (s *Server) domain() string { return s.service.Site.Domain }

// mustJSON encodes a value that this package put together itself.
func mustJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return body
}
