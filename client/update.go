package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/seed-374a2035/masto"
)

// Updated is what became of an update.
type Updated struct {
	// Profile is the profile as it is now, with raw texts.
	Profile masto.Profile
	// Ignored are the wire names of what was sent and is not in the profile as
	// it was sent: the server cut it, or does not take it and does not say so.
	// nil means that everything was stored. What a server does not show, such
	// as what an empty privacy stands for, counts as stored.
	Ignored []string
}

// PartialError says that an update took more than one request, and that one of
// them failed after others had been performed.
type PartialError struct {
	// Done are the wire names of what was changed before the error.
	Done []string
	// Left are those of what was not, or perhaps not, changed. They are none if
	// only reading the profile again failed.
	Left []string
	// Err is why.
	Err error
}

// Error says what was done.
func (e *PartialError) Error() string {
	if len(e.Left) == 0 {
		return "the update was sent, but the profile could not be read again: " + e.Err.Error()
	}
	return fmt.Sprintf("%s: changed; %s: %v", strings.Join(e.Done, ", "), strings.Join(e.Left, ", "), e.Err)
}

// Unwrap returns Err.
func (e *PartialError) Unwrap() error { return e.Err }

// UpdateOption is an option of [Client.Update].
type UpdateOption func(*updating)

// updating is an update that is being sent.
type updating struct {
	client   *Client
	instance *Instance
	server   *server
	progress *progress
	total    int64 // the bytes of all bodies
	before   int64 // the bytes of the bodies that were sent

	profile *masto.Profile // what the last answer has; nil if not all of it
	source  *masto.Source  // what the last answer that has one has, or nil
}

// Progress has f called with the progress of an update, in bytes of the bodies,
// of which there may be several. f is called from another goroutine, but never
// twice at once, and not after the call that it is an option of has returned.
// sent goes back where a body has to be sent again.
func Progress(f func(sent, total int64)) UpdateOption {
	return func(up *updating) { up.progress = &progress{f: f} }
}

// progress calls f until it is ended. A connection may go on reading a body for
// a while after the server has answered.
type progress struct {
	mu sync.Mutex
	f  func(sent, total int64)
}

func (p *progress) report(sent, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.f != nil {
		p.f(sent, total)
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.f = nil
}

// Update sends what u sets, by the method and in the encoding that the server
// takes; see the table in the README. It may take two requests where one cannot
// say all: texts and new pictures first, then what is removed. u is usually
// what [masto.Diff] returns.
//
// What the server cannot take at all is an [*UnsupportedError], and what no
// encoding can express is a [*masto.EncodeError]; then nothing was sent. What
// the server refuses is an [*APIError], whose Findings say why if it tells. If
// it was not the first request that failed, the error is a [*PartialError].
//
// An update that sets nothing only reads the profile.
func (c *Client) Update(ctx context.Context, u masto.Update, options ...UpdateOption) (*Updated, error) {
	if !u.IsZero() && u.Avatar.Value == nil && u.Header.Value == nil {
		return c.update(ctx, u, masto.Profile{}, options)
	}
	// Only by its old address can one tell whether a picture was replaced.
	was, err := c.Profile(ctx)
	if err != nil {
		return nil, err
	}
	if u.IsZero() {
		return &Updated{Profile: was}, nil
	}
	return c.update(ctx, u, was, options)
}

// update is Update after the profile was read. was needs to have the addresses
// of the pictures that are replaced.
func (c *Client) update(
	ctx context.Context, u masto.Update, was masto.Profile, options []UpdateOption,
) (*Updated, error) {
	i, err := c.known(ctx)
	if err != nil {
		return nil, err
	}
	up := &updating{client: c, instance: i, server: serverOf(i)}
	for _, option := range options {
		option(up)
	}
	if up.progress != nil {
		defer up.progress.end()
	}
	steps, err := up.server.plan(u, i)
	if err != nil {
		return nil, err
	}
	if err := up.perform(ctx, steps); err != nil {
		return nil, err
	}
	now, err := up.now(ctx)
	if err != nil {
		return nil, &PartialError{Done: u.Parameters(), Err: err}
	}
	return &Updated{Profile: now, Ignored: up.ignored(u, was, now)}, nil
}

// perform sends the requests one after another.
func (up *updating) perform(ctx context.Context, steps []step) error {
	for _, s := range steps {
		if s.body != nil {
			up.total += s.body.length
		}
	}
	var done []string
	for k, s := range steps {
		if err := up.send(ctx, s); err != nil {
			if k == 0 {
				return err
			}
			var left []string
			for _, s := range steps[k:] {
				left = append(left, s.brings...)
			}
			return &PartialError{Done: done, Left: left, Err: err}
		}
		done = append(done, s.brings...)
	}
	return nil
}

// send sends one request, or what is sent in place of it.
func (up *updating) send(ctx context.Context, s step) error {
	r := s.request
	if r.body != nil {
		r.body = up.counted(r.body)
		up.before += r.body.length
	}
	a, err := up.client.do(ctx, r)
	if errors.Is(err, ErrNotFound) && s.otherwise != nil {
		r = *s.otherwise
		a, err = up.client.do(ctx, r)
	}
	if err != nil {
		if up.server.refusesBy403 && errors.Is(err, ErrForbidden) {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return err
	}
	up.read(r, a)
	return nil
}

// read keeps what an answer says. If it does not say what the profile is now,
// that is read again later.
func (up *updating) read(r request, a answer) {
	up.profile = nil
	if r.path == profilePath {
		var p masto.Profile
		if p.UnmarshalJSON(a.body) == nil {
			up.profile = &p
		}
		return
	}
	var account masto.CredentialAccount
	if account.UnmarshalJSON(a.body) != nil || !hasSource(&account) {
		return
	}
	up.source = &account.Source
	if !up.instance.HasProfileAPI() {
		p := up.server.editable(&account)
		up.profile = &p
	}
}

// hasSource reports whether an account has its raw texts: Pixelfed leaves them
// out of the answer to an update. A source always has a privacy.
func hasSource(a *masto.CredentialAccount) bool {
	return a.Source.Note != "" || len(a.Source.Fields) > 0 || a.Source.Privacy != ""
}

// now returns the profile as it is after the update: that of the last answer
// or, if it has none, as it is read again.
func (up *updating) now(ctx context.Context) (masto.Profile, error) {
	if up.profile == nil {
		return up.client.Profile(ctx)
	}
	return *up.profile, nil
}

// ignored returns the wire names of what u sets and the server did not store as
// it was sent.
func (up *updating) ignored(u masto.Update, was, now masto.Profile) []string {
	u = u.Normalized()
	want := masto.Record{Profile: now}
	texts := u
	texts.Avatar, texts.Header = masto.Opt[*masto.Upload]{}, masto.Opt[*masto.Upload]{}
	want.Apply(texts, masto.Pictures{})
	differs := masto.Diff(now, want.Profile).Parameters()
	return slices.DeleteFunc(u.Parameters(), func(name string) bool {
		switch name {
		case "avatar":
			return isPictureStored(u.Avatar, was.Avatar, now.Avatar)
		case "header":
			return isPictureStored(u.Header, was.Header, now.Header)
		}
		if !up.server.shows(name, up.instance) {
			return true
		}
		return !slices.Contains(differs, name) && isPostingStored(name, u.Posting, up.source)
	})
}

// isPictureStored reports whether a picture was replaced or removed, if o says
// so. was and now are its addresses.
func isPictureStored(o masto.Opt[*masto.Upload], was, now string) bool {
	if o.Value == nil {
		return now == ""
	}
	return now != "" && now != was
}

// isPostingStored reports whether source has the default of new posts with a
// wire name as it was sent. It reports true if source does not tell.
func isPostingStored(name string, sent masto.PostingUpdate, source *masto.Source) bool {
	if source == nil {
		return true
	}
	switch name {
	case "source[privacy]":
		return sent.Privacy.Value == "" || sent.Privacy.Value == source.Privacy
	case "source[sensitive]":
		return sent.Sensitive.Value == source.Sensitive
	case "source[language]":
		return text(sent.Language.Value) == text(source.Language)
	case "source[quote_policy]":
		return sent.QuotePolicy.Value == "" || sent.QuotePolicy.Value == source.QuotePolicy
	}
	return true
}

// text returns the text at p, or "".
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// counted returns b with the progress of reading it.
func (up *updating) counted(b *body) *body {
	if up.progress == nil {
		return b
	}
	counted := *b
	before := up.before
	counted.open = func() io.Reader {
		return &counter{from: b.open(), sent: before, report: func(sent int64) { up.progress.report(sent, up.total) }}
	}
	return &counted
}

// counter is a reader that reports how many bytes were read.
type counter struct {
	from   io.Reader
	sent   int64
	report func(sent int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.sent += int64(n)
	if n > 0 {
		c.report(c.sent)
	}
	return n, err
}
