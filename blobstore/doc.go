// Package blobstore keeps pictures in a bucket: it is a [masto.MediaStore] on
// gocloud.dev/blob, for S3 and what speaks its protocol, Google Cloud Storage,
// Azure Blob Storage, a folder, or memory.
//
// [Open] takes the address of a bucket. The package imports no driver, so that
// a program builds only the SDK that it needs: it imports the driver of the
// bucket's scheme itself.
//
//	import _ "gocloud.dev/blob/s3blob"    // s3://bucket?region=eu-central-1
//	import _ "gocloud.dev/blob/gcsblob"   // gs://bucket
//	import _ "gocloud.dev/blob/azureblob" // azblob://container
//	import _ "gocloud.dev/blob/fileblob"  // file:///folder
//	import _ "gocloud.dev/blob/memblob"   // mem://
//
// The documentation of the drivers lists what may follow the question mark,
// such as an endpoint. All take a prefix: s3://bucket?prefix=pictures/. The
// drivers of clouds find credentials where their SDKs do, such as in
// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
//
// A picture is an object with a random name. It is written once and never
// changed, so it may be cached forever, as its Cache-Control says. Its key is
//
//	109876543210987654-avatar-DJBZTTQFNPZ5MTWJUJBTZQPGTY.png
//
// where the first number is the account's id: see [media.FileName]. So
// [media.Sweep] can remove the pictures that no account names, and the pictures
// of one account have a prefix in common. The address of a picture is a base
// address followed by that key. Behind it is the bucket itself or a cache where
// anybody may read them, or a server that calls [Store.Open].
package blobstore
