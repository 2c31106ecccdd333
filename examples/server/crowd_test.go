package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCrowd sends 1,500 updates at once: they wait for each other, and none is
// refused or lost.
func TestCrowd(t *testing.T) {
	const crowd = 1500
	s := startSession(t, t.TempDir(), "")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: -1}}
	statuses := make(chan int, crowd)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() {
			<-start
			body := strings.NewReader(fmt.Sprintf("display_name=Demo+%d", i))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.base+"/api/v1/profile", body)
			if !assert.NoError(t, err) {
				return
			}
			req.Header.Set("Authorization", "Bearer "+s.token)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := client.Do(req)
			if assert.NoError(t, err) {
				assert.NoError(t, resp.Body.Close())
				statuses <- resp.StatusCode
			}
		})
	}
	close(start)
	all.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	require.Equal(t, map[int]int{http.StatusOK: crowd}, counts)
	assert.Contains(t, s.profile(t)["display_name"], "Demo ")
}
