package mastotest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto"
)

// valueCases returns the rules about values that must survive being stored.
func valueCases() []storeCase {
	return []storeCase{
		{
			name: "values/text",
			rule: "text survives to the letter: every plane of Unicode, white space at the ends, nothing composed " +
				"or escaped",
			run: valuesText,
		},
		{
			name: "values/long text",
			rule: "a long bio, as other servers send it, is not cut",
			run:  valuesLong,
		},
		{
			name: "values/null",
			rule: "null, false and true are three values, and a language that is null is not one that is empty",
			run:  valuesNull,
		},
		{
			name: "values/lists",
			rule: "an empty list replaces a list, and lists keep their order, repeated and blank rows",
			run:  valuesLists,
		},
		{
			name: "values/times",
			rule: "times survive as instants, to the microsecond, and zero as zero",
			run:  valuesTimes,
		},
		{
			name: "values/offsets",
			rule: "a store that keeps the offset from UTC of a verified field keeps every one",
			run:  valuesOffsets,
		},
		{
			name: "values/extra",
			rule: "a record without Extra and formatted values comes back without them",
			run:  valuesExtra,
		},
	}
}

// texts returns texts that are hard to store. None has more than 30 code
// points, the least limit that a column of a server might have.
func texts() []string {
	list := []string{
		`\u0000 \x00 \0 %00`, // These look like NUL.
		" leading", "trailing ", "\ttab\t", "\n\nlines\r\n\r", "\u00a0nbsp\u00a0", "\u2028\u2029",
		"'; DROP TABLE accounts; --", `"quoted" \back\ 'slash'`, "%s %d $1 ? :name @x", "{\"a\":[1]}",
		"null", "NULL", "<i>&amp;</i>", "123", "0x1F", "1e3", "007",
		"e\u0301 \u00e9", "\u1112\u1161\u11ab \ud55c", "\ufb01 \u212b \u2126", // Neither is normalized.
		"\u202eright to left\u202c", "\ufeffbom", "\ufffd", "\ufdd0\ufffe\uffff", "\U0010ffff\U0010fffe",
		"\ue000\U000f0000\U00100000",
		"👩‍👩‍👧‍👦🏳️‍🌈", "مرحبا", "日本語", "\x01\x02\x1b\x7f\u0085",
	}
	var plane strings.Builder
	for p := range rune(17) {
		plane.WriteRune(p<<16 | 0x4e2d)
	}
	return append(list, plane.String())
}

func valuesText(s *storeTest) {
	var writes []func(r *masto.Record)
	for _, text := range texts() {
		writes = append(writes, func(r *masto.Record) {
			p := &r.Profile
			p.DisplayName, p.Note, p.AvatarDescription, p.HeaderDescription = text, text, text, text
			p.Fields = []masto.Field{{Name: text, Value: text}, {Name: "after", Value: "it"}}
		})
	}
	s.survive(full, writes)
}

// survive checks that what each write makes of a record survives, in an Update
// of the same account and in a record that is put in. Featured tags are only
// put in.
func (s *storeTest) survive(seed func() *masto.Record, writes []func(r *masto.Record)) {
	s.Helper()
	put := func(i int) *masto.Record {
		r := seed()
		writes[i](r)
		r.Username, r.Profile.ID = "user"+strconv.Itoa(i), strconv.Itoa(1000+i)
		for k := range r.Profile.FeaturedTags {
			r.Profile.FeaturedTags[k].ID = r.Profile.ID + strconv.Itoa(100+k)
		}
		return r
	}
	seeds := []*masto.Record{seed()}
	for i := range writes {
		seeds = append(seeds, put(i))
	}
	store := s.store(seeds...)
	for i := range writes {
		write := func(r *masto.Record) {
			tags := r.Profile.FeaturedTags
			writes[i](r)
			r.Profile.FeaturedTags = tags
		}
		want := seed()
		write(want)
		s.kept("what Update returned", want, s.update(store, want.Profile.ID, write))
		s.kept("what Get returned after Update", want, s.get(store, want.Profile.ID))
		s.kept("what Get returned of a record that was put in", put(i), s.get(store, put(i).Profile.ID))
		s.update(store, want.Profile.ID, func(r *masto.Record) {
			r.Profile, r.Posting = seed().Profile, seed().Posting
		})
	}
}

func valuesLong(s *storeTest) {
	long := "<p>" + strings.Repeat("ä中😀 ", 5000) + "</p>"
	want := remote()
	want.Profile.Note = long
	want.Profile.Fields = []masto.Field{{Name: strings.Repeat("n", 2047), Value: strings.Repeat("ü", 2047)}}
	store := s.store(want.Clone())
	if got := s.get(store, want.Profile.ID); diffKept(want, got) != "" {
		s.broken("a bio of %d bytes came back with %d, or its field was cut", len(long), len(got.Profile.Note))
	}
	s.update(store, want.Profile.ID, func(r *masto.Record) { r.Profile.Note += "." })
	if got := s.get(store, want.Profile.ID); got.Profile.Note != long+"." {
		s.broken("a bio of %d bytes came back with %d", len(long)+1, len(got.Profile.Note))
	}
}

func valuesNull(s *storeTest) {
	var writes []func(r *masto.Record)
	nullable := []*bool{pointer(false), pointer(true), nil}
	for i, hide := range nullable {
		discoverable := nullable[(i+1)%len(nullable)]
		writes = append(writes, func(r *masto.Record) {
			r.Profile.HideCollections, r.Profile.Discoverable = hide, discoverable
		})
	}
	for _, language := range []*string{pointer(""), pointer("de"), nil} {
		writes = append(writes, func(r *masto.Record) { r.Posting.Language = language })
	}
	s.survive(bare, writes)
	s.survive(full, writes)
}

func valuesLists(s *storeTest) {
	s.survive(full, []func(r *masto.Record){
		func(r *masto.Record) {
			r.Profile.Fields = nil
			r.Profile.AttributionDomains = nil
			r.Profile.FeaturedTags = nil
		},
		func(r *masto.Record) {
			r.Profile.Fields = []masto.Field{}
			r.Profile.AttributionDomains = []string{}
			r.Profile.FeaturedTags = []masto.FeaturedTag{}
		},
		func(r *masto.Record) {
			p := &r.Profile
			p.Fields, p.AttributionDomains, p.FeaturedTags = nil, nil, nil
			for i := range 20 {
				n := i * 7 % 20 // This is out of order.
				name := letters[n : n+1]
				twice := letters[n/2 : n/2+1]
				p.Fields = append(p.Fields, masto.Field{Name: twice, Value: "same"})
				p.AttributionDomains = append(p.AttributionDomains, name+".example")
				p.FeaturedTags = append(p.FeaturedTags, masto.FeaturedTag{ID: strconv.Itoa(n), Name: name})
			}
			p.Fields[4] = masto.Field{}
			p.Fields[5] = masto.Field{Name: "name only"}
			p.Fields[6] = masto.Field{Value: "value only"}
		},
	})
}

// verified returns fields that were verified at times and offsets of every
// kind.
func verified() []masto.Field {
	var fields []masto.Field
	for _, text := range []string{
		"2019-08-29T04:14:55.571+00:00",
		"2024-03-04T05:06:07.890123Z",
		"2024-03-04T05:06:07.000001+05:30",
		"2024-03-04T23:59:59.999999-11:00",
		"2024-03-04T00:00:00+14:00",
		"2024-12-31T23:30:00.5-02:30",
		"1969-12-31T23:59:59.999999+01:00",
		"2024-02-29T12:00:00-00:01",
	} {
		fields = append(fields, masto.Field{Name: text, Value: "https://a.example", VerifiedAt: at(text)})
	}
	return fields
}

func valuesTimes(s *storeTest) {
	write := func(r *masto.Record) {
		r.Profile.Fields = append(verified(), masto.Field{Name: "zero", Value: "x"})
		r.Profile.FeaturedTags = []masto.FeaturedTag{
			{ID: "1", Name: "a", LastStatusAt: at("2024-02-29T00:00:00Z")},
			{ID: "2", Name: "b"},
		}
	}
	s.survive(bare, []func(r *masto.Record){write})

	store := s.store(bare())
	want := s.update(store, bare().Profile.ID, func(r *masto.Record) { r.Profile.Fields = verified() })
	s.update(store, bare().Profile.ID, func(r *masto.Record) { r.Profile.Note = "again" })
	want.Profile.Note = "again"
	s.kept("after an Update of the bio alone", want, s.get(store, bare().Profile.ID))
}

func valuesOffsets(s *storeTest) {
	store := s.store(bare())
	s.update(store, bare().Profile.ID, func(r *masto.Record) { r.Profile.Fields = verified() })
	got := s.get(store, bare().Profile.ID).Profile.Fields
	if !slices.ContainsFunc(got, func(f masto.Field) bool {
		return !sameOffset(f.VerifiedAt, f.VerifiedAt.UTC()) && !sameOffset(f.VerifiedAt, f.VerifiedAt.Local())
	}) {
		s.Skip("the store keeps times without their offsets from UTC")
	}
	for i, want := range verified() {
		if i >= len(got) || !sameOffset(want.VerifiedAt, got[i].VerifiedAt) {
			s.broken("the field verified at %s came back in %+v", want.Name, got)
		}
	}
}

func valuesExtra(s *storeTest) {
	store := s.store(full())
	for _, r := range []*masto.Record{
		s.get(store, full().Profile.ID),
		s.find(store, "Alice", ""),
		s.update(store, full().Profile.ID, rewrite),
	} {
		p := &r.Profile
		extra := len(p.Extra) + len(p.FormattedFields) + len(p.FormattedNote)
		for _, t := range p.FeaturedTags {
			extra += len(t.Extra)
		}
		if extra != 0 {
			s.broken("the profile came back as %+v", *p)
		}
	}
}
