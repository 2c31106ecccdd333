// Package media has what stores of pictures share: file names that say whose a
// picture is, and [Sweep], which removes the pictures that no account names.
//
// A Service stores pictures before a record names them, and removes the ones
// that were replaced afterwards. A process that is killed in between leaves
// pictures behind that nobody will ask for. They do no harm but take space, and
// a server removes them from time to time:
//
//	report, err := media.Sweep(ctx, pictures, accounts, time.Now(), 24*time.Hour)
//
// A [masto.MediaStore] of your own can be swept if it lists its pictures, as
// [masto.MediaLister] says. Where it has no place for the key of a picture, the
// name of the file can carry it: see [FileName].
package media
