package mastotest

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/seed-374a2035/masto"
)

// guarded calls a store in such a way that one that hangs or panics fails its
// case and not the whole run.
type guarded struct {
	store masto.Store
	// patience is how long one call may take.
	patience time.Duration
}

func (g guarded) Get(ctx context.Context, id string) (*masto.Record, error) {
	return guard(g.patience, func() (*masto.Record, error) { return g.store.Get(ctx, id) })
}

func (g guarded) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	return guard(g.patience, func() (*masto.Record, error) { return g.store.Find(ctx, username, domain) })
}

func (g guarded) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	return guard(g.patience, func() (*masto.Record, error) { return g.store.Update(ctx, id, change) })
}

// GetMany calls the GetMany of a store that has it.
func (g guarded) GetMany(ctx context.Context, ids ...string) (map[string]*masto.Record, error) {
	many, ok := g.store.(masto.ManyGetter)
	if !ok {
		return nil, errors.New("the store has no GetMany")
	}
	return guard(g.patience, func() (map[string]*masto.Record, error) { return many.GetMany(ctx, ids...) })
}

// guard returns what call returns, or an error if call panics or takes longer
// than patience.
func guard[T any](patience time.Duration, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("the call panicked: %v\n%s", p, debug.Stack())
			}
			done <- r
		}()
		r.value, r.err = call()
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case r := <-done:
		return r.value, r.err
	case <-late.C:
		var none T
		return none, fmt.Errorf("the call has not returned after %v", patience)
	}
}
