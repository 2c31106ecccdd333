package masto

import (
	"slices"
	"strings"
	"unicode"
)

// Limits are what a server allows in a profile. In each, 0 stands for the value of [DefaultLimits] and a negative number for no limit.
type Limits struct {
	// DisplayName is the most code points of a display name, after stripping.
	DisplayName int
	// Note is the most a bio may count, by [NoteLength].
	Note int
	// Fields is the most rows of the profile's table.
	Fields int
	// FieldName is where the name of a field is cut, silently, when it is shown, in code points.
	FieldName int
	// FieldValue is where the value of a local field is cut, silently, when it is shown, in code points.
	FieldValue int
	// AvatarDescription is the most code points of the avatar's alternative text.
	AvatarDescription int
	// HeaderDescription is the most code points of the banner's alternative text.
	HeaderDescription int
	// AttributionDomains is the most domains that may credit the account.
	AttributionDomains int
	// ImageBytes is the size in bytes that a picture must stay under.
	ImageBytes int64
}

// DefaultLimits returns the limits of the reference implementation: 30 for the display name, 500 for the bio, 4 fields of 255 and
// 255, 150 for the descriptions, 100 attribution domains (the documentation says 10) and pictures under 8 MiB.
func DefaultLimits() Limits {
	return Limits{
		DisplayName: 30, Note: 500, Fields: 4, FieldName: 255, FieldValue: 255,
		AvatarDescription: 150, HeaderDescription: 150, AttributionDomains: 100, ImageBytes: 8 << 20,
	}
}

// or returns l with the default where it is 0, and the largest number where it is negative.
func (l Limits) or() Limits {
	d := DefaultLimits()
	return Limits{
		DisplayName: limit(l.DisplayName, d.DisplayName), Note: limit(l.Note, d.Note), Fields: limit(l.Fields, d.Fields),
		FieldName: limit(l.FieldName, d.FieldName), FieldValue: limit(l.FieldValue, d.FieldValue),
		AvatarDescription:  limit(l.AvatarDescription, d.AvatarDescription),
		HeaderDescription:  limit(l.HeaderDescription, d.HeaderDescription),
		AttributionDomains: limit(l.AttributionDomains, d.AttributionDomains),
		ImageBytes:         limit(l.ImageBytes, d.ImageBytes),
	}
}

// limit returns n, or fallback where it is 0, or the largest int32 where it is negative: no text comes near that.
func limit[T int | int64](n, fallback T) T {
	switch {
	case n == 0:
		return fallback
	case n < 0:
		return 1<<31 - 1
	}
	return n
}

// NormalizeAttributionDomains returns domains as they are stored: stripped of ASCII white space and NUL at both ends, then without
// "http://", "https://" and "*." at the front, each taken off once and in that order, without blank ones, and each once. The case
// stays. The result is never nil and shares nothing with domains.
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

// blank tells whether s has nothing but white space in the Unicode sense.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}
