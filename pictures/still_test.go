package pictures_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/pictures"
)

// asMagick is what ImageMagick makes of a file of each kind.
var asMagick = map[string][]string{
	"avatar": {"-auto-orient", "-resize", "100x100^", "-gravity", "center", "-extent", "100x100"},
	"header": {"-auto-orient", "-resize", "60000@>"},
}

// small makes pictures as small as asMagick does, so that tests take less
// time.
var small = pictures.Preparer{AvatarSize: 100, HeaderPixels: 60_000}

// expected returns what ImageMagick makes of a file.
func expected(tb testing.TB, dir, name, kind string) image.Image {
	tb.Helper()
	args := append([]string{name + "[0]", "-background", "none"}, asMagick[kind]...)
	run(tb, dir, imageMagick(tb), append(args, "-strip", "png32:expected.png")...)
	img, err := png.Decode(bytes.NewReader(readFile(tb, dir, "expected.png")))
	require.NoError(tb, err)
	return img
}

// keep writes a pair of pictures to the folder MASTO_PAIRS, to be looked at.
func keep(tb testing.TB, name string, file []byte, want image.Image) {
	tb.Helper()
	dir := os.Getenv("MASTO_PAIRS")
	if dir == "" {
		return
	}
	name = strings.ReplaceAll(name, "/", "-")
	writeFile(tb, dir, name+"-ours", file)
	writeFile(tb, dir, name+"-magick.png", encodePNG(tb, want))
}

// Pictures of every kind come out as ImageMagick makes them.
func TestLikeImageMagick(t *testing.T) {
	tests := []struct {
		name string
		from *image.NRGBA
		file string
		args []string
		most float64 // difference, of 255
	}{
		{"JPEG", scene(600, 400), "in.jpg", []string{"-quality", "92"}, 6},
		{"JPEG that is progressive", scene(600, 400), "in.jpg", []string{"-interlace", "JPEG"}, 6},
		{"JPEG without subsampling", scene(603, 402), "in.jpg", []string{"-sampling-factor", "1x1"}, 6},
		{"JPEG in gray", scene(600, 400), "in.jpg", []string{"-colorspace", "Gray"}, 6},
		{"JPEG in CMYK", scene(600, 400), "in.jpg", []string{"-colorspace", "CMYK"}, 6},
		{"JPEG with restarts", scene(600, 400), "in.jpg", []string{"-define", "jpeg:restart-interval=8"}, 6},
		{"JPEG that is small", scene(60, 40), "in.jpg", nil, 6},
		{"PNG", scene(600, 400), "out.png", nil, 2},
		{"PNG that is small", scene(60, 40), "out.png", nil, 4},
		{"PNG of 16 bits", scene(600, 400), "png48:out.png", []string{"-depth", "16"}, 2},
		{"PNG that is interlaced", scene(600, 400), "out.png", []string{"-interlace", "PNG"}, 2},
		{"PNG with a palette", scene(600, 400), "png8:out.png", []string{"-colors", "64"}, 4},
		{"PNG in black and white", scene(600, 400), "out.png", []string{"-monochrome"}, 14},
		{"PNG in gray", scene(600, 400), "out.png", []string{"-colorspace", "Gray"}, 2},
		{"PNG in gray with alpha", fading(600, 400), "out.png", []string{"-colorspace", "Gray"}, 2},
		{"PNG with alpha", fading(600, 400), "out.png", nil, 2},
		{"PNG of 16 bits with alpha", fading(600, 400), "png64:out.png", []string{"-depth", "16"}, 2},
		{"PNG of one pixel", scene(1, 1), "out.png", nil, 2},
		{"GIF", scene(400, 600), "out.gif", nil, 5},
		{"GIF that is interlaced", scene(400, 600), "out.gif", []string{"-interlace", "GIF"}, 5},
	}
	for _, tt := range tests {
		for _, kind := range []string{"avatar", "header"} {
			t.Run(tt.name+"/"+kind, func(t *testing.T) {
				dir := t.TempDir()
				writeFile(t, dir, "in.png", encodePNG(t, tt.from))
				file := magick(t, dir, tt.file, tt.args...)
				checkStill(t, dir, tt.file[strings.Index(tt.file, ":")+1:], kind, file, tt.most)
			})
		}
	}
}

// checkStill compares what becomes of a file with what ImageMagick makes of
// it.
func checkStill(t *testing.T, dir, name, kind string, file []byte, most float64) {
	t.Helper()
	main, still, err := small.Prepare(t.Context(), kind, file)
	require.NoError(t, err)
	assert.Nil(t, still, "it does not move")
	got, want := pixels(t, main), expected(t, dir, name, kind)
	size := got.Bounds().Size()
	if kind == "header" {
		assert.LessOrEqual(t, size.X*size.Y, 60_000)
		assert.InDelta(t, want.Bounds().Dx(), size.X, 1)
		assert.InDelta(t, want.Bounds().Dy(), size.Y, 1)
		if size != want.Bounds().Size() {
			// ImageMagick rounds up.
			writeFile(t, dir, "want.png", encodePNG(t, want))
			resize := strconv.Itoa(size.X) + "x" + strconv.Itoa(size.Y) + "!"
			run(t, dir, imageMagick(t), name+"[0]", "-auto-orient", "-resize", resize, "png32:want.png")
			img, err := png.Decode(bytes.NewReader(readFile(t, dir, "want.png")))
			require.NoError(t, err)
			want = img
		}
	} else {
		assert.Equal(t, image.Pt(100, 100), size)
	}
	keep(t, t.Name(), main, want)
	d := difference(t, got, want)
	t.Logf("difference %.2f, %d bytes", d, len(main))
	assert.LessOrEqual(t, d, most)
}

// WebP, as Google's tools write it.
func TestWebP(t *testing.T) {
	tests := []struct {
		name string
		from *image.NRGBA
		args []string
	}{
		{"lossy", scene(600, 400), []string{"-q", "90"}},
		{"lossy with alpha", fading(600, 400), []string{"-q", "90"}},
		{"lossy with alpha that is not compressed", fading(600, 400), []string{"-alpha_method", "0"}},
		{"lossless", scene(600, 400), []string{"-lossless"}},
		{"lossless with alpha", fading(600, 400), []string{"-lossless"}},
		{"small", scene(60, 40), []string{"-q", "90"}},
	}
	for _, tt := range tests {
		for _, kind := range []string{"avatar", "header"} {
			t.Run(tt.name+"/"+kind, func(t *testing.T) {
				dir := t.TempDir()
				writeFile(t, dir, "in.png", encodePNG(t, tt.from))
				run(t, dir, tool(t, "cwebp"), append(tt.args, "-quiet", "in.png", "-o", "in.webp")...)
				run(t, dir, tool(t, "dwebp"), "-quiet", "in.webp", "-o", "decoded.png")
				checkStill(t, dir, "decoded.png", kind, readFile(t, dir, "in.webp"), 6)
			})
		}
	}
}

// All orientations come out upright.
func TestOrientation(t *testing.T) {
	exiftool := tool(t, "exiftool")
	for file, orientations := range map[string][]int{
		"in.jpg": {1, 2, 3, 4, 5, 6, 7, 8}, "out.png": {6}, "in.webp": {6},
	} {
		for _, o := range orientations {
			t.Run(filepath.Ext(file)+"/"+strconv.Itoa(o), func(t *testing.T) {
				dir := t.TempDir()
				writeFile(t, dir, "in.png", encodePNG(t, scene(450, 300)))
				magick(t, dir, file)
				run(t, dir, exiftool, "-q", "-n", "-overwrite_original", "-Orientation="+strconv.Itoa(o), file)
				turned, upload := turn(t, dir, file, o), readFile(t, dir, file)
				checkStill(t, dir, turned, "avatar", upload, 6)
				checkStill(t, dir, turned, "header", upload, 6)
			})
		}
	}
}

// A picture of the right size is turned, too, and one that is upright keeps
// its pixels.
func TestRightSize(t *testing.T) {
	exiftool := tool(t, "exiftool")
	dir := t.TempDir()
	writeFile(t, dir, "in.png", encodePNG(t, scene(300, 200)))
	magick(t, dir, "in.jpg", "-quality", "95")
	run(t, dir, exiftool, "-q", "-n", "-overwrite_original", "-Orientation=6", "in.jpg")
	checkStill(t, dir, turn(t, dir, "in.jpg", 6), "header", readFile(t, dir, "in.jpg"), 6)

	run(t, dir, exiftool, "-q", "-n", "-overwrite_original", "-Orientation=1", "in.jpg")
	main, _, err := small.Prepare(t.Context(), "header", readFile(t, dir, "in.jpg"))
	require.NoError(t, err)
	assert.Zero(t, difference(t, pixels(t, main), pixels(t, readFile(t, dir, "in.jpg"))))
}

// The defaults are 400 by 400 and at most 750,000 pixels, whatever the shape.
func TestSizes(t *testing.T) {
	tests := []struct {
		name   string
		from   image.Point
		header image.Point
	}{
		{"large", image.Pt(3000, 2000), image.Pt(1060, 707)},
		{"wide", image.Pt(1500, 500), image.Pt(1500, 500)},
		{"one pixel", image.Pt(1, 1), image.Pt(1, 1)},
		{"one column", image.Pt(1, 10_000), image.Pt(1, 10_000)},
		{"one row", image.Pt(10_000, 1), image.Pt(10_000, 1)},
		{"thin", image.Pt(100, 20_000), image.Pt(61, 12_247)},
		{"very thin", image.Pt(3, 5_000_000), image.Pt(1, 750_000)},
		{"one very long row", image.Pt(1_000_000, 1), image.Pt(750_000, 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := encodePNG(t, image.NewGray(image.Rectangle{Max: tt.from}))
			for kind, want := range map[string]image.Point{"avatar": image.Pt(400, 400), "header": tt.header} {
				main, still, err := pictures.Prepare(t.Context(), kind, file)
				require.NoError(t, err)
				assert.Nil(t, still)
				c, err := png.DecodeConfig(bytes.NewReader(main))
				require.NoError(t, err)
				assert.Equal(t, want, image.Pt(c.Width, c.Height), kind)
			}
		})
	}
}

// turn turns a picture by ImageMagick and returns the name of the result.
func turn(t *testing.T, dir, file string, orientation int) string {
	t.Helper()
	args := [...][]string{
		2: {"-flop"}, 3: {"-rotate", "180"}, 4: {"-flip"}, 5: {"-transpose"},
		6: {"-rotate", "90"}, 7: {"-transverse"}, 8: {"-rotate", "270"},
	}
	turned := append(append([]string{file, "-strip"}, args[orientation]...), "turned.png")
	run(t, dir, imageMagick(t), turned...)
	return "turned.png"
}
