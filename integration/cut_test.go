package integration

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
)

// cut says where the connection of a commit is lost.
type cut int32

const (
	cutNever  cut = iota
	cutBefore     // the server does not get the commit
	cutWithin     // the server gets half of it
	cutAfter      // the server gets it, and its answer is lost
)

// cutter makes connections that are lost at the next commit, or whose next
// commit is told.
type cutter struct {
	at   atomic.Int32
	tell atomic.Pointer[func()]
}

// set loses the connection at the next commit.
func (c *cutter) set(at cut) { c.at.Store(int32(at)) }

// call calls f at the next commit.
func (c *cutter) call(f func()) { c.tell.Store(&f) }

// waits reports whether what was to happen at the next commit has not happened.
func (c *cutter) waits() bool { return c.at.Load() != int32(cutNever) || c.tell.Load() != nil }

// begin is called when a commit begins. It returns where to cut.
func (c *cutter) begin() cut {
	if f := c.tell.Swap(nil); f != nil {
		(*f)()
	}
	return cut(c.at.Swap(int32(cutNever)))
}

// openPostgres opens a database whose connections are lost as c says.
func (c *cutter) openPostgres(t *testing.T, address string) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &cutConn{Conn: conn, cutter: c}, err
	}
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// cutConn is a connection to a PostgreSQL server.
type cutConn struct {
	net.Conn

	cutter  *cutter
	atReply atomic.Bool
}

func (c *cutConn) Write(b []byte) (int, error) {
	if !bytes.Contains(b, []byte("commit\x00")) {
		return c.Conn.Write(b)
	}
	switch c.cutter.begin() {
	case cutBefore:
		_ = c.Close()
		return 0, io.ErrClosedPipe
	case cutWithin:
		_, _ = c.Conn.Write(b[:len(b)/2])
		_ = c.Close()
		return 0, io.ErrClosedPipe
	case cutAfter:
		c.atReply.Store(true)
	}
	return c.Conn.Write(b)
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.atReply.Load() {
		_ = c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// openSQLite opens a database whose commits fail as c says. There is no
// connection to be lost within one, and a full disk is what can happen there.
func (c *cutter) openSQLite(t *testing.T, name string) *sql.DB {
	t.Helper()
	db := sql.OpenDB(cutConnector{openSQLite(t, name).Driver(), name, c})
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// cutConnector opens connections to one database file.
type cutConnector struct {
	driver driver.Driver
	name   string
	cutter *cutter
}

func (c cutConnector) Driver() driver.Driver { return c.driver }

func (c cutConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.name)
	if err != nil {
		return nil, err
	}
	file, ok := conn.(fileConn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return &cutFile{fileConn: file, cutter: c.cutter}, nil
}

// fileConn is what a connection to a database file can do.
type fileConn interface {
	fullConn
	driver.SessionResetter
	driver.Validator
}

// cutFile is a connection to a database file that may be lost at a commit.
type cutFile struct {
	fileConn

	cutter *cutter
	lost   bool
}

func (c *cutFile) IsValid() bool { return !c.lost && c.fileConn.IsValid() }

func (c *cutFile) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	tx, err := c.fileConn.BeginTx(ctx, options)
	return cutTx{tx, c}, err
}

// cutTx is a transaction whose commit may fail.
type cutTx struct {
	driver.Tx

	conn *cutFile
}

func (tx cutTx) Commit() error {
	switch tx.conn.cutter.begin() {
	case cutBefore:
		tx.conn.lost = true
		return errors.Join(io.ErrUnexpectedEOF, tx.Rollback())
	case cutAfter:
		tx.conn.lost = true
		return errors.Join(io.ErrUnexpectedEOF, tx.Tx.Commit())
	}
	return tx.Tx.Commit()
}
