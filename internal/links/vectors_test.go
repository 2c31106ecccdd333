package links_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/links"
)

var vectorFolder = filepath.Join("..", "..", "testdata", "vectors")

// eachVector calls f with every line of a file of vectors.
func eachVector(t testing.TB, file string, f func(id string, in, out json.RawMessage)) {
	t.Helper()
	r, err := os.Open(filepath.Join(vectorFolder, file))
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v struct {
			ID      string
			In, Out json.RawMessage
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		f(v.ID, v.In, v.Out)
	}
	require.NoError(t, lines.Err())
}

// known returns the ids of the vectors that a decision excludes.
func known(t testing.TB) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectorFolder, "known.txt"))
	require.NoError(t, err)
	ids := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		id, _, _ := strings.Cut(line, " ")
		ids[id] = true
	}
	return ids
}

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
	known := known(t)
	eachVector(t, "entities.jsonl", func(id string, in, out json.RawMessage) {
		if known[id] {
			return
		}
		var text string
		require.NoError(t, json.Unmarshal(in, &text))
		want := []entity{}
		require.NoError(t, json.Unmarshal(out, &want))
		if d := cmp.Diff(want, entities(text)); d != "" {
			t.Errorf("%s %q: -want +got\n%s", id, text, d)
		}
	})
}

func TestVectorsHashtags(t *testing.T) {
	known := known(t)
	eachVector(t, "hashtags.jsonl", func(id string, in, out json.RawMessage) {
		if known[id] {
			return
		}
		var call struct{ Op, Text string }
		require.NoError(t, json.Unmarshal(in, &call))
		if call.Op != "extract" {
			return
		}
		want := []string{}
		require.NoError(t, json.Unmarshal(out, &want))
		if d := cmp.Diff(want, links.Hashtags([]string{}, call.Text)); d != "" {
			t.Errorf("%s %q: -want +got\n%s", id, call.Text, d)
		}
	})
}
