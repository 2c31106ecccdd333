package integration

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

func pointer[T any](v T) *T { return &v }

// whole returns an account with every attribute set that a row stores.
func whole() *masto.Record {
	when := time.Date(2024, 3, 4, 5, 6, 7, 890123456, time.FixedZone("", 5*3600+1800))
	tag := masto.FeaturedTag{
		ID:            "1",
		Name:          "go",
		URL:           "https://a.example/tags/go",
		StatusesCount: 7,
		LastStatusAt:  when,
	}
	return &masto.Record{
		Username: "Alice",
		Domain:   "remote.example",
		URL:      "https://remote.example/@Alice",
		URI:      "https://remote.example/users/1",
		Profile: masto.Profile{
			ID:                 "1",
			DisplayName:        "Alice",
			Note:               "bio",
			Fields:             []masto.Field{{Name: "a", Value: "b", VerifiedAt: when}},
			Avatar:             "a",
			AvatarStatic:       "as",
			AvatarDescription:  "ad",
			Header:             "h",
			HeaderStatic:       "hs",
			HeaderDescription:  "hd",
			Locked:             true,
			Bot:                true,
			HideCollections:    pointer(false),
			Discoverable:       pointer(true),
			Indexable:          true,
			ShowMedia:          true,
			ShowMediaReplies:   true,
			ShowFeatured:       true,
			AttributionDomains: []string{"a.example"},
			FeaturedTags:       []masto.FeaturedTag{tag},
		},
		Posting: masto.PostingDefaults{
			Privacy:     "direct",
			Sensitive:   true,
			Language:    pointer(""),
			QuotePolicy: "nobody",
		},
		Group:               true,
		Suspended:           true,
		Limited:             true,
		Memorial:            true,
		InvalidHandle:       true,
		Noindex:             pointer(false),
		CreatedAt:           when,
		LastStatusAt:        when.UTC(),
		FollowersCount:      -1,
		FollowingCount:      1 << 40,
		StatusesCount:       3,
		FollowRequestsCount: 4,
		Role: &masto.Role{
			ID:              "3",
			Name:            "Owner",
			Color:           "#fff",
			Permissions:     1<<64 - 1,
			Highlighted:     true,
			CollectionLimit: pointer(5),
		},
		EmailSubscriptions: pointer(true),
	}
}

func TestEveryColumnSurvives(t *testing.T) {
	s := migrated(t, inMemory(t), whole())
	got, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(whole(), got))
	_, want := whole().CreatedAt.Zone()
	_, offset := got.CreatedAt.Zone()
	assert.Equal(t, want, offset)

	// An attribute that is not set would prove nothing.
	for _, name := range unset("", reflect.ValueOf(*whole())) {
		t.Errorf("whole does not set %s", name)
	}
}

// unset returns the paths of the zero values in v, except for those that a row
// does not store.
func unset(path string, v reflect.Value) []string {
	switch {
	case !v.IsValid() || v.IsZero():
		return []string{path}
	case v.Kind() == reflect.Slice:
		return unset(path+"[0]", v.Index(0))
	case v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]():
		return nil
	}
	var all []string
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Name; name {
		case "MovedTo", "Extra", "FormattedNote", "FormattedFields":
		default:
			field := v.Field(i)
			if field.Kind() == reflect.Pointer && !field.IsNil() && field.Elem().Kind() != reflect.Struct {
				continue // A pointer to a zero value is set.
			}
			all = append(all, unset(path+"."+name, reflect.Indirect(field))...)
		}
	}
	return all
}

func TestCreate(t *testing.T) {
	s := migrated(t, inMemory(t), &masto.Record{Username: "Ærø", Profile: masto.Profile{ID: "1"}})
	for _, c := range []struct {
		name   string
		record *masto.Record
	}{
		{"id taken", &masto.Record{Username: "other", Profile: masto.Profile{ID: "1"}}},
		{"name taken", &masto.Record{Username: "æRØ", Profile: masto.Profile{ID: "2"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.ErrorIs(t, s.Create(t.Context(), c.record), sqlstore.ErrExists)
		})
	}
	remote := &masto.Record{Username: "Ærø", Domain: "b.example", Profile: masto.Profile{ID: "2"}}
	require.NoError(t, s.Create(t.Context(), remote))
}

func TestCreateRefuses(t *testing.T) {
	s := migrated(t, inMemory(t))
	for _, c := range []struct {
		name   string
		record *masto.Record
	}{
		{"nil", nil},
		{"no id", &masto.Record{Username: "x"}},
		{"a year of five digits", &masto.Record{
			Username:  "x",
			Profile:   masto.Profile{ID: "3"},
			CreatedAt: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := s.Create(t.Context(), c.record)
			require.Error(t, err)
			require.NotErrorIs(t, err, sqlstore.ErrExists)
		})
	}
	_, err := s.Get(t.Context(), "3")
	require.ErrorIs(t, err, masto.ErrNotFound)
}

func TestMovedTo(t *testing.T) {
	target := &masto.Record{Username: "new", Profile: masto.Profile{ID: "2", DisplayName: "New"}}
	moved := &masto.Record{Username: "old", Profile: masto.Profile{ID: "1"}, MovedTo: target}
	s := migrated(t, inMemory(t), moved)
	r, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	assert.Nil(t, r.MovedTo, "the target is not stored yet")

	require.NoError(t, s.Create(t.Context(), target))
	// The target moved back, which must not be followed.
	execute(t, s.db, "UPDATE masto_accounts SET moved_to_id = '1' WHERE id = '2'")
	r, err = s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
		r.MovedTo = nil // Update stores only the profile.
		r.Profile.Note = "moved"
		return masto.ChangedNote, nil
	})
	require.NoError(t, err)
	require.NotNil(t, r.MovedTo)
	assert.Equal(t, target, r.MovedTo)
}

func TestUpdateStoresOnlyTheProfile(t *testing.T) {
	s := migrated(t, inMemory(t), whole())
	r, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
		profile := r.Profile
		profile.ID, profile.Note = "2", "other bio"
		*r = masto.Record{Username: "mallory", Profile: profile, Posting: r.Posting}
		return masto.ChangedNote, nil
	})
	require.NoError(t, err)
	want := whole()
	want.Profile.Note = "other bio"
	assert.Empty(t, cmp.Diff(want, r))
}

// TestNULSurvives checks that SQLite keeps what PostgreSQL cannot keep and
// masto.Service refuses.
func TestNULSurvives(t *testing.T) {
	s := migrated(t, inMemory(t), whole())
	r, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
		r.Profile.Note, r.Profile.Fields[0].Value = "a\x00b", "\x00c\x00"
		return masto.ChangedNote | masto.ChangedFields, nil
	})
	require.NoError(t, err)
	assert.Equal(t, "a\x00b", r.Profile.Note)
	assert.Equal(t, "\x00c\x00", r.Profile.Fields[0].Value)
}

// TestServersOwnStatements reads the columns by a statement that a server could
// have.
func TestServersOwnStatements(t *testing.T) {
	s := migrated(t, inMemory(t), whole())
	var note, field string
	var verified sql.NullString
	err := s.db.QueryRowContext(t.Context(), `
		SELECT a.note, f.value ->> 'name', f.value ->> 'verified_at'
		FROM masto_accounts a, json_each(a.fields) f
		WHERE a.username_key = 'alice' AND a.locked
	`).Scan(&note, &field, &verified)
	require.NoError(t, err)
	assert.Equal(t, "bio", note)
	assert.Equal(t, "a", field)
	assert.Equal(t, "2024-03-04T05:06:07.890123456+05:30", verified.String)
}

func TestDamagedRow(t *testing.T) {
	for _, c := range []struct {
		column, value string
	}{
		{"fields", `'{'`},
		{"fields", `'{"a":1}'`},
		{"fields", `'[{"name":"a","value":"b","verified_at":"x"}]'`},
		{"attribution_domains", `'[1]'`},
		{"featured_tags", `'[{"last_status_at":"x"}]'`},
		{"created_at", `'yesterday'`},
		{"role", `'[]'`},
		{"locked", `'x'`},
	} {
		t.Run(c.column+" "+c.value, func(t *testing.T) {
			s := migrated(t, inMemory(t), whole())
			execute(t, s.db, "UPDATE masto_accounts SET "+c.column+" = "+c.value)
			_, err := s.Get(t.Context(), "1")
			require.ErrorContains(t, err, c.column, "the error names the column")
			require.NotErrorIs(t, err, masto.ErrNotFound)
			_, err = s.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) { return 0, nil })
			require.Error(t, err)
		})
	}
}

func TestCanceled(t *testing.T) {
	s := migrated(t, inMemory(t), whole())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Get(ctx, "1")
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, s.Create(ctx, whole()), context.Canceled)
	require.ErrorIs(t, s.Migrate(ctx), context.Canceled)
}

func TestPanicOfChange(t *testing.T) {
	s := migrated(t, inFile(t, "_pragma=journal_mode(wal)"), whole())
	assert.Panics(t, func() {
		_, _ = s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
			r.Profile.Note = "half"
			panic("in change")
		})
	})
	r, err := s.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) { return 0, nil })
	require.NoError(t, err)
	assert.Equal(t, "bio", r.Profile.Note)
}

// TestErrorOfChangeThatLooksBusy checks that an error of change is never taken
// for one of the database, whatever its text is.
func TestErrorOfChangeThatLooksBusy(t *testing.T) {
	s := migrated(t, inMemory(t), whole())
	refused := errors.New("this profile is locked")
	runs := 0
	_, err := s.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) {
		runs++
		return 0, refused
	})
	assert.Equal(t, refused, err, "the error is returned unwrapped")
	assert.Equal(t, 1, runs)
}

// TestWaitsForAnotherWriter checks that Update waits while another writer of
// the server has locked the database, even without a busy timeout of the
// driver.
func TestWaitsForAnotherWriter(t *testing.T) {
	s := migrated(t, inFile(t, ""), whole())
	tx, err := s.db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), "UPDATE masto_accounts SET note = 'theirs'")
	require.NoError(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = s.Update(ctx, "1", func(*masto.Record) (masto.Changes, error) { return 0, nil })
	require.ErrorIs(t, err, context.DeadlineExceeded)

	done := make(chan error, 1)
	go func() {
		_, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
			r.Profile.Note += " and ours"
			return masto.ChangedNote, nil
		})
		done <- err
	}()
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, tx.Commit())
	require.NoError(t, <-done)
	r, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "theirs and ours", r.Profile.Note)
}
