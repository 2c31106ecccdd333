package masto_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestUsage(t *testing.T) {
	u := masto.Update{
		DisplayName: masto.Some(" 👨‍👩‍👧 "), Note: masto.Some("See https://example.com/a/long/path"),
		Fields:            masto.Some([]masto.Field{{}, {Name: " n ", Value: strings.Repeat("é", 300)}}),
		Avatar:            upload("image/png", pngData),
		AvatarDescription: masto.Some(" a "), HeaderDescription: masto.Some(""),
		AttributionDomains: masto.Some([]string{"a.io", "a.io", ""}),
		Locked:             masto.Some(true), // has no limit
	}
	got := masto.Limits{DisplayName: 4, Fields: -1, ImageBytes: 10}.Usage(u)
	require.Empty(t, cmp.Diff([]masto.Usage{
		{Attribute: "display_name", Used: 5, Max: 4, Unit: "code points"},
		{Attribute: "note", Used: 26, Max: 500, Unit: "characters"},
		{Attribute: "avatar", Used: 10, Max: 9, Unit: "bytes"},
		{Attribute: "avatar_description", Used: 3, Max: 150, Unit: "code points"},
		{Attribute: "header_description", Used: 0, Max: 150, Unit: "code points"},
		{Attribute: "attribution_domains", Used: 1, Max: 100, Unit: "domains"},
		{Attribute: "fields_attributes", Used: 1, Max: -1, Unit: "rows"},
		{Attribute: "fields_attributes[0][name]", Used: 1, Max: 255, Unit: "code points", Truncates: true},
		{Attribute: "fields_attributes[0][value]", Used: 300, Max: 255, Unit: "code points", Truncates: true},
	}, got))
	var over []string
	for _, usage := range got {
		if usage.Over() {
			over = append(over, usage.String())
		}
	}
	require.Equal(t, []string{"display_name: 5 of 4 code points", "avatar: 10 of 9 bytes", "fields_attributes[0][value]: 300 of 255 code points"}, over)
	require.Equal(t, "fields_attributes: 1 rows", got[6].String())
	require.Empty(t, masto.Limits{}.Usage(masto.Update{Avatar: masto.Some[*masto.Upload](nil)}))
}

// FuzzUsage wants that Usage says over exactly where Validate has a finding about a limit, and where text is cut.
func FuzzUsage(f *testing.F) {
	for _, body := range updateSeeds(f) {
		f.Add(body, 3, int64(20))
	}
	f.Fuzz(func(t *testing.T, body []byte, limit int, bytes int64) {
		var u masto.Update
		if u.UnmarshalJSON(body) != nil {
			return
		}
		l := masto.Limits{
			DisplayName: limit, Note: limit, Fields: limit, FieldName: limit, FieldValue: limit, AttributionDomains: limit,
			AvatarDescription: limit, HeaderDescription: limit, ImageBytes: bytes,
		}
		over := map[string]bool{}
		for _, usage := range l.Usage(u) {
			if usage.Over() && !usage.Truncates {
				over[strings.TrimSuffix(usage.Attribute, "_attributes")] = true
			}
		}
		found := map[string]bool{}
		for _, finding := range findingsOf(t, l, u, nil) {
			if finding.Limit != 0 {
				found[strings.TrimSuffix(finding.Attribute, "_file_size")] = true
			}
		}
		require.Equal(t, found, over)
	})
}
