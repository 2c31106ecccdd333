package client_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

func TestFit(t *testing.T) {
	const family = "👨‍👩‍👧"
	for _, c := range []struct {
		name    string
		profile masto.Profile
		limits  masto.Limits
		want    masto.Profile
		cuts    []client.Cut
	}{
		{
			name:    "nothing is too long",
			profile: masto.Profile{DisplayName: "Alice", Note: "Hi", Fields: []masto.Field{{Name: "a", Value: "b"}}},
			want:    masto.Profile{DisplayName: "Alice", Note: "Hi", Fields: []masto.Field{{Name: "a", Value: "b"}}},
		},
		{
			name:    "no limits",
			profile: masto.Profile{DisplayName: strings.Repeat("x", 500), Note: strings.Repeat("x", 5000)},
			limits:  masto.Limits{DisplayName: -1, Note: -1},
			want:    masto.Profile{DisplayName: strings.Repeat("x", 500), Note: strings.Repeat("x", 5000)},
		},
		{
			name:    "a display name, between clusters",
			profile: masto.Profile{DisplayName: "Al " + family},
			limits:  masto.Limits{DisplayName: 5},
			want:    masto.Profile{DisplayName: "Al"},
			cuts:    []client.Cut{{Attribute: "display_name", Lost: family}},
		},
		{
			name:    "the default limit",
			profile: masto.Profile{DisplayName: strings.Repeat("x", 41)},
			want:    masto.Profile{DisplayName: strings.Repeat("x", 40)},
			cuts:    []client.Cut{{Attribute: "display_name", Lost: "x"}},
		},
		{
			name:    "a bio, before a link",
			profile: masto.Profile{Note: "I grow https://spore.io/mushrooms"},
			limits:  masto.Limits{Note: 20},
			want:    masto.Profile{Note: "I grow"},
			cuts:    []client.Cut{{Attribute: "note", Lost: "https://spore.io/mushrooms"}},
		},
		{
			name:    "a bio, after a link, which counts 23",
			profile: masto.Profile{Note: "https://spore.io/mushrooms/and/more abc"},
			limits:  masto.Limits{Note: 25},
			want:    masto.Profile{Note: "https://spore.io/mushrooms/and/more a"},
			cuts:    []client.Cut{{Attribute: "note", Lost: "bc"}},
		},
		{
			name: "descriptions and domains",
			profile: masto.Profile{
				AvatarDescription: "abc", HeaderDescription: "def", AttributionDomains: []string{"a.example", "b.example"},
			},
			limits: masto.Limits{AvatarDescription: 2, HeaderDescription: 1, AttributionDomains: 1},
			want: masto.Profile{
				AvatarDescription: "ab", HeaderDescription: "d", AttributionDomains: []string{"a.example"},
			},
			cuts: []client.Cut{
				{Attribute: "avatar_description", Lost: "c"},
				{Attribute: "header_description", Lost: "ef"},
				{Attribute: "attribution_domains", Lost: "b.example"},
			},
		},
		{
			name: "rows",
			profile: masto.Profile{Fields: []masto.Field{
				{Name: "Site", Value: "https://spore.example/very/long"},
				{Name: "Pronouns", Value: "they/them"},
				{Name: "Mood", Value: "damp"},
				{Name: "Fourth", Value: "x"},
			}},
			limits: masto.Limits{Fields: 2, FieldName: 7, FieldValue: 10},
			want:   masto.Profile{Fields: []masto.Field{{Name: "Pronoun", Value: "they/them"}, {Name: "Mood", Value: "damp"}}},
			cuts: []client.Cut{
				{Attribute: "fields_attributes", Lost: "Site: https://spore.example/very/long"},
				{Attribute: "fields_attributes[0][name]", Lost: "s"},
				{Attribute: "fields_attributes", Lost: "Fourth: x"},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := c.profile
			got, cuts := client.Fit(c.profile, c.limits)
			assert.Equal(t, c.cuts, cuts)
			assert.Empty(t, masto.Diff(c.want, got).Parameters())
			assert.Equal(t, before, c.profile, "it is left as it was")
		})
	}
}

// FuzzFit checks that what Fit returns is within the limits, and that it cuts
// nothing more when it is done again.
func FuzzFit(f *testing.F) {
	f.Add("Alice", "I grow https://spore.example/mushrooms with @bob@far.example #fungi", "Site", 20)
	f.Add("👨‍👩‍👧", "a\u0301\u0301", "\xff", 1)
	f.Add("", "@a@b.example https://a.example", " ", 0)
	f.Fuzz(func(t *testing.T, name, note, value string, limit int) {
		limit = min(max(limit, 1), 1000)
		l := masto.Limits{DisplayName: limit, Note: limit, Fields: 1, FieldName: limit, FieldValue: limit}
		fields := []masto.Field{{Name: value, Value: name}, {Name: "b"}}
		p := masto.Profile{DisplayName: name, Note: note, Fields: fields}
		fitted, _ := client.Fit(p, l)
		require.NoError(t, l.Validate(masto.Update{
			DisplayName: masto.Some(fitted.DisplayName),
			Note:        masto.Some(fitted.Note),
		}, nil))
		for _, usage := range l.Usage(masto.Diff(masto.Profile{}, fitted)) {
			require.False(t, usage.Over(), usage)
		}
		again, cuts := client.Fit(fitted, l)
		require.Empty(t, cuts)
		require.Empty(t, masto.Diff(fitted, again).Parameters())
	})
}
