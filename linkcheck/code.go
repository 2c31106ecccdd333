package linkcheck

import "strings"

// Code says what was found. Its text is stable, for programs; [Finding] has a
// sentence for people.
type Code string

// The address is none that can be verified; nothing is requested. Found is the
// address. They are the reasons of a [masto.UnverifiableError].
const (
	NotURL        Code = "not_url"
	NotHTTPS      Code = "not_https"
	HasUser       Code = "has_user"
	NoHost        Code = "no_host"
	HostNotNormal Code = "host_not_normal"
	PathNotNormal Code = "path_not_normal"
)

// The page could not be had. Each is the Code of an [Error].
const (
	NameNotFound     Code = "name_not_found"     // the name of the host does not resolve
	Unreachable      Code = "unreachable"        // no connection, or it broke, or does not speak HTTP
	BadTLS           Code = "bad_tls"            // the certificate is not valid for the host, or no TLS is spoken
	Timeout          Code = "timeout"            // the deadline passed
	Canceled         Code = "canceled"           // the caller gave up
	PrivateAddress   Code = "private_address"    // the host is not on the public internet
	RefusedAddress   Code = "refused_address"    // the policy refuses the address or its port
	BadRedirect      Code = "bad_redirect"       // a redirect to nowhere, or not to the web
	TooManyRedirects Code = "too_many_redirects" // more redirects than are followed
	Unavailable      Code = "unavailable"        // status 408, 425, 429 or 5xx: for now
)

// The page was answered, but is none that counts.
const (
	Status      Code = "status"       // its status is not 200
	NotHTML     Code = "not_html"     // it is no text/html
	BadEncoding Code = "bad_encoding" // compressed in a way that was not asked for
	Unparsable  Code = "unparsable"   // nested too deep, or it would explode
	TooLarge    Code = "too_large"    // larger than 1 MiB: what comes after is not seen
)

// The page has no link back.
const (
	NoLink       Code = "no_link"       // no link with rel=me, and none to the profile
	NoHTMLLinks  Code = "no_html_links" // not one link, but scripts, which are not run
	MetaRefresh  Code = "meta_refresh"  // the page sends visitors on, which is not followed
	NotALink     Code = "not_a_link"    // the address of the profile is there, but in no link
	NoRelMe      Code = "no_rel_me"     // a link to the profile lacks me in its rel
	WrongElement Code = "wrong_element" // another element than a and link
	Elsewhere    Code = "elsewhere"     // rel=me, to something else
)

// OwnPage says that the page links back and does not count all the same, by
// [Policy.OwnPage].
const OwnPage Code = "own_page" // it is the page of the profile itself

// A link with rel=me nearly leads to the profile: how it misses its address.
const (
	Spaces          Code = "spaces"           // spaces or line ends around it
	HTTP            Code = "http"             // http for https
	NoScheme        Code = "no_scheme"        // it lacks https://
	Relative        Code = "relative"         // relative to the page
	OtherHost       Code = "other_host"       // the same path on another host
	HostSpelling    Code = "host_spelling"    // a port, a dot or another spelling of the host
	TrailingSlash   Code = "trailing_slash"   // a slash at the end too much, or missing
	PercentEncoding Code = "percent_encoding" // %40 for @, and such
	Query           Code = "query"            // a query or a fragment
	OtherSpelling   Code = "other_spelling"   // another address of the profile, or a page below it
	LetterCase      Code = "letter_case"      // of a redirect, where it matters
)

// The first link with rel=me was asked by HEAD. Found is where it leads.
const (
	NoRedirect     Code = "no_redirect"     // it does not redirect to the profile
	RedirectFailed Code = "redirect_failed" // it could not be asked
)

// A Finding is one reason why a link does not verify.
type Finding struct {
	// Code says what was found.
	Code Code `json:"code"`
	// Found is what it is about: an address, a rel, a status; "" if nothing. It
	// is a stranger's text, of at most 300 bytes.
	Found string `json:"found,omitempty"`
	// Message is a sentence in English for the owner of the profile. It may
	// contain Found and the address of the profile: escape it like any text.
	Message string `json:"message"`
	// Fix says what to do about it, in English; "" if there is nothing to do.
	Fix string `json:"fix,omitempty"`
}

// texts are the message and the fix of each code. In them {found} stands for
// Found and {profile} for the address of the profile.
var texts = map[Code][2]string{
	NotURL:        {"“{found}” is not a web address.", "Write nothing but an address that begins with https://."},
	NotHTTPS:      {"“{found}” does not begin with https://.", "Write the address with https://."},
	HasUser:       {"The address “{found}” contains a user name.", "Write the address without what stands before the @."},
	NoHost:        {"The address “{found}” names no server.", "Write the address as https:// and the name of the server."},
	HostNotNormal: {"The name of the server in “{found}” is not in its normal form.", "Write it in lower case and in ASCII (xn--…)."},
	PathNotNormal: {
		"The path of “{found}” is not in its normal form.",
		"Copy the address from the address bar of a browser: special characters are percent-encoded there.",
	},

	NameNotFound:   {"The name of the server {found} cannot be found.", "Check the spelling of the address."},
	Unreachable:    {"The server {found} cannot be reached, or its answer is broken.", "Try again when the page opens in a browser."},
	BadTLS:         {"No secure connection to {found} can be made.", "Make sure that its certificate is valid for this name and sent with its whole chain."},
	Timeout:        {"{found} did not answer in time.", "Try again later."},
	Canceled:       {"The check was stopped.", "Try again."},
	PrivateAddress: {"{found} is not on the public internet.", "Use an address that everyone can open."},
	RefusedAddress: {"This server does not connect to {found}.", "Use an address at the usual port, without a number after the name of the server."},
	BadRedirect:    {"The page redirects to “{found}”, which cannot be followed.", "Enter the address where the page finally is."},
	TooManyRedirects: {
		"The page redirects too often, the last time to {found}.",
		"Enter the address where the page finally is.",
	},
	Unavailable: {"The server of the page answers with an error for now (status {found}).", "Try again later."},

	Status: {
		"The page answers with status {found}, and only 200 counts.",
		"Make sure that the page opens without logging in, and that its server does not turn programs away.",
	},
	NotHTML:     {"The address leads to a file of type {found}, not to a web page.", "Enter the address of an HTML page."},
	BadEncoding: {"The page is compressed as {found}, which was not asked for.", "Let the server compress only what the Accept-Encoding of a request names."},
	Unparsable:  {"The HTML of the page is too broken to be read.", "Check the page with a validator of HTML."},
	TooLarge:    {"The page is larger than 1 MiB, and what comes after that is not read.", "Put the link near the beginning of the page, such as in its head."},

	NoLink:      {"The page has no link to your profile.", `Add <a rel="me" href="{profile}">…</a> to it.`},
	NoHTMLLinks: {"The HTML of the page has no link at all; scripts add them later, and scripts are not run.", `Put <link rel="me" href="{profile}"> in the head of the page.`},
	MetaRefresh: {"The page sends visitors on to “{found}” by a meta refresh, which is not followed.", "Enter the address where the page finally is."},
	NotALink:    {"The page contains the address of your profile, but not as a link: in a text, a comment or a script.", `Add <a rel="me" href="{profile}">…</a> to it.`},
	NoRelMe:     {"A link to your profile is there, but its rel is “{found}” and lacks the word me.", `Write rel="me" in it, beside other words if there are any.`},
	WrongElement: {
		"The address of your profile with rel=me is on an element {found}, where it does not count.",
		"Use an element a, or an element link in the head.",
	},
	Elsewhere: {"The rel=me link “{found}” leads to something else than your profile.", `Add another one: <a rel="me" href="{profile}">…</a>.`},

	OwnPage: {
		"The address leads to “{found}”, which is your profile itself.",
		"Enter the address of another page of yours, which links to your profile.",
	},

	Spaces:          {"The address in the link “{found}” has spaces or line ends around it.", "Write {profile} and nothing else."},
	HTTP:            {"The link “{found}” begins with http:// in place of https://.", "Write {profile}."},
	NoScheme:        {"The link “{found}” lacks https:// at its beginning.", "Write {profile}."},
	Relative:        {"The link “{found}” is relative to the page, and must be the whole address.", "Write {profile}."},
	OtherHost:       {"The link “{found}” leads to another server than your profile.", "Write {profile}."},
	HostSpelling:    {"The link “{found}” spells the name of the server in another way.", "Write {profile}."},
	TrailingSlash:   {"The link “{found}” differs from the address of your profile by the slash at its end.", "Write {profile}, exactly."},
	PercentEncoding: {"The link “{found}” has other characters percent-encoded than the address of your profile, such as %40 for @.", "Write {profile}."},
	Query:           {"The link “{found}” has another part after ? or # than the address of your profile.", "Write {profile}."},
	OtherSpelling:   {"The link “{found}” is another address of your profile, or a page below it.", "Write {profile}."},
	LetterCase:      {"The link redirects to “{found}”, which differs in capital letters.", "Let it redirect to {profile}, exactly."},

	NoRedirect:     {"The first rel=me link does not redirect to your profile but to “{found}”.", "Let it redirect to {profile}, or link there directly."},
	RedirectFailed: {"The first rel=me link could not be asked where it leads ({found}).", "Link to {profile} directly."},
}

// maxFound is the longest text of a stranger in a Report, in bytes.
const maxFound = 300

// finding words a finding. Both texts may be a stranger's.
func finding(code Code, found, profile string) Finding {
	found = shorten(found)
	fill := strings.NewReplacer("{found}", found, "{profile}", shorten(profile))
	t := texts[code]
	return Finding{Code: code, Found: found, Message: fill.Replace(t[0]), Fix: fill.Replace(t[1])}
}

// shorten returns s as valid UTF-8 of at most maxFound bytes.
func shorten(s string) string {
	if len(s) > maxFound {
		s = s[:maxFound-len("…")]
		s = strings.ToValidUTF8(s, "") + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
