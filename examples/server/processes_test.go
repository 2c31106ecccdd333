package main

import (
	"bufio"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// process is a server that runs as a process of its own.
type process struct {
	cmd   *exec.Cmd
	base  string
	token string
}

// startProcess starts a program and waits until it has said where it listens
// and how it is used.
func startProcess(t *testing.T, program string, args ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Open ") {
		if m := regexp.MustCompile(`Listening on (http://\S+)`).FindStringSubmatch(lines.Text()); m != nil {
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

// cluster is several processes on one database and one store of pictures.
type cluster struct {
	program string
	args    []string

	mu        sync.Mutex
	processes []*process
}

// startCluster starts processes at the same time.
func startCluster(t *testing.T, processes int, args ...string) *cluster {
	t.Helper()
	c := &cluster{program: build(t, "."), args: args, processes: make([]*process, processes)}
	var starts sync.WaitGroup
	for i := range c.processes {
		starts.Go(func() { c.processes[i] = startProcess(t, c.program, args...) })
	}
	starts.Wait()
	require.False(t, t.Failed())
	return c
}

// at returns the base address of one of the processes.
func (c *cluster) at(i int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.processes[i%len(c.processes)].base
}

// kill kills one of the processes and starts it again.
func (c *cluster) kill(t *testing.T, i int) {
	t.Helper()
	c.processes[i].kill()
	p := startProcess(t, c.program, c.args...)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.processes[i] = p
}
