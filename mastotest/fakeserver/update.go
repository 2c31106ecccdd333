package fakeserver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto"
)

// profile answers GET, PATCH and PUT /api/v1/profile.
func (s *Server) profile(w http.ResponseWriter, r *http.Request) {
	s.reference(w, withoutIgnored(r))
}

// updateCredentials reads an update as the kind of server does, and lets the
// reference perform what is left of it.
func (s *Server) updateCredentials(w http.ResponseWriter, r *http.Request) {
	k := s.kind()
	isUpdate := r.Method == http.MethodPatch || r.Method == http.MethodPost && s.options.software == Pixelfed
	if k.takes == nil || !isUpdate {
		s.reshaped(w, withoutIgnored(r))
		return
	}
	sent := recordedAs(r)
	var u masto.Update
	err := sent.unreadable
	if err == nil {
		u, err = k.takes(sent, s.options.limits)
	}
	if err != nil {
		status, answer := http.StatusBadRequest, mustJSON(map[string]string{"error": "Bad Request: " + err.Error()})
		if errors.Is(err, errRefused) {
			status, answer = k.refuse(nil)
		}
		writeJSON(w, status, answer)
		return
	}
	understood, err := withUpdate(r, u)
	if err != nil { // A text is not UTF-8.
		writeJSON(w, http.StatusBadRequest, mustJSON(map[string]string{"error": err.Error()}))
		return
	}
	understood.Method = http.MethodPatch
	s.reshaped(w, understood)
}

// noLimits let everything be read that was sent, whatever the server allows.
var noLimits = masto.Limits{Fields: -1, AttributionDomains: -1, ImageBytes: -1}

// withoutIgnored returns an update without the parameters that Mastodon ignores
// at its path. It returns r as it is if there are none, or if it is unreadable.
func withoutIgnored(r *http.Request) *http.Request {
	sent := recordedAs(r)
	isIgnored := func(p Param) bool { return ignored(sent.Path, p.Name) != "" }
	if sent.unreadable != nil || !slices.ContainsFunc(sent.Params, isIgnored) {
		return r
	}
	u, err := sent.decode()
	if err != nil {
		return r
	}
	if sent.Path == profilePath {
		u.Posting = masto.PostingUpdate{}
	} else {
		u.ShowMedia, u.ShowMediaReplies, u.ShowFeatured = masto.Opt[bool]{}, masto.Opt[bool]{}, masto.Opt[bool]{}
	}
	if slices.ContainsFunc(sent.Params, func(p Param) bool { return isIndexedDomain(p.Name) }) {
		u.AttributionDomains = masto.Opt[[]string]{}
	}
	taken, err := withUpdate(r, u)
	if err != nil {
		return r
	}
	return taken
}

// withUpdate returns r with u, in JSON, as its body and without a query.
func withUpdate(r *http.Request, u masto.Update) (*http.Request, error) {
	body, err := u.MarshalJSON()
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.RawQuery = ""
	r.Header.Set("Content-Type", "application/json")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r, nil
}

// errRefused reports a value that the kind of server refuses in the way in
// which it refuses what is over a limit.
var errRefused = errors.New("refused")

// pick returns the parameters of sent with one of the names, of which
// fields_attributes stands for the parameters of all rows.
func pick(sent *Request, names ...string) []Param {
	var params []Param
	for _, p := range sent.Params {
		name := p.Name
		if _, _, ok := fieldParam(name); ok || name == "fields_attributes[]" {
			name = "fields_attributes"
		}
		if slices.Contains(names, name) {
			params = append(params, p)
		}
	}
	return params
}

// updateOf reads parameters as the reference reads a form of them. It keeps
// files, and null for a picture, which a form cannot say.
func updateOf(params []Param) (masto.Update, error) {
	var form strings.Builder
	for _, p := range params {
		if p.File == nil && !p.Null || p.Null && p.Name != "avatar" && p.Name != "header" {
			form.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value) + "&")
		}
	}
	u, err := masto.DecodeUpdate("application/x-www-form-urlencoded", "", strings.NewReader(form.String()), noLimits)
	if err != nil {
		return u, err
	}
	for _, p := range params {
		if p.File == nil && !p.Null {
			continue
		}
		switch p.Name {
		case "avatar":
			u.Avatar = masto.Some(p.File)
		case "header":
			u.Header = masto.Some(p.File)
		}
	}
	return u, nil
}

// takesOld reads an update as Mastodon 4.2 does: what was added later does
// nothing.
func takesOld(sent *Request, _ masto.Limits) (masto.Update, error) {
	return updateOf(pick(sent,
		"display_name", "note", "avatar", "header", "locked", "bot", "discoverable",
		"hide_collections", "indexable", "fields_attributes",
		"source[privacy]", "source[sensitive]", "source[language]",
	))
}

// takesPleroma reads an update as Pleroma and Akkoma do.
func takesPleroma(sent *Request, l masto.Limits) (masto.Update, error) {
	params := pick(sent,
		"display_name", "note", "avatar", "header", "locked", "bot", "discoverable",
		"fields_attributes", "source[privacy]",
	)
	params = slices.DeleteFunc(params, func(p Param) bool { return p.Null })
	for i, p := range params {
		isPicture := p.Name == "avatar" || p.Name == "header"
		switch {
		case isPicture && p.File == nil && p.Value == "":
			params[i].Null = true // This is how updateOf is told to remove it.
		case isPicture && p.File == nil:
			return masto.Update{}, errRefused
		}
	}
	if !sent.listsRows() {
		sortRows(params, strings.Compare)
	}
	u, err := updateOf(params)
	u.Fields.Value = slices.DeleteFunc(u.Fields.Value, func(f masto.Field) bool { return f.Name == "" })
	for _, f := range u.Fields.Value {
		if utf8.RuneCountInString(f.Name) > l.FieldName || utf8.RuneCountInString(f.Value) > l.FieldValue {
			return u, errRefused
		}
	}
	return u, err
}

// listsRows reports whether the rows of fields are a list in JSON, which has an
// order and no indices.
func (r Request) listsRows() bool {
	var body members
	_ = json.Unmarshal(r.Body, &body) // A form leaves body empty.
	return bytes.HasPrefix(body["fields_attributes"], []byte("["))
}

// sortRows sorts the parameters of rows by the text of their index, and puts
// the other parameters before them.
func sortRows(params []Param, compare func(a, b string) int) {
	slices.SortStableFunc(params, func(a, b Param) int {
		rowA, _, isRowA := fieldParam(a.Name)
		rowB, _, isRowB := fieldParam(b.Name)
		switch {
		case isRowA && isRowB:
			return compare(rowA, rowB)
		case isRowA:
			return 1
		case isRowB:
			return -1
		}
		return 0
	})
}

// takesGoToSocial reads an update as GoToSocial does.
func takesGoToSocial(sent *Request, _ masto.Limits) (masto.Update, error) {
	isJSON := strings.HasPrefix(sent.contentType(), "application/json")
	if sent.listsRows() {
		return masto.Update{}, errors.New(
			"json: cannot unmarshal array into Go struct field of type map[string]model.UpdateField")
	}
	params := pick(sent,
		"display_name", "note", "avatar", "avatar_description", "header", "header_description",
		"locked", "bot", "discoverable", "hide_collections", "fields_attributes",
		"source[privacy]", "source[sensitive]", "source[language]",
	)
	if isJSON {
		params = slices.DeleteFunc(params, func(p Param) bool {
			return p.Null || p.Name == "avatar" || p.Name == "header"
		})
	}
	for i, p := range params {
		switch p.Name {
		case "avatar", "header":
			if p.File == nil {
				return masto.Update{}, fmt.Errorf("%s is not a file", p.Name)
			}
		case "locked", "bot", "discoverable", "hide_collections", "source[sensitive]":
			params[i].Value = cmp.Or(p.Value, "false")
		}
	}
	if len(params) == 0 {
		return masto.Update{}, errors.New("empty form submitted")
	}
	sortRows(params, compareNumbers)
	u, err := updateOf(params)
	u.Fields.Value = slices.DeleteFunc(u.Fields.Value, func(f masto.Field) bool {
		return f.Name == "" || f.Value == ""
	})
	return u, err
}

// compareNumbers compares natural numbers in decimal digits.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// takesPixelfed reads an update as Pixelfed does. PHP reads a multipart body
// only if the method is POST.
func takesPixelfed(sent *Request, _ masto.Limits) (masto.Update, error) {
	if sent.Method == http.MethodPatch && strings.HasPrefix(sent.contentType(), "multipart/") {
		return masto.Update{}, nil
	}
	params := pick(sent, "display_name", "note", "locked", "avatar")
	for _, p := range params {
		if p.Name == "avatar" && (p.File == nil || !isJPEGOrPNG(p.File.Data)) {
			return masto.Update{}, errRefused
		}
	}
	return updateOf(params)
}

// isJPEGOrPNG reports whether a picture begins as JPEG or PNG does.
func isJPEGOrPNG(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xd8\xff")) || bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n"))
}

// refusePleroma answers 403 without a reason.
func refusePleroma([]byte) (int, []byte) {
	return http.StatusForbidden, []byte(`{"error":"Invalid request"}`)
}

// refuseGoToSocial answers 400 with the message alone.
func refuseGoToSocial(body []byte) (int, []byte) {
	var answer struct{ Error string }
	_ = json.Unmarshal(body, &answer) // The reference wrote it.
	return http.StatusBadRequest, mustJSON(map[string]string{"error": "Bad Request: " + answer.Error})
}

// refusePixelfed answers 422 in the form of its framework, with a message and
// the errors by attribute. Without findings the picture is at fault, since
// takesPixelfed returns errRefused for nothing else.
func refusePixelfed(body []byte) (int, []byte) {
	var refused masto.ValidationError
	_ = json.Unmarshal(body, &refused) // Without a body there are no findings.
	findings := refused.Findings
	if len(findings) == 0 {
		findings = []masto.Finding{{Attribute: "avatar", Description: "must be in jpeg or png format"}}
	}
	errs := map[string][]string{}
	for _, f := range findings {
		errs[f.Attribute] = append(errs[f.Attribute], f.Message()+".")
	}
	return http.StatusUnprocessableEntity, mustJSON(object{"message": findings[0].Message() + ".", "errors": errs})
}
