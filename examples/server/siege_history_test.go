package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/media"
)

// noteHistory has the database note every version of every account, in the
// transaction that stores it. Updates of an account commit one after the other,
// in the order of the numbers.
func noteHistory(t *testing.T, db *database) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `
		CREATE TABLE history (number BIGSERIAL, account_id TEXT, account JSONB);
		CREATE FUNCTION note_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO history (account_id, account) VALUES (NEW.id, to_jsonb(NEW));
			RETURN NULL;
		END $$;
		CREATE TRIGGER note_history AFTER UPDATE ON masto_accounts
			FOR EACH ROW EXECUTE FUNCTION note_history();`)
	require.NoError(t, err)
}

// checkHistory checks that every version of an account comes from the one
// before by one update that was sent: all of it, and nothing else. Every update
// that was answered is there once, and none is there twice. So none was lost.
func (s *siege) checkHistory(t *testing.T) {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), "SELECT account_id, account FROM history ORDER BY number")
	require.NoError(t, err)
	defer func() { assert.NoError(t, rows.Close()) }()
	last := map[string]*view{}   // by account
	newest := map[*updater]int{} // the number of the attempt that was stored last
	stored := map[string]bool{}  // by marker
	for rows.Next() {
		var account string
		var data []byte
		require.NoError(t, rows.Scan(&account, &data))
		before, after := last[account], readView(t, data)
		if before == nil {
			before = &view{}
		}
		last[account] = after
		parts, marker := changed(t, before, after)
		a := s.attempts[marker]
		require.NotNil(t, a, "nobody sent %q", marker)
		assert.Equal(t, a.updater.account, account, marker)
		assert.Equal(t, a.updater.parts, parts, "half of the update %s", marker)
		assert.Greater(t, a.number, newest[a.updater], "%s is stored twice, or late", marker)
		newest[a.updater] = a.number
		stored[marker] = true
	}
	require.NoError(t, rows.Err())
	for marker, a := range s.attempts {
		assert.True(t, stored[marker] || !a.answered, "the update %s was answered and lost", marker)
	}
	for i, c := range s.clients {
		for process := range len(s.cluster.processes) {
			assert.Equal(t, last[c.account].markers(), s.profile(t, c, process).markers())
		}
		s.look(t, c, i)
	}
	t.Logf("%d versions are in the history", len(stored))
}

// checkPictures sweeps the store of pictures. Then those that the accounts name
// are there, and no others.
func (s *siege) checkPictures(t *testing.T) {
	t.Helper()
	store, err := s.db.accounts(t.Context())
	require.NoError(t, err)
	report, err := media.Sweep(t.Context(), s.media, store, time.Now().Add(time.Second), 0)
	require.NoError(t, err)
	t.Logf("%d pictures were left behind", len(report.Removed))
	assert.Zero(t, report.Young+report.Unknown+report.Failed)
	for i, c := range s.clients {
		s.look(t, c, i)
	}
	named := map[string]bool{}
	for i, c := range s.clients {
		for _, p := range s.profile(t, c, i).pictures() {
			named[p.url] = true
		}
	}
	there := map[string]bool{}
	for picture, err := range s.media.List(t.Context()) {
		require.NoError(t, err)
		there[picture.URL] = true
	}
	assert.Equal(t, named, there)
}

// checkOutbox waits until the outbox is worked off, but for the rows of
// processes that were killed, which wait until their time is over.
func (s *siege) checkOutbox(t *testing.T) {
	t.Helper()
	workedOff := func() bool {
		var waiting int
		row := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM outbox WHERE taken_until = 0")
		return row.Scan(&waiting) == nil && waiting == 0
	}
	require.Eventually(t, workedOff, 30*time.Second, 50*time.Millisecond, "the outbox is not worked off")
}

// changed returns the parts that differ between two versions of an account, and
// the marker that they have in the later one.
func changed(t *testing.T, before, after *view) (parts part, marker string) {
	t.Helper()
	was := before.markers()
	for p, is := range after.markers() {
		same := was[p] == is
		if p != texts {
			assert.Equal(t, same, before.address(p) == after.address(p), "a picture is not that of its description")
		}
		if same {
			continue
		}
		parts |= p
		if marker != "" {
			assert.Equal(t, marker, is, "two updates at once")
		}
		marker = is
	}
	return parts, marker
}
