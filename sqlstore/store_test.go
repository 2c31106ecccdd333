package sqlstore_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The store is tested with real databases in the module integration. Here are
// the failures that those do not give on demand.

// coded is an error of PostgreSQL, as its drivers have it.
type coded string

func (c coded) Error() string    { return "ERROR: something (SQLSTATE " + string(c) + ")" }
func (c coded) SQLState() string { return string(c) }

var (
	errBusy   = errors.New("database is locked (5) (SQLITE_BUSY)")
	errBroken = errors.New("disk I/O error")
)

// kinds are the databases, how each says that it is busy, and how each locks a
// row.
var kinds = []struct {
	name string
	open func(db *sql.DB) *sqlstore.Store
	busy []error
	lock string
}{
	{
		name: "SQLite",
		open: sqlstore.NewSQLite,
		busy: []error{
			errBusy,
			errors.New("database table is locked: masto_accounts"),
			errors.New("database schema is locked: main"),
		},
		lock: "UPDATE masto_accounts SET id = id",
	},
	{
		name: "PostgreSQL",
		open: sqlstore.NewPostgres,
		busy: []error{
			coded("40001"),
			coded("40P01"),
			coded("55P03"),
			coded("53300"),
			fmt.Errorf("connecting: %w", coded("57P03")),
		},
		lock: "SELECT id FROM masto_accounts",
	},
}

// read and write begin the statements that read an account and that store it.
const (
	read  = "WITH asked AS (SELECT display_name"
	write = "UPDATE masto_accounts SET display_name"
)

// row is an account with the id 1 and nothing else, as a statement that returns
// these columns answers it.
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
		case c == "true":
			values[i] = true
		default:
			values[i] = "0" // a text, and false
		}
	}
	return values
}

// database answers like one that has the account 1, but for the first
// statements that begin with words, which fail times times.
func database(words string, times int, failure error) *fake {
	return &fake{answer: func(statement string) ([][]driver.Value, int64, error) {
		if strings.HasPrefix(statement, words) && times > 0 {
			times--
			return nil, 0, failure
		}
		if columns := columnsOf(statement); columns != nil {
			return [][]driver.Value{row(columns)}, 0, nil
		}
		return nil, 1, nil
	}}
}

func change(r *masto.Record) (masto.Changes, error) {
	r.Profile.Note = "x"
	return masto.ChangedNote, nil
}

// TestBusy checks that a call is tried again from its start, whichever of its
// statements finds the database busy.
func TestBusy(t *testing.T) {
	for _, k := range kinds {
		for _, busy := range k.busy {
			t.Run(k.name+"/"+busy.Error(), func(t *testing.T) {
				for _, words := range []string{"BEGIN", k.lock, read, write, "COMMIT"} {
					t.Run(words, func(t *testing.T) {
						f := database(words, 3, busy)
						r, err := k.open(f.open()).Update(t.Context(), "1", change)
						require.NoError(t, err)
						assert.Equal(t, "1", r.Profile.ID)
						failed := map[string]int{"COMMIT": 3}[words]
						assert.Equal(t, 1, f.asked("COMMIT")-failed, "one succeeds")
						assert.GreaterOrEqual(t, f.asked("BEGIN"), 4)
					})
				}
				t.Run("get", func(t *testing.T) {
					_, err := k.open(database(read, 3, busy).open()).Get(t.Context(), "1")
					require.NoError(t, err)
				})
				t.Run("get many", func(t *testing.T) {
					found, err := k.open(database(read, 3, busy).open()).GetMany(t.Context(), "1")
					require.NoError(t, err)
					assert.Len(t, found, 1)
				})
				t.Run("create", func(t *testing.T) {
					f := database("INSERT", 3, busy)
					require.NoError(t, k.open(f.open()).Create(t.Context(), masto.NewRecord("1", "alice")))
				})
			})
		}
	}
}

// TestBusyUntilTheContextEnds runs with a clock that does not wait, so that the
// context ends between two tries and not in one.
func TestBusyUntilTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := database(read, 1<<30, errBusy).open()
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
		f := database(read, 1<<30, errBusy)
		db := f.open()
		defer func() { require.NoError(t, db.Close()) }()
		start := time.Now()
		_, err := sqlstore.NewSQLite(db).Get(context.Background(), "1")
		require.ErrorIs(t, err, masto.ErrBusy)
		require.ErrorIs(t, err, errBusy)
		assert.InDelta(t, sqlstore.BusyTimeout.Seconds(), time.Since(start).Seconds(), 1)
		assert.Less(t, f.asked(read), 1000, "it does not spin")
	})
}

// TestTurns checks that the updates of a Store take turns, so that none of them
// finds the database busy because of another one. It runs with a clock that
// does not wait.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := database("none", 0, nil)
		db := f.open()
		defer func() { require.NoError(t, db.Close()) }()
		store := sqlstore.NewSQLite(db)
		blocked, finish := make(chan struct{}), make(chan struct{})
		first := make(chan error, 1)
		go func() {
			_, err := store.Update(context.Background(), "1", func(r *masto.Record) (masto.Changes, error) {
				close(blocked)
				<-finish
				return change(r)
			})
			first <- err
		}()
		<-blocked

		ctx, cancel := context.WithTimeout(context.Background(), 2*sqlstore.BusyTimeout)
		defer cancel()
		err := store.Create(ctx, masto.NewRecord("2", "bob"))
		require.ErrorIs(t, err, context.DeadlineExceeded, "it waits longer than BusyTimeout")
		require.ErrorIs(t, err, masto.ErrBusy)
		assert.Equal(t, 1, f.asked("BEGIN"), "those that wait ask the database nothing")
		assert.Zero(t, f.asked("INSERT"))

		var order []int
		var waiting sync.WaitGroup
		for i := range 3 {
			waiting.Go(func() {
				_, err := store.Update(context.Background(), "1", func(r *masto.Record) (masto.Changes, error) {
					order = append(order, i)
					return change(r)
				})
				assert.NoError(t, err)
			})
			synctest.Wait()
		}
		close(finish)
		waiting.Wait()
		require.NoError(t, <-first)
		assert.Equal(t, []int{0, 1, 2}, order)
	})
}

// TestTurnsEndWithAPanic checks that a change that panics does not keep the
// next ones waiting.
func TestTurnsEndWithAPanic(t *testing.T) {
	store := sqlstore.NewSQLite(database("none", 0, nil).open())
	assert.Panics(t, func() {
		_, _ = store.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) { panic("change") })
	})
	_, err := store.Update(t.Context(), "1", change)
	require.NoError(t, err)
}

// TestFailures checks that any other failure of any statement is returned at
// once, and that what was begun is rolled back.
func TestFailures(t *testing.T) {
	for _, k := range kinds {
		for _, failure := range []error{
			errBroken,
			errors.New("the profile is locked"),
			driver.ErrBadConn,
			coded("57P01"), // admin_shutdown
			coded("08006"), // connection_failure
		} {
			t.Run(k.name+"/"+failure.Error(), func(t *testing.T) {
				for _, words := range []string{k.lock, read, write, "COMMIT"} {
					t.Run(words, func(t *testing.T) { failsOnce(t, k.open, words, failure) })
				}
			})
		}
		t.Run(k.name, func(t *testing.T) {
			_, err := k.open(database("BEGIN", 1, errBroken).open()).Update(t.Context(), "1", change)
			require.ErrorIs(t, err, errBroken)
			_, err = k.open(database(read, 1, errBroken).open()).Get(t.Context(), "1")
			require.ErrorIs(t, err, errBroken)
			require.NotErrorIs(t, err, masto.ErrNotFound)
			_, err = k.open(database(read, 1, errBroken).open()).Find(t.Context(), "a", "")
			require.ErrorIs(t, err, errBroken)
			_, err = k.open(database(read, 1, errBroken).open()).GetMany(t.Context(), "1")
			require.ErrorIs(t, err, errBroken)
			err = k.open(database("INSERT", 1, errBroken).open()).Create(t.Context(), masto.NewRecord("1", "alice"))
			require.ErrorIs(t, err, errBroken)
			require.NotErrorIs(t, err, sqlstore.ErrExists)
		})
	}
}

// failsOnce checks an Update one statement of which fails.
func failsOnce(t *testing.T, open func(*sql.DB) *sqlstore.Store, words string, failure error) {
	f := database(words, 1, failure)
	_, err := open(f.open()).Update(t.Context(), "1", change)
	require.ErrorIs(t, err, failure)
	require.NotErrorIs(t, err, masto.ErrBusy)
	assert.ErrorContains(t, err, `sqlstore: update account "1"`)
	assert.Equal(t, 1, f.asked("BEGIN"), "no second try")
	if words != "COMMIT" {
		assert.Equal(t, 1, f.asked("ROLLBACK"))
		assert.Zero(t, f.asked("COMMIT"))
	}
}

func TestChangeRefuses(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			f := database("none", 0, nil)
			refused := errors.New("refused: the account is locked")
			_, err := k.open(f.open()).Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) {
				return masto.ChangedNote, refused
			})
			assert.Equal(t, refused, err)
			assert.Zero(t, f.asked(write))
			assert.Equal(t, 1, f.asked("ROLLBACK"))
		})
	}
}

func TestUpdateWithoutAChangeWritesNothing(t *testing.T) {
	for _, k := range kinds {
		for _, c := range []masto.Changes{0, masto.NeedsVerification} {
			t.Run(k.name+"/"+c.String(), func(t *testing.T) {
				f := database("none", 0, nil)
				r, err := k.open(f.open()).Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
					r.Profile.Note = "not reported"
					return c, nil
				})
				require.NoError(t, err)
				assert.Equal(t, "0", r.Profile.Note, "the record as stored")
				assert.Zero(t, f.asked(write))
				assert.Zero(t, f.asked("COMMIT"), "there is nothing to commit")
			})
		}
	}
}

// TestOnChange checks when the hook is called, and that a commit or a rollback
// follows.
func TestOnChange(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes masto.Changes
		calls   int
		err     error
	}{
		{"nothing", 0, 0, nil},
		{"advice", masto.NeedsVerification, 1, nil},
		{"a change", masto.ChangedNote, 1, nil},
		{"a change, and the hook fails", masto.ChangedNote, 1, errBroken},
		{"advice, and the hook fails", masto.NeedsVerification, 1, errBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := database("none", 0, nil)
			store := sqlstore.NewPostgres(f.open())
			calls := 0
			store.OnChange = func(
				ctx context.Context, tx *sql.Tx, before, after *masto.Record, changes masto.Changes,
			) error {
				calls++
				assert.Equal(t, c.changes, changes)
				_, err := tx.ExecContext(ctx, "INSERT INTO outbox")
				require.NoError(t, err)
				before.Profile.Note, after.Profile.Note = "scribble", "scribble"
				return c.err
			}
			r, err := store.Update(t.Context(), "1", func(*masto.Record) (masto.Changes, error) {
				return c.changes, nil
			})
			require.ErrorIs(t, err, c.err)
			assert.Equal(t, c.calls, calls)
			assert.Equal(t, c.calls, f.asked("INSERT INTO outbox"))
			if err == nil {
				assert.Equal(t, "0", r.Profile.Note, "the hook gets copies")
				assert.Equal(t, c.calls, f.asked("COMMIT"))
			} else {
				assert.Zero(t, f.asked("COMMIT"))
				assert.Equal(t, 1, f.asked("ROLLBACK"))
			}
		})
	}
	t.Run("busy", func(t *testing.T) {
		f := database("INSERT", 2, coded("40P01"))
		store := sqlstore.NewPostgres(f.open())
		store.OnChange = func(ctx context.Context, tx *sql.Tx, _, _ *masto.Record, _ masto.Changes) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO outbox")
			return err
		}
		_, err := store.Update(t.Context(), "1", change)
		require.NoError(t, err)
		assert.Equal(t, 3, f.asked("BEGIN"), "the whole transaction is tried again")
	})
}

// TestWhatPostgreSQLCannotStore checks that nothing is asked for with an id or
// a name that cannot be there: the database would refuse the statement.
func TestWhatPostgreSQLCannotStore(t *testing.T) {
	f := database("none", 0, nil)
	store := sqlstore.NewPostgres(f.open())
	for _, text := range []string{"a\x00b", "\xff"} {
		_, err := store.Get(t.Context(), text)
		require.ErrorIs(t, err, masto.ErrNotFound)
		_, err = store.Find(t.Context(), text, "")
		require.ErrorIs(t, err, masto.ErrNotFound)
		_, err = store.Find(t.Context(), "alice", text)
		require.ErrorIs(t, err, masto.ErrNotFound)
		_, err = store.Update(t.Context(), text, change)
		require.ErrorIs(t, err, masto.ErrNotFound)
	}
	assert.Zero(t, f.asked("SELECT"))
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
			if strings.HasPrefix(statement, "SELECT EXISTS") || strings.HasPrefix(statement, "SELECT to_regclass") {
				return [][]driver.Value{{true}}, 0, nil
			}
			return nil, 1, nil
		}}
	}
	for _, k := range kinds {
		for _, words := range []string{
			"masto_schema_version'",
			"SELECT version",
			"BEGIN",
			"CREATE TABLE IF NOT EXISTS",
			"INSERT INTO",
			"CREATE TABLE masto_accounts",
			"UPDATE masto_schema_version",
			"COMMIT",
		} {
			t.Run(k.name+"/"+words, func(t *testing.T) {
				f := fresh(words)
				err := k.open(f.open()).Migrate(t.Context())
				require.ErrorIs(t, err, errBroken)
				assert.ErrorContains(t, err, "sqlstore: migrate")
				if f.asked("BEGIN") == 1 && words != "BEGIN" && words != "COMMIT" {
					assert.Equal(t, 1, f.asked("ROLLBACK"))
				}
			})
		}
		require.NoError(t, k.open(fresh("none").open()).Migrate(t.Context()))
	}
}

// TestMigrationsAreNumbered: files are run in the order of their names, and the
// number of a file is the version that it leads to.
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
