// Command embed puts the profile API in front of a table that a server has already.
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

// table has columns of its own for what this server asks for by itself; more has the rest.
const table = `CREATE TABLE IF NOT EXISTS members (no TEXT PRIMARY KEY, login TEXT, host TEXT, address TEXT UNIQUE, fans INT, edits INT, nick TEXT, about TEXT, more TEXT);
	INSERT OR IGNORE INTO members VALUES ('1', 'alice', '', 'alice@', 12, 0, 'Alice', 'Hello', '{}')`

const columns = "no, login, host, fans, edits, nick, about, more"

type members struct{ *sql.DB }

func (m members) read(ctx context.Context, edits *int, query string, args ...any) (*masto.Record, error) {
	var c, r masto.Record // the columns, and all of it
	var more string
	err := m.QueryRowContext(ctx, query, args...).
		Scan(&c.Profile.ID, &c.Username, &c.Domain, &c.FollowersCount, edits, &c.Profile.DisplayName, &c.Profile.Note, &more)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, masto.ErrNotFound
	}
	err = errors.Join(err, json.Unmarshal([]byte(more), &r))
	r.Username, r.Domain, r.FollowersCount = c.Username, c.Domain, c.FollowersCount
	r.Profile.ID, r.Profile.DisplayName, r.Profile.Note = c.Profile.ID, c.Profile.DisplayName, c.Profile.Note
	return &r, err
}

func (m members) Get(ctx context.Context, id string) (*masto.Record, error) {
	return m.read(ctx, new(int), "SELECT "+columns+" FROM members WHERE no = ?", id)
}

func (m members) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	return m.read(ctx, new(int), "SELECT "+columns+" FROM members WHERE address = ?", strings.ToLower(username+"@"+domain))
}

func (m members) Update(ctx context.Context, id string, change func(*masto.Record) error) (*masto.Record, error) {
	var edits int
	r, err := m.read(ctx, &edits, "SELECT "+columns+" FROM members WHERE no = ?", id)
	if err == nil {
		err = change(r)
	}
	if err != nil {
		return nil, err
	}
	more, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	r, err = m.read(ctx, new(int), "UPDATE members SET edits = edits + 1, nick = ?, about = ?, more = ? WHERE no = ? AND edits = ? RETURNING "+columns,
		r.Profile.DisplayName, r.Profile.Note, string(more), id, edits)
	if errors.Is(err, masto.ErrNotFound) { // somebody else was faster
		return m.Update(ctx, id, change)
	}
	return r, err
}

func (m members) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	if token != os.Getenv("TOKEN") {
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	}
	return httpapi.Grant{AccountID: "1", Scopes: []string{"read", "write"}}, nil
}

func (m members) handler() http.Handler {
	return (&httpapi.API{Service: &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: m}, Auth: m}).Handler()
}

func main() {
	db, err := sql.Open("sqlite", "file:members.db?_pragma=busy_timeout(10000)")
	if err == nil {
		_, err = db.ExecContext(context.Background(), table)
	}
	if err == nil {
		err = http.ListenAndServe("localhost:8080", members{db}.handler())
	}
	log.Fatal(err)
}
