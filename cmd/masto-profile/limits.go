package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/seed-374a2035/masto"
)

const limitsHelp = `masto-profile limits [flags]

prints what the server allows in a profile, as far as it tells. It needs no token.

  masto-profile limits -server social.example
`

// limit is a limit in the form that -json prints.
type limit struct {
	Attribute string `json:"attribute"`
	// Max is the most that is allowed; nil where the server does not tell.
	Max  *int64 `json:"max"`
	Unit string `json:"unit"`
	// Told reports whether the server tells the limit, and not the software's
	// default.
	Told bool `json:"told"`
}

// limits prints the limits of the server.
func (p *program) limits(ctx context.Context, args []string) error {
	f := flags("limits")
	if err := p.parse(f, limitsHelp, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return exit(exitUsage, "limits takes no arguments")
	}
	c, err := p.connect(ctx, false)
	if err != nil {
		return err
	}
	i, err := c.Instance(ctx)
	if err != nil {
		return fromServer(err)
	}
	list := listLimits(i.Limits)
	answer, err := json.MarshalIndent(map[string]any{
		"server":      c.Server(),
		"software":    i.Software,
		"version":     i.Version,
		"profile_api": i.HasProfileAPI(),
		"limits":      list,
	}, "", "  ")
	if err != nil {
		return err
	}
	return p.print(answer, func() {
		fmt.Fprintf(p.out, "%s: %s %s\n\n", line(hostOf(c)), line(i.Software), line(i.Version))
		w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		for _, l := range list {
			switch {
			case l.Max == nil:
				fmt.Fprintf(w, "%s\tnot told\n", l.Attribute)
			case l.Told:
				fmt.Fprintf(w, "%s\t%d %s\n", l.Attribute, *l.Max, l.Unit)
			default:
				fmt.Fprintf(w, "%s\t%d %s\tnot told; the default of Mastodon\n", l.Attribute, *l.Max, l.Unit)
			}
		}
		_ = w.Flush() // There is nowhere to report that a line could not be printed.
	})
}

// listLimits returns the limits of a server in the order of the parameters.
func listLimits(l masto.Limits) []limit {
	d := masto.DefaultLimits()
	var list []limit
	add := func(attribute string, limitOf, fallback int64, unit string) {
		entry := limit{Attribute: attribute, Unit: unit, Told: limitOf > 0}
		switch {
		case limitOf > 0:
			entry.Max = &limitOf
		case limitOf == 0:
			entry.Max = &fallback
		}
		list = append(list, entry)
	}
	add("display_name", int64(l.DisplayName), int64(d.DisplayName), "code points")
	add("note", int64(l.Note), int64(d.Note), "characters")
	add("avatar and header", l.ImageBytes, d.ImageBytes, "bytes")
	add("avatar_description", int64(l.AvatarDescription), int64(d.AvatarDescription), "code points")
	add("header_description", int64(l.HeaderDescription), int64(d.HeaderDescription), "code points")
	add("attribution_domains", int64(l.AttributionDomains), int64(d.AttributionDomains), "domains")
	add("fields", int64(l.Fields), int64(d.Fields), "rows")
	add("fields, name", int64(l.FieldName), int64(d.FieldName), "code points")
	add("fields, value", int64(l.FieldValue), int64(d.FieldValue), "code points")
	return list
}
