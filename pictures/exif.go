package pictures

import "encoding/binary"

// orientation is the value of EXIF's tag of that name, from 1 to 8: how pixels
// are to be turned and mirrored to stand upright.
type orientation uint8

// upright is the orientation of pixels that need no turning.
const upright orientation = 1

// swapsSides reports whether width and height change places.
func (o orientation) swapsSides() bool { return o >= 5 }

// readOrientation reads the orientation from EXIF data, which are a TIFF file
// without pictures. It is upright where they do not say.
func readOrientation(tiff []byte) orientation {
	const (
		tagOrientation = 0x0112
		typeShort      = 3
		entrySize      = 12
	)
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := order.Uint16(entries[8:]); 1 <= o && o <= 8 {
				return orientation(o)
			}
		}
		entries = entries[entrySize:]
	}
	return upright
}
