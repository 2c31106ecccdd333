package main

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bytedance/sonic"
	"github.com/bytedance/sonic/encoder"
	experiment "github.com/go-json-experiment/json"
	goccy "github.com/goccy/go-json"
	"github.com/mailru/easyjson"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/benchmarks/compare/easy"
	"github.com/seed-374a2035/masto/benchmarks/compare/plain"
)

// jsonMeasures encode and decode one account, and 40 different ones. The peers
// use a struct with the same members, from package plain or easy.
func jsonMeasures() []measure {
	var all []measure
	for _, n := range []int{1, 40} {
		s := newAccountSet(n)
		all = append(all,
			s.encoding(fmt.Sprintf("AppendJSON, accounts: %d", n)),
			s.decoding(fmt.Sprintf("UnmarshalJSON, accounts: %d", n)))
	}
	return append(all, recordMeasure(), profileMeasure())
}

// sampleRecord returns a local account with a bio and four fields.
func sampleRecord() *masto.Record {
	yes := true
	return &masto.Record{
		Username:       "gardener",
		CreatedAt:      time.Unix(1577934245, 0),
		LastStatusAt:   time.Unix(1704164645, 0),
		FollowersCount: 547,
		FollowingCount: 404,
		StatusesCount:  28468,
		Profile: masto.Profile{
			ID:           "115",
			DisplayName:  "Roof gardener",
			Note:         renderBio,
			Discoverable: &yes,
			Avatar:       "https://files.home.example/a.png",
			Header:       "https://files.home.example/h.png",
			ShowMedia:    true,
			Fields: []masto.Field{
				{Name: "Pronouns", Value: "she/her"},
				{Name: "Garden", Value: "https://roof-garden.example.org"},
				{Name: "Tools", Value: "spade and hoe"},
				{Name: "Elsewhere", Value: "https://soil.example.org/about"},
			},
		},
	}
}

// recordMeasure renders the bio and fields of a stored record and encodes it as
// JSON.
func recordMeasure() measure {
	r := sampleRecord()
	site := &masto.Site{Domain: "home.example"}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) { return known(username, domain) }}
	gold := newGoldmark()
	var stored plain.Account
	storedErr := stdjson.Unmarshal(site.AppendAccount(nil, r, view), &stored)
	render := func() ([]byte, error) {
		a := stored
		a.Note = gold(r.Profile.Note)
		a.Fields = make([]plain.Field, len(r.Profile.Fields))
		for i, f := range r.Profile.Fields {
			a.Fields[i] = plain.Field{Name: f.Name, Value: gold(f.Value)}
		}
		return goccy.MarshalWithOption(&a, goccy.DisableHTMLEscape())
	}
	var buf []byte
	return measure{
		name: "AppendAccount, bio and fields",
		ours: func() { buf = site.AppendAccount(buf[:0], r, view) },
		peers: []peer{{name: "goldmark, goccy/go-json", goal: 3, run: func() {
			if _, err := render(); err != nil {
				panic(err)
			}
		}}},
		check: func() error {
			text, err := render()
			if err := errors.Join(storedErr, err); err != nil {
				return err
			}
			var theirs, ours masto.Account
			err = errors.Join(theirs.UnmarshalJSON(text), ours.UnmarshalJSON(site.AppendAccount(nil, r, view)))
			if err != nil {
				return err
			}
			if err := same(links(theirs.Note), links(ours.Note)); err != nil {
				return err
			}
			for i := range ours.Fields {
				if err := same(links(theirs.Fields[i].Value), links(ours.Fields[i].Value)); err != nil {
					return err
				}
			}
			theirs.Note, theirs.Fields, ours.Note, ours.Fields = "", nil, "", nil
			return same(theirs, ours)
		},
	}
}

// profileMeasure renders the bio and fields of a stored record and encodes its
// profile, raw and formatted, as JSON.
func profileMeasure() measure {
	r := sampleRecord()
	site := &masto.Site{Domain: "home.example"}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) { return known(username, domain) }}
	gold := newGoldmark()
	var stored plain.Profile
	storedErr := stdjson.Unmarshal(site.AppendProfile(nil, r, view), &stored)
	render := func() ([]byte, error) {
		p := stored
		p.FormattedNote = gold(r.Profile.Note)
		p.FormattedFields = make([]plain.Field, len(r.Profile.Fields))
		for i, f := range r.Profile.Fields {
			p.FormattedFields[i] = plain.Field{Name: f.Name, Value: gold(f.Value)}
		}
		return goccy.MarshalWithOption(&p, goccy.DisableHTMLEscape())
	}
	var buf []byte
	return measure{
		name: "AppendProfile, bio and fields",
		ours: func() { buf = site.AppendProfile(buf[:0], r, view) },
		peers: []peer{{name: "goldmark, goccy/go-json", goal: 3, run: func() {
			if _, err := render(); err != nil {
				panic(err)
			}
		}}},
		check: func() error {
			text, err := render()
			if err := errors.Join(storedErr, err); err != nil {
				return err
			}
			var theirs, ours masto.Profile
			err = errors.Join(theirs.UnmarshalJSON(text), ours.UnmarshalJSON(site.AppendProfile(nil, r, view)))
			if err != nil {
				return err
			}
			if err := same(links(theirs.FormattedNote), links(ours.FormattedNote)); err != nil {
				return err
			}
			theirs.FormattedNote, theirs.FormattedFields, ours.FormattedNote, ours.FormattedFields = "", nil, "", nil
			return same(theirs, ours)
		},
	}
}

// accountSet holds the same accounts in the forms that masto and the peers use.
type accountSet struct {
	ours  []masto.Account
	texts [][]byte
	plain []plain.Account
	easy  []easy.Account
	buf   []byte
	out   bytes.Buffer
	err   error
}

func newAccountSet(n int) *accountSet {
	s := &accountSet{
		ours:  make([]masto.Account, n),
		plain: make([]plain.Account, n),
		easy:  make([]easy.Account, n),
	}
	for i := range n {
		s.ours[i] = sampleAccount(i)
		s.texts = append(s.texts, s.ours[i].AppendJSON(nil))
		s.keep(stdjson.Unmarshal(s.texts[i], &s.plain[i]))
		s.keep(stdjson.Unmarshal(s.texts[i], &s.easy[i]))
	}
	return s
}

// keep stores the first error, which the check returns.
func (s *accountSet) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}

// encoders returns the peers that encode the account with an index. The result
// of those with a reused buffer is valid until the next call.
func (s *accountSet) encoders() map[string]func(i int) []byte {
	kept := func(b []byte, err error) []byte { s.keep(err); return b }
	goccyEncoder := goccy.NewEncoder(&s.out)
	goccyEncoder.SetEscapeHTML(false)
	var sonicBuf []byte
	return map[string]func(int) []byte{
		"encoding/json":      func(i int) []byte { return kept(stdjson.Marshal(&s.plain[i])) },
		"go-json-experiment": func(i int) []byte { return kept(experiment.Marshal(&s.plain[i])) },
		"goccy/go-json":      func(i int) []byte { return kept(goccy.Marshal(&s.plain[i])) },
		"goccy, raw HTML": func(i int) []byte {
			return kept(goccy.MarshalWithOption(&s.plain[i], goccy.DisableHTMLEscape()))
		},
		"goccy, reused buffer": func(i int) []byte {
			s.out.Reset()
			s.keep(goccyEncoder.Encode(&s.plain[i]))
			return s.out.Bytes()
		},
		"bytedance/sonic": func(i int) []byte { return kept(sonic.Marshal(&s.plain[i])) },
		"sonic, reused buffer": func(i int) []byte {
			sonicBuf = sonicBuf[:0]
			s.keep(encoder.EncodeInto(&sonicBuf, &s.plain[i], 0))
			return sonicBuf
		},
		"mailru/easyjson": func(i int) []byte { return kept(easyjson.Marshal(&s.easy[i])) },
	}
}

// encoding returns the measure that encodes all accounts.
func (s *accountSet) encoding(name string) measure {
	m := measure{name: name, ours: func() {
		for i := range s.ours {
			s.buf = s.ours[i].AppendJSON(s.buf[:0])
		}
	}}
	encoders := s.encoders()
	goals := map[string]float64{
		"encoding/json":        4,
		"goccy/go-json":        1,
		"goccy, raw HTML":      1,
		"goccy, reused buffer": 1,
		"bytedance/sonic":      1,
		"mailru/easyjson":      1,
	}
	for _, name := range sortedKeys(encoders) {
		encode := encoders[name]
		m.peers = append(m.peers, peer{name: name, goal: goals[name], run: func() {
			for i := range s.ours {
				encode(i)
			}
		}})
	}
	m.check = func() error {
		for name, encode := range encoders {
			for i := range s.ours {
				var back masto.Account
				s.keep(back.UnmarshalJSON(encode(i)))
				if err := same(back, s.ours[i]); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		return s.err
	}
	return m
}

// decoders returns the peers that decode the account with an index into a new
// one.
func (s *accountSet) decoders() map[string]func(i int) any {
	into := func(unmarshal func([]byte, any) error) func(int) any {
		return func(i int) any {
			a := new(plain.Account)
			s.keep(unmarshal(s.texts[i], a))
			return a
		}
	}
	return map[string]func(int) any{
		"encoding/json":      into(stdjson.Unmarshal),
		"go-json-experiment": into(func(data []byte, v any) error { return experiment.Unmarshal(data, v) }),
		"goccy/go-json":      into(goccy.Unmarshal),
		"bytedance/sonic":    into(sonic.Unmarshal),
		"mailru/easyjson": func(i int) any {
			a := new(easy.Account)
			s.keep(easyjson.Unmarshal(s.texts[i], a))
			return a
		},
	}
}

// decoding returns the measure that decodes all accounts.
func (s *accountSet) decoding(name string) measure {
	var kept *masto.Account // makes masto allocate each account, like the peers
	m := measure{name: name, ours: func() {
		for _, text := range s.texts {
			kept = new(masto.Account)
			s.keep(kept.UnmarshalJSON(text))
		}
	}}
	decoders := s.decoders()
	goals := map[string]float64{"encoding/json": 6, "goccy/go-json": 1.2, "bytedance/sonic": 1.2}
	for _, name := range sortedKeys(decoders) {
		decode := decoders[name]
		m.peers = append(m.peers, peer{name: name, goal: goals[name], run: func() {
			for i := range s.texts {
				decode(i)
			}
		}})
	}
	m.check = func() error {
		for name, decode := range decoders {
			for i := range s.texts {
				text, err := stdjson.Marshal(decode(i))
				s.keep(err)
				var back masto.Account
				s.keep(back.UnmarshalJSON(text))
				if err := same(back, s.ours[i]); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		return s.err
	}
	return m
}
