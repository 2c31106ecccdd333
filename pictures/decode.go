package pictures

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// reader reads until ctx ends, so that a decoder ends with it.
type reader struct {
	ctx  context.Context
	data bytes.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	// Decoders that ask for much at once are given it in parts.
	return r.data.Read(p[:min(len(p), 4096)])
}

// writer writes until ctx ends.
type writer struct {
	ctx context.Context
	w   io.Writer
}

func (w *writer) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}

// decodeFile decodes a file by one of the decoders. That a decoder panics on a
// damaged file is an error of the file.
func decodeFile(
	ctx context.Context, file []byte, decode func(io.Reader) (image.Image, error),
) (img image.Image, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			img, err = nil, fmt.Errorf("decoder: %v", reason)
		}
	}()
	r := &reader{ctx: ctx}
	r.data.Reset(file)
	return decode(r)
}

// decode decodes a picture that does not move.
func (p *picture) decode(ctx context.Context) (image.Image, error) {
	switch p.format {
	case "jpeg":
		return decodeFile(ctx, p.clean, jpeg.Decode)
	case "png":
		return decodeFile(ctx, p.clean, png.Decode)
	case "gif":
		canvas := image.NewRGBA(image.Rect(0, 0, p.width, p.height))
		frame, err := p.decodeFrame(ctx, &p.gif.frames[0])
		if err != nil {
			return nil, err
		}
		paint(canvas, frame)
		return canvas, nil
	}
	return p.decodeFirst(ctx)
}

// decodeFrame decodes a frame of a GIF.
func (p *picture) decodeFrame(ctx context.Context, f *gifFrame) (*image.Paletted, error) {
	file := p.gif.file(image.Pt(p.width, p.height), []gifFrame{*f})
	img, err := decodeFile(ctx, file, gif.Decode)
	if err != nil {
		return nil, err
	}
	frame, ok := img.(*image.Paletted)
	if !ok || frame.Rect != f.bounds() {
		return nil, errFormat
	}
	return frame, nil
}

// decodeFirst decodes the first frame of a WebP, or of an animated PNG, and
// puts it where it belongs.
func (p *picture) decodeFirst(ctx context.Context) (image.Image, error) {
	decode := png.Decode
	if p.format == "webp" {
		decode = webp.Decode
	}
	img, err := decodeFile(ctx, p.still, decode)
	if err != nil {
		return nil, err
	}
	if img.Bounds().Size() != p.stillSize {
		return nil, errFormat
	}
	if p.lossyWebP {
		stretch(img)
	}
	if p.stillSize == image.Pt(p.width, p.height) {
		return img, nil
	}
	canvas := image.NewRGBA(image.Rect(0, 0, p.width, p.height))
	draw.Draw(canvas, img.Bounds().Add(p.stillAt), img, img.Bounds().Min, draw.Src)
	return canvas, nil
}

// stretch turns the luma and chroma of a decoded VP8 picture, which are those
// of television, into those of JPEG, which the types of image stand for: luma
// has 16 for black and 235 for white in place of 0 and 255.
func stretch(img image.Image) {
	var p *image.YCbCr
	switch img := img.(type) {
	case *image.YCbCr:
		p = img
	case *image.NYCbCrA:
		p = &img.YCbCr
	default:
		return
	}
	var luma, chroma [256]byte
	for i := range 256 {
		luma[i] = clamp((float64(i) - 16) * 255 / 219)
		chroma[i] = clamp((float64(i)-128)*255/224 + 128)
	}
	for i, v := range p.Y {
		p.Y[i] = luma[v]
	}
	for i, v := range p.Cb {
		p.Cb[i] = chroma[v]
	}
	for i, v := range p.Cr {
		p.Cr[i] = chroma[v]
	}
}

// clamp rounds v to a byte.
func clamp(v float64) byte { return byte(min(max(v+0.5, 0), 255)) }

// paint paints a frame over a canvas. A color of its palette is opaque or
// fully transparent.
func paint(canvas *image.RGBA, frame *image.Paletted) {
	var colors [256][4]byte
	for i, c := range frame.Palette {
		r, g, b, a := c.RGBA()
		colors[i] = [4]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), byte(a >> 8)}
	}
	r := frame.Rect.Intersect(canvas.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src := frame.Pix[frame.PixOffset(r.Min.X, y):][:r.Dx()]
		dst := canvas.Pix[canvas.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for x, index := range src {
			if c := &colors[index]; c[3] != 0 {
				copy(dst[4*x:4*x+4], c[:])
			}
		}
	}
}

// encodeJPEG writes img with the profile of pic.
func encodeJPEG(ctx context.Context, img *image.RGBA, pic *picture, quality int) ([]byte, error) {
	var b bytes.Buffer
	out, profile := pic.output(img)
	if err := jpeg.Encode(&writer{ctx, &b}, out, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	file := appendJPEGProfile([]byte("\xff\xd8"), profile)
	return append(file, b.Bytes()[2:]...), nil
}

// encodePNG writes img with the profile and the color chunks of pic.
func encodePNG(ctx context.Context, img *image.RGBA, pic *picture) ([]byte, error) {
	var b bytes.Buffer
	out, profile := pic.output(img)
	if err := png.Encode(&writer{ctx, &b}, out); err != nil {
		return nil, err
	}
	const header = len(pngSignature) + 12 + 13
	file := appendPNGProfile(b.Bytes()[:header:header], profile)
	file = append(file, pic.pngColors...)
	return append(file, b.Bytes()[header:]...), nil
}

// output returns img as it is to be written and the profile for it: without
// color where the picture had none, so that a profile for gray pixels fits.
func (p *picture) output(img *image.RGBA) (image.Image, []byte) {
	switch {
	case !p.gray:
		return img, p.profile
	case !img.Opaque():
		return img, nil // Go writes no gray with transparency
	}
	return toGray(img), p.profile
}

// toGray returns the red channel, which is like the others.
func toGray(img *image.RGBA) *image.Gray {
	gray := image.NewGray(img.Rect)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:]
		for x := range img.Rect.Dx() {
			gray.SetGray(x, y, color.Gray{Y: row[4*x]})
		}
	}
	return gray
}
