// Package s3test starts S3 servers for tests by the script scripts/s3. A test
// that needs one is skipped where the server versitygw is not installed, and
// fails there if the variable MASTO_NO_SKIP is set.
package s3test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// The credentials of every server. Those of the environment are set to them,
// for drivers and child processes.
const (
	accessKey = "masto"
	secretKey = "secret of the tests"
)

// Server is an S3 server.
type Server struct {
	// Address is the address of its bucket, as the driver s3blob takes it.
	Address string

	folder string // "": a temporary one of the script
	port   string
	stdin  io.Closer
	exited <-chan error
}

// errAbsent means that no S3 server is installed.
var errAbsent = errors.New("no S3 server is installed")

// exitAbsent is the status of the script where no S3 server is installed.
const exitAbsent = 69

// shared is the server of all tests of a program. It stops with the program,
// whose end it notices by the end of its standard input.
var shared = sync.OnceValues(func() (*Server, error) {
	s := &Server{}
	return s, s.start()
})

// prefixes counts the prefixes of this program.
var prefixes atomic.Int64

// Shared returns the address of a bucket on a server that all tests of a
// program share. Nothing is below the prefix in it.
func Shared(t testing.TB) string {
	t.Helper()
	s, err := shared()
	check(t, err)
	return s.Address + "&prefix=" + url.QueryEscape(fmt.Sprintf("test%d/", prefixes.Add(1)))
}

// Start starts a server of its own, which stops at the end of the test.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartIn(t, t.TempDir())
}

// StartIn is Start for a server with its data in a folder.
func StartIn(t testing.TB, folder string) *Server {
	t.Helper()
	s := &Server{folder: folder}
	t.Cleanup(func() { s.Stop(t) })
	check(t, s.start())
	return s
}

// Stop stops the server. It does nothing to one that is stopped.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.stdin == nil {
		return
	}
	_ = s.stdin.Close()
	s.stdin = nil
	if err := <-s.exited; err != nil {
		t.Errorf("stopping the S3 server: %v", err)
	}
}

// Restart stops the server and starts it again at the same address with the
// same data.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop(t)
	check(t, s.start())
}

// check skips or fails the test if the server did not start.
func check(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, errAbsent) && os.Getenv("MASTO_NO_SKIP") == "":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// start starts the server at its port, or at a free one. Another program may
// take a free port meanwhile, so that it tries again then.
func (s *Server) start() error {
	if s.port != "" {
		return s.run(s.port)
	}
	var failed error
	for range 3 {
		port, err := freePort()
		if err != nil {
			return err
		}
		if failed = s.run(port); failed == nil || errors.Is(failed, errAbsent) {
			s.port = port
			return failed
		}
	}
	return failed
}

// freePort returns a port of the loopback interface that nobody listens on.
func freePort() (string, error) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// run runs the script until it says where the server is.
func (s *Server) run(port string) error {
	_, file, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(file), "..", "..", "scripts", "s3")
	cmd := exec.Command(script, s.folder, port) //nolint:noctx // it outlives a test
	err := errors.Join(os.Setenv("AWS_ACCESS_KEY_ID", accessKey), os.Setenv("AWS_SECRET_ACCESS_KEY", secretKey))
	if err != nil {
		return err
	}
	cmd.Env = append(os.Environ(), "S3_BUILD=no")
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
		return fmt.Errorf("%w: %w", errAbsent, err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "s3://") {
			exited := make(chan error, 1)
			go func() { exited <- cmd.Wait() }()
			s.Address, s.stdin, s.exited = lines.Text(), stdin, exited
			return nil
		}
	}
	err = cmd.Wait()
	if cmd.ProcessState.ExitCode() == exitAbsent {
		return fmt.Errorf("%w: %s", errAbsent, strings.TrimSpace(stderr.String()))
	}
	return fmt.Errorf("scripts/s3: %w: %s", err, strings.TrimSpace(stderr.String()))
}
