package pictures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
)

// The defaults of a [Preparer].
const (
	defaultPixels          = 7680 * 4320
	defaultFrames          = 500
	defaultAnimationPixels = 100_000_000
	defaultTime            = 30 * time.Second
	defaultConcurrent      = 2
	defaultAvatarSize      = 400
	defaultHeaderPixels    = 750_000
	defaultQuality         = 90
)

// Preparer prepares pictures. Its zero value has the limits and sizes of
// Mastodon. In each limit 0 stands for the default and a negative number for
// no limit. A Preparer is safe for concurrent use, and neither modified nor
// copied after its first use.
type Preparer struct {
	// MaxBytes is the size in bytes that a file must stay under, as
	// [masto.Limits] has it; 8 MiB by default.
	MaxBytes int64
	// MaxPixels is the most pixels of a picture, width by height; 33,177,600
	// by default, which is 7680 by 4320.
	MaxPixels int
	// MaxFrames is the most frames of an animation; 500 by default.
	MaxFrames int
	// MaxAnimationPixels is the most pixels of all frames of an animation
	// together, each as large as the whole; 100,000,000 by default. A large
	// animation may have fewer frames than MaxFrames for it.
	MaxAnimationPixels int
	// MaxTime is how long preparing a picture may take, without waiting for
	// others; 30 seconds by default. Then the error is one matching
	// [context.DeadlineExceeded].
	MaxTime time.Duration
	// Concurrent is how many pictures are prepared at once, 2 by default. More
	// wait for their turn, or for the end of their context.
	Concurrent int

	// AvatarSize is the width and height of an avatar in pixels; 400 by
	// default. A negative one lets the square that is cut keep its size.
	AvatarSize int
	// HeaderPixels is the most pixels of a header, width by height; 750,000 by
	// default.
	HeaderPixels int
	// Quality is the quality of a JPEG that is written, from 1 to 100; 90 by
	// default.
	Quality int

	once  sync.Once
	slots chan struct{} // nil: no limit
}

// std is the Preparer of [Prepare].
var std Preparer

// Prepare prepares a picture by the zero [Preparer], which all calls share.
func Prepare(ctx context.Context, kind string, data []byte) (main, still []byte, err error) {
	return std.Prepare(ctx, kind, data)
}

// Prepare returns the file to store for an uploaded picture, and a still
// variant of it, which is nil where the picture does not move. kind is
// [masto.KindAvatar] or [masto.KindHeader]. data is not modified, and neither
// result shares memory with it.
//
// The error is one matching [*masto.ValidationError] by [errors.As] if the
// picture is refused: because it has too many bytes or is of no known type, in
// the words of [masto.Limits.Validate]; because it cannot be read ("is
// invalid"); because it has too many pixels or too many frames. It is the
// error of ctx if that ended, and one matching [context.DeadlineExceeded]
// after MaxTime.
func (p *Preparer) Prepare(ctx context.Context, kind string, data []byte) (main, still []byte, err error) {
	if kind != masto.KindAvatar && kind != masto.KindHeader {
		return nil, nil, fmt.Errorf("pictures: unknown kind %q", kind)
	}
	if err := p.validate(kind, data); err != nil {
		return nil, nil, err
	}
	release, err := p.acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer release()
	pic, err := read(data)
	if err != nil {
		return nil, nil, broken(kind, err)
	}
	if err := p.validateSize(kind, pic); err != nil {
		return nil, nil, err
	}
	if limit := cmp.Or(p.MaxTime, defaultTime); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	main, still, err = p.convert(ctx, kind, pic)
	if ended := ctx.Err(); ended != nil {
		return nil, nil, fmt.Errorf("pictures: %s: %w", kind, ended)
	}
	if err != nil {
		return nil, nil, broken(kind, err)
	}
	return main, still, nil
}

// acquire waits until there is room for one more picture. release makes room
// for the next.
func (p *Preparer) acquire(ctx context.Context) (release func(), err error) {
	p.once.Do(func() {
		if n := cmp.Or(p.Concurrent, defaultConcurrent); n > 0 {
			p.slots = make(chan struct{}, n)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.slots == nil {
		return func() {}, nil
	}
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// validate judges the size and the type of a file as the update of a profile
// does.
func (p *Preparer) validate(kind string, data []byte) error {
	limits := masto.Limits{ImageBytes: p.MaxBytes}
	upload := masto.Some(&masto.Upload{Data: data})
	u := masto.Update{Avatar: upload}
	if kind == masto.KindHeader {
		u = masto.Update{Header: upload}
	}
	return limits.Validate(u, &masto.Record{})
}

// validateSize judges the pixels and frames of a picture.
func (p *Preparer) validateSize(kind string, pic *picture) error {
	pixels := int64(pic.width) * int64(pic.height)
	maxPixels := limit(p.MaxPixels, defaultPixels)
	if pixels > int64(maxPixels) {
		return refuse(kind, "is too large (maximum is %d pixels)", maxPixels)
	}
	if pic.frames == 1 {
		return nil
	}
	maxFrames := limit(p.MaxFrames, defaultFrames)
	byPixels := int64(limit(p.MaxAnimationPixels, defaultAnimationPixels)) / pixels
	maxFrames = int(min(int64(maxFrames), max(1, byPixels)))
	if pic.frames > maxFrames {
		return refuse(kind, "has too many frames (maximum is %d)", maxFrames)
	}
	return nil
}

// limit returns n, or fallback where it is 0, or the largest int where it is
// negative.
func limit(n, fallback int) int {
	switch {
	case n == 0:
		return fallback
	case n < 0:
		return math.MaxInt
	}
	return n
}

// refuse returns a finding on a limit of n.
func refuse(kind, format string, n int) error {
	return &masto.ValidationError{Findings: []masto.Finding{
		{Attribute: kind, Code: masto.CodeInvalid, Description: fmt.Sprintf(format, n), Limit: n},
	}}
}

// broken returns the reference's finding on a picture that it cannot read,
// with the reason for the log.
func broken(kind string, cause error) error {
	return fmt.Errorf("%w: %w", &masto.ValidationError{Findings: []masto.Finding{
		{Attribute: kind, Code: masto.CodeIsInvalid, Description: "is invalid"},
	}}, cause)
}

// convert makes the files of a picture that is within the limits.
func (p *Preparer) convert(ctx context.Context, kind string, pic *picture) (main, still []byte, err error) {
	switch {
	case pic.frames == 1:
		main, err = p.convertStill(ctx, kind, pic)
		return main, nil, err
	case pic.gif != nil:
		return p.convertGIF(ctx, kind, pic)
	}
	first, err := pic.decodeFirst(ctx)
	if err != nil {
		return nil, nil, err
	}
	scaled, err := scale(ctx, first, p.layout(kind, pic.width, pic.height))
	if err != nil {
		return nil, nil, err
	}
	still, err = encodePNG(ctx, scaled, pic)
	return pic.clean, still, err
}

// convertStill makes the file of a picture that does not move.
func (p *Preparer) convertStill(ctx context.Context, kind string, pic *picture) ([]byte, error) {
	img, err := pic.decode(ctx)
	if err != nil {
		return nil, err
	}
	width, height := pic.width, pic.height
	if pic.orientation.swapsSides() {
		width, height = height, width
	}
	l := p.layout(kind, width, height)
	if pic.orientation == upright && l.keeps(image.Pt(width, height)) {
		return pic.clean, nil
	}
	if pic.orientation.swapsSides() {
		l = l.transposed()
	}
	scaled, err := scale(ctx, img, l)
	if err != nil {
		return nil, err
	}
	scaled = pic.orientation.apply(scaled)
	if pic.lossy() && scaled.Opaque() {
		return encodeJPEG(ctx, scaled, pic, limit(p.Quality, defaultQuality))
	}
	return encodePNG(ctx, scaled, pic)
}

// errEmpty is the error for a picture without pixels.
var errEmpty = errors.New("no pixels")
