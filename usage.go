package masto

import (
	"fmt"
	"unicode/utf8"
)

// Usage is how much of a limit an update uses, for a counter beside an input.
type Usage struct {
	// Attribute is the parameter: display_name, attribution_domains,
	// fields_attributes for the number of rows, fields_attributes[0][name] for
	// a text of one.
	Attribute string
	// Used is how much is used, in Unit.
	Used int64
	// Max is the most that is allowed; -1 means that there is no limit.
	Max int64
	// Unit is what is counted: "code points", "characters" (as [NoteLength]
	// counts), "rows", "domains" or "bytes".
	Unit string
	// Truncates reports whether a server silently cuts what is over Max. A server
	// that does not refuses the update, and [Limits.Validate] finds it.
	Truncates bool
}

// Over reports whether more is used than is allowed.
func (u Usage) Over() bool { return u.Max >= 0 && u.Used > u.Max }

// String returns a line for people: "display_name: 12 of 40 code points".
func (u Usage) String() string {
	if u.Max < 0 {
		return fmt.Sprintf("%s: %d %s", u.Attribute, u.Used, u.Unit)
	}
	return fmt.Sprintf("%s: %d of %d %s", u.Attribute, u.Used, u.Max, u.Unit)
}

// Usage lists how much u uses of each limit, for what u sets, in the order in
// which parameters are sent. It counts what is left of u when it is normalized,
// and numbers the rows of fields as they are in u.Normalized().
func (l Limits) Usage(u Update) []Usage {
	d := DefaultLimits()
	u = u.Normalized()
	var list []Usage
	add := func(name string, used int, limit int64, unit string) {
		list = append(list, Usage{Attribute: name, Used: int64(used), Max: limit, Unit: unit})
	}
	codePoints := func(name string, o Opt[string], limit, fallback int) {
		if o.Set {
			add(name, utf8.RuneCountInString(o.Value), most(limit, fallback), "code points")
		}
	}
	picture := func(name string, o Opt[*Upload]) {
		if o.Set && o.Value != nil {
			limit := most(l.ImageBytes, d.ImageBytes)
			if limit > 0 {
				limit-- // the size must stay under it
			}
			add(name, len(o.Value.Data), limit, "bytes")
		}
	}
	codePoints("display_name", u.DisplayName, l.DisplayName, d.DisplayName)
	if o := u.Note; o.Set {
		add("note", NoteLength(o.Value), most(l.Note, d.Note), "characters")
	}
	picture("avatar", u.Avatar)
	codePoints("avatar_description", u.AvatarDescription, l.AvatarDescription, d.AvatarDescription)
	picture("header", u.Header)
	codePoints("header_description", u.HeaderDescription, l.HeaderDescription, d.HeaderDescription)
	if o := u.AttributionDomains; o.Set {
		add(domainsName, len(o.Value), most(l.AttributionDomains, d.AttributionDomains), "domains")
	}
	if o := u.Fields; o.Set {
		add(fieldsName, len(o.Value), most(l.Fields, d.Fields), "rows")
		for i, f := range o.Value {
			list = append(list,
				fieldUsage(i, "name", f.Name, most(l.FieldName, d.FieldName)),
				fieldUsage(i, "value", f.Value, most(l.FieldValue, d.FieldValue)))
		}
	}
	return list
}

// fieldUsage returns the usage of a text of a field, as it is shown.
func fieldUsage(row int, key, text string, limit int64) Usage {
	return Usage{
		Attribute: fmt.Sprintf("%s[%d][%s]", fieldsName, row, key),
		Used:      int64(utf8.RuneCountInString(strip(text))), Max: limit, Unit: "code points", Truncates: true,
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
