package masto

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// APIError is what a server answered instead of what was asked for. [DecodeAPIError] makes one of any answer.
type APIError struct {
	// Status is the HTTP status, such as 422.
	Status int
	// Message is the server's text, the title of an error page, or "" if there was none. It may be in any language, and it is remote
	// text: print it with [TerminalText].
	Message string
	// Description is the longer text that OAuth errors have (error_description); else "".
	Description string
	// Findings are the details of a failed validation; nil if there are none.
	Findings []Finding
}

// maxPageText is how many code points of an error page are worth showing.
const maxPageText = 200

// DecodeAPIError reads the body of an answer whose status is an error. It never fails: of a body that it does not understand, such as
// the error page of a proxy, it takes the title or the first words; of an empty one the status.
func DecodeAPIError(status int, body []byte) *APIError {
	e := &APIError{Status: status}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if !json.Valid(body) {
		e.Message = pageText(string(body))
		return e
	}
	var members struct {
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"`
		Message     json.RawMessage `json:"message"`
	}
	if json.Unmarshal(body, &members) != nil { // no object
		e.Message = jsonText(body)
		return e
	}
	var inner struct {
		Message json.RawMessage `json:"message"`
	}
	_ = json.Unmarshal(members.Error, &inner) // some have {"error":{"message":…}}
	for _, m := range []json.RawMessage{members.Error, inner.Message, members.Message} {
		if e.Message == "" {
			e.Message = jsonText(m)
		}
	}
	e.Description = jsonText(members.Description)
	var v ValidationError
	if v.UnmarshalJSON(body) == nil && len(v.Findings) > 0 {
		e.Findings = v.Findings
	}
	return e
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

// cutFold cuts s around the first sep, which is in lower case, in any case of ASCII letters.
func cutFold(s, sep string) (before, after string, found bool) {
	for i := 0; i+len(sep) <= len(s); i++ {
		if s[i] == sep[0] && strings.EqualFold(s[i:i+len(sep)], sep) {
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}

// Error says the server's text and the status.
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

// Unwrap returns the findings as a [*ValidationError], for errors.As; nil if there are none.
func (e *APIError) Unwrap() error {
	if len(e.Findings) == 0 {
		return nil
	}
	return &ValidationError{Findings: e.Findings}
}
