package mastotest

import (
	"slices"

	"github.com/seed-374a2035/masto"
)

// reporting returns change as a store is called with it: it reports what it
// changed, neither more nor less.
func reporting(change func(r *masto.Record)) func(r *masto.Record) (masto.Changes, error) {
	return func(r *masto.Record) (masto.Changes, error) {
		before := r.Clone()
		change(r)
		return changesOf(before, r), nil
	}
}

// changesOf returns what differs between two states of a record.
func changesOf(before, after *masto.Record) masto.Changes {
	var c masto.Changes
	differ := func(what masto.Changes, differs bool) {
		if differs {
			c |= what
		}
	}
	a, b := &before.Profile, &after.Profile
	differ(masto.ChangedDisplayName, a.DisplayName != b.DisplayName)
	differ(masto.ChangedNote, a.Note != b.Note)
	differ(masto.ChangedFields, !slices.EqualFunc(a.Fields, b.Fields, sameField))
	differ(masto.ChangedAvatar, a.Avatar != b.Avatar || a.AvatarStatic != b.AvatarStatic)
	differ(masto.ChangedAvatarDescription, a.AvatarDescription != b.AvatarDescription)
	differ(masto.ChangedHeader, a.Header != b.Header || a.HeaderStatic != b.HeaderStatic)
	differ(masto.ChangedHeaderDescription, a.HeaderDescription != b.HeaderDescription)
	differ(masto.ChangedLocked, a.Locked != b.Locked)
	differ(masto.Unlocked, a.Locked && !b.Locked)
	differ(masto.ChangedBot, a.Bot != b.Bot)
	differ(masto.ChangedDiscoverable, !samePointer(a.Discoverable, b.Discoverable))
	differ(masto.ChangedHideCollections, !samePointer(a.HideCollections, b.HideCollections))
	differ(masto.ChangedIndexable, a.Indexable != b.Indexable)
	differ(masto.ChangedTabs,
		a.ShowMedia != b.ShowMedia || a.ShowMediaReplies != b.ShowMediaReplies || a.ShowFeatured != b.ShowFeatured)
	differ(masto.ChangedAttributionDomains, !slices.Equal(a.AttributionDomains, b.AttributionDomains))
	differ(masto.ChangedPosting, !samePosting(before.Posting, after.Posting))
	return c
}

// sameField reports whether two fields are equal, offsets from UTC included.
func sameField(a, b masto.Field) bool {
	return a.Name == b.Name && a.Value == b.Value &&
		a.VerifiedAt.Equal(b.VerifiedAt) && sameOffset(a.VerifiedAt, b.VerifiedAt)
}

// samePosting reports whether two posting defaults are equal.
func samePosting(a, b masto.PostingDefaults) bool {
	return a.Privacy == b.Privacy && a.Sensitive == b.Sensitive && samePointer(a.Language, b.Language) &&
		a.QuotePolicy == b.QuotePolicy
}

// samePointer reports whether both pointers are nil or point to equal values.
func samePointer[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
