package httpapi

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/seed-374a2035/masto"
)

// body is the body of a request within the limits. It remembers why reading it
// was stopped, since a decoder may take that for an input that ends too early.
type body struct {
	io.ReadCloser
	control  *http.ResponseController // sets its read deadline; nil if it has none
	tooLarge bool                     // by the Content-Length
	stopped  error                    // why reading it was stopped
}

// limitBody returns the body of r within the limits. It bounds how long it may
// take to arrive, whether it is read or not: what is left of it is read by
// net/http before the answer is sent. The zero end sets no deadline.
func (a *API) limitBody(w http.ResponseWriter, r *http.Request, end time.Time) io.ReadCloser {
	if r.Body == http.NoBody {
		return r.Body
	}
	b := &body{ReadCloser: r.Body}
	if b.ReadCloser == nil { // not by net/http's server
		b.ReadCloser = http.NoBody
	}
	if size := a.maxBody(); size > 0 {
		b.ReadCloser = http.MaxBytesReader(w, b.ReadCloser, size)
		b.tooLarge = r.ContentLength > size
	}
	if r.ContentLength != 0 && !end.IsZero() {
		b.control = http.NewResponseController(w)
		_ = b.control.SetReadDeadline(end) // not every ResponseWriter has deadlines: see API.Timeout
	}
	return b
}

// maxBody returns how many bytes a body may have; a negative number is no
// limit.
func (a *API) maxBody() int64 {
	if a.MaxBody != 0 {
		return a.MaxBody
	}
	var limits masto.Limits
	if a.Service != nil && a.Service.Site != nil {
		limits = a.Service.Site.Limits
	}
	return limits.MaxBody()
}

// Read reads from the body. Every error but io.EOF is a refusal, since a read
// fails for what the client sends or does not send.
func (b *body) Read(p []byte) (int, error) {
	if b.tooLarge {
		b.stopped = errTooLarge
	}
	if b.stopped != nil {
		return 0, b.stopped
	}
	n, err := b.ReadCloser.Read(p)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		// The whole body has arrived. From now on net/http reads only to notice
		// that the client goes away, which may take any time.
		if b.control != nil {
			_ = b.control.SetReadDeadline(time.Time{})
		}
	case errors.As(err, &tooLarge):
		b.stopped = errTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.stopped = errSlow
	default:
		b.stopped = fmt.Errorf("%w: %w", errBroken, err)
	}
	if b.stopped != nil {
		err = b.stopped
	}
	return n, err
}
