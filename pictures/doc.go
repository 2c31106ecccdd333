// Package pictures prepares the avatars and headers that users upload: it
// checks them, turns them upright, scales them, takes out what they say about
// their owner, and makes a still variant of those that move.
//
// [Prepare] does so with the sizes of Mastodon, and fits
// masto.Service.Picture; the methods of a [Preparer] have limits and sizes of
// your choice. The package is in several files:
//
//	pictures.go  Preparer, Prepare: limits, what is done with which picture
//	file.go      what a file says about itself, read without decoding pixels
//	jpeg.go      the segments of a JPEG file, and its orientation (exif.go)
//	png.go       the chunks of a PNG file, animated or not
//	gif.go       the blocks of a GIF file
//	webp.go      the chunks of a WebP file, animated or not
//	icc.go       color profiles
//	decode.go    pixels of a still picture
//	scale.go     cropping, scaling, turning
//	animate.go   frames of an animated GIF, and quantize.go their colors
//
// # What becomes of a picture
//
// Pictures are recognized by their content: JPEG, PNG, GIF and WebP. The
// number of pixels and of frames is read from the headers, so that refusing a
// picture of 100,000 by 100,000 pixels costs nothing.
//
// An avatar becomes a square of 400 by 400 pixels, cut from the middle; a
// smaller one is enlarged. A header is scaled down to at most 750,000 pixels;
// its aspect stays, and a smaller one keeps its size. A picture that has the
// right size and stands upright keeps its pixels exactly as they are.
//
//	upload           main                                            still
//	JPEG             JPEG                                            none
//	PNG, one frame   PNG                                             none
//	GIF, one frame   PNG, or the same GIF if it has the right size   none
//	WebP, one frame  JPEG if it is lossy without transparency, else
//	                 PNG; or the same WebP if it has the right size  none
//	animated GIF     GIF, every frame scaled                         PNG
//	animated PNG     the same                                        PNG
//	animated WebP    the same                                        PNG
//
// The still variant is the first frame, cut and scaled like a picture that
// does not move. There is no encoder for WebP in Go, and none for animated
// PNG, so animations of these kinds keep their size. Of an animated PNG or
// WebP only the first frame is decoded; the rest is checked for its structure.
//
// EXIF, XMP, IPTC, comments, text, dates, thumbnails and whatever is not
// needed to show a picture are removed, the place where it was taken among
// them. The orientation that EXIF asks for is applied before, but to
// animations, where programs do not agree on it. What follows the end of a
// picture, such as the video and the depth map that phones append, is dropped.
//
// An ICC profile is kept and colors are not converted to sRGB, since browsers
// show a profile's colors right. Without a use for it, a profile is dropped:
// one of CMYK, which becomes RGB without it, and one that is damaged or has
// more than 1 MiB. PNG's own color chunks stay in a PNG file. 16 bits per
// channel become 8 where a picture is scaled.
//
// # What it costs
//
// A Preparer works on two pictures at once unless told otherwise; others wait.
// Memory for each is what the largest picture that is accepted needs, which is
// up to 4 bytes per pixel, 8 for a PNG of 16 bits, 15 for a progressive JPEG
// in color and 20 for one in CMYK: at most 700 MB at 33,177,600 pixels. An
// animation is handled frame by frame. The end of ctx is noticed while a
// picture is read, between two rows and between two frames. What runs to its
// end is the transformation of a lossy WebP or progressive JPEG picture into
// pixels, and the last step of scaling, which is given at most nine times the
// pixels that it makes.
//
// Time and peak memory beside ImageMagick 6, each in a process of its own, are
// printed by
//
//	go test -run '^$' -bench Peers -benchtime 3x ./pictures
//
// which said, for avatars on one machine that had other work to do:
//
//	upload                            masto              ImageMagick
//	photo of 12 megapixels            0.6 s,  57 MB      0.5 s, 116 MB
//	the same as a progressive JPEG    0.9 s, 195 MB      0.6 s, 172 MB
//	GIF of 8 MB, 60 frames            4.4 s, 106 MB     14.2 s, 330 MB
//
// Times are those of the processor, memory is that of the whole process.
package pictures
