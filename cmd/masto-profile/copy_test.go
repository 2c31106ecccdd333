package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestCopy copies a profile from a server with much room to one with little.
func TestCopy(t *testing.T) {
	from := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pleroma))
	r := from.Record()
	r.Profile.Note = strings.Repeat("x", 510)
	r.Profile.Fields = append(r.Profile.Fields, masto.Field{Name: "c", Value: "3"}, masto.Field{Name: "d", Value: "4"},
		masto.Field{Name: "e", Value: "5"})
	from.SetRecord(r)
	require.Equal(t, 0, on(t, from, "edit", "-y", "-avatar", writeFile(t, "me.png", pngData, 0o600)).code)
	token := writeFile(t, "token", from.Token, 0o600)

	to := fakeserver.New(t, fakeserver.WithRecord(masto.NewRecord("7", "bob")), fakeserver.Strict())
	args := []string{"copy", from.URL, "-from-token-file", token, "-y"}
	dry := on(t, to, append(args, "-n")...)
	require.Equal(t, 0, dry.code, dry.err)
	assert.Zero(t, writes(to))
	copied := on(t, to, args...)
	require.Equal(t, 0, copied.code, copied.err)
	p := to.Record().Profile
	assert.Equal(t, strings.Repeat("x", 500), p.Note)
	assert.Len(t, p.Fields, 4)
	_, data, ok := to.Picture(p.Avatar)
	require.True(t, ok)
	assert.Equal(t, pngData, string(data))
	assert.Contains(t, copied.err, "! note: cut: "+strings.Repeat("x", 10)+"\n")
	assert.Contains(t, copied.err, "! fields_attributes: cut: e: 5\n")
}

// TestCopyToLess copies to a server that does not take all.
func TestCopyToLess(t *testing.T) {
	from := fakeserver.New(t)
	to := fakeserver.New(t, fakeserver.WithRecord(masto.NewRecord("7", "bob")),
		fakeserver.WithSoftware(fakeserver.Pixelfed))
	r := on(t, to, "copy", "-y", "-from-token-file", writeFile(t, "token", from.Token, 0o600), "-no-pictures", from.URL)
	require.Equal(t, 0, r.code, r.err)
	assert.Equal(t, "Alice", to.Record().Profile.DisplayName)
	assert.Contains(t, r.err, "! fields_attributes: left out: the server does not take it\n")
}

// TestCopyFromAnybody copies what anybody can see of an account, without a
// token for its server.
func TestCopyFromAnybody(t *testing.T) {
	from := fakeserver.New(t)
	to := fakeserver.New(t, fakeserver.WithRecord(masto.NewRecord("7", "bob")), fakeserver.Strict())
	r := on(t, to, "copy", "-y", "@alice@"+from.URL)
	require.Equal(t, 0, r.code, r.err)
	p := to.Record().Profile
	assert.Equal(t, "Mushrooms! https://loaf.io #fungi", p.Note)
	assert.Len(t, p.Fields, 2)
	for _, sent := range from.Requests() {
		assert.Empty(t, sent.Header.Get("Authorization"))
	}
	assert.Equal(t, exitServer, on(t, to, "copy", "-y", "nobody@"+from.URL).code)
}

func TestCopyNeedsASource(t *testing.T) {
	to := fakeserver.New(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		text string
	}{
		{"nothing", []string{"copy"}, exitUsage, "copy takes a server or the address of an account"},
		{"no token", []string{"copy", "old.example"}, exitUsage, "run masto-profile login old.example"},
		{"no token file", []string{"copy", "old.example", "-from-token-file", "/no/file"}, exitUsage, "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := on(t, to, c.args...)
			assert.Equal(t, c.code, r.code)
			assert.Contains(t, r.err, c.text)
		})
	}
}

func TestLimits(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pleroma))
	r := runs(t, s.URL, "", "", "limits")
	require.Equal(t, 0, r.code, r.err)
	assert.Contains(t, r.out, ": pleroma 2.7.2 (compatible; Pleroma 2.9.1)\n")
	assert.Regexp(t, `note +not told\n`, r.out)
	assert.Regexp(t, `fields +10 rows\n`, r.out)

	old := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Mastodon42))
	r = runs(t, old.URL, "", "", "limits")
	assert.Regexp(t, `note +500 characters +not told; the default of Mastodon\n`, r.out)

	r = runs(t, old.URL, "", "", "limits", "-json")
	var answer struct {
		Software string
		Limits   []struct {
			Attribute string
			Max       *int64
			Told      bool
		}
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &answer))
	assert.Equal(t, "mastodon", answer.Software)
	assert.Equal(t, "note", answer.Limits[1].Attribute)
	assert.Equal(t, int64(500), *answer.Limits[1].Max)
	assert.False(t, answer.Limits[1].Told)
}

// TestDifference checks that lines which are the same in both are not listed.
func TestDifference(t *testing.T) {
	for _, c := range []struct {
		name, was, is, want string
	}{
		{"nothing", "a b c", "a b c", ""},
		{"one in the middle", "a b c", "a x c", "- b + x"},
		{"two apart", "a b c d e", "x b c y e", "- a + x - d + y"},
		{"one moved", "a b c", "b c a", "- a + a"},
		{"added", "a c", "a b c d", "+ b + d"},
		{"removed", "a b c", "b", "- a - c"},
		{"all", "a", "b", "- a + b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(difference(strings.Fields(c.was), strings.Fields(c.is)), " ")
			assert.Equal(t, c.want, strings.Join(strings.Fields(got), " "))
		})
	}
	long := strings.Split(strings.Repeat("a\n", 1100), "\n")
	assert.Len(t, difference(append([]string{"x"}, long...), append(long, "y")), 2*len(long)+2, "too many to compare")
}
