package sqlstore_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The store is tested with real databases in the module integration. Here are the failures that those do not give on demand.

var (
	errBusy   = errors.New("database is locked (5) (SQLITE_BUSY)")
	errBroken = errors.New("disk I/O error")
)

// row is an account with the id 1 and nothing else, as a SELECT of these columns answers it.
func row(columns []string) []driver.Value {
	values := make([]driver.Value, len(columns))
	for i, c := range columns {
		switch {
		case c == "fields" || c == "attribution_domains" || c == "featured_tags":
			values[i] = []byte("[]")
		case strings.HasSuffix(c, "_count"):
			values[i] = int64(0)
		case strings.HasSuffix(c, "_at"), c == "role", c == "moved_to_id":
			values[i] = nil
		case c == "id":
			values[i] = "1"
		default:
			values[i] = "0" // a text, and false
		}
	}
	return values
}

// database answers like one that has the account 1, but for the first statements that begin with words, which fail times times.
func database(words string, times int, failure error) *fake {
	return &fake{answer: func(statement string) ([][]driver.Value, int64, error) {
		if strings.HasPrefix(statement, words) && times > 0 {
			times--
			return nil, 0, failure
		}
		if list, ok := strings.CutPrefix(statement, "SELECT "); ok {
			list, _, _ = strings.Cut(list, " FROM")
			return [][]driver.Value{row(strings.Split(list, ", "))}, 0, nil
		}
		return nil, 1, nil
	}}
}

func change(r *masto.Record) (masto.Changes, error) {
	r.Profile.Note = "x"
	return masto.ChangedNote, nil
}

// TestBusy: whatever statement finds the database locked, the call is tried again from its start.
func TestBusy(t *testing.T) {
	for _, words := range []string{"BEGIN", "UPDATE masto_accounts SET id = id", "SELECT", "UPDATE masto_accounts SET display_name", "COMMIT"} {
		t.Run(words, func(t *testing.T) {
			f := database(words, 3, errBusy)
			runs := 0
			r, err := sqlstore.NewSQLite(f.open()).Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
				runs++
				return change(r)
			})
			require.NoError(t, err)
			assert.Equal(t, "1", r.Profile.ID)
			assert.Equal(t, 1, f.asked("COMMIT")-map[string]int{"COMMIT": 3}[words], "one succeeds")
			assert.GreaterOrEqual(t, f.asked("BEGIN"), 4)
		})
	}
	t.Run("get", func(t *testing.T) {
		_, err := sqlstore.NewSQLite(database("SELECT", 3, errBusy).open()).Get(t.Context(), "1")
		require.NoError(t, err)
	})
	t.Run("create", func(t *testing.T) {
		err := sqlstore.NewSQLite(database("INSERT", 3, errBusy).open()).Create(t.Context(), &masto.Record{Profile: masto.Profile{ID: "1"}})
		require.NoError(t, err)
	})
}

// TestBusyUntilTheContextEnds runs with a clock that does not wait, so that the context ends between two tries and not in one.
func TestBusyUntilTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := database("SELECT", 1<<30, errBusy).open()
		defer func() { require.NoError(t, db.Close()) }()
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
		defer cancel()
		_, err := sqlstore.NewSQLite(db).Get(ctx, "1")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, masto.ErrBusy)
		require.ErrorIs(t, err, errBusy, "the cause is there too")
	})
}

// TestBusyIsBounded runs with a clock that does not wait.
func TestBusyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := database("SELECT", 1<<30, errBusy)
		db := f.open()
		defer func() { require.NoError(t, db.Close()) }()
		start := time.Now()
		_, err := sqlstore.NewSQLite(db).Get(context.Background(), "1")
		require.ErrorIs(t, err, masto.ErrBusy)
		require.ErrorIs(t, err, errBusy)
		assert.InDelta(t, sqlstore.Patience.Seconds(), time.Since(start).Seconds(), 1)
		assert.Less(t, f.asked("SELECT"), 1000, "it does not spin")
	})
}

// TestFailures: any other failure of any statement is returned at once, by errors.Is, and what was begun is rolled back.
func TestFailures(t *testing.T) {
	for _, words := range []string{"BEGIN", "UPDATE masto_accounts SET id = id", "SELECT", "UPDATE masto_accounts SET display_name", "COMMIT"} {
		t.Run(words, func(t *testing.T) {
			f := database(words, 1, errBroken)
			_, err := sqlstore.NewSQLite(f.open()).Update(t.Context(), "1", change)
			require.ErrorIs(t, err, errBroken)
			require.NotErrorIs(t, err, masto.ErrBusy)
			assert.ErrorContains(t, err, `sqlstore: update account "1"`)
			assert.Equal(t, 1, f.asked("BEGIN"), "no second try")
			if words != "BEGIN" && words != "COMMIT" {
				assert.Equal(t, 1, f.asked("ROLLBACK"))
				assert.Zero(t, f.asked("COMMIT"))
			}
		})
	}
	t.Run("get", func(t *testing.T) {
		_, err := sqlstore.NewSQLite(database("SELECT", 1, errBroken).open()).Get(t.Context(), "1")
		require.ErrorIs(t, err, errBroken)
		require.NotErrorIs(t, err, masto.ErrNotFound)
	})
	t.Run("find", func(t *testing.T) {
		_, err := sqlstore.NewSQLite(database("SELECT", 1, errBroken).open()).Find(t.Context(), "a", "")
		require.ErrorIs(t, err, errBroken)
	})
	t.Run("create", func(t *testing.T) {
		err := sqlstore.NewSQLite(database("INSERT", 1, errBroken).open()).Create(t.Context(), &masto.Record{Profile: masto.Profile{ID: "1"}})
		require.ErrorIs(t, err, errBroken)
		require.NotErrorIs(t, err, sqlstore.ErrExists)
	})
}

func TestChangeRefuses(t *testing.T) {
	f := database("none", 0, nil)
	refused := errors.New("refused: the account is locked")
	_, err := sqlstore.NewSQLite(f.open()).Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) {
		return masto.ChangedNote, refused
	})
	assert.Equal(t, refused, err)
	assert.Zero(t, f.asked("UPDATE masto_accounts SET display_name"))
	assert.Equal(t, 1, f.asked("ROLLBACK"))
}

func TestUpdateWithoutAChangeWritesNothing(t *testing.T) {
	for _, c := range []masto.Changes{0, masto.NeedsVerification} {
		t.Run(c.String(), func(t *testing.T) {
			f := database("none", 0, nil)
			r, err := sqlstore.NewSQLite(f.open()).Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
				r.Profile.Note = "not reported"
				return c, nil
			})
			require.NoError(t, err)
			assert.Equal(t, "0", r.Profile.Note, "the record as stored")
			assert.Zero(t, f.asked("UPDATE masto_accounts SET display_name"))
		})
	}
}

func TestTimesThatHaveNoText(t *testing.T) {
	f := database("none", 0, nil)
	_, err := sqlstore.NewSQLite(f.open()).Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
		r.Profile.Fields = []masto.Field{{Name: "x", VerifiedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}
		return masto.ChangedFields, nil
	})
	require.ErrorContains(t, err, "year")
	assert.Zero(t, f.asked("COMMIT"))
}

func TestMigrateFailures(t *testing.T) {
	fresh := func(words string) *fake {
		return &fake{answer: func(statement string) ([][]driver.Value, int64, error) {
			if strings.Contains(statement, words) {
				return nil, 0, errBroken
			}
			return nil, 1, nil
		}}
	}
	for _, words := range []string{"CREATE TABLE IF NOT EXISTS", "SELECT version", "BEGIN", "INSERT INTO", "CREATE TABLE masto_accounts", "UPDATE masto_schema_version", "COMMIT"} {
		t.Run(words, func(t *testing.T) {
			f := fresh(words)
			err := sqlstore.NewSQLite(f.open()).Migrate(t.Context())
			require.ErrorIs(t, err, errBroken)
			assert.ErrorContains(t, err, "sqlstore: migrate")
			if f.asked("BEGIN") == 1 && words != "BEGIN" && words != "COMMIT" {
				assert.Equal(t, 1, f.asked("ROLLBACK"))
			}
		})
	}
	require.NoError(t, sqlstore.NewSQLite(fresh("none").open()).Migrate(t.Context()))
}

// TestMigrationsAreNumbered: files are run in the order of their names, and the number of a file is the version it leads to.
func TestMigrationsAreNumbered(t *testing.T) {
	folders, err := fs.Glob(os.DirFS("."), "migrations/*")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.NotEmpty(t, entries)
		for i, e := range entries {
			assert.Regexp(t, fmt.Sprintf(`^%04d_[a-z_]+\.sql$`, i+1), e.Name())
		}
	}
}
