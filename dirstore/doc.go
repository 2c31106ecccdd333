// Package dirstore keeps pictures in a folder: a [masto.MediaStore] for one machine, or for several that share a disk.
//
// A picture is a file with a random name that is written once and never changed, so it may be cached for ever. Its path is
//
//	3f/3f9a4c0d5b6e718293a4b5c6d7e8f901.png
//
// below the folder, and its address the base address with that path. Any web server may serve the folder; in Go, [Store.FS] shows the
// pictures and nothing else. Whoever serves them should send X-Content-Type-Options: nosniff, since users chose their content.
package dirstore
