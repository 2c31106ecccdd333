package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed-374a2035/masto/client"
)

// keyring is a tool of the system that keeps secrets. A token is never one of
// its arguments, which everyone on the machine can see.
type keyring struct {
	tool   string
	store  func(host, token string) (args []string, stdin string)
	lookup func(host string) (args []string)
}

// keyrings are the tools of Linux and of macOS.
var keyrings = []keyring{
	{
		tool: "secret-tool",
		store: func(host, token string) ([]string, string) {
			label := "--label=masto-profile on " + host
			return []string{"store", label, "service", "masto-profile", "server", host}, token
		},
		lookup: func(host string) []string {
			return []string{"lookup", "service", "masto-profile", "server", host}
		},
	},
	{
		tool: "security",
		store: func(host, token string) ([]string, string) {
			return []string{"-i"}, fmt.Sprintf("add-generic-password -U -s masto-profile -a %s -w %s\n",
				strconv.Quote(host), strconv.Quote(token))
		},
		lookup: func(host string) []string {
			return []string{"find-generic-password", "-s", "masto-profile", "-a", host, "-w"}
		},
	},
}

// findKeyring returns the tool of this system, or nil if there is none.
func findKeyring() *keyring {
	for i := range keyrings {
		if _, err := exec.LookPath(keyrings[i].tool); err == nil {
			return &keyrings[i]
		}
	}
	return nil
}

// run runs the tool and returns what it prints.
func (k *keyring) run(ctx context.Context, args []string, stdin string) (string, error) {
	cmd := exec.CommandContext(ctx, k.tool, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	return strings.TrimSpace(out.String()), err
}

// configDir returns the folder of the program's own files, or "" if the
// environment does not say where it is.
func (p *program) configDir() string {
	if dir := p.env("XDG_CONFIG_HOME"); dir != "" {
		return filepath.Join(dir, "masto-profile")
	}
	if home := p.env("HOME"); home != "" {
		return filepath.Join(home, ".config", "masto-profile")
	}
	return ""
}

// serverHost returns the host of a server by its address, as a file name.
func serverHost(server string) string {
	return strings.ReplaceAll(hostOf(client.New(server, "")), "/", "_")
}

// tokenFileOf returns the file that the token for a host is kept in.
func (p *program) tokenFileOf(host string) string {
	return filepath.Join(p.configDir(), "tokens", host)
}

// storedToken returns the token that login has kept for a server, or "".
func (p *program) storedToken(ctx context.Context, server string) (string, error) {
	host := serverHost(server)
	if host == "" || p.configDir() == "" {
		return "", nil
	}
	data, err := readPrivate(p.tokenFileOf(host))
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return strings.TrimSpace(string(data)), err
	}
	if k := findKeyring(); k != nil {
		token, _ := k.run(ctx, k.lookup(host), "") // It fails where there is no token.
		return token, nil
	}
	return "", nil
}

// storeToken keeps a token for a server, in the keyring of the system or else
// in a file that only the user may read, and remembers the server. It returns
// where the token is.
func (p *program) storeToken(ctx context.Context, server, token string) (where string, err error) {
	dir := p.configDir()
	if dir == "" {
		return "", errors.New("there is no place for the token: set $HOME or $XDG_CONFIG_HOME")
	}
	if err := os.MkdirAll(filepath.Join(dir, "tokens"), 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "server"), []byte(server+"\n"), 0o600); err != nil {
		return "", err
	}
	host := serverHost(server)
	file := p.tokenFileOf(host)
	if k := findKeyring(); k != nil {
		args, stdin := k.store(host, token)
		if _, err := k.run(ctx, args, stdin); err == nil {
			// A file from before would be read first.
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			return "the keyring, by " + k.tool, nil
		}
	}
	// A file that is there keeps its mode, so it is replaced.
	temporary := file + ".new"
	_ = os.Remove(temporary) // It is left over from a run that was interrupted.
	if err := os.WriteFile(temporary, []byte(token+"\n"), 0o600); err != nil {
		return "", err
	}
	return file, os.Rename(temporary, file)
}

// lastServer returns the server of the last login, or "".
func (p *program) lastServer() string {
	data, _ := os.ReadFile(filepath.Join(p.configDir(), "server")) // There may be none.
	return strings.TrimSpace(string(data))
}
