package integration

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// statementLog is a driver that notes the statements which another one gets.
type statementLog struct {
	driver.Driver

	mu         sync.Mutex
	statements []string
}

// watched opens a database like db, by the same driver, and notes what it is
// asked.
func watched(t *testing.T, db *sql.DB, name string) (*sql.DB, *statementLog) {
	t.Helper()
	log := &statementLog{Driver: db.Driver()}
	open := sql.OpenDB(namedConnector{log, name})
	t.Cleanup(func() { require.NoError(t, open.Close()) })
	return open, log
}

// note notes a statement.
func (l *statementLog) note(statement string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statements = append(l.statements, statement)
}

// take returns what was noted since the last call.
func (l *statementLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	statements := l.statements
	l.statements = nil
	return statements
}

// namedConnector opens connections to one database.
type namedConnector struct {
	log  *statementLog
	name string
}

func (c namedConnector) Driver() driver.Driver { return c.log }

func (c namedConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.log.Open(c.name)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return watchedConn{full, c.log}, nil
}

// fullConn is what the connections of the drivers can do.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
}

type watchedConn struct {
	fullConn

	log *statementLog
}

func (c watchedConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	c.log.note(q)
	return c.fullConn.ExecContext(ctx, q, args)
}

func (c watchedConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	c.log.note(q)
	return c.fullConn.QueryContext(ctx, q, args)
}

func (c watchedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.fullConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	value, err := driver.DefaultParameterConverter.ConvertValue(v.Value)
	v.Value = value
	return err
}

// writes returns the statements that write an account, but for a lock.
func writes(statements []string) []string {
	var all []string
	for _, s := range statements {
		if regexp.MustCompile(`^\s*(INSERT|UPDATE|DELETE)\b`).MatchString(s) &&
			!strings.HasPrefix(s, "UPDATE masto_accounts SET id = id ") {
			all = append(all, s)
		}
	}
	return all
}

// TestStatements counts the statements of what servers do most.
func TestStatements(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(t *testing.T) (*sqlstore.Store, *statementLog)
	}{
		{"SQLite", func(t *testing.T) (*sqlstore.Store, *statementLog) {
			name := "file:" + t.TempDir() + "/masto.db?_pragma=journal_mode(wal)"
			db, log := watched(t, openSQLite(t, name), name)
			return sqlstore.NewSQLite(db), log
		}},
		{"PostgreSQL", func(t *testing.T) (*sqlstore.Store, *statementLog) {
			address := newSchema(t)
			db, log := watched(t, openPostgres(t, address), address)
			return sqlstore.NewPostgres(db), log
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, log := c.open(t)
			require.NoError(t, store.Migrate(t.Context()))
			alice := masto.NewRecord("1", "alice")
			alice.Profile.Fields = []masto.Field{{Name: "Web", Value: "https://alice.example"}}
			alice.MovedTo = masto.NewRecord("2", "bob")
			require.NoError(t, store.Create(t.Context(), alice))
			require.NoError(t, store.Create(t.Context(), alice.MovedTo))
			service := &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: store}
			log.take()

			// A PATCH that changes nothing writes nothing, also where a field
			// needs verification.
			for _, u := range []masto.Update{
				{},
				{DisplayName: masto.Some("")},
				{Fields: masto.Some(alice.Profile.Fields)},
				{Avatar: masto.Some[*masto.Upload](nil)},
			} {
				_, err := service.Update(t.Context(), "1", u)
				require.NoError(t, err)
				assert.Empty(t, writes(log.take()), "%+v", u)
			}
			_, err := service.Update(t.Context(), "1", masto.Update{Note: masto.Some("x")})
			require.NoError(t, err)
			statements := log.take()
			assert.Len(t, writes(statements), 1)
			assert.Len(t, statements, 3, "lock, read, write")

			_, err = service.Account(t.Context(), "1")
			require.NoError(t, err)
			assert.Len(t, log.take(), 1, "one query, the target of the move included")
			accounts, err := service.Accounts(t.Context(), "2", "1", "404")
			require.NoError(t, err)
			assert.Len(t, accounts, 2)
			assert.Len(t, log.take(), 1, "one query for a page")
			require.NoError(t, store.Migrate(t.Context()))
			assert.Empty(t, writes(log.take()), "a current schema is only read")
		})
	}
}
