package vectors_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/vectors"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		name    string
		line    string
		id      string
		in      string
		out     string
		isError bool
	}{
		{
			name: "a vector",
			line: `{"id":"note-a-001","in":"x","out":null}`,
			id:   "note-a-001",
			in:   `"x"`,
			out:  `null`,
		},
		{
			name: "a text with a line separator",
			line: "{\"id\":\"a\",\"in\":\"x\u2028y\",\"out\":1}",
			id:   "a",
			in:   "\"x\u2028y\"",
			out:  "1",
		},
		{
			name: "no ID",
			line: `{"in":1,"out":2}`,
			id:   "some.jsonl:3",
			in:   `1`,
			out:  `2`,
		},
		{
			name:    "no JSON",
			line:    `note-a-001`,
			id:      "some.jsonl:3",
			isError: true,
		},
		{
			name:    "half a vector",
			line:    `{"id":"a","in":`,
			id:      "some.jsonl:3",
			isError: true,
		},
		{
			name:    "another ID",
			line:    `{"id":1,"in":2,"out":3}`,
			id:      "some.jsonl:3",
			in:      `2`,
			out:     `3`,
			isError: true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "some.jsonl")
			require.NoError(t, os.WriteFile(path, []byte("\n \r\n"+tt.line+"\n\n"), 0o600))
			all := vectors.Read(t, path)
			require.Len(t, all, 1)
			assert.Equal(t, tt.id, all[0].ID)
			assert.Equal(t, tt.in, string(all[0].In))
			assert.Equal(t, tt.out, string(all[0].Out))
			assert.Equal(t, tt.isError, all[0].Err != nil)
		})
	}
}

func TestFile(t *testing.T) {
	assert.Greater(t, len(vectors.File(t, "note")), 100)
	assert.Len(t, vectors.Texts(t, "note"), len(vectors.File(t, "note")))
	assert.Empty(t, vectors.Texts(t, "hashtags"), "their inputs are objects")
}

func TestKnown(t *testing.T) {
	assert.Equal(t, ".an is no TLD any more", vectors.Known(t)["len-tld-002"])
}
