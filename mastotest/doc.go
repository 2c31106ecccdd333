// Package mastotest has test suites for implementations of masto's interfaces,
// and sample accounts as many kinds of servers send them.
//
// [TestStore] checks a [masto.Store], the adapter between masto and the tables
// of a server. [TestMediaStore] checks a [masto.MediaStore], which keeps
// pictures. Call them from a test of your own:
//
//	func TestAccounts(t *testing.T) {
//		mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
//			db := openDatabase(t) // empty at each call, and closed by t.Cleanup
//			insert(t, db, seed)
//			return accounts{db}
//		})
//	}
//
// Each rule is a subtest with a fresh store. A failure begins with the rule
// that was broken.
//
// [Fixtures] returns the sample accounts, for the tests of a client. Package
// fakeserver starts a server that a client can talk to. Package check reports
// where the JSON of a server of your own deviates from the documentation.
package mastotest
