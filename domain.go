package masto

import (
	"slices"
	"strings"
)

// NormalizeAttributionDomains returns domains as they are stored: stripped of
// ASCII white space and NUL at both ends, then without "http://", "https://" and
// "*." at the front, each taken off once and in that order, without blank ones,
// and each once. The case stays. The result is never nil and shares nothing with
// domains.
func NormalizeAttributionDomains(domains []string) []string {
	kept := make([]string, 0, len(domains))
	seen := make(map[string]bool, len(domains))
	for _, d := range domains {
		d = strip(d)
		for _, prefix := range [...]string{"http://", "https://", "*."} {
			d = strings.TrimPrefix(d, prefix)
		}
		if !blank(d) && !seen[d] {
			seen[d] = true
			kept = append(kept, d)
		}
	}
	return slices.Clip(kept)
}
