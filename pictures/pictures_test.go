package pictures_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/pictures"
)

// findings returns what a picture is refused with.
func findings(t *testing.T, p *pictures.Preparer, kind string, file []byte) []masto.Finding {
	t.Helper()
	main, still, err := p.Prepare(t.Context(), kind, file)
	require.Error(t, err)
	assert.Nil(t, main)
	assert.Nil(t, still)
	var refused *masto.ValidationError
	require.ErrorAs(t, err, &refused)
	return refused.Findings
}

func encodeJPEG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

// moving makes a GIF of so many equal frames.
func moving(tb testing.TB, size image.Point, frames int) []byte {
	tb.Helper()
	img := image.NewPaletted(image.Rectangle{Max: size}, color.Palette{color.Black, color.White})
	g := gif.GIF{}
	for range frames {
		g.Image, g.Delay = append(g.Image, img), append(g.Delay, 4)
	}
	var b bytes.Buffer
	require.NoError(tb, gif.EncodeAll(&b, &g))
	return b.Bytes()
}

// hugePNG is a picture of 100,000 by 100,000 pixels that has none of them.
func hugePNG() []byte {
	header := binary.BigEndian.AppendUint32(nil, 100_000)
	header = append(binary.BigEndian.AppendUint32(header, 100_000), 8, 6, 0, 0, 0)
	out := chunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", header)
	return chunk(chunk(out, "IDAT", []byte{1}), "IEND", nil)
}

// A picture that is refused is so in the words of the reference, or in like
// ones.
func TestRefused(t *testing.T) {
	invalid := []masto.Finding{{Attribute: "avatar", Code: "ERR_IS INVALID", Description: "is invalid"}}
	one := func(description string, limit int) []masto.Finding {
		return []masto.Finding{{Attribute: "avatar", Code: "ERR_INVALID", Description: description, Limit: limit}}
	}
	photo := encodeJPEG(t, scene(60, 40))
	hugeGIF := moving(t, image.Pt(10, 10), 2)
	binary.LittleEndian.PutUint16(hugeGIF[6:], 65535)
	binary.LittleEndian.PutUint16(hugeGIF[8:], 65535)
	hugeJPEG := bytes.Clone(photo)
	at := bytes.Index(hugeJPEG, []byte{0xFF, 0xC0})
	copy(hugeJPEG[at+5:], "\xff\xff\xff\xff")
	tests := []struct {
		name string
		p    *pictures.Preparer
		file []byte
		want []masto.Finding
	}{
		{"an empty file", &small, nil, append([]masto.Finding{
			{Attribute: "avatar_content_type", Code: "ERR_INVALID", Description: "is invalid"},
		}, invalid...)},
		{"text", &small, []byte("hello"), append([]masto.Finding{
			{Attribute: "avatar_content_type", Code: "ERR_INVALID", Description: "is invalid"},
		}, invalid...)},
		{"a JPEG of three bytes", &small, []byte("\xff\xd8\xff"), invalid},
		{"a truncated JPEG", &small, photo[:len(photo)/2], invalid},
		{"a truncated PNG", &small, encodePNG(t, scene(60, 40))[:500], invalid},
		{"a truncated GIF", &small, hugeGIF[:len(hugeGIF)-9], invalid},
		{"too many bytes", &pictures.Preparer{MaxBytes: 1024}, make([]byte, 1024), []masto.Finding{
			{Attribute: "avatar_content_type", Code: "ERR_INVALID", Description: "is invalid"},
			{Attribute: "avatar", Code: "ERR_IS INVALID", Description: "is invalid"},
			{Attribute: "avatar", Code: "ERR_LESS_THAN", Description: "must be less than 1 KB", Limit: 1024},
			{Attribute: "avatar_file_size", Code: "ERR_LESS_THAN", Description: "must be less than 1 KB", Limit: 1024},
		}},
		{"a PNG of too many pixels", &small, hugePNG(), one("is too large (maximum is 33177600 pixels)", 33177600)},
		{"a JPEG of too many pixels", &small, hugeJPEG, one("is too large (maximum is 33177600 pixels)", 33177600)},
		{"a GIF of too many pixels", &small, hugeGIF, one("is too large (maximum is 33177600 pixels)", 33177600)},
		{
			"one pixel too many", &pictures.Preparer{MaxPixels: 2399}, photo,
			one("is too large (maximum is 2399 pixels)", 2399),
		},
		{
			"too many frames", &pictures.Preparer{MaxFrames: 9}, moving(t, image.Pt(9, 9), 10),
			one("has too many frames (maximum is 9)", 9),
		},
		{
			"too many frames for its size", &pictures.Preparer{MaxAnimationPixels: 500}, moving(t, image.Pt(10, 10), 6),
			one("has too many frames (maximum is 5)", 5),
		},
		{
			"too many frames of a PNG", &pictures.Preparer{MaxFrames: 1}, apng(t, false, scene(9, 9), scene(9, 9)),
			one("has too many frames (maximum is 1)", 1),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, findings(t, tt.p, "avatar", tt.file))
			header := findings(t, tt.p, "header", tt.file)
			assert.True(t, strings.HasPrefix(header[0].Attribute, "header"), header)
		})
	}
}

// A limit is the last that passes, and a negative one is none.
func TestLimits(t *testing.T) {
	for name, p := range map[string]*pictures.Preparer{
		"the last": {MaxPixels: 100, MaxFrames: 6, MaxAnimationPixels: 600, AvatarSize: 8},
		"none": {
			MaxPixels: -1, MaxFrames: -1, MaxAnimationPixels: -1, MaxBytes: -1, MaxTime: -1, Concurrent: -1,
		},
		"none on the result": {AvatarSize: -1, HeaderPixels: -1, Quality: -1},
	} {
		t.Run(name, func(t *testing.T) {
			_, still, err := p.Prepare(t.Context(), "avatar", moving(t, image.Pt(10, 10), 6))
			require.NoError(t, err)
			assert.NotNil(t, still)
		})
	}
}

// Refusing a picture because of its header costs nothing.
func TestHugeIsCheap(t *testing.T) {
	file := hugePNG()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	findings(t, &small, "avatar", file)
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<10))
}

func TestUnknownKind(t *testing.T) {
	_, _, err := pictures.Prepare(t.Context(), "banner", encodePNG(t, scene(6, 4)))
	assert.EqualError(t, err, `pictures: unknown kind "banner"`)
}

// What is given is not modified, and what is returned does not depend on it.
func TestOwnership(t *testing.T) {
	for name, file := range map[string][]byte{
		"JPEG": encodeJPEG(t, scene(30, 20)),
		"PNG":  encodePNG(t, scene(30, 20)),
		"GIF":  animation(t, image.Pt(30, 20), 1, 1),
		"APNG": apng(t, false, scene(30, 20), scene(30, 20)),
	} {
		t.Run(name, func(t *testing.T) {
			given := bytes.Clone(file)
			main, still, err := pictures.Prepare(t.Context(), "header", given)
			require.NoError(t, err)
			assert.Equal(t, file, given)
			wantMain, wantStill := bytes.Clone(main), bytes.Clone(still)
			clear(given)
			assert.Equal(t, wantMain, main)
			assert.Equal(t, wantStill, still)
		})
	}
}

// countdown is a context that ends after it was asked so many times.
type countdown struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *countdown) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever the context ends, its error is returned and nothing else.
func TestContextEnds(t *testing.T) {
	for name, file := range map[string][]byte{
		"JPEG": encodeJPEG(t, scene(900, 600)),
		"PNG":  encodePNG(t, scene(900, 600)),
		"GIF":  animation(t, image.Pt(150, 100), 1, 2, 3),
	} {
		t.Run(name, func(t *testing.T) {
			p := pictures.Preparer{MaxTime: -1}
			for left := 0; ; left += 1 + left/4 {
				ctx := &countdown{Context: context.Background(), left: left}
				main, still, err := p.Prepare(ctx, "avatar", file)
				if err == nil {
					t.Logf("asked at least %d times", left/2)
					assert.Greater(t, left, 10)
					break
				}
				require.ErrorIs(t, err, context.Canceled)
				var refused *masto.ValidationError
				require.False(t, errors.As(err, &refused), "the picture is not to blame")
				require.Nil(t, main)
				require.Nil(t, still)
			}
		})
	}
}

// A picture that takes too long ends with the error of a deadline.
func TestMaxTime(t *testing.T) {
	p := pictures.Preparer{MaxTime: time.Millisecond}
	start := time.Now()
	_, _, err := p.Prepare(t.Context(), "avatar", encodePNG(t, scene(3000, 2000)))
	t.Log(time.Since(start))
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

// slow is a context that blocks whoever asks it, until it is told to go on.
type slow struct {
	context.Context
	running chan<- struct{}
	wait    <-chan struct{}
	asked   int
}

func (c *slow) Err() error {
	if c.asked++; c.asked == 3 {
		c.running <- struct{}{}
		<-c.wait
	}
	return nil
}

// No more pictures are prepared at once than are allowed; others wait, or give
// up when their context ends.
func TestConcurrent(t *testing.T) {
	file := encodePNG(t, scene(60, 40))
	synctest.Test(t, func(t *testing.T) {
		p := pictures.Preparer{Concurrent: 2, MaxTime: -1}
		running, wait := make(chan struct{}, 5), make(chan struct{})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				_, _, err := p.Prepare(&slow{Context: t.Context(), running: running, wait: wait}, "avatar", file)
				assert.NoError(t, err)
			})
		}
		synctest.Wait()
		assert.Len(t, running, 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err := p.Prepare(ctx, "avatar", file)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		close(wait)
		all.Wait()
		assert.Len(t, running, 5)
	})
}
