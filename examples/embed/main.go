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
	INSERT OR IGNORE INTO members VALUES ('1', 'alice', '', 'alice@', 12, 0, 'Alice', 'Hello', '')`
const columns = "more, no, login, host, fans, edits, nick, about"

// whole reads the column more, before those that say better. It is empty until
// the first update.
var site = &masto.Site{Domain: "social.example"}

type whole struct{ *masto.Record }

func (w whole) Scan(column any) error {
	more, _ := column.(string)
	if more == "" {
		return nil
	}
	return json.Unmarshal([]byte(more), w.Record)
}

type members struct{ *sql.DB }

func (m members) read(ctx context.Context, edits *int, query string, args ...any) (*masto.Record, error) {
	r := masto.NewRecord("", "")
	err := m.QueryRowContext(ctx, query, args...).Scan(whole{r}, &r.Profile.ID, &r.Username, &r.Domain, &r.FollowersCount, edits, &r.Profile.DisplayName, &r.Profile.Note)
	if errors.Is(err, sql.ErrNoRows) {
		err = masto.ErrNotFound
	}
	return r, err
}

func (m members) Get(ctx context.Context, id string) (*masto.Record, error) {
	return m.read(ctx, new(int), "SELECT "+columns+" FROM members WHERE no = ?", id)
}

func (m members) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	return m.read(ctx, new(int), "SELECT "+columns+" FROM members WHERE address = ?", strings.ToLower(username+"@"+domain))
}

func (m members) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	edits := 0
	r, err := m.read(ctx, &edits, "SELECT "+columns+" FROM members WHERE no = ?", id)
	if err != nil {
		return nil, err
	}
	changes, err := change(r)
	if err != nil {
		return nil, err
	}
	if changes&^masto.NeedsVerification == 0 {
		return m.Get(ctx, id)
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

// view loads the accounts that the records mention.
func (m members) view(ctx context.Context, records ...*masto.Record) (masto.View, error) {
	known := map[masto.Handle]masto.Mention{}
	for _, handle := range site.References(records...).Mentions {
		found, err := m.Find(ctx, handle.Username, handle.Domain)
		switch {
		case errors.Is(err, masto.ErrNotFound): // it stays text
		case err != nil:
			return masto.View{}, err
		default:
			known[handle] = site.Mention(found)
		}
	}
	return masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		found, ok := known[masto.Handle{Username: username, Domain: domain}]
		return found, ok
	}}, nil
}

func (m members) handler() http.Handler {
	tokens := httpapi.Tokens{os.Getenv("TOKEN"): {AccountID: "1", Scopes: []string{"read", "write"}}}
	return (&httpapi.API{Service: &masto.Service{Site: site, Store: m, View: m.view}, Auth: tokens}).Handler()
}

func main() {
	if os.Getenv("TOKEN") == "" {
		log.Fatal("set TOKEN: who has it may change alice's profile")
	}
	// It is opened, and fails, at the first use.
	db, _ := sql.Open("sqlite", "file:members.db?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)")
	db.SetMaxOpenConns(8) // SQLite has one writer at a time; a thousand that wait for it would give up
	if _, err := db.ExecContext(context.Background(), table); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", members{db}.handler()))
}
