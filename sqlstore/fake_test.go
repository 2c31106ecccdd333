package sqlstore_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"sync"
)

// fake is a database without data that answers each statement as answer says,
// and notes what it was asked.
type fake struct {
	mu     sync.Mutex
	answer func(statement string) (rows [][]driver.Value, affected int64, err error)
	log    []string
}

// open returns a pool of connections to f.
func (f *fake) open() *sql.DB { return sql.OpenDB(f) }

func (f *fake) Connect(context.Context) (driver.Conn, error) { return fakeConn{f}, nil }
func (f *fake) Driver() driver.Driver                        { return nil }

// ask notes a statement and returns the answer.
func (f *fake) ask(statement string) ([][]driver.Value, int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, statement)
	return f.answer(statement)
}

// asked returns how many statements began with those words.
func (f *fake) asked(words string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, statement := range f.log {
		if strings.HasPrefix(statement, words) {
			n++
		}
	}
	return n
}

type fakeConn struct{ f *fake }

func (c fakeConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("not prepared") }
func (c fakeConn) Close() error                        { return nil }

func (c fakeConn) Begin() (driver.Tx, error) { return nil, errors.ErrUnsupported }

func (c fakeConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	_, _, err := c.f.ask("BEGIN")
	return c, err
}

func (c fakeConn) Commit() error {
	_, _, err := c.f.ask("COMMIT")
	return err
}

func (c fakeConn) Rollback() error {
	_, _, err := c.f.ask("ROLLBACK")
	return err
}

func (c fakeConn) ExecContext(_ context.Context, statement string, _ []driver.NamedValue) (driver.Result, error) {
	_, n, err := c.f.ask(statement)
	return driver.RowsAffected(n), err
}

func (c fakeConn) QueryContext(_ context.Context, statement string, _ []driver.NamedValue) (driver.Rows, error) {
	rows, _, err := c.f.ask(statement)
	if err != nil {
		return nil, err
	}
	return &fakeRows{columnsOf(statement), rows}, nil
}

// columnsOf returns the columns that a statement returns; none if it returns no
// rows.
func columnsOf(statement string) []string {
	if _, list, returns := strings.Cut(statement, " RETURNING "); returns {
		return strings.Split(list, ", ")
	}
	if strings.HasPrefix(statement, "WITH ") {
		_, statement, _ = strings.Cut(statement, ") ")
	}
	list, selects := strings.CutPrefix(statement, "SELECT ")
	if !selects {
		return nil
	}
	list, _, _ = strings.Cut(list, " FROM ")
	return strings.Split(list, ", ")
}

type fakeRows struct {
	columns []string
	rows    [][]driver.Value
}

func (r *fakeRows) Columns() []string { return r.columns }
func (r *fakeRows) Close() error      { return nil }

func (r *fakeRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}
