package links_test

import _ "embed"

//go:embed testdata/idna2003.jsonl
var idna2003 string
