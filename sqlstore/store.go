package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/fold"
)

// ErrExists is what [Store.Create] returns, by errors.Is, for an account whose id or name is taken.
var ErrExists = errors.New("sqlstore: account exists")

// Store is a [masto.Store] on an SQL database, safe for concurrent use, also by several processes. [NewSQLite] makes one.
type Store struct {
	db      *sql.DB
	dialect dialect
}

// NewSQLite returns a Store on an SQLite database. It does no I/O; [Store.Migrate] makes the tables. The Store does not close db.
func NewSQLite(db *sql.DB) *Store { return &Store{db: db, dialect: sqlite} }

// queryer is a database or a transaction.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// The conditions that one account is looked up by.
const (
	byID   = "id = ?"
	byName = "username_key = ? AND domain_key = ?"
)

// Get returns the account whose Profile.ID is id; [masto.ErrNotFound], by errors.Is, if there is none. MovedTo is loaded too.
func (s *Store) Get(ctx context.Context, id string) (*masto.Record, error) {
	r, err := s.read(ctx, byID, id)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: get account %q: %w", id, err)
	}
	return r, nil
}

// Find returns the account of that name, in any case of any script; domain "" is a local account. [masto.ErrNotFound], by errors.Is,
// if there is none.
func (s *Store) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	r, err := s.read(ctx, byName, fold.Key(username), fold.Key(domain))
	if err != nil {
		return nil, fmt.Errorf("sqlstore: find account %q@%q: %w", username, domain, err)
	}
	return r, nil
}

// read returns one account, trying again while the database is locked.
func (s *Store) read(ctx context.Context, where string, args ...any) (*masto.Record, error) {
	var r *masto.Record
	err := s.retry(ctx, func() (err error) {
		r, err = load(ctx, s.db, where, args...)
		return err
	})
	return r, err
}

// load returns one account with the one that it moved to.
func load(ctx context.Context, q queryer, where string, args ...any) (*masto.Record, error) {
	a, err := loadRow(ctx, q, where, args...)
	if err != nil {
		return nil, err
	}
	if a.movedToID == nil {
		return &a.Record, nil
	}
	target, err := loadRow(ctx, q, byID, *a.movedToID)
	switch {
	case errors.Is(err, masto.ErrNotFound):
	case err != nil:
		return nil, fmt.Errorf("account %q that it moved to: %w", *a.movedToID, err)
	default:
		a.MovedTo = &target.Record
	}
	return &a.Record, nil
}

// loadRow returns one account without the one that it moved to.
func loadRow(ctx context.Context, q queryer, where string, args ...any) (*account, error) {
	var a account
	columns := a.columns()
	err := q.QueryRowContext(ctx, "SELECT "+names(columns)+" FROM masto_accounts WHERE "+where, args...).Scan(targets(columns)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, masto.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// Create stores a new account, whole, counters included. Its Profile.ID is the server's choice and must not be "". It returns
// [ErrExists], by errors.Is, if the id is taken, or the name in any case, and changes nothing then. Of MovedTo only the id is stored:
// that account is to be created too.
func (s *Store) Create(ctx context.Context, r *masto.Record) error {
	if r == nil || r.Profile.ID == "" {
		return errors.New("sqlstore: create account: it has no id")
	}
	a := accountOf(r)
	columns := append(a.columns(),
		column{"username_key", fold.Key(r.Username)}, column{"domain_key", fold.Key(r.Domain)})
	insert := "INSERT INTO masto_accounts (" + names(columns) + ") VALUES (" + marks(columns) + ") ON CONFLICT DO NOTHING"
	err := s.retry(ctx, func() error {
		result, err := s.db.ExecContext(ctx, insert, targets(columns)...)
		return affected(result, err, ErrExists)
	})
	if err != nil {
		return fmt.Errorf("sqlstore: create account %q (%q@%q): %w", r.Profile.ID, r.Username, r.Domain, err)
	}
	return nil
}

// affected returns err, or none if the statement changed no row.
func affected(result sql.Result, err, none error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return none
	}
	return nil
}

// Update runs change on the account and stores its Profile, but for the ID, and
// its Posting, in one transaction, if change says that it changed something; see
// [masto.Store]. The row (in SQLite the database) is locked for other writers
// while change runs, and change must not use the database.
func (s *Store) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	var r *masto.Record
	var refused error
	err := s.retry(ctx, func() (err error) {
		r, refused, err = s.update(ctx, id, change)
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("sqlstore: update account %q: %w", id, err)
	case refused != nil:
		return nil, refused
	}
	return r, nil
}

// update is one try of Update; refused is the error of change.
func (s *Store) update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (r *masto.Record, refused, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	// The transaction begins by writing: it waits for other writers here and reads
	// what they left. One that read first could not go on to write if another one
	// wrote meanwhile.
	locked, err := tx.ExecContext(ctx, "UPDATE masto_accounts SET id = id WHERE id = ?", id)
	if err := affected(locked, err, masto.ErrNotFound); err != nil {
		return nil, nil, err
	}
	if r, err = load(ctx, tx, byID, id); err != nil {
		return nil, nil, err
	}
	c, refused := change(r)
	if refused != nil {
		return nil, refused, nil
	}
	if c&^masto.NeedsVerification != 0 {
		columns := accountOf(r).profile()
		write := "UPDATE masto_accounts SET " + sets(columns) + " WHERE id = ?"
		if _, err := tx.ExecContext(ctx, write, append(targets(columns), id)...); err != nil {
			return nil, nil, err
		}
	}
	if r, err = load(ctx, tx, byID, id); err != nil {
		return nil, nil, err
	}
	return r, nil, tx.Commit()
}
