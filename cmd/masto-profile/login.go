package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"

	"github.com/seed-374a2035/masto/client"
)

const loginHelp = `masto-profile login [flags] SERVER

lets the program use your account: it opens a page of the server in the browser,
where you allow that, and keeps the access token, in the keyring of the system or
in a file that only you may read. Later commands use it, and SERVER unless they are
given another one.

  masto-profile login social.example
  masto-profile login -code social.example     on a machine without a browser
`

// login gets an access token and keeps it.
func (p *program) login(ctx context.Context, args []string) error {
	f := flags("login")
	byCode := f.Bool("code", false, "open nothing; ask for the code that the server shows")
	if err := p.parse(f, loginHelp, args); err != nil {
		return err
	}
	server := f.Arg(0)
	if f.NArg() == 0 {
		server = p.server
	}
	if server == "" || f.NArg() > 1 {
		return exit(exitUsage, "login takes the address of a server, such as social.example")
	}
	c := p.newClient(server, "")
	l := client.Login{
		Name:    "masto-profile",
		Website: "https://pkg.go.dev/github.com/seed-374a2035/masto",
		Open:    p.openBrowser,
	}
	if *byCode {
		l.Open, l.Code = p.showAddress, p.askCode
	}
	token, err := c.Login(ctx, l)
	if err != nil {
		return fromServer(err)
	}
	account, err := p.newClient(server, token).VerifyCredentials(ctx)
	if err != nil {
		return fromServer(err)
	}
	where, err := p.storeToken(ctx, c.Server(), token)
	if err != nil {
		return err
	}
	acct := account.Acct + "@" + hostOf(c)
	answer, err := json.Marshal(map[string]string{"server": c.Server(), "acct": acct, "token": where})
	if err != nil {
		return err
	}
	return p.print(answer, func() {
		fmt.Fprintf(p.out, "You are logged in as @%s. The token is in %s.\n", line(acct), where)
	})
}

// showAddress asks the user to visit an address.
func (p *program) showAddress(_ context.Context, address string) error {
	const text = "Visit this address and allow the program to use your account:\n\n%s\n\n"
	_, err := fmt.Fprintf(p.err, text, safe(address))
	return err
}

// openBrowser opens an address in the browser, and shows it as well.
func (p *program) openBrowser(ctx context.Context, address string) error {
	if err := p.showAddress(ctx, address); err != nil {
		return err
	}
	opener := strings.Fields(p.env("BROWSER"))
	if len(opener) == 0 {
		opener = []string{"xdg-open"}
		if runtime.GOOS == "darwin" {
			opener = []string{"open"}
		}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), opener[0], append(opener[1:], address)...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }() // Whether the browser opens is seen by the user.
	}
	fmt.Fprintln(p.err, "Waiting for the browser. Without one on this machine, interrupt this and use login -code.")
	return nil
}

// askCode asks the user for the code that the server shows.
func (p *program) askCode(ctx context.Context) (string, error) {
	fmt.Fprint(p.err, "The code that the server shows: ")
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		text, err := bufio.NewReader(p.in).ReadString('\n')
		answered <- answer{strings.TrimSpace(text), err}
	}()
	select {
	case a := <-answered:
		if a.text == "" {
			return "", exit(exitDeclined, "there is no code")
		}
		if a.err != nil && !errors.Is(a.err, io.EOF) {
			return "", a.err
		}
		return a.text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
