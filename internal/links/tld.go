package links

// The table of top-level domains is made from the public suffix list.
//
//go:generate go run ./tldgen tlds.go
