// Package mastotest helps to test what is made with masto: it checks implementations of masto's interfaces against the rules that their
// documentation states, and JSON against that of the API, and it has accounts and a server for the tests of clients.
//
// # Servers
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
// Package check reports where the JSON that a server answers deviates from the
// documentation.
//
// # Clients
//
// [Fixtures] are accounts as each kind of server sends them. [NewServer] starts a server that behaves like the reference implementation,
// or like another kind of server, and remembers what it was sent:
//
//	func TestClearBio(t *testing.T) {
//		s := mastotest.NewServer(t, mastotest.As(mastotest.Pleroma), mastotest.Strict())
//		if err := myclient.New(s.URL, s.Token).ClearBio(); err != nil {
//			t.Fatal(err)
//		}
//		if note := s.Record().Profile.Note; note != "" {
//			t.Errorf("the bio is %q", note)
//		}
//		if _, ok := s.LastUpdate().Param("display_name"); ok {
//			t.Error("the display name was sent too")
//		}
//	}
package mastotest
