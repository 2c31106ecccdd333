package masto

import "slices"

// Diff returns the update that turns before into after: what is different, and
// nothing else. [Record.Apply] of it to a record with the profile before gives
// after, in what an update can say: texts are stripped, and verification
// follows the values of the fields. A picture can be removed (an address that
// became ""), but not come from an address: set Avatar or Header of the result
// to an [Upload].
//
// Give it the raw profiles, as [Site.Profile] or
// [CredentialAccount.EditableProfile] make them. The result shares nothing with
// them.
func Diff(before, after Profile) Update {
	return Update{
		DisplayName:        diffOpt(before.DisplayName, after.DisplayName),
		Note:               diffOpt(before.Note, after.Note),
		Fields:             diffFields(before.Fields, after.Fields),
		Discoverable:       diffPtr(before.Discoverable, after.Discoverable),
		HideCollections:    diffPtr(before.HideCollections, after.HideCollections),
		Locked:             diffOpt(before.Locked, after.Locked),
		Bot:                diffOpt(before.Bot, after.Bot),
		Indexable:          diffOpt(before.Indexable, after.Indexable),
		ShowMedia:          diffOpt(before.ShowMedia, after.ShowMedia),
		ShowMediaReplies:   diffOpt(before.ShowMediaReplies, after.ShowMediaReplies),
		ShowFeatured:       diffOpt(before.ShowFeatured, after.ShowFeatured),
		AttributionDomains: diffDomains(before.AttributionDomains, after.AttributionDomains),
		Avatar:             Opt[*Upload]{Set: before.Avatar != "" && after.Avatar == ""},
		Header:             Opt[*Upload]{Set: before.Header != "" && after.Header == ""},
		AvatarDescription:  diffOpt(before.AvatarDescription, after.AvatarDescription),
		HeaderDescription:  diffOpt(before.HeaderDescription, after.HeaderDescription),
	}
}

// Conflict compares a profile as it was when somebody began to edit it (base),
// as it is by now (theirs) and as they edited it (mine). It returns the
// parameters that were changed on both sides, and not to the same, in the order
// in which they are sent. nil means that there are none, and that Diff(base,
// mine) can be sent without undoing what somebody else did.
func Conflict(base, theirs, mine Profile) []string {
	changedThere, changedHere, differ := Diff(base, theirs), Diff(base, mine), Diff(theirs, mine)
	// Of pictures the addresses count, which a Diff cannot say.
	set := func(u *Update, a, b Profile) {
		u.Avatar.Set, u.Header.Set = a.Avatar != b.Avatar, a.Header != b.Header
	}
	set(&changedThere, base, theirs)
	set(&changedHere, base, mine)
	set(&differ, theirs, mine)
	var names []string
	for _, p := range params {
		if p.isSet(&changedThere) && p.isSet(&changedHere) && p.isSet(&differ) {
			names = append(names, p.wireName())
		}
	}
	return names
}

// diffOpt sets after if it is not what was before.
func diffOpt[T comparable](before, after T) Opt[T] {
	if before == after {
		return Opt[T]{}
	}
	return Some(after)
}

// diffPtr is diffOpt for a nullable value.
func diffPtr[T comparable](before, after *T) Opt[*T] {
	if equalPtr(before, after) {
		return Opt[*T]{}
	}
	return Some(clonePtr(after))
}

func diffDomains(before, after []string) Opt[[]string] {
	if slices.Equal(before, after) {
		return Opt[[]string]{}
	}
	return Some(slices.Clone(after))
}

// diffFields compares what a user enters.
func diffFields(before, after []Field) Opt[[]Field] {
	if slices.EqualFunc(before, after, sameText) {
		return Opt[[]Field]{}
	}
	fields := make([]Field, len(after))
	for i, f := range after {
		fields[i] = Field{Name: f.Name, Value: f.Value}
	}
	return Some(fields)
}
