package masto_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// compareWithTwin decodes a text as each kind of account and as a profile, and
// encodes the result. The slow twin must do the same.
func compareWithTwin(t *testing.T, data []byte) {
	t.Helper()
	var a, twinA masto.Account
	ok := twinDecode(data, accountReaders(&twinA, false), &twinA.Extra)
	if compareDecoded(t, data, &a, &twinA, ok) {
		compareEncoded(t, twinObject(twinAccountPairs(&a), a.Extra), &a)
	}
	var c, twinC masto.CredentialAccount
	ok = twinDecode(data, credentialReaders(&twinC), &twinC.Extra)
	if compareDecoded(t, data, &c, &twinC, ok) {
		compareEncoded(t, twinCredentialAccount(&c), &c)
	}
	var p, twinP masto.PartialAccountWithAvatar
	ok = twinDecode(data, partialAccountReaders(&twinP), &twinP.Extra)
	if compareDecoded(t, data, &p, &twinP, ok) {
		compareEncoded(t, twinPartialAccount(&p), &p)
	}
	var profile, twinProf masto.Profile
	ok = twinDecode(data, profileReaders(&twinProf), &twinProf.Extra)
	if compareDecoded(t, data, &profile, &twinProf, ok) {
		compareEncoded(t, twinProfile(&profile), &profile)
	}
}

// compareDecoded decodes a text into e and compares that with what the twin
// made of it, if it could. It reports whether e was decoded.
func compareDecoded(t *testing.T, data []byte, e, twin entity, twinOK bool) bool {
	t.Helper()
	err := e.UnmarshalJSON(data)
	if twinOK != (err == nil) {
		t.Fatalf("%s: error %v, but the twin decodes it: %v", data, err, twinOK)
	}
	if err != nil {
		decodeErr, ok := errors.AsType[*masto.DecodeError](err)
		require.True(t, ok, err)
		require.ErrorIs(t, err, masto.ErrMalformed)
		require.GreaterOrEqual(t, decodeErr.Offset, int64(0))
		require.LessOrEqual(t, decodeErr.Offset, int64(len(data)))
		return false
	}
	if d := cmp.Diff(twin, e); d != "" {
		t.Fatalf("%s: decoded (-twin): %s", data, d)
	}
	return true
}

// compareEncoded encodes e and compares that with what the twin wrote. Decoding
// and encoding it again changes nothing.
func compareEncoded(t *testing.T, twin []byte, e entity) {
	t.Helper()
	once := marshal(e)
	if d := cmp.Diff(string(twin), string(once)); d != "" {
		t.Fatal("encoded (-twin):", d)
	}
	require.NoError(t, e.UnmarshalJSON(once), "%s", once)
	if d := cmp.Diff(string(once), string(marshal(e))); d != "" {
		t.Fatal("encoded again:", d)
	}
}

// FuzzDecode checks that decoding and encoding do what the slow twin does.
func FuzzDecode(f *testing.F) {
	for _, data := range sampleTexts(f) {
		f.Add(data)
	}
	for _, v := range vectors.File(f, "serializer") {
		f.Add([]byte(text(v.Out)))
	}
	for _, e := range fullEntities(f) {
		f.Add(marshal(e))
	}
	f.Add([]byte(`{"id":1,"moved":{"moved":{},"source":[]},"source":[ ],"role":"x","a":"\ud800"}`))
	f.Add([]byte("{\"a\":\"\\ud83d\\ude00\xff\"}"))
	f.Add([]byte(`{"fields":{"0":{"name":"a"},"x":{},"3":null},"bot":"1","noindex":0,"created_at":1486519253.5}`))
	f.Fuzz(compareWithTwin)
}

// randomValues are values of every type, good and bad ones.
var randomValues = []string{
	"null", "true", "false", `"true"`, `"0"`,
	"0", "1", "-1", "12", "1.0", "1.5", "-0", "1e3", "1e19",
	"9007199254740993.0", "9223372036854775807", "18446744073709551616", `"5"`, `"-7"`,
	`""`, `"x\ud800"`, "\"\xff\\n\"",
	`"2020-01-02"`, `"2020-01-02T03:04:05.678+02:00"`, `"2020-01-02T03:04:05"`, "1486519253", "1486519253274",
	"[]", "[ ]", "[1]", `["a",null,"b\n"]`, `{"0":"a","1":null}`,
	"{}", `{"a":[{}]}`, `{"0":{"name":"a"},"x":{},"1":null,"02":{}}`,
}

// randomJSON makes random values, whose members have names from a list.
type randomJSON struct {
	*rand.Rand
	names []string
}

func (r randomJSON) object(depth int) string {
	members := make([]string, r.IntN(8))
	for i := range members {
		members[i] = `"` + r.names[r.IntN(len(r.names))] + `":` + r.value(depth-1)
	}
	return " {"[r.IntN(2):] + strings.Join(members, ",") + "}"
}

func (r randomJSON) value(depth int) string {
	switch n := r.IntN(10); {
	case depth > 0 && n < 3:
		return r.object(depth)
	case depth > 0 && n < 6:
		elements := make([]string, r.IntN(4))
		for i := range elements {
			elements[i] = r.value(depth - 1)
		}
		return "[" + strings.Join(elements, " ,") + "]"
	}
	return randomValues[r.IntN(len(randomValues))]
}

// TestDecodeAtRandom compares the decoding of random objects with the slow
// twin's.
func TestDecodeAtRandom(t *testing.T) {
	names := []string{"x", "pleroma", `n\u0061me`, "i\xffd"}
	for _, e := range fullEntities(t) {
		for name := range decode[map[string]json.RawMessage](marshal(e)) {
			names = append(names, name)
		}
	}
	slices.Sort(names) // so that each run is the same
	r := randomJSON{rand.New(rand.NewPCG(1, 2)), names}
	for range 1000 {
		compareWithTwin(t, []byte(r.object(4)))
	}
}

// entityMaker fills entities with values that a fuzzer chooses.
type entityMaker struct {
	s, s2  string
	n      int64
	flags  uint64
	time   time.Time
	extra  map[string]json.RawMessage
	fields []masto.Field
}

// flag returns the i-th bit of the flags.
func (m *entityMaker) flag(i int) bool { return m.flags>>i&1 == 1 }

// flagPtr returns nil, or the bit after the i-th.
func (m *entityMaker) flagPtr(i int) *bool {
	if !m.flag(i) {
		return nil
	}
	b := m.flag(i + 1)
	return &b
}

func (m *entityMaker) account() masto.Account {
	a := masto.Account{
		ID:                 m.s,
		Username:           m.s2,
		Acct:               m.s + m.s2,
		DisplayName:        m.s2 + m.s,
		Locked:             m.flag(1),
		Bot:                m.flag(2),
		Discoverable:       m.flagPtr(3),
		Indexable:          m.flag(5),
		Group:              m.flag(6),
		CreatedAt:          m.time,
		Note:               m.s + "<p>" + m.s2,
		URL:                m.s,
		URI:                m.s2,
		Avatar:             m.s,
		AvatarStatic:       m.s2,
		AvatarDescription:  m.s,
		Header:             m.s2,
		HeaderStatic:       m.s,
		HeaderDescription:  m.s2,
		FollowersCount:     m.n,
		FollowingCount:     -m.n,
		StatusesCount:      m.n / 10,
		LastStatusAt:       m.time,
		HideCollections:    m.flagPtr(7),
		ShowMedia:          m.flagPtr(9),
		ShowMediaReplies:   m.flagPtr(11),
		ShowFeatured:       m.flagPtr(13),
		Suspended:          m.flag(15),
		Limited:            m.flag(16),
		Noindex:            m.flagPtr(17),
		Memorial:           m.flag(19),
		EmailSubscriptions: m.flagPtr(20),
		InvalidHandle:      m.flag(22),
		Extra:              m.extra,
	}
	if m.flag(23) {
		a.FeatureApproval = &masto.FeatureApproval{
			Automatic:   []string{m.s, m.s2},
			CurrentUser: m.s,
			Extra:       m.extra,
		}
		a.Emojis = []masto.CustomEmoji{{
			Shortcode:       m.s,
			URL:             m.s2,
			StaticURL:       m.s,
			VisibleInPicker: m.flag(24),
			Category:        m.s2,
			Extra:           m.extra,
		}}
		a.Fields = m.fields
	}
	if m.flag(25) {
		a.Roles = []masto.AccountRole{{ID: m.s, Name: m.s2, Color: m.s, Extra: m.extra}, {}}
		moved := a
		moved.Moved = &masto.Account{ID: "not shown"}
		a.Moved = &moved
	}
	return a
}

func (m *entityMaker) credentialAccount() masto.CredentialAccount {
	c := masto.CredentialAccount{
		Account: m.account(),
		Source: masto.Source{
			Privacy:             m.s,
			Sensitive:           m.flag(26),
			Note:                m.s2,
			Fields:              m.fields,
			FollowRequestsCount: m.n,
			HideCollections:     m.flagPtr(27),
			Discoverable:        m.flagPtr(29),
			Indexable:           m.flag(31),
			AttributionDomains:  []string{m.s2, m.s},
			QuotePolicy:         m.s,
			Extra:               m.extra,
		},
	}
	if m.flag(32) {
		limit := int(m.n)
		c.Source.Language = &m.s
		c.Role = &masto.Role{
			ID:              m.s,
			Name:            m.s2,
			Permissions:     masto.Permissions(m.flags),
			Color:           m.s,
			Highlighted:     m.flag(33),
			CollectionLimit: &limit,
			Extra:           m.extra,
		}
	}
	return c
}

func (m *entityMaker) partialAccount() masto.PartialAccountWithAvatar {
	return masto.PartialAccountWithAvatar{
		ID:                m.s,
		Acct:              m.s2,
		Locked:            m.flag(1),
		Bot:               m.flag(2),
		URL:               m.s,
		Avatar:            m.s2,
		AvatarStatic:      m.s,
		AvatarDescription: m.s2,
		Extra:             m.extra,
	}
}

func (m *entityMaker) profile() masto.Profile {
	p := masto.Profile{
		ID:                 m.s,
		DisplayName:        m.s2,
		Note:               m.s,
		Fields:             m.fields,
		FormattedNote:      m.s2,
		Avatar:             m.s,
		AvatarStatic:       m.s2,
		Header:             m.s,
		HeaderDescription:  m.s2,
		Locked:             m.flag(34),
		Bot:                m.flag(35),
		HideCollections:    m.flagPtr(36),
		Discoverable:       m.flagPtr(38),
		Indexable:          m.flag(1),
		ShowMedia:          m.flag(2),
		AttributionDomains: []string{m.s},
		FeaturedTags: []masto.FeaturedTag{{
			ID:            m.s,
			Name:          m.s2,
			URL:           m.s,
			StatusesCount: m.n,
			LastStatusAt:  m.time,
			Extra:         m.extra,
		}},
		Extra: m.extra,
	}
	if m.flag(39) {
		p.FormattedFields = m.fields
	}
	return p
}

// FuzzEncode checks that every byte that is written is what the slow twin
// writes, whatever the entity has.
func FuzzEncode(f *testing.F) {
	f.Add("", "", int64(0), uint64(0), int64(0), 0, []byte(nil))
	f.Add(
		"a\"\\<\u2028\xff\x01", "é\t日本", int64(-1), uint64(1<<40-1), int64(1486519253274), 3600,
		[]byte(` { "a" : "\ud800\u0041 \\ud800`+"\xff\"} "),
	)
	f.Add("id", "1234567\xff", int64(1<<62), uint64(0x5555555555), int64(-62135596800000), -1052, []byte("[1,2"))
	f.Fuzz(func(t *testing.T, s, s2 string, n int64, flags uint64, ms int64, offset int, value []byte) {
		m := entityMaker{s: s, s2: s2, n: n, flags: flags, time: time.UnixMilli(ms)}
		if offset != 0 {
			m.time = m.time.In(time.FixedZone("", offset%(24*3600)))
		}
		if !m.flag(0) {
			m.extra = map[string]json.RawMessage{s: value, s2: json.RawMessage(`1`)}
			for _, known := range []string{"id", "name", "source"} {
				m.extra[known] = value
			}
		}
		m.fields = []masto.Field{{Name: s, Value: s2, VerifiedAt: m.time}, {Value: s}}
		check := func(twin, got []byte) {
			t.Helper()
			if d := cmp.Diff(string(twin), string(got)); d != "" {
				t.Fatal("encoded (-twin):", d)
			}
			require.True(t, json.Valid(got), "%s", got)
		}
		a := m.account()
		check(twinObject(twinAccountPairs(&a), a.Extra), marshal(a))
		muted := masto.MutedAccount{Account: a, MuteExpiresAt: m.time}
		check(twinMutedAccount(&muted), marshal(muted))
		partial := m.partialAccount()
		check(twinPartialAccount(&partial), marshal(partial))
		c := m.credentialAccount()
		check(twinCredentialAccount(&c), marshal(c))
		p := m.profile()
		check(twinProfile(&p), marshal(p))
	})
}

// TestDecodeDepth checks that nesting is limited as in encoding/json.
func TestDecodeDepth(t *testing.T) {
	for _, c := range []struct {
		name                string
		open, inside, close string
		deepest             int // how many times open may be repeated
	}{
		{"arrays", "[", "", "]", 9999},
		{"objects", `{"a":`, "1", "}", 9999},
		{"arrays and objects", `[{"":`, "[]", "}]", 4999},
	} {
		t.Run(c.name, func(t *testing.T) {
			nested := func(n int) []byte {
				value := strings.Repeat(c.open, n) + c.inside + strings.Repeat(c.close, n)
				return []byte(`{"x":` + value + `}`)
			}
			var a masto.Account
			data := nested(c.deepest)
			require.NoError(t, a.UnmarshalJSON(data))
			require.NoError(t, json.Unmarshal(data, &a))
			require.Contains(t, string(marshal(a)), string(data[1:]))
			_, err := json.Marshal(a)
			require.NoError(t, err)
			err = a.UnmarshalJSON(nested(c.deepest + 1))
			require.ErrorIs(t, err, masto.ErrMalformed)
		})
	}
	t.Run("moves", func(t *testing.T) {
		err := new(masto.Account).UnmarshalJSON(bytes.Repeat([]byte(`{"moved":`), 1e6))
		require.ErrorIs(t, err, masto.ErrMalformed)
		e, ok := errors.AsType[*masto.DecodeError](err)
		require.True(t, ok)
		require.Less(t, e.Offset, int64(100_000))
	})
	t.Run("encoding", func(t *testing.T) {
		deep := strings.Repeat("[", 1e6) + strings.Repeat("]", 1e6)
		data := marshal(masto.AccountRole{Extra: raw("x", deep)})
		require.Equal(t, `{"id":"","name":"","color":"","x":null}`, string(data))
	})
}

// hostileText is JSON that is meant to be expensive: part is repeated between
// head and tail. A %d in part is the number of the repetition.
type hostileText struct {
	name, head, part, tail string
}

// text returns the text in about n bytes.
func (h hostileText) text(n int) []byte {
	b := []byte(h.head)
	for i := 0; i == 0 || len(b) < n; i++ {
		if strings.Contains(h.part, "%d") {
			b = fmt.Appendf(b, h.part, i)
		} else {
			b = append(b, h.part...)
		}
	}
	return append(b, h.tail...)
}

var hostileTexts = []hostileText{
	{"deep arrays", `{"x":`, "[", ""},
	{"deep objects", `{"x":`, `{"a":`, ""},
	{"deep moves", "", `{"moved":`, ""},
	{"a giant number", `{"followers_count":`, "9", "}"},
	{"a giant id", `{"id":`, "9", "}"},
	{"a giant fraction", `{"followers_count":0.`, "0", "}"},
	{"a giant exponent", `{"collection_limit":1e`, "9", "}"},
	{"a giant time", `{"created_at":"2020-01-01T00:00:00.`, "0", `Z"}`},
	{"a giant string", `{"note":"`, `\"é`, `"}`},
	{"an endless string", `{"note":"`, `\"`, ``},
	{"invalid UTF-8", `{"note":"`, "\xff", `"}`},
	{"lone surrogates", `{"x":"`, `\ud800`, `"}`},
	{"white space", `{`, " \n", `}`},
	{"names", `{"a":1`, `,"%d":1`, `}`},
	{"escaped names", `{"a":1`, `,"\u0061%d":1`, `}`},
	{"one name again and again", `{"a":1`, `,"a":1`, `}`},
	{"one known name again and again", `{"id":1`, `,"note":"a\n"`, `}`},
	{"unusable values", `{"id":1`, `,"note":1,"note":"x"`, `}`},
	{"lists of one name", `{"id":1`, `,"fields":[{}]`, `}`},
	{"unusable lists", `{"id":1`, `,"fields":[1,{"a":1}]`, `}`},
	{"nullable Booleans", `{"id":1`, `,"noindex":true`, `}`},
	{"empty emojis", `{"emojis":[{}`, `,{}`, `]}`},
	{"empty roles", `{"roles":[{}`, `,{}`, `]}`},
	{"empty fields", `{"fields":[{}`, `,{}`, `]}`},
	{"empty tags", `{"featured_tags":[{}`, `,{}`, `]}`},
	{"empty domains", `{"attribution_domains":[""`, `,""`, `]}`},
	{"emojis by number", `{"emojis":{"0":{}`, `,"0":{}`, `}}`},
	{"emojis with more", `{"emojis":[{}`, `,{"a":1}`, `]}`},
	{"emojis with unusable values", `{"emojis":[{}`, `,{"url":1}`, `]}`},
	{"emojis with many", `{"emojis":[{}`, `,{"a":1,"b":1,"c":1,"d":1}`, `]}`},
	{"fields in source", `{"source":{"fields":[{}`, `,{}`, `]}}`},
	{"lists of emojis", `{"emojis":[]`, `,"emojis":[{}]`, `}`},
	{"moves", `{"moved":{}`, `,"moved":{}`, `}`},
	{"roles of the user", `{"role":{}`, `,"role":{"a":1}`, `}`},
	{"names of roles", `{"role":""`, `,"role":""`, `}`},
	{"approvals", `{"feature_approval":{}`, `,"feature_approval":{}`, `}`},
	{"names in invalid UTF-8", `{"a":1`, ",\"\xff%d\":1", `}`},
	{"a giant name in invalid UTF-8", `{"`, "\xff", `":1}`},
	{"many fields", `{"fields":[{}`, `,{"name":"a"}`, `]}`},
	{"unusable fields", `{"fields":[{}`, `,1`, `]}`},
	{"strings of many kinds", `{"emojis":[{}`, `,{"shortcode":"a\n","url":"b","x":{"c":"d"}}`, `]}`},
}

// TestDecodeHostile checks that a text takes at most 20 bytes of memory for
// each of its bytes, and 64 KiB besides. All allocations are counted, and the
// peak is at most their sum.
func TestDecodeHostile(t *testing.T) {
	const perByte, base = 20, 64 << 10
	for _, c := range hostileTexts {
		t.Run(c.name, func(t *testing.T) {
			for _, size := range []int{1 << 10, 32 << 10, 1 << 20} {
				data := c.text(size)
				for _, e := range []entity{new(masto.CredentialAccount), new(masto.Profile)} {
					got := allocated(func() { _ = e.UnmarshalJSON(data) })
					require.LessOrEqual(t, got, uint64(perByte*len(data)+base), "%T from %d bytes", e, len(data))
					require.True(t, json.Valid(marshal(e)))
				}
			}
		})
	}
}

// TestDecodeHostileHalves decodes a text that spends the budget on elements and
// then has a string that grows when it is decoded.
func TestDecodeHostileHalves(t *testing.T) {
	emojis := hostileText{head: `{"emojis":[{}`, part: `,{}`, tail: `],`}
	note := hostileText{head: `"note":"`, part: "\xff", tail: `"}`}
	for _, size := range []int{1 << 10, 32 << 10, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			data := slices.Concat(emojis.text(size/2), note.text(size/2))
			got := allocated(func() { _ = new(masto.Account).UnmarshalJSON(data) })
			require.LessOrEqual(t, got, uint64(20*len(data)+64<<10))
		})
	}
}

// BenchmarkDecodeHostile shows that the time is linear: a byte costs the same
// in a text of either size.
func BenchmarkDecodeHostile(b *testing.B) {
	for _, c := range hostileTexts {
		for _, size := range []int{1 << 20, 16 << 20} {
			data := c.text(size)
			b.Run(fmt.Sprintf("%s/%dM", c.name, size>>20), func(b *testing.B) {
				for b.Loop() {
					var a masto.Account
					_ = a.UnmarshalJSON(data)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(data)), "ns/byte")
			})
		}
	}
}

// FuzzNoteLength checks that the length of a bio is possible for its bytes:
// nothing but a web address counts more than its characters.
func FuzzNoteLength(f *testing.F) {
	seedTexts(f, "note_length", "note")
	f.Fuzz(func(t *testing.T, text string) {
		n := masto.NoteLength(text)
		require.GreaterOrEqual(t, n, 0)
		require.LessOrEqual(t, n, utf8.RuneCountInString(text)+23*strings.Count(text, "://"))
	})
}
