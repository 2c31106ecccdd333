package memstore

import "context"

// AddFollowers raises a counter outside of Update, as another part of a server
// does. The suite mastotest.TestStore calls it.
func (s *Store) AddFollowers(_ context.Context, id string, n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[id].FollowersCount += n
	return nil
}
