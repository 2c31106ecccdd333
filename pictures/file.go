package pictures

import (
	"bytes"
	"errors"
	"image"
)

// picture is what a file says about itself, read without decoding pixels.
type picture struct {
	format        string // jpeg, png, gif or webp
	width, height int    // of the whole, before it is turned
	frames        int
	orientation   orientation
	profile       []byte // an ICC profile, or nil
	// clean is the file without metadata and without what follows its end.
	clean []byte
	// still is a file of the first frame of an animated PNG or WebP, which is
	// at stillAt; its size is stillSize.
	still     []byte
	stillAt   image.Point
	stillSize image.Point
	// gray says that the pixels have no color.
	gray bool
	// pngColors are the chunks that say which colors those of a PNG file are,
	// but for a profile.
	pngColors []byte
	// lossyWebP says that pixels were compressed as VP8.
	lossyWebP bool
	gif       *gifFile
}

// lossy reports whether the picture is of the kind that JPEG is made for.
func (p *picture) lossy() bool { return p.format == "jpeg" || p.lossyWebP }

var (
	errTruncated = errors.New("the file is truncated")
	errFormat    = errors.New("the file is malformed")
)

// read reads what a file says about itself.
func read(data []byte) (*picture, error) {
	p, err := readAny(data)
	switch {
	case err != nil:
		return nil, err
	case p.width <= 0 || p.height <= 0 || p.frames == 0:
		return nil, errEmpty
	}
	return p, nil
}

func readAny(data []byte) (*picture, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		return readJPEG(data)
	case bytes.HasPrefix(data, []byte(pngSignature)):
		return readPNG(data)
	case bytes.HasPrefix(data, []byte("GIF8")):
		return readGIF(data)
	}
	return readWebP(data)
}
