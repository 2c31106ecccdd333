package fakeserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/mediatype"
)

// Request is what a client sent to a [Server].
type Request struct {
	Method string
	// Path is the path of the address, without the query.
	Path string
	// Query is what comes after the question mark, as it was sent.
	Query  string
	Header http.Header
	Body   []byte
	// Params are the parameters in the query and in the body, in the order in
	// which they came. They are nil if the body could not be read.
	Params []Param
	// Status is what the server answered.
	Status int

	// unreadable is why the parameters could not be read, or nil.
	unreadable error
}

// Param is one parameter of a request. A member of a JSON body has the name
// that it would have in a form: source[privacy], fields_attributes[0][name],
// and fields_attributes[] for an empty list.
type Param struct {
	Name, Value string
	// Null reports that it was null in a JSON body.
	Null bool
	// File is the file in a multipart body. It is nil for a text.
	File *masto.Upload
}

// Param returns the last parameter of that name, and reports whether there is
// one.
func (r Request) Param(name string) (p Param, ok bool) {
	for _, p := range slices.Backward(r.Params) {
		if p.Name == name {
			return p, true
		}
	}
	return Param{}, false
}

// Requests returns the requests that were answered so far, in that order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// LastUpdate returns the last PATCH, PUT or POST. It fails the test and ends it
// if there was none.
func (s *Server) LastUpdate() Request {
	s.t.Helper()
	for _, r := range slices.Backward(s.Requests()) {
		if r.isUpdate() {
			return r
		}
	}
	s.t.Fatal("fakeserver: no update was sent to the server")
	return Request{}
}

// isUpdate reports whether the method is one by which clients send updates.
func (r Request) isUpdate() bool {
	return r.Method == http.MethodPatch || r.Method == http.MethodPut || r.Method == http.MethodPost
}

// maxRecorded is how many bytes of a body are kept: more than the API takes.
const maxRecorded = 64 << 20

// recorded returns a handler that remembers what is sent to next.
func (s *Server) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxRecorded))
		if err != nil {
			return // The client went away.
		}
		got := &Request{
			Method: r.Method,
			Path:   r.URL.Path,
			Query:  r.URL.RawQuery,
			Header: r.Header.Clone(),
			Body:   body,
		}
		got.Params, got.unreadable = readParams(got.contentType(), got.Query, body)
		if s.options.strict {
			s.judge(got)
		}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, got))
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		got.Status = answer.Code
		s.mu.Lock()
		s.requests = append(s.requests, *got)
		s.mu.Unlock()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// requestKey is the key of the context value by which recorded hands on the
// Request.
type requestKey struct{}

// recordedAs returns the Request that recorded made of r.
func recordedAs(r *http.Request) *Request {
	got, _ := r.Context().Value(requestKey{}).(*Request)
	return got
}

// contentType returns the type of the body, with its parameters.
func (r *Request) contentType() string { return r.Header.Get("Content-Type") }

// decode reads the update as masto does, whatever the limits are.
func (r *Request) decode() (masto.Update, error) {
	return masto.DecodeUpdate(r.contentType(), r.Query, bytes.NewReader(r.Body), noLimits)
}

// judge fails the test for mistakes in a request that no server reports.
func (s *Server) judge(r *Request) {
	fail := func(format string, args ...any) {
		s.t.Errorf("fakeserver: %s %s: %s", r.Method, r.Path, fmt.Sprintf(format, args...))
	}
	if strings.Contains(r.Query, "access_token") {
		fail("the token is in the address, where logs keep it; send it as Authorization: Bearer")
	}
	if !r.isUpdate() {
		return
	}
	if r.unreadable != nil {
		fail("%v", r.unreadable)
		return
	}
	if len(r.Params) == 0 {
		fail("the update sets nothing")
	}
	// The client is told what DecodeUpdate refuses, so it is not judged here.
	u, _ := r.decode()
	for _, name := range u.Dropped {
		fail("the parameter %s has a shape that it cannot have; it is ignored", name)
	}
	for _, p := range r.Params {
		name, _, _ := strings.Cut(p.Name, "[")
		switch why := ignored(r.Path, p.Name); {
		case slices.Contains(u.Dropped, name) || slices.Contains(u.Dropped, p.Name):
		case why != "":
			fail("the parameter %s is ignored: %s", p.Name, why)
		case !isKnown(p.Name):
			fail("no server knows the parameter %s", p.Name)
		}
	}
}

// ignored returns why Mastodon ignores a parameter, which it knows, of an
// update at a path. It returns "" if Mastodon takes the parameter.
func ignored(path, name string) string {
	switch {
	case path == profilePath && strings.HasPrefix(name, "source["):
		return "update_credentials has the defaults of new posts"
	case path != profilePath && strings.HasPrefix(name, "show_"):
		return "PATCH " + profilePath + " has the tabs"
	case isIndexedDomain(name):
		return "a list has no indices; send attribution_domains[]"
	}
	return ""
}

// isIndexedDomain reports whether a parameter is an attribution domain with an
// index, as masto.js sends it.
func isIndexedDomain(name string) bool {
	return strings.HasPrefix(name, "attribution_domains[") && name != "attribution_domains[]"
}

// isKnown reports whether a parameter is one of an update: whether masto reads
// it, or refuses its value.
func isKnown(name string) bool {
	if _, key, ok := fieldParam(name); ok {
		return key == "name" || key == "value"
	}
	form := strings.NewReader(url.QueryEscape(name) + "=1")
	u, err := masto.DecodeUpdate("application/x-www-form-urlencoded", "", form, noLimits)
	return err != nil || !u.IsZero() || len(u.Dropped) > 0
}

// fieldParam returns the row and the key of a parameter of a row: "0" and
// "name" of fields_attributes[0][name].
func fieldParam(name string) (row, key string, ok bool) {
	rest, ok := strings.CutPrefix(name, "fields_attributes[")
	if !ok {
		return "", "", false
	}
	row, rest, ok = strings.Cut(rest, "][")
	key, closed := strings.CutSuffix(rest, "]")
	return row, key, ok && closed
}

// errContentType reports a body in none of the three encodings.
var errContentType = errors.New("the content type is none that an update may have")

// readParams returns the parameters in the query and in the body of a request.
func readParams(contentType, query string, body []byte) ([]Param, error) {
	params, err := formParams(query)
	if err != nil || len(body) == 0 {
		return params, err
	}
	mediaType, attributes, err := mediatype.Parse(contentType)
	if err != nil {
		return nil, errContentType
	}
	var more []Param
	switch mediaType {
	case "application/x-www-form-urlencoded":
		more, err = formParams(string(body))
	case "multipart/form-data":
		more, err = multipartParams(multipart.NewReader(bytes.NewReader(body), attributes["boundary"]))
	case "application/json":
		more, err = jsonParams(body)
	default:
		err = errContentType
	}
	return append(params, more...), err
}

// formParams returns the parameters of a form, in order.
func formParams(form string) ([]Param, error) {
	var params []Param
	for pair := range strings.SplitSeq(form, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, err
		}
		params = append(params, Param{Name: name, Value: value})
	}
	return params, nil
}

// multipartParams returns the parts of a multipart body, in order.
func multipartParams(r *multipart.Reader) ([]Param, error) {
	var params []Param
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return params, nil
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		p := Param{Name: part.FormName()}
		if part.FileName() != "" {
			p.File = &masto.Upload{
				Filename:    part.FileName(),
				ContentType: part.Header.Get("Content-Type"),
				Data:        data,
			}
		} else {
			p.Value = string(data)
		}
		params = append(params, p)
	}
}

// jsonParams returns the members of a JSON object, in order, by the names that
// they have in forms.
func jsonParams(body []byte) ([]Param, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var params []Param
	err := objectParams(d, "", &params)
	if err == nil && d.More() {
		err = errors.New("there is more than one JSON value")
	}
	return params, err
}

// objectParams reads one JSON value, which is the parameter of that name or, if
// name is "", the object of all of them.
func objectParams(d *json.Decoder, name string, params *[]Param) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	add := func(p Param) { *params = append(*params, p) }
	switch v := token.(type) {
	case nil:
		add(Param{Name: name, Null: true})
	case string:
		add(Param{Name: name, Value: v})
	case json.Delim:
		before := len(*params)
		for i := 0; d.More(); i++ {
			inner := fmt.Sprint(i)
			if v == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				inner = fmt.Sprint(key)
			}
			switch {
			case name == "":
			case v == '[' && name != "fields_attributes":
				inner = name + "[]"
			default:
				inner = name + "[" + inner + "]"
			}
			if err := objectParams(d, inner, params); err != nil {
				return err
			}
		}
		if len(*params) == before && name != "" {
			add(Param{Name: name + "[]"})
		}
		if _, err := d.Token(); err != nil {
			return err
		}
	default: // It is a number or a Boolean.
		add(Param{Name: name, Value: fmt.Sprint(v)})
	}
	return nil
}
