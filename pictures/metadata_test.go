package pictures_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// groups returns the groups of metadata that exiftool finds in a file.
func groups(t *testing.T, name string, file []byte) map[string]map[string]any {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, dir, name, file)
	var found []map[string]any
	out := run(t, dir, tool(t, "exiftool"), "-json", "-g1", name)
	require.NoError(t, json.Unmarshal([]byte(out), &found))
	all := make(map[string]map[string]any)
	for group, tags := range found[0] {
		if tags, ok := tags.(map[string]any); ok {
			all[group] = tags
		}
	}
	return all
}

// harmless are the groups of exiftool that say what a picture needs to be
// shown, and nothing else.
var harmless = map[string]bool{
	"ExifTool": true, "System": true, "File": true, "Composite": true,
	"JFIF": true, "Adobe": true, "PNG": true, "GIF": true, "RIFF": true, "ICC_Profile": true, "ICC-header": true,
	"ICC-view": true, "ICC-meas": true, "PNG-pHYs": true,
}

// What a file says about its owner is gone, whether it is scaled or not; what
// follows its end, too.
func TestMetadata(t *testing.T) {
	exiftool := tool(t, "exiftool")
	for _, name := range []string{"in.jpg", "out.png", "in.gif", "in.webp"} {
		for size, from := range map[string]image.Image{"scaled": scene(600, 400), "kept": scene(60, 40)} {
			t.Run(filepath.Ext(name)+"/"+size, func(t *testing.T) {
				dir := t.TempDir()
				writeFile(t, dir, "in.png", encodePNG(t, from))
				magick(t, dir, name)
				args := []string{"-q", "-overwrite_original", "-XMP:Creator=secret", "-XMP:GPSLatitude=48.2"}
				if name != "in.gif" {
					args = append(args, "-EXIF:Artist=secret", "-GPSLatitude=48.2", "-GPSLatitudeRef=N")
				}
				if name != "in.webp" {
					args = append(args, "-Comment=secret")
				}
				if name == "in.jpg" {
					args = append(args, "-IPTC:By-line=secret")
				}
				run(t, dir, exiftool, append(args, name)...)
				upload := readFile(t, dir, name)
				require.Contains(t, string(upload), "secret")

				main, _, err := small.Prepare(t.Context(), "header", append(upload, "secret video"...))
				require.NoError(t, err)
				assert.NotContains(t, string(main), "secret")
				for group, tags := range groups(t, "main", main) {
					assert.True(t, harmless[group], "%s: %v", group, tags)
				}
			})
		}
	}
}

// iccProfile makes a profile that says nothing.
func iccProfile(space string, size int) []byte {
	p := make([]byte, size)
	binary.BigEndian.PutUint32(p, uint32(size))
	copy(p[8:], "\x04\x30\x00\x00mntr"+space+"XYZ ")
	copy(p[36:], "acsp")
	copy(p[128:], "\x00\x00\x00\x00")
	return p
}

// A profile is kept if it fits the pixels, in whichever format they are
// written.
func TestProfile(t *testing.T) {
	tests := []struct {
		name    string
		file    string
		args    []string
		profile []byte
		kept    bool
	}{
		{"JPEG", "in.jpg", nil, iccProfile("RGB ", 600), true},
		{"JPEG, in several parts", "in.jpg", nil, iccProfile("RGB ", 200_000), true},
		{"JPEG in gray", "in.jpg", []string{"-colorspace", "Gray"}, iccProfile("GRAY", 600), true},
		{"JPEG with one of gray", "in.jpg", nil, iccProfile("GRAY", 600), false},
		{"JPEG in CMYK", "in.jpg", []string{"-colorspace", "CMYK"}, iccProfile("CMYK", 600), false},
		{"JPEG with one that is too large", "in.jpg", nil, iccProfile("RGB ", 1<<20+4), false},
		{"PNG", "out.png", nil, iccProfile("RGB ", 600), true},
		{"PNG in gray", "out.png", []string{"-colorspace", "Gray"}, iccProfile("GRAY", 600), true},
		{"lossy WebP", "in.webp", nil, iccProfile("RGB ", 600), true},
		{"lossless WebP", "in.webp", []string{"-define", "webp:lossless=true"}, iccProfile("RGB ", 600), true},
	}
	exiftool := tool(t, "exiftool")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			writeFile(t, dir, "in.png", encodePNG(t, scene(600, 400)))
			magick(t, dir, tt.file, append(tt.args, "-strip")...)
			writeFile(t, dir, "p.icc", tt.profile)
			run(t, dir, exiftool, "-q", "-m", "-overwrite_original", "-ICC_Profile<=p.icc", tt.file)
			main, _, err := small.Prepare(t.Context(), "avatar", readFile(t, dir, tt.file))
			require.NoError(t, err)
			writeFile(t, dir, "main", main)
			got := run(t, dir, exiftool, "-b", "-ICC_Profile", "main")
			if tt.kept {
				assert.True(t, got == string(tt.profile), "%d bytes of %d", len(got), len(tt.profile))
			} else {
				assert.Empty(t, got)
			}
			_ = pixels(t, main)
		})
	}
}

// The chunks for colors stay in a PNG file that is scaled.
func TestPNGColors(t *testing.T) {
	file := encodePNG(t, scene(60, 40))
	gamma := chunk(nil, "gAMA", []byte{0, 0, 0xB1, 0x8F})
	main, _, err := small.Prepare(t.Context(), "avatar", append(append(bytes.Clone(file[:33]), gamma...), file[33:]...))
	require.NoError(t, err)
	assert.Equal(t, 33, strings.Index(string(main), string(gamma)))
}
