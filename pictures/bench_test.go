//go:build unix

package pictures_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/pictures"
)

// The variables by which a child process is told to do something else than
// tests.
const (
	prepareEnv = "MASTO_PICTURES_PREPARE" // the file to prepare
	makeEnv    = "MASTO_PICTURES_MAKE"    // the folder to make pictures in
)

func TestMain(m *testing.M) {
	var err error
	switch file, dir := os.Getenv(prepareEnv), os.Getenv(makeEnv); {
	case file != "":
		err = prepareFile(file)
	case dir != "":
		err = makeFiles(dir)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// makeFiles makes a photo of 12 megapixels and a GIF of 8 MB.
func makeFiles(dir string) error {
	movie, err := movie(image.Pt(640, 480), 60)
	if err != nil {
		return err
	}
	var photo bytes.Buffer
	if err := png.Encode(&photo, noisy(4000, 3000)); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "in.png"), photo.Bytes(), 0o600),
		os.WriteFile(filepath.Join(dir, "movie.gif"), movie, 0o600),
	)
}

// prepareFile prepares the file for an avatar and writes the result beside it.
func prepareFile(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	p := pictures.Preparer{MaxBytes: -1}
	main, still, err := p.Prepare(context.Background(), "avatar", data)
	if err != nil {
		return err
	}
	if still != nil {
		if err := os.WriteFile(file+".still", still, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(file+".main", main, 0o600)
}

// BenchmarkPeers prepares large avatars in a process of its own for each,
// beside ImageMagick, which does what Mastodon has it do. It reports the time
// and the most memory that the process had.
func BenchmarkPeers(b *testing.B) {
	dir := b.TempDir()
	self, err := os.Executable()
	require.NoError(b, err)
	// A process begins with the peak of the one that starts it, which must
	// stay small.
	child := exec.CommandContext(b.Context(), self)
	child.Env = append(os.Environ(), makeEnv+"="+dir)
	require.NoError(b, child.Run())
	magick(b, dir, "photo.jpg", "-quality", "90")
	magick(b, dir, "progressive.jpg", "-quality", "90", "-interlace", "JPEG")
	for _, name := range []string{"photo.jpg", "progressive.jpg", "movie.gif"} {
		file := filepath.Join(dir, name)
		b.Run(name+"/masto", func(b *testing.B) {
			measure(b, self, file, file+".main", prepareEnv+"="+file)
		})
		b.Run(name+"/ImageMagick", func(b *testing.B) {
			args := []string{file}
			if filepath.Ext(name) == ".gif" {
				args = append(args, "-coalesce")
			}
			args = append(args, "-auto-orient", "-resize", "400x400^", "-gravity", "center",
				"-extent", "400x400", "-strip", "+repage", filepath.Join(dir, "out"+filepath.Ext(name)))
			measure(b, imageMagick(b), file, args[len(args)-1], "", args...)
		})
	}
}

// measure runs a program again and again, which makes the file out from in.
func measure(b *testing.B, program, in, out string, env string, args ...string) {
	var peak int64
	var busy time.Duration
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, args...)
		cmd.Env = append(os.Environ(), env)
		cmd.Stderr = os.Stderr
		require.NoError(b, cmd.Run())
		usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		require.True(b, ok)
		peak = max(peak, int64(usage.Maxrss)) //nolint:unconvert // it is an int32 on machines of 32 bits
		busy += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	unit := int64(1 << 10) // of Linux and the BSDs
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		unit = 1 // byte
	}
	b.ReportMetric(float64(peak*unit)/(1<<20), "MB-peak")
	for unit, file := range map[string]string{"KB-in": in, "KB-out": out} {
		info, err := os.Stat(file)
		require.NoError(b, err)
		b.ReportMetric(float64(info.Size())/1024, unit)
	}
	b.ReportMetric(busy.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/op")
	b.ReportMetric(0, "ns/op")
}

// noisy is scene with the noise that photos have.
func noisy(width, height int) *image.NRGBA {
	img := scene(width, height)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = byte(min(255, int(img.Pix[i])+random.IntN(12)))
		}
	}
	return img
}

// movie makes a GIF in which every pixel of every frame changes.
func movie(size image.Point, frames int) ([]byte, error) {
	back := noisy(2*size.X, size.Y)
	var g gif.GIF
	for i := range frames {
		frame := image.NewPaletted(image.Rectangle{Max: size}, palette.Plan9)
		draw.FloydSteinberg.Draw(frame, frame.Rect, back, image.Pt(i*size.X/frames, 0))
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 5)
	}
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &g)
	return b.Bytes(), err
}

// BenchmarkMovie scales a GIF in this process, to be profiled.
func BenchmarkMovie(b *testing.B) {
	file, err := movie(image.Pt(640, 480), 8)
	require.NoError(b, err)
	for b.Loop() {
		_, _, err := pictures.Prepare(b.Context(), "avatar", file)
		require.NoError(b, err)
	}
}
