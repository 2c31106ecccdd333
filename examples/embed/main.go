// Command embed serves the profile API on a table that a server already has,
// with columns of its own. It is meant to be copied: replace the table, the
// statements and the token by those of your server.
//
//	TOKEN=secret go run ./examples/embed
//	curl -H 'Authorization: Bearer secret' localhost:8080/api/v1/profile
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strings"

	_ "modernc.org/sqlite"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

// The columns are those that the server's own queries need. Besides, address is
// login@host in lower case, by which an account is found, and record is the
// JSON of the whole record, or empty until the first update.
const createTable = `
CREATE TABLE IF NOT EXISTS members (
	no      TEXT PRIMARY KEY,
	login   TEXT NOT NULL,
	host    TEXT NOT NULL,
	address TEXT NOT NULL UNIQUE,
	fans    INTEGER NOT NULL,
	nick    TEXT NOT NULL,
	about   TEXT NOT NULL,
	record  TEXT NOT NULL
);
INSERT OR IGNORE INTO members VALUES ('1', 'alice', '', 'alice@', 12, 'Alice', 'Hello', '');`

const (
	selectMember = "SELECT no, login, host, fans, nick, about, record FROM members "
	updateMember = "UPDATE members SET nick = ?, about = ?, record = ? WHERE no = ?"
)

var site = &masto.Site{Domain: "social.example"}

// member is a row of the table.
type member struct {
	no     string
	login  string
	host   string
	fans   int64
	nick   string
	about  string
	record string
}

// read returns the record of a row. A column overrides what record says of it.
func read(row *sql.Row) (*masto.Record, error) {
	var m member
	err := row.Scan(
		&m.no,
		&m.login,
		&m.host,
		&m.fans,
		&m.nick,
		&m.about,
		&m.record,
	)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, masto.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	r := masto.NewRecord(m.no, m.login)
	if m.record != "" {
		if err := json.Unmarshal([]byte(m.record), r); err != nil {
			return nil, err
		}
	}
	r.Profile.ID = m.no
	r.Username = m.login
	r.Domain = m.host
	r.FollowersCount = m.fans
	r.Profile.DisplayName = m.nick
	r.Profile.Note = m.about
	return r, nil
}

// store is a masto.Store on the table.
type store struct {
	db *sql.DB
}

func (s store) Get(ctx context.Context, id string) (*masto.Record, error) {
	return read(s.db.QueryRowContext(ctx, selectMember+"WHERE no = ?", id))
}

func (s store) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	address := strings.ToLower(username + "@" + domain)
	return read(s.db.QueryRowContext(ctx, selectMember+"WHERE address = ?", address))
}

// Update reads, changes and writes in one transaction.
func (s store) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // it does nothing after Commit
	r, err := read(tx.QueryRowContext(ctx, selectMember+"WHERE no = ?", id))
	if err != nil {
		return nil, err
	}
	changes, err := change(r)
	if err != nil {
		return nil, err
	}
	if changes&^masto.NeedsVerification != 0 {
		record, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, updateMember,
			r.Profile.DisplayName,
			r.Profile.Note,
			string(record),
			id,
		)
		if err != nil {
			return nil, err
		}
	}
	r, err = read(tx.QueryRowContext(ctx, selectMember+"WHERE no = ?", id))
	if err != nil {
		return nil, err
	}
	return r, tx.Commit()
}

// view finds the accounts that the records mention. A server with many accounts
// would load them with one query.
func (s store) view(ctx context.Context, records ...*masto.Record) (masto.View, error) {
	known := map[masto.Handle]masto.Mention{}
	for _, handle := range site.References(records...).Mentions {
		r, err := s.Find(ctx, handle.Username, handle.Domain)
		if errors.Is(err, masto.ErrNotFound) {
			continue // the mention stays text
		}
		if err != nil {
			return masto.View{}, err
		}
		known[handle] = site.Mention(r)
	}
	find := func(username, domain string) (masto.Mention, bool) {
		m, ok := known[masto.Handle{Username: username, Domain: domain}]
		return m, ok
	}
	return masto.View{Mention: find}, nil
}

// handler serves the API; whoever has token may change the account alice.
func (s store) handler(token string) http.Handler {
	api := &httpapi.API{
		Service: &masto.Service{Site: site, Store: s, View: s.view},
		Auth: httpapi.Tokens{
			token: {AccountID: "1", Scopes: []string{"read", "write"}},
		},
	}
	return api.Handler()
}

// open opens the database, which takes one writer at a time: a transaction
// waits for its turn when it begins, and few connections keep the wait short.
func open(path string) (*sql.DB, error) {
	const options = "?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)"
	db, err := sql.Open("sqlite", "file:"+path+options)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	_, err = db.ExecContext(context.Background(), createTable)
	return db, err
}

func main() {
	token := os.Getenv("TOKEN")
	if token == "" {
		log.Fatal("set TOKEN: whoever has it may change alice's profile")
	}
	db, err := open("members.db")
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", store{db}.handler(token)))
}
