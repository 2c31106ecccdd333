package pictures

import (
	"bytes"
	"encoding/binary"
	"image"
)

// The bytes that introduce the blocks of a GIF file, and the labels of its
// extensions.
const (
	gifExtension   = 0x21
	gifImage       = 0x2C
	gifTrailer     = 0x3B
	gifControl     = 0xF9
	gifText        = 0x01
	gifApplication = 0xFF
)

// gifFile is the blocks of a GIF file.
type gifFile struct {
	colors []byte // the screen's flags, background and aspect; the global colors
	loop   []byte // the extension that makes it repeat, or nil
	frames []gifFrame
}

// gifFrame is the blocks of a frame.
type gifFrame struct {
	control []byte // the graphic control extension, or nil
	image   []byte // the image descriptor, colors and compressed pixels
}

// The ways in which a frame is taken away before the next one is painted.
// Others do nothing.
const (
	disposeBackground = 2
	disposePrevious   = 3
)

// disposal returns how the frame is taken away.
func (f *gifFrame) disposal() byte {
	if f.control == nil {
		return 0
	}
	return f.control[3] >> 2 & 7
}

// delay returns how long the frame is shown, in hundredths of a second.
func (f *gifFrame) delay() int {
	if f.control == nil {
		return 0
	}
	return uint16At(f.control[4:])
}

// bounds returns the part of the screen that the frame covers.
func (f *gifFrame) bounds() image.Rectangle {
	at := image.Pt(uint16At(f.image[1:]), uint16At(f.image[3:]))
	size := image.Pt(uint16At(f.image[5:]), uint16At(f.image[7:]))
	return image.Rectangle{at, at.Add(size)}
}

// uint16At reads a number, the low byte first.
func uint16At(b []byte) int { return int(binary.LittleEndian.Uint16(b)) }

// readGIF reads a GIF file. The picture is as large as the screen and all
// frames together, since some programs write a screen that is too small.
func readGIF(data []byte) (*picture, error) {
	const header, screen = 6, 7
	if len(data) < header+screen {
		return nil, errTruncated
	}
	g := &gifFile{}
	size := image.Rect(0, 0, uint16At(data[6:]), uint16At(data[8:]))
	n := screen + gifColors(data[10])
	if n > len(data)-header {
		return nil, errTruncated
	}
	g.colors = data[10 : header+n]
	if err := g.blocks(data[header+n:]); err != nil {
		return nil, err
	}
	for _, f := range g.frames {
		if f.bounds().Empty() {
			return nil, errFormat
		}
		size = size.Union(f.bounds())
	}
	if size.Dx() > 1<<16-1 || size.Dy() > 1<<16-1 {
		return nil, errFormat
	}
	return &picture{
		format: "gif", width: size.Dx(), height: size.Dy(), frames: len(g.frames), orientation: upright,
		clean: g.file(size.Size(), g.frames), gif: g,
	}, nil
}

// gifColors returns the length in bytes of the colors that flags announce.
func gifColors(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// blocks reads everything after the global colors.
func (g *gifFile) blocks(rest []byte) error {
	var control []byte
	for len(rest) > 0 {
		var n int
		var err error
		switch rest[0] {
		case gifTrailer:
			return nil
		case gifImage:
			if n, err = imageLength(rest); err != nil {
				return err
			}
			g.frames = append(g.frames, gifFrame{control, rest[:n]})
			control = nil
		case gifExtension:
			if n, err = subBlocks(rest, 2); err != nil {
				return err
			}
			switch extension := rest[:n]; {
			case extension[1] == gifControl && n == 8 && extension[2] == 4:
				control = extension
			case extension[1] == gifText:
				control = nil // it was that of the text
			case extension[1] == gifApplication && isLoop(extension):
				g.loop = extension[:19]
			}
		default:
			return errFormat
		}
		rest = rest[n:]
	}
	return errTruncated
}

// isLoop reports whether an application extension says how often an animation
// repeats.
func isLoop(extension []byte) bool {
	return len(extension) == 19 && extension[15] == 1 && extension[14] == 3 && extension[18] == 0 &&
		(bytes.Equal(extension[3:14], []byte("NETSCAPE2.0")) || bytes.Equal(extension[3:14], []byte("ANIMEXTS1.0")))
}

// imageLength returns the length of the blocks of a frame.
func imageLength(data []byte) (int, error) {
	const descriptor = 10
	if len(data) < descriptor {
		return 0, errTruncated
	}
	return subBlocks(data, descriptor+gifColors(data[9])+1)
}

// subBlocks returns where the sub-blocks that begin at start end.
func subBlocks(data []byte, start int) (int, error) {
	for start < len(data) {
		n := int(data[start])
		start += n + 1
		if n == 0 {
			return start, nil
		}
	}
	return 0, errTruncated
}

// file makes a file of frames.
func (g *gifFile) file(size image.Point, frames []gifFrame) []byte {
	b := []byte("GIF89a")
	b = binary.LittleEndian.AppendUint16(b, uint16(size.X))
	b = binary.LittleEndian.AppendUint16(b, uint16(size.Y))
	b = append(b, g.colors...)
	b = append(b, g.loop...)
	for _, f := range frames {
		b = append(append(b, f.control...), f.image...)
	}
	return append(b, gifTrailer)
}
