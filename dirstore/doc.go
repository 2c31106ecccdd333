// Package dirstore keeps pictures in a folder: it is a [masto.MediaStore] for
// one machine, or for several that share a disk.
//
// A picture is a file with a random name. It is written once and never changed,
// so it may be cached forever. Its path below the folder is
//
//	3f/3f9a4c0d5b6e718293a4b5c6d7e8f901.png
//
// and its address is the base address followed by that path. Any web server can
// serve the folder; in Go, [Store.FS] serves the pictures and nothing else.
// Whatever serves them should send X-Content-Type-Options: nosniff, since users
// chose their content.
package dirstore
