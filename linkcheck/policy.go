package linkcheck

import (
	"cmp"
	"time"
)

// The defaults of a Policy.
const (
	defaultAge      = 7 * 24 * time.Hour
	defaultRetry    = time.Hour
	defaultFailures = 3
	defaultPatience = 3 * 24 * time.Hour
)

// Policy says when a link is to be checked again, and what becomes of its mark.
// The zero value has the defaults. It reads no clock and keeps nothing: the
// server stores a [History] for each link of each account.
type Policy struct {
	// Age is how long after a check that found the link the next one is due.
	// 0: seven days. Negative: such a link is not checked again.
	Age time.Duration
	// Retry is how long after a check that failed the next one is due. It
	// doubles with each more in a row, up to Age. 0: an hour. Negative: none is
	// due.
	Retry time.Duration
	// Failures is how many checks in a row must have failed before a mark goes.
	// 0: three. Negative: one.
	Failures int
	// Patience is how long checks must have failed before a mark goes, from the
	// first of them. 0: three days. Negative: no time.
	Patience time.Duration
	// OwnPage lets the page of the profile itself, or a page below it, count.
	// It links to itself with rel=me if one of its fields does, so that an
	// address that redirects to a profile would be verified without being the
	// user's.
	OwnPage bool
}

// History is what is known of a link of an account from earlier checks. It is
// plain data, to be stored as JSON or in columns. The zero History is that of a
// link that was never checked.
type History struct {
	// CheckedAt is when the last check was; zero if there was none.
	CheckedAt time.Time `json:"checked_at,omitzero"`
	// LinkedAt is when a check found the link for the last time; zero if none
	// did.
	LinkedAt time.Time `json:"linked_at,omitzero"`
	// Failures is how many checks have failed since, in a row, and FailedAt is
	// when the first of them did; zero if none has.
	Failures int       `json:"failures,omitzero"`
	FailedAt time.Time `json:"failed_at,omitzero"`
	// Next is when the next check is due; zero if none is, until somebody asks
	// for one.
	Next time.Time `json:"next,omitzero"`
}

// Due reports whether a check is due at now.
func (h History) Due(now time.Time) bool {
	return !h.Next.IsZero() && !h.Next.After(now)
}

// Action is what becomes of the mark of a link.
type Action int

// The actions. In a check of Service.VerifyLinks they are true, false without
// an error, and an error.
const (
	Keep   Action = iota // leave it as it is, set or not
	Mark                 // set it
	Unmark               // take it away
)

// String returns the name of the action.
func (a Action) String() string {
	switch a {
	case Mark:
		return "mark"
	case Unmark:
		return "unmark"
	}
	return "keep"
}

// Next returns the history with the check of report, which was made at now, and
// what becomes of the mark. A check that was canceled says nothing and changes
// nothing. Every other one that did not find the link has failed, whether the
// page has none or could not be had: a mark goes if that happens again and
// again, for a while.
func (p Policy) Next(h History, report Report, now time.Time) (History, Action) {
	if report.Has(Canceled) {
		return h, Keep
	}
	h.CheckedAt = now
	if p.counts(report) {
		h.LinkedAt = now
		h.Failures, h.FailedAt = 0, time.Time{}
		h.Next = after(now, cmp.Or(p.Age, defaultAge))
		return h, Mark
	}
	if h.Failures == 0 {
		h.FailedAt = now
	}
	h.Failures++
	end := h.FailedAt.Add(max(0, cmp.Or(p.Patience, defaultPatience)))
	if h.Failures >= cmp.Or(p.Failures, defaultFailures) && !now.Before(end) {
		h.Next = after(now, p.pause(h.Failures))
		return h, Unmark
	}
	h.Next = after(now, p.pause(h.Failures))
	if end.After(now) && end.Before(h.Next) {
		h.Next = end // a mark that has to go does not wait for the pause to end
	}
	return h, Keep
}

// Findings returns the reasons why the link of report does not count: those of
// the report, or that it is the page of the profile. There are none if it does.
func (p Policy) Findings(report Report) []Finding {
	if report.Linked && !p.counts(report) {
		return []Finding{finding(OwnPage, report.FinalURL, report.Profile)}
	}
	return report.Findings
}

// counts reports whether the page links back, and may.
func (p Policy) counts(r Report) bool {
	return r.Linked && (p.OwnPage || !isOwnPage(r.FinalURL, r.Profile))
}

// isOwnPage reports whether url is an address of the profile, in whatever
// spelling, or of a page below it.
func isOwnPage(url, profile string) bool {
	for _, miss := range missCodes(url, profile, "") {
		if miss == Elsewhere || miss == OtherHost {
			return false
		}
	}
	return true
}

// pause returns how long after a number of failures in a row the next check is
// due, negative if none is.
func (p Policy) pause(failures int) time.Duration {
	pause, age := cmp.Or(p.Retry, defaultRetry), cmp.Or(p.Age, defaultAge)
	if age < 0 {
		age = defaultAge
	}
	for range failures - 1 {
		if pause < 0 || pause >= age {
			break
		}
		pause *= 2
	}
	return min(pause, age)
}

// after returns the time a pause after now, zero if the pause is negative.
func after(now time.Time, pause time.Duration) time.Time {
	if pause < 0 {
		return time.Time{}
	}
	return now.Add(pause)
}
