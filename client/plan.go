package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
)

// UnsupportedError says what of an update a server cannot take. Nothing was
// sent.
type UnsupportedError struct {
	// Attributes are the wire names of the parameters, such as show_media.
	Attributes []string
	// Software is the server's, such as pixelfed.
	Software string
}

// Error names the parameters.
func (e *UnsupportedError) Error() string {
	return "masto: the server runs " + e.Software + ", which does not take this: " + strings.Join(e.Attributes, ", ")
}

// step is one of the requests that an update takes.
type step struct {
	request
	brings []string // the wire names of what it brings
	// otherwise is sent in place of the request if the server does not have the
	// method; nil if there is no other way.
	otherwise *request
}

// plan returns the requests that bring u to a server. It fails if the server
// cannot take u, or if no encoding can express it.
func (s *server) plan(u masto.Update, i *Instance) ([]step, error) {
	if names := i.Unsupported(u); len(names) > 0 {
		return nil, &UnsupportedError{Attributes: names, Software: i.Software}
	}
	var steps []step
	for _, part := range s.split(u, i) {
		if name := s.deletes(part); name != "" {
			steps = append(steps, deletion(name))
			continue
		}
		b, err := s.encode(part)
		if err != nil {
			return nil, err
		}
		r := request{method: http.MethodPatch, path: updatePath, body: b}
		if i.HasProfileAPI() && !setsPosting(part) {
			r.path = profilePath
		}
		var otherwise *request
		if r.path == profilePath && !setsTabs(part) {
			otherwise = &request{method: r.method, path: updatePath, body: b}
		}
		if b.uploads && s.multipartMethod != "" {
			r.method = s.multipartMethod
		}
		steps = append(steps, step{request: r, brings: part.Parameters(), otherwise: otherwise})
	}
	return steps, nil
}

// split returns u in parts of which each can be sent by one request: texts,
// uploads, the defaults of new posts, and last what is removed, so that no
// picture is lost if the server refuses the rest.
func (s *server) split(u masto.Update, i *Instance) []masto.Update {
	var parts []masto.Update
	if i.HasProfileAPI() && setsPosting(u) && setsTabs(u) {
		posting := masto.Update{Posting: u.Posting}
		u.Posting = masto.PostingUpdate{}
		parts = append(parts, posting)
	}
	var removals []masto.Update
	rest := u
	for _, name := range [...]string{"avatar", "header"} {
		o, _ := pictureOf(&u, name)
		if o.Set && o.Value == nil {
			var removed masto.Update
			set, _ := pictureOf(&removed, name)
			set.Set = true
			removals = append(removals, removed)
			left, _ := pictureOf(&rest, name)
			left.Set = false
		}
	}
	if rest.IsZero() && s.removal != byEmptyText {
		return append(parts, removals...)
	}
	if len(removals) > 0 && s.encodingOf(u) != none {
		rest, removals = u, nil
	}
	if s.encodingOf(rest) == none {
		texts, files := rest, masto.Update{Avatar: rest.Avatar, Header: rest.Header}
		texts.Avatar, texts.Header = masto.Opt[*masto.Upload]{}, masto.Opt[*masto.Upload]{}
		return slices.Concat([]masto.Update{texts, files}, parts, removals)
	}
	return slices.Concat([]masto.Update{rest}, parts, removals)
}

// none is no encoding.
const none encoding = -1

// mostSortedRows is how many rows of fields keep their order when they are
// sorted by their numbers as texts.
const mostSortedRows = 10

// encodingOf returns the first encoding of the server that can say the whole of
// u, or none.
func (s *server) encodingOf(u masto.Update) encoding {
	removes := u.Avatar.Set && u.Avatar.Value == nil || u.Header.Set && u.Header.Value == nil
	uploads := u.Avatar.Value != nil || u.Header.Value != nil
	noLanguage := u.Posting.Language.Set && u.Posting.Language.Value == nil
	for _, e := range s.encodings {
		switch {
		case uploads && e != asMultipart:
		case !uploads && e == asMultipart && len(s.encodings) > 1:
		case e == asJSON && removes && s.removal != byNull && s.removal != byEmptyText:
		case e != asJSON && removes:
		case e == asForm && noLanguage && slices.Contains(s.encodings, asJSON):
		case e != asJSON && s.rowsAsText && len(u.Fields.Value) > mostSortedRows:
		default:
			return e
		}
	}
	return none
}

// deletes returns the name of the picture that u removes and does nothing else,
// if that is to be done by DELETE, and else "".
func (s *server) deletes(u masto.Update) string {
	names := u.Parameters()
	if len(names) != 1 || s.removal == byEmptyText {
		return ""
	}
	if o, ok := pictureOf(&u, names[0]); ok && o.Value == nil {
		return names[0]
	}
	return ""
}

// deletion removes a picture.
func deletion(name string) step {
	null := fmt.Sprintf(`{%q:null}`, name)
	return step{
		request:   request{method: http.MethodDelete, path: profilePath + "/" + name},
		brings:    []string{name},
		otherwise: &request{method: http.MethodPatch, path: updatePath, body: textBody("application/json", null)},
	}
}

// setsPosting reports whether u sets defaults of new posts, which only
// update_credentials takes.
func setsPosting(u masto.Update) bool { return !masto.Update{Posting: u.Posting}.IsZero() }

// setsTabs reports whether u sets the tabs, which only the profile method
// takes.
func setsTabs(u masto.Update) bool {
	return u.ShowMedia.Set || u.ShowMediaReplies.Set || u.ShowFeatured.Set
}

// encode encodes u, which one of the encodings can say.
func (s *server) encode(u masto.Update) (*body, error) {
	switch s.encodingOf(u) {
	case asForm:
		form, err := withLanguage(u).EncodeForm()
		return textBody("application/x-www-form-urlencoded", form), err
	case asMultipart:
		m, err := withLanguage(u).EncodeMultipart()
		if err != nil {
			return nil, err
		}
		uploads := u.Avatar.Value != nil || u.Header.Value != nil
		return &body{contentType: m.ContentType, length: m.Length, open: m.NewReader, uploads: uploads}, nil
	case asJSON:
		data, err := u.MarshalJSON()
		if s.removal == byEmptyText {
			for _, name := range [...]string{"avatar", "header"} {
				data = bytes.Replace(data, []byte(`"`+name+`":null`), []byte(`"`+name+`":""`), 1)
			}
		}
		return textBody("application/json", string(data)), err
	case none:
	}
	return nil, errors.New("masto: the server has no encoding for this update")
}

// withLanguage returns u with an empty text for no language, which means the
// same: a form has no null.
func withLanguage(u masto.Update) masto.Update {
	if o := &u.Posting.Language; o.Set && o.Value == nil {
		o.Value = new(string)
	}
	return u
}

// textBody returns a body that is a text.
func textBody(contentType, text string) *body {
	return &body{
		contentType: contentType,
		length:      int64(len(text)),
		open:        func() io.Reader { return strings.NewReader(text) },
	}
}
