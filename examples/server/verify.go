package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/linkcheck"
)

// verifyMode says which pages are asked for a link back.
type verifyMode string

const (
	verifyPublic verifyMode = "public" // those on the public internet; "" too
	verifyLocal  verifyMode = "local"  // and those of this machine
	verifyOff    verifyMode = "off"    // none
)

// String and Set make it a flag.
func (m *verifyMode) String() string { return string(*m) }

func (m *verifyMode) Set(s string) error {
	switch mode := verifyMode(s); mode {
	case verifyPublic, verifyLocal, verifyOff:
		*m = mode
		return nil
	}
	return fmt.Errorf("it is %s, %s or %s", verifyPublic, verifyLocal, verifyOff)
}

// checkFunc asks the page at url for a link back to profileURL, as
// linkcheck.Checker.Check does.
type checkFunc func(ctx context.Context, url, profileURL string) (linkcheck.Report, error)

// verifier asks the pages that profiles link to for a link back: after updates
// that left a link to be verified, and on a schedule. Which accounts have a
// link to be checked is in a table, so that a restart forgets nothing, and a
// process that dies leaves its account to others.
type verifier struct {
	db      *database
	service *masto.Service
	check   checkFunc // nil: nothing is verified
	policy  linkcheck.Policy
	now     func() time.Time
	wake    chan struct{} // has room for one
}

// verifyTime is how long one process has to check the links of an account
// before another one may try. A check takes 15 seconds at most, and two are
// made at once if all of them ask one host.
const verifyTime = 2 * time.Minute

func newVerifier(db *database, service *masto.Service, home *homepage, c config) *verifier {
	v := &verifier{
		db:      db,
		service: service,
		check:   c.check,
		now:     func() time.Time { return time.Now().UTC() },
		wake:    make(chan struct{}, 1),
	}
	checker := &linkcheck.Checker{Instance: service.Site.BaseURL + "/"}
	if c.verify == verifyLocal {
		checker.Allow = allowLocal
	}
	if v.check == nil && c.verify != verifyOff {
		v.check = checker.Check
	}
	if v.check != nil && home != nil {
		v.check = home.check(v.check)
	}
	return v
}

// allowLocal allows connections to this machine, and to public addresses at the
// usual ports.
func allowLocal(addr netip.AddrPort) bool {
	usual := addr.Port() == 80 || addr.Port() == 443
	return addr.Addr().IsLoopback() || usual && linkcheck.IsPublic(addr.Addr())
}

// add notes that the links of an account are to be checked if an update left
// one to be verified. It is called in the transaction of the update.
func (v *verifier) add(ctx context.Context, tx *sql.Tx, after *masto.Record, c masto.Changes) error {
	if v.check == nil || !c.Any(masto.NeedsVerification) {
		return nil
	}
	const ask = `
		INSERT INTO verifications (account_id, due, asked, answered, taken_until) VALUES ($1, $2, 1, 0, 0)
		ON CONFLICT (account_id) DO UPDATE SET due = excluded.due, asked = verifications.asked + 1`
	if _, err := tx.ExecContext(ctx, ask, after.Profile.ID, v.now().Unix()); err != nil {
		return fmt.Errorf("asking for a verification: %w", err)
	}
	return nil
}

// hurry tells work that there may be an account to check.
func (v *verifier) hurry() { wakeUp(v.wake) }

// verifyAtOnce is of how many accounts the links are checked at once.
const verifyAtOnce = 4

// work checks the links of accounts, also those that other processes have
// noted, until ctx is canceled.
func (v *verifier) work(ctx context.Context) {
	if v.check == nil {
		return
	}
	var workers sync.WaitGroup
	for range verifyAtOnce {
		workers.Go(func() { workOff(ctx, v.wake, v.next) })
	}
	workers.Wait()
}

// account is one whose links are to be checked.
type account struct {
	id    string
	asked int64 // by that many updates
	// all reports whether an update asks since the last check, so that every
	// link is checked and not only those whose time has come.
	all bool
}

// link is what is kept of a link of an account.
type link struct {
	history linkcheck.History
	report  linkcheck.Report
}

// next checks the links of the account whose turn it is, and reports whether
// there was one. If that fails, they are checked later.
func (v *verifier) next(ctx context.Context) (found bool, err error) {
	a, err := v.take(ctx)
	if err != nil || a == nil {
		return false, err
	}
	checking, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	links, err := v.verify(checking, a)
	switch {
	case ctx.Err() != nil: // The server stops: the next one need not wait.
		return true, v.release(context.WithoutCancel(ctx), a)
	case err != nil && !errors.Is(err, masto.ErrNotFound):
		return true, fmt.Errorf("verifying the links of account %s: %w", a.id, err)
	}
	return true, v.store(ctx, a, links)
}

// release lets others take an account that was not checked.
func (v *verifier) release(ctx context.Context, a *account) error {
	const release = "UPDATE verifications SET taken_until = 0 WHERE account_id = $1"
	_, err := v.db.ExecContext(ctx, release, a.id)
	return err
}

// take returns the account whose turn it is, nil if there is none, and keeps
// others from taking it for a while.
func (v *verifier) take(ctx context.Context) (*account, error) {
	lock := ""
	if v.db.postgres {
		lock = "FOR UPDATE SKIP LOCKED" // as in outbox
	}
	take := `
		UPDATE verifications SET taken_until = $1
		WHERE account_id = (
			SELECT account_id FROM verifications WHERE due <= $2 AND taken_until < $2
			ORDER BY due, account_id LIMIT 1 ` + lock + `)
		RETURNING account_id, asked, answered`
	now := v.now()
	var a account
	var answered int64
	row := v.db.QueryRowContext(ctx, take, now.Add(verifyTime).Unix(), now.Unix())
	err := row.Scan(&a.id, &a.asked, &answered)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("looking for links to verify: %w", err)
	}
	a.all = a.asked != answered
	return &a, nil
}

// errKeep leaves a mark as it is.
var errKeep = errors.New("no verdict")

// verify checks the links of an account, stores their marks, and returns what
// is known of them then.
func (v *verifier) verify(ctx context.Context, a *account) (map[string]link, error) {
	known, err := v.known(ctx, a.id)
	if err != nil {
		return nil, err
	}
	now := v.now()
	links := make(map[string]link)
	var mu sync.Mutex
	_, err = v.service.VerifyLinks(ctx, a.id, now, func(ctx context.Context, url, profileURL string) (bool, error) {
		l, action := known[url], linkcheck.Keep
		if a.all || l.history.CheckedAt.IsZero() || l.history.Due(now) {
			var failed error
			l.report, failed = v.check(ctx, url, profileURL)
			l.history, action = v.policy.Next(l.history, l.report, now)
			slog.InfoContext(ctx, "link checked", "account", a.id, "url", url,
				"linked", l.report.Linked, "error", failed, "mark", action)
		}
		mu.Lock()
		links[url] = l
		mu.Unlock()
		switch action {
		case linkcheck.Mark:
			return true, nil
		case linkcheck.Unmark:
			return false, nil
		}
		return false, errKeep
	})
	return links, err
}

// known returns what is kept of the links of an account.
func (v *verifier) known(ctx context.Context, accountID string) (map[string]link, error) {
	const query = "SELECT url, history, report FROM links WHERE account_id = $1"
	rows, err := v.db.QueryContext(ctx, query, accountID)
	if err != nil {
		return nil, fmt.Errorf("reading links: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err says whether something failed
	links := make(map[string]link)
	for rows.Next() {
		var url, history, report string
		var l link
		err := rows.Scan(&url, &history, &report)
		if err == nil {
			err = errors.Join(json.Unmarshal([]byte(history), &l.history), json.Unmarshal([]byte(report), &l.report))
		}
		if err != nil {
			return nil, fmt.Errorf("reading links: %w", err)
		}
		links[url] = l
	}
	return links, rows.Err()
}

// store keeps links as all that is known of an account, and when the first of
// them is due: at once if an update asked for a check meanwhile.
func (v *verifier) store(ctx context.Context, a *account, links map[string]link) error {
	tx, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("storing links: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	const release = `
		UPDATE verifications SET taken_until = 0, answered = $1, due = CASE WHEN asked = $1 THEN $2 ELSE due END
		WHERE account_id = $3`
	_, err = tx.ExecContext(ctx, release, a.asked, firstDue(links), a.id)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM links WHERE account_id = $1", a.id)
	}
	for url, l := range links {
		if err != nil {
			break
		}
		err = insertLink(ctx, tx, a.id, url, l)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return fmt.Errorf("storing links: %w", err)
	}
	return nil
}

func insertLink(ctx context.Context, tx *sql.Tx, accountID, url string, l link) error {
	history, err := json.Marshal(l.history)
	if err != nil {
		return err
	}
	report, err := json.Marshal(l.report)
	if err != nil {
		return err
	}
	const insert = "INSERT INTO links (account_id, url, history, report) VALUES ($1, $2, $3, $4)"
	_, err = tx.ExecContext(ctx, insert, accountID, url, string(history), string(report))
	return err
}

// firstDue returns when the first of links is to be checked, in seconds since
// 1970, rounded up so that it is due then.
func firstDue(links map[string]link) (due sql.NullInt64) {
	for _, l := range links {
		if l.history.Next.IsZero() {
			continue
		}
		if next := l.history.Next.Add(time.Second - 1).Unix(); !due.Valid || next < due.Int64 {
			due = sql.NullInt64{Int64: next, Valid: true}
		}
	}
	return due
}
