package pictures

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
)

// convertGIF scales an animated GIF frame by frame. One that has the right
// size stays as it is, once every frame was decoded.
func (p *Preparer) convertGIF(ctx context.Context, kind string, pic *picture) (main, still []byte, err error) {
	l := p.layout(kind, pic.width, pic.height)
	keeps := l.keeps(image.Pt(pic.width, pic.height))
	out := gifWriter{ctx: ctx, size: l.size, loop: pic.gif.loop}
	player := gifPlayer{pic: pic, canvas: image.NewRGBA(image.Rect(0, 0, pic.width, pic.height))}
	for i := range pic.gif.frames {
		f := &pic.gif.frames[i]
		if err := player.show(ctx, f); err != nil {
			return nil, nil, err
		}
		if i > 0 && keeps {
			continue
		}
		scaled, err := scale(ctx, player.canvas, l)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 {
			if still, err = encodePNG(ctx, scaled, pic); err != nil {
				return nil, nil, err
			}
		}
		if err := out.add(scaled, f.delay()); err != nil {
			return nil, nil, err
		}
	}
	if keeps {
		return pic.clean, still, nil
	}
	main, err = out.finish()
	return main, still, err
}

// gifPlayer shows the frames of a GIF one after the other.
type gifPlayer struct {
	pic    *picture
	canvas *image.RGBA // what is seen
	// undo takes away the frame that is seen.
	undo func()
}

// show paints the next frame.
func (p *gifPlayer) show(ctx context.Context, f *gifFrame) error {
	if p.undo != nil {
		p.undo()
	}
	frame, err := p.pic.decodeFrame(ctx, f)
	if err != nil {
		return err
	}
	p.undo = p.disposal(f)
	paint(p.canvas, frame)
	return ctx.Err()
}

// disposal returns what takes a frame away that is not painted yet, or nil.
func (p *gifPlayer) disposal(f *gifFrame) func() {
	r := f.bounds()
	var before []byte
	switch f.disposal() {
	case disposeBackground:
		before = make([]byte, 4*r.Dx()*r.Dy())
	case disposePrevious:
		for y := r.Min.Y; y < r.Max.Y; y++ {
			before = append(before, p.canvas.Pix[p.canvas.PixOffset(r.Min.X, y):][:4*r.Dx()]...)
		}
	default:
		return nil
	}
	return func() {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			n := copy(p.canvas.Pix[p.canvas.PixOffset(r.Min.X, y):][:4*r.Dx()], before)
			before = before[n:]
		}
	}
}

// gifWriter writes an animated GIF. Each frame has the pixels that changed,
// and colors of its own.
type gifWriter struct {
	ctx    context.Context
	size   image.Point
	loop   []byte
	body   []byte
	screen *image.RGBA // what is seen: the last frame that was added
	colors quantizer

	// The last frame, which is not written before it is known whether it has
	// to be taken away.
	last    *image.Paletted
	delay   int
	dispose byte
}

// add adds a frame, which must not be modified afterwards.
func (w *gifWriter) add(img *image.RGBA, delay int) error {
	harden(img)
	part, before := img.Rect, w.screen
	switch {
	case before == nil:
	case clears(before, img):
		// The last frame is written as a whole, so that it can be taken away
		// as a whole: there is no other way to make a pixel transparent again.
		w.last, w.dispose, before = w.colors.quantize(w.screen, nil, w.screen.Rect), disposeBackground, nil
	default:
		part = changed(before, img)
	}
	if err := w.flush(); err != nil {
		return err
	}
	w.last, w.delay, w.dispose = w.colors.quantize(img, before, part), delay, 0
	w.screen = img
	return nil
}

// flush writes the last frame.
func (w *gifWriter) flush() error {
	if w.last == nil {
		return nil
	}
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{
		Image: []*image.Paletted{w.last}, Delay: []int{w.delay}, Disposal: []byte{w.dispose},
		Config: image.Config{Width: w.size.X, Height: w.size.Y},
	})
	if err != nil {
		return err
	}
	var g gifFile
	if err := g.blocks(b.Bytes()[13:]); err != nil {
		return err
	}
	w.body = append(append(w.body, g.frames[0].control...), g.frames[0].image...)
	w.last = nil
	return w.ctx.Err()
}

// finish returns the file.
func (w *gifWriter) finish() ([]byte, error) {
	if err := w.flush(); err != nil {
		return nil, err
	}
	g := gifFile{colors: []byte{0, 0, 0}, loop: w.loop}
	return g.file(w.size, []gifFrame{{image: w.body}}), nil
}

// harden makes each pixel opaque or fully transparent, as GIF has it.
func harden(img *image.RGBA) {
	for i := 0; i+4 <= len(img.Pix); i += 4 {
		pixel := img.Pix[i : i+4 : i+4]
		switch a := uint32(pixel[3]); {
		case a == 255:
		case a < 128:
			clear(pixel)
		default:
			for c := range 3 {
				pixel[c] = byte(min(255, (uint32(pixel[c])*255+a/2)/a))
			}
			pixel[3] = 255
		}
	}
}

// clears reports whether a pixel that was opaque is transparent now.
func clears(before, now *image.RGBA) bool {
	for i := 3; i < len(now.Pix); i += 4 {
		if before.Pix[i] > now.Pix[i] {
			return true
		}
	}
	return false
}

// changed returns the part in which two pictures of the same size differ; one
// pixel where they do not.
func changed(before, now *image.RGBA) image.Rectangle {
	var r image.Rectangle
	for y := range now.Rect.Dy() {
		a := before.Pix[y*before.Stride:][:4*now.Rect.Dx()]
		b := now.Pix[y*now.Stride:][:4*now.Rect.Dx()]
		if bytes.Equal(a, b) {
			continue
		}
		from, to := 0, len(a)
		for a[from] == b[from] {
			from++
		}
		for a[to-1] == b[to-1] {
			to--
		}
		r = r.Union(image.Rect(from/4, y, (to+3)/4, y+1))
	}
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

// transparent is the color of pixels that a frame leaves as they are.
var transparent = color.RGBA{}
