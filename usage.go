package masto

import (
	"fmt"
	"unicode/utf8"
)

// Usage is how much of a limit an update uses, for a counter beside an input.
type Usage struct {
	// Attribute is the parameter: display_name, attribution_domains, fields_attributes for the number of rows,
	// fields_attributes[0][name] for the text of one.
	Attribute string
	// Used is how much is used.
	Used int64
	// Max is the most that is allowed; -1: there is no limit.
	Max int64
	// Unit is what is counted: "code points", "characters" (as [NoteLength] counts), "rows", "domains" or "bytes".
	Unit string
	// Cut tells that a server cuts silently what is over Max. Else it refuses the update, and [Limits.Validate] finds it.
	Cut bool
}

// Over tells whether more is used than is allowed.
func (u Usage) Over() bool { return u.Max >= 0 && u.Used > u.Max }

// String is "display_name: 12 of 30 code points".
func (u Usage) String() string {
	if u.Max < 0 {
		return fmt.Sprintf("%s: %d %s", u.Attribute, u.Used, u.Unit)
	}
	return fmt.Sprintf("%s: %d of %d %s", u.Attribute, u.Used, u.Max, u.Unit)
}

// Usage lists how much u uses of each limit, for what u sets, in the order in which parameters are sent. It counts what is left of u
// when it is normalized; rows of fields are numbered as they are in u.Normalized().
func (l Limits) Usage(u Update) []Usage {
	d := DefaultLimits()
	u = u.Normalized()
	var list []Usage
	text := func(name string, o Opt[string], length func(string) int, limit, fallback int, unit string) {
		if o.Set {
			list = append(list, Usage{Attribute: name, Used: int64(length(o.Value)), Max: most(limit, fallback), Unit: unit})
		}
	}
	picture := func(name string, o Opt[*Upload]) {
		if o.Set && o.Value != nil {
			limit := most(l.ImageBytes, d.ImageBytes)
			if limit > 0 {
				limit-- // it must stay under that
			}
			list = append(list, Usage{Attribute: name, Used: int64(len(o.Value.Data)), Max: limit, Unit: "bytes"})
		}
	}
	text("display_name", u.DisplayName, utf8.RuneCountInString, l.DisplayName, d.DisplayName, "code points")
	text("note", u.Note, NoteLength, l.Note, d.Note, "characters")
	picture("avatar", u.Avatar)
	text("avatar_description", u.AvatarDescription, utf8.RuneCountInString, l.AvatarDescription, d.AvatarDescription, "code points")
	picture("header", u.Header)
	text("header_description", u.HeaderDescription, utf8.RuneCountInString, l.HeaderDescription, d.HeaderDescription, "code points")
	if o := u.AttributionDomains; o.Set {
		list = append(list, Usage{Attribute: domainsName, Used: int64(len(o.Value)), Max: most(l.AttributionDomains, d.AttributionDomains), Unit: "domains"})
	}
	if o := u.Fields; o.Set {
		list = append(list, Usage{Attribute: fieldsName, Used: int64(len(o.Value)), Max: most(l.Fields, d.Fields), Unit: "rows"})
		for i, f := range o.Value {
			list = append(list,
				cutUsage(i, "name", f.Name, most(l.FieldName, d.FieldName)), cutUsage(i, "value", f.Value, most(l.FieldValue, d.FieldValue)))
		}
	}
	return list
}

// cutUsage is the usage of a text of a field, as it is shown.
func cutUsage(row int, key, text string, limit int64) Usage {
	return Usage{
		Attribute: fmt.Sprintf("%s[%d][%s]", fieldsName, row, key),
		Used:      int64(utf8.RuneCountInString(strip(text))), Max: limit, Unit: "code points", Cut: true,
	}
}

// most returns what a limit stands for; -1 is none.
func most[T int | int64](limit, fallback T) int64 {
	switch {
	case limit == 0:
		return int64(fallback)
	case limit < 0:
		return -1
	}
	return int64(limit)
}
