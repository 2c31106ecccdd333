package pictures_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"testing"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/pictures"
)

// webpPixel is a lossless WebP of one pixel, and webpMoving two frames of it.
const (
	webpPixels = "VP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
	webpPixel  = "RIFF\x1a\x00\x00\x00WEBP" + webpPixels
	webpFrame  = "ANMF\x26\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00" +
		"\x64\x00\x00\x00" + webpPixels
	webpMoving = "RIFF\x80\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x12\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00" + webpFrame + webpFrame
)

// FuzzPrepare shows that nothing panics, and that what comes out is a picture
// of the right size, which is within the limits and has no more to lose.
func FuzzPrepare(f *testing.F) {
	gray := image.NewGray16(image.Rect(0, 0, 5, 3))
	f.Add([]byte(webpPixel))
	f.Add([]byte(webpMoving))
	f.Add(encodePNG(f, scene(6, 4)))
	f.Add(encodePNG(f, fading(6, 4)))
	f.Add(encodePNG(f, gray))
	f.Add(encodeJPEG(f, scene(20, 10)))
	f.Add(encodeJPEG(f, gray))
	f.Add(moving(f, image.Pt(3, 2), 1))
	f.Add(moving(f, image.Pt(3, 2), 3))
	exif := "\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08" +
		"\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	f.Add(append([]byte("\xff\xd8"+exif), encodeJPEG(f, scene(20, 10))[2:]...))
	p := pictures.Preparer{
		MaxPixels: 10_000, MaxAnimationPixels: 50_000, MaxFrames: 20, AvatarSize: 8, HeaderPixels: 60,
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		file = withChecksums(file)
		for _, kind := range []string{"avatar", "header"} {
			main, still, err := p.Prepare(t.Context(), kind, file)
			if err != nil {
				var refused *masto.ValidationError
				if !errors.As(err, &refused) || main != nil || still != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				continue
			}
			again, _, err := p.Prepare(t.Context(), kind, main)
			if err != nil {
				t.Fatalf("%s: what was prepared is refused: %v", kind, err)
			}
			if !bytes.Equal(main, again) {
				t.Fatalf("%s: not the same again", kind)
			}
			if still == nil {
				continue
			}
			if _, more, err := p.Prepare(t.Context(), kind, still); err != nil || more != nil {
				t.Fatalf("%s: still: %v", kind, err)
			}
		}
	})
}

// withChecksums sets the checksums of the chunks of a PNG file, which fuzzing
// would not guess.
func withChecksums(file []byte) []byte {
	if !bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")) {
		return file
	}
	file = bytes.Clone(file)
	for rest := file[8:]; len(rest) >= 12; {
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest)-12) {
			break
		}
		binary.BigEndian.PutUint32(rest[8+n:], crc32.ChecksumIEEE(rest[4:8+n]))
		rest = rest[12+n:]
	}
	return file
}
