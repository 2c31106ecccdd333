package pictures_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// frames returns the frames of an animated GIF as ImageMagick shows them,
// after doing to each what args say.
func frames(t *testing.T, file []byte, args ...string) []image.Image {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, dir, "in.gif", file)
	args = append([]string{"in.gif", "-coalesce", "-background", "none"}, args...)
	run(t, dir, imageMagick(t), append(args, "png32:%03d.png")...)
	var all []image.Image
	for i := range len(identify(t, dir, "in.gif", "%T\n")) {
		img, err := png.Decode(bytes.NewReader(readFile(t, dir, fmt.Sprintf("%03d.png", i))))
		require.NoError(t, err)
		all = append(all, img)
	}
	return all
}

// identify prints something about each frame of a file.
func identify(t *testing.T, dir, name, format string) []string {
	t.Helper()
	return strings.Fields(run(t, dir, imageMagick(t), name, "-format", format, "info:"))
}

// animation makes a GIF of balls that wander over a background, by way of
// dispose. The background of a frame is seen as far as its disposal lets it.
func animation(t *testing.T, size image.Point, dispose ...byte) []byte {
	t.Helper()
	back := scene(size.X, size.Y)
	colors := color.Palette{color.RGBA{}}
	for i := range 6 * 6 * 6 {
		colors = append(colors, color.RGBA{byte(i / 36 * 51), byte(i / 6 % 6 * 51), byte(i % 6 * 51), 255})
	}
	g := gif.GIF{LoopCount: 3, Config: image.Config{Width: size.X, Height: size.Y}}
	for i, d := range dispose {
		r := image.Rectangle{Max: size}
		if i > 0 {
			r = image.Rect(0, 0, size.X/2, size.Y/2).Add(image.Pt(i*size.X/20, i*size.Y/30)).Intersect(r)
		}
		frame := image.NewPaletted(r, colors)
		if i == 0 {
			draw.FloydSteinberg.Draw(frame, r, back, image.Point{})
		} else {
			ball(frame, color.RGBA{byte(51 * i), byte(255 - 51*i), 102, 255})
		}
		g.Image = append(g.Image, frame)
		g.Delay = append(g.Delay, 3+2*i)
		g.Disposal = append(g.Disposal, d)
	}
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &g))
	return b.Bytes()
}

// ball paints a disk in the middle of a frame.
func ball(frame *image.Paletted, c color.Color) {
	r := frame.Rect
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			dx, dy := x-(r.Min.X+r.Max.X)/2, y-(r.Min.Y+r.Max.Y)/2
			if 16*(dx*dx+dy*dy) < r.Dx()*r.Dx() {
				frame.Set(x, y, c)
			}
		}
	}
}

// Every frame of a scaled GIF is the one that ImageMagick makes, for as long.
func TestAnimatedGIF(t *testing.T) {
	const none, background, previous = gif.DisposalNone, gif.DisposalBackground, gif.DisposalPrevious
	tests := []struct {
		name    string
		size    image.Point
		dispose []byte
	}{
		{"frames that stay", image.Pt(300, 200), []byte{none, none, none, none, none}},
		{"frames that give way", image.Pt(300, 200), []byte{none, previous, previous, previous, none}},
		{"frames that leave nothing", image.Pt(300, 200), bytes.Repeat([]byte{background}, 5)},
		{"frames of every disposal", image.Pt(300, 200), []byte{
			none, previous, background, none, background, previous, 0, none,
		}},
		{"frames that are enlarged", image.Pt(60, 40), []byte{none, previous, background, none, background}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := animation(t, tt.size, tt.dispose...)
			main, still, err := small.Prepare(t.Context(), "avatar", file)
			require.NoError(t, err)
			want := frames(t, file, "-resize", "100x100^", "-gravity", "center", "-extent", "100x100",
				"-channel", "A", "-threshold", "50%", "+channel")
			got := frames(t, main)
			require.Len(t, got, len(want))
			for i := range want {
				d := differenceWhereOpaque(t, got[i], want[i])
				t.Logf("frame %d: difference %.2f, %d bytes in all", i, d, len(main))
				assert.LessOrEqual(t, d, 10.0, "frame %d", i)
				keep(t, t.Name()+strconv.Itoa(i), encodePNG(t, got[i]), want[i])
			}
			assert.LessOrEqual(t, differenceWhereOpaque(t, pixels(t, still), want[0]), 5.0)
			sameTimes(t, file, main)
		})
	}
}

// sameTimes compares how long frames are shown and how often they repeat.
func sameTimes(t *testing.T, before, after []byte) {
	t.Helper()
	a, err := gif.DecodeAll(bytes.NewReader(before))
	require.NoError(t, err)
	b, err := gif.DecodeAll(bytes.NewReader(after))
	require.NoError(t, err)
	assert.Equal(t, a.Delay, b.Delay)
	assert.Equal(t, a.LoopCount, b.LoopCount)
}

// differenceWhereOpaque compares pixels that are opaque in both. Few may be so
// in one only, along an edge.
func differenceWhereOpaque(t *testing.T, got, want image.Image) float64 {
	t.Helper()
	a, b := toRGBA(got), toRGBA(want)
	other := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if a.Pix[i+3] == 255 && b.Pix[i+3] == 255 || a.Pix[i+3] == 0 && b.Pix[i+3] == 0 {
			continue
		}
		other++
		clear(a.Pix[i : i+4])
		clear(b.Pix[i : i+4])
	}
	assert.LessOrEqual(t, other, len(a.Pix)/4/20, "pixels that are transparent in one only")
	return difference(t, a, b)
}

// A GIF of the right size keeps its frames.
func TestRightSizeGIF(t *testing.T) {
	file := animation(t, image.Pt(90, 60), 1, 2, 3, 1)
	main, still, err := small.Prepare(t.Context(), "header", file)
	require.NoError(t, err)
	a, err := gif.DecodeAll(bytes.NewReader(file))
	require.NoError(t, err)
	b, err := gif.DecodeAll(bytes.NewReader(main))
	require.NoError(t, err)
	assert.Equal(t, a, b)
	img, err := png.Decode(bytes.NewReader(still))
	require.NoError(t, err)
	assert.Zero(t, difference(t, img, a.Image[0]))
}

// A frame that no pixel changes with is shown all the same.
func TestGIFWithEqualFrames(t *testing.T) {
	one := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{one, one, one}, Delay: []int{5, 0, 7}}))
	main, _, err := small.Prepare(t.Context(), "avatar", b.Bytes())
	require.NoError(t, err)
	sameTimes(t, b.Bytes(), main)
}

// A frame that is larger than the screen widens it.
func TestGIFWithSmallScreen(t *testing.T) {
	file := animation(t, image.Pt(60, 40), 1, 1, 1)
	binary.LittleEndian.PutUint16(file[6:], 10)
	binary.LittleEndian.PutUint16(file[8:], 10)
	main, _, err := small.Prepare(t.Context(), "header", file)
	require.NoError(t, err)
	c, err := gif.DecodeConfig(bytes.NewReader(main))
	require.NoError(t, err)
	assert.Equal(t, image.Pt(60, 40), image.Pt(c.Width, c.Height))
}

// apng makes an animated PNG of frames, the first of which is not part of the
// picture itself if it is apart.
func apng(t *testing.T, apart bool, all ...image.Image) []byte {
	t.Helper()
	out := []byte("\x89PNG\r\n\x1a\n")
	sequence := uint32(0)
	control := func(r image.Rectangle) {
		var c []byte
		for _, n := range []int{int(sequence), r.Dx(), r.Dy(), r.Min.X, r.Min.Y} {
			c = binary.BigEndian.AppendUint32(c, uint32(n))
		}
		out = chunk(out, "fcTL", append(c, 0, 5, 0, 100, 0, 0))
		sequence++
	}
	for i, img := range all {
		for name, data := range chunks(t, encodePNG(t, img)) {
			switch {
			case name == "IHDR" && i == 0:
				out = chunk(out, name, data)
				out = chunk(out, "acTL", []byte{0, 0, 0, byte(len(all)), 0, 0, 0, 0})
				if !apart {
					control(img.Bounds())
				}
			case name == "IHDR":
				control(img.Bounds())
			case name == "IDAT" && i == 0:
				out = chunk(out, name, data)
			case name == "IDAT":
				out = chunk(out, "fdAT", append(binary.BigEndian.AppendUint32(nil, sequence), data...))
				sequence++
			}
		}
	}
	return chunk(out, "IEND", nil)
}

// chunk appends a chunk of PNG.
func chunk(dst []byte, name string, data []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(data)))
	start := len(dst)
	dst = append(append(dst, name...), data...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:]))
}

// chunks yields the chunks of a PNG file.
func chunks(t *testing.T, file []byte) func(yield func(string, []byte) bool) {
	t.Helper()
	return func(yield func(string, []byte) bool) {
		for rest := file[8:]; len(rest) >= 12; {
			n := binary.BigEndian.Uint32(rest)
			if !yield(string(rest[4:8]), rest[8:8+n]) {
				return
			}
			rest = rest[12+n:]
		}
	}
}

// An animated PNG stays as it is and has a still of its first frame.
func TestAnimatedPNG(t *testing.T) {
	first, second := fading(60, 40), fading(60, 40)
	for i := range second.Pix {
		second.Pix[i] ^= 15
	}
	part := image.NewNRGBA(image.Rect(20, 10, 40, 30))
	draw.Draw(part, part.Rect, image.NewUniform(color.NRGBA{200, 10, 20, 200}), image.Point{}, draw.Src)
	onCanvas := image.NewNRGBA(first.Rect)
	draw.Draw(onCanvas, part.Rect, part, part.Rect.Min, draw.Src)
	tests := []struct {
		name  string
		file  []byte
		still image.Image
	}{
		{"that begins with the picture", apng(t, false, first, second), first},
		{"apart from the picture", apng(t, true, first, second, first), second},
		{"that begins in a part", apng(t, true, first, part, second), onCanvas},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dirty := append(bytes.Clone(tt.file[:33]), chunk(nil, "tEXt", []byte("Comment\x00secret"))...)
			dirty = append(append(dirty, tt.file[33:]...), "secret"...)
			main, still, err := small.Prepare(t.Context(), "header", dirty)
			require.NoError(t, err)
			assert.Equal(t, tt.file, main)
			img, err := png.Decode(bytes.NewReader(still))
			require.NoError(t, err)
			assert.LessOrEqual(t, difference(t, img, tt.still), 0.5)
		})
	}
}

// An animated PNG of one frame does not move.
func TestAnimatedPNGOfOneFrame(t *testing.T) {
	main, still, err := small.Prepare(t.Context(), "header", apng(t, false, scene(60, 40)))
	require.NoError(t, err)
	assert.Nil(t, still)
	assert.NotContains(t, string(main), "acTL")
}

// An animated WebP stays as it is and has a still of its first frame.
func TestAnimatedWebP(t *testing.T) {
	for _, compression := range []string{"-lossy", "-lossless"} {
		t.Run(compression, func(t *testing.T) {
			dir := t.TempDir()
			writeFile(t, dir, "0.png", encodePNG(t, fading(600, 400)))
			writeFile(t, dir, "1.png", encodePNG(t, scene(600, 400)))
			run(t, dir, tool(t, "img2webp"), compression, "-q", "90", "-d", "70", "0.png", "1.png", "-o", "clean.webp")
			writeFile(t, dir, "x.xmp", []byte(strings.Repeat("secret", 11)))
			run(t, dir, tool(t, "webpmux"), "-set", "xmp", "x.xmp", "clean.webp", "-o", "in.webp")
			file := readFile(t, dir, "in.webp")
			require.Contains(t, string(file), "secret")

			main, still, err := small.Prepare(t.Context(), "avatar", append(file, "video"...))
			require.NoError(t, err)
			assert.Equal(t, readFile(t, dir, "clean.webp"), main)
			d := difference(t, pixels(t, still), expected(t, dir, "0.png", "avatar"))
			t.Logf("difference %.2f", d)
			assert.LessOrEqual(t, d, 3.0)
		})
	}
}
