// Package linkcheck asks the page that a profile links to for a link back, so
// that the profile can show that both belong to the same person, and explains
// to that person why a link does not verify.
//
//	report, err := checker.Check(ctx, "https://alice.example/", "https://social.example/@alice")
//
// A page links back if one of its a or link elements has the word me in its rel
// attribute and the address of the profile as its href, which is
// [masto.LinksBack]. If none has, the first element with rel=me is asked once,
// by HEAD, whether it redirects to the profile. [Checker.LinksBack] has only
// the answer, and fits Service.VerifyLinks. The files:
//
//	checker.go      Checker, and the course of a check
//	fetch.go        requests, redirects and bodies
//	proxy.go        connections, through a proxy if asked for
//	address.go      which addresses may be connected to
//	hosts.go        how many requests a host gets at once
//	report.go       Report and its Error
//	code.go         the codes, and their sentences for people
//	page.go         what a page has in the way of links
//	miss.go         how an address misses that of the profile
//	policy.go       when to check again, and what becomes of a mark
//	attribution.go  fediverse:creator, and who may be named by it
//
// # Safety
//
// The addresses come from strangers, and the server that follows them stands
// inside a network that strangers cannot reach. So
//
//   - a connection is made only to a public address ([IsPublic]) at port 80 or
//     443. This is judged on the number that is connected to, after the name
//     was resolved, for each connection: a name that resolves differently the
//     second time gains nothing. [Checker.Allow] is the hook for another
//     policy;
//   - the page itself must be https; redirects, each of them checked like the
//     first address, and the address that is asked by HEAD may be http;
//   - no cookie, no Referer, no credentials are sent;
//   - no proxy is used, whatever the environment says, unless [Checker.Proxy]
//     does: then it is asked to connect to an address that was judged as
//     above, never to a name;
//   - a check has a deadline, at most [Checker.MaxRedirects] redirects, at most
//     64 KiB of headers, and reads at most 1 MiB of a page, decompressed;
//   - a host gets at most [Checker.PerHost] requests at once.
//
// # Errors
//
// No error means that the page was seen: Report.Linked is the answer. An error,
// an [*Error], means that nobody knows, since the page could not be had; a mark
// that is there should stay for a while. The Report is of use in both cases.
//
// # Schedule and patience
//
// Pages change, and servers are down for a while. [Policy.Next] says, from what
// is known of a link and from a new report, when the link is to be checked
// again and whether its mark is set, stays, or goes.
package linkcheck
