package httpapi

import (
	"context"
	"sync/atomic"
	"time"
)

// deadline is the context of a request, which ends in time. It is like that of
// [context.WithDeadline] except for the timer, which is started only when
// somebody calls Done: most stores answer without ever waiting for the context.
type deadline struct {
	context.Context // of the request as it came
	end             time.Time
	timed           atomic.Pointer[timed] // nil: there is no timer yet
}

// timed is a context with a timer.
type timed struct {
	context.Context
	cancel context.CancelFunc
}

// current returns the context with the timer, if there is one.
func (d *deadline) current() context.Context {
	if t := d.timed.Load(); t != nil {
		return t.Context
	}
	return d.Context
}

// Deadline returns the earlier end, that of the request or of d.
func (d *deadline) Deadline() (time.Time, bool) {
	if end, ok := d.Context.Deadline(); ok && end.Before(d.end) {
		return end, true
	}
	return d.end, true
}

// Done starts the timer if there is none.
func (d *deadline) Done() <-chan struct{} {
	if d.timed.Load() == nil {
		ctx, cancel := context.WithDeadline(d.Context, d.end)
		if !d.timed.CompareAndSwap(nil, &timed{ctx, cancel}) {
			cancel() // Another goroutine was faster.
		}
	}
	return d.current().Done()
}

// Err looks at the clock if there is no timer.
func (d *deadline) Err() error {
	if d.timed.Load() == nil && !time.Now().Before(d.end) {
		d.Done()
	}
	return d.current().Err()
}

// Value returns the values of the request. Package context also finds the
// context with the timer by it, so that a child needs no goroutine.
func (d *deadline) Value(key any) any { return d.current().Value(key) }

// stop ends the timer, as the function that context.WithDeadline returns does.
func (d *deadline) stop() {
	if t := d.timed.Load(); t != nil {
		t.cancel()
	}
}
