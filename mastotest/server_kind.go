package mastotest

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

// Software is a kind of server that a [Server] can behave like. What is not
// said here is as in the reference. The habits were taken from the public
// sources of those servers, none of which was run, and from captured responses.
type Software int

const (
	// Mastodon is the reference: Mastodon 4.6.4, API version 11. It is the zero
	// Software.
	Mastodon Software = iota
	// Mastodon42 is Mastodon 4.2: no GET and PATCH /api/v1/profile, but DELETE
	// of the pictures; no descriptions of them, no tabs and no attribution
	// domains; the instance does not tell the limits.
	Mastodon42
	// Pleroma has update_credentials only, no DELETE. In any encoding an empty
	// text as avatar or header removes the picture, and null changes nothing.
	// Rows of fields come in the order of their indices as text ([10] before
	// [2]); rows without a name are dropped, and what is too long is refused:
	// with 403 and no details. Limits are in /api/v1/instance.
	Pleroma
	// Akkoma is as Pleroma, with null for a picture that is not set.
	Akkoma
	// GoToSocial has no GET and PATCH /api/v1/profile, but DELETE of the
	// pictures. In JSON the fields are an object of rows by number, a list is
	// refused; pictures are files of a multipart body and nothing else. Rows
	// without a name or without a value are dropped, null is false, an update
	// that sets nothing is refused. Errors are 400, without details.
	GoToSocial
	// Pixelfed has update_credentials only, with display_name, note, locked and
	// avatar. A multipart body is read if it is POSTed, and not if the method
	// is PATCH: then nothing changes, with success. The answer to an update has
	// no source.
	Pixelfed
)

// String returns the name: "Mastodon 4.6", "Mastodon 4.2", "Pleroma" and so on.
func (s Software) String() string { return s.kind().name }

// kind is how a kind of server behaves.
type kind struct {
	name string
	// software is its name in NodeInfo.
	software string
	// version is what its instance says. ownVersion is that of NodeInfo, where
	// the instance names the Mastodon that it is compatible with.
	version, ownVersion string
	// profileMethods: GET and PATCH /api/v1/profile; deletesPictures: DELETE of
	// the pictures.
	profileMethods, deletesPictures bool
	// limits are those that it has by default.
	limits masto.Limits
	// missing is the path of the picture that stands for none; "" means the
	// reference's two.
	missing string
	// instanceV1 and instanceV2 make the answers; nil: it does not have the
	// method.
	instanceV1, instanceV2 func(s *Server) object
	// takes reads an update from what was sent; nil: as the reference reads it.
	takes func(r *http.Request, sent *Request, l masto.Limits) (masto.Update, error)
	// refuse turns the reference's 422 into the answer that the kind gives;
	// nil: the same.
	refuse func(body []byte) (int, []byte)
	// shape turns the members of the reference's account into those of the
	// kind; nil: the same.
	shape func(s *Server, a *accountShape)
}

// kind returns how s behaves. An unknown Software behaves as the reference.
func (s Software) kind() kind {
	switch s {
	case Mastodon42:
		return kind{
			name: "Mastodon 4.2", software: "mastodon", version: "4.2.10",
			deletesPictures: true, limits: masto.Limits{DisplayName: 30},
			instanceV1: instanceV1, instanceV2: oldInstanceV2,
			takes: takesOld, shape: shapeOld,
		}
	case Pleroma:
		return pleromaKind("Pleroma", "2.9.1", "/images/avi.png", shapePleroma)
	case Akkoma:
		return pleromaKind("Akkoma", "3.15.2", "", shapeAkkoma)
	case GoToSocial:
		return kind{
			name: "GoToSocial", software: "gotosocial", version: "0.19.1+git-0000000",
			deletesPictures: true, limits: masto.Limits{DisplayName: -1, Note: 5000, Fields: 6},
			instanceV1: gotosocialInstance(instanceV1), instanceV2: gotosocialInstance(oldInstanceV2),
			takes: takesGoToSocial, refuse: refuseGoToSocial, shape: shapeGoToSocial,
		}
	case Pixelfed:
		return kind{
			name: "Pixelfed", software: "pixelfed", version: "3.5.3 (compatible; Pixelfed 0.12.5)", ownVersion: "0.12.5",
			limits:     masto.Limits{Note: 200, ImageBytes: 2 << 20},
			missing:    "/storage/avatars/default.jpg",
			instanceV1: pixelfedInstance, takes: takesPixelfed, refuse: refusePixelfed, shape: shapePixelfed,
		}
	}
	return kind{
		name: "Mastodon 4.6", software: "mastodon", version: "4.6.4",
		profileMethods: true, deletesPictures: true, instanceV1: instanceV1, instanceV2: instanceV2,
	}
}

// pleromaKind returns what Pleroma and Akkoma share.
func pleromaKind(name, version, missing string, shape func(*Server, *accountShape)) kind {
	return kind{
		name: name, software: strings.ToLower(name),
		version: "2.7.2 (compatible; " + name + " " + version + ")", ownVersion: version, missing: missing,
		limits: masto.Limits{
			DisplayName: 100, Note: 5000, Fields: 10, FieldName: 512, FieldValue: 2048, ImageBytes: 2_000_000,
		},
		instanceV1: pleromaInstance,
		takes:      takesPleroma,
		refuse:     func([]byte) (int, []byte) { return http.StatusForbidden, []byte(`{"error":"Invalid request"}`) },
		shape:      shape,
	}
}

// kind returns how s behaves.
func (s *Server) kind() kind { return s.options.software.kind() }

// domain is the server's host and port.
func (s *Server) domain() string { return s.service.Site.Domain }

// mustJSON encodes what this package put together itself.
func mustJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return body
}
