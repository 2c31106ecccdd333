package pictures

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// The markers of JPEG segments that matter here.
const (
	markSOF0 = 0xC0
	markDHT  = 0xC4
	markJPG  = 0xC8
	markDAC  = 0xCC
	markRST0 = 0xD0
	markRST7 = 0xD7
	markEOI  = 0xD9
	markSOS  = 0xDA
	markDQT  = 0xDB
	markDRI  = 0xDD
	markAPP0 = 0xE0
	markAPP1 = 0xE1
	markAPP2 = 0xE2
	markAPPE = 0xEE
	markTEM  = 0x01
)

// maxScans is the most scans of a JPEG file. Common ones have at most a dozen.
// Each may go through the whole picture and take only a few bytes for it.
const maxScans = 100

var errScans = errors.New("too many scans")

// jpegReader reads the segments of a JPEG file.
type jpegReader struct {
	pic      *picture
	body     []byte   // the segments that are kept
	jfif     bool     // there is a JFIF header
	exif     bool     // there was EXIF data
	profile  [][]byte // the parts of the ICC profile
	scans    int
	channels int
}

// readJPEG reads a JPEG file, which begins with a start marker.
func readJPEG(data []byte) (*picture, error) {
	r := jpegReader{pic: &picture{format: "jpeg", frames: 1, orientation: upright}}
	r.body = make([]byte, 0, len(data))
	rest := data[2:]
	for {
		// What stands between two segments is skipped, as decoders do.
		start := bytes.IndexByte(rest, 0xFF)
		if start < 0 {
			return nil, errTruncated
		}
		for start < len(rest) && rest[start] == 0xFF {
			start++
		}
		if start == len(rest) {
			return nil, errTruncated
		}
		marker := rest[start]
		rest = rest[start+1:]
		if marker == markEOI {
			return r.finish(), nil
		}
		if marker == 0 || marker == markTEM || markRST0 <= marker && marker < markEOI {
			continue
		}
		if len(rest) < 2 {
			return nil, errTruncated
		}
		n := int(binary.BigEndian.Uint16(rest))
		if n < 2 {
			return nil, errFormat
		}
		if n > len(rest) {
			return nil, errTruncated
		}
		if err := r.segment(marker, rest[2:n]); err != nil {
			return nil, err
		}
		rest = rest[n:]
		if marker == markSOS {
			n := scanLength(rest)
			r.body = append(r.body, rest[:n]...)
			rest = rest[n:]
		}
	}
}

// scanLength returns the length of the compressed pixels that data begin with.
func scanLength(data []byte) int {
	for i := 0; ; i += 2 {
		n := bytes.IndexByte(data[i:], 0xFF)
		if n < 0 || i+n+1 == len(data) {
			return len(data)
		}
		i += n
		if next := data[i+1]; next != 0 && (next < markRST0 || markRST7 < next) {
			return i
		}
	}
}

// segment keeps a segment of which content is what follows its length, or reads
// it.
func (r *jpegReader) segment(marker byte, content []byte) error {
	switch marker {
	case markAPP0:
		r.jfif = r.jfif || bytes.HasPrefix(content, []byte("JFIF\x00"))
		return nil
	case markAPP1:
		if tiff, ok := bytes.CutPrefix(content, []byte("Exif\x00\x00")); ok && !r.exif {
			r.exif = true
			r.pic.orientation = readOrientation(tiff)
		}
		return nil
	case markAPP2:
		if part, ok := bytes.CutPrefix(content, []byte(jpegProfile)); ok && len(part) > 2 {
			r.profile = append(r.profile, part)
		}
		return nil
	case markAPPE:
		// It says how colors were transformed.
		if !bytes.HasPrefix(content, []byte("Adobe")) || len(content) < 12 {
			return nil
		}
		content = content[:12]
	case markSOS:
		if r.scans++; r.scans > maxScans {
			return errScans
		}
	case markDHT, markDQT, markDRI:
	default:
		if marker < markSOF0 || marker >= markRST0 || marker == markJPG || marker == markDAC {
			return nil
		}
		if err := r.frame(content); err != nil {
			return err
		}
	}
	r.body = appendSegment(r.body, marker, content)
	return nil
}

// frame reads the size of the picture.
func (r *jpegReader) frame(content []byte) error {
	if len(content) < 6 || r.pic.width != 0 {
		return errFormat
	}
	r.pic.height = int(binary.BigEndian.Uint16(content[1:]))
	r.pic.width = int(binary.BigEndian.Uint16(content[3:]))
	r.channels = int(content[5])
	r.pic.gray = r.channels == 1
	return nil
}

// finish puts the file together.
func (r *jpegReader) finish() *picture {
	space := "RGB "
	switch r.channels {
	case 1:
		space = "GRAY"
	case 4:
		space = "CMYK"
	}
	profile := checkProfile(joinJPEGProfile(r.profile), space)
	clean := []byte("\xff\xd8")
	if r.jfif {
		clean = append(clean, "\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"...)
	}
	clean = appendJPEGProfile(clean, profile)
	clean = append(clean, r.body...)
	r.pic.clean = append(clean, 0xFF, markEOI)
	if space != "CMYK" {
		r.pic.profile = profile
	}
	return r.pic
}

// appendSegment appends a segment of at most 65,533 bytes.
func appendSegment(dst []byte, marker byte, content []byte) []byte {
	dst = append(dst, 0xFF, marker)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(content)+2))
	return append(dst, content...)
}

// jpegProfile introduces a part of an ICC profile. The number of the part and
// the number of parts follow.
const jpegProfile = "ICC_PROFILE\x00"

// joinJPEGProfile joins the parts of a profile in the order of their numbers.
func joinJPEGProfile(parts [][]byte) []byte {
	slices.SortStableFunc(parts, func(a, b []byte) int { return int(a[0]) - int(b[0]) })
	var profile []byte
	for _, part := range parts {
		profile = append(profile, part[2:]...)
	}
	return profile
}

// appendJPEGProfile appends the segments of a profile.
func appendJPEGProfile(dst, profile []byte) []byte {
	const most = 65533 - len(jpegProfile) - 2
	parts := slices.Collect(slices.Chunk(profile, most))
	for i, part := range parts {
		content := append([]byte(jpegProfile), byte(i+1), byte(len(parts)))
		dst = appendSegment(dst, markAPP2, append(content, part...))
	}
	return dst
}
