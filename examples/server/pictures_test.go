package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	_ "image/png" // stills are PNG files
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPhoto uploads the photo of a phone, with the place where it was taken,
// the camera lying on its side and a video behind the picture. It comes back
// upright, of the size of an avatar, and says nothing about its owner.
func TestPhoto(t *testing.T) {
	exiftool, err := exec.LookPath("exiftool")
	if err != nil {
		lacks(t, "no exiftool to write and read metadata with: %v", err)
	}
	photo := takePhoto(t, exiftool)
	require.Subset(t, metadata(t, exiftool, photo), []string{"GPS:GPSLatitude", "IFD0:Orientation", "IFD0:Model"})

	s := startSession(t, t.TempDir(), "")
	a := s.patch(t, "/api/v1/profile", "multipart", file("avatar", photo, "image/jpeg"))
	require.Equal(t, 200, a.status, a.body)
	p := a.object(t)
	assert.Equal(t, p["avatar"], p["avatar_static"], "it does not move")
	avatar := s.fetch(t, p["avatar"])

	img, format, err := image.Decode(strings.NewReader(avatar))
	require.NoError(t, err)
	assert.Equal(t, "jpeg", format)
	assert.Equal(t, image.Rect(0, 0, 400, 400), img.Bounds())
	// In the file the red corner is at the bottom left, and the top left of an
	// upright picture is there by Orientation 6.
	assert.True(t, isRed(img.At(20, 20)), "%v", img.At(20, 20))
	for _, corner := range []image.Point{{380, 20}, {20, 380}, {380, 380}} {
		assert.False(t, isRed(img.At(corner.X, corner.Y)), "%v", corner)
	}
	for _, name := range metadata(t, exiftool, avatar) {
		group, _, _ := strings.Cut(name, ":")
		assert.Contains(t, []string{"", "ExifTool", "System", "File", "JFIF", "Composite"}, group, name)
		assert.NotContains(t, name, "GPS")
		assert.NotEqual(t, "File:Comment", name)
	}
	assert.NotContains(t, avatar, "ftypmp42", "what follows the picture is dropped")
}

// takePhoto makes a JPEG file as phones do.
func takePhoto(t *testing.T, exiftool string) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 1200))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 800, 400, 1200), image.NewUniform(color.RGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, nil))
	name := filepath.Join(t.TempDir(), "photo.jpg")
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o600))
	out, err := exec.CommandContext(t.Context(), exiftool, "-q", "-overwrite_original",
		"-n", "-Orientation=6",
		"-GPSLatitude=48.2", "-GPSLatitudeRef=N", "-GPSLongitude=16.4", "-GPSLongitudeRef=E",
		"-Make=Phone", "-Model=Phone 1", "-DateTimeOriginal=2026:01:02 03:04:05",
		"-Comment=Mine", "-XMP:Creator=Alice", "-IPTC:City=Vienna",
		name,
	).CombinedOutput()
	require.NoError(t, err, string(out))
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data) + "\x00\x00\x00\x18ftypmp42 and a video"
}

// metadata returns what exiftool reads from a file, as Group:Name.
func metadata(t *testing.T, exiftool, data string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exiftool, "-j", "-G1", "-a", "-u", "-")
	cmd.Stdin = strings.NewReader(data)
	out, err := cmd.Output()
	require.NoError(t, err)
	var files []map[string]any
	require.NoError(t, json.Unmarshal(out, &files))
	require.Len(t, files, 1)
	var names []string
	for name := range files[0] {
		if name != "SourceFile" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func isRed(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r > 0xe000 && g < 0x2000 && b < 0x2000
}

// fetch returns the picture at an address.
func (s *session) fetch(t *testing.T, address any) string {
	t.Helper()
	text, _ := address.(string)
	u, err := url.Parse(text)
	require.NoError(t, err)
	a := s.send(t, request{method: "GET", path: u.Path})
	require.Equal(t, 200, a.status, address)
	return a.body
}

// animation makes a GIF that is red at first, and then of other colors.
func animation(t *testing.T) string {
	t.Helper()
	var g gif.GIF
	for _, c := range []color.Color{color.RGBA{255, 0, 0, 255}, color.Black, color.White} {
		frame := image.NewPaletted(image.Rect(0, 0, 60, 40), palette.WebSafe)
		draw.Draw(frame, frame.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 10)
	}
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &g))
	return b.String()
}

// TestAnimation uploads GIFs that move. Each has a still of its own, and both
// are gone when the picture is deleted.
func TestAnimation(t *testing.T) {
	s := startSession(t, t.TempDir(), "")
	a := s.patch(t, "/api/v1/profile", "multipart",
		file("avatar", animation(t), "image/gif"),
		file("header", animation(t), "image/gif"),
	)
	require.Equal(t, 200, a.status, a.body)
	for kind, size := range map[string]image.Point{"avatar": {400, 400}, "header": {60, 40}} {
		p := s.profile(t)
		moving, err := gif.DecodeAll(strings.NewReader(s.fetch(t, p[kind])))
		require.NoError(t, err)
		assert.Len(t, moving.Image, 3)
		assert.Equal(t, size, image.Pt(moving.Config.Width, moving.Config.Height))
		still, format, err := image.Decode(strings.NewReader(s.fetch(t, p[kind+"_static"])))
		require.NoError(t, err)
		assert.Equal(t, "png", format)
		assert.Equal(t, size, still.Bounds().Size())
		assert.True(t, isRed(still.At(5, 5)), "it is the first frame")
	}
	assert.Len(t, s.files(t), 4)
	for i, kind := range []string{"avatar", "header"} {
		a := s.send(t, request{
			method:        "DELETE",
			path:          "/api/v1/profile/" + kind,
			authorization: "Bearer " + s.token,
		})
		require.Equal(t, 200, a.status, a.body)
		assert.Len(t, s.files(t), 2-2*i)
	}
}

// TestReducedMotion opens the page in a real browser. Where motion is unwanted
// it shows the still and not the animation, and else the animation.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	s := startShowcase(t)
	a := s.patch(t, "/api/v1/profile", "multipart", file("avatar", animation(t), "image/gif"))
	require.Equal(t, 200, a.status, a.body)
	p := a.object(t)
	for _, tt := range []struct {
		name  string
		still bool
		want  any
	}{
		{name: "motion", want: p["avatar"]},
		{name: "no motion", still: true, want: p["avatar_static"]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tab := newTab(t, browser, screen{still: tt.still})
			do(t, tab, chromedp.Navigate(s.base+"/@demo"))
			assert.Equal(t, tt.want, eval[string](t, tab, `document.querySelector(".avatar img").currentSrc`))
		})
	}
}
