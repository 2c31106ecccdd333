// Package wire has the JSON accounts of this folder, for mastotest to hand out. index.tsv says what each file is.
package wire

import "embed"

// Files are index.tsv and the samples that it lists.
//
//go:embed index.tsv */*.json
var Files embed.FS
