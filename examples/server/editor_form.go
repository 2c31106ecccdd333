package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed-374a2035/masto"
)

// submission is what the form of the editor sent.
type submission struct {
	do   string        // the button, such as up-2; "" is Save
	base *masto.Record // what the user began with
	mine *masto.Record // what it became
	full masto.Update  // every attribute of the form
	diff masto.Update  // those that the user changed
}

// maxBase is how many bytes the profile may have that the form carries along,
// besides what an update may have.
const maxBase = 1 << 20

// errForm is the error of a form that the editor did not make.
var errForm = errors.New("this is no form of the editor")

// readSubmission reads the form. Its inputs have the names of the parameters of
// the API, so that the API's decoder reads them; the rest is the editor's own.
func readSubmission(w http.ResponseWriter, r *http.Request, l masto.Limits) (*submission, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, l.MaxBody()+maxBase))
	if err != nil {
		return nil, err
	}
	s := &submission{base: &masto.Record{}}
	if s.full, err = masto.DecodeUpdate(r.Header.Get("Content-Type"), "", bytes.NewReader(body), l); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := r.ParseMultipartForm(l.MaxBody() + maxBase); err != nil {
		return nil, errors.Join(errForm, err)
	}
	if err := s.base.UnmarshalJSON([]byte(r.PostFormValue("base"))); err != nil {
		return nil, errors.Join(errForm, err)
	}
	s.do = r.PostFormValue("do")
	s.complete(r)
	s.mine = s.base.Clone()
	s.mine.Apply(s.full, masto.Pictures{})
	s.move()
	s.compare()
	return s, nil
}

// complete adds to the update what the inputs of a form cannot say by
// themselves.
func (s *submission) complete(r *http.Request) {
	for _, text := range []*masto.Opt[string]{
		&s.full.Note, &s.full.AvatarDescription, &s.full.HeaderDescription,
	} {
		text.Value = unixLines(text.Value)
	}
	if r.PostForm.Has("domains") {
		s.full.AttributionDomains = masto.Some(strings.Split(unixLines(r.PostFormValue("domains")), "\n"))
	}
	for name, picture := range map[string]*masto.Opt[*masto.Upload]{
		"remove_avatar": &s.full.Avatar,
		"remove_header": &s.full.Header,
	} {
		if !picture.Set && r.PostFormValue(name) != "" {
			*picture = masto.Some[*masto.Upload](nil)
		}
	}
}

// unixLines ends lines as the API does; browsers send \r\n.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// move moves a field if a button asks for it.
func (s *submission) move() {
	var at, by int
	switch {
	case scan(s.do, "up-%d", &at):
		by = -1
	case scan(s.do, "down-%d", &at):
		by = 1
	default:
		return
	}
	fields := s.mine.Profile.Fields
	if to := at + by; at >= 0 && at < len(fields) && to >= 0 && to < len(fields) {
		fields[at], fields[to] = fields[to], fields[at]
	}
	s.full.Fields = masto.Some(fields)
}

func scan(s, format string, n *int) bool {
	_, err := fmt.Sscanf(s, format, n)
	return err == nil
}

// compare makes the update of what the user changed.
func (s *submission) compare() {
	s.diff = masto.Diff(s.base.Profile, s.mine.Profile)
	s.diff.Avatar, s.diff.Header = s.full.Avatar, s.full.Header
	before, after := postingValues(s.base), postingValues(s.mine)
	if before[0] != after[0] {
		s.diff.Posting.Privacy = s.full.Posting.Privacy
	}
	if before[1] != after[1] {
		s.diff.Posting.Sensitive = s.full.Posting.Sensitive
	}
	if before[2] != after[2] {
		s.diff.Posting.Language = s.full.Posting.Language
	}
	if before[3] != after[3] {
		s.diff.Posting.QuotePolicy = s.full.Posting.QuotePolicy
	}
}

// wanted returns what the record is to become, for conflicts: a new picture
// differs from whatever others have chosen.
func (s *submission) wanted() *masto.Record {
	r := s.mine.Clone()
	if s.full.Avatar.Value != nil {
		r.Profile.Avatar = "new"
	}
	if s.full.Header.Value != nil {
		r.Profile.Header = "new"
	}
	return r
}

// rebase adds what the user changed to what others have stored meanwhile.
func (s *submission) rebase(theirs *masto.Record) {
	s.base = theirs
	s.mine = theirs.Clone()
	s.mine.Apply(s.diff, masto.Pictures{})
}
