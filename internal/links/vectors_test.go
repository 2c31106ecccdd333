package links_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/links"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// entity is a link as the vectors have it; its offsets are in code points.
type entity struct {
	Type, Text string
	Start, End int
}

func entities(text string) []entity {
	found := []entity{}
	names := map[links.Kind]string{links.URL: "url", links.Hashtag: "hashtag", links.Mention: "mention"}
	for _, l := range links.Append(nil, text) {
		found = append(found, entity{
			Type: names[l.Kind], Text: l.Text,
			Start: utf8.RuneCountInString(text[:l.Start]), End: utf8.RuneCountInString(text[:l.End]),
		})
	}
	return found
}

func TestVectorsEntities(t *testing.T) {
	known := vectors.Known(t)
	for _, v := range vectors.File(t, "entities") {
		if known[v.ID] != "" {
			continue
		}
		var text string
		require.NoError(t, json.Unmarshal(v.In, &text))
		want := []entity{}
		require.NoError(t, json.Unmarshal(v.Out, &want))
		if d := cmp.Diff(want, entities(text)); d != "" {
			t.Errorf("%s %q: -want +got\n%s", v.ID, text, d)
		}
	}
}

func TestVectorsHashtags(t *testing.T) {
	known := vectors.Known(t)
	for _, v := range vectors.File(t, "hashtags") {
		var call struct{ Op, Text string }
		require.NoError(t, json.Unmarshal(v.In, &call))
		if known[v.ID] != "" || call.Op != "extract" {
			continue
		}
		want := []string{}
		require.NoError(t, json.Unmarshal(v.Out, &want))
		if d := cmp.Diff(want, links.Hashtags([]string{}, call.Text)); d != "" {
			t.Errorf("%s %q: -want +got\n%s", v.ID, call.Text, d)
		}
	}
}
