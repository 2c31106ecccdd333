package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

const (
	profilePath = "/api/v1/profile"
	verifyPath  = "/api/v1/accounts/verify_credentials"
	updatePath  = "/api/v1/accounts/update_credentials"
)

// session is a client and what its server says about itself.
type session struct {
	*connection
	client.Instance
}

// open asks the server about itself. A server that does not answer is taken to
// have no profile methods and no limits.
func (c *connection) open(ctx context.Context) (*session, error) {
	silent, err := client.DecodeInstance([]byte("{}"))
	if err != nil {
		return nil, err
	}
	s := &session{connection: c, Instance: *silent}
	for _, path := range []string{"/api/v2/instance", "/api/v1/instance"} {
		data, err := c.get(ctx, path)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		i, err := client.DecodeInstance(data)
		if err != nil {
			return nil, exit(exitServer, "%s: %w", path, err)
		}
		s.Instance = *i
		break
	}
	return s, nil
}

// isA reports whether the server says that it runs a software.
func (s *session) isA(software string) bool {
	return strings.Contains(strings.ToLower(s.Version), strings.ToLower(software))
}

// profile returns the user's profile for editing, with raw texts.
func (s *session) profile(ctx context.Context) (masto.Profile, error) {
	if s.HasProfileAPI() {
		data, err := s.get(ctx, profilePath)
		if !isMissing(err) {
			var p masto.Profile
			return p, decode(profilePath, data, err, &p)
		}
		s.APIVersion = 0 // It states a version but lacks the methods.
	}
	data, err := s.get(ctx, verifyPath)
	var a masto.CredentialAccount
	if err := decode(verifyPath, data, err, &a); err != nil {
		return masto.Profile{}, err
	}
	return a.EditableProfile(), nil
}

// decode decodes the answer of path. It returns err if that is not nil.
func decode(path string, data []byte, err error, into json.Unmarshaler) error {
	if err != nil {
		return err
	}
	if err := into.UnmarshalJSON(data); err != nil {
		return exit(exitServer, "%s: %w", path, err)
	}
	return nil
}

// update sends u. It removes pictures last, so that none is lost if the server
// refuses the rest. sent is called with the progress in bytes; it may be nil.
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

// encode returns u as a body. An update with a picture is multipart, which
// every server accepts, and any other is a form, which nearly every server
// accepts. The body of an update that sets nothing is empty.
func encode(u masto.Update) (*body, error) {
	if u.Avatar.Set || u.Header.Set {
		m, err := u.EncodeMultipart()
		if err != nil {
			return nil, err
		}
		return &body{m.ContentType, m.Length, m.NewReader}, nil
	}
	form, err := u.EncodeForm()
	return textBody("application/x-www-form-urlencoded", form), err
}

// textBody returns a body that is a string.
func textBody(contentType, text string) *body {
	return &body{contentType, int64(len(text)), func() io.Reader { return strings.NewReader(text) }}
}

// patch sends the body of an update by the method that the server has.
func (s *session) patch(ctx context.Context, b *body, sent func(done, total int64)) error {
	path, method := updatePath, http.MethodPatch
	if s.HasProfileAPI() {
		path = profilePath
	}
	if s.isA("pixelfed") && strings.HasPrefix(b.contentType, "multipart/") {
		method = http.MethodPost // Pixelfed ignores the multipart body of a PATCH.
	}
	if sent != nil {
		open := b.open
		b.open = func() io.Reader { return &counter{from: open(), total: b.length, report: sent} }
	}
	a, err := s.do(ctx, method, path, b)
	if a.status == http.StatusForbidden && s.isPleroma() {
		err = exit(exitRefused, "%w", err) // Pleroma refuses long texts by a 403.
	}
	return err
}

// isPleroma reports whether the server runs Pleroma or Akkoma.
func (s *session) isPleroma() bool { return s.isA("pleroma") || s.isA("akkoma") }

// remove removes a picture by DELETE, or by a PATCH if the server has no such
// method.
func (s *session) remove(ctx context.Context, name string) error {
	_, err := s.do(ctx, http.MethodDelete, profilePath+"/"+name, nil)
	if !isMissing(err) {
		return err
	}
	b := textBody("application/json", fmt.Sprintf(`{%q:null}`, name))
	if s.isPleroma() {
		b = textBody("application/x-www-form-urlencoded", name+"=")
	}
	_, err = s.do(ctx, http.MethodPatch, updatePath, b)
	return err
}

// counter is a reader that reports how many bytes were read.
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
