package client

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
)

// Draft is a profile that is being edited by [Client.Edit].
type Draft struct {
	// Profile is the profile with raw texts. A picture whose address is set to
	// "" is removed.
	masto.Profile
	// NewAvatar replaces the avatar; nil leaves it as it is.
	NewAvatar *masto.Upload
	// NewHeader replaces the header; nil leaves it as it is.
	NewHeader *masto.Upload
}

// ConflictError says that what was edited was changed elsewhere meanwhile.
// Nothing was sent.
type ConflictError struct {
	// Attributes are the wire names of what was changed on both sides, and not
	// to the same value.
	Attributes []string
}

// Error names what was changed.
func (e *ConflictError) Error() string {
	return "this was changed elsewhere in the meantime: " + strings.Join(e.Attributes, ", ")
}

// Edit reads the profile, has change change it, and sends what differs, as
// [Client.Update] does. Before that it reads the profile again: where something
// that change changed was also changed elsewhere meanwhile, it sends nothing
// and returns a [*ConflictError].
//
// change may take as long as a person takes. If it returns an error, that is
// returned and nothing is sent. If it changes nothing, nothing is sent either.
func (c *Client) Edit(
	ctx context.Context, change func(d *Draft) error, options ...UpdateOption,
) (*Updated, error) {
	before, err := c.Profile(ctx)
	if err != nil {
		return nil, err
	}
	d := Draft{Profile: cloneProfile(before)}
	if err := change(&d); err != nil {
		return nil, err
	}
	u := d.updateOf(before)
	if u.IsZero() {
		return &Updated{Profile: before}, nil
	}
	theirs, err := c.Profile(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the profile again: %w", err)
	}
	if names := masto.Conflict(before, theirs, d.marked()); len(names) > 0 {
		return nil, &ConflictError{Attributes: names}
	}
	return c.update(ctx, u, theirs, options)
}

// updateOf returns the update that turns before into d.
func (d *Draft) updateOf(before masto.Profile) masto.Update {
	u := masto.Diff(before, d.Profile)
	if d.NewAvatar != nil {
		u.Avatar = masto.Some(d.NewAvatar)
	}
	if d.NewHeader != nil {
		u.Header = masto.Some(d.NewHeader)
	}
	return u
}

// marked returns the profile of d with another address for each picture that is
// replaced, so that masto.Conflict sees the change.
func (d *Draft) marked() masto.Profile {
	p := d.Profile
	if d.NewAvatar != nil {
		p.Avatar = "new"
	}
	if d.NewHeader != nil {
		p.Header = "new"
	}
	return p
}

// cloneProfile returns a copy that shares nothing with p.
func cloneProfile(p masto.Profile) masto.Profile {
	return (&masto.Record{Profile: p}).Clone().Profile
}
