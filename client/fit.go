package client

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto"
)

// Cut is something that [Fit] took from a profile.
type Cut struct {
	// Attribute is what was cut, by the names that [masto.Usage] has:
	// display_name, note, fields_attributes for a whole row,
	// fields_attributes[0][value] for a part of one.
	Attribute string
	// Lost is what was taken away: the end of a text, the row as "name: value",
	// or a domain.
	Lost string
}

// Fit returns p cut to the limits of another server, such as those of
// [Instance].Limits, and what was cut, in the order of the attributes. A
// negative limit cuts nothing. Numbers of rows in [Cut].Attribute are those of
// the result.
//
// A text is cut between grapheme clusters, and a bio not within a link. A row
// whose whole value is a web address that is too long is left out, since a part
// of an address leads elsewhere. Pictures are not judged. The result shares
// nothing with p, whose texts must be raw.
func Fit(p masto.Profile, l masto.Limits) (masto.Profile, []Cut) {
	f := fitter{limits: limitsOf(l)}
	p = cloneProfile(p)
	p.DisplayName = f.text("display_name", p.DisplayName, f.limits.DisplayName)
	p.Note = f.note(p.Note)
	p.AvatarDescription = f.text("avatar_description", p.AvatarDescription, f.limits.AvatarDescription)
	p.HeaderDescription = f.text("header_description", p.HeaderDescription, f.limits.HeaderDescription)
	p.AttributionDomains = f.domains(p.AttributionDomains)
	p.Fields = f.fields(p.Fields)
	return p, f.cuts
}

// limitsOf returns l with the default in place of each 0.
func limitsOf(l masto.Limits) masto.Limits {
	d := masto.DefaultLimits()
	for _, limit := range []struct{ at, fallback *int }{
		{&l.DisplayName, &d.DisplayName},
		{&l.Note, &d.Note},
		{&l.Fields, &d.Fields},
		{&l.FieldName, &d.FieldName},
		{&l.FieldValue, &d.FieldValue},
		{&l.AvatarDescription, &d.AvatarDescription},
		{&l.HeaderDescription, &d.HeaderDescription},
		{&l.AttributionDomains, &d.AttributionDomains},
	} {
		if *limit.at == 0 {
			*limit.at = *limit.fallback
		}
	}
	return l
}

// fitter collects what is cut.
type fitter struct {
	limits masto.Limits
	cuts   []Cut
}

func (f *fitter) lose(attribute, lost string) {
	f.cuts = append(f.cuts, Cut{Attribute: attribute, Lost: lost})
}

// text cuts a text to a limit in code points.
func (f *fitter) text(attribute, text string, limit int) string {
	text = strings.TrimSpace(text)
	if limit < 0 || utf8.RuneCountInString(text) <= limit {
		return text
	}
	end, count := 0, 0
	clusters := graphemes.FromString(text)
	for clusters.Next() {
		if count += utf8.RuneCountInString(clusters.Value()); count > limit {
			break
		}
		end += len(clusters.Value())
	}
	f.lose(attribute, text[end:])
	return strings.TrimSpace(text[:end])
}

// note cuts a bio to its limit, which [masto.NoteLength] counts.
func (f *fitter) note(note string) string {
	limit := f.limits.Note
	if limit < 0 || masto.NoteLength(note) <= limit {
		return note
	}
	ends := noteEnds(note)
	// The length grows with the text, but for an address that is only begun: so
	// what the search finds is only a start.
	low, high := 0, len(ends)
	for low < high {
		middle := (low + high) / 2
		if masto.NoteLength(note[:ends[middle]]) <= limit {
			low = middle + 1
		} else {
			high = middle
		}
	}
	end := 0
	if low > 0 {
		end = ends[low-1]
	}
	f.lose("note", note[end:])
	return strings.TrimRight(note[:end], " \t\r\n")
}

// noteEnds returns where a bio may be cut: after each grapheme cluster that
// does not end within a link.
func noteEnds(note string) []int {
	links := masto.FindLinks(note)
	var ends []int
	end := 0
	clusters := graphemes.FromString(note)
	for clusters.Next() {
		end += len(clusters.Value())
		for len(links) > 0 && links[0].End <= end {
			links = links[1:]
		}
		if len(links) == 0 || end <= links[0].Start {
			ends = append(ends, end)
		}
	}
	return ends
}

// domains leaves out the domains over the limit.
func (f *fitter) domains(domains []string) []string {
	limit := f.limits.AttributionDomains
	if limit < 0 || len(domains) <= limit {
		return domains
	}
	for _, domain := range domains[limit:] {
		f.lose("attribution_domains", domain)
	}
	return domains[:limit]
}

// fields leaves out the rows over the limit, and cuts the others.
func (f *fitter) fields(fields []masto.Field) []masto.Field {
	var kept []masto.Field
	for _, row := range fields {
		isAddress := strings.HasPrefix(row.Value, "https://") || strings.HasPrefix(row.Value, "http://")
		isTooLong := f.limits.FieldValue >= 0 && utf8.RuneCountInString(row.Value) > f.limits.FieldValue
		if f.limits.Fields >= 0 && len(kept) >= f.limits.Fields || isAddress && isTooLong {
			f.lose("fields_attributes", row.Name+": "+row.Value)
			continue
		}
		attribute := fmt.Sprintf("fields_attributes[%d]", len(kept))
		row.Name = f.text(attribute+"[name]", row.Name, f.limits.FieldName)
		row.Value = f.text(attribute+"[value]", row.Value, f.limits.FieldValue)
		kept = append(kept, row)
	}
	return kept
}
