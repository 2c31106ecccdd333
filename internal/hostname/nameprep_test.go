package hostname_test

import (
	"bufio"
	_ "embed"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/hostname"
)

// nameprepTSV has the tables of nameprep, from Python's stringprep: the ranges
// that are mapped to nothing and that are prohibited beyond ASCII, and what
// each assigned character becomes that does not stay as it is, mapped and
// normalized.
//
//go:embed testdata/nameprep.tsv
var nameprepTSV string

// tables reads nameprepTSV.
func tables(t *testing.T) (nothing, prohibited map[rune]bool, mapped map[rune]string) {
	t.Helper()
	nothing, prohibited, mapped = map[rune]bool{}, map[rune]bool{}, map[rune]string{}
	lines := bufio.NewScanner(strings.NewReader(nameprepTSV))
	for lines.Scan() {
		row := strings.Split(lines.Text(), "\t")
		first, err := strconv.ParseInt(row[1], 16, 32)
		require.NoError(t, err)
		if row[0] == "map" {
			mapped[rune(first)] = row[2]
			continue
		}
		last, err := strconv.ParseInt(row[2], 16, 32)
		require.NoError(t, err)
		for r := rune(first); r <= rune(last); r++ {
			if row[0] == "nothing" {
				nothing[r] = true
			} else {
				prohibited[r] = true
			}
		}
	}
	return nothing, prohibited, mapped
}

// TestTables compares every character with the tables of the RFC.
func TestTables(t *testing.T) {
	nothing, prohibited, mapped := tables(t)
	corrected := map[rune]bool{0x2F868: true, 0x2F874: true, 0x2F91F: true, 0x2F95F: true, 0x2F9BF: true}
	require.Len(t, nothing, 27)
	for r := rune(0x80); r <= 0x10FFFF; r++ {
		if hostname.IsMappedToNothing(r) != nothing[r] {
			t.Errorf("IsMappedToNothing(%U) = %v", r, !nothing[r])
		}
		if hostname.IsProhibited(r) != prohibited[r] {
			t.Errorf("IsProhibited(%U) = %v", r, !prohibited[r])
		}
		if prohibited[r] || nothing[r] || corrected[r] {
			continue
		}
		want, ok := mapped[r]
		if !ok {
			want = string(r)
		}
		if got := hostname.Normalize(string(r)); got != want {
			t.Errorf("Normalize(%U) = %+q, want %+q", r, got, want)
		}
		// Where nothing is copied the outcome is the same.
		if got, ok := hostname.Prepare(string(r)); ok && got != want {
			t.Errorf("%U is prepared as %+q, want %+q", r, got, want)
		}
	}
}

func TestNameprep(t *testing.T) {
	for _, tt := range []struct {
		name, label, want string
	}{
		{"small letters", "bücher", "bücher"},
		{"capital letters", "BÜCHER", "bücher"},
		{"a small letter goes together with a mark", "H\u0331", "\u1e96"},
		{"a letter and its mark", "u\u0308", "ü"},
		{"two letters for one", "Straße", "strasse"},
		{"a capital I with a dot", "İ", "i\u0307"},
		{"an iota below", "ᾳ", "αι"},
		{"an iota below, before another mark", "\u03b1\u0345\u0301", "αί"},
		{"a compatibility form that is a capital letter", "ℂ", "c"},
		{"nothing", "a\u00adb\u200dc", "abc"},
		{"a character that came later stays", "\u1e9ex", "\u1e9ex"},
		{"and marks around it", "a\u030a\U0001f344u\u0308", "å\U0001f344ü"},
		{"a mark that came later does not go together", "a\u1ab0\u030a", "a\u1ab0\u030a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := hostname.Prepare(tt.label)
			require.True(t, ok)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestDirectionsAgree(t *testing.T) {
	for _, tt := range []struct {
		label string
		want  bool
	}{
		{"", true},
		{"abc1", true},
		{"مرحبا", true},
		{"م1ا", true},
		{"مرحبا1", false},
		{"1مرحبا", false},
		{"مaا", false},
		{"aم", false},
		{"שלום", true},
	} {
		require.Equal(t, tt.want, hostname.DirectionsAgree(tt.label), tt.label)
	}
}
