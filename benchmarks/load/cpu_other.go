//go:build !unix

package main

import "time"

// cpuTime returns 0, since it is not known how much processor time this program
// has used.
func cpuTime() time.Duration { return 0 }
