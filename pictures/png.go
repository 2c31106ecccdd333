package pictures

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"io"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngReader reads the chunks of a PNG file.
type pngReader struct {
	pic      *picture
	kept     []pngChunk // what is needed to show the picture
	pixels   bool       // there was an IDAT
	animated bool       // there was an acTL
	first    pngFirst
}

// pngChunk is a chunk by its name.
type pngChunk struct {
	name string
	data []byte
}

// pngFirst is the first frame of an animation.
type pngFirst struct {
	control []byte   // what its fcTL says of it
	parts   [][]byte // its pixels, compressed
	isMain  bool     // they are those of the picture itself
}

// readPNG reads a PNG file, which begins with the signature.
func readPNG(data []byte) (*picture, error) {
	r := pngReader{pic: &picture{format: "png", orientation: upright}}
	rest := data[len(pngSignature):]
	for {
		if len(rest) < 12 {
			return nil, errTruncated
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest)-12) {
			return nil, errTruncated
		}
		c := pngChunk{string(rest[4:8]), rest[8 : 8+n]}
		if binary.BigEndian.Uint32(rest[8+n:]) != crc32.ChecksumIEEE(rest[4:8+n]) {
			return nil, errFormat
		}
		rest = rest[12+n:]
		if c.name == "IEND" {
			return r.finish()
		}
		if err := r.chunk(c); err != nil {
			return nil, err
		}
	}
}

// chunk keeps a chunk or reads it. All that is not needed to show the picture
// is left out: text, dates, EXIF, chunks of programs.
func (r *pngReader) chunk(c pngChunk) error {
	if (c.name == "IHDR") != (r.pic.width == 0) {
		return errFormat
	}
	switch c.name {
	case "IHDR":
		return r.header(c)
	case "IDAT":
		r.pixels = true
		if r.first.isMain {
			r.first.parts = append(r.first.parts, c.data)
		}
	case "PLTE", "tRNS":
	case "gAMA", "cHRM", "sRGB", "cICP":
		r.pic.pngColors = appendChunk(r.pic.pngColors, c.name, c.data)
	case "iCCP":
		r.pic.profile = checkProfile(readPNGProfile(c.data), r.space())
		return nil
	case "eXIf":
		r.pic.orientation = readOrientation(bytes.TrimPrefix(c.data, []byte("Exif\x00\x00")))
		return nil
	case "acTL", "fcTL", "fdAT":
		if err := r.animation(c); err != nil {
			return err
		}
	default:
		return nil
	}
	r.kept = append(r.kept, c)
	return nil
}

// The color types of PNG that have no color.
const (
	pngGray      = 0
	pngGrayAlpha = 4
)

// header reads the size.
func (r *pngReader) header(c pngChunk) error {
	if len(c.data) != 13 {
		return errFormat
	}
	r.pic.width, r.pic.height = pngSize(c.data)
	r.pic.gray = c.data[9] == pngGray || c.data[9] == pngGrayAlpha
	r.kept = append(r.kept, c)
	if r.pic.width <= 0 || r.pic.height <= 0 {
		return errEmpty
	}
	return nil
}

// pngSize reads a width and a height.
func pngSize(b []byte) (width, height int) {
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w > 1<<31-1 || h > 1<<31-1 {
		return 0, 0
	}
	return int(w), int(h)
}

// space is the color space of a profile for these pixels.
func (r *pngReader) space() string {
	if r.pic.gray {
		return "GRAY"
	}
	return "RGB "
}

// animation reads a chunk that an animation is made of.
func (r *pngReader) animation(c pngChunk) error {
	switch c.name {
	case "acTL":
		r.animated = true
	case "fcTL":
		if len(c.data) != 26 {
			return errFormat
		}
		r.pic.frames++
		if r.pic.frames == 1 {
			r.first.control = c.data
			r.first.isMain = !r.pixels
		}
	case "fdAT":
		if len(c.data) < 4 || r.pic.frames == 0 {
			return errFormat
		}
		if r.pic.frames == 1 && !r.first.isMain {
			r.first.parts = append(r.first.parts, c.data[4:])
		}
	}
	return nil
}

// finish puts the file together.
func (r *pngReader) finish() (*picture, error) {
	if r.pic.width == 0 {
		return nil, errFormat
	}
	if !r.animated || r.pic.frames < 2 {
		r.pic.frames = 1
	}
	r.pic.clean = []byte(pngSignature)
	for _, c := range r.kept {
		if r.pic.frames == 1 && (c.name == "acTL" || c.name == "fcTL" || c.name == "fdAT") {
			continue
		}
		r.pic.clean = appendChunk(r.pic.clean, c.name, c.data)
		if c.name == "IHDR" {
			r.pic.clean = appendPNGProfile(r.pic.clean, r.pic.profile)
		}
	}
	r.pic.clean = appendChunk(r.pic.clean, "IEND", nil)
	if r.pic.frames == 1 {
		return r.pic, nil
	}
	return r.pic, r.makeStill()
}

// makeStill makes a file of the first frame.
func (r *pngReader) makeStill() error {
	width, height := pngSize(r.first.control[4:])
	at := r.first.control[12:]
	x, y := int64(binary.BigEndian.Uint32(at)), int64(binary.BigEndian.Uint32(at[4:]))
	if width == 0 || height == 0 ||
		x+int64(width) > int64(r.pic.width) || y+int64(height) > int64(r.pic.height) {
		return errFormat
	}
	r.pic.stillAt, r.pic.stillSize = image.Pt(int(x), int(y)), image.Pt(width, height)
	header := bytes.Clone(r.kept[0].data)
	copy(header, r.first.control[4:12])
	still := appendChunk([]byte(pngSignature), "IHDR", header)
	for _, c := range r.kept {
		if c.name == "PLTE" || c.name == "tRNS" {
			still = appendChunk(still, c.name, c.data)
		}
	}
	for _, part := range r.first.parts {
		still = appendChunk(still, "IDAT", part)
	}
	r.pic.still = appendChunk(still, "IEND", nil)
	return nil
}

// appendChunk appends a chunk with its length and its checksum.
func appendChunk(dst []byte, name string, data []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(data)))
	start := len(dst)
	dst = append(append(dst, name...), data...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:]))
}

// readPNGProfile reads the content of an iCCP chunk: a name that ends with
// NUL, a NUL for the method of compression, and the profile.
func readPNGProfile(data []byte) []byte {
	_, compressed, ok := bytes.Cut(data, []byte{0})
	if !ok || len(compressed) == 0 || compressed[0] != 0 {
		return nil
	}
	r, err := zlib.NewReader(bytes.NewReader(compressed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	if err != nil || len(profile) > maxProfile {
		return nil
	}
	return profile
}

// appendPNGProfile appends the chunk of a profile.
func appendPNGProfile(dst, profile []byte) []byte {
	if profile == nil {
		return dst
	}
	var b bytes.Buffer
	b.WriteString("ICC\x00\x00")
	w := zlib.NewWriter(&b)
	_, _ = w.Write(profile) // a bytes.Buffer takes everything
	_ = w.Close()
	return appendChunk(dst, "iCCP", b.Bytes())
}
