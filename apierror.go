package masto

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto/internal/wire"
)

// APIError is an error that a server answered. [DecodeAPIError] makes one from
// any answer.
type APIError struct {
	// Status is the HTTP status, such as 422.
	Status int
	// Message is the server's text or the title of an error page; "" if there
	// was none. It may be in any language. It is remote text: print it with
	// [TerminalText].
	Message string
	// Description is the longer text of an OAuth error (error_description), or
	// "".
	Description string
	// Findings are the details of a failed validation, or nil. Those of servers
	// other than Mastodon have a Description and no Code.
	Findings []Finding
}

// maxPageText is the number of code points that are shown of an error page.
const maxPageText = 200

// DecodeAPIError reads the body of an answer whose status is an error. It
// understands Mastodon, Phoenix (Pleroma, Akkoma), Laravel (Pixelfed) and
// Misskey. They have a member error, message, errors or detail, which is a
// string, an object with a string, a list of those, or an object of strings by
// attribute.
//
// It never fails. From a body that it does not understand, such as the error
// page of a proxy, it takes the title or the first words.
func DecodeAPIError(status int, body []byte) *APIError {
	e := &APIError{Status: status}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	answer, err := parseJSON(body)
	if err != nil {
		e.Message = pageText(string(body))
		return e
	}
	if answer.Kind() != '{' {
		e.Message, _ = errorText(answer)
		return e
	}
	e.Message, e.Findings = errorText(answer.Get("error"))
	for _, name := range [...]string{"message", "errors", "detail"} {
		if e.Message == "" {
			e.Message, _ = errorText(answer.Get(name))
		}
	}
	e.Description = answer.Get("error_description").StringText()
	if findings := decodeValidation(answer); len(findings) > 0 {
		e.Findings = findings
	}
	return e
}

// errorText returns what a member of an error says: a string, an object with a
// string, a list of those, or an object of strings by attribute, which are
// findings. It returns "" for anything else.
func errorText(value wire.Any) (string, []Finding) {
	var texts []string
	add := func(s string) {
		if s != "" {
			texts = append(texts, s)
		}
	}
	add(messageText(value))
	if value.Kind() == '[' {
		for _, element := range value.Elements() {
			add(messageText(element))
		}
	}
	var findings []Finding
	if len(texts) == 0 {
		findings = slices.Concat(decodeDetails(value)...)
		for _, f := range findings {
			add(f.Message())
		}
	}
	return strings.Join(texts, ", "), findings
}

// messageText returns a string, or the one in an object, or "".
func messageText(value wire.Any) string {
	return cmp.Or(value.StringText(), firstText(value, "message", "detail", "description", "title"))
}

// pageText returns the title of a page, or its first words.
func pageText(page string) string {
	if _, rest, ok := cutFold(page, "<title"); ok {
		_, rest, _ = strings.Cut(rest, ">")
		if title, _, ok := cutFold(rest, "</title"); ok {
			page = title
		}
	}
	return cut(strings.Join(strings.Fields(PlainText(page)), " "), maxPageText)
}

// cutFold is strings.Cut for a sep in lower case that may be in upper case in
// s.
func cutFold(s, sep string) (before, after string, found bool) {
	for i := 0; i+len(sep) <= len(s); i++ {
		if s[i] == sep[0] && strings.EqualFold(s[i:i+len(sep)], sep) {
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}

// Error returns the status and the server's text.
func (e *APIError) Error() string {
	s := "masto: the server answered " + strconv.Itoa(e.Status)
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Description != "" && e.Description != e.Message {
		s += ": " + e.Description
	}
	return s
}

// Unwrap returns the findings as a [*ValidationError], so that errors.As finds
// it, or nil if there are none.
func (e *APIError) Unwrap() error {
	if len(e.Findings) == 0 {
		return nil
	}
	return &ValidationError{Findings: e.Findings}
}
