package mastotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/fold"
)

// brokenStores are stores with one mistake each, and the case that must report
// it.
var brokenStores = []struct{ quirk, want string }{
	{"get forgets fields", "get/record"},
	{"get returns nothing", "get/not found"},
	{"get panics", "get/not found"},
	{"own error", "get/not found"},
	{"get ignores context", "get/canceled"},
	{"find forgets fields", "find/record"},
	{"own error", "find/not found"},
	{"find trims", "find/not found"},
	{"find ignores domain", "find/local and remote"},
	{"find minds case", "find/case"},
	{"find folds ASCII", "find/case"},
	{"find takes patterns", "find/literally"},
	{"find drops accents", "find/literally"},
	{"find ignores context", "find/canceled"},
	{"many forgets fields", "many/records"},
	{"many fails for one missing", "many/records"},
	{"many has nil for missing", "many/records"},
	{"many forgets moves", "many/moved"},
	{"shares in many", "many/copies"},
	{"many shares within", "many/copies"},
	{"many ignores context", "many/canceled"},
	{"update stores nothing", "update/stores"},
	{"update returns the old", "update/stores"},
	{"update starts afresh", "update/current"},
	{"update forgets posting", "update/each attribute"},
	{"update keeps descriptions", "update/each attribute"},
	{"update has defaults", "update/nothing"},
	{"unreported is returned", "update/not reported"},
	{"update writes all", "update/others"},
	{"update resets counters", "update/rest"},
	{"update returns what it ignores", "update/ignored"},
	{"update creates", "update/not found"},
	{"update runs for nobody", "update/not found"},
	{"own error", "update/not found"},
	{"change in place", "update/error"},
	{"error swallowed", "update/error"},
	{"error replaced", "update/error"},
	{"error leaves lock", "update/error"},
	{"update ignores context", "update/canceled"},
	{"half on cancel", "update/canceled in change"},
	{"cancel unnoticed", "update/canceled in change"},
	{"no astral planes", "values/text"},
	{"text trimmed", "values/text"},
	{"line ends changed", "values/text"},
	{"cut at 500", "values/long text"},
	{"null is false", "values/null"},
	{"null language is empty", "values/null"},
	{"empty list keeps", "values/lists"},
	{"lists sorted", "values/lists"},
	{"blank rows dropped", "values/lists"},
	{"milliseconds", "values/times"},
	{"whole hours", "values/offsets"},
	{"fills extra", "values/extra"},
	{"shares seed", "copies/seed"},
	{"shares in get", "copies/get"},
	{"shares in find", "copies/find"},
	{"shares in update", "copies/update"},
	{"shares with change", "copies/change"},
	{"loses updates", "concurrent/updates"},
	{"loses updates", "concurrent/attributes"},
	{"runs on the same copy", "concurrent/updates"},
	{"writes in two steps", "concurrent/whole"},
	{"one buffer", "concurrent/accounts"},
	{"writes counters back", "concurrent/counters"},
}

// TestBrokenStores runs the suite in a process of its own: on broken stores,
// where it must fail, and on good ones.
func TestBrokenStores(t *testing.T) {
	t.Parallel()
	quirks := []string{
		"none", "no hook", "folds empty lists", "all in UTC", "like PostgreSQL", "writes what is reported",
	}
	want := map[string][]string{}
	for _, b := range brokenStores {
		quirks = append(quirks, b.quirk)
		want[b.quirk] = append(want[b.quirk], b.want)
	}
	quirks = slices.Compact(slices.Sorted(slices.Values(quirks)))
	report := inChild(t, quirks, want, func(t *testing.T, quirk string) {
		testStore(t, func(_ *testing.T, seed ...*masto.Record) masto.Store {
			s := newQuirky(quirk, seed)
			if quirk == "no hook" {
				return struct{ masto.Store }{s}
			}
			return s
		}, patienceWith(quirk == "error leaves lock"))
	})
	rules := map[string]string{}
	for _, c := range storeCases() {
		rules[c.name] = c.rule
	}
	report.check(t, quirks, want, rules)
	if !report.skipped("no hook", "concurrent/counters") {
		t.Error("without the method AddFollowers the counters are not skipped")
	}
	if !report.skipped("no hook", "many/records") {
		t.Error("without the method GetMany its rules are not skipped")
	}
	if !report.skipped("all in UTC", "values/offsets") {
		t.Error("the offsets of a store that keeps instants are not skipped")
	}
}

// quirky is a store in memory that breaks one rule.
type quirky struct {
	mu      sync.Mutex
	updates sync.Mutex // Update holds it, with the quirk "writes counters back".
	quirk   string
	records map[string]*masto.Record
	seeds   map[string]*masto.Record
	buffer  *masto.Record // All Updates write it, with the quirk "one buffer".
}

func newQuirky(quirk string, seed []*masto.Record) *quirky {
	s := &quirky{quirk: quirk, records: map[string]*masto.Record{}, seeds: map[string]*masto.Record{}}
	for _, r := range seed {
		s.seeds[r.Profile.ID] = r.Clone()
		if quirk != "shares seed" {
			r = r.Clone()
		}
		s.records[r.Profile.ID] = r
		s.distort(r, r)
	}
	return s
}

func (s *quirky) is(quirk string) bool { return s.quirk == quirk }

// cannotKeep refuses text as PostgreSQL does, with the quirk "like PostgreSQL",
// and featured tags that were put in with an ID that is taken.
func (s *quirky) cannotKeep(texts ...string) error {
	if !s.is("like PostgreSQL") {
		return nil
	}
	for _, text := range texts {
		if strings.Contains(text, "\x00") || !utf8.ValidString(text) {
			return fmt.Errorf("invalid byte sequence for encoding \"UTF8\": %q", text)
		}
	}
	taken := map[string]bool{}
	for _, r := range s.seeds {
		for _, tag := range r.Profile.FeaturedTags {
			if taken[tag.ID] {
				return fmt.Errorf("duplicate key: %q", tag.ID)
			}
			taken[tag.ID] = true
		}
	}
	return nil
}

// unlocked reports whether Update holds no lock while change runs.
func (s *quirky) unlocked() bool {
	return slices.Contains([]string{"loses updates", "one buffer", "writes counters back"}, s.quirk)
}

func (s *quirky) AddFollowers(_ context.Context, id string, n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[id].FollowersCount += n
	return nil
}

func (s *quirky) missing() error {
	if s.is("own error") {
		return errors.New("no such account")
	}
	return fmt.Errorf("quirky: %w", masto.ErrNotFound)
}

func (s *quirky) Get(ctx context.Context, id string) (*masto.Record, error) {
	if ctx.Err() != nil && !s.is("get ignores context") {
		return nil, ctx.Err()
	}
	if err := s.cannotKeep(id); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.records[id]
	switch {
	case !ok && s.is("get returns nothing"):
		return nil, nil
	case !ok && s.is("get panics"):
		panic("no such account")
	case !ok:
		return nil, s.missing()
	case s.is("shares in get"):
		return r, nil
	}
	r = r.Clone()
	switch s.quirk {
	case "get forgets fields":
		r.Profile.Fields = nil
	case "fills extra":
		r.Profile.FormattedNote = "<p>" + r.Profile.Note + "</p>"
	case "folds empty lists":
		r.Profile.Fields = append([]masto.Field{}, r.Profile.Fields...)
	}
	return r, nil
}

// matches reports whether have is the name that was asked for.
func (s *quirky) matches(have, asked string) bool {
	switch s.quirk {
	case "find minds case":
		return have == asked
	case "find trims":
		asked = strings.TrimSpace(asked)
	case "find folds ASCII":
		return asciiLower(have) == asciiLower(asked)
	case "find takes patterns":
		if len(have) != len(asked) {
			return false
		}
		for i := range asked {
			if asked[i] == '_' {
				asked = asked[:i] + have[i:i+1] + asked[i+1:]
			}
		}
	case "find drops accents":
		drop := strings.NewReplacer("é", "e", "\u0301", "")
		have, asked = drop.Replace(have), drop.Replace(asked)
	}
	return fold.Key(have) == fold.Key(asked)
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

func (s *quirky) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	if ctx.Err() != nil && !s.is("find ignores context") {
		return nil, ctx.Err()
	}
	if err := s.cannotKeep(username, domain); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.records {
		if !s.matches(r.Username, username) || !s.matches(r.Domain, domain) && !s.is("find ignores domain") {
			continue
		}
		if s.is("shares in find") {
			return r, nil
		}
		r = r.Clone()
		if s.is("find forgets fields") {
			r.Profile.Fields = nil
		}
		return r, nil
	}
	return nil, s.missing()
}

func (s *quirky) GetMany(ctx context.Context, ids ...string) (map[string]*masto.Record, error) {
	if ctx.Err() != nil && !s.is("many ignores context") {
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]*masto.Record{}
	for _, id := range ids {
		r, ok := s.records[id]
		switch {
		case ok && s.is("shares in many"):
			found[id] = r
		case ok:
			found[id] = r.Clone()
		case s.is("many fails for one missing"):
			return nil, s.missing()
		case s.is("many has nil for missing"):
			found[id] = nil
		}
	}
	for _, r := range found {
		switch {
		case s.is("many forgets fields"):
			r.Profile.Fields = nil
		case s.is("many forgets moves"):
			r.MovedTo = nil
		case s.is("many shares within") && r.MovedTo != nil && found[r.MovedTo.Profile.ID] != nil:
			r.MovedTo = found[r.MovedTo.Profile.ID]
		}
	}
	return found, nil
}

func (s *quirky) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	if ctx.Err() != nil && !s.is("update ignores context") {
		return nil, ctx.Err()
	}
	if err := s.cannotKeep(id); err != nil {
		return nil, err
	}
	if s.is("writes counters back") {
		s.updates.Lock()
		defer s.updates.Unlock()
	}
	s.mu.Lock()
	unlock := s.mu.Unlock
	defer func() { unlock() }()
	old, ok := s.records[id]
	switch {
	case !ok && s.is("update creates"):
		s.records[id] = &masto.Record{Profile: masto.Profile{ID: id}}
		return nil, s.missing()
	case !ok && s.is("update runs for nobody"):
		_, _ = change(&masto.Record{})
		return nil, s.missing()
	case !ok:
		return nil, s.missing()
	}
	r := old.Clone()
	switch s.quirk {
	case "change in place":
		r = old
	case "update starts afresh":
		r = s.seeds[id].Clone()
	case "update has defaults":
		r.Profile.ShowMedia = true
	case "runs on the same copy":
		_, _ = change(r)
	case "one buffer":
		s.buffer = r
	}
	if s.unlocked() {
		s.mu.Unlock()
		unlock = func() {}
	}
	c, err := change(r)
	if err != nil {
		switch s.quirk {
		case "error swallowed":
			return old.Clone(), nil
		case "error replaced":
			return nil, fmt.Errorf("quirky: %v", err) //nolint:errorlint // The suite must find this mistake.
		case "error leaves lock":
			unlock = func() {}
		}
		return nil, err
	}
	if c == 0 && s.is("unreported is returned") {
		return r, nil
	}
	if !c.Has(masto.ChangedFields) && s.is("writes what is reported") {
		r.Profile.Fields = old.Profile.Fields
	}
	return s.write(ctx, id, r)
}

// write stores the Profile and Posting that change left in r.
func (s *quirky) write(ctx context.Context, id string, r *masto.Record) (*masto.Record, error) {
	if s.unlocked() {
		time.Sleep(time.Millisecond)
		s.mu.Lock()
		defer s.mu.Unlock()
	}
	old := s.records[id]
	after := *old
	after.Profile, after.Posting = r.Profile, r.Posting
	switch s.quirk {
	case "update stores nothing":
		return r, nil
	case "like PostgreSQL":
		p := &after.Profile
		texts := []string{p.DisplayName, p.Note, p.AvatarDescription, p.HeaderDescription}
		for _, f := range p.Fields {
			texts = append(texts, f.Name, f.Value)
		}
		if err := s.cannotKeep(append(texts, p.AttributionDomains...)...); err != nil {
			return nil, err
		}
		p.FeaturedTags = old.Profile.FeaturedTags // They are in another table.
	case "update returns the old":
		s.records[id] = after.Clone()
		return old, nil
	case "update forgets posting":
		after.Posting = old.Posting
	case "update keeps descriptions":
		if after.Profile.AvatarDescription == "" {
			after.Profile.AvatarDescription = old.Profile.AvatarDescription
		}
	case "update writes all":
		for _, other := range s.records {
			other.Profile.Note = r.Profile.Note
		}
	case "update resets counters":
		after.FollowersCount = 0
	case "update returns what it ignores":
		s.records[id] = after.Clone()
		return r.Clone(), nil
	case "half on cancel":
		if ctx.Err() != nil {
			after.Profile = old.Profile
			after.Profile.DisplayName = r.Profile.DisplayName
			s.records[id] = after.Clone()
			return nil, ctx.Err()
		}
	case "cancel unnoticed":
		if ctx.Err() != nil {
			return r.Clone(), nil
		}
	case "shares with change":
		s.records[id] = &after
		return after.Clone(), nil
	case "shares in update":
		s.records[id] = after.Clone()
		return s.records[id], nil
	case "writes counters back":
		after.FollowersCount = r.FollowersCount
	case "one buffer":
		after.Profile.Note = s.buffer.Profile.Note
	case "writes in two steps":
		first := old.Clone()
		first.Profile.DisplayName = r.Profile.DisplayName
		s.records[id] = first
		s.mu.Unlock()
		time.Sleep(time.Millisecond)
		s.mu.Lock()
	}
	s.distort(&after, old)
	s.records[id] = after.Clone()
	return after.Clone(), nil
}

// distort stores values badly: r is to be stored in place of old.
func (s *quirky) distort(r, old *masto.Record) {
	p := &r.Profile
	p.Fields = slices.Clone(p.Fields)
	switch s.quirk {
	case "no astral planes":
		units := utf16.Encode([]rune(p.DisplayName))
		units = slices.DeleteFunc(units, func(u uint16) bool { return utf16.IsSurrogate(rune(u)) })
		p.DisplayName = string(utf16.Decode(units))
	case "text trimmed":
		p.AvatarDescription = strings.TrimSpace(p.AvatarDescription)
	case "line ends changed":
		p.Note = strings.ReplaceAll(p.Note, "\r\n", "\n")
	case "cut at 500":
		p.Note = p.Note[:min(len(p.Note), 500)]
	case "null is false":
		if p.Discoverable == nil {
			p.Discoverable = new(bool)
		}
	case "null language is empty":
		if r.Posting.Language == nil {
			r.Posting.Language = new(string)
		}
	case "empty list keeps":
		if len(p.AttributionDomains) == 0 {
			p.AttributionDomains = old.Profile.AttributionDomains
		}
	case "lists sorted":
		p.AttributionDomains = slices.Sorted(slices.Values(p.AttributionDomains))
	case "blank rows dropped":
		p.Fields = slices.DeleteFunc(p.Fields, func(f masto.Field) bool { return f.Name == "" && f.Value == "" })
	}
	for i := range p.Fields {
		switch f := &p.Fields[i]; s.quirk {
		case "milliseconds":
			f.VerifiedAt = f.VerifiedAt.Truncate(time.Millisecond)
		case "all in UTC", "like PostgreSQL":
			f.VerifiedAt = f.VerifiedAt.UTC().Truncate(time.Microsecond)
		case "whole hours":
			_, offset := f.VerifiedAt.Zone()
			f.VerifiedAt = f.VerifiedAt.In(time.FixedZone("", offset-offset%3600))
		}
	}
}
