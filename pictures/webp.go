package pictures

import (
	"encoding/binary"
	"image"
)

// webpReader reads the chunks of a WebP file.
type webpReader struct {
	pic      *picture
	extended []byte // the content of VP8X
	frame    webpFrame
	body     []byte // the chunks that are kept, but for VP8X and ICCP
	profile  []byte
}

// webpFrame is the compressed pixels of a picture or of a frame.
type webpFrame struct {
	alpha  []byte // the content of ALPH, or nil
	name   string // "VP8 " or "VP8L"; "" before it was found
	pixels []byte
}

// The bits of the first byte of VP8X.
const (
	webpAnimation = 1 << 1
	webpAlpha     = 1 << 4
	webpProfile   = 1 << 5
)

// readWebP reads a WebP file.
func readWebP(data []byte) (*picture, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" {
		return nil, errFormat
	}
	size := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	if size > int64(len(data)) {
		return nil, errTruncated
	}
	if size < 12 {
		return nil, errFormat
	}
	r := webpReader{pic: &picture{format: "webp", orientation: upright}}
	for rest := data[12:size]; len(rest) > 0; {
		name, content, after, err := nextRIFF(rest)
		if err != nil {
			return nil, err
		}
		if err := r.chunk(name, content); err != nil {
			return nil, err
		}
		rest = after
	}
	return r.finish()
}

// nextRIFF splits off the first chunk.
func nextRIFF(data []byte) (name string, content, rest []byte, err error) {
	if len(data) < 8 {
		return "", nil, nil, errTruncated
	}
	n := int64(binary.LittleEndian.Uint32(data[4:]))
	if n > int64(len(data)-8) {
		return "", nil, nil, errTruncated
	}
	// A chunk of odd length is padded. At the end some programs forget it.
	end := min(n+n%2+8, int64(len(data)))
	return string(data[:4]), data[8 : 8+n], data[end:], nil
}

// chunk keeps a chunk or reads it.
func (r *webpReader) chunk(name string, content []byte) error {
	switch name {
	case "VP8X":
		if len(content) < 10 || r.extended != nil {
			return errFormat
		}
		r.extended = content[:10]
		r.pic.width, r.pic.height = uint24(content[4:])+1, uint24(content[7:])+1
	case "ICCP":
		r.profile = content
	case "EXIF":
		r.pic.orientation = readOrientation(trimEXIF(content))
	case "ANIM":
		if len(content) < 6 {
			return errFormat
		}
		r.body = appendRIFF(r.body, name, content[:6])
	case "ANMF":
		return r.animationFrame(content)
	case "ALPH", "VP8 ", "VP8L":
		return r.frame.chunk(name, content)
	}
	return nil
}

// trimEXIF cuts the prefix that EXIF data have in JPEG, and with some programs
// here.
func trimEXIF(content []byte) []byte {
	if len(content) > 6 && string(content[:6]) == "Exif\x00\x00" {
		return content[6:]
	}
	return content
}

// animationFrame keeps a frame of an animation, and nothing of it but pixels.
func (r *webpReader) animationFrame(content []byte) error {
	const header = 16
	if len(content) < header {
		return errFormat
	}
	var f webpFrame
	for rest := content[header:]; len(rest) > 0; {
		name, inner, after, err := nextRIFF(rest)
		if err != nil {
			return err
		}
		if err := f.chunk(name, inner); err != nil {
			return err
		}
		rest = after
	}
	at := image.Pt(2*uint24(content), 2*uint24(content[3:]))
	size := image.Pt(uint24(content[6:])+1, uint24(content[9:])+1)
	if f.size() != size || at.X+size.X > r.pic.width || at.Y+size.Y > r.pic.height {
		return errFormat
	}
	if r.pic.frames++; r.pic.frames == 1 {
		r.frame = f
		r.pic.stillAt = at
	}
	r.body = appendRIFF(r.body, "ANMF", f.append(content[:header:header]))
	return nil
}

// chunk reads a chunk of pixels. Others are left out.
func (f *webpFrame) chunk(name string, content []byte) error {
	switch name {
	case "ALPH":
		f.alpha = content
	case "VP8 ", "VP8L":
		if f.name != "" {
			return errFormat
		}
		f.name, f.pixels = name, content
	}
	return nil
}

// size reads the size in the pixels' own header; it is 0 by 0 where there is
// none.
func (f *webpFrame) size() image.Point {
	switch b := f.pixels; {
	case f.name == "VP8 " && len(b) >= 10:
		const mask = 1<<14 - 1
		return image.Pt(
			int(binary.LittleEndian.Uint16(b[6:]))&mask,
			int(binary.LittleEndian.Uint16(b[8:]))&mask,
		)
	case f.name == "VP8L" && len(b) >= 5:
		const mask = 1<<14 - 1
		bits := binary.LittleEndian.Uint32(b[1:])
		return image.Pt(int(bits&mask)+1, int(bits>>14&mask)+1)
	}
	return image.Point{}
}

// append appends the chunks of f.
func (f *webpFrame) append(dst []byte) []byte {
	if f.alpha != nil && f.name == "VP8 " {
		dst = appendRIFF(dst, "ALPH", f.alpha)
	}
	return appendRIFF(dst, f.name, f.pixels)
}

// file makes a file of f.
func (f *webpFrame) file() []byte {
	var body []byte
	if f.alpha != nil && f.name == "VP8 " {
		size := f.size()
		extended := putUint24(putUint24([]byte{webpAlpha, 0, 0, 0}, size.X-1), size.Y-1)
		body = appendRIFF(body, "VP8X", extended)
	}
	return webpFile(f.append(body))
}

// finish puts the file together.
func (r *webpReader) finish() (*picture, error) {
	p := r.pic
	size := r.frame.size()
	animated := r.extended != nil && r.extended[0]&webpAnimation != 0
	if !animated {
		if r.extended != nil && size != image.Pt(p.width, p.height) {
			return nil, errFormat
		}
		p.frames, p.width, p.height = 1, size.X, size.Y
		p.stillAt = image.Point{}
		r.body = r.frame.append(nil)
	}
	if size == (image.Point{}) {
		return nil, errEmpty
	}
	p.stillSize = size
	p.profile = checkProfile(r.profile, "RGB ")
	p.lossyWebP = r.frame.name == "VP8 "
	p.still = r.frame.file()
	var body []byte
	if r.extended != nil {
		extended := append([]byte{r.extended[0] & (webpAnimation | webpAlpha), 0, 0, 0}, r.extended[4:]...)
		if p.profile != nil {
			extended[0] |= webpProfile
		}
		body = appendRIFF(body, "VP8X", extended)
		if p.profile != nil {
			body = appendRIFF(body, "ICCP", p.profile)
		}
	}
	p.clean = webpFile(append(body, r.body...))
	return p, nil
}

// webpFile makes a file of chunks.
func webpFile(chunks []byte) []byte {
	return appendRIFF(nil, "RIFF", append([]byte("WEBP"), chunks...))
}

// appendRIFF appends a chunk.
func appendRIFF(dst []byte, name string, content []byte) []byte {
	dst = append(dst, name...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(content)))
	dst = append(dst, content...)
	if len(content)%2 == 1 {
		dst = append(dst, 0)
	}
	return dst
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func putUint24(dst []byte, n int) []byte { return append(dst, byte(n), byte(n>>8), byte(n>>16)) }
