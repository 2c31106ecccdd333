package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// body is the body of a request within the limits. It remembers why reading it was stopped, as what reads it may see no more in that
// than an input that ends too early.
type body struct {
	io.ReadCloser
	control  *http.ResponseController
	tooLarge bool // as its header says
	stopped  error
}

// limitBody makes the body of r one within the limits, and bounds how long it may take to arrive, whether it is read or not: what is
// left of it is read by net/http before the answer is sent.
func (a *API) limitBody(w http.ResponseWriter, r *http.Request, end time.Time) *body {
	size := a.Limits.Body
	if size == 0 {
		size = DefaultBody
	}
	if r.Body == nil { // not by net/http's server
		r.Body = http.NoBody
	}
	b := &body{ReadCloser: http.MaxBytesReader(w, r.Body, size), control: http.NewResponseController(w), tooLarge: r.ContentLength > size}
	if r.ContentLength != 0 {
		_ = b.control.SetReadDeadline(end) // that this may not be supported is said at Limits.Time
	}
	r.Body = b
	return b
}

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
	case errors.As(err, &tooLarge):
		b.stopped = errTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.stopped = errSlow
	case errors.Is(err, io.EOF):
		// All is here. From now on net/http reads only to see whether the client goes away, which is no matter of time.
		_ = b.control.SetReadDeadline(time.Time{})
	}
	if b.stopped != nil {
		err = b.stopped
	}
	return n, err
}
