package client

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/wire"
)

// These errors say what kind of error a server answered. An [APIError] matches
// them by errors.Is, by its Status alone.
var (
	// ErrUnauthorized means that the server wants a token, or not this one. The
	// status is 401.
	ErrUnauthorized = errors.New("not authorized")
	// ErrForbidden means that the token may not do this. The status is 403.
	// Pleroma and Akkoma also refuse values by it.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound means that there is no such account, or that the server has
	// no such method. The status is 404, 405 or 410.
	ErrNotFound = errors.New("not found")
	// ErrRefused means that the server refuses what was sent. The status is
	// 400, 413 or 422, and Findings say why if the server tells.
	ErrRefused = errors.New("refused")
	// ErrRateLimited means that the client sent too much lately. The status is
	// 429, and RetryAfter says how long to wait if the server tells.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable means that something is wrong on the server. The status is
	// 500 or above.
	ErrUnavailable = errors.New("unavailable")
	// ErrNotAPI means that the answer is not what the API answers, whatever its
	// status is: a web page, nothing, or anything else that is no JSON. Often
	// the address of the server is wrong.
	ErrNotAPI = errors.New("not the API")
)

// APIError is an error that a server answered. [DecodeAPIError] makes one from
// any answer.
type APIError struct {
	// Status is the HTTP status, such as 422.
	Status int
	// Message is the server's text, or the title of a web page; "" if there was
	// none. It may be in any language. It is remote text: print it with
	// [TerminalText].
	Message string
	// Description is the longer text of an OAuth error (error_description), or
	// "".
	Description string
	// Findings are the details of a failed validation, or nil. Their Attribute
	// has the name that Mastodon gives it. Those of servers other than Mastodon
	// have a Description and no Code.
	Findings []masto.Finding
	// RetryAfter is how long the server wants to be left alone, or 0 if it does
	// not say.
	RetryAfter time.Duration
	// RateLimit is how many requests the server allows; the zero RateLimit if
	// it does not say.
	RateLimit RateLimit

	content content
}

// content is what an answer consists of.
type content int

const (
	isJSON  content = iota // as the API answers
	isEmpty                // nothing
	isPage                 // a web page: that of a proxy, or of a server that is not the API
	isOther                // such as plain text, or JSON that is cut off
)

// RateLimit is how many requests a server allows in a period, as Mastodon tells
// in X-RateLimit-Limit, -Remaining and -Reset.
type RateLimit struct {
	// Limit is how many requests are allowed in the period.
	Limit int
	// Remaining is how many of them are left.
	Remaining int
	// Reset is when the period ends; the zero time if the server does not say.
	Reset time.Time
}

// maxPageText is the number of code points that are shown of an error page.
const maxPageText = 200

// DecodeAPIError reads an answer whose status is an error. header may be nil.
//
// It understands Mastodon, Phoenix (Pleroma, Akkoma), Laravel (Pixelfed) and
// Misskey. They have a member error, message, errors or detail, which is a
// string, an object with a string, a list of those, or an object of strings by
// attribute. Findings are read from details, from such an object, or from a
// message that names attributes, such as "Note is too long, Bot is odd".
//
// It never fails. From a body that it does not understand, such as the error
// page of a proxy, it takes the title or the first words.
func DecodeAPIError(status int, header http.Header, body []byte) *APIError {
	e := &APIError{Status: status, RetryAfter: retryAfter(header), RateLimit: rateLimit(header)}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	answer, err := wire.ParseAny(body)
	if err != nil {
		e.content = contentOf(body)
		e.Message = pageText(string(body))
		return e
	}
	if answer.Kind() != '{' {
		e.Message, _ = errorText(answer)
		return e
	}
	e.Message, e.Findings = errorText(answer.Get("error"))
	for _, name := range [...]string{"message", "errors", "detail"} {
		text, findings := errorText(answer.Get(name))
		e.Message = cmp.Or(e.Message, text)
		if len(e.Findings) == 0 {
			e.Findings = findings
		}
	}
	e.Description = answer.Get("error_description").StringText()
	if findings := validationFindings(body); len(findings) > 0 {
		e.Findings = findings
	}
	if len(e.Findings) == 0 && (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) {
		e.Findings = messageFindings(e.Message)
	}
	return e
}

// contentOf returns what a body is that is no JSON.
func contentOf(body []byte) content {
	switch {
	case len(body) == 0:
		return isEmpty
	case body[0] == '<':
		return isPage
	}
	return isOther
}

// validationFindings returns the findings in the body of a 422 of Mastodon.
func validationFindings(body []byte) []masto.Finding {
	var v masto.ValidationError
	if v.UnmarshalJSON(body) != nil {
		return nil
	}
	return v.Findings
}

// errorText returns what a member of an error says: a string, an object with a
// string, a list of those, or an object of strings by attribute, which are
// findings. It returns "" for anything else.
func errorText(value wire.Any) (string, []masto.Finding) {
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
	var findings []masto.Finding
	if len(texts) == 0 && value.Kind() == '{' {
		findings = validationFindings([]byte(`{"details":` + value.Text() + `}`))
		for i, f := range findings {
			add(f.Message())
			findings[i].Attribute = attributeName(f.Attribute)
		}
	}
	return strings.Join(texts, ", "), findings
}

// messageText returns a string, or the one in an object, or "".
func messageText(value wire.Any) string {
	return cmp.Or(value.StringText(), firstText(value, "message", "detail", "description", "title"))
}

// otherNames are names that other servers have for attributes.
var otherNames = map[string]string{
	"name":       "display_name",
	"bio":        "note",
	"banner":     "header",
	"raw_fields": "fields",
	"is_locked":  "locked",
}

// attributeName returns the name that Mastodon has for an attribute.
func attributeName(name string) string { return cmp.Or(otherNames[name], name) }

// attributes are the attributes that a message can name.
var attributes = [...]string{
	"display_name", "note", "fields", "avatar", "avatar_description", "header", "header_description",
	"locked", "bot", "discoverable", "hide_collections", "indexable", "attribution_domains",
	"avatar_content_type", "avatar_file_size", "header_content_type", "header_file_size",
	"privacy", "sensitive", "language", "quote_policy", "bio", "name", "banner",
}

// messageFindings returns the findings in a message that begins with the name
// of an attribute, in words or as it is sent, and may name more after commas.
// Servers from before Mastodon had details send one, and GoToSocial does.
func messageFindings(message string) []masto.Finding {
	for _, prefix := range [...]string{"Validation failed: ", "Bad Request: "} {
		message = strings.TrimPrefix(message, prefix)
	}
	var findings []masto.Finding
	for text := range strings.SplitSeq(message, ", ") {
		name, description := cutAttribute(text)
		switch {
		case name != "":
			findings = append(findings, masto.Finding{Attribute: attributeName(name), Description: description})
		case len(findings) == 0:
			return nil
		default:
			findings[len(findings)-1].Description += ", " + text
		}
	}
	return findings
}

// cutAttribute cuts the name of an attribute off the front of text. name is ""
// if there is none.
func cutAttribute(text string) (name, description string) {
	for _, known := range attributes {
		words := strings.ReplaceAll(known, "_", " ")
		if len(text) <= len(words) || len(words) <= len(name) {
			continue
		}
		start, rest := text[:len(words)], text[len(words):]
		isName := start == known || strings.EqualFold(start, words)
		if rest = strings.TrimPrefix(rest, ":"); isName && strings.HasPrefix(rest, " ") {
			name, description = known, rest[1:]
		}
	}
	return name, description
}

// retryAfter returns what Retry-After says, in seconds or as a date, or 0.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, at.Sub(now))
}

// rateLimit returns what the X-RateLimit headers say.
func rateLimit(header http.Header) RateLimit {
	limit, err := strconv.Atoi(header.Get("X-RateLimit-Limit"))
	if err != nil || limit < 0 {
		return RateLimit{}
	}
	r := RateLimit{Limit: limit}
	if n, err := strconv.Atoi(header.Get("X-RateLimit-Remaining")); err == nil {
		r.Remaining = max(0, n)
	}
	if at, err := time.Parse(time.RFC3339, header.Get("X-RateLimit-Reset")); err == nil {
		r.Reset = at.UTC()
	}
	return r
}

// pageText returns the title of a page, or its first words.
func pageText(page string) string {
	if _, rest, ok := cutFold(page, "<title"); ok {
		_, rest, _ = strings.Cut(rest, ">")
		if title, _, ok := cutFold(rest, "</title"); ok {
			page = title
		}
	}
	words := []rune(strings.Join(strings.Fields(masto.PlainText(page)), " "))
	return string(words[:min(len(words), maxPageText)])
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

// Error returns the status and the server's text, says what the answer was if
// it was not that of the API, and how long the server asks to wait.
func (e *APIError) Error() string {
	s := "masto: the server answered " + strconv.Itoa(e.Status)
	switch e.content {
	case isEmpty:
		s += " and nothing else"
	case isPage:
		s += " with a web page"
	case isOther:
		s += " with what is no JSON"
	case isJSON:
	}
	if e.content != isJSON && (e.Status < 300 || e.Status == http.StatusNotFound) {
		s += ", so it is not the API; is the address right?"
	}
	for _, text := range slices.Compact([]string{e.Message, e.Description}) {
		if text != "" {
			s += ": " + text
		}
	}
	if e.RetryAfter > 0 {
		s += "; it asks to wait for " + e.RetryAfter.String()
	}
	return s
}

// Is reports whether target is the one of the errors from [ErrUnauthorized] to
// [ErrNotAPI] that the status or the content stands for.
func (e *APIError) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrNotFound:
		return e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed || e.Status == http.StatusGone
	case ErrRefused:
		return e.Status == http.StatusBadRequest || e.Status == http.StatusRequestEntityTooLarge ||
			e.Status == http.StatusUnprocessableEntity
	case ErrRateLimited:
		return e.Status == http.StatusTooManyRequests
	case ErrUnavailable:
		return e.Status >= http.StatusInternalServerError
	case ErrNotAPI:
		return e.content != isJSON
	}
	return false
}

// Unwrap returns the findings as a [*masto.ValidationError], so that errors.As
// finds it, or nil if there are none.
func (e *APIError) Unwrap() error {
	if len(e.Findings) == 0 {
		return nil
	}
	return &masto.ValidationError{Findings: e.Findings}
}
