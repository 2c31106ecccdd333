package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/seed-374a2035/masto"
)

// refusal is an error that is answered as it is.
type refusal struct {
	status    int
	message   string
	challenge string // of WWW-Authenticate; "": none
}

func (e *refusal) Error() string { return "httpapi: " + e.message }

// What requests are refused with. The texts of 401, 403, 404 and 422 are those of the API, which clients know.
var (
	errNoToken      = &refusal{http.StatusUnauthorized, "The access token is invalid", "Bearer"}
	errUnknownToken = &refusal{http.StatusUnauthorized, "The access token is invalid", `Bearer error="invalid_token"`}
	errScope        = &refusal{http.StatusForbidden, "This action is outside the authorized scopes", `Bearer error="insufficient_scope"`}
	errNoUser       = &refusal{http.StatusUnprocessableEntity, "This method requires an authenticated user", ""}
	errDisabled     = &refusal{http.StatusForbidden, "Your login is currently disabled", ""}
	errNotFound     = &refusal{http.StatusNotFound, "Record not found", ""}
	errMethod       = &refusal{http.StatusMethodNotAllowed, "This method is not allowed here", ""}
	errMalformed    = &refusal{http.StatusBadRequest, "The request is malformed", ""}
	errInvalidUTF8  = &refusal{http.StatusBadRequest, "The request is not valid UTF-8", ""}
	errParts        = &refusal{http.StatusBadRequest, "The request has too many parts", ""}
	errSlow         = &refusal{http.StatusRequestTimeout, "The request took too long to arrive", ""}
	errTooLarge     = &refusal{http.StatusRequestEntityTooLarge, "The request is too large", ""}
	errMediaType    = &refusal{http.StatusUnsupportedMediaType, "The content type of the request is not supported", ""}
	errNoMedia      = &refusal{http.StatusUnprocessableEntity, "This server keeps no pictures", ""}
	errBusy         = &refusal{http.StatusServiceUnavailable, "The server took too long, please try again later", ""}
	errInternal     = &refusal{http.StatusInternalServerError, "Something went wrong on the server", ""}
)

// refusalOf decides how err is answered.
func refusalOf(err error) *refusal {
	var r *refusal
	switch {
	case errors.As(err, &r):
		return r
	case errors.Is(err, ErrUnknownToken):
		return errUnknownToken
	case errors.Is(err, masto.ErrNotFound):
		return errNotFound
	case errors.Is(err, masto.ErrTooLarge):
		return errTooLarge
	case errors.Is(err, masto.ErrTooManyParts):
		return errParts
	case errors.Is(err, masto.ErrUnsupportedMedia):
		return errMediaType
	case errors.Is(err, masto.ErrInvalidUTF8):
		return errInvalidUTF8
	case errors.Is(err, masto.ErrMalformed):
		return errMalformed
	case errors.Is(err, masto.ErrNoMedia):
		return errNoMedia
	case errors.Is(err, context.DeadlineExceeded):
		return errBusy
	}
	return errInternal
}

// WriteError answers r with err the way the methods in here do, for the API methods that a server has besides: a
// [*masto.ValidationError] with 422 and its findings, [masto.ErrNotFound] with 404, and what is none of the client's business with
// 500 and a line in the log.
func (a *API) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	var invalid *masto.ValidationError
	if errors.As(err, &invalid) {
		if body, err := invalid.MarshalJSON(); err == nil {
			writeJSON(w, http.StatusUnprocessableEntity, body)
			return
		}
	}
	re := refusalOf(err)
	if re.status == http.StatusInternalServerError || re.status == http.StatusServiceUnavailable {
		a.logError(r, err)
	}
	writeRefusal(w, re)
}

// writeRefusal answers with re.
func writeRefusal(w http.ResponseWriter, re *refusal) {
	h := w.Header()
	switch re.status {
	case http.StatusRequestTimeout:
		h.Set("Connection", "close")
	case http.StatusUnsupportedMediaType:
		h.Set("Accept-Patch", "multipart/form-data, application/x-www-form-urlencoded, application/json")
	}
	if re.challenge != "" {
		h.Set("WWW-Authenticate", re.challenge)
	}
	body, err := json.Marshal(struct {
		Error string `json:"error"`
	}{re.message})
	if err != nil { // a string always encodes
		body = []byte(`{}`)
	}
	writeJSON(w, re.status, body)
}

// logError logs what a client is not told. A client that went away is no error of the server's.
func (a *API) logError(r *http.Request, err error) {
	log := a.Log
	if log == nil {
		log = slog.Default()
	}
	level := slog.LevelError
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		level = slog.LevelDebug
	}
	log.Log(r.Context(), level, "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
}
