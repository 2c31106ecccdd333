package mastotest

import (
	"reflect"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-374a2035/masto"
)

// diffKept returns how got differs from want in what every store keeps. It
// returns "" if it does not.
func diffKept(want, got *masto.Record) string { return diff(keptOf(want), keptOf(got)) }

// diffWhole returns how got differs from want in anything.
func diffWhole(want, got *masto.Record) string { return diff(want, got) }

// keptOf returns the part of r that every store keeps.
func keptOf(r *masto.Record) *masto.Record {
	return &masto.Record{Username: r.Username, Domain: r.Domain, Profile: r.Profile, Posting: r.Posting}
}

// diff compares records. A nil list equals an empty one, and times are compared
// as instants.
func diff(want, got *masto.Record) string {
	if reflect.DeepEqual(want, got) {
		return "" // cmp.Diff takes many times as long to say so.
	}
	return cmp.Diff(want, got, cmpopts.EquateEmpty())
}

// sameOffset reports whether a and b are at the same offset from UTC.
func sameOffset(a, b time.Time) bool {
	_, offsetA := a.Zone()
	_, offsetB := b.Zone()
	return offsetA == offsetB
}
