package mastotest_test

import (
	"fmt"

	"github.com/seed-374a2035/masto/mastotest"
)

// What the same attribute looks like from one server to the next.
func ExampleFixtures() {
	for _, f := range mastotest.Fixtures() {
		if f.Own && f.Account.Avatar == "" {
			fmt.Printf("%s %s: %s has no avatar\n", f.Software, f.Version, f.Account.Acct)
		}
	}
	// Output:
	// akkoma 3.x: enoki has no avatar
	// gotosocial 0.17-0.19: shiitake has no avatar
}
