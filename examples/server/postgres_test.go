package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// process is a server that runs as a process of its own.
type process struct {
	cmd   *exec.Cmd
	base  string
	token string
}

// startProcess starts a program and waits until it says where it listens.
func startProcess(t *testing.T, program string, args ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() && p.token == "" {
		if m := regexp.MustCompile(`Listening on (http://[^;]+);`).FindStringSubmatch(lines.Text()); m != nil {
			p.base = m[1]
		}
		if token, ok := strings.CutPrefix(lines.Text(), "TOKEN="); ok {
			p.token = token
		}
	}
	require.NotEmpty(t, p.base)
	go func() { _, _ = io.Copy(io.Discard, out) }() // so that it can go on printing
	return p
}

// kill ends the process at once.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// cluster is several processes on one database and one folder of pictures.
type cluster struct {
	mu        sync.Mutex
	processes []*process
}

// at returns the process with a number.
func (c *cluster) at(i int) *process {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.processes[i%len(c.processes)]
}

// TestProcesses lets clients update one account through three processes on one
// PostgreSQL database, which start at the same time. Each client has an
// attribute of its own and sets it to one number after the other, while one
// process is killed again and again. In the end every attribute has its last
// number, and the picture is there.
func TestProcesses(t *testing.T) {
	const updates = 60
	address := newPostgres(t)
	program := build(t, ".")
	args := []string{
		"-db", address,
		"-media", t.TempDir(),
		"-domain", "social.example",
		"-verify", "off",
		"-token", "read write",
	}
	c := cluster{processes: make([]*process, 3)}
	var starts sync.WaitGroup
	for i := range c.processes {
		starts.Go(func() { c.processes[i] = startProcess(t, program, args...) })
	}
	starts.Wait()
	require.False(t, t.Failed())
	token := c.at(0).token
	require.NotEmpty(t, token)

	attributes := []string{"display_name", "note", "avatar_description", "header_description"}
	var clients sync.WaitGroup
	for i, name := range attributes {
		clients.Go(func() {
			for n := 1; n <= updates; n++ {
				c.set(t, token, i+n, text(name, fmt.Sprint(n)))
			}
		})
	}
	clients.Go(func() {
		for n := range updates / 4 {
			c.set(t, token, n, file("avatar", pngPixel, "image/png"))
		}
	})
	ended := make(chan struct{})
	go func() { clients.Wait(); close(ended) }()
	kills := 0
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-time.After(50 * time.Millisecond):
			c.at(2).kill()
			p := startProcess(t, program, args...)
			c.mu.Lock()
			c.processes[2] = p
			c.mu.Unlock()
			kills++
		}
	}
	assert.Positive(t, kills)

	for i := range c.processes {
		s := &session{base: c.at(i).base, token: token}
		profile := s.profile(t)
		for _, name := range attributes {
			assert.Equal(t, fmt.Sprint(updates), profile[name], "the last update of %s was lost", name)
		}
		s.shows(t, profile["avatar"], "image/png", prepared(t, "avatar", pngPixel))
	}
	db, err := openDatabase(address)
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	// The rows of a process that was killed wait until their time is over.
	waiting := func() bool {
		var n int
		err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM outbox WHERE taken_until = 0").Scan(&n)
		return err == nil && n == 0
	}
	require.Eventually(t, waiting, 10*time.Second, 50*time.Millisecond, "the outbox is not worked off")
}

// set sends parameters to a process of the cluster, and to the next one if it
// fails, until one has taken them. Nobody else sets these parameters, so that
// setting them again does no harm.
func (c *cluster) set(t *testing.T, token string, i int, p param) {
	_, contentType, body := encodings["multipart"](t, []param{p})
	deadline := time.Now().Add(time.Minute)
	for ; ; i++ {
		status, err := patch(t.Context(), c.at(i).base, token, contentType, string(body))
		if status == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("status %d, %v", status, err)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// patch sends an update and returns the status of the answer.
func patch(ctx context.Context, base, token, contentType, body string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, base+"/api/v1/profile", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, cmp.Or(err, resp.Body.Close())
}
