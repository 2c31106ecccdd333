package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

// pictureBytes is the size of the picture that is uploaded.
const pictureBytes = 100 << 10

// textUpdate returns an update that sets every text and some Booleans, as the
// form of a client does when it is saved.
func textUpdate() masto.Update {
	return masto.Update{
		DisplayName: masto.Some("Roof gardener é"),
		Note:        masto.Some(strings.Repeat("Growing vegetables on a roof.\n", 10)),
		Locked:      masto.Some(true),
		Bot:         masto.Some(false),
		Fields: masto.Some([]masto.Field{
			{Name: "Pronouns", Value: "she/her"},
			{Name: "Garden", Value: "https://roof-garden.example"},
			{Name: "Tools", Value: "spade, rake & a very old hoe"},
			{Name: "Elsewhere", Value: "https://soil.example"},
		}),
		Posting: masto.PostingUpdate{
			Privacy:   masto.Some(masto.PrivacyUnlisted),
			Sensitive: masto.Some(false),
			Language:  masto.Some(new("de")),
		},
	}
}

// updateMeasures decode the body of a PATCH. The peer only splits it into
// parameters and files.
func updateMeasures() []measure {
	texts := textUpdate()
	withPicture := texts
	data := make([]byte, pictureBytes)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data)
	withPicture.Avatar = masto.Some(&masto.Upload{Filename: "roof.png", ContentType: "image/png", Data: data})
	return []measure{
		multipartMeasure("DecodeUpdate multipart", texts, 1.3),
		multipartMeasure("DecodeUpdate with a picture", withPicture, 2),
		formMeasure("DecodeUpdate form", texts),
	}
}

func multipartMeasure(name string, u masto.Update, goal float64) measure {
	encoded, err := u.EncodeMultipart()
	if err != nil {
		panic(err)
	}
	body, err := io.ReadAll(encoded.NewReader())
	if err != nil {
		panic(err)
	}
	parse := func(r *http.Request) error { return r.ParseMultipartForm(32 << 20) }
	return updateMeasure(name, encoded.ContentType, body, u, peerParser{"ParseMultipartForm", parse, goal})
}

func formMeasure(name string, u masto.Update) measure {
	body, err := u.EncodeForm()
	if err != nil {
		panic(err)
	}
	parse := (*http.Request).ParseForm
	return updateMeasure(name, "application/x-www-form-urlencoded", []byte(body), u, peerParser{"ParseForm", parse, 0})
}

// peerParser is how net/http parses a form.
type peerParser struct {
	name  string
	parse func(*http.Request) error
	goal  float64
}

func updateMeasure(name, contentType string, data []byte, u masto.Update, p peerParser) measure {
	body := func() io.ReadCloser { return io.NopCloser(bytes.NewReader(data)) }
	parse := func() error {
		r := &http.Request{Method: http.MethodPost, Header: http.Header{"Content-Type": {contentType}}, Body: body()}
		return p.parse(r)
	}
	decode := func() (masto.Update, error) {
		return masto.DecodeUpdate(contentType, "", body(), masto.Limits{})
	}
	return measure{
		name:  name,
		ours:  func() { _, _ = decode() },
		peers: []peer{{p.name, func() { _ = parse() }, p.goal}},
		check: func() error {
			got, err := decode()
			if err != nil {
				return err
			}
			return errors.Join(parse(), same(u.Normalized(), got.Normalized()))
		},
	}
}
