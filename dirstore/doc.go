// Package dirstore keeps pictures in a folder: it is a [masto.MediaStore] for
// one machine, or for several that share a disk.
//
// A picture is a file with a random name. It is written once and never changed,
// so it may be cached forever. Its path below the folder is
//
//	dj/109876543210987654-avatar-DJBZTTQFNPZ5MTWJUJBTZQPGTY.png
//
// where the first number is the account's id: see [media.FileName]. So
// [media.Sweep] can remove the pictures that no account names. Files that an
// earlier version named, such as 3f/3f9a4c0d5b6e718293a4b5c6d7e8f901.png, are
// served and deleted as before. Their names do not say whose they are: Sweep
// keeps them and counts them as unknown.
//
// and its address is the base address followed by that path. Any web server can
// serve the folder; in Go, [Store.FS] serves the pictures and nothing else.
// Whatever serves them should send X-Content-Type-Options: nosniff, since users
// chose their content.
package dirstore
