package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// part is what belongs together in a profile. The clients of a siege set all of
// a part to one marker, which no other update has.
type part uint8

const (
	texts  part = 1 << iota // display name, bio and field
	avatar                  // avatar and its description
	header                  // header and its description

	everything = texts | avatar | header
)

// parameters returns the update that sets the parts of a profile to a marker,
// with its pictures.
func parameters(parts part, marker string, pictures map[part]string) (params []param) {
	if parts&texts != 0 {
		params = append(params,
			text("display_name", marker),
			text("note", marker),
			text("fields_attributes[0][name]", "Marker"),
			text("fields_attributes[0][value]", marker))
	}
	if parts&avatar != 0 {
		params = append(params,
			text("avatar_description", marker),
			file("avatar", pictures[avatar], "image/png"))
	}
	if parts&header != 0 {
		params = append(params,
			text("header_description", marker),
			file("header", pictures[header], "image/png"))
	}
	return params
}

// newPictures returns random pictures for parts. A server stores them as they
// are.
func newPictures(parts part) map[part]string {
	made := map[part]string{}
	for p, size := range map[part]image.Rectangle{
		avatar: image.Rect(0, 0, 400, 400),
		header: image.Rect(0, 0, 300, 100),
	} {
		if parts&p == 0 {
			continue
		}
		m := image.NewPaletted(size, color.Palette{color.Black, color.White})
		for i := range 64 {
			m.Pix[i] = byte(rand.N(2))
		}
		var b bytes.Buffer
		_ = (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, m) // A buffer takes everything.
		made[p] = b.String()
	}
	return made
}

// view is what a client sees of a profile, and what the history has of it.
type view struct {
	DisplayName string `json:"display_name"`
	Note        string `json:"note"`
	Fields      []struct {
		Value string `json:"value"`
	} `json:"fields"`
	Avatar            string `json:"avatar"`
	AvatarDescription string `json:"avatar_description"`
	Header            string `json:"header"`
	HeaderDescription string `json:"header_description"`
}

// readView reads a view and checks that each part is whole.
func readView(t *testing.T, data []byte) *view {
	v := &view{}
	if !assert.NoError(t, json.Unmarshal(data, v), "%s", data) {
		return v
	}
	field := ""
	if len(v.Fields) > 0 {
		field = v.Fields[0].Value
	}
	assert.Equal(t, v.DisplayName, v.Note, "half of an update")
	assert.Equal(t, v.DisplayName, field, "half of an update")
	for _, p := range v.pictures() {
		assert.Equal(t, p.marker == "", p.url == "", "half of an update")
	}
	return v
}

// namedPicture is a picture that a profile names.
type namedPicture struct {
	part        part
	url, marker string // "" where none is set
}

// pictures returns the avatar and the header.
func (v *view) pictures() []namedPicture {
	set := func(url string) string {
		if strings.HasSuffix(url, "/missing.png") {
			return ""
		}
		return url
	}
	return []namedPicture{
		{avatar, set(v.Avatar), v.AvatarDescription},
		{header, set(v.Header), v.HeaderDescription},
	}
}

// markers returns the marker of each part, "" for one that was never set.
func (v *view) markers() map[part]string {
	return map[part]string{texts: v.DisplayName, avatar: v.AvatarDescription, header: v.HeaderDescription}
}

// address returns the address of the picture that belongs to a part, if any.
func (v *view) address(p part) string {
	return map[part]string{avatar: v.Avatar, header: v.Header}[p]
}
