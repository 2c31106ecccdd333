package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/seed-374a2035/masto/client"
)

// maxToken is the size limit of a token file in bytes.
const maxToken = 16 << 10

// connect returns a client for the server that the flags or the environment
// name, or else for that of the last login. If there is no token, it fails if
// needToken is true.
func (p *program) connect(ctx context.Context, needToken bool) (*client.Client, error) {
	if p.server == "" {
		p.server = p.lastServer()
	}
	if p.server == "" {
		return nil, exit(exitUsage, "there is no server: run masto-profile login, or set -server or $MASTO_SERVER")
	}
	token, err := p.token(ctx)
	if err != nil {
		return nil, err
	}
	if token == "" && needToken {
		return nil, exit(exitUsage,
			"there is no access token: run masto-profile login %s, or set $MASTO_TOKEN or -token-file", p.server)
	}
	return p.newClient(p.server, token), nil
}

// newClient returns a client with the settings of the program.
func (p *program) newClient(server, token string) *client.Client {
	c := client.New(server, token)
	c.UserAgent = "masto-profile (https://pkg.go.dev/github.com/seed-374a2035/masto)"
	c.MaxWait = p.wait
	return c
}

// hostOf returns the host that a client talks to.
func hostOf(c *client.Client) string {
	_, host, _ := strings.Cut(c.Server(), "://")
	return host
}

// token returns the token from the environment, the token file or the login, or
// "" if there is none.
func (p *program) token(ctx context.Context) (string, error) {
	if token := strings.TrimSpace(p.env("MASTO_TOKEN")); token != "" {
		return token, nil
	}
	if p.tokenFile == "" {
		return p.storedToken(ctx, p.server)
	}
	data, err := readPrivate(p.tokenFile)
	return strings.TrimSpace(string(data)), err
}

// readPrivate reads the token file. It fails if anyone but the owner has access
// to the file.
func readPrivate(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, exit(exitUsage, "token file: %w", err)
	}
	data, err := readFile(f)
	return data, errors.Join(err, f.Close())
}

func readFile(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, exit(exitUsage, "token file: %s is not a regular file", f.Name())
	case info.Mode().Perm()&0o077 != 0:
		return nil, exit(exitUsage, "token file: others have access to %s (mode %#o): run chmod 600 on it",
			f.Name(), info.Mode().Perm())
	case info.Size() > maxToken:
		return nil, exit(exitUsage, "token file: %s is too large", f.Name())
	}
	return io.ReadAll(io.LimitReader(f, maxToken))
}
