package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

type contextKey struct{}

// within calls f with the context of a request that may take a minute.
func within(ctx context.Context, f func(ctx context.Context)) {
	api := &httpapi.API{
		Service: &masto.Service{
			Site:  &masto.Site{Domain: "social.example"},
			Store: memstore.New(masto.NewRecord("1", "alice")),
			View: func(ctx context.Context, _ ...*masto.Record) (masto.View, error) {
				f(ctx)
				return masto.View{}, nil
			},
		},
		Auth:    httpapi.Tokens{"rw": scoped("read")},
		Timeout: time.Minute,
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/profile", nil)
	r.Header.Set("Authorization", "Bearer rw")
	api.GetProfile(httptest.NewRecorder(), r)
}

// The context of a request ends in time, with the request, or when its answer
// was made, whether somebody waits for it or only asks.
func TestContextOfARequest(t *testing.T) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, ctx context.Context, leave func())
	}{
		{
			name: "goes on",
			run: func(t *testing.T, ctx context.Context, _ func()) {
				time.Sleep(time.Minute - 1)
				require.NoError(t, ctx.Err())
				select {
				case <-ctx.Done():
					t.Error("it ended before its time")
				default:
				}
				require.NoError(t, ctx.Err())
			},
		},
		{
			name: "ends for one who asks",
			run: func(t *testing.T, ctx context.Context, _ func()) {
				time.Sleep(time.Minute)
				require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
				<-ctx.Done()
				require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
			},
		},
		{
			name: "ends for one who waits",
			run: func(t *testing.T, ctx context.Context, _ func()) {
				begun := time.Now()
				<-ctx.Done()
				require.Equal(t, time.Minute, time.Since(begun))
				require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
			},
		},
		{
			name: "ends for a child, which needs no goroutine",
			run: func(t *testing.T, ctx context.Context, _ func()) {
				before := runtime.NumGoroutine()
				child, cancel := context.WithCancel(ctx)
				defer cancel()
				require.Equal(t, before, runtime.NumGoroutine())
				<-child.Done()
				require.ErrorIs(t, child.Err(), context.DeadlineExceeded)
			},
		},
		{
			name: "ends with the request for one who asks",
			run: func(t *testing.T, ctx context.Context, leave func()) {
				leave()
				require.ErrorIs(t, ctx.Err(), context.Canceled)
			},
		},
		{
			name: "ends with the request for one who waits",
			run: func(t *testing.T, ctx context.Context, leave func()) {
				time.AfterFunc(time.Second, leave)
				<-ctx.Done()
				require.ErrorIs(t, ctx.Err(), context.Canceled)
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, leave := context.WithCancel(context.WithValue(t.Context(), contextKey{}, "value"))
				defer leave()
				called := false
				within(ctx, func(ctx context.Context) {
					called = true
					end, ok := ctx.Deadline()
					assert.True(t, ok)
					assert.Equal(t, time.Minute, time.Until(end))
					assert.Equal(t, "value", ctx.Value(contextKey{}))
					c.run(t, ctx, leave)
				})
				require.True(t, called)
			})
		})
	}
}

// An earlier deadline of the request stays.
func TestContextOfARequestWithADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		within(ctx, func(ctx context.Context) {
			end, _ := ctx.Deadline()
			assert.Equal(t, time.Second, time.Until(end))
			<-ctx.Done()
			assert.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
		})
	})
}

// A timer is stopped when the answer was made.
func TestTimerOfARequestEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done <-chan struct{}
		within(t.Context(), func(ctx context.Context) { done = ctx.Done() })
		select {
		case <-done:
		default:
			t.Error("the timer still runs")
		}
	})
}

// discard is a http.ResponseWriter that keeps nothing but the headers.
type discard http.Header

func (d discard) Header() http.Header       { return http.Header(d) }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// Most of what a GET allocates is the copy that the store returns, however long
// the profile is. Under the race detector a pool drops some of its buffers.
func TestGetAllocates(t *testing.T) {
	r := masto.NewRecord("1", "alice")
	r.Profile.Note = strings.Repeat("Hello #spore, https://spore.io & all\n", 20)
	r.Profile.Fields = []masto.Field{{Name: "Site", Value: "https://spore.io"}, {Name: "Tools", Value: "spade & rake"}}
	api := &httpapi.API{
		Service: &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: memstore.New(r)},
		Auth:    httpapi.Tokens{"rw": scoped("read")},
	}
	for name, get := range map[string]http.HandlerFunc{
		"profile":            api.GetProfile,
		"verify_credentials": api.VerifyCredentials,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.Header.Set("Authorization", "Bearer rw")
		w := discard{}
		allocs := testing.AllocsPerRun(100, func() { get(w, r) })
		assert.LessOrEqual(t, allocs, 20.0, name)
	}
}
