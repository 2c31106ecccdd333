package memstore

import "context"

// AddFollowers raises a counter past Update, as another part of a server does, for mastotest.TestStore.
func (s *Store) AddFollowers(_ context.Context, id string, n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[id].FollowersCount += n
	return nil
}
