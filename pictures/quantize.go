package pictures

import (
	"image"
	"image/color"
	"slices"
)

// maxColors is the most colors of a frame. One more is transparent.
const maxColors = 255

// quantize returns a part of img in at most 256 colors, in which pixels are
// transparent that are so in img or are the same in before, which may be nil.
// Pixels are opaque or fully transparent.
func (q *quantizer) quantize(img, before *image.RGBA, part image.Rectangle) *image.Paletted {
	q.reset()
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if pixel := shown(img, before, x, y); pixel != nil {
				q.count(pixel)
			}
		}
	}
	out := image.NewPaletted(part, append(color.Palette{transparent}, q.choose()...))
	q.dither(out, img, before)
	return out
}

// shown returns a pixel, or nil if it is transparent or the same before.
func shown(img, before *image.RGBA, x, y int) []byte {
	at := img.PixOffset(x, y)
	pixel := img.Pix[at : at+4 : at+4]
	if pixel[3] == 0 || before != nil && [4]byte(pixel) == [4]byte(before.Pix[at:at+4]) {
		return nil
	}
	return pixel
}

// dither sets the pixels of out, and adds to the pixels beside and below each
// one what its color lacks, as Floyd and Steinberg have it.
func (q *quantizer) dither(out *image.Paletted, img, before *image.RGBA) {
	r := out.Rect
	// What is added to this row and to the next, in sixteenths, with a pixel
	// more at both ends.
	row, next := make([][3]int, r.Dx()+2), make([][3]int, r.Dx()+2)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row, next = next, row
		clear(next)
		for x := range r.Dx() {
			pixel := shown(img, before, r.Min.X+x, y)
			if pixel == nil {
				continue
			}
			var want [3]byte
			for c := range want {
				want[c] = byte(min(max(int(pixel[c])+(row[x+1][c]+8)>>4, 0), 255))
			}
			index := q.index(want)
			out.Pix[out.PixOffset(r.Min.X+x, y)] = index
			for c := range want {
				lack := int(want[c]) - int(q.colors[index-1][c])
				row[x+2][c] += 7 * lack
				next[x][c] += 3 * lack
				next[x+1][c] += 5 * lack
				next[x+2][c] += lack
			}
		}
	}
}

// cells is the number of parts into which the colors are divided: those of one
// part differ only in the last bit of each channel and become the same.
const cells = 1 << 21

// cell returns the part of a color.
func cell(p [3]byte) int { return int(p[0]>>1)<<14 | int(p[1]>>1)<<7 | int(p[2]>>1) }

// quantizer chooses the colors of frames, one after the other: it divides the
// set of all colors in two again and again, each time the part with the
// greatest deviation, at the mean of its widest channel.
type quantizer struct {
	// cells has, for each cell that is used, the number of its point, counted
	// from 1; later the index of its color.
	cells  []uint32
	points []point
	colors [][3]byte
	// near has, for each color without its last three bits, the index of the
	// color that is nearest; 0 where that is not known yet.
	near [1 << 15]byte
}

// reset forgets all pixels.
func (q *quantizer) reset() {
	if q.cells == nil {
		q.cells = make([]uint32, cells)
	}
	for i := range q.points {
		q.cells[q.points[i].cell] = 0
	}
	q.points, q.colors = q.points[:0], q.colors[:0]
	q.near = [1 << 15]byte{}
}

// point is the pixels of a cell.
type point struct {
	cell int
	n    float64
	sum  [3]float64
}

// count counts a pixel.
func (q *quantizer) count(p []byte) {
	c := cell([3]byte(p))
	if q.cells[c] == 0 {
		q.points = append(q.points, point{cell: c})
		q.cells[c] = uint32(len(q.points))
	}
	point := &q.points[q.cells[c]-1]
	point.n++
	for c := range point.sum {
		point.sum[c] += float64(p[c])
	}
}

// group is points that become one color.
type group struct {
	points  []point
	mean    [3]float64
	channel int     // in which they differ most
	spread  float64 // the sum of the squares of their distances in it
}

func newGroup(points []point) group {
	g := group{points: points}
	var n float64
	var squares [3]float64
	for i := range points {
		p := &points[i]
		n += p.n
		for c, sum := range p.sum {
			g.mean[c] += sum
			squares[c] += sum * sum / p.n
		}
	}
	for c := range g.mean {
		g.mean[c] /= n
		if spread := squares[c] - n*g.mean[c]*g.mean[c]; spread > g.spread {
			g.spread, g.channel = spread, c
		}
	}
	return g
}

// split divides the points at the mean.
func (g group) split() (low, high group) {
	i := 0
	for k := range g.points {
		if p := &g.points[k]; p.sum[g.channel] <= g.mean[g.channel]*p.n {
			g.points[i], g.points[k] = g.points[k], g.points[i]
			i++
		}
	}
	return newGroup(g.points[:i]), newGroup(g.points[i:])
}

// choose chooses the colors. Their indexes begin with 1.
func (q *quantizer) choose() color.Palette {
	if len(q.points) == 0 {
		return nil
	}
	groups := []group{newGroup(q.points)}
	for len(groups) < maxColors {
		i := widest(groups)
		// Less is an error of rounding.
		if len(groups[i].points) < 2 || groups[i].spread < 1e-3 {
			break
		}
		low, high := groups[i].split()
		if len(low.points) == 0 || len(high.points) == 0 {
			break
		}
		groups[i] = low
		groups = append(groups, high)
	}
	palette := make(color.Palette, len(groups))
	for i, g := range groups {
		c := [3]byte{clamp(g.mean[0]), clamp(g.mean[1]), clamp(g.mean[2])}
		q.colors = append(q.colors, c)
		palette[i] = color.RGBA{c[0], c[1], c[2], 255}
		for _, p := range g.points {
			q.cells[p.cell] = uint32(i + 1)
		}
	}
	return palette
}

// widest returns the group with the greatest spread.
func widest(groups []group) int {
	most := slices.MaxFunc(groups, func(a, b group) int {
		switch {
		case a.spread < b.spread:
			return -1
		case a.spread > b.spread:
			return 1
		}
		return 0
	})
	return slices.IndexFunc(groups, func(g group) bool { return g.spread == most.spread })
}

// index returns the index of the color for a pixel: that of its group, if it
// has one, or the nearest.
func (q *quantizer) index(p [3]byte) byte {
	if i := q.cells[cell(p)]; i != 0 {
		return byte(i)
	}
	near := &q.near[int(p[0]>>3)<<10|int(p[1]>>3)<<5|int(p[2]>>3)]
	if *near == 0 {
		least := 1 << 30
		for i, c := range q.colors {
			r, g, b := int(c[0])-int(p[0]), int(c[1])-int(p[1]), int(c[2])-int(p[2])
			if d := r*r + g*g + b*b; d < least {
				least, *near = d, byte(i+1)
			}
		}
	}
	return *near
}
