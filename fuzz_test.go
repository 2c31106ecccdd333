package masto_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// Whatever comes, decoding does what the slow twin does, and encoding the outcome too, with nothing changing after that.
func FuzzDecode(f *testing.F) {
	for _, data := range wireSamples(f) {
		f.Add(data)
	}
	for _, v := range vectors.File(f, "serializer") {
		f.Add([]byte(text(v.Out)))
	}
	for _, e := range fullEntities(f) {
		f.Add(marshal(e))
	}
	f.Add([]byte(`{"id":1,"moved":{"moved":{},"source":[]},"source":[ ],"role":"x","a":"\ud800 \ud83d\ude00` + "\xff\"}"))
	f.Add([]byte(`{"fields":{"0":{"name":"a"},"x":{},"3":null},"bot":"1","noindex":0,"created_at":1486519253.5}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var account, twin masto.Account
		compare(t, data, &account, &twin, func() bool { return twinDecode(data, accountReaders(&twin, false), &twin.Extra) }, func() []byte {
			return twinObject(twinAccountPairs(&account), account.Extra)
		})
		var credential, credentialTwin masto.CredentialAccount
		compare(t, data, &credential, &credentialTwin, func() bool {
			return twinDecode(data, credentialReaders(&credentialTwin), &credentialTwin.Extra)
		}, func() []byte { return twinCredentialAccount(&credential) })
		var partial, partialTwin masto.PartialAccountWithAvatar
		compare(t, data, &partial, &partialTwin, func() bool {
			return twinDecode(data, partialAccountReaders(&partialTwin), &partialTwin.Extra)
		}, func() []byte { return twinPartialAccount(&partial) })
		var profile, profileTwin masto.Profile
		compare(t, data, &profile, &profileTwin, func() bool { return twinDecode(data, profileReaders(&profileTwin), &profileTwin.Extra) }, func() []byte {
			return twinProfile(&profile)
		})
	})
}

func compare[E entity](t *testing.T, data []byte, got, want E, read func() bool, write func() []byte) {
	t.Helper()
	err := got.UnmarshalJSON(data)
	if ok := read(); ok != (err == nil) {
		t.Fatalf("the twin decodes: %v, we: %v", ok, err)
	}
	if err != nil {
		e, ok := errors.AsType[*masto.DecodeError](err)
		if !ok || !errors.Is(err, masto.ErrMalformed) || e.Offset < 0 || e.Offset > int64(len(data)) {
			t.Fatalf("error %v", err)
		}
		return
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal("decoded (-twin):", d)
	}
	once := marshal(got)
	if d := cmp.Diff(string(write()), string(once)); d != "" {
		t.Fatal("encoded (-twin):", d)
	}
	if err := got.UnmarshalJSON(once); err != nil {
		t.Fatalf("what was encoded does not decode: %v\n%s", err, once)
	}
	if d := cmp.Diff(string(once), string(marshal(got))); d != "" {
		t.Fatal("encoded again:", d)
	}
}

// Every byte that is written is what the slow twin writes, whatever stands in the entity.
func FuzzEncode(f *testing.F) {
	f.Add("", "", int64(0), uint64(0), int64(0), 0, []byte(nil))
	f.Add("a\"\\<\u2028\xff\x01", "é\t日本", int64(-1), uint64(1<<40-1), int64(1486519253274), 3600, []byte(` { "a" : "\ud800\u0041 \\ud800`+"\xff\"} "))
	f.Add("id", "1234567\xff", int64(1<<62), uint64(0x5555555555), int64(-62135596800000), -1052, []byte("[1,2"))
	f.Fuzz(func(t *testing.T, s, s2 string, n int64, flags uint64, ms int64, offset int, raw []byte) {
		flag := func(i int) bool { return flags>>i&1 == 1 }
		maybe := func(i int) *bool {
			if flag(i) {
				b := flag(i + 1)
				return &b
			}
			return nil
		}
		at := time.UnixMilli(ms)
		if offset != 0 {
			at = at.In(time.FixedZone("", offset%(24*3600)))
		}
		extra := map[string]json.RawMessage{s: raw, s2: json.RawMessage(`1`), "id": raw, "name": raw, "source": raw}
		if flag(0) {
			extra = nil
		}
		fields := []masto.Field{{Name: s, Value: s2, VerifiedAt: at}, {Value: s}}
		a := masto.Account{
			ID: s, Username: s2, Acct: s + s2, DisplayName: s2 + s, Locked: flag(1), Bot: flag(2), Discoverable: maybe(3), Indexable: flag(5), Group: flag(6),
			CreatedAt: at, Note: s + "<p>" + s2, URL: s, URI: s2, Avatar: s, AvatarStatic: s2, AvatarDescription: s, Header: s2, HeaderStatic: s,
			HeaderDescription: s2, FollowersCount: n, FollowingCount: -n, StatusesCount: n / 10, LastStatusAt: at, HideCollections: maybe(7), ShowMedia: maybe(9),
			ShowMediaReplies: maybe(11), ShowFeatured: maybe(13), Suspended: flag(15), Limited: flag(16), Noindex: maybe(17), Memorial: flag(19),
			EmailSubscriptions: maybe(20), InvalidHandle: flag(22), Extra: extra,
		}
		if flag(23) {
			a.FeatureApproval = &masto.FeatureApproval{Automatic: []string{s, s2}, CurrentUser: s, Extra: extra}
			a.Emojis = []masto.CustomEmoji{{Shortcode: s, URL: s2, StaticURL: s, VisibleInPicker: flag(24), Category: s2, Extra: extra}}
			a.Fields = fields
		}
		if flag(25) {
			a.Roles = []masto.AccountRole{{ID: s, Name: s2, Color: s, Extra: extra}, {}}
			moved := a
			moved.Moved = &masto.Account{ID: "not shown"}
			a.Moved = &moved
		}
		check := func(want, got []byte) {
			t.Helper()
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Fatal("encoded (-twin):", d)
			}
			if !json.Valid(got) {
				t.Fatalf("not JSON: %s", got)
			}
		}
		check(twinObject(twinAccountPairs(&a), a.Extra), marshal(a))
		m := masto.MutedAccount{Account: a, MuteExpiresAt: at}
		check(twinMutedAccount(&m), marshal(m))
		partial := masto.PartialAccountWithAvatar{
			ID: s, Acct: s2, Locked: flag(1), Bot: flag(2), URL: s, Avatar: s2, AvatarStatic: s, AvatarDescription: s2, Extra: extra,
		}
		check(twinPartialAccount(&partial), marshal(partial))
		c := masto.CredentialAccount{Account: a, Source: masto.Source{
			Privacy: s, Sensitive: flag(26), Note: s2, Fields: fields, FollowRequestsCount: n, HideCollections: maybe(27), Discoverable: maybe(29),
			Indexable: flag(31), AttributionDomains: []string{s2, s}, QuotePolicy: s, Extra: extra,
		}}
		if flag(32) {
			limit := offset
			c.Source.Language = &s
			c.Role = &masto.Role{ID: s, Name: s2, Permissions: masto.Permissions(flags), Color: s, Highlighted: flag(33), CollectionLimit: &limit, Extra: extra}
		}
		check(twinCredentialAccount(&c), marshal(c))
		p := masto.Profile{
			ID: s, DisplayName: s2, Note: s, Fields: fields, FormattedNote: s2, Avatar: s, AvatarStatic: s2, Header: s, HeaderDescription: s2, Locked: flag(34),
			Bot: flag(35), HideCollections: maybe(36), Discoverable: maybe(38), Indexable: flag(1), ShowMedia: flag(2), AttributionDomains: []string{s},
			FeaturedTags: []masto.FeaturedTag{{ID: s, Name: s2, URL: s, StatusesCount: n, LastStatusAt: at, Extra: extra}}, Extra: extra,
		}
		if flag(39) {
			p.FormattedFields = fields
		}
		check(twinProfile(&p), marshal(p))
	})
}

// FuzzNoteLength checks that the length of a bio is one that its bytes allow:
// only web addresses count more than their characters.
func FuzzNoteLength(f *testing.F) {
	seedTexts(f, "note_length", "note")
	f.Fuzz(func(t *testing.T, text string) {
		n := masto.NoteLength(text)
		require.GreaterOrEqual(t, n, 0)
		require.LessOrEqual(t, n, utf8.RuneCountInString(text)+23*strings.Count(text, "://"))
	})
}
