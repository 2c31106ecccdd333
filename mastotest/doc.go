// Package mastotest checks implementations of masto's interfaces against the rules that their documentation states.
//
// [TestStore] is for a [masto.Store], the adapter between masto and the tables of a server, and [TestMediaStore] for a
// [masto.MediaStore], which keeps pictures. Call them from a test of your own:
//
//	func TestAccounts(t *testing.T) {
//		mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
//			db := openDatabase(t) // empty at each call, closed by t.Cleanup
//			insert(t, db, seed)
//			return accounts{db}
//		})
//	}
//
// Each rule is a subtest with a fresh store, and what it prints begins with the rule that was broken.
//
// [CheckAccount] and its siblings say where the JSON that a server answers departs from the documentation.
package mastotest
