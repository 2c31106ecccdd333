package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
)

// editor is the page with the form.
type editor struct {
	frame
	Base      string // the record that the user began with
	Mine      *masto.Record
	Rows      []rowInput
	Domains   string
	Language  string
	Profile   profileView // what it will look like
	Counters  map[string]gauge
	Problems  map[string]string // by the name of the input
	Conflicts []conflictView
	MaxImage  int64 // bytes that a picture must stay under
	Saved     bool  // it was stored a moment ago
	Unsaved   bool  // there is something to store
	LostFiles bool  // pictures must be chosen again
}

// rowInput is a row of the form for a field.
type rowInput struct {
	L           *locale
	Index       int
	Name, Value string
	Last        bool // nothing but blank rows follow
	Blank       bool
	Link        *linkState
}

// gauge is how much of a limit a text uses.
type gauge struct {
	Text string `json:"text"`
	Over bool   `json:"over"`
	Note string `json:"note,omitempty"` // what comes of it if it is over
}

// conflictView is an attribute that was changed in two places.
type conflictView struct{ Label, Theirs string }

// newEditor returns the page for what the user began with and what it became.
func (p *pages) newEditor(r *http.Request, base, mine *masto.Record) (*editor, error) {
	kept, err := json.Marshal(masto.Record{Profile: base.Profile, Posting: base.Posting})
	if err != nil {
		return nil, err
	}
	// Of the rest the stored record is right.
	stored, err := p.app.store.Get(r.Context(), mine.Profile.ID)
	if err != nil {
		return nil, err
	}
	stored.Profile, stored.Posting = mine.Profile, mine.Posting
	f := p.frame(r)
	e := &editor{
		frame:    f,
		Base:     string(kept),
		Mine:     stored,
		Domains:  strings.Join(mine.Profile.AttributionDomains, "\n"),
		MaxImage: p.app.service.Site.Limits.ImageBytes,
		Problems: map[string]string{},
	}
	if l := mine.Posting.Language; l != nil {
		e.Language = *l
	}
	if e.Profile, err = p.view(r.Context(), f.L, stored); err != nil {
		return nil, err
	}
	e.Counters = e.count(p.app.service.Site.Limits)
	return e, e.addRows(r, p.app.links, p.app.service.Site.Limits)
}

// addRows adds the fields, and blank rows up to the limit.
func (e *editor) addRows(r *http.Request, links *verifier, l masto.Limits) error {
	states, err := links.states(r.Context(), e.Mine)
	if err != nil {
		return err
	}
	fields := e.Mine.Profile.Fields
	for i, f := range fields {
		row := rowInput{L: e.L, Index: i, Name: f.Name, Value: f.Value, Last: i == len(fields)-1}
		if n := slices.IndexFunc(states, func(s linkState) bool { return s.Field == i }); n >= 0 {
			row.Link = &states[n]
		}
		e.Rows = append(e.Rows, row)
	}
	for i := len(fields); i < l.Fields; i++ {
		e.Rows = append(e.Rows, rowInput{L: e.L, Index: i, Last: true, Blank: true})
	}
	return nil
}

// count returns how much of the limits the texts use, by their inputs.
func (e *editor) count(l masto.Limits) map[string]gauge {
	p := e.Mine.Profile
	gauges := map[string]gauge{}
	add := func(prefix string, u masto.Update) {
		for _, usage := range l.Usage(u) {
			if usage.Max < 0 || usage.Truncates && usage.Used*2 < usage.Max {
				continue // Nobody needs it yet.
			}
			g := gauge{Text: e.L.Number(usage.Used) + " / " + e.L.Number(usage.Max), Over: usage.Over()}
			switch {
			case g.Over && usage.Truncates:
				g.Note = e.L.T("The end will not be shown.")
			case g.Over:
				g.Note = e.L.T("This is too long to be saved.")
			}
			name := usage.Attribute
			if rest, ok := strings.CutPrefix(name, "fields_attributes[0]"); ok {
				name = prefix + rest
			}
			gauges[name] = g
		}
	}
	add("", masto.Update{
		DisplayName:        masto.Some(p.DisplayName),
		Note:               masto.Some(p.Note),
		AvatarDescription:  masto.Some(p.AvatarDescription),
		HeaderDescription:  masto.Some(p.HeaderDescription),
		AttributionDomains: masto.Some(p.AttributionDomains),
	})
	for i, f := range p.Fields {
		add(fmt.Sprintf("fields_attributes[%d]", i), masto.Update{Fields: masto.Some([]masto.Field{f})})
	}
	return gauges
}

// judge notes what is wrong with what the user entered. why is the error of
// storing it, if it was tried.
func (e *editor) judge(l masto.Limits, s *submission, stored *masto.Record, why error) {
	var invalid *masto.ValidationError
	var conflict *conflictError
	switch {
	case errors.As(why, &conflict):
		for _, name := range conflict.names {
			e.Conflicts = append(e.Conflicts, e.conflict(name, conflict.theirs))
		}
	case errors.Is(why, masto.ErrMalformed):
		e.Problems["form"] = e.L.T("A text has characters that cannot be stored.")
	case !errors.As(why, &invalid):
		errors.As(l.Validate(s.diff, stored), &invalid)
	}
	if invalid == nil {
		return
	}
	for _, f := range invalid.Findings {
		name, problem := inputOf(f.Attribute), e.L.problem(f)
		if !strings.Contains(e.Problems[name], problem) { // several findings are one problem to a user
			e.Problems[name] = strings.TrimSpace(e.Problems[name] + " " + problem)
		}
	}
}

// inputOf returns the name of the input that a finding is about.
func inputOf(attribute string) string {
	switch attribute {
	case "fields":
		return "fields_attributes"
	case "attribution_domains":
		return "domains"
	case "privacy", "language", "quote_policy":
		return "source[" + attribute + "]"
	}
	for _, kind := range []string{"avatar", "header"} {
		if strings.HasPrefix(attribute, kind) && attribute != kind+"_description" {
			return kind
		}
	}
	return attribute
}

// problem says what is wrong, in the language of the page.
func (l *locale) problem(f masto.Finding) string {
	switch {
	case f.Code == masto.CodeTooLong && f.Attribute == "fields":
		return l.T("At most %d rows can be saved.", f.Limit)
	case f.Code == masto.CodeTooLong && f.Attribute == "attribution_domains":
		return l.T("At most %d websites can be saved.", f.Limit)
	case f.Code == masto.CodeTooLong:
		return l.T("This is too long: at most %d characters can be saved.", f.Limit)
	case f.Code == masto.CodeLessThan:
		return l.T("The file is too large: it must be smaller than %s.", l.Size(int64(f.Limit)))
	case f.Code == masto.CodeInvalidDomain:
		return l.T("This is no domain: %s.", f.Value)
	case f.Code == masto.CodeMissingLabels:
		return l.T("A row with content needs a label.")
	case f.Code == masto.CodeInclusion:
		return l.T("This is none of the choices: %s.", f.Value)
	case inputOf(f.Attribute) == masto.KindAvatar, inputOf(f.Attribute) == masto.KindHeader:
		return l.T("This file cannot be used. Choose a picture of the type PNG, JPEG, GIF or WebP.")
	}
	return f.Message() + "."
}

// Size returns a number of bytes as people read it.
func (l *locale) Size(n int64) string { return l.printer.Sprintf("%d MB", n>>20) }

// conflict returns what others made of a parameter.
func (e *editor) conflict(name string, theirs *masto.Record) conflictView {
	l, p := e.L, theirs.Profile
	switch name {
	case "display_name":
		return conflictView{l.T("Display name"), p.DisplayName}
	case "note":
		return conflictView{l.T("Bio"), p.Note}
	case "fields_attributes":
		var rows []string
		for _, f := range p.Fields {
			rows = append(rows, f.Name+": "+f.Value)
		}
		return conflictView{l.T("Fields"), strings.Join(rows, "\n")}
	case "attribution_domains":
		return conflictView{l.T("Websites that may credit you"), strings.Join(p.AttributionDomains, "\n")}
	case "avatar":
		return conflictView{Label: l.T("Profile picture")}
	case "header":
		return conflictView{Label: l.T("Header picture")}
	case "avatar_description":
		return conflictView{l.T("Profile picture") + " – " + l.T("Description"), p.AvatarDescription}
	case "header_description":
		return conflictView{l.T("Header picture") + " – " + l.T("Description"), p.HeaderDescription}
	}
	// Of what is chosen, the form shows the user's choice alone.
	label := map[string]string{
		"discoverable":         l.T("Suggest my account to others"),
		"hide_collections":     l.T("Who I follow, and who follows me"),
		"source[privacy]":      l.T("Who sees new posts"),
		"source[language]":     l.T("Language of new posts"),
		"source[quote_policy]": l.T("Who may quote new posts"),
	}[name]
	return conflictView{Label: cmp.Or(label, name)}
}
