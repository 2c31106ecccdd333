package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto"
)

// refusal is an error with the answer that it gets.
type refusal struct {
	status    int
	message   string
	challenge string // the WWW-Authenticate header; "" for none
}

func (e *refusal) Error() string { return "httpapi: " + e.message }

// The ways in which requests are refused. The texts of 401, 403, 404 and 422
// are those of the API, which clients know.
var (
	errNoToken      = &refusal{401, "The access token is invalid", "Bearer"}
	errUnknownToken = &refusal{401, "The access token is invalid", `Bearer error="invalid_token"`}
	errScope        = &refusal{403, "This action is outside the authorized scopes", `Bearer error="insufficient_scope"`}
	errNoUser       = &refusal{422, "This method requires an authenticated user", ""}
	errDisabled     = &refusal{403, "Your login is currently disabled", ""}
	errNotFound     = &refusal{404, "Record not found", ""}
	errMethod       = &refusal{405, "This method is not allowed here", ""}
	errMalformed    = &refusal{400, "The request is malformed", ""}
	errInvalidUTF8  = &refusal{400, "The request is not valid UTF-8", ""}
	errParts        = &refusal{400, "The request has too many parts", ""}
	errSlow         = &refusal{408, "The request took too long to arrive", ""}
	errTooLarge     = &refusal{413, "The request is too large", ""}
	errMediaType    = &refusal{415, "The content type of the request is not supported", ""}
	errNoMedia      = &refusal{422, "This server keeps no pictures", ""}
	errBroken       = &refusal{400, "The body of the request broke off, or its chunks are malformed", ""}
	errGone         = &refusal{400, "The client closed the request", ""}
	errBusy         = &refusal{503, "The server is busy, please try again later", ""}
	errLate         = &refusal{503, "The server took too long, please try again later", ""}
	errInternal     = &refusal{500, "Something went wrong on the server", ""}
)

// retryAfter is how many seconds a client is to wait after a 503.
const retryAfter = "5"

// refusalOf decides how err is answered to r.
func refusalOf(r *http.Request, err error) *refusal {
	var re *refusal
	switch {
	case errors.As(err, &re):
		return re
	case errors.Is(err, ErrUnknownToken):
		return errUnknownToken
	case errors.Is(err, masto.ErrNotFound):
		return errNotFound
	case errors.Is(err, masto.ErrTooLarge):
		return errTooLarge
	case errors.Is(err, masto.ErrTooManyParams):
		return errParts
	case errors.Is(err, masto.ErrUnsupportedMedia):
		return errMediaType
	case errors.Is(err, masto.ErrInvalidUTF8):
		return malformed(errInvalidUTF8, masto.ErrInvalidUTF8, err)
	case errors.Is(err, masto.ErrMalformed):
		return malformed(errMalformed, masto.ErrMalformed, err)
	case errors.Is(err, masto.ErrNoMedia):
		return errNoMedia
	case errors.Is(err, masto.ErrBusy):
		return errBusy
	case errors.Is(err, context.DeadlineExceeded), errors.Is(r.Context().Err(), context.DeadlineExceeded):
		return errLate
	case errors.Is(r.Context().Err(), context.Canceled):
		// Drivers have errors of their own for a call that was interrupted.
		return errGone
	}
	return errInternal
}

// maxDetail is how many bytes of a decoding error are sent, since some errors
// quote what the client sent.
const maxDetail = 200

// malformed returns re with what err, which matches cause, says after it: what
// is wrong in the body, and where. The text in front of cause is for Go
// programs and is left out.
func malformed(re *refusal, cause, err error) *refusal {
	text, offset := err.Error(), int64(-1)
	var d *masto.DecodeError
	if errors.As(err, &d) {
		text, offset = d.Err.Error(), d.Offset
	}
	_, detail, _ := strings.Cut(text, cause.Error())
	if len(detail) > maxDetail {
		detail = strings.ToValidUTF8(detail[:maxDetail], "") + "…"
	}
	message := re.message + detail
	if offset >= 0 {
		message += " at byte " + strconv.FormatInt(offset, 10)
	}
	return &refusal{re.status, message, re.challenge}
}

// WriteError answers r with err like the handlers of this package. It is for a
// server's other API methods. A [*masto.ValidationError] is answered with 422
// and its findings, [masto.ErrNotFound] with 404, [masto.ErrBusy] with 503, the
// errors of [masto.DecodeUpdate] with 400, 413 or 415, and an error that the
// server is to blame for with 500 and a line in the log. If the body could not
// be read, because it is too large, too slow or broke off, that is the answer,
// whatever err says.
func (a *API) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	if b, ok := r.Body.(*body); ok && b.stopped != nil {
		err = b.stopped
	}
	var invalid *masto.ValidationError
	if errors.As(err, &invalid) {
		if body, err := invalid.MarshalJSON(); err == nil {
			writeJSON(w, http.StatusUnprocessableEntity, body)
			return
		}
	}
	re := refusalOf(r, err)
	a.log(r, re, err)
	writeRefusal(w, re)
}

// writeRefusal answers with re.
func writeRefusal(w http.ResponseWriter, re *refusal) {
	h := w.Header()
	switch re.status {
	case http.StatusRequestTimeout:
		h.Set("Connection", "close")
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter)
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

// logger returns where to log.
func (a *API) logger() *slog.Logger {
	if a.Log == nil {
		return slog.Default()
	}
	return a.Log
}

// log logs an error that the client is told less about.
func (a *API) log(r *http.Request, re *refusal, err error) {
	var level slog.Level
	switch {
	case re.status == http.StatusInternalServerError:
		level = slog.LevelError
	case re.status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	case re == errGone, re == errBroken:
		level = slog.LevelDebug
	default:
		return
	}
	a.logger().Log(r.Context(), level, "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
}
