package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
)

// changedLines describes what u changes in before. after is the profile as the
// user wants it. A line begins with the name of an attribute, or with - or +
// for a line of a text or list that is removed or added.
func changedLines(before, after masto.Profile, u masto.Update) []string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	text := func(name string, o masto.Opt[string], was string) {
		if o.Set {
			add("%s: %q -> %q", name, line(was), line(o.Value))
		}
	}
	boolean := func(name string, o masto.Opt[bool], was bool) {
		if o.Set {
			add("%s: %t -> %t", name, was, o.Value)
		}
	}
	nullable := func(name string, o masto.Opt[*bool], was *bool) {
		if o.Set {
			add("%s: %s -> %s", name, nullableText(was), nullableText(o.Value))
		}
	}
	block := func(name string, was, is []string) {
		add("%s:", name)
		lines = append(lines, difference(was, is)...)
	}
	picture := func(name string, o masto.Opt[*masto.Upload]) {
		switch {
		case o.Set && o.Value == nil:
			add("%s: removed", name)
		case o.Set:
			add("%s: %s, %d bytes", name, line(o.Value.Filename), len(o.Value.Data))
		}
	}
	text("display_name", u.DisplayName, before.DisplayName)
	if u.Note.Set {
		block("note", strings.Split(safe(before.Note), "\n"), strings.Split(safe(u.Note.Value), "\n"))
	}
	picture("avatar", u.Avatar)
	text("avatar_description", u.AvatarDescription, before.AvatarDescription)
	picture("header", u.Header)
	text("header_description", u.HeaderDescription, before.HeaderDescription)
	boolean("locked", u.Locked, before.Locked)
	boolean("bot", u.Bot, before.Bot)
	nullable("discoverable", u.Discoverable, before.Discoverable)
	nullable("hide_collections", u.HideCollections, before.HideCollections)
	boolean("indexable", u.Indexable, before.Indexable)
	boolean("show_media", u.ShowMedia, before.ShowMedia)
	boolean("show_media_replies", u.ShowMediaReplies, before.ShowMediaReplies)
	boolean("show_featured", u.ShowFeatured, before.ShowFeatured)
	if u.AttributionDomains.Set {
		block("attribution_domains", safeLines(before.AttributionDomains), safeLines(u.AttributionDomains.Value))
	}
	if u.Fields.Set {
		block("fields", rowLines(before.Fields), rowLines(verifiedAfter(before.Fields, after.Fields)))
	}
	return lines
}

// difference returns the lines of was that are not in is, marked -, and those
// of is that are not in was, marked +, in the order of the texts.
func difference(was, is []string) []string {
	for len(was) > 0 && len(is) > 0 && was[0] == is[0] {
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1] == is[len(is)-1] {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	common := commonLines(was, is)
	var lines []string
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(was) > 0 && (len(common) == 0 || was[0] != common[0]):
			lines, was = append(lines, "  - "+was[0]), was[1:]
		case len(is) > 0 && (len(common) == 0 || is[0] != common[0]):
			lines, is = append(lines, "  + "+is[0]), is[1:]
		default:
			was, is, common = was[1:], is[1:], common[1:]
		}
	}
	return lines
}

// maxCompared is how many pairs of lines commonLines compares. Texts that have
// more are shown whole.
const maxCompared = 1 << 20

// commonLines returns the longest list of lines that both have in their order.
func commonLines(a, b []string) []string {
	if len(a)*len(b) > maxCompared {
		return nil
	}
	// length[i][k] is that of the list for a[i:] and b[k:].
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			length[i][k] = max(length[i+1][k], length[i][k+1])
			if a[i] == b[k] {
				length[i][k] = length[i+1][k+1] + 1
			}
		}
	}
	var common []string
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			common = append(common, a[i])
			i, k = i+1, k+1
		case length[i+1][k] >= length[i][k+1]:
			i++
		default:
			k++
		}
	}
	return common
}

// verifiedAfter returns the fields after as the server will store them: a field
// whose value does not change stays verified.
func verifiedAfter(before, after []masto.Field) []masto.Field {
	record := masto.Record{Profile: masto.Profile{Fields: slices.Clone(before)}}
	record.Apply(masto.Update{Fields: masto.Some(after)}, masto.Pictures{})
	return record.Profile.Fields
}

// rowLines returns a line for each field, with a mark if it is verified.
func rowLines(fields []masto.Field) []string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = line(f.Name) + ": " + line(f.Value)
		if !f.VerifiedAt.IsZero() {
			lines[i] += " ✓"
		}
	}
	return lines
}

func safeLines(list []string) []string {
	lines := make([]string, len(list))
	for i, s := range list {
		lines[i] = line(s)
	}
	return lines
}

func nullableText(b *bool) string {
	if b == nil {
		return "null"
	}
	return fmt.Sprint(*b)
}

// printProfile prints a profile with its raw texts.
func printProfile(w io.Writer, p *masto.Profile) {
	fmt.Fprintln(w, line(p.DisplayName))
	if note := strings.TrimSpace(safe(p.Note)); note != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(note, "  ", 76))
	}
	if len(p.Fields) > 0 {
		fmt.Fprintln(w)
		printFields(w, p.Fields, func(s string) string { return s })
	}
}
