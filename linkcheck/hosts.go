package linkcheck

import (
	"context"
	"sync"
)

// hosts counts the requests to each host. The zero value is ready to use.
type hosts struct {
	mu    sync.Mutex
	slots map[string]*slots
}

// slots are those of one host. They are there as long as somebody has or awaits
// one.
type slots struct {
	taken chan struct{}
	users int
}

// acquire waits until host has fewer than limit requests and counts one more,
// until release is called. It fails only with the error of ctx.
func (h *hosts) acquire(ctx context.Context, host string, limit int) (release func(), err error) {
	h.mu.Lock()
	if h.slots == nil {
		h.slots = make(map[string]*slots)
	}
	s := h.slots[host]
	if s == nil {
		s = &slots{taken: make(chan struct{}, limit)}
		h.slots[host] = s
	}
	s.users++
	h.mu.Unlock()

	select {
	case s.taken <- struct{}{}:
		return func() {
			<-s.taken
			h.leave(host, s)
		}, nil
	case <-ctx.Done():
		h.leave(host, s)
		return nil, ctx.Err()
	}
}

// leave forgets a host that nobody uses any more.
func (h *hosts) leave(host string, s *slots) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.users--; s.users == 0 {
		delete(h.slots, host)
	}
}
