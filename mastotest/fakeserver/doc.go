// Package fakeserver starts servers for the tests of clients of the Mastodon
// API. A [Server] has an account, or several, keeps them in memory, takes
// updates as the reference implementation does, or as another kind of server
// (see [Software]), and remembers what it was sent. A [Middleware] lets it
// fail.
//
//	func TestClearBio(t *testing.T) {
//		s := fakeserver.New(t, fakeserver.WithSoftware(fakeserver.Pleroma), fakeserver.Strict())
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
//
// A Server answers
//
//	GET, PATCH, PUT  /api/v1/profile
//	DELETE           /api/v1/profile/avatar, /api/v1/profile/header
//	GET              /api/v1/accounts/verify_credentials
//	PATCH            /api/v1/accounts/update_credentials
//	GET              /api/v1/accounts/{id}, /api/v1/accounts/lookup?acct=…
//	GET              /api/v2/instance, /api/v1/instance
//	GET              /.well-known/nodeinfo, /nodeinfo/2.0
//
// as far as its kind has them, and the pictures at the addresses that the
// account has. Everything else is 404.
package fakeserver
