package linkcheck_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/linkcheck"
)

// Reports of each kind.
var (
	linked      = report(true, "https://alice.example/", "")
	noLink      = report(false, "https://alice.example/", linkcheck.NoLink)
	unavailable = report(false, "https://alice.example/", linkcheck.Unavailable)
	canceled    = report(false, "https://alice.example/", linkcheck.Canceled)
	ownPage     = report(true, profile, "")
)

func report(linked bool, final string, code linkcheck.Code) linkcheck.Report {
	r := linkcheck.Report{URL: "https://alice.example/", FinalURL: final, Profile: profile, Linked: linked}
	if code != "" {
		r.Findings = []linkcheck.Finding{{Code: code}}
	}
	return r
}

const (
	hour = time.Hour
	day  = 24 * hour
)

// TestPolicy drives each policy by a clock of its own: a step is a check some
// time after the one before.
func TestPolicy(t *testing.T) {
	type step struct {
		after    time.Duration
		report   linkcheck.Report
		action   linkcheck.Action
		next     time.Duration // from this check; 0: none is due
		failures int
	}
	const keep, mark, unmark = linkcheck.Keep, linkcheck.Mark, linkcheck.Unmark
	for _, tt := range []struct {
		name   string
		policy linkcheck.Policy
		steps  []step
	}{
		{
			name: "found again and again",
			steps: []step{
				{0, linked, mark, 7 * day, 0},
				{7 * day, linked, mark, 7 * day, 0},
			},
		},
		{
			name: "never found: asked for less and less often, up to the age",
			steps: []step{
				{0, noLink, keep, hour, 1},
				{hour, noLink, keep, 2 * hour, 2},
				{2 * hour, noLink, keep, 4 * hour, 3},
				{4 * hour, noLink, keep, 8 * hour, 4},
				{8 * hour, noLink, keep, 16 * hour, 5},
				{16 * hour, noLink, keep, 32 * hour, 6},
				{32 * hour, noLink, keep, 9 * hour, 7},
				{9 * hour, noLink, unmark, 128 * hour, 8},
				{128 * hour, noLink, unmark, 7 * day, 9},
				{7 * day, noLink, unmark, 7 * day, 10},
			},
		},
		{
			name: "found after failures",
			steps: []step{
				{0, unavailable, keep, hour, 1},
				{hour, noLink, keep, 2 * hour, 2},
				{2 * hour, linked, mark, 7 * day, 0},
				{7 * day, noLink, keep, hour, 1},
			},
		},
		{
			name: "failures, but not for long enough",
			steps: []step{
				{0, linked, mark, 7 * day, 0},
				{day, noLink, keep, hour, 1},
				{0, noLink, keep, 2 * hour, 2},
				{0, noLink, keep, 4 * hour, 3},
				{0, noLink, keep, 8 * hour, 4},
			},
		},
		{
			name: "for long enough, but not often enough",
			steps: []step{
				{0, linked, mark, 7 * day, 0},
				{7 * day, unavailable, keep, hour, 1},
				{5 * day, unavailable, keep, 2 * hour, 2},
				{2 * hour, unavailable, unmark, 4 * hour, 3},
			},
		},
		{
			name: "a success begins the count anew",
			steps: []step{
				{0, noLink, keep, hour, 1},
				{2 * day, noLink, keep, 2 * hour, 2},
				{day, linked, mark, 7 * day, 0},
				{0, noLink, keep, hour, 1},
				{2 * day, noLink, keep, 2 * hour, 2},
				{0, noLink, keep, 4 * hour, 3},
				{day, noLink, unmark, 8 * hour, 4},
				{day, linked, mark, 7 * day, 0},
			},
		},
		{
			name: "a check that was canceled says nothing",
			steps: []step{
				{0, noLink, keep, hour, 1},
				{hour, canceled, keep, 0, 1}, // due since then
				{0, linked, mark, 7 * day, 0},
			},
		},
		{
			name:   "chosen times",
			policy: linkcheck.Policy{Age: day, Retry: 10 * hour, Failures: 2, Patience: 12 * hour},
			steps: []step{
				{0, linked, mark, day, 0},
				{day, noLink, keep, 10 * hour, 1},
				{10 * hour, noLink, keep, 2 * hour, 2},
				{2 * hour, noLink, unmark, day, 3},
			},
		},
		{
			name:   "no patience",
			policy: linkcheck.Policy{Failures: -1, Patience: -1},
			steps: []step{
				{0, linked, mark, 7 * day, 0},
				{7 * day, noLink, unmark, hour, 1},
			},
		},
		{
			name:   "no schedule",
			policy: linkcheck.Policy{Age: -1, Retry: -1},
			steps: []step{
				{0, linked, mark, 0, 0},
				{day, noLink, keep, 0, 1},
				{day, noLink, keep, 0, 2},
			},
		},
		{
			name:   "the page of the profile does not count",
			policy: linkcheck.Policy{Failures: 1, Patience: -1},
			steps: []step{
				{0, ownPage, unmark, hour, 1},
				{hour, report(true, profile+"/media", ""), unmark, 2 * hour, 2},
				{hour, report(true, "http://social.example/users/alice", ""), unmark, 4 * hour, 3},
				{hour, report(true, "https://social.example/@bob", ""), mark, 7 * day, 0},
				{hour, report(true, "https://mirror.example/@alice", ""), mark, 7 * day, 0},
			},
		},
		{
			name:   "the page of the profile counts",
			policy: linkcheck.Policy{OwnPage: true},
			steps:  []step{{0, ownPage, mark, 7 * day, 0}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h linkcheck.History
			now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			for i, s := range tt.steps {
				now = now.Add(s.after)
				before := h
				var action linkcheck.Action
				h, action = tt.policy.Next(stored(t, h), s.report, now)
				require.Equal(t, s.action, action, "step %d", i)
				require.Equal(t, s.failures, h.Failures, "step %d", i)
				if s.report.Has(linkcheck.Canceled) {
					require.Equal(t, before, h)
					require.True(t, h.Due(now))
					continue
				}
				require.Equal(t, now, h.CheckedAt)
				if s.next == 0 {
					require.Zero(t, h.Next, "step %d", i)
					require.False(t, h.Due(now.AddDate(10, 0, 0)))
					continue
				}
				require.Equal(t, s.next, h.Next.Sub(now), "step %d", i)
				require.False(t, h.Due(h.Next.Add(-1)))
				require.True(t, h.Due(h.Next))
			}
		})
	}
}

// stored returns the history as it comes back from JSON.
func stored(t *testing.T, h linkcheck.History) (back linkcheck.History) {
	t.Helper()
	data, err := json.Marshal(h)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, h, back)
	return back
}

func TestPolicyFindings(t *testing.T) {
	var p linkcheck.Policy
	require.Empty(t, p.Findings(linked))
	require.Equal(t, noLink.Findings, p.Findings(noLink))
	require.Equal(t, linkcheck.OwnPage, p.Findings(ownPage)[0].Code)
	require.Contains(t, p.Findings(ownPage)[0].Message, profile)
	p.OwnPage = true
	require.Empty(t, p.Findings(ownPage))
}
