package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/fold"
)

// ErrExists is matched by the error of [Store.Create] if the id or the name of
// the account is taken.
var ErrExists = errors.New("sqlstore: account exists")

// Store is a [masto.Store] and a [masto.ManyGetter] on an SQL database. It is
// safe for concurrent use, even by several processes on one database.
// [NewSQLite] and [NewPostgres] make one.
type Store struct {
	// OnChange is called by Update in its transaction, before the commit: what
	// it does to the database by tx commits with the profile or not at all. So
	// an outbox or a queue has a row exactly if the profile changed.
	//
	// before and after are copies of the record as it was and as it is stored.
	// c is what the change reported. OnChange is called unless c is 0, even if
	// c is [masto.NeedsVerification] alone and the record is as it was.
	//
	// OnChange must not commit or roll back tx. If it fails, the transaction is
	// rolled back, and Update returns an error matching its error. After a
	// database error that is worth another try, the change and OnChange run
	// again in a new transaction. Set OnChange before the first use of the
	// Store. nil: not called.
	OnChange func(ctx context.Context, tx *sql.Tx, before, after *masto.Record, c masto.Changes) error

	db         *sql.DB
	dialect    dialect
	statements statements
	turn       chan struct{} // has an element while a call writes; nil if any number of calls may write
}

// NewSQLite returns a Store on an SQLite database, version 3.35 or newer. It
// does no I/O; [Store.Migrate] makes the tables. The Store does not close db.
func NewSQLite(db *sql.DB) *Store { return newStore(db, sqlite) }

// NewPostgres returns a Store on a PostgreSQL database, version 12 or newer,
// like [NewSQLite].
func NewPostgres(db *sql.DB) *Store { return newStore(db, postgres) }

func newStore(db *sql.DB, d dialect) *Store {
	s := &Store{db: db, dialect: d, statements: d.statements()}
	if d.oneWriter {
		s.turn = make(chan struct{}, 1)
	}
	return s
}

// queryer is a database, a connection or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Get returns the account whose Profile.ID is id, with the account that it
// moved to. If there is none, the error matches [masto.ErrNotFound].
func (s *Store) Get(ctx context.Context, id string) (*masto.Record, error) {
	var r *masto.Record
	err := s.retry(ctx, func() (err error) {
		r, err = s.get(ctx, s.db, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sqlstore: get account %q: %w", id, err)
	}
	return r, nil
}

// get is one try of Get.
func (s *Store) get(ctx context.Context, q queryer, id string) (*masto.Record, error) {
	if !s.dialect.storable(id) {
		return nil, masto.ErrNotFound
	}
	found, err := load(ctx, q, s.statements.byID, id)
	return only(found, err)
}

// Find returns the account with that name, whatever its case in any script. The
// domain of a local account is "". If there is none, the error matches
// [masto.ErrNotFound].
func (s *Store) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	var r *masto.Record
	err := s.retry(ctx, func() (err error) {
		r, err = s.find(ctx, username, domain)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sqlstore: find account %q@%q: %w", username, domain, err)
	}
	return r, nil
}

// find is one try of Find.
func (s *Store) find(ctx context.Context, username, domain string) (*masto.Record, error) {
	if !s.dialect.storable(username) || !s.dialect.storable(domain) {
		return nil, masto.ErrNotFound
	}
	found, err := load(ctx, s.db, s.statements.byName, fold.Key(username), fold.Key(domain))
	return only(found, err)
}

// only returns the only one of the accounts that were found.
func only(found map[string]*masto.Record, err error) (*masto.Record, error) {
	for _, r := range found {
		return r, err
	}
	if err == nil {
		err = masto.ErrNotFound
	}
	return nil, err
}

// GetMany returns, by id, the accounts that have one of ids. It makes one
// query, as [masto.ManyGetter] requires.
func (s *Store) GetMany(ctx context.Context, ids ...string) (map[string]*masto.Record, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !s.dialect.storable(id) })
	asked, err := json.Marshal(append([]string{}, ids...))
	if err != nil {
		return nil, fmt.Errorf("sqlstore: get %d accounts: %w", len(ids), err)
	}
	var found map[string]*masto.Record
	err = s.retry(ctx, func() (err error) {
		found, err = load(ctx, s.db, s.statements.byIDs, string(asked))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sqlstore: get %d accounts: %w", len(ids), err)
	}
	return found, nil
}

// load returns, by id, the accounts that a statement made by selecting asks
// for, each with the one that it moved to.
func load(ctx context.Context, q queryer, statement string, args ...any) (map[string]*masto.Record, error) {
	rows, err := q.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err says what went wrong
	all := map[string]*account{}
	var asked []*account
	var row account
	var isAsked bool
	into := append(targets(row.columns()), &isAsked)
	for rows.Next() {
		row = account{}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		a := row
		all[a.Profile.ID] = &a
		if isAsked {
			asked = append(asked, &a)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	found := make(map[string]*masto.Record, len(asked))
	for _, a := range asked {
		if a.movedToID != nil {
			a.MovedTo = all[*a.movedToID].target()
		}
		found[a.Profile.ID] = &a.Record
	}
	return found, nil
}

// Create stores a new account, whole, counters included. Its Profile.ID is the
// server's choice and must not be "". If the id is taken, or the name in any
// case, the error matches [ErrExists] and nothing changes. Of MovedTo only the
// id is stored: create that account, too.
func (s *Store) Create(ctx context.Context, r *masto.Record) error {
	if r == nil || r.Profile.ID == "" {
		return errors.New("sqlstore: create account: it has no id")
	}
	values := targets(accountOf(r).insertion())
	err := s.retryWrite(ctx, func() error {
		result, err := s.db.ExecContext(ctx, s.statements.insert, values...)
		if err != nil {
			return err
		}
		inserted, err := result.RowsAffected()
		if err == nil && inserted == 0 {
			err = ErrExists
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlstore: create account %q (%q@%q): %w", r.Profile.ID, r.Username, r.Domain, err)
	}
	return nil
}

// Update runs change on the account and, if change says that it changed
// something, stores its Profile and its Posting in the same transaction, except
// for the ID and what [masto.Store] exempts. While change runs, the row (in
// SQLite, the database) is locked for other writers, and change must not use
// the database.
//
// If the connection is lost during the commit, the error leaves open whether
// the update was stored; it does not match [masto.ErrBusy], and the update is
// not tried again.
func (s *Store) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	var r *masto.Record
	var refused error
	err := s.retryWrite(ctx, func() (err error) {
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
) (after *masto.Record, refused, err error) {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: s.dialect.isolation})
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	before, err := s.lock(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	changed := before.Clone()
	c, refused := change(changed)
	switch {
	case refused != nil:
		return nil, refused, nil
	case c&^masto.NeedsVerification != 0:
		after, err = s.write(ctx, tx, before, changed)
	case c == 0 || s.OnChange == nil:
		return before, nil, nil
	default:
		after = before
	}
	if err == nil && s.OnChange != nil {
		err = s.OnChange(ctx, tx, before.Clone(), after.Clone(), c)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, nil, fmt.Errorf("commit: %w", err)
	}
	return after, nil, nil
}

// lock keeps other writers from the account until tx ends, and returns it as
// the last of them left it.
func (s *Store) lock(ctx context.Context, tx *sql.Tx, id string) (*masto.Record, error) {
	if !s.dialect.storable(id) {
		return nil, masto.ErrNotFound
	}
	var locked string
	err := tx.QueryRowContext(ctx, s.dialect.lockRow, id).Scan(&locked)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, masto.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.get(ctx, tx, id)
}

// write stores what an Update may change of a locked account and returns it as
// it is stored.
func (s *Store) write(ctx context.Context, tx *sql.Tx, before, changed *masto.Record) (*masto.Record, error) {
	var stored account
	args := append(targets(accountOf(changed).profile()), before.Profile.ID)
	err := tx.QueryRowContext(ctx, s.statements.update, args...).Scan(targets(stored.columns())...)
	if err != nil {
		return nil, err
	}
	stored.MovedTo = before.MovedTo.Clone()
	return &stored.Record, nil
}
