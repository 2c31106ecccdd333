// Package pgtest starts PostgreSQL servers for tests by the script
// scripts/postgres. A test that needs one is skipped where PostgreSQL is not
// installed, and fails there if the variable MASTO_NO_SKIP is set.
package pgtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// Server is a PostgreSQL server.
type Server struct {
	// Address is where it is, as the driver pgx takes it.
	Address string

	folder string
	stdin  io.Closer
	exited <-chan error
}

// ErrAbsent means that PostgreSQL is not installed.
var ErrAbsent = errors.New("PostgreSQL is not installed")

// exitAbsent is the status of the script where PostgreSQL is not installed.
const exitAbsent = 69

// shared is the server of all tests of a program.
var shared = sync.OnceValues(func() (*Server, error) {
	return Launch("-c", "fsync=off", "-c", "max_connections=200")
})

// Launch starts a server with options of postgres that stops with the program,
// whose end it notices by the end of its standard input. An error matches
// ErrAbsent where PostgreSQL is not installed.
func Launch(options ...string) (*Server, error) {
	s := &Server{}
	return s, s.start(options...)
}

// Shared returns the address of a server that all tests of a program share.
func Shared(t testing.TB) string {
	t.Helper()
	s, err := shared()
	check(t, err)
	return s.Address
}

// Start starts a server of its own, which stops at the end of the test.
func Start(t testing.TB) *Server {
	t.Helper()
	folder, err := os.MkdirTemp("", "postgres-") //nolint:usetesting // the user postgres cannot enter a t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{folder: folder}
	t.Cleanup(func() {
		s.Stop(t)
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	check(t, s.start())
	return s
}

// Stop stops the server, whose clients lose their connections. It does nothing
// to one that is stopped.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.stdin == nil {
		return
	}
	_ = s.stdin.Close()
	s.stdin = nil
	if err := <-s.exited; err != nil {
		t.Errorf("stopping PostgreSQL: %v", err)
	}
}

// Crash kills the server, which leaves its data as they are at that moment.
// Restart starts it again.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	pidFile, err := os.ReadFile(filepath.Join(s.folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := bytes.Cut(pidFile, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil {
		t.Fatal(err)
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	// At this signal all its processes abort, and none writes anything.
	if err := process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
}

// Restart stops the server and starts it again at the same address with the
// same data.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop(t)
	check(t, s.start())
}

// schemas counts the schemas of this program.
var schemas atomic.Int64

// Schema returns the name of a schema that is not there yet, and the address of
// the server for connections that use it.
func Schema(address string) (name, in string) {
	name = fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1))
	return name, address + "&search_path=" + url.QueryEscape(name)
}

// check skips or fails the test if the server did not start.
func check(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrAbsent) && os.Getenv("MASTO_NO_SKIP") == "":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// start runs the script until it says where the server is.
func (s *Server) start(options ...string) error {
	_, file, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(file), "..", "..", "scripts", "postgres")
	cmd := exec.Command(script, append([]string{s.folder}, options...)...) //nolint:noctx // it outlives a test
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w: %w", ErrAbsent, err)
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	if err != nil {
		err := cmd.Wait()
		if cmd.ProcessState.ExitCode() == exitAbsent {
			return fmt.Errorf("%w: %s", ErrAbsent, strings.TrimSpace(stderr.String()))
		}
		return fmt.Errorf("scripts/postgres: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	s.Address, s.stdin, s.exited = strings.TrimSpace(line), stdin, exited
	return nil
}
