package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

const (
	profilePath = "/api/v1/profile"
	verifyPath  = "/api/v1/accounts/verify_credentials"
	updatePath  = "/api/v1/accounts/update_credentials"
)

// session is a server and what it can do.
type session struct {
	*client
	masto.Instance
}

// open asks the server what it is. One that does not tell has no profile methods
// and no limits.
func (c *client) open(ctx context.Context) (*session, error) {
	silent, err := masto.DecodeInstance([]byte("{}"))
	if err != nil {
		return nil, err
	}
	s := &session{client: c, Instance: *silent}
	for _, path := range []string{"/api/v2/instance", "/api/v1/instance"} {
		data, err := c.get(ctx, path)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		i, err := masto.DecodeInstance(data)
		if err != nil {
			return nil, exit(exitServer, "%s: %w", path, err)
		}
		s.Instance = *i
		break
	}
	return s, nil
}

// isA tells whether the server says to be that software.
func (s *session) isA(software string) bool {
	return strings.Contains(strings.ToLower(s.Version), strings.ToLower(software))
}

// profile reads the profile for editing, raw.
func (s *session) profile(ctx context.Context) (masto.Profile, error) {
	if s.HasProfileAPI() {
		data, err := s.get(ctx, profilePath)
		if !isMissing(err) {
			var p masto.Profile
			return p, decode(profilePath, data, err, &p)
		}
		s.APIVersion = 0 // it says more than it has
	}
	data, err := s.get(ctx, verifyPath)
	var a masto.CredentialAccount
	if err := decode(verifyPath, data, err, &a); err != nil {
		return masto.Profile{}, err
	}
	return a.EditableProfile(), nil
}

// decode reads an answer, unless there was an error already.
func decode(path string, data []byte, err error, into json.Unmarshaler) error {
	if err != nil {
		return err
	}
	if err := into.UnmarshalJSON(data); err != nil {
		return exit(exitServer, "%s: %w", path, err)
	}
	return nil
}

// update sends u: first what is set, then what is removed, so that nothing is lost if the former is refused. sent is told how far it is.
func (s *session) update(ctx context.Context, u masto.Update, sent func(done, total int64)) error {
	var removed []string
	if u.Avatar.Set && u.Avatar.Value == nil {
		removed, u.Avatar = append(removed, "avatar"), masto.Opt[*masto.Upload]{}
	}
	if u.Header.Set && u.Header.Value == nil {
		removed, u.Header = append(removed, "header"), masto.Opt[*masto.Upload]{}
	}
	b, err := encode(u)
	if err != nil {
		return exit(exitRefused, "%w", err)
	}
	if b.length > 0 {
		if err := s.patch(ctx, b, sent); err != nil {
			return err
		}
	}
	for _, name := range removed {
		if err := s.remove(ctx, name); err != nil {
			return fmt.Errorf("removing the %s: %w", name, err)
		}
	}
	return nil
}

// encode returns u as a body: with pictures as multipart, which every server takes, else as the form, which nearly every one does. The
// form of an update that sets nothing is empty.
func encode(u masto.Update) (*body, error) {
	if u.Avatar.Set || u.Header.Set {
		m, err := u.EncodeMultipart()
		if err != nil {
			return nil, err
		}
		return &body{m.ContentType, m.Length, m.NewReader}, nil
	}
	form, err := u.EncodeForm()
	return &body{"application/x-www-form-urlencoded", int64(len(form)), func() io.Reader { return strings.NewReader(form) }}, err
}

// patch sends the body of an update.
func (s *session) patch(ctx context.Context, b *body, sent func(done, total int64)) error {
	path, method := updatePath, http.MethodPatch
	if s.HasProfileAPI() {
		path = profilePath
	}
	if s.isA("pixelfed") && strings.HasPrefix(b.contentType, "multipart/") {
		method = http.MethodPost // it does not read the multipart body of a PATCH
	}
	if sent != nil {
		open := b.open
		b.open = func() io.Reader { return &counter{from: open(), total: b.length, report: sent} }
	}
	a, err := s.do(ctx, method, path, b)
	if a.status == http.StatusForbidden && s.isPleroma() {
		err = exit(exitRefused, "%w", err) // so it answers what is too long
	}
	return err
}

// isPleroma tells whether the server is Pleroma or Akkoma.
func (s *session) isPleroma() bool { return s.isA("pleroma") || s.isA("akkoma") }

// remove removes a picture, by DELETE if the server has that.
func (s *session) remove(ctx context.Context, name string) error {
	_, err := s.do(ctx, http.MethodDelete, profilePath+"/"+name, nil)
	if !isMissing(err) {
		return err
	}
	contentType, text := "application/json", fmt.Sprintf(`{%q:null}`, name)
	if s.isPleroma() {
		contentType, text = "application/x-www-form-urlencoded", name+"="
	}
	_, err = s.do(ctx, http.MethodPatch, updatePath, &body{contentType, int64(len(text)), func() io.Reader { return strings.NewReader(text) }})
	return err
}

// counter reports how much was read.
type counter struct {
	from        io.Reader
	done, total int64
	report      func(done, total int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.done += int64(n)
	if n > 0 {
		c.report(c.done, c.total)
	}
	return n, err
}
