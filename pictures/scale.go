package pictures

import (
	"context"
	"image"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"github.com/seed-374a2035/masto"
)

// layout is what becomes of a picture: the part that is shown, and its size
// when it is.
type layout struct {
	part image.Rectangle
	size image.Point
}

// layout returns the layout of a picture that has the given size in pixels
// when it is upright.
func (p *Preparer) layout(kind string, width, height int) layout {
	all := image.Rect(0, 0, width, height)
	if kind == masto.KindAvatar {
		side := limit(p.AvatarSize, defaultAvatarSize)
		if p.AvatarSize < 0 {
			side = min(width, height)
		}
		return layout{square(all), image.Pt(side, side)}
	}
	return layout{all, fit(all.Size(), limit(p.HeaderPixels, defaultHeaderPixels))}
}

// square returns the largest square in the middle of r.
func square(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	at := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{at, at.Add(image.Pt(side, side))}
}

// fit returns the largest size of at most so many pixels with the aspect of
// size, which is not larger than size.
func fit(size image.Point, pixels int) image.Point {
	all := float64(size.X) * float64(size.Y)
	if all <= float64(pixels) {
		return size
	}
	by := math.Sqrt(float64(pixels) / all)
	width, height := int(float64(size.X)*by), int(float64(size.Y)*by)
	switch { // a side of one pixel is as thin as can be
	case width == 0:
		return image.Pt(1, min(height, pixels))
	case height == 0:
		return image.Pt(min(width, pixels), 1)
	}
	return image.Pt(width, height)
}

// keeps reports whether nothing of a picture of that size is cut or scaled.
func (l layout) keeps(size image.Point) bool {
	return l.part.Size() == size && l.size == size
}

// transposed returns l for the picture before its sides are swapped.
func (l layout) transposed() layout {
	return layout{
		image.Rect(l.part.Min.Y, l.part.Min.X, l.part.Max.Y, l.part.Max.X),
		image.Pt(l.size.Y, l.size.X),
	}
}

// scale cuts and scales img. The result is a copy.
//
// A large picture is first shrunk by a whole number in each direction, every
// pixel of the result being the average of a box: that goes row by row, and
// leaves little for the better and slower filter.
func scale(ctx context.Context, img image.Image, l layout) (*image.RGBA, error) {
	part := l.part.Add(img.Bounds().Min)
	bw, bh := box(part.Dx(), l.size.X), box(part.Dy(), l.size.Y)
	if bw > 1 || bh > 1 {
		boxes, err := shrink(ctx, img, part, bw, bh)
		if err != nil {
			return nil, err
		}
		img, part = boxes, boxes.Rect
	}
	scaled := image.NewRGBA(image.Rectangle{Max: l.size})
	if part.Size() == l.size {
		draw.Draw(scaled, scaled.Rect, img, part.Min, draw.Src)
	} else {
		xdraw.CatmullRom.Scale(scaled, scaled.Rect, img, part, xdraw.Src, nil)
	}
	return scaled, ctx.Err()
}

// box returns how many pixels are averaged in one direction. What remains to
// be scaled is at least 1.5 and less than 3 times the result if it is shrunk
// at all.
func box(from, to int) int { return max(1, int(float64(from)/(1.5*float64(to)))) }

// shrink returns a part of img in which each pixel is the average of bw by bh
// pixels, or of less at the right and at the bottom.
func shrink(ctx context.Context, img image.Image, part image.Rectangle, bw, bh int) (*image.RGBA, error) {
	width, height := (part.Dx()+bw-1)/bw, (part.Dy()+bh-1)/bh
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	row := image.NewRGBA(image.Rect(0, 0, part.Dx(), 1))
	sums := make([][4]uint32, width)
	for y := range height {
		clear(sums)
		rows := min(bh, part.Dy()-y*bh)
		for dy := range rows {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			draw.Draw(row, row.Rect, img, part.Min.Add(image.Pt(0, y*bh+dy)), draw.Src)
			addRow(sums, row.Pix, bw)
		}
		dst := out.Pix[y*out.Stride:]
		for x, sum := range sums {
			n := uint32(rows * min(bw, part.Dx()-x*bw))
			for c, s := range sum {
				dst[4*x+c] = byte((s + n/2) / n)
			}
		}
	}
	return out, nil
}

// addRow adds each pixel of a row to the sum of its box.
func addRow(sums [][4]uint32, row []byte, bw int) {
	for x := range sums {
		sum := &sums[x]
		for pixels := row[4*x*bw : min(4*(x+1)*bw, len(row))]; len(pixels) >= 4; pixels = pixels[4:] {
			sum[0] += uint32(pixels[0])
			sum[1] += uint32(pixels[1])
			sum[2] += uint32(pixels[2])
			sum[3] += uint32(pixels[3])
		}
	}
}

// apply turns and mirrors img so that it stands upright.
func (o orientation) apply(img *image.RGBA) *image.RGBA {
	if o == upright {
		return img
	}
	width, height := img.Rect.Dx(), img.Rect.Dy()
	size := image.Pt(width, height)
	if o.swapsSides() {
		size = image.Pt(height, width)
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := o.source(x, y, width, height)
			copy(out.Pix[y*out.Stride+4*x:][:4], img.Pix[from.Y*img.Stride+4*from.X:])
		}
	}
	return out
}

// source returns where the pixel of an upright picture is in one of width by
// height pixels that is not.
func (o orientation) source(x, y, width, height int) image.Point {
	right, bottom := width-1, height-1
	switch o {
	case 2:
		return image.Pt(right-x, y)
	case 3:
		return image.Pt(right-x, bottom-y)
	case 4:
		return image.Pt(x, bottom-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(y, bottom-x)
	case 7:
		return image.Pt(right-y, bottom-x)
	case 8:
		return image.Pt(right-y, x)
	}
	return image.Pt(x, y)
}
