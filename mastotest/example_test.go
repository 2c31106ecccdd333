package mastotest_test

import (
	"fmt"
	"testing"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/memstore"
)

// In a test of the package that has the store, here memstore: each rule is a subtest.
func ExampleTestStore() {
	// func TestStore(t *testing.T)
	_ = func(t *testing.T) {
		mastotest.TestStore(t, func(_ *testing.T, seed ...*masto.Record) masto.Store {
			return memstore.New(seed...) // a fresh one with these accounts; t.Cleanup closes a database
		})
	}
}

// What the same attribute looks like from one server to the next.
func ExampleFixtures() {
	for _, f := range mastotest.Fixtures() {
		if f.Credential && f.Account.Avatar == "" {
			fmt.Printf("%s %s: %s has no avatar\n", f.Software, f.Version, f.Account.Acct)
		}
	}
	// Output:
	// akkoma 3.x: enoki has no avatar
	// gotosocial 0.17-0.19: shiitake has no avatar
}
