package linkcheck_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"time"

	"github.com/seed-374a2035/masto/linkcheck"
)

func ExampleChecker_Check() {
	page := `<a href="https://social.example/@alice">me on the fediverse</a>`
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	defer server.Close()

	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	checker := &linkcheck.Checker{
		Instance: "https://social.example/",
		// For this example alone: the server is on loopback, which is refused.
		Allow:   func(addr netip.AddrPort) bool { return addr.Addr().IsLoopback() },
		RootCAs: roots,
	}
	report, err := checker.Check(context.Background(), server.URL, "https://social.example/@alice")
	fmt.Println(report.Linked, err)
	for _, f := range report.Findings {
		fmt.Printf("%s: %s %s\n", f.Code, f.Message, f.Fix)
	}
	// Output:
	// false <nil>
	// no_rel_me: A link to your profile is there, but its rel is “” and lacks the word me. Write rel="me" in it, beside other words if there are any.
}

func ExampleCanBeAttributed() {
	page := `<meta name="fediverse:creator" content="@alice@social.example">`
	creator, err := linkcheck.CreatorOf(strings.NewReader(page))
	fmt.Println(creator, err)
	// The attribution domains of that account, and the host of the page.
	fmt.Println(linkcheck.CanBeAttributed([]string{"spore.example"}, "blog.spore.example"))
	fmt.Println(linkcheck.CanBeAttributed([]string{"spore.example"}, "evilspore.example"))
	// Output:
	// alice@social.example <nil>
	// true
	// false
}

func ExamplePolicy_Next() {
	policy := linkcheck.Policy{Age: 24 * time.Hour, Patience: 48 * time.Hour}
	var history linkcheck.History // of a link that was never checked
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, linked := range []bool{true, false, false, false} {
		report := linkcheck.Report{ // as Checker.Check returns it
			Profile:  "https://social.example/@alice",
			FinalURL: "https://alice.example/",
			Linked:   linked,
		}
		var action linkcheck.Action
		history, action = policy.Next(history, report, now)
		fmt.Println(action, history.Next.Format(time.DateTime))
		now = now.Add(24 * time.Hour)
	}
	// Output:
	// mark 2026-01-02 00:00:00
	// keep 2026-01-02 01:00:00
	// keep 2026-01-03 02:00:00
	// unmark 2026-01-04 04:00:00
}
