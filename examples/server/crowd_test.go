package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCrowd sends 1,500 updates at once: they wait for each other, however slow
// the machine is, and none is refused.
func TestCrowd(t *testing.T) {
	const crowd = 1500
	dir := t.TempDir()
	c := config{database: filepath.Join(dir, "masto.db"), media: filepath.Join(dir, "media")}
	a, err := open(t.Context(), c.at("localhost"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, a.close()) }()
	token, err := a.demoToken(t.Context(), "read write")
	require.NoError(t, err)
	a.api.Timeout = -1
	server := httptest.NewServer(a.handler())
	defer server.Close()

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: -1}}
	statuses := make(chan int, crowd)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() {
			<-start
			body := strings.NewReader(fmt.Sprintf("display_name=Demo+%d", i))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, server.URL+"/api/v1/profile", body)
			if !assert.NoError(t, err) {
				return
			}
			req.Header.Set("Authorization", "Bearer "+token)
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
	p, err := a.service.Profile(t.Context(), demoID)
	require.NoError(t, err)
	assert.Contains(t, p.DisplayName, "Demo ")
}
