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
	"time"

	_ "modernc.org/sqlite"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

const table = `CREATE TABLE IF NOT EXISTS members (no TEXT PRIMARY KEY, login TEXT, host TEXT, address TEXT UNIQUE, fans INT, edits INT, nick TEXT, about TEXT, more TEXT);
	INSERT OR IGNORE INTO members VALUES ('1', 'alice', '', 'alice@', 12, 0, 'Alice', 'Hello', '{}')`

const columns = "no, login, host, fans, edits, nick, about, more"

// more is what has no column of its own. Verified is apart, as the JSON of a profile cuts times to milliseconds.
type more struct {
	Profile  masto.Profile
	Posting  masto.Posting
	Verified []time.Time
}

type members struct{ *sql.DB }

func (m members) read(ctx context.Context, edits *int, query string, args ...any) (*masto.Record, error) {
	var x more
	var r masto.Record
	var id, nick, about, doc string
	err := m.QueryRowContext(ctx, query, args...).Scan(&id, &r.Username, &r.Domain, &r.FollowersCount, edits, &nick, &about, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, masto.ErrNotFound
	}
	if err := errors.Join(err, json.Unmarshal([]byte(doc), &x)); err != nil {
		return nil, err
	}
	for i, t := range x.Verified {
		x.Profile.Fields[i].VerifiedAt = t
	}
	r.Profile, r.Posting = x.Profile, x.Posting
	r.Profile.ID, r.Profile.DisplayName, r.Profile.Note = id, nick, about
	return &r, nil
}

func (m members) Get(ctx context.Context, id string) (*masto.Record, error) {
	return m.read(ctx, new(int), "SELECT "+columns+" FROM members WHERE no = ?", id)
}

func (m members) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	return m.read(ctx, new(int), "SELECT "+columns+" FROM members WHERE address = ?", strings.ToLower(username+"@"+domain))
}

// Update begins again if somebody else was faster.
func (m members) Update(ctx context.Context, id string, change func(*masto.Record) error) (*masto.Record, error) {
	for edits := 0; ; {
		r, err := m.read(ctx, &edits, "SELECT "+columns+" FROM members WHERE no = ?", id)
		if err == nil {
			err = change(r)
		}
		if err != nil {
			return nil, err
		}
		x := more{Profile: r.Profile, Posting: r.Posting}
		for _, f := range r.Profile.Fields {
			x.Verified = append(x.Verified, f.VerifiedAt)
		}
		doc, err := json.Marshal(x)
		if err != nil {
			return nil, err
		}
		r, err = m.read(ctx, &edits, "UPDATE members SET edits = edits + 1, nick = ?, about = ?, more = ? WHERE no = ? AND edits = ? RETURNING "+columns,
			r.Profile.DisplayName, r.Profile.Note, string(doc), id, edits)
		if !errors.Is(err, masto.ErrNotFound) {
			return r, err
		}
	}
}

// Authenticate knows one token.
func (m members) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	if token != os.Getenv("TOKEN") {
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	}
	return httpapi.Grant{AccountID: "1", Scopes: []string{"read", "write"}}, nil
}

func (m members) handler() http.Handler {
	service := &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: m}
	return (&httpapi.API{Service: service, Auth: m}).Handler()
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
