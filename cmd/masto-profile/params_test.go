package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-374a2035/masto"
)

// TestEveryParameterHasALine checks that the form and the list of changes know
// every parameter that an update of a profile has.
func TestEveryParameterHasALine(t *testing.T) {
	yes := true
	before := masto.Profile{Avatar: "https://a.example/a.png", Header: "https://a.example/h.png"}
	after := masto.Profile{
		DisplayName:        "Alice",
		Note:               "Hi",
		Fields:             []masto.Field{{Name: "n", Value: "v"}},
		AvatarDescription:  "a",
		HeaderDescription:  "h",
		Locked:             true,
		Bot:                true,
		HideCollections:    &yes,
		Discoverable:       &yes,
		Indexable:          true,
		ShowMedia:          true,
		ShowMediaReplies:   true,
		ShowFeatured:       true,
		AttributionDomains: []string{"a.example"},
	}
	u := masto.Diff(before, after)
	full := masto.Update{Posting: masto.PostingUpdate{
		Privacy:     masto.Some("public"),
		Sensitive:   masto.Some(true),
		Language:    masto.Some(new("en")),
		QuotePolicy: masto.Some("public"),
	}}
	// What a Profile cannot say is no part of the form.
	assert.Len(t, append(u.Parameters(), full.Parameters()...), len(allParameters()))

	changes := strings.Join(changedLines(before, after, u), "\n")
	form := formText(&after)
	forForm := strings.NewReplacer("fields_attributes", "field: n = v", "note", bioMark)
	for _, name := range u.Parameters() {
		shown := strings.Replace(name, "fields_attributes", "fields", 1)
		assert.Contains(t, changes, shown+":", "the list of changes")
		if name != "avatar" && name != "header" {
			assert.Contains(t, form, forForm.Replace(name), "the form")
		}
	}
}

// allParameters returns the name of every parameter that masto has.
func allParameters() []string {
	var u masto.Update
	setAll(reflect.ValueOf(&u).Elem())
	return u.Parameters()
}

// setAll sets every Opt in a struct.
func setAll(v reflect.Value) {
	if set := v.FieldByName("Set"); set.IsValid() {
		set.SetBool(true)
		return
	}
	for _, field := range v.Fields() {
		if field.Kind() == reflect.Struct {
			setAll(field)
		}
	}
}
