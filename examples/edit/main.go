// Command edit sets the bio of the profile that $MASTO_TOKEN is for, on the server $MASTO_SERVER, to its arguments. It is a whole client,
// which knows a server with the profile methods from one without; cmd/masto-profile is one to use.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/seed-374a2035/masto"
)

func check(err error) {
	if err != nil {
		log.Fatal(masto.TerminalText(err.Error()))
	}
}

func call(method, path, form string, decode func([]byte) error) {
	req, err := http.NewRequestWithContext(context.Background(), method, os.Getenv("MASTO_SERVER")+path, strings.NewReader(form))
	check(err)
	req.Header = http.Header{"Authorization": {"Bearer " + os.Getenv("MASTO_TOKEN")}, "Content-Type": {"application/x-www-form-urlencoded"}}
	resp, err := http.DefaultClient.Do(req)
	check(err)
	body, err := io.ReadAll(resp.Body)
	check(errors.Join(err, resp.Body.Close()))
	if resp.StatusCode != http.StatusOK {
		check(masto.DecodeAPIError(resp.StatusCode, body))
	}
	check(decode(body))
}

func main() {
	var instance *masto.Instance
	var account masto.CredentialAccount
	call("GET", "/api/v2/instance", "", func(b []byte) (err error) { instance, err = masto.DecodeInstance(b); return err })
	call("GET", "/api/v1/accounts/verify_credentials", "", account.UnmarshalJSON)
	before, path := account.EditableProfile(), "/api/v1/accounts/update_credentials"
	if instance.HasProfileAPI() {
		path = "/api/v1/profile"
		call("GET", path, "", before.UnmarshalJSON)
	}
	after := before
	after.Note = strings.Join(os.Args[1:], " ")
	form, err := masto.Diff(before, after).EncodeForm()
	check(err)
	call("PATCH", path, form, func([]byte) error { return nil })
	fmt.Println(masto.TerminalText(before.Note), "->", after.Note)
}
