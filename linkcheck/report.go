package linkcheck

import (
	"fmt"
	"slices"
)

// Report is what a check has seen. Its JSON is for the owner of the profile or
// for programs. Texts in it are a stranger's, of at most 300 bytes each: escape
// them.
type Report struct {
	// URL and Profile are the addresses that the check was asked about.
	URL     string `json:"url"`
	Profile string `json:"profile_url"`
	// Linked reports whether the page links back.
	Linked bool `json:"linked"`
	// Suggestion is an address to enter instead if URL is none that can be
	// verified; "" if there is none.
	Suggestion string `json:"suggestion,omitempty"`
	// FinalURL is where the redirects ended, without a fragment: URL if there
	// were none, and "" if nothing was requested.
	FinalURL string `json:"final_url,omitempty"`
	// Redirects are the addresses that were redirected to, in their order.
	Redirects []string `json:"redirects,omitempty"`
	// Status is the last status; 0 if there was no answer.
	Status int `json:"status,omitempty"`
	// ContentType is the Content-Type of the page.
	ContentType string `json:"content_type,omitempty"`
	// Bytes is how much of the page was read, decompressed.
	Bytes int `json:"bytes,omitempty"`
	// Links are the elements with rel=me and those that nearly lead to the
	// profile, in the order of the page, at most 50.
	Links []Link `json:"links"`
	// Findings are the reasons why the page does not link back, the likeliest
	// one first; empty if Linked.
	Findings []Finding `json:"findings"`
}

// Link is an element that is or could be a link back.
type Link struct {
	Element string `json:"element"` // a or link; another one never counts
	Rel     string `json:"rel"`
	Href    string `json:"href"`
	// Misses are the ways in which it is not a link back; empty if it is one.
	Misses []Code `json:"misses,omitempty"`
}

// Has reports whether the report has a finding with the code.
func (r Report) Has(code Code) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code })
}

// add adds a finding, unless there is one with the same code and text.
func (r *Report) add(code Code, found string) {
	f := finding(code, found, r.Profile)
	if !slices.Contains(r.Findings, f) {
		r.Findings = append(r.Findings, f)
	}
}

// Error says why a page, or the link that it was to be asked by, could not be
// had. Match it with errors.As.
type Error struct {
	// Code is one of those for pages that could not be had.
	Code Code
	// URL is the address that failed, which may be one redirected to.
	URL string
	// Err is the cause; nil if Code says it all. One matching
	// context.DeadlineExceeded or context.Canceled is the context's.
	Err error
}

// Error returns the code, the address and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("linkcheck: %s: %s", e.Code, e.URL)
	}
	return fmt.Sprintf("linkcheck: %s: %s: %v", e.Code, e.URL, e.Err)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
