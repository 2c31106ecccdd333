package pictures_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tool returns the first of the programs that is there. A test that needs one
// of them is skipped where there is none, but for a machine that promises them
// all.
func tool(tb testing.TB, names ...string) string {
	tb.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	reason := "no " + strings.Join(names, " or ") + " on this machine"
	if os.Getenv("MASTO_NO_SKIP") != "" {
		tb.Fatal(reason)
	}
	tb.Skip(reason)
	return ""
}

// imageMagick returns ImageMagick's program that converts.
func imageMagick(tb testing.TB) string { return tool(tb, "magick", "convert-im6.q16", "convert") }

// run runs a program in dir and returns what it prints.
func run(tb testing.TB, dir, program string, args ...string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), program, args...)
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(tb, err, "%v: %s", cmd.Args, errs.String())
	return string(out)
}

// magick makes a file by ImageMagick from the file in.png in dir, and returns
// it.
func magick(tb testing.TB, dir, name string, args ...string) []byte {
	tb.Helper()
	run(tb, dir, imageMagick(tb), append(append([]string{"in.png"}, args...), name)...)
	return readFile(tb, dir, name)
}

func readFile(tb testing.TB, dir, name string) []byte {
	tb.Helper()
	_, file, ok := strings.Cut(name, ":") // png8:name
	if !ok {
		file = name
	}
	data, err := os.ReadFile(filepath.Join(dir, file))
	require.NoError(tb, err)
	return data
}

func writeFile(tb testing.TB, dir, name string, data []byte) {
	tb.Helper()
	require.NoError(tb, os.WriteFile(filepath.Join(dir, name), data, 0o600))
}

// scene paints a picture that is different in each corner, with smooth and
// sharp parts.
func scene(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	w, h := float64(width), float64(height)
	for y := range height {
		for x := range width {
			u, v := float64(x)/w, float64(y)/h
			wave := 0.5 + 0.5*math.Sin(20*u*u+9*v)
			c := color.NRGBA{byte(255 * u), byte(255 * v), byte(255 * wave), 255}
			switch {
			case math.Hypot(u-0.25, v-0.3) < 0.12:
				c = color.NRGBA{250, 240, 30, 255}
			case math.Abs(u-v) < 0.02:
				c = color.NRGBA{20, 20, 20, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// fading is scene, transparent towards the right.
func fading(width, height int) *image.NRGBA {
	img := scene(width, height)
	for y := range height {
		for x := range width {
			img.Pix[img.PixOffset(x, y)+3] = byte(255 - 255*x/width)
		}
	}
	return img
}

func encodePNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, png.Encode(&b, img))
	return b.Bytes()
}

// difference returns the root of the mean square of the differences of two
// pictures, of 255, with colors weighted by their opacity.
func difference(tb testing.TB, a, b image.Image) float64 {
	tb.Helper()
	require.Equal(tb, b.Bounds().Size(), a.Bounds().Size())
	x, y := toRGBA(a), toRGBA(b)
	var sum float64
	for i := range x.Pix {
		d := float64(x.Pix[i]) - float64(y.Pix[i])
		sum += d * d
	}
	return math.Sqrt(sum / float64(len(x.Pix)))
}

func toRGBA(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// pixels decodes a file: a PNG by Go, and others by ImageMagick, as browsers
// show them; Go's decoders do not smooth the colors of JPEG and WebP.
func pixels(tb testing.TB, file []byte) image.Image {
	tb.Helper()
	if !bytes.HasPrefix(file, []byte("\x89PNG")) {
		dir := tb.TempDir()
		writeFile(tb, dir, "file", file)
		run(tb, dir, imageMagick(tb), "file", "-strip", "png32:out.png")
		file = readFile(tb, dir, "out.png")
	}
	img, err := png.Decode(bytes.NewReader(file))
	require.NoError(tb, err)
	return img
}
