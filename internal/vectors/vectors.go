// Package vectors reads the vectors: inputs of the reference implementation,
// and what it was observed to make of them. Only tests import it.
//
// The vectors are in testdata/vectors at the root of the module, one file a
// kind. FORMAT.md in that folder describes the files, and known.txt lists the
// vectors that the library misses, each with the reason.
//
//   - [File] returns a file of that folder, wherever in the module the test is.
//     Every line of it is a vector.
//   - [Read] returns a file from anywhere. A line that is not a vector has an
//     error in its place, so that a test counts it as a miss.
//   - [Texts] returns those inputs of a file that are texts.
//   - [Known] returns what known.txt lists.
//
// A file is read whole; the largest has about a megabyte.
package vectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Vector is a line of a file.
type Vector struct {
	// ID is the unique name of the vector. A line that has none is named by its
	// file and number: note.jsonl:12.
	ID string `json:"id"`
	// In is the input, in JSON.
	In json.RawMessage `json:"in"`
	// Out is the output, in JSON.
	Out json.RawMessage `json:"out"`
	// Err is why the line is not a vector. It is nil if the line is one.
	Err error `json:"-"`
}

// Folder returns the path of testdata/vectors. It ends the test if no folder
// above that of the test has one.
func Folder(tb testing.TB) string {
	tb.Helper()
	folder, err := os.Getwd()
	for err == nil {
		path := filepath.Join(folder, "testdata", "vectors")
		if _, err := os.Stat(filepath.Join(path, "FORMAT.md")); err == nil {
			return path
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			break
		}
		folder = parent
	}
	tb.Fatalf("there is no testdata/vectors above this test (%v)", err)
	return ""
}

// File returns the vectors of one kind, such as "note". It ends the test if the
// file cannot be read or has a line that is not a vector.
func File(tb testing.TB, kind string) []Vector {
	tb.Helper()
	all := Read(tb, filepath.Join(Folder(tb), kind+".jsonl"))
	for _, v := range all {
		if v.Err != nil {
			tb.Fatalf("%s: %v", v.ID, v.Err)
		}
	}
	return all
}

// Read returns the lines of the file at a path, without the blank ones. It ends
// the test if the file cannot be read.
func Read(tb testing.TB, path string) []Vector {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var all []Vector
	number := 0
	// Only \n ends a line: U+2028 may stand in a text as it is.
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		number++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var v Vector
		v.Err = json.Unmarshal(line, &v)
		if v.ID == "" {
			v.ID = fmt.Sprintf("%s:%d", filepath.Base(path), number)
		}
		all = append(all, v)
	}
	return all
}

// Texts returns the inputs of one kind that are texts, in order.
func Texts(tb testing.TB, kind string) []string {
	tb.Helper()
	var texts []string
	for _, v := range File(tb, kind) {
		var text string
		if json.Unmarshal(v.In, &text) == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

// Known returns the IDs in known.txt with their reasons. It ends the test if
// one has no reason.
func Known(tb testing.TB) map[string]string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(Folder(tb), "known.txt"))
	if err != nil {
		tb.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, _ := strings.Cut(line, " ")
		if reason = strings.TrimSpace(reason); reason == "" {
			tb.Fatalf("known.txt: %q has no reason", line)
		}
		known[id] = reason
	}
	return known
}
