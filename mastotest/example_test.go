package mastotest_test

import (
	"fmt"
	"testing"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
	"github.com/seed-374a2035/masto/memstore"
)

// A test of the package that has the store calls the suite. Here the store is
// that of memstore.
func ExampleTestStore() {
	// func TestStore(t *testing.T)
	_ = func(t *testing.T) {
		mastotest.TestStore(t, func(_ *testing.T, seed ...*masto.Record) masto.Store {
			return memstore.New(seed...) // It has these accounts and no others.
		})
	}
}

// The same attribute does not look the same on every server.
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
